/* SPDX-License-Identifier: MIT */
/* Keys in their order, each with its place: what the database tells of one is found without a look at all. */
#ifndef STORE_KEY_ORDER_H
#define STORE_KEY_ORDER_H

#include <stddef.h>

#include "base/scope.h"

struct key_order_entry {
	const unsigned char *key; /* borrowed */
	size_t size;              /* the same for all of an order */
	size_t place;
};

/* Zeroed it is empty. */
struct key_order {
	struct key_order_entry *entries;
	size_t count, capacity;
};

void key_order_release(struct key_order *o);

static inline void key_order_scope_release_(struct key_order o)
{
	key_order_release(&o);
}
SCOPE_DEFINE(key_order, struct key_order, key_order_scope_release_);

void key_order_add(struct key_order *o, const unsigned char *key, size_t size, size_t place);

/* Those of one key follow each other by their places. */
void key_order_sort(struct key_order *o);

/* Once sorted: the end of the entries that have the key of the one at `first`. */
size_t key_order_end(const struct key_order *o, size_t first);

/* Once sorted: the first entry with the key; `count` where there is none. */
size_t key_order_find(const struct key_order *o, const unsigned char *key);

#endif
