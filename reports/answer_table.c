/* SPDX-License-Identifier: MIT */
/* Answers for people: a table that fits the width, then the findings, wrapped. */
#include "reports/amounts.h"
#include "reports/answer.h"
#include "reports/grid.h"
#include "reports/wrap.h"

#include "base/banned.h"

enum { NOTE_INDENT = 3 };

static void print_lines(struct output *out, const struct slice *lines, size_t count, unsigned width)
{
	for (size_t i = 0; i < count; i++)
		wrap_print(out, lines[i], 0, 0, width);
}

static void add_cell(struct grid *grid, enum column_kind kind, const struct cell *cell)
{
	SCOPED(buf) struct buf number = { 0 };

	if (cell->absent) {
		grid_add_cell(grid, SLICE("-"));
		return;
	}
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
	size_t least = 0; /* the first column gives way when the width does not suffice for all */

	for (size_t i = 0; i < a->column_count; i++) {
		const struct column *c = &a->columns[i];

		if (!c->title)
			continue;
		grid_add_column(grid, c->title, c->kind == COLUMN_TEXT ? GRID_LEFT : GRID_RIGHT,
				least);
		least = GRID_WHOLE;
	}
	for (size_t row = 0; row < a->row_count; row++) {
		grid_add_row(grid);
		for (size_t i = 0; i < a->column_count; i++) {
			if (a->columns[i].title)
				add_cell(grid, a->columns[i].kind,
					 &a->cells[row * a->column_count + i]);
		}
	}
	grid_print(grid, width, out);
}

static void print_notes(const struct answer *a, unsigned width, struct output *out)
{
	if (a->note_count > 0)
		output_text(out, "\n");
	for (size_t i = 0; i < a->note_count; i++) {
		SCOPED(buf) struct buf note = { 0 };

		buf_printf(&note, "%zu. ", i + 1);
		buf_append(&note, a->notes[i]);
		wrap_print(out, buf_slice(&note), 0, NOTE_INDENT, width);
	}
}

void answer_print_table(const struct answer *a, unsigned width, struct output *out)
{
	print_lines(out, a->headline, a->headline_count, width);
	if (a->row_count > 0) {
		output_text(out, "\n");
		print_rows(a, width, out);
	}
	print_notes(a, width, out);
	findings_print(a->findings, a->finding_count, width, out);
}
