/* SPDX-License-Identifier: MIT */
#include "store/key_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#include "base/banned.h"

/* Fuller than this, probing gets long. */
enum { MAX_COUNT = KEY_SET_CAPACITY / 4 * 3 };

void key_set_init(struct key_set *s)
{
	*s = (struct key_set){ .owner = KEY_SET_FIRST_OWNER };
	s->entries = memory_zeroed(KEY_SET_CAPACITY, sizeof(*s->entries));
}

void key_set_release(struct key_set *s)
{
	free(s->entries);
	*s = (struct key_set){ 0 };
}

void key_set_forget(struct key_set *s)
{
	memset(s->entries, 0, KEY_SET_CAPACITY * sizeof(*s->entries));
	s->count = 0;
}

void key_set_next_owner(struct key_set *s)
{
	s->owner = s->owner == UINT32_MAX ? KEY_SET_FIRST_OWNER : s->owner + 1;
}

/* Keys are digests: their first bytes are as good as any hash of them. */
static size_t slot_of(const struct uuid *key)
{
	uint32_t hash;

	memcpy(&hash, key->bytes, sizeof(hash));
	return hash % KEY_SET_CAPACITY;
}

bool key_set_add(struct key_set *s, const struct uuid *key)
{
	if (s->count == MAX_COUNT)
		key_set_forget(s);

	size_t slot = slot_of(key);

	while (s->entries[slot].owner != 0 && !uuid_equal(&s->entries[slot].key, key))
		slot = (slot + 1) % KEY_SET_CAPACITY;

	struct key_set_entry *entry = &s->entries[slot];

	if (entry->owner == KEY_SET_KNOWN || entry->owner == s->owner)
		return false;
	s->count += entry->owner == 0;
	*entry = (struct key_set_entry){ *key, s->owner };
	return true;
}

void key_set_commit(struct key_set *s)
{
	for (size_t i = 0; i < KEY_SET_CAPACITY; i++) {
		if (s->entries[i].owner != 0)
			s->entries[i].owner = KEY_SET_KNOWN;
	}
}
