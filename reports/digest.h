/* SPDX-License-Identifier: MIT */
/*
 * What a nightly run tells, in a mail that somebody reads before anything else: what came in, how mail
 * stands, what fails that did not before, and what went wrong. One line where nothing is new.
 */
#ifndef REPORTS_DIGEST_H
#define REPORTS_DIGEST_H

#include "base/output.h"
#include "base/timestamp.h"
#include "reports/hosts_lookup.h"
#include "store/connection.h"

/* Narrower than a mail's lines may be. */
enum { DIGEST_WIDTH = 78 };

/* --- what is asked of the database */

/* Kinds of mail that fail and could be put right, in an order of their own: what the past is known by. */
struct digest_tasks {
	struct rows *rows; /* ours, digest_tasks_release() */
};

/* Of so many days up to the newest with data. */
MUST_USE bool digest_find_tasks(struct digest_tasks *tasks, struct connection *c, unsigned days,
				struct err *e);
void digest_tasks_release(struct digest_tasks *tasks);

/* How mail stands, over thirty days. */
struct digest_standing {
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE]; /* empty: there is no mail */
	uint64_t messages, counted, passed;                /* counted: those that a rate is of */
};
MUST_USE bool digest_find_standing(struct digest_standing *standing, struct connection *c,
				   struct err *e);

/* --- what is told */

struct digest_source {
	const char *name;
	uint64_t reports, messages; /* that were stored, and that they tell of */
	uint64_t duplicates, broken, unreadable, others; /* mails or files */
	struct err failure;                              /* ERR_NONE: it was read to its end */
};

/* What did not work, beside sources. */
struct digest_failure {
	const char *what; /* "the look-up of names" */
	struct err error;
};

struct digest {
	const char *day;
	const struct digest_source *sources;
	size_t source_count;
	const struct digest_failure *failures;
	size_t failure_count;
	struct digest_standing standing;
	const struct digest_tasks *before, *after; /* NULL: it did not come to that */
	uint64_t looked_up, named;
	int64_t dropped; /* kinds of things that were pruned */
	bool interrupted;
};

/* Is there more to say than one line? */
bool digest_is_news(const struct digest *d);

void digest_print(const struct digest *d, struct output *out);

#endif
