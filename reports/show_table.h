/* SPDX-License-Identifier: MIT */
/*
 * A sink that prints reports for people: a heading, the records as a table, what fails and what to do.
 * Streamed: the table comes in pieces, each under its titles, and what is told apart is bounded.
 */
#ifndef REPORTS_SHOW_TABLE_H
#define REPORTS_SHOW_TABLE_H

#include "parser/sink.h"
#include "reports/groups.h"

struct grid;
struct memo;

struct show_table {
	struct sink sink;
	struct output *out;        /* borrowed */
	const struct judge *judge; /* borrowed */
	unsigned width;
	struct grid *grid;
	struct arena arena; /* of the report at hand, like the next two */
	struct memo *memo;
	struct groups groups;
	uint64_t records;
	bool between; /* a report stands above */
};

/* width: columns of the terminal. It holds nothing between reports: there is nothing to release. */
void show_table_init(struct show_table *s, struct output *out, unsigned width,
		     const struct judge *judge);

#endif
