/* SPDX-License-Identifier: MIT */
/*
 * Messages that wait to be written together, with all they brought, encoded. Written in one
 * transaction; when the database refuses a value, in halves, down to the one message whose fault it is.
 */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "parser/message.h"
#include "store/connection.h"
#include "store/keys.h"

/* Where something stands in one of the batch's buffers. */
struct span {
	size_t at, n;
};

enum claim {
	CLAIM_WON,
	CLAIM_KEPT, /* by its message, in an earlier run that could not read all of that */
	CLAIM_DUPLICATE,
	CLAIM_CONFLICT,
	CLAIM_TOO_OLD,
	CLAIM_NOT_MADE,
};

struct batch_report {
	size_t message; /* in batch.messages */
	struct uuid key;
	unsigned char content[DIGEST_SIZE];
	uint64_t records, mails;
	struct span row;     /* in batch.report_rows */
	struct span rows;    /* in batch.rows */
	struct span payload; /* in batch.payloads */
	enum claim claim;
};

struct batch_message {
	struct message message; /* owned */
	struct verdict_of_message verdict;
	struct span streams;             /* in batch.streams */
	size_t first_report, end_report; /* in batch.reports */
	bool committed;
};

struct batch {
	struct batch_message *messages;
	size_t message_count, message_capacity;
	struct batch_report *reports;
	size_t report_count, report_capacity;
	struct buf report_rows, streams, rows, payloads;
	bool stripped; /* a message was refused: not all streams of the batch are in the database */
	bool streams_sent;
};

void batch_release(struct batch *b);

/* Empties it and keeps the memory. */
void batch_clear(struct batch *b);

/* What stands there. */
static inline struct slice batch_span(const struct buf *b, struct span span)
{
	return slice_of(b->p + span.at, span.n);
}

/* Valid until the next one is added. */
struct batch_message *batch_add_message(struct batch *b);
struct batch_report *batch_add_report(struct batch *b);

/*
 * The streams may go ahead of all else, before it is the batch's turn: an orphan is harmless. What the
 * database refuses of them is left to batch_write().
 */
MUST_USE bool batch_send_streams(struct batch *b, struct connection *c, struct err *e);

/*
 * Writes all of it and commits, after which every message has its final verdict and `committed`. On
 * an error the messages that are not committed have left nothing behind.
 */
MUST_USE bool batch_write(struct batch *b, struct connection *c, struct err *e);

/* For one message that is too large to wait, the last: all before it are written, and then forgotten. */
MUST_USE bool batch_write_others(struct batch *b, struct connection *c, struct err *e);
void batch_keep_last(struct batch *b);

/* It is written inside the caller's transaction, beside claims.h: rows by and by, or all of a report's at once. */
MUST_USE bool batch_copy_begin(struct connection *c, struct err *e);
MUST_USE bool batch_copy_rows(const struct batch *b, const struct batch_report *r,
			      struct connection *c, struct err *e);
MUST_USE bool batch_copy_report(const struct batch *b, const struct batch_report *r,
				struct connection *c, struct err *e);

/* It was claimed before all of it was read: its row gets what is known now. */
MUST_USE bool batch_complete_report(const struct batch *b, const struct batch_report *r,
				    struct connection *c, struct err *e);

#endif
