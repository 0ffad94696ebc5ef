/* SPDX-License-Identifier: MIT */
#include "reports/field.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(field, numbers_stay_at_the_end_of_the_type)
{
	static const struct {
		const char *text;
		uint64_t want;
	} cases[] = {
		{ "0", 0 },
		{ "1000000007", 1000000007 },
		{ "18446744073709551615", UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX },
		{ "99999999999999999999999999", UINT64_MAX },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		cr_expect_eq(field_number(slice_from(cases[i].text)), cases[i].want, "%s",
			     cases[i].text);
}

Test(field, copies_outlive_the_row_and_keep_what_is_absent)
{
	char row[] = "mx.example.org";
	struct slice copy = SLICE("of before");
	struct arena arena;

	arena_init(&arena, 4096);
	cr_assert(field_copy(&arena, slice_from(row), &copy));
	row[0] = 'X';
	cr_expect(slice_equal(copy, SLICE("mx.example.org")));
	cr_assert(field_copy(&arena, SLICE(""), &copy));
	cr_expect(!slice_is_absent(copy) && copy.n == 0);
	cr_assert(field_copy(&arena, SLICE_ABSENT, &copy));
	cr_expect(slice_is_absent(copy));
	arena_release(&arena);
}

Test(field, a_full_arena_is_told)
{
	struct slice copy;
	struct arena arena;

	arena_init(&arena, 4);
	cr_expect(!field_copy(&arena, SLICE("longer than that"), &copy));
	cr_expect(field_copy(&arena, SLICE_ABSENT, &copy), "what is absent takes no room");
	arena_release(&arena);
}
