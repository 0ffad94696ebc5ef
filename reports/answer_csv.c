/* SPDX-License-Identifier: MIT */
/* Answers as CSV (RFC 4180): the rows alone, under the names of their columns. */
#include "base/text.h"
#include "parser/limits.h"
#include "reports/answer.h"
#include "reports/csv.h"

#include "base/banned.h"

static void append_cell(struct buf *line, bool first, enum column_kind kind,
			const struct cell *cell)
{
	if (kind == COLUMN_TEXT)
		csv_append_text(line, first, cell->text);
	else if (cell->absent)
		csv_append_nothing(line, first);
	else if (kind == COLUMN_BOOLEAN)
		csv_append_boolean(line, first, cell->number > 0);
	else if (kind == COLUMN_RATE)
		csv_append_hundredths(line, first, cell->number);
	else
		csv_append_number(line, first, cell->number);
}

/* The names of the columns where there are no cells. */
static void append_line(struct buf *lines, const struct answer *a, const struct cell *cells)
{
	bool first = true;

	for (size_t i = 0; i < a->column_count; i++) {
		const struct column *c = &a->columns[i];

		if (!c->name)
			continue;
		if (cells)
			append_cell(lines, first, c->kind, &cells[i]);
		else
			csv_append_text(lines, first, slice_from(c->name));
		first = false;
	}
	csv_end_line(lines);
}

void answer_print_csv(const struct answer *a, struct output *out)
{
	SCOPED(buf) struct buf lines = { 0 };

	append_line(&lines, a, NULL);
	for (size_t row = 0; row < a->row_count; row++)
		append_line(&lines, a, a->cells + row * a->column_count);
	output_write(out, buf_slice(&lines));
}
