/* SPDX-License-Identifier: MIT */
/*
 * The statements that write facts, each for many rows at once: claims that say who won, streams,
 * records, and what is told about re-sends. All but the records take a JSON array of the objects that
 * encode.h makes.
 */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "parser/message.h"
#include "store/connection.h"
#include "store/keys.h"

/* Makes the partition of a day. Not inside a transaction that writes. */
MUST_USE bool facts_ensure_month(struct connection *c, int64_t day, struct err *e);

MUST_USE bool facts_insert_streams(struct connection *c, struct slice streams, struct err *e);

/* Rows: the keys (hexadecimal) of the messages that are ours now; the others are somebody else's. */
MUST_USE bool facts_claim_messages(struct connection *c, struct slice messages,
				   struct rows **won_out, struct err *e);

/* The same for messages that failed before: ours are those that nobody else has stored meanwhile. */
MUST_USE bool facts_claim_again(struct connection *c, struct slice messages, struct rows **won_out,
				struct err *e);

/* Rows: the keys of the reports that are new. */
MUST_USE bool facts_claim_reports(struct connection *c, struct slice reports, struct rows **won_out,
				  struct err *e);

/* Rows: key and content (hexadecimal) of the reports that are there. keys: a PostgreSQL array. */
MUST_USE bool facts_report_contents(struct connection *c, const char *keys, struct rows **rows_out,
				    struct err *e);

/* The objects of encode_report(), of reports whose key is taken by other records. */
MUST_USE bool facts_insert_conflicts(struct connection *c, struct slice reports, struct err *e);

/* A report that was claimed before all of it was read gets its totals, quirks and digest. */
MUST_USE bool facts_complete_report(struct connection *c, struct slice report, struct err *e);

/* The objects of encode_message(), of messages that turned out to be other than they were claimed as. */
MUST_USE bool facts_set_outcomes(struct connection *c, struct slice messages, struct err *e);

/* Rows: key (hexadecimal), whether it is settled, and whether it failed, of those the ledger has. */
MUST_USE bool facts_lookup_messages(struct connection *c, const char *keys, struct rows **rows_out,
				    struct err *e);

MUST_USE bool facts_settle_messages(struct connection *c, const char *keys, struct err *e);

#endif
