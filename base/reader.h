/* SPDX-License-Identifier: MIT */
/*
 * A cursor over bytes of a binary format. It cannot pass the end: a read that would sets `failed`,
 * which sticks, and yields zeros; so a caller reads all its fields and tests once.
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include <stdint.h>

#include "base/slice.h"

struct reader {
	const char *p;
	const char *end;
	bool failed;
};

struct reader reader_over(struct slice bytes);

static inline size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->p);
}

uint8_t reader_u8(struct reader *r);
uint16_t reader_u16le(struct reader *r);
uint32_t reader_u32le(struct reader *r);
uint64_t reader_u64le(struct reader *r);
uint16_t reader_u16be(struct reader *r);
uint32_t reader_u32be(struct reader *r);
struct slice reader_bytes(struct reader *r, size_t n);
void reader_skip(struct reader *r, size_t n);

#endif
