/* SPDX-License-Identifier: MIT */
/*
 * Rows as binary COPY takes them: the number of columns, then each column's length and bytes. Whoever
 * writes a row says in which columns; the server refuses what is not of their types.
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/buf.h"
#include "store/keys.h"

/* What stands before the first row and after the last. */
struct slice copy_header(void);
struct slice copy_trailer(void);

/* All eight bytes are made and n of them kept: that is one instruction, and a loop of n is many. */
static inline void copy_put(char bytes[static 8], size_t n, uint64_t value)
{
	value <<= 64 - 8 * n;
	for (size_t i = 0; i < 8; i++)
		bytes[i] = (char)(unsigned char)(value >> (56 - 8 * i));
}

static inline void copy_number(struct buf *out, size_t n, uint64_t value)
{
	char bytes[8];

	copy_put(bytes, n, value);
	buf_append(out, slice_of(bytes, n));
}

static inline void copy_row(struct buf *out, size_t columns)
{
	copy_number(out, 2, columns);
}

/* Bytes as they are; absent is null. Text must be UTF-8. */
static inline void copy_field(struct buf *out, struct slice bytes)
{
	copy_number(out, 4, slice_is_absent(bytes) ? UINT32_MAX : bytes.n);
	buf_append(out, bytes);
}

/* An integer of n bytes. */
static inline void copy_integer(struct buf *out, size_t n, uint64_t value)
{
	char bytes[12];

	copy_put(bytes, 4, n);
	copy_put(bytes + 4, n, value);
	buf_append(out, slice_of(bytes, 4 + n));
}

void copy_uuid(struct buf *out, const struct uuid *u);
void copy_bytes(struct buf *out, const unsigned char *bytes, size_t n);
void copy_boolean(struct buf *out, bool value);

/* The database refuses what is not UTF-8, and a file may have any name: such bytes become U+FFFD. */
void copy_text(struct buf *out, struct slice text);

/* A column of type inet; null for no address. */
void copy_address(struct buf *out, const struct address *a);

/* A column of type numeric. */
void copy_numeric(struct buf *out, uint64_t value);

/* A text[]: its head, then so many fields, then copy_end() with what copy_array() returned. */
size_t copy_array(struct buf *out, size_t count);

/* A field that was begun with a length of 0 at an offset ends here. */
void copy_end(struct buf *out, size_t length_at);

#endif
