/* SPDX-License-Identifier: MIT */
#include "store/key_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/monitor.h"

#include "base/banned.h"

/* Fuller than this, probing gets long. */
enum { MAX_COUNT = KEY_SET_CAPACITY / 4 * 3 };

struct key_commons {
	struct monitor monitor;
	struct key_set known; /* its owner is KEY_SET_KNOWN: what is added is */
};

struct key_commons *key_commons_new(void)
{
	struct key_commons *c = memory_zeroed(1, sizeof(*c));

	monitor_init(&c->monitor);
	key_set_init(&c->known, NULL);
	c->known.owner = KEY_SET_KNOWN;
	return c;
}

void key_commons_free(struct key_commons *c)
{
	if (!c)
		return;
	monitor_release(&c->monitor);
	key_set_release(&c->known);
	free(c);
}

void key_set_init(struct key_set *s, struct key_commons *commons)
{
	*s = (struct key_set){ .owner = KEY_SET_FIRST_OWNER, .commons = commons };
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

/* Where the key is, or would go. */
static struct key_set_entry *entry_of(const struct key_set *s, const struct uuid *key)
{
	size_t slot = slot_of(key);

	while (s->entries[slot].owner != 0 && !uuid_equal(&s->entries[slot].key, key))
		slot = (slot + 1) % KEY_SET_CAPACITY;
	return &s->entries[slot];
}

static bool is_common(struct key_commons *c, const struct uuid *key)
{
	bool known;

	if (!c)
		return false;
	monitor_enter(&c->monitor);
	known = entry_of(&c->known, key)->owner == KEY_SET_KNOWN;
	monitor_leave(&c->monitor);
	return known;
}

bool key_set_add(struct key_set *s, const struct uuid *key)
{
	if (s->count == MAX_COUNT)
		key_set_forget(s);

	struct key_set_entry *entry = entry_of(s, key);
	bool was_free = entry->owner == 0;

	if (entry->owner == KEY_SET_KNOWN || entry->owner == s->owner)
		return false;
	s->count += was_free;
	*entry = (struct key_set_entry){ *key, s->owner };
	if (was_free && is_common(s->commons, key))
		entry->owner = KEY_SET_KNOWN;
	return entry->owner != KEY_SET_KNOWN;
}

static void commit_all(struct key_set *s, struct key_set *known)
{
	for (size_t i = 0; i < KEY_SET_CAPACITY; i++) {
		struct key_set_entry *entry = &s->entries[i];

		if (entry->owner == 0 || entry->owner == KEY_SET_KNOWN)
			continue;
		entry->owner = KEY_SET_KNOWN;
		if (known)
			(void)key_set_add(known, &entry->key);
	}
}

void key_set_commit(struct key_set *s)
{
	struct key_commons *c = s->commons;

	if (!c) {
		commit_all(s, NULL);
		return;
	}
	monitor_enter(&c->monitor);
	commit_all(s, &c->known);
	monitor_leave(&c->monitor);
}
