/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>

#include "base/banned.h"

#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

void base64_append(struct buf *b, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		struct slice three = slice_prefix(slice_from_offset(bytes, i), 3);
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < three.n ? (unsigned char)three.p[j] : 0u);
		for (size_t j = 0; j < 4; j++)
			buf_append_byte(b, j <= three.n ? DIGITS[bits >> (18 - 6 * j) & 63] : '=');
	}
}

/* Four digits of text; the padding, which only the last may have, counts as none. */
static bool decode_four(struct buf *b, struct slice four, size_t padding)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		size_t value = i < 4 - padding ? slice_find(SLICE(DIGITS), four.p[i]) : 0;

		if (value == 64)
			return false;
		bits = bits << 6 | (uint32_t)value;
	}
	for (size_t i = 0; i < 3 - padding; i++)
		buf_append_byte(b, (char)(unsigned char)(bits >> (16 - 8 * i) & 255));
	return true;
}

bool base64_decode(struct buf *b, struct slice text)
{
	bool good = text.n % 4 == 0;

	for (size_t i = 0; i < text.n && good; i += 4) {
		struct slice four = slice_of(text.p + i, 4);
		bool last = i + 4 == text.n;
		size_t padding = !last || four.p[3] != '=' ? 0 : four.p[2] != '=' ? 1 : 2;

		good = decode_four(b, four, padding);
	}
	return good;
}
