/* SPDX-License-Identifier: MIT */
#include "reports/csv.h"

#include "base/text.h"
#include "parser/limits.h"

#include "base/banned.h"

/*
 * What spreadsheets start a formula with, full-width forms too. Blanks in front of it were taken off:
 * they hide nothing.
 */
static bool is_formula(struct slice text)
{
	static const uint32_t starts[] = { '=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
	uint32_t point = 0;

	if (text.n > 0)
		(void)utf8_decode(text, &point);
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		if (point == starts[i])
			return true;
	}
	return false;
}

static void append_separator(struct buf *line, bool first)
{
	if (!first)
		buf_append_byte(line, ',');
}

void csv_append_text(struct buf *line, bool first, struct slice text)
{
	SCOPED(buf) struct buf clean = { 0 };

	append_separator(line, first);
	text_append_harmless(&clean, text, LIMIT_TEXT_BYTES);

	struct slice s = buf_slice(&clean);
	bool formula = is_formula(slice_trim(text));

	buf_append_byte(line, '"');
	if (formula)
		buf_append_byte(line, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_append_byte(line, '"');
		buf_append_byte(line, s.p[i]);
	}
	buf_append_byte(line, '"');
}

void csv_append_number(struct buf *line, bool first, uint64_t number)
{
	append_separator(line, first);
	buf_printf(line, "%llu", (unsigned long long)number);
}

void csv_append_hundredths(struct buf *line, bool first, uint64_t hundredths)
{
	append_separator(line, first);
	buf_printf(line, "%llu.%02u", (unsigned long long)(hundredths / 100),
		   (unsigned)(hundredths % 100));
}

void csv_append_boolean(struct buf *line, bool first, bool value)
{
	append_separator(line, first);
	buf_append_text(line, value ? "true" : "false");
}

void csv_append_nothing(struct buf *line, bool first)
{
	append_separator(line, first);
}

void csv_end_line(struct buf *line)
{
	buf_append_text(line, "\r\n");
}
