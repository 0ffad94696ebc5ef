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
#include "reports/decisions.h"
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

/*
 * The condition that a report on the policy domain in this column counts: where the owner has said which
 * domains are his, those on others are held apart.
 */
#define POLICY_DOMAIN_COUNTS(column)                                                               \
	"not dmarc.is_foreign(" column ", (select dmarc.owned_patterns()))"

#define STREAMS_LIST(column) "array_to_string(s." column ", e'\\x1f', e'\\x1e')"

/*
 * The columns of a stream `s` that streams_decode() takes. Behind them it wants a number of messages
 * and one of records; what follows these is the caller's.
 */
#define STREAMS_COLUMNS                                                                                                                                                                                 \
	"s.policy_domain, s.adkim, s.aspf, s.p, s.sp, s.np, s.pct, s.testing, "                                                                                                                         \
	"s.discovery_method, s.header_from, s.envelope_from, s.disposition, s.claimed_dkim, "                                                                                                           \
	"s.claimed_spf, cardinality(s.reason_types), " STREAMS_LIST("reason_types") ", " STREAMS_LIST("reason_notes") ", cardinality(s.dkim_domains), " STREAMS_LIST("dkim_domains") ", " STREAMS_LIST( \
		"dkim_selectors") ", " STREAMS_LIST("dkim_results") ", " STREAMS_LIST("dkim_hints") ", cardinality(s.spf_domains), " STREAMS_LIST("spf_domains") ", " STREAMS_LIST("spf_scopes") ", " STREAMS_LIST("spf_results")
enum { STREAMS_COLUMN_COUNT = 28 }; /* with those two numbers */

/* Reports of so many days around the window are looked at too, though their mail does not count. */
enum { STREAMS_MARGIN = KEY_DAYS };

/*
 * Rows for streams_decode() and streams_seen(): a row for each stream, class of addresses and reporter.
 * Streams with the most messages first, the rows of one together. Rows without messages are of the days
 * around the window, or of other domains of its domain's organisation.
 */
MUST_USE bool streams_query(struct connection *c, const struct domains *domains,
			    const struct window *window, struct rows **rows_out, struct err *e);

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

/* Who saw it, and when. */
struct stream_seen {
	struct slice key, host_class, reporter;
	int64_t first_day, last_day;   /* in the window; only where there are messages */
	int64_t seen_first, seen_last; /* with the days around it */
	uint64_t days;                 /* on which it was seen, with those */
};
struct stream_seen streams_seen(const struct rows *rows, size_t row);

#endif
