/* SPDX-License-Identifier: MIT */
#include "reports/wrap.h"

#include "base/text.h"
#include "parser/limits.h"

#include "base/banned.h"

/* Columns, by code points: wide scripts run over the edge, which hurts nobody. */
static size_t columns_of(struct slice s)
{
	size_t columns = 0;

	while (s.n > 0) {
		uint32_t point;

		s = slice_from_offset(s, utf8_decode(s, &point));
		columns++;
	}
	return columns;
}

/* Behind `column` characters that stand in the line. */
static void append_wrapped(struct buf *lines, struct slice words, size_t column, unsigned rest,
			   unsigned width)
{
	bool at_start = true;
	struct slice word;

	while (slice_cut(&words, ' ', &word)) {
		size_t columns = columns_of(word);

		if (word.n == 0)
			continue;
		if (!at_start && column + 1 + columns > width) {
			buf_printf(lines, "\n%*s", (int)rest, "");
			column = rest;
			at_start = true;
		}
		if (!at_start)
			buf_append_byte(lines, ' ');
		buf_append(lines, word);
		column += columns + !at_start;
		at_start = false;
	}
	buf_append_byte(lines, '\n');
}

void wrap_print(struct output *out, struct slice text, unsigned first, unsigned rest,
		unsigned width)
{
	output_printf(out, "%*s", (int)first, "");
	wrap_continue(out, text, first, rest, width);
}

void wrap_continue(struct output *out, struct slice text, unsigned column, unsigned rest,
		   unsigned width)
{
	SCOPED(buf) struct buf clean = { 0 };
	SCOPED(buf) struct buf lines = { 0 };

	text_append_harmless(&clean, text, LIMIT_TEXT_BYTES);
	append_wrapped(&lines, buf_slice(&clean), column, rest, width);
	output_write(out, buf_slice(&lines));
}
