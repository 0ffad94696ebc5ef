/* SPDX-License-Identifier: MIT */
/*
 * The statements that write facts, each for many rows at once: claims that say who won, streams, and
 * what is told about re-sends. The rows are those that encode.h makes.
 */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "parser/message.h"
#include "store/connection.h"
#include "store/keys.h"

/* Makes the partition of a day, in a transaction of its own. */
MUST_USE bool facts_ensure_month(struct connection *c, int64_t day, struct err *e);

/* Begins a transaction that claims messages and reports: until its end no day is closed. */
MUST_USE bool facts_begin_claims(struct connection *c, bool wait_for_disk, struct err *e);

/* In a transaction of their own. */
MUST_USE bool facts_insert_streams(struct connection *c, struct slice rows, struct err *e);

/* Rows: the keys (hexadecimal) of the messages that are ours now; the others are somebody else's. */
MUST_USE bool facts_claim_messages(struct connection *c, struct slice messages,
				   struct rows **won_out, struct err *e);

/* The same for messages that failed before: ours are those that nobody else has stored meanwhile. */
MUST_USE bool facts_claim_again(struct connection *c, struct slice messages, struct rows **won_out,
				struct err *e);

/*
 * Rows: the keys of the reports that are new, and whether they are ours now; if not, their day is closed.
 */
MUST_USE bool facts_claim_reports(struct connection *c, struct slice reports,
				  struct rows **answers_out, struct err *e);

/* Rows: key and content (hexadecimal) of the reports that are there. keys: a PostgreSQL array. */
MUST_USE bool facts_report_contents(struct connection *c, const char *keys, struct rows **rows_out,
				    struct err *e);

/* Reports of earlier days are too old, unless they are there. */
MUST_USE bool facts_first_kept_day(struct connection *c, int64_t *day_out, struct err *e);

/* Of reports whose key is taken by other records. */
MUST_USE bool facts_insert_conflicts(struct connection *c, struct slice reports, struct err *e);

/* A report that was claimed before all of it was read gets its totals, quirks and digest. */
MUST_USE bool facts_complete_report(struct connection *c, struct slice report, struct err *e);

/*
 * Messages of which more is known than when they were claimed: their reports turned out to be re-sends,
 * or they were claimed before all of them was read.
 */
MUST_USE bool facts_update_messages(struct connection *c, struct slice messages, struct err *e);

/*
 * Rows: the key that was asked for, the message's own (both hexadecimal), whether it is settled, its
 * outcome, whether there is a reason, and whether it failed; of those that the ledger has, also by where
 * they were moved.
 */
MUST_USE bool facts_lookup_messages(struct connection *c, const char *keys, struct rows **rows_out,
				    struct err *e);

/* Rows: key (hexadecimal), locator, size, outcome, and whether there is a reason; by key. */
MUST_USE bool facts_unsettled_messages(struct connection *c, const char *source,
				       struct rows **rows_out, struct err *e);

MUST_USE bool facts_settle_messages(struct connection *c, struct slice settled, struct err *e);

#endif
