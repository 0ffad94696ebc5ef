/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/banned.h"

bool text_format(char *array, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int length = vsnprintf(array, size, format, args);

	va_end(args);
	if (length >= 0 && (size_t)length < size)
		return true;
	array[0] = '\0';
	return false;
}

bool text_copy(char *array, size_t size, struct slice s)
{
	if (slice_to_cstr(s, array, size))
		return true;
	array[0] = '\0';
	return false;
}

enum { UTF8_INVALID = 0xFFFD };

/* Length and first bits by lead byte; a continuation byte or a byte UTF-8 never uses gives 0. */
static size_t utf8_length(unsigned char lead, uint32_t *bits_out)
{
	static const struct {
		unsigned char mask, lead;
		size_t length;
	} forms[] = { { 0x80, 0x00, 1 }, { 0xE0, 0xC0, 2 }, { 0xF0, 0xE0, 3 }, { 0xF8, 0xF0, 4 } };

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if ((lead & forms[i].mask) == forms[i].lead) {
			*bits_out = lead & (unsigned char)~forms[i].mask;
			return forms[i].length;
		}
	}
	return 0;
}

size_t utf8_decode(struct slice s, uint32_t *point_out)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t point = 0;
	size_t length = utf8_length((unsigned char)s.p[0], &point);

	*point_out = UTF8_INVALID;
	if (length == 0 || length > s.n)
		return 1;
	for (size_t i = 1; i < length; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c & 0xC0) != 0x80)
			return 1;
		point = point << 6 | (c & 0x3F);
	}
	if (point < smallest[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		return 1;
	*point_out = point;
	return length;
}

void utf8_append(struct buf *b, uint32_t point)
{
	if (point < 0x80) {
		buf_append_byte(b, (char)point);
	} else if (point < 0x800) {
		buf_append_byte(b, (char)(0xC0 | point >> 6));
		buf_append_byte(b, (char)(0x80 | (point & 0x3F)));
	} else if (point < 0x10000) {
		buf_append_byte(b, (char)(0xE0 | point >> 12));
		buf_append_byte(b, (char)(0x80 | (point >> 6 & 0x3F)));
		buf_append_byte(b, (char)(0x80 | (point & 0x3F)));
	} else {
		buf_append_byte(b, (char)(0xF0 | point >> 18));
		buf_append_byte(b, (char)(0x80 | (point >> 12 & 0x3F)));
		buf_append_byte(b, (char)(0x80 | (point >> 6 & 0x3F)));
		buf_append_byte(b, (char)(0x80 | (point & 0x3F)));
	}
}

bool utf8_is_valid(struct slice s)
{
	while (s.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(s, &point);

		if (length == 1 && (unsigned char)s.p[0] >= 0x80)
			return false;
		s = slice_from_offset(s, length);
	}
	return true;
}

struct slice utf8_prefix(struct slice s, size_t max_bytes)
{
	size_t n = max_bytes;

	if (s.n <= max_bytes)
		return s;
	/* back to a lead byte; further than a character is long there is none */
	while (n > 0 && max_bytes - n < 3 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return slice_of(s.p, ((unsigned char)s.p[n] & 0xC0) == 0x80 ? max_bytes : n);
}

bool text_is_harmful(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} harmful[] = {
		{ 0x0000, 0x001F },
		{ 0x007F, 0x009F }, /* C0, DEL, C1 */
		{ 0x00AD, 0x00AD }, /* soft hyphen */
		{ 0x061C, 0x061C },
		{ 0x180E, 0x180E }, /* Arabic letter mark, Mongolian separator */
		{ 0x200B, 0x200F },
		{ 0x2028, 0x202E }, /* zero width, separators, bidi overrides */
		{ 0x2060, 0x206F },
		{ 0xFEFF, 0xFEFF }, /* word joiner, bidi isolates, BOM */
		{ 0xFFF9, 0xFFFB },
		{ 0xE0000, 0xE0FFF },
	};

	for (size_t i = 0; i < COUNT_OF(harmful); i++) {
		if (point >= harmful[i].first && point <= harmful[i].last)
			return true;
	}
	return false;
}

void text_append_harmless(struct buf *b, struct slice s, size_t max_bytes)
{
	bool cut = s.n > max_bytes;

	s = utf8_prefix(s, max_bytes);
	while (s.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(s, &point);

		if (!text_is_harmful(point))
			utf8_append(b, point);
		else if (point < 0x100)
			buf_printf(b, "\\x%02x", (unsigned)point);
		else
			buf_printf(b, "\\u%04x", (unsigned)point);
		s = slice_from_offset(s, length);
	}
	if (cut)
		buf_append_text(b, "...");
}

enum { NEAREST_MAX_WORD = 32, NEAREST_MAX_DISTANCE = 2 };

/* Levenshtein, with two rows; both words are bounded by NEAREST_MAX_WORD. */
static size_t distance(struct slice a, struct slice b)
{
	size_t row[NEAREST_MAX_WORD + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.p[i - 1] != b.p[j - 1]);

			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			row[j] = best;
		}
	}
	return row[b.n];
}

const char *text_nearest(struct slice word, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = NEAREST_MAX_DISTANCE + 1;

	for (; *words; words++) {
		struct slice candidate = slice_from(*words);

		if (word.n > NEAREST_MAX_WORD || candidate.n > NEAREST_MAX_WORD)
			continue;

		size_t d = distance(word, candidate);

		/* "did you mean db" for "xy" helps nobody: most of the word must be right */
		if (d < best && d * 2 < candidate.n + 1) {
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}
