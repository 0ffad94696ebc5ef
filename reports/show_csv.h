/* SPDX-License-Identifier: MIT */
/*
 * A sink that prints reports as CSV (RFC 4180), one row a record, streamed. The names of the columns
 * are a contract with other programs; what was not sent is an empty field.
 */
#ifndef REPORTS_SHOW_CSV_H
#define REPORTS_SHOW_CSV_H

#include "base/output.h"
#include "parser/sink.h"

struct judge;
struct memo;

struct show_csv {
	struct sink sink;
	struct output *out;        /* borrowed */
	const struct judge *judge; /* borrowed */
	struct memo *memo;         /* ours, memo_free() */
	struct buf line, cell;
};

/* Prints the line of names: once, however many reports follow. */
void show_csv_init(struct show_csv *s, struct output *out, const struct judge *judge);
void show_csv_release(struct show_csv *s);

#endif
