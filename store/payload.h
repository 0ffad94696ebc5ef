/* SPDX-License-Identifier: MIT */
/*
 * The XML of reports as reporters sent it: packed while it is read, kept in pieces in a table of its own,
 * and given back byte for byte. However large, little of it is in memory.
 */
#ifndef STORE_PAYLOAD_H
#define STORE_PAYLOAD_H

#include "base/output.h"
#include "store/connection.h"
#include "store/keys.h"

struct payload;

struct payload *payload_new(void);
void payload_free(struct payload *p);

/* Forgets what came before. */
void payload_begin(struct payload *p);

/* ERR_OUTPUT where a file would not take what does not fit in memory. */
MUST_USE bool payload_add(struct payload *p, struct slice bytes, struct err *e);

/* There will be no more: the following may be asked. */
MUST_USE bool payload_finish(struct payload *p, struct err *e);

/* Is it too large to be kept in memory until others are written with it? */
bool payload_is_large(const struct payload *p);

/* Appends it as rows for payload_copy_rows(). One that is not large. */
MUST_USE bool payload_encode(const struct payload *p, const struct uuid *report, struct buf *rows,
			     struct err *e);

/* Inside the transaction of the report. */
MUST_USE bool payload_copy_rows(struct connection *c, struct slice rows, struct err *e);
MUST_USE bool payload_copy(const struct payload *p, const struct uuid *report, struct connection *c,
			   struct err *e);

/*
 * The report that is meant: its key, or its reporter and report_id with a slash between. ERR_NO_INPUT
 * where there is none, or several, which are named.
 */
MUST_USE bool payload_find_report(struct connection *c, const char *name, struct uuid *key_out,
				  struct err *e);

/* ERR_NO_INPUT where there is none. What is wrong with the output is told when that is finished. */
MUST_USE bool payload_print(struct connection *c, const struct uuid *report, struct output *out,
			    struct err *e);

#endif
