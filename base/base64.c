/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>

#include "base/banned.h"

void base64_append(struct buf *b, struct slice bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.n; i += 3) {
		struct slice three = slice_prefix(slice_from_offset(bytes, i), 3);
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < three.n ? (unsigned char)three.p[j] : 0u);
		for (size_t j = 0; j < 4; j++)
			buf_append_byte(b, j <= three.n ? digits[bits >> (18 - 6 * j) & 63] : '=');
	}
}
