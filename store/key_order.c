/* SPDX-License-Identifier: MIT */
#include "store/key_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#include "base/banned.h"

void key_order_release(struct key_order *o)
{
	free(o->entries);
	*o = (struct key_order){ 0 };
}

void key_order_add(struct key_order *o, const unsigned char *key, size_t size, size_t place)
{
	o->entries = memory_grow_array(o->entries, o->count, &o->capacity, sizeof(*o->entries));
	o->entries[o->count++] = (struct key_order_entry){ key, size, place };
}

static int compare(const void *a, const void *b)
{
	const struct key_order_entry *left = a, *right = b;
	int order = memcmp(left->key, right->key, left->size);

	return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

void key_order_sort(struct key_order *o)
{
	if (o->count > 0)
		qsort(o->entries, o->count, sizeof(*o->entries), compare);
}

size_t key_order_end(const struct key_order *o, size_t first)
{
	const struct key_order_entry *entry = &o->entries[first];
	size_t end = first + 1;

	while (end < o->count && memcmp(o->entries[end].key, entry->key, entry->size) == 0)
		end++;
	return end;
}

size_t key_order_find(const struct key_order *o, const unsigned char *key)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct key_order_entry *entry = &o->entries[middle];

		if (memcmp(entry->key, key, entry->size) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < o->count && memcmp(o->entries[low].key, key, o->entries[low].size) == 0
		? low
		: o->count;
}
