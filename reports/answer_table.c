/* SPDX-License-Identifier: MIT */
/* Answers for people: a table that fits the width, then the findings, wrapped. */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/text.h"
#include "reports/answer.h"
#include "reports/wrap.h"

#include "base/banned.h"

enum { CELL_BYTES = 200, RECORD_BYTES = 1000, PART_INDENT = 3, INDENT = 2, RECORD_INDENT = 7 };

static void table_unref(struct libscols_table *table)
{
	scols_unref_table(table);
}
SCOPE_DEFINE(table, struct libscols_table *, table_unref);

/* libsmartcols fails only for want of memory. */
static void must(int code)
{
	BUG_UNLESS(code >= 0);
}

static void print_lines(struct output *out, const struct slice *lines, size_t count, unsigned width)
{
	for (size_t i = 0; i < count; i++)
		wrap_print(out, lines[i], 0, 0, width);
}

static void cell_append(struct buf *text, enum column_kind kind, const struct cell *cell)
{
	switch (kind) {
	case COLUMN_TEXT:
		text_append_harmless(text, cell->text, CELL_BYTES);
		break;
	case COLUMN_COUNT:
		number_append_grouped(text, cell->number);
		break;
	case COLUMN_SHARE:
		share_append(text, cell->number, cell->total, SHARE_WHOLE);
		break;
	}
}

static void add_row(struct libscols_table *table, const struct answer *a, const struct cell *cells)
{
	struct libscols_line *line = scols_table_new_line(table, NULL); /* owned by the table */

	BUG_UNLESS(line);
	for (size_t i = 0; i < a->column_count; i++) {
		SCOPED(buf) struct buf text = { 0 };

		cell_append(&text, a->columns[i].kind, &cells[i]);
		must(scols_line_set_data(line, i, buf_text(&text)));
	}
}

static void print_rows(const struct answer *a, unsigned width, struct output *out)
{
	SCOPED(table) struct libscols_table *table = scols_new_table();
	char *text = NULL; /* by libsmartcols, free() */

	BUG_UNLESS(table);
	for (size_t i = 0; i < a->column_count; i++) {
		bool is_text = a->columns[i].kind == COLUMN_TEXT;

		/* the first column gives way when the width does not suffice for all */
		BUG_UNLESS(scols_table_new_column(table, a->columns[i].title, 0,
						  i == 0 ? SCOLS_FL_TRUNC
							 : (is_text ? 0 : SCOLS_FL_RIGHT)));
	}
	for (size_t row = 0; row < a->row_count; row++)
		add_row(table, a, a->cells + row * a->column_count);
	must(scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS));
	must(scols_table_set_termwidth(table, width));
	must(scols_print_table_to_string(table, &text));
	output_text(out, text);
	output_text(out, "\n");
	free(text);
}

/* A record is to be copied: never broken into lines. */
static void print_record(struct output *out, const struct remedy_line *line)
{
	SCOPED(buf) struct buf text = { 0 };

	buf_printf(&text, "%*s", RECORD_INDENT, "");
	text_append_harmless(&text, line->text, RECORD_BYTES);
	if (line->kind == REMEDY_GATE)
		buf_printf(&text, "   (%s)", remedy_kind_text(line->kind));
	buf_append_byte(&text, '\n');
	output_write(out, buf_slice(&text));
}

/* The first line of a part says which it is, unless its text does. */
static void print_remedy_line(struct output *out, const struct remedy_line *line,
			      bool first_of_part, unsigned width)
{
	SCOPED(buf) struct buf text = { 0 };
	struct slice part = slice_from(remedy_part_text(line->part));

	if (line->kind == REMEDY_RECORD || line->kind == REMEDY_GATE) {
		print_record(out, line);
		return;
	}
	if (first_of_part && part.n > 0 && !slice_starts_with(line->text, part))
		buf_printf(&text, "%.*s: ", SLICE_ARG(part));
	buf_append(&text, line->text);
	wrap_print(out, buf_slice(&text), first_of_part ? PART_INDENT : PART_INDENT + INDENT,
		   PART_INDENT + INDENT, width);
}

static void print_finding(struct output *out, const struct finding *f, size_t number,
			  unsigned width)
{
	SCOPED(buf) struct buf heading = { 0 };

	buf_printf(&heading, "%zu. ", number);
	buf_append(&heading, f->heading);
	output_text(out, "\n");
	wrap_print(out, buf_slice(&heading), 0, PART_INDENT, width);
	for (size_t i = 0; i < f->remedy.count; i++) {
		const struct remedy_line *line = &f->remedy.lines[i];
		bool general = line->part == REMEDY_GENERAL;

		print_remedy_line(out, line, general || i == 0 || line[-1].part != line->part,
				  width);
	}
}

void answer_print_table(const struct answer *a, unsigned width, struct output *out)
{
	print_lines(out, a->headline, a->headline_count, width);
	if (a->row_count > 0) {
		output_text(out, "\n");
		print_rows(a, width, out);
	}
	if (a->finding_count > 0)
		output_text(out, "\nWhat fails, and what to do:\n");
	for (size_t i = 0; i < a->finding_count; i++)
		print_finding(out, &a->findings[i], i + 1, width);
}
