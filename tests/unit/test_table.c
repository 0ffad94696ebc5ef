/* SPDX-License-Identifier: MIT */
#include "base/table.h"

#include "base/err.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

#define COLOUR_LIST(X) X(COLOUR_RED, "red") X(COLOUR_BLUE, "blue") X(COLOUR_NONE, "")
ENUM_TABLE_DECLARE(colour, COLOUR_LIST);
ENUM_TABLE_DEFINE(colour, COLOUR_LIST)

Test(table, makes_enum_and_words_of_one_list)
{
	EXPECT_INT(colour_count, 3, "count");
	EXPECT_INT(COLOUR_RED, 0, "first");
	EXPECT_INT(COLOUR_NONE, 2, "last");
	cr_expect_str_eq(colour_text(COLOUR_BLUE), "blue");
}

Test(table, finds_the_whole_word_only)
{
	static const struct {
		struct slice text;
		int want; /* -1: none */
	} cases[] = {
		{ BYTES("red"), COLOUR_RED }, { BYTES("blue"), COLOUR_BLUE },
		{ BYTES("Blue"), -1 },        { BYTES("blu"), -1 },
		{ BYTES("blues"), -1 },       { BYTES("red\0"), -1 },
		{ BYTES(""), COLOUR_NONE },   { BYTES("green"), -1 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum colour found = (enum colour)77;
		bool done = colour_find(cases[i].text, &found);

		cr_expect(done == (cases[i].want >= 0), "case %zu", i);
		EXPECT_INT(found, done ? cases[i].want : 77, "untouched where none is found");
	}
}

Test(table, gives_the_kinds_of_error_back)
{
	for (int i = 0; i < err_kind_count; i++) {
		enum err_kind found;

		cr_assert(err_kind_find(slice_from(err_kind_text((enum err_kind)i)), &found), "%d",
			  i);
		EXPECT_INT(found, i, "err_kind");
	}
}
