/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer. Never a NULL text once written to: `p[n]` is always NUL, and the bytes may
 * hold NULs too. Growth ends the program when memory does; whoever appends foreign bytes bounds them.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/scope.h"
#include "base/slice.h"

struct buf {
	char *p;
	size_t n;
	size_t capacity;
};

void buf_release(struct buf *b);

/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
void buf_reserve(struct buf *b, size_t more);

/* Forgets the first n bytes, of which there must be as many. */
void buf_drop_front(struct buf *b, size_t n);

/* In the header, like the next: millions of short fields are appended, most of them to room enough. */
static inline void buf_append(struct buf *b, struct slice s)
{
	if (!b->p || s.n >= b->capacity - b->n)
		buf_reserve(b, s.n);
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

static inline void buf_append_byte(struct buf *b, char c)
{
	buf_append(b, slice_of(&c, 1));
}

void buf_append_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *format, va_list args) PRINTF_LIKE(2, 0);

/* Terminated, never NULL; valid until the next change. */
const char *buf_text(struct buf *b);

static inline struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->p ? b->p : "", b->n);
}

/* Hands the terminated bytes over; the buffer is empty again. Ours, free(). */
char *buf_detach(struct buf *b);

static inline void buf_scope_release_(struct buf b)
{
	buf_release(&b);
}
SCOPE_DEFINE(buf, struct buf, buf_scope_release_);

#endif
