/* SPDX-License-Identifier: MIT */
/*
 * Where rows lie on their way into a table: a temporary table of the session's own, filled by one COPY
 * and emptied by one statement that works on all of them, or by the end of the transaction.
 */
#ifndef STORE_TRAY_H
#define STORE_TRAY_H

#include "store/connection.h"

struct tray {
	const char *make, *fill;
};

/*
 * Both texts are constants: the columns in the order of the rows, and "like TABLE" or columns with types.
 * Nobody waits for the disk to know of it.
 */
#define TRAY(name, columns, shape)                                                                 \
	{                                                                                          \
		"set local synchronous_commit = off; "                                             \
		"create temporary table " name " (" shape ") on commit delete rows",               \
			"copy pg_temp." name " (" columns ") from stdin (format binary)"           \
	}

/* In one transaction a tray may be filled several times: a statement that begins "with " TRAY_TAKEN(name)
 * has all of it as `given`, and empties it. */
#define TRAY_TAKEN(name) "given as (delete from pg_temp." name " returning *)"

/* Makes it unless the session has it. Not inside a transaction, whose end might take it away again. */
MUST_USE bool tray_make(struct connection *c, const struct tray *tray, struct err *e);

/* Rows of copy.h. */
MUST_USE bool tray_fill(struct connection *c, const struct tray *tray, struct slice rows,
			struct err *e);

#endif
