/* SPDX-License-Identifier: MIT */
/*
 * malloc that succeeds or ends the program with status 75: the database has committed nothing of
 * what we held, so a batch job loses nothing by dying. What an attacker can make grow is bounded by
 * an arena or a named limit before it comes here.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/slice.h"

void *memory_alloc(size_t size);
void *memory_zeroed(size_t count, size_t size);
void *memory_resize_array(void *array, size_t count, size_t size);

/* Room for one more than count: the array, perhaps elsewhere and twice as large. */
void *memory_grow_array(void *array, size_t count, size_t *capacity, size_t size);

/* A terminated copy; ours, free(). An absent slice gives NULL. */
char *memory_copy(struct slice s);

/* Ends the program as the others do, where a library had no memory. */
_Noreturn void memory_exhausted(void);

#endif
