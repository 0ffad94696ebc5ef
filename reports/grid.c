/* SPDX-License-Identifier: MIT */
#include "reports/grid.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

enum { CELL_BYTES = 200 };

struct grid {
	struct libscols_table *table;
	struct libscols_line *line; /* the newest; owned by the table */
	size_t column;              /* of it, the next to fill */
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
	return g;
}

void grid_free(struct grid *g)
{
	if (!g)
		return;
	scols_unref_table(g->table);
	free(g);
}

void grid_add_column(struct grid *g, const char *title, enum grid_kind kind)
{
	static const int flags[] = {
		[GRID_TEXT] = 0,
		[GRID_NUMBER] = SCOLS_FL_RIGHT,
		[GRID_GIVES_WAY] = SCOLS_FL_TRUNC,
	};

	BUG_UNLESS(scols_table_new_column(g->table, title, 0, flags[kind]));
}

void grid_add_row(struct grid *g)
{
	g->line = scols_table_new_line(g->table, NULL);
	BUG_UNLESS(g->line);
	g->column = 0;
}

void grid_add_cell(struct grid *g, struct slice text)
{
	SCOPED(buf) struct buf clean = { 0 };

	text_append_harmless(&clean, text, CELL_BYTES);
	must(scols_line_set_data(g->line, g->column++, buf_text(&clean)));
}

size_t grid_rows(const struct grid *g)
{
	return scols_table_get_nlines(g->table);
}

void grid_print(const struct grid *g, unsigned width, struct output *out)
{
	char *text = NULL; /* by libsmartcols, free() */

	if (grid_rows(g) == 0)
		return;
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
