/* SPDX-License-Identifier: MIT */
#include "reports/grid.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

enum { CELL_BYTES = 200, COLUMNS_MAX = 16 };

#define CUT_MARK SLICE("..")

struct grid_column {
	struct libscols_column *column; /* owned by the table */
	const char *title;
	size_t least;
	size_t need; /* of the widest text so far and of the title */
	size_t width;
};

struct grid {
	struct libscols_table *table;
	struct libscols_line *line; /* the newest; owned by the table */
	size_t cell;                /* of it, the next to fill */
	struct grid_column columns[COLUMNS_MAX];
	size_t column_count;
};

/* libsmartcols fails only for want of memory. */
static void must(int code)
{
	BUG_UNLESS(code >= 0);
}

struct grid *grid_new(void)
{
	struct grid *g = memory_zeroed(1, sizeof(*g));

	g->table = scols_new_table();
	BUG_UNLESS(g->table);
	/* cells are harmless, and would be escaped a second time */
	must(scols_table_enable_noencoding(g->table, 1));
	return g;
}

void grid_free(struct grid *g)
{
	if (!g)
		return;
	scols_unref_table(g->table);
	free(g);
}

void grid_add_column(struct grid *g, const char *title, enum grid_side side, size_t least)
{
	struct libscols_column *column =
		scols_table_new_column(g->table, title, 0, side == GRID_RIGHT ? SCOLS_FL_RIGHT : 0);

	BUG_UNLESS(column && g->column_count < COLUMNS_MAX);
	g->columns[g->column_count++] =
		(struct grid_column){ column, title, least, strlen(title), 0 };
}

void grid_add_row(struct grid *g)
{
	g->line = scols_table_new_line(g->table, NULL);
	BUG_UNLESS(g->line);
	g->cell = 0;
}

/* Without a locale libsmartcols measures ASCII only, and never ends over a byte of anything else. */
static void append_ascii(struct buf *cell, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < 0x80)
			buf_append_byte(cell, text.p[i]);
		else
			buf_printf(cell, "\\x%02x", (unsigned char)text.p[i]);
	}
}

void grid_add_cell(struct grid *g, struct slice text)
{
	SCOPED(buf) struct buf clean = { 0 };
	SCOPED(buf) struct buf cell = { 0 };
	struct grid_column *column = &g->columns[g->cell];

	text_append_harmless(&clean, text, CELL_BYTES);
	append_ascii(&cell, buf_slice(&clean));
	column->need = cell.n > column->need ? cell.n : column->need;
	must(scols_line_set_data(g->line, g->cell++, buf_text(&cell)));
}

void grid_colour_cell(struct grid *g, const char *colour)
{
	must(scols_cell_set_color(scols_line_get_cell(g->line, g->cell - 1), colour));
}

size_t grid_rows(const struct grid *g)
{
	return scols_table_get_nlines(g->table);
}

/* Gives every column its least; returns what is left of the width, blanks between columns taken off. */
static size_t lay_out_least(struct grid *g, size_t width)
{
	size_t taken = g->column_count - 1;

	for (size_t i = 0; i < g->column_count; i++) {
		struct grid_column *c = &g->columns[i];

		c->width = c->need < c->least ? c->need : c->least;
		taken += c->width;
	}
	return taken < width ? width - taken : 0;
}

/* The narrowest ones that want more grow first. */
static void lay_out(struct grid *g, size_t width)
{
	size_t left = lay_out_least(g, width);

	while (left > 0) {
		struct grid_column *narrowest = NULL;

		for (size_t i = 0; i < g->column_count; i++) {
			struct grid_column *c = &g->columns[i];

			if (c->width < c->need && (!narrowest || c->width < narrowest->width))
				narrowest = c;
		}
		if (!narrowest)
			return;
		narrowest->width++;
		left--;
	}
}

static void cut_cell(struct libscols_line *line, const struct grid_column *c)
{
	struct slice text = slice_from(scols_line_get_column_data(line, c->column));
	SCOPED(buf) struct buf cut = { 0 };

	if (text.n <= c->width)
		return;
	buf_append(&cut, slice_prefix(text, c->width > CUT_MARK.n ? c->width - CUT_MARK.n : 0));
	buf_append(&cut, CUT_MARK);
	must(scols_line_set_column_data(line, c->column, buf_text(&cut)));
}

/*
 * libsmartcols makes no column narrower than its title, so that a title with blanks sets the width;
 * its hints do not, where the cells are narrower than the title.
 */
static void widen_title(const struct grid_column *c, bool last)
{
	bool right = scols_column_is_right(c->column);
	int width = right ? (int)c->width : -(int)c->width;
	SCOPED(buf) struct buf title = { 0 };

	buf_printf(&title, "%*s", last && !right ? 0 : width, c->title);
	must(scols_cell_set_data(scols_column_get_header(c->column), buf_text(&title)));
}

static void fit(struct grid *g)
{
	for (size_t i = 0; i < g->column_count; i++) {
		const struct grid_column *c = &g->columns[i];

		widen_title(c, i + 1 == g->column_count);
		for (size_t row = 0; row < grid_rows(g); row++)
			cut_cell(scols_table_get_line(g->table, row), c);
	}
}

void grid_print(struct grid *g, unsigned width, struct output *out)
{
	char *text = NULL; /* by libsmartcols, free() */

	if (grid_rows(g) == 0)
		return;
	lay_out(g, width);
	fit(g);
	must(scols_table_enable_colors(g->table, out->colours));
	must(scols_table_set_termforce(g->table, SCOLS_TERMFORCE_ALWAYS));
	must(scols_table_set_termwidth(g->table, width));
	must(scols_print_table_to_string(g->table, &text));
	output_text(out, text);
	output_text(out, "\n");
	free(text);
}

void grid_clear(struct grid *g)
{
	scols_table_remove_lines(g->table);
	g->line = NULL;
}
