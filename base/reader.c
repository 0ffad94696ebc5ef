/* SPDX-License-Identifier: MIT */
#include "base/reader.h"

#include "base/banned.h"

struct reader reader_over(struct slice bytes)
{
	const char *begin = bytes.p ? bytes.p : "";

	return (struct reader){ begin, begin + bytes.n, false };
}

struct slice reader_bytes(struct reader *r, size_t n)
{
	if (r->failed || n > reader_left(r)) {
		r->failed = true;
		return SLICE_ABSENT;
	}
	struct slice bytes = slice_of(r->p, n);

	r->p += n;
	return bytes;
}

void reader_skip(struct reader *r, size_t n)
{
	(void)reader_bytes(r, n);
}

/* The two places that know a byte order. */
static uint64_t read_little_endian(struct reader *r, size_t n)
{
	struct slice bytes = reader_bytes(r, n);
	uint64_t value = 0;

	for (size_t i = bytes.n; i > 0; i--)
		value = value << 8 | (unsigned char)bytes.p[i - 1];
	return value;
}

static uint64_t read_big_endian(struct reader *r, size_t n)
{
	struct slice bytes = reader_bytes(r, n);
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.n; i++)
		value = value << 8 | (unsigned char)bytes.p[i];
	return value;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)read_little_endian(r, 1);
}

uint16_t reader_u16le(struct reader *r)
{
	return (uint16_t)read_little_endian(r, 2);
}

uint32_t reader_u32le(struct reader *r)
{
	return (uint32_t)read_little_endian(r, 4);
}

uint64_t reader_u64le(struct reader *r)
{
	return read_little_endian(r, 8);
}

uint16_t reader_u16be(struct reader *r)
{
	return (uint16_t)read_big_endian(r, 2);
}

uint32_t reader_u32be(struct reader *r)
{
	return (uint32_t)read_big_endian(r, 4);
}
