/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* reallocarray */
#include "base/memory.h"

#include <stdlib.h>

#include "base/log.h"

#include "base/banned.h"

/* 75, "try again": the one status that a mail server's pipe and a batch job both read rightly. */
enum { EXIT_OUT_OF_MEMORY = 75 };

void memory_exhausted(void)
{
	log_line(LOG_LEVEL_ERROR,
		 "out of memory: nothing was half stored: free some memory and run it again");
	exit(EXIT_OUT_OF_MEMORY);
}

static void *or_exit(void *p)
{
	if (!p)
		memory_exhausted();
	return p;
}

void *memory_alloc(size_t size)
{
	return or_exit(malloc(size > 0 ? size : 1));
}

void *memory_zeroed(size_t count, size_t size)
{
	return or_exit(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *memory_resize_array(void *array, size_t count, size_t size)
{
	return or_exit(reallocarray(array, count > 0 ? count : 1, size > 0 ? size : 1));
}

void *memory_grow_array(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 32;
	return memory_resize_array(array, *capacity, size);
}

char *memory_copy(struct slice s)
{
	if (slice_is_absent(s))
		return NULL;

	char *copy = memory_alloc(s.n + 1);

	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	return copy;
}
