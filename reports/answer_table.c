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

static void add_number(struct grid *grid, enum column_kind kind, const struct cell *cell)
{
	SCOPED(buf) struct buf number = { 0 };

	switch (kind) {
	case COLUMN_BOOLEAN:
		buf_append_text(&number, cell->number > 0 ? "yes" : "no");
		break;
	case COLUMN_TEXT:
	case COLUMN_COUNT:
		number_append_grouped(&number, cell->number);
		break;
	case COLUMN_SHARE:
		share_append(&number, cell->number, cell->total, SHARE_WHOLE);
		break;
	case COLUMN_RATE:
		rate_append(&number, cell->number);
		break;
	}
	grid_add_cell(grid, buf_slice(&number));
}

static void colour(struct grid *grid, const struct column *c, const struct cell *cell)
{
	static const char *const colours[] = {
		[TONE_GOOD] = "green",
		[TONE_WARN] = "brown",
		[TONE_BAD] = "red",
	};
	enum tone tone = cell->tone;

	if (tone == TONE_PLAIN && c->kind != COLUMN_TEXT && !cell->absent && cell->number > 0)
		tone = c->tone;
	if (tone != TONE_PLAIN)
		grid_colour_cell(grid, colours[tone]);
}

static void add_cell(struct grid *grid, const struct column *c, const struct cell *cell)
{
	if (c->kind == COLUMN_TEXT)
		grid_add_cell(grid, cell->text.n > 0 ? cell->text : SLICE("-"));
	else if (cell->absent)
		grid_add_cell(grid, SLICE("-"));
	else
		add_number(grid, c->kind, cell);
	colour(grid, c, cell);
}

static bool is_shown(const struct column *c, unsigned width)
{
	return c->title && width >= c->from_width &&
		(c->below_width == 0 || width < c->below_width);
}

static void add_columns(struct grid *grid, const struct answer *a, unsigned width)
{
	size_t least = 0; /* the first column gives way when the width does not suffice for all */

	for (size_t i = 0; i < a->column_count; i++) {
		const struct column *c = &a->columns[i];

		if (!is_shown(c, width))
			continue;
		grid_add_column(grid, c->title, c->kind == COLUMN_TEXT ? GRID_LEFT : GRID_RIGHT,
				c->least > 0 ? c->least : least);
		least = GRID_WHOLE;
	}
}

static void print_rows(const struct answer *a, unsigned width, struct output *out)
{
	SCOPED(grid) struct grid *grid = grid_new();

	add_columns(grid, a, width);
	for (size_t row = 0; row < a->row_count; row++) {
		grid_add_row(grid);
		for (size_t i = 0; i < a->column_count; i++) {
			if (is_shown(&a->columns[i], width))
				add_cell(grid, &a->columns[i],
					 &a->cells[row * a->column_count + i]);
		}
	}
	grid_print(grid, width, out);
}

static void print_notes(const struct answer *a, unsigned width, struct output *out)
{
	if (a->note_count == 0 || (a->notes_below > 0 && width >= a->notes_below))
		return;
	output_text(out, "\n");
	for (size_t i = 0; i < a->note_count; i++) {
		SCOPED(buf) struct buf note = { 0 };

		buf_printf(&note, "%zu. ", i + 1);
		buf_append(&note, a->notes[i]);
		wrap_print(out, buf_slice(&note), 0, NOTE_INDENT, width);
	}
}

static void append_not_shown(struct buf *line, uint64_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	buf_append_text(line, line->n > 0 ? " and " : "");
	number_append_grouped(line, count);
	buf_printf(line, " more %s", count == 1 ? one : many);
}

static void print_footnotes(const struct answer *a, unsigned width, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	append_not_shown(&line, a->not_shown, "row", "rows");
	append_not_shown(&line, a->findings_not_shown, "finding", "findings");
	if (line.n == 0 && a->footnote_count == 0)
		return;
	output_text(out, "\n");
	if (line.n > 0) {
		buf_append_text(&line, " not shown: a larger --limit shows more.");
		wrap_print(out, buf_slice(&line), 0, 0, width);
	}
	print_lines(out, a->footnotes, a->footnote_count, width);
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
	print_footnotes(a, width, out);
}
