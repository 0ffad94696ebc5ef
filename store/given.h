/* SPDX-License-Identifier: MIT */
/*
 * Rows that a statement is given: its only value, an array of a composite type of the schema. Nothing is
 * made in the server for them. They are held in memory as a whole, here and there; a tray takes more.
 */
#ifndef STORE_GIVEN_H
#define STORE_GIVEN_H

#include "store/connection.h"

/* What the statement has them as. */
#define GIVEN(type) "unnest($1::" type "[])"

/* Rows of copy.h, one at least, with the columns of the type. */
MUST_USE bool given_execute(struct connection *c, const char *sql, const char *type,
			    struct slice rows, struct err *e);

/* The same for what is asked again and again; see connection_query_often(). */
MUST_USE bool given_query_often(struct connection *c, const char *sql, const char *type,
				struct slice rows, struct rows **rows_out, struct err *e);

#endif
