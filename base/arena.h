/* SPDX-License-Identifier: MIT */
/*
 * An arena: allocate only, released whole, with a hard cap. What is parsed from one report lives and
 * dies together, and the cap is what one report may cost us. Unused memory is poisoned under ASan.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *newest;
	size_t used; /* bytes handed out, alignment included */
	size_t cap;
};

void arena_init(struct arena *a, size_t cap);

/* Aligned for any type, not zeroed. NULL when the cap would be passed: the caller says which limit. */
MUST_USE void *arena_alloc(struct arena *a, size_t size);

/* A copy of s, terminated for libraries that want it. False when the cap would be passed. */
MUST_USE bool arena_copy(struct arena *a, struct slice s, struct slice *copy_out);

/* Empties it and keeps one chunk, so that a loop over records does not call malloc. */
void arena_reset(struct arena *a);

void arena_release(struct arena *a);

#endif
