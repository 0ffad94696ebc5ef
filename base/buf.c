/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void buf_reserve(struct buf *b, size_t more)
{
	BUG_UNLESS(more < SIZE_MAX / 4 && b->n < SIZE_MAX / 4);
	if (b->p && more < b->capacity - b->n)
		return;

	size_t wanted = b->n + more + 1;
	size_t doubled = b->capacity * 2;

	b->capacity = wanted > doubled ? wanted : doubled;
	b->p = memory_resize_array(b->p, b->capacity, 1);
	b->p[b->n] = '\0';
}

void buf_drop_front(struct buf *b, size_t n)
{
	BUG_UNLESS(n <= b->n);
	if (n == 0)
		return;
	b->n -= n;
	memmove(b->p, b->p + n, b->n + 1); /* with the NUL */
}

void buf_append_text(struct buf *b, const char *text)
{
	buf_append(b, slice_from(text));
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	size_t room = b->p ? b->capacity - b->n : 0;
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(room > 0 ? b->p + b->n : NULL, room, format, args);

	BUG_UNLESS(length >= 0);
	if ((size_t)length >= room) {
		buf_reserve(b, (size_t)length);
		length = vsnprintf(b->p + b->n, (size_t)length + 1, format, again);
		BUG_UNLESS(length >= 0);
	}
	b->n += (size_t)length;
	va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

const char *buf_text(struct buf *b)
{
	buf_reserve(b, 0);
	return b->p;
}

char *buf_detach(struct buf *b)
{
	buf_reserve(b, 0);

	char *text = b->p;

	*b = (struct buf){ 0 };
	return text;
}
