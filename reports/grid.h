/* SPDX-License-Identifier: MIT */
/*
 * Tables on a terminal: the one place that knows libsmartcols. What goes into a cell is made harmless
 * and bounded here, and cut where the width does not suffice for all, which ".." shows.
 */
#ifndef REPORTS_GRID_H
#define REPORTS_GRID_H

#include "base/output.h"
#include "base/scope.h"

enum grid_side { GRID_LEFT, GRID_RIGHT };

/* Of a column that is never cut. */
enum { GRID_WHOLE = 10000 };

struct grid;

struct grid *grid_new(void);
void grid_free(struct grid *g);
SCOPE_DEFINE(grid, struct grid *, grid_free);

/*
 * Columns first. The title is borrowed. least: the width up to which the column takes what it needs;
 * beyond it the columns share what is left.
 */
void grid_add_column(struct grid *g, const char *title, enum grid_side side, size_t least);

/* Then rows, each with a cell for every column, from the left. */
void grid_add_row(struct grid *g);
void grid_add_cell(struct grid *g, struct slice text);

/* The newest cell in a colour: "red". Shown where the output has colours. */
void grid_colour_cell(struct grid *g, const char *colour);

size_t grid_rows(const struct grid *g);

/* With a line of titles. Prints nothing where there are no rows. */
void grid_print(struct grid *g, unsigned width, struct output *out);

/* Drops the rows. What follows is laid out no narrower, so that pieces of one table look alike. */
void grid_clear(struct grid *g);

#endif
