/* SPDX-License-Identifier: MIT */
/*
 * Judges streams where they lie: pairs of a stream and a class of addresses out of the database, through
 * the judge, and back as rows of dmarc.judgement, with what to do about them.
 */
#ifndef REPORTS_JUDGING_H
#define REPORTS_JUDGING_H

#include "reports/judge.h"
#include "store/connection.h"

struct judging {
	struct connection *connection; /* borrowed, like all here; inside a transaction */
	const struct judge *judge;
	const char *version;
};

/* A statement for judging_run() out of one that yields pairs: columns stream_key and host_class. */
#define JUDGING_OF(pairs)                                                                          \
	"declare pair no scroll cursor for with pair as (" pairs ") "                              \
	"select " STREAMS_COLUMNS ", 0, 0, s.key, pair.host_class "                                \
	"from pair join dmarc.stream s on s.key = pair.stream_key"

/* What it needs of a session. Outside of transactions. */
MUST_USE bool judging_ready(struct connection *c, struct err *e);

/* Judges all pairs of the statement, whose parameters are given; what was thought of them before is gone. */
MUST_USE bool judging_run(const struct judging *j, const char *pairs, const char *const *values,
			  size_t count, uint64_t *judged_out, struct err *e);

#endif
