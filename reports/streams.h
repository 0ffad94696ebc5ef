/* SPDX-License-Identifier: MIT */
/*
 * Streams out of the database, back in the form that the judge takes: a policy and a record for all
 * the mail of one kind, with how much of it there was.
 */
#ifndef REPORTS_STREAMS_H
#define REPORTS_STREAMS_H

#include "base/arena.h"
#include "parser/domain.h"
#include "parser/report.h"
#include "store/connection.h"

/* A span of days, both included, and optionally one domain with all below it. */
struct window {
	int64_t since, until;
	const char *domain; /* NULL: all */
};

/*
 * The condition, on a stream `s`, that its mail is of a domain (a parameter, null for all) or below
 * it: by the From domain, and where that is missing by the policy's.
 */
#define STREAMS_OF_DOMAIN(parameter)                                                               \
	"(" parameter "::text is null or right('.' || coalesce(s.header_from, s.policy_domain),"   \
	" length(" parameter ") + 1) = '.' || " parameter ")"

/* Rows for streams_decode(), those with the most messages first. */
MUST_USE bool streams_query(struct connection *c, const struct window *window,
			    struct rows **rows_out, struct err *e);

struct stream {
	struct published_policy policy;
	struct record record; /* of no host; its alignment computed; count is the sum of messages */
	uint64_t records;
};

/*
 * The stream of a row, in the arena and in the rows, both of which must outlive it. False when the
 * arena is full.
 */
MUST_USE bool streams_decode(const struct rows *rows, size_t row, const struct domains *domains,
			     struct arena *arena, struct stream *stream_out);

#endif
