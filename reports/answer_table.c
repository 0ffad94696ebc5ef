/* SPDX-License-Identifier: MIT */
/* Answers for people: a table that fits the width, then the findings, wrapped. */
#include "reports/amounts.h"
#include "reports/answer.h"
#include "reports/grid.h"
#include "reports/wrap.h"

#include "base/banned.h"

static void print_lines(struct output *out, const struct slice *lines, size_t count, unsigned width)
{
	for (size_t i = 0; i < count; i++)
		wrap_print(out, lines[i], 0, 0, width);
}

static void add_cell(struct grid *grid, enum column_kind kind, const struct cell *cell)
{
	SCOPED(buf) struct buf number = { 0 };

	switch (kind) {
	case COLUMN_TEXT:
		grid_add_cell(grid, cell->text);
		return;
	case COLUMN_COUNT:
		number_append_grouped(&number, cell->number);
		break;
	case COLUMN_SHARE:
		share_append(&number, cell->number, cell->total, SHARE_WHOLE);
		break;
	}
	grid_add_cell(grid, buf_slice(&number));
}

static void print_rows(const struct answer *a, unsigned width, struct output *out)
{
	SCOPED(grid) struct grid *grid = grid_new();

	for (size_t i = 0; i < a->column_count; i++) {
		/* the first column gives way when the width does not suffice for all */
		grid_add_column(grid, a->columns[i].title,
				a->columns[i].kind == COLUMN_TEXT ? GRID_LEFT : GRID_RIGHT,
				i == 0 ? 0 : GRID_WHOLE);
	}
	for (size_t row = 0; row < a->row_count; row++) {
		grid_add_row(grid);
		for (size_t i = 0; i < a->column_count; i++)
			add_cell(grid, a->columns[i].kind, &a->cells[row * a->column_count + i]);
	}
	grid_print(grid, width, out);
}

void answer_print_table(const struct answer *a, unsigned width, struct output *out)
{
	print_lines(out, a->headline, a->headline_count, width);
	if (a->row_count > 0) {
		output_text(out, "\n");
		print_rows(a, width, out);
	}
	findings_print(a->findings, a->finding_count, width, out);
}
