/* SPDX-License-Identifier: MIT */
/*
 * A connection to PostgreSQL, and rows as slices. Nobody else sees libpq. SQL is a constant, values
 * go beside it as parameters; result status is whitelisted; notices go to the log.
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"
#include "base/slice.h"

struct connection;
struct rows;

/*
 * conninfo: of --db. NULL: libpq's environment where it names a server (PGHOST, PGSERVICE, ...), else
 * the private cluster, which is entered and left with the connection. NULL with ERR_UNREACHABLE or
 * what cluster_enter() says.
 */
MUST_USE struct connection *connection_open(const char *conninfo, struct err *e);

/*
 * The same for whoever only looks: the private cluster is not made, and *c_out is NULL where there is
 * none; nothing can be written.
 */
MUST_USE bool connection_look(const char *conninfo, struct connection **c_out, struct err *e);

/* Is it what libpq takes, and without a password in it? Nobody is asked. ERR_CONFIG. */
MUST_USE bool connection_check_info(const char *conninfo, struct err *e);

/* One more to the same database. */
MUST_USE struct connection *connection_again(const struct connection *c, struct err *e);
void connection_close(struct connection *c);
SCOPE_DEFINE(connection, struct connection *, connection_close);

/* Is it the database that ruamill keeps by itself? */
bool connection_is_private(const struct connection *c);

/* "PGHOST=..." for a child such as psql, and the text for people. Valid as long as the connection. */
const char *connection_conninfo(const struct connection *c);

/*
 * One statement with its parameters, NULL for SQL null, as text. An error carries SQLSTATE's meaning in
 * its kind: ERR_REFUSED for a value the engine will not take (classes 22, 23, 54), ERR_UNREACHABLE for
 * a lost connection, a full or stopping server (08, 53, 57) and for conflicts that outlived their
 * retries (40), ERR_OUTPUT for a full disk, ERR_CONFIG for the rest (no such table, no right).
 */
MUST_USE bool connection_query(struct connection *c, const char *sql, const char *const *values,
			       size_t count, struct rows **rows_out, struct err *e);

/* The same with one value, in the form in which the server sends it, too. */
MUST_USE bool connection_query_binary(struct connection *c, const char *sql, struct slice value,
				      struct rows **rows_out, struct err *e);

/*
 * The same for what a session asks again and again; `sql` is told by its address. It is planned once: not for
 * what looks into tables that were empty then and grow.
 */
MUST_USE bool connection_query_often(struct connection *c, const char *sql, struct slice value,
				     struct rows **rows_out, struct err *e);

/* A composite type of the schema as the server knows it; asked for once. Its name is a constant. */
enum { ROW_COLUMNS = 32 };

/* A type's number in the server, as it is sent. */
struct type_number {
	char bytes[4];
};

struct row_type {
	const char *name;
	struct type_number number;
	size_t column_count;
	struct type_number columns[ROW_COLUMNS];
};

MUST_USE bool connection_row_type(struct connection *c, const char *name,
				  const struct row_type **type_out, struct err *e);

/* The same for a statement whose rows do not matter; several statements where there are no values. */
MUST_USE bool connection_execute(struct connection *c, const char *sql, const char *const *values,
				 size_t count, struct err *e);

/*
 * The same without waiting for its end, which the other call does: nothing else may be asked of the
 * connection in between.
 */
MUST_USE bool connection_begin(struct connection *c, const char *sql, struct err *e);
MUST_USE bool connection_await(struct connection *c, struct err *e);

/* It is in order, and in the midst of nothing. */
bool connection_is_idle(const struct connection *c);

/* The same for what a session needs once; `sql` is told by its address. */
MUST_USE bool connection_once(struct connection *c, const char *sql, struct err *e);

/* Ends the transaction: commits it if all went well so far, and rolls it back if not, or if that fails. */
MUST_USE bool connection_end(struct connection *c, bool ok, struct err *e);

/* For what cannot be mended any more, such as a rollback after an error: failing changes nothing. */
void connection_attempt(struct connection *c, const char *sql);

/*
 * Was the last error of class 40, two writers in each other's way, or a lock that was waited for as long
 * as somebody allowed? To be tried again as a whole.
 */
bool connection_should_retry(const struct connection *c);

/* COPY ... FROM STDIN (FORMAT BINARY): begin, any number of puts of whole rows (copy.h), end. */
MUST_USE bool connection_copy_begin(struct connection *c, const char *sql, struct err *e);
MUST_USE bool connection_copy_put(struct connection *c, struct slice bytes, struct err *e);
MUST_USE bool connection_copy_end(struct connection *c, struct err *e);

void rows_free(struct rows *r);
SCOPE_DEFINE(rows, struct rows *, rows_free);

size_t rows_count(const struct rows *r);

/* Absent for SQL null; valid as long as the rows. */
struct slice rows_text(const struct rows *r, size_t row, size_t column);

/* Null counts as 0; the column must be of an integer type. */
int64_t rows_integer(const struct rows *r, size_t row, size_t column);
bool rows_boolean(const struct rows *r, size_t row, size_t column);

#endif
