/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

#include <limits.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(slice, compares_bytes)
{
	static const struct {
		const char *name;
		struct slice a, b;
		bool equal, equal_icase;
		int order;
	} cases[] = {
		{ "same", BYTES("abc"), BYTES("abc"), true, true, 0 },
		{ "case", BYTES("aBc"), BYTES("AbC"), false, true, 1 },
		{ "shorter", BYTES("ab"), BYTES("abc"), false, false, -1 },
		{ "longer", BYTES("abc"), BYTES("ab"), false, false, 1 },
		{ "both empty", BYTES(""), BYTES(""), true, true, 0 },
		{ "absent and empty", { NULL, 0 }, BYTES(""), true, true, 0 },
		{ "absent and text", { NULL, 0 }, BYTES("a"), false, false, -1 },
		{ "behind a NUL", BYTES("a\0b"), BYTES("a\0c"), false, false, -1 },
		{ "high bytes are high", BYTES("\xff"), BYTES("a"), false, false, 1 },
		{ "@ is no letter", BYTES("@"), BYTES("`"), false, false, -1 },
		{ "[ is no letter", BYTES("["), BYTES("{"), false, false, -1 },
		{ "latin letters do not fold", BYTES("\xc4"), BYTES("\xe4"), false, false, -1 },
		{ "last byte", BYTES("abcd"), BYTES("abce"), false, false, -1 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int order = slice_compare(cases[i].a, cases[i].b);

		EXPECT_INT(slice_equal(cases[i].a, cases[i].b), cases[i].equal, cases[i].name);
		EXPECT_INT(slice_equal_icase(cases[i].a, cases[i].b), cases[i].equal_icase,
			   cases[i].name);
		EXPECT_INT((order > 0) - (order < 0), cases[i].order, cases[i].name);
	}
}

Test(slice, knows_beginning_end_and_middle)
{
	static const struct {
		const char *name;
		struct slice s, part;
		bool starts, starts_icase, ends, contains;
	} cases[] = {
		{ "whole", BYTES("abc"), BYTES("abc"), true, true, true, true },
		{ "front", BYTES("abc"), BYTES("ab"), true, true, false, true },
		{ "front in capitals", BYTES("abc"), BYTES("AB"), false, true, false, true },
		{ "back", BYTES("abc"), BYTES("bc"), false, false, true, true },
		{ "middle", BYTES("abc"), BYTES("B"), false, false, false, true },
		{ "too long", BYTES("abc"), BYTES("abcd"), false, false, false, false },
		{ "last place", BYTES("aab"), BYTES("ab"), false, false, true, true },
		{ "empty part", BYTES("abc"), BYTES(""), true, true, true, true },
		{ "nothing in nothing", BYTES(""), BYTES(""), true, true, true, true },
		{ "something in nothing", BYTES(""), BYTES("a"), false, false, false, false },
		{ "absent", { NULL, 0 }, BYTES(""), true, true, true, true },
		{ "over a NUL", BYTES("a\0b"), BYTES("\0b"), false, false, true, true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice s = cases[i].s, part = cases[i].part;

		EXPECT_INT(slice_starts_with(s, part), cases[i].starts, cases[i].name);
		EXPECT_INT(slice_starts_with_icase(s, part), cases[i].starts_icase, cases[i].name);
		EXPECT_INT(slice_ends_with(s, part), cases[i].ends, cases[i].name);
		EXPECT_INT(slice_contains_icase(s, part), cases[i].contains, cases[i].name);
	}
}

Test(slice, finds_the_first_byte)
{
	static const struct {
		struct slice s;
		char c;
		size_t at;
	} cases[] = {
		{ BYTES("a,b,c"), ',', 1 }, { BYTES("abc"), ',', 3 },   { BYTES(""), ',', 0 },
		{ { NULL, 0 }, ',', 0 },    { BYTES("ab\0"), '\0', 2 }, { BYTES("ab"), '\0', 2 },
		{ BYTES(",a"), ',', 0 },    { BYTES("ab,"), ',', 2 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		cr_expect(slice_find(cases[i].s, cases[i].c) == cases[i].at, "case %zu", i);
}

Test(slice, takes_parts_within_bounds)
{
	struct slice s = SLICE("abc");

	EXPECT_TEXT(slice_from_offset(s, 0), "abc", "offset 0");
	EXPECT_TEXT(slice_from_offset(s, 2), "c", "offset 2");
	EXPECT_TEXT(slice_from_offset(s, 3), "", "offset 3");
	EXPECT_TEXT(slice_from_offset(s, 4), "", "offset 4");
	EXPECT_TEXT(slice_from_offset(s, SIZE_MAX), "", "largest offset");
	EXPECT_TEXT(slice_from_offset(SLICE_ABSENT, 1), NULL, "offset in the absent slice");
	EXPECT_TEXT(slice_prefix(s, 0), "", "prefix 0");
	EXPECT_TEXT(slice_prefix(s, 2), "ab", "prefix 2");
	EXPECT_TEXT(slice_prefix(s, 4), "abc", "prefix 4");
	EXPECT_TEXT(slice_prefix(SLICE_ABSENT, 4), NULL, "prefix of the absent slice");
}

Test(slice, trims_blanks)
{
	static const struct {
		struct slice s;
		const char *want;
	} cases[] = {
		{ BYTES("abc"), "abc" },
		{ BYTES(" \t\r\n\v\fabc\f\v\n\r\t "), "abc" },
		{ BYTES(" a b "), "a b" },
		{ BYTES(" \t"), "" },
		{ BYTES(""), "" },
		{ { NULL, 0 }, NULL },
		{ BYTES("\xc2\xa0x"), "\xc2\xa0x" },
		{ BYTES("\x08x\x0e"), "\x08x\x0e" },
		{ BYTES(" a"), "a" },
		{ BYTES("a "), "a" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_TEXT(slice_trim(cases[i].s), cases[i].want, "trim");
	EXPECT_BYTES(slice_trim(SLICE(" \0 ")), SLICE("\0"), "a NUL is no blank");
	EXPECT_TEXT(slice_skip_blanks(SLICE(" \t\r\n\v\fa b ")), "a b ", "in front only");
	EXPECT_TEXT(slice_skip_blanks(SLICE(" ")), "", "nothing else");
	EXPECT_TEXT(slice_skip_blanks(SLICE_ABSENT), NULL, "absent");
}

Test(slice, cuts_fields)
{
	static const struct {
		struct slice s;
		const char *fields; /* joined by | */
	} cases[] = {
		{ BYTES("a,b,"), "a|b||" }, { BYTES(""), "|" },     { BYTES(","), "||" },
		{ BYTES("abc"), "abc|" },   { BYTES(",a"), "|a|" }, { { NULL, 0 }, "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char got[32] = "";
		size_t n = 0;
		struct slice rest = cases[i].s, field;

		while (slice_cut(&rest, ',', &field)) {
			cr_assert(n + field.n + 2 < sizeof(got));
			memcpy(got + n, field.p, field.n);
			n += field.n;
			got[n++] = '|';
		}
		EXPECT_TEXT(slice_of(got, n), cases[i].fields, "cut");
	}
}

Test(slice, copies_to_c_text_or_refuses)
{
	char array[4] = "xyz";

	cr_expect(slice_to_cstr(SLICE("abc"), array, sizeof(array)), "three of four");
	cr_expect_str_eq(array, "abc");
	cr_expect(!slice_to_cstr(SLICE("abcd"), array, sizeof(array)), "four of four");
	cr_expect(!slice_to_cstr(SLICE("a\0"), array, sizeof(array)), "a NUL at the end");
	cr_expect(!slice_to_cstr(SLICE("\0a"), array, sizeof(array)), "a NUL in front");
	cr_expect_str_eq(array, "abc", "untouched where refused");
	cr_expect(slice_to_cstr(SLICE_ABSENT, array, sizeof(array)), "absent");
	cr_expect_str_eq(array, "");
	cr_expect(!slice_to_cstr(SLICE(""), array, 0), "no room for the NUL");
}

Test(slice, is_made_of_c_text)
{
	EXPECT_TEXT(slice_from("abc"), "abc", "text");
	EXPECT_TEXT(slice_from(""), "", "empty");
	EXPECT_TEXT(slice_from(NULL), NULL, "NULL");
	EXPECT_INT(SLICE("a\0b").n, 3, "a literal with a NUL");
}

Test(slice, folds_and_classes_every_byte_alike)
{
	for (int i = CHAR_MIN; i <= CHAR_MAX; i++) {
		char c = (char)i;
		bool blank = c != '\0' && strchr(" \t\n\v\f\r", c) != NULL;
		char lower = (char)(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);

		cr_expect(byte_is_blank(c) == blank, "blank %d", i);
		cr_expect(byte_is_digit(c) == (c != '\0' && strchr("0123456789", c)), "digit %d",
			  i);
		cr_expect(byte_lower(c) == lower, "lower %d", i);
	}
}

static int length_for_printing(int length, const char *text UNUSED)
{
	return length;
}

Test(slice, prints_at_most_4096_bytes)
{
	static const char text[5000];

	EXPECT_INT(length_for_printing(SLICE_ARG(slice_of(text, 4096))), 4096, "at the limit");
	EXPECT_INT(length_for_printing(SLICE_ARG(slice_of(text, 4097))), 4096, "past the limit");
	EXPECT_INT(length_for_printing(SLICE_ARG(SLICE_ABSENT)), 0, "absent");
}
