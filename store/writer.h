/* SPDX-License-Identifier: MIT */
/*
 * The writer to PostgreSQL: a ledger and the sink of the open message. Ordinary messages are gathered
 * and written many to a transaction; one that outgrows its share of memory gets a transaction of its
 * own and streams.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "parser/message.h"
#include "store/connection.h"

struct writer;
struct domains;
struct key_commons;

struct writer_settings {
	int64_t latest_day;            /* reports of days after it are refused as invalid dates */
	bool store_payloads;           /* the XML of each report is kept, too */
	const struct domains *domains; /* borrowed; may be NULL where no message has an origin */
	struct key_commons *commons;   /* borrowed; NULL: it is the only writer */
};

/* The connection is borrowed. */
struct writer *writer_new(struct connection *c, struct writer_settings settings);
void writer_free(struct writer *w);
SCOPE_DEFINE(writer, struct writer *, writer_free);

/* Valid as long as the writer. */
struct ledger *writer_ledger(struct writer *w);

#endif
