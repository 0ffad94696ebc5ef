/* SPDX-License-Identifier: MIT */
/*
 * Domain suffixes and whose they are. A look-up walks the name once from the right and asks a hash
 * table at each label boundary, so it costs the length of the name, not the size of the catalogue.
 */
#ifndef REPORTS_SUFFIXES_H
#define REPORTS_SUFFIXES_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct sender;
struct suffix_slot;

/* How many services may have machines under one name: google.com is shared by two. */
enum { SUFFIX_SHARED_MAX = 4 };

/* Whose a name is. Those who share it come in the order they were added. */
struct suffix_match {
	size_t labels; /* of the suffix that fits; 0 where none does */
	size_t count;
	const struct sender *senders[SUFFIX_SHARED_MAX];
};

struct suffixes {
	struct suffix_slot *slots; /* ours, free() */
	size_t capacity;           /* a power of two, or 0 */
	size_t count;
	struct suffix_slot *families; /* ours, free(): suffixes with '*' or '#' in them */
	size_t family_count;
};

void suffixes_release(struct suffixes *s);

/*
 * `suffix` must stay where it is: lower-case labels, one of which may be '*' (any label) and may hold
 * '#' (a run of digits). ERR_CONFIG where it is none or too many share it.
 */
MUST_USE bool suffixes_add(struct suffixes *s, struct slice suffix, const struct sender *sender,
			   struct err *e);

/*
 * The longest suffix that fits, on label boundaries. Letters are folded, one trailing dot is dropped.
 * A name too long for DNS has none.
 */
struct suffix_match suffixes_find(const struct suffixes *s, struct slice name);

bool suffix_match_has(const struct suffix_match *match, const struct sender *sender);

#endif
