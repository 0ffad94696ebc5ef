/* SPDX-License-Identifier: MIT */
#include "store/key_set.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

/* Keys with the same first bytes meet in one slot. */
static struct uuid key_of(uint32_t first, uint32_t rest)
{
	struct uuid key = { { 0 } };

	memcpy(key.bytes, &first, sizeof(first));
	memcpy(key.bytes + 8, &rest, sizeof(rest));
	return key;
}

static bool add(struct key_set *s, uint32_t first, uint32_t rest)
{
	struct uuid key = key_of(first, rest);

	return key_set_add(s, &key);
}

Test(key_set, takes_a_key_once_per_message)
{
	struct key_set s;

	key_set_init(&s, NULL);
	cr_expect(add(&s, 1, 1), "new");
	cr_expect(!add(&s, 1, 1), "again");
	cr_expect(add(&s, 2, 1), "another");
	key_set_next_owner(&s);
	cr_expect(add(&s, 1, 1), "the next message brings its own");
	cr_expect(!add(&s, 1, 1), "once");
	EXPECT_INT(s.count, 2, "keys");
	key_set_release(&s);
}

Test(key_set, knows_what_was_committed)
{
	struct key_set s;

	key_set_init(&s, NULL);
	cr_expect(add(&s, 1, 1));
	key_set_next_owner(&s);
	cr_expect(add(&s, 2, 1));
	key_set_commit(&s);
	key_set_next_owner(&s);
	cr_expect(!add(&s, 1, 1), "of an earlier message");
	cr_expect(!add(&s, 2, 1), "of the last message");
	cr_expect(add(&s, 3, 1), "a new one");
	key_set_release(&s);
}

Test(key_set, forgets_all)
{
	struct key_set s;

	key_set_init(&s, NULL);
	cr_expect(add(&s, 1, 1));
	key_set_commit(&s);
	key_set_forget(&s);
	EXPECT_INT(s.count, 0, "keys");
	cr_expect(add(&s, 1, 1), "as new");
	key_set_release(&s);
}

Test(key_set, keeps_keys_apart_that_meet_in_a_slot)
{
	struct key_set s;

	key_set_init(&s, NULL);
	/* the last slot, so that the search goes round */
	for (uint32_t i = 0; i < 100; i++)
		cr_expect(add(&s, KEY_SET_CAPACITY - 1, i), "key %u", i);
	for (uint32_t i = 0; i < 100; i++)
		cr_expect(!add(&s, KEY_SET_CAPACITY - 1, i), "key %u again", i);
	cr_expect(add(&s, 5, 0), "a key whose own slot was taken by another");
	cr_expect(!add(&s, 5, 0), "again");
	EXPECT_INT(s.count, 101, "keys");
	key_set_release(&s);
}

Test(key_set, starts_over_when_it_is_full)
{
	enum { FULL = KEY_SET_CAPACITY / 4 * 3 };
	struct key_set s;

	key_set_init(&s, NULL);
	for (uint32_t i = 0; i < FULL; i++)
		cr_assert(add(&s, i, i), "key %u", i);
	EXPECT_INT(s.count, FULL, "full");
	cr_expect(add(&s, FULL, FULL), "one more");
	EXPECT_INT(s.count, 1, "it is alone");
	cr_expect(add(&s, 0, 0), "the first is forgotten, and sent again");
	key_set_release(&s);
}

Test(key_set, numbers_messages_without_end)
{
	struct key_set s;

	key_set_init(&s, NULL);
	cr_expect(add(&s, 1, 1));
	key_set_commit(&s);
	s.owner = UINT32_MAX;
	cr_expect(add(&s, 2, 2));
	key_set_next_owner(&s);
	EXPECT_INT(s.owner, KEY_SET_FIRST_OWNER, "round");
	cr_expect(!add(&s, 1, 1), "known is known");
	cr_expect(add(&s, 2, 2), "another message's");
	key_set_release(&s);
}

/* Two writers: what one has committed the other need not send. */
Test(key_set, what_one_has_committed_is_known_to_all)
{
	struct key_commons *commons = key_commons_new();
	struct key_set a, b;

	key_set_init(&a, commons);
	key_set_init(&b, commons);
	cr_expect(add(&a, 1, 1));
	cr_expect(add(&b, 1, 1), "it is under way, no more");
	cr_expect(add(&a, 2, 2));
	key_set_commit(&a);
	key_set_next_owner(&b);
	cr_expect(add(&b, 1, 1), "b has begun to send it, and goes on with each message");
	cr_expect(!add(&b, 2, 2), "a has brought it");
	EXPECT_INT(b.count, 2, "b knows both");
	key_set_forget(&b);
	cr_expect(!add(&b, 2, 2), "what is common is not forgotten");
	key_set_forget(&a);
	cr_expect(!add(&a, 1, 1), "by whoever brought it");
	key_set_release(&a);
	key_set_release(&b);
	key_commons_free(commons);
}

Test(key_set, what_is_common_is_bounded)
{
	enum { FULL = KEY_SET_CAPACITY / 4 * 3 };
	struct key_commons *commons = key_commons_new();
	struct key_set a, b;

	key_set_init(&a, commons);
	key_set_init(&b, commons);
	for (uint32_t i = 0; i < FULL; i++)
		cr_assert(add(&a, i, i), "key %u", i);
	key_set_commit(&a);
	cr_expect(!add(&b, 5, 5), "known");
	cr_expect(add(&a, FULL, FULL), "one more: a starts over");
	key_set_commit(&a);
	cr_expect(!add(&b, FULL, FULL), "and so does what is common");
	cr_expect(add(&b, 6, 6), "with nothing else");
	key_set_release(&a);
	key_set_release(&b);
	key_commons_free(commons);
}
