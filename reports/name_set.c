/* SPDX-License-Identifier: MIT */
/*
 * An AA tree (Andersson 1993): a node's level is above that of what is before it, and at most once the same
 * along what is behind it. So the longest way down is at most twice the shortest.
 */
#include "reports/name_set.h"

#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

void name_set_init(struct name_set *s, struct arena *arena, uint32_t most)
{
	*s = (struct name_set){ .arena = arena, .most = most };
	s->nodes = memory_grow_array(s->nodes, 0, &s->capacity, sizeof(*s->nodes));
	s->nodes[0] = (struct name_node){ .name = SLICE_ABSENT };
}

void name_set_release(struct name_set *s)
{
	free(s->nodes);
	*s = (struct name_set){ 0 };
}

size_t name_set_find(const struct name_set *s, struct slice name)
{
	uint32_t at = s->root;

	while (at != 0) {
		const struct name_node *node = &s->nodes[at];
		int order = slice_compare(name, node->name);

		if (order == 0)
			break;
		at = order < 0 ? node->before : node->behind;
	}
	return at;
}

/* What is before it on the same level goes above it. */
static uint32_t skew(struct name_node *nodes, uint32_t at)
{
	uint32_t before = nodes[at].before;

	if (nodes[before].level != nodes[at].level)
		return at;
	nodes[at].before = nodes[before].behind;
	nodes[before].behind = at;
	return before;
}

/* Of three in a row on the same level the middle one goes above the others. */
static uint32_t split(struct name_node *nodes, uint32_t at)
{
	uint32_t behind = nodes[at].behind;

	if (nodes[nodes[behind].behind].level != nodes[at].level)
		return at;
	nodes[at].behind = nodes[behind].before;
	nodes[behind].before = at;
	nodes[behind].level++;
	return behind;
}

/* The new top of what is below `at`. As deep as the tree, which is not much. */
static uint32_t insert(struct name_node *nodes, uint32_t at, uint32_t new)
{
	if (at == 0)
		return new;
	if (slice_compare(nodes[new].name, nodes[at].name) < 0)
		nodes[at].before = insert(nodes, nodes[at].before, new);
	else
		nodes[at].behind = insert(nodes, nodes[at].behind, new);
	return split(nodes, skew(nodes, at));
}

size_t name_set_add(struct name_set *s, struct slice name)
{
	struct name_node node = { .level = 1 };
	size_t at = name_set_find(s, name);

	if (at != 0 || s->count == s->most || !arena_copy(s->arena, name, &node.name))
		return at;
	at = ++s->count;
	s->nodes = memory_grow_array(s->nodes, at, &s->capacity, sizeof(*s->nodes));
	s->nodes[at] = node;
	s->root = insert(s->nodes, s->root, (uint32_t)at);
	return at;
}
