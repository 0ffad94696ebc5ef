/* SPDX-License-Identifier: MIT */
#include "reports/name_set.h"

#include "base/bug.h"
#include "base/text.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

enum { NAMES = 1 << 14, DEEPEST = 2 * 14, ROOM = 1 << 20, NAME_SIZE = 16 };

static struct arena arena;
static struct name_set set;

static void setup(void)
{
	arena_init(&arena, ROOM);
	name_set_init(&set, &arena, NAMES);
}

static void teardown(void)
{
	name_set_release(&set);
	arena_release(&arena);
}

TestSuite(name_set, .init = setup, .fini = teardown);

/* Orders in which names may come: n is below NAMES, and so is what comes of it, each once. */
static unsigned upwards(unsigned n)
{
	return n;
}

static unsigned downwards(unsigned n)
{
	return NAMES - 1 - n;
}

static unsigned from_both_ends(unsigned n)
{
	return n % 2 == 0 ? n / 2 : NAMES - 1 - n / 2;
}

static unsigned scattered(unsigned n)
{
	return n * 6151 % NAMES;
}

static const struct {
	const char *name;
	unsigned (*order)(unsigned n);
} orders[] = {
	{ "upwards", upwards },
	{ "downwards", downwards },
	{ "from both ends", from_both_ends },
	{ "scattered", scattered },
};

static struct slice name_of(unsigned number, char text[static NAME_SIZE])
{
	BUG_UNLESS(text_format(text, NAME_SIZE, "name %05u", number));
	return slice_from(text);
}

/* How many are on the longest way down. */
static unsigned depth_below(uint32_t at)
{
	unsigned before, behind;

	if (at == 0)
		return 0;
	before = depth_below(set.nodes[at].before);
	behind = depth_below(set.nodes[at].behind);
	return 1 + (before > behind ? before : behind);
}

Test(name_set, no_order_of_names_makes_it_deep)
{
	char text[NAME_SIZE];

	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		teardown();
		setup();
		for (unsigned n = 0; n < NAMES; n++)
			cr_assert_eq(name_set_add(&set, name_of(orders[i].order(n), text)), n + 1,
				     "%s: %u", orders[i].name, n);
		cr_expect_leq(depth_below(set.root), DEEPEST, "%s", orders[i].name);
		for (unsigned n = 0; n < NAMES; n++)
			cr_assert_eq(name_set_find(&set, name_of(orders[i].order(n), text)), n + 1,
				     "%s: %u", orders[i].name, n);
	}
}

Test(name_set, a_name_has_one_number)
{
	cr_expect_eq(name_set_find(&set, SLICE("a")), 0);
	cr_expect_eq(name_set_add(&set, SLICE("a")), 1);
	cr_expect_eq(name_set_add(&set, SLICE("")), 2);
	cr_expect_eq(name_set_add(&set, SLICE("a\0b")), 3);
	cr_expect_eq(name_set_add(&set, SLICE("a")), 1);
	cr_expect_eq(name_set_find(&set, SLICE("")), 2);
	cr_expect_eq(name_set_find(&set, SLICE("a\0b")), 3);
	cr_expect_eq(name_set_find(&set, SLICE("a\0c")), 0);
}

Test(name_set, what_there_is_no_room_for_is_not_there)
{
	char text[NAME_SIZE];

	for (unsigned n = 0; n < NAMES; n++)
		cr_assert_neq(name_set_add(&set, name_of(n, text)), 0);
	cr_expect_eq(name_set_add(&set, SLICE("another")), 0);
	cr_expect_eq(name_set_find(&set, SLICE("another")), 0);
	cr_expect_eq(name_set_add(&set, SLICE("name 00007")), 8);

	teardown();
	arena_init(&arena, 4);
	name_set_init(&set, &arena, NAMES);
	cr_expect_eq(name_set_add(&set, SLICE("longer than that")), 0);
	cr_expect_eq(name_set_find(&set, SLICE("longer than that")), 0);
}
