/* SPDX-License-Identifier: MIT */
#include "store/writer_pool.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/key_set.h"

#include "base/banned.h"

/* A database takes a hundred connections, and has others to serve. */
enum { MAX_WRITERS = 16 };

struct writer_pool {
	const struct connection *model;  /* borrowed */
	struct writer_settings settings; /* the commons are ours */
	size_t count;
	struct connection *connections[MAX_WRITERS];
	struct writer *writers[MAX_WRITERS];
};

struct writer_pool *writer_pool_new(const struct connection *c, struct writer_settings settings)
{
	struct writer_pool *p = memory_zeroed(1, sizeof(*p));

	p->model = c;
	p->settings = settings;
	p->settings.commons = key_commons_new();
	return p;
}

void writer_pool_free(struct writer_pool *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->count; i++) {
		writer_free(p->writers[i]);
		connection_close(p->connections[i]);
	}
	key_commons_free(p->settings.commons);
	free(p);
}

struct ledger *writer_pool_ledger(struct writer_pool *p, size_t n)
{
	struct err ignored = ERR_INIT; /* fewer writers do as well */

	for (; p->count <= n && p->count < MAX_WRITERS; p->count++) {
		p->connections[p->count] = connection_again(p->model, &ignored);
		if (!p->connections[p->count])
			return NULL;
		p->writers[p->count] = writer_new(p->connections[p->count], p->settings);
	}
	return n < p->count ? writer_ledger(p->writers[n]) : NULL;
}

struct connection *writer_pool_idle(const struct writer_pool *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (connection_is_idle(p->connections[i]))
			return p->connections[i];
	}
	return NULL;
}
