/* SPDX-License-Identifier: MIT */
/* Answers as CSV (RFC 4180): the rows alone, under the names of their columns. */
#include "base/text.h"
#include "parser/limits.h"
#include "reports/answer.h"
#include "reports/csv.h"

#include "base/banned.h"

void answer_print_csv(const struct answer *a, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < a->column_count; i++)
		csv_append_text(&line, i == 0, slice_from(a->columns[i].name));
	csv_end_line(&line);
	for (size_t row = 0; row < a->row_count; row++) {
		const struct cell *cells = a->cells + row * a->column_count;

		for (size_t i = 0; i < a->column_count; i++) {
			if (a->columns[i].kind == COLUMN_TEXT)
				csv_append_text(&line, i == 0, cells[i].text);
			else
				csv_append_number(&line, i == 0, cells[i].number);
		}
		csv_end_line(&line);
	}
	output_write(out, buf_slice(&line));
}
