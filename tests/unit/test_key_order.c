/* SPDX-License-Identifier: MIT */
#include "store/key_order.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const unsigned char a[2] = { 1, 0 }, b[2] = { 1, 200 }, c[2] = { 200, 1 },
			   none[2] = { 1, 1 };

static void fill(struct key_order *o)
{
	key_order_add(o, c, 2, 10);
	key_order_add(o, b, 2, 12);
	key_order_add(o, a, 2, 11);
	key_order_add(o, b, 2, 13);
	key_order_add(o, b, 2, 9);
	key_order_sort(o);
}

Test(key_order, orders_by_bytes_and_then_by_place)
{
	static const size_t places[] = { 11, 9, 12, 13, 10 };
	struct key_order o = { 0 };

	fill(&o);
	EXPECT_INT(o.count, COUNT_OF(places), "entries");
	for (size_t i = 0; i < COUNT_OF(places); i++)
		EXPECT_INT(o.entries[i].place, places[i], "in order");
	EXPECT_INT(key_order_end(&o, 0), 1, "a");
	EXPECT_INT(key_order_end(&o, 1), 4, "b");
	EXPECT_INT(key_order_end(&o, 4), 5, "c");
	key_order_release(&o);
}

Test(key_order, finds_the_first_of_a_key)
{
	struct key_order o = { 0 };

	EXPECT_INT(key_order_find(&o, a), 0, "among none");
	fill(&o);
	EXPECT_INT(key_order_find(&o, a), 0, "the least");
	EXPECT_INT(key_order_find(&o, b), 1, "of three");
	EXPECT_INT(key_order_find(&o, c), 4, "the greatest");
	EXPECT_INT(key_order_find(&o, none), o.count, "between two");
	key_order_release(&o);
}
