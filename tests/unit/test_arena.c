/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

static const size_t unit = alignof(max_align_t);

Test(arena, aligns_and_keeps_apart)
{
	struct arena a;
	char *blocks[64];

	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		blocks[i] = arena_alloc(&a, i * 37);
		cr_assert_not_null(blocks[i], "block %zu", i);
		cr_expect((uintptr_t)blocks[i] % unit == 0, "block %zu is not aligned", i);
		memset(blocks[i], (int)i, i * 37);
	}
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		for (size_t j = 0; j < i * 37; j++)
			cr_assert(blocks[i][j] == (char)i, "block %zu was written over", i);
	}
	arena_release(&a);
}

Test(arena, ends_at_its_cap)
{
	struct arena a;

	arena_init(&a, 4 * unit);
	cr_expect_null(arena_alloc(&a, 4 * unit + 1), "one past the cap at once");
	cr_expect_not_null(arena_alloc(&a, 4 * unit), "the cap at once");
	cr_expect_null(arena_alloc(&a, 1), "one past the cap");
	EXPECT_INT(a.used, 4 * unit, "used");
	arena_reset(&a);
	cr_expect_not_null(arena_alloc(&a, 3 * unit), "after a reset");
	cr_expect_not_null(arena_alloc(&a, 1), "the last unit");
	cr_expect_null(arena_alloc(&a, 1), "one past the last unit");
	cr_expect_null(arena_alloc(&a, SIZE_MAX), "the largest size");
	cr_expect_null(arena_alloc(&a, SIZE_MAX - unit + 2), "a size that rounds to nothing");
	arena_release(&a);
	EXPECT_INT(a.cap, 4 * unit, "the cap stays");
}

Test(arena, counts_what_alignment_takes)
{
	struct arena a;

	arena_init(&a, 4 * unit - 1);
	cr_expect_null(arena_alloc(&a, 3 * unit + 1), "rounded it passes the cap");
	cr_expect_not_null(arena_alloc(&a, 3 * unit), "rounded it does not");
	arena_release(&a);
}

Test(arena, copies_bytes_with_a_terminator)
{
	static const struct slice cases[] = { BYTES("abc"), BYTES(""), { NULL, 0 }, BYTES("a\0b") };
	struct arena a;

	arena_init(&a, 1024);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice copy;

		cr_assert(arena_copy(&a, cases[i], &copy), "case %zu", i);
		EXPECT_BYTES(copy, cases[i], "copy");
		cr_expect(copy.p != cases[i].p, "case %zu is no copy", i);
		cr_expect(copy.p[copy.n] == '\0', "case %zu is not terminated", i);
	}
	arena_release(&a);
}

Test(arena, copies_only_with_room_for_the_terminator)
{
	static const char text[alignof(max_align_t) + 1] = { 'x' };
	struct arena a;
	struct slice copy = SLICE("untouched");

	arena_init(&a, unit);
	cr_expect(!arena_copy(&a, slice_of(text, unit), &copy), "one past");
	EXPECT_TEXT(copy, "untouched", "on failure");
	cr_expect(arena_copy(&a, slice_of(text, unit - 1), &copy), "at the limit");
	EXPECT_INT(copy.n, unit - 1, "length");
	arena_release(&a);
}

Test(arena, works_after_reset_and_release)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	for (size_t round = 0; round < 100; round++) {
		/* around a chunk's size, so that small and large chunks take turns */
		size_t size = 16000 + round * 16;
		char *p = arena_alloc(&a, size), *q = arena_alloc(&a, 100);

		cr_assert(p && q, "round %zu", round);
		memset(p, 1, size);
		memset(q, 2, 100);
		cr_expect(p[size - 1] == 1, "round %zu", round);
		if (round % 3 == 0)
			arena_release(&a);
		else
			arena_reset(&a);
		EXPECT_INT(a.used, 0, "used");
	}
	arena_reset(&a);
	arena_release(&a);
	arena_release(&a);
	cr_expect_not_null(arena_alloc(&a, 1), "an arena that was released");
	arena_release(&a);
}

Test(arena, keeps_one_small_chunk_over_a_reset)
{
	struct arena a;

	arena_init(&a, 1 << 20);

	char *first = arena_alloc(&a, 100);

	arena_reset(&a);
	cr_expect(arena_alloc(&a, 100) == first, "the chunk is used again");
	cr_expect_not_null(arena_alloc(&a, 20000), "a chunk of its own");
	arena_reset(&a);
	cr_expect_null(a.newest, "a large chunk is not kept");
	arena_release(&a);
}
