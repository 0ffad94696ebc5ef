/* SPDX-License-Identifier: MIT */
/* What an explanation asks the database for beside the streams: single records, and addresses. */
#ifndef REPORTS_EXPLAIN_STORE_H
#define REPORTS_EXPLAIN_STORE_H

#include "reports/explain.h"

/*
 * So many records are looked at, of the newest days, and at least one day's: nothing finds the records of
 * an address or a stream but reading them all, and an answer is to be there at once.
 */
enum { RECORDS_OF_SENDER = 200000, RECORDS_OF_ADDRESS = 2000000 };

/*
 * Fills looked_since and looked_until with the newest days of the span whose detail is kept, of at most
 * so many records; `looked` stays false where there are none.
 */
MUST_USE bool explain_choose_days(struct explanation *x, struct connection *c, int64_t since,
				  int64_t until, uint64_t records, struct err *e);

/* Streams and classes of addresses, as lists for a statement. */
struct stream_keys {
	struct buf keys, classes;
	size_t count;
};
void stream_keys_add(struct stream_keys *k, const struct stream_seen *seen);
void stream_keys_release(struct stream_keys *k);

/* Addresses that mail of the streams came from, in the days that were chosen. */
MUST_USE bool explain_addresses(struct explanation *x, struct connection *c,
				const struct stream_keys *keys, struct arena *arena, struct err *e);

/* A record for each of the kinds, whose streams the keys are, in their order. */
MUST_USE bool explain_examples(struct explanation *x, struct connection *c,
			       const struct stream_keys *keys, struct arena *arena, struct err *e);

/* What is known of an address, and in whose name it was ever seen. */
MUST_USE bool explain_host(struct explanation *x, struct connection *c, struct arena *arena,
			   struct err *e);

/* Rows for judged_row(): the address's records of the days that were chosen, added up. */
MUST_USE bool explain_records(struct explanation *x, struct connection *c, struct rows **rows_out,
			      struct err *e);

#endif
