/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif

#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#define poison(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define poison(p, n)   ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

/* Small enough for a report of one record, large enough that malloc does not show in a profile. */
enum { CHUNK_SIZE = 16 * 1024 };

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){ .cap = cap };
}

static struct arena_chunk *chunk_new(struct arena *a, size_t at_least)
{
	size_t size = at_least > CHUNK_SIZE ? at_least : CHUNK_SIZE;
	struct arena_chunk *chunk = memory_alloc(sizeof(*chunk) + size);

	chunk->older = a->newest;
	chunk->size = size;
	chunk->used = 0;
	poison(chunk->bytes, size);
	a->newest = chunk;
	return chunk;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t alignment = alignof(max_align_t);

	if (size > a->cap - a->used)
		return NULL;

	size_t rounded = (size + alignment - 1) & ~(alignment - 1);

	if (rounded > a->cap - a->used)
		return NULL;

	struct arena_chunk *chunk = a->newest;

	if (!chunk || rounded > chunk->size - chunk->used)
		chunk = chunk_new(a, rounded);

	void *p = chunk->bytes + chunk->used;

	chunk->used += rounded;
	a->used += rounded;
	unpoison(p, size);
	return p;
}

bool arena_copy(struct arena *a, struct slice s, struct slice *copy_out)
{
	char *copy = arena_alloc(a, s.n + 1);

	if (!copy)
		return false;
	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	*copy_out = slice_of(copy, s.n);
	return true;
}

static void chunks_free(struct arena_chunk *chunk)
{
	while (chunk) {
		struct arena_chunk *older = chunk->older;

		unpoison(chunk->bytes, chunk->size);
		free(chunk);
		chunk = older;
	}
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->newest;

	a->used = 0;
	if (!keep)
		return;
	chunks_free(keep->older);
	keep->older = NULL;
	if (keep->size > CHUNK_SIZE) {
		chunks_free(keep);
		a->newest = NULL;
		return;
	}
	keep->used = 0;
	poison(keep->bytes, keep->size);
}

void arena_release(struct arena *a)
{
	chunks_free(a->newest);
	*a = (struct arena){ .cap = a->cap };
}
