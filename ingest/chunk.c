/* SPDX-License-Identifier: MIT */
#include "ingest/chunk.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

struct chunk *chunk_new(uint64_t number)
{
	struct chunk *c = memory_zeroed(1, sizeof(*c));

	c->number = number;
	return c;
}

void chunk_free(struct chunk *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		message_release(&c->entries[i].message);
	free(c);
}

void chunk_add(struct chunk *c, struct message *m)
{
	BUG_UNLESS(c->count < CHUNK_MESSAGES);
	c->entries[c->count++].message = *m;
	*m = (struct message){ 0 };
}
