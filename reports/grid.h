/* SPDX-License-Identifier: MIT */
/*
 * Tables on a terminal: the one place that knows libsmartcols. What goes into a cell is made harmless
 * and bounded here.
 */
#ifndef REPORTS_GRID_H
#define REPORTS_GRID_H

#include "base/output.h"
#include "base/scope.h"

enum grid_kind {
	GRID_TEXT,
	GRID_NUMBER,    /* to the right */
	GRID_GIVES_WAY, /* text that is cut when the width does not suffice for all */
};

struct grid;

struct grid *grid_new(void);
void grid_free(struct grid *g);
SCOPE_DEFINE(grid, struct grid *, grid_free);

/* Columns first. The title is borrowed. */
void grid_add_column(struct grid *g, const char *title, enum grid_kind kind);

/* Then rows, each with a cell for every column, from the left. */
void grid_add_row(struct grid *g);
void grid_add_cell(struct grid *g, struct slice text);

size_t grid_rows(const struct grid *g);

/* With a line of titles. Prints nothing where there are no rows. */
void grid_print(const struct grid *g, unsigned width, struct output *out);

/* Drops the rows and keeps the columns. */
void grid_clear(struct grid *g);

#endif
