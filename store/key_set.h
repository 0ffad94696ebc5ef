/* SPDX-License-Identifier: MIT */
/*
 * Streams that the database is known to have, or that the current message has brought along: spares
 * sending the same few thousand again for every record. Bounded; forgetting one costs a conflict that
 * the database ignores.
 */
#ifndef STORE_KEY_SET_H
#define STORE_KEY_SET_H

#include "store/keys.h"

enum { KEY_SET_CAPACITY = 1 << 16 };

struct key_set_entry {
	struct uuid key;
	uint32_t owner; /* 0: free; KEY_SET_KNOWN; else the message that is about to bring it */
};

enum { KEY_SET_KNOWN = 1, KEY_SET_FIRST_OWNER = 2 };

/* What was committed, by whichever of several writers: each asks it for what it does not know itself. */
struct key_commons;

struct key_set {
	struct key_set_entry *entries;
	size_t count;
	uint32_t owner;              /* of the open message */
	struct key_commons *commons; /* borrowed; NULL: there is one writer */
};

struct key_commons *key_commons_new(void);
void key_commons_free(struct key_commons *c);

void key_set_init(struct key_set *s, struct key_commons *commons);
void key_set_release(struct key_set *s);

/* Another message: what it brings, it brings itself, so that each can be stored without the others. */
void key_set_next_owner(struct key_set *s);

/* True when the key is to be sent with the open message; false when known or sent already. */
bool key_set_add(struct key_set *s, const struct uuid *key);

/* All that was sent is in the database now; or none of it is. */
void key_set_commit(struct key_set *s);
void key_set_forget(struct key_set *s);

#endif
