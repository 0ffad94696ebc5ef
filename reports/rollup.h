/* SPDX-License-Identifier: MIT */
/*
 * The job behind every ingestion: days whose facts have changed are added up anew, what is new in them
 * is judged, and what questions answer from is made of both. One process at a time; who finds another
 * at it leaves his marks to that one.
 */
#ifndef REPORTS_ROLLUP_H
#define REPORTS_ROLLUP_H

#include "reports/judge.h"
#include "store/connection.h"

struct rollup {
	struct connection *connection; /* borrowed, like all here */
	const struct judge *judge;
	const char *version; /* of the judge: what it knows and by which lists */

	/* Told after each step of a long work; may be NULL. */
	void (*progress)(void *context, uint64_t done, uint64_t total, const char *what);
	void *context;
};

/* Rolls up and judges what is dirty. Each transaction leaves whole days behind, also when it is cut short. */
MUST_USE bool rollup_run(const struct rollup *r, struct err *e);

/* Is there anything that has not been rolled up and judged? */
MUST_USE bool rollup_is_due(struct connection *c, bool *due_out, struct err *e);

/*
 * All of it anew: addresses are classed by the rules of today, every pair of the past is judged again,
 * that of pruned history too, and what questions answer from is made of it. Waits for another process
 * that is at it; others store and read meanwhile.
 */
MUST_USE bool rollup_rejudge(const struct rollup *r, struct err *e);

#endif
