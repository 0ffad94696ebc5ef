/* SPDX-License-Identifier: MIT */
/*
 * Names that are told apart, each by a number. A balanced tree: whoever chooses the names makes no search
 * longer than another.
 */
#ifndef REPORTS_NAME_SET_H
#define REPORTS_NAME_SET_H

#include <stdint.h>

#include "base/arena.h"

/* Of names in order, those before it and those behind it, by their numbers; 0: none. */
struct name_node {
	struct slice name;
	uint32_t before, behind;
	uint32_t level; /* of the nodes at the bottom 1 */
};

struct name_set {
	struct arena *arena;
	struct name_node *nodes; /* by number; the first stands for none */
	size_t count, capacity, most;
	uint32_t root;
};

/* For so many names. The arena, which they lie in, is borrowed and must outlive it. */
void name_set_init(struct name_set *s, struct arena *arena, uint32_t most);
void name_set_release(struct name_set *s);

/* Numbers go up from 1, as names are added; 0: it is not there. */
size_t name_set_find(const struct name_set *s, struct slice name);

/* The same, of one that is added where it is not there; 0: there is no room for it. */
size_t name_set_add(struct name_set *s, struct slice name);

#endif
