/* SPDX-License-Identifier: MIT */
#include "store/copy.h"

#include "base/text.h"

#include "base/banned.h"

/* The type of an array's elements. */
enum { TEXT_OID = 25 };

/* Of the wire form of inet; they are PostgreSQL's own, not the system's AF_ numbers. */
enum { INET_V4 = 2, INET_V6 = 3, INET_NOT_CIDR = 0 };

struct slice copy_header(void)
{
	return SLICE("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0");
}

struct slice copy_trailer(void)
{
	return SLICE("\377\377");
}

void copy_uuid(struct buf *out, const struct uuid *u)
{
	char bytes[4 + UUID_SIZE];

	copy_put(bytes, 4, UUID_SIZE);
	memcpy(bytes + 4, u->bytes, UUID_SIZE);
	buf_append(out, slice_of(bytes, sizeof(bytes)));
}

void copy_bytes(struct buf *out, const unsigned char *bytes, size_t n)
{
	copy_field(out, slice_of((const char *)bytes, n));
}

void copy_boolean(struct buf *out, bool value)
{
	copy_integer(out, 1, value);
}

void copy_text(struct buf *out, struct slice text)
{
	size_t length_at = out->n;

	if (slice_is_absent(text) || utf8_is_valid(text)) {
		copy_field(out, text);
		return;
	}
	copy_number(out, 4, 0);
	while (text.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(text, &point);

		utf8_append(out, point);
		text = slice_from_offset(text, length);
	}
	copy_end(out, length_at);
}

/* Digits to the base of 10,000, the highest first, the weight of which is given. */
void copy_numeric(struct buf *out, uint64_t value)
{
	enum { BASE = 10000, MAX_DIGITS = 5 };
	unsigned digits[MAX_DIGITS];
	size_t count = 0, length_at = out->n;

	for (; value > 0; value /= BASE)
		digits[count++] = (unsigned)(value % BASE);
	copy_number(out, 4, 0);
	copy_number(out, 2, count);
	copy_number(out, 2, count > 0 ? count - 1 : 0);
	copy_number(out, 2, 0); /* the sign: positive */
	copy_number(out, 2, 0); /* digits behind the point */
	while (count > 0)
		copy_number(out, 2, digits[--count]);
	copy_end(out, length_at);
}

size_t copy_array(struct buf *out, size_t count)
{
	size_t length_at = out->n;

	copy_number(out, 4, 0);
	copy_number(out, 4, count > 0); /* dimensions */
	copy_number(out, 4, 1);         /* some may be null */
	copy_number(out, 4, TEXT_OID);
	if (count > 0) {
		copy_number(out, 4, count);
		copy_number(out, 4, 1); /* of the first element */
	}
	return length_at;
}

void copy_end(struct buf *out, size_t length_at)
{
	size_t length = out->n - length_at - 4;

	for (size_t i = 0; i < 4; i++)
		out->p[length_at + i] = (char)(unsigned char)(length >> (24 - 8 * i));
}

void copy_address(struct buf *out, const struct address *a)
{
	enum { HEAD = 8 };
	const bool v4 = a->family == ADDRESS_V4;
	const size_t n = v4 ? 4 : 16;
	char bytes[HEAD + sizeof(a->bytes)];

	if (a->family == ADDRESS_NONE) {
		copy_field(out, SLICE_ABSENT);
		return;
	}
	copy_put(bytes, 4, 4 + n);
	bytes[4] = v4 ? INET_V4 : INET_V6;
	bytes[5] = (char)(unsigned char)(n * 8);
	bytes[6] = INET_NOT_CIDR;
	bytes[7] = (char)n;
	memcpy(bytes + HEAD, a->bytes, sizeof(a->bytes));
	buf_append(out, slice_of(bytes, HEAD + n));
}
