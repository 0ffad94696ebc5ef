/* SPDX-License-Identifier: MIT */
#include "reports/finding.h"

#include "base/text.h"
#include "reports/wrap.h"

#include "base/banned.h"

enum { RECORD_BYTES = 1000, PART_INDENT = 3, INDENT = 2, RECORD_INDENT = 7 };

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

void remedy_print(const struct remedy *remedy, unsigned width, struct output *out)
{
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];
		bool general = line->part == REMEDY_GENERAL;

		print_remedy_line(out, line, general || i == 0 || line[-1].part != line->part,
				  width);
	}
}

static void print_finding(struct output *out, const struct finding *f, size_t number,
			  unsigned width)
{
	SCOPED(buf) struct buf heading = { 0 };

	buf_printf(&heading, "%zu. ", number);
	buf_append(&heading, f->heading);
	output_text(out, "\n");
	wrap_print(out, buf_slice(&heading), 0, PART_INDENT, width);
	remedy_print(&f->remedy, width, out);
}

void findings_print(const struct finding *findings, size_t count, unsigned width,
		    struct output *out)
{
	if (count > 0)
		output_text(out, "\nWhat fails, and what to do:\n");
	for (size_t i = 0; i < count; i++)
		print_finding(out, &findings[i], i + 1, width);
}
