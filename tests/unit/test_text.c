/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(text, formats_what_fits)
{
	char array[8] = "before";

	cr_expect(text_format(array, sizeof(array), "%d", 1234567), "seven of eight");
	cr_expect_str_eq(array, "1234567");
	cr_expect(!text_format(array, sizeof(array), "%s", "12345678"), "eight of eight");
	cr_expect_str_eq(array, "");
	cr_expect(text_format(array, 1, "%s", ""), "nothing in one");
	cr_expect(!text_format(array, 1, "%s", "x"), "one in one");
}

Test(text, copies_what_fits)
{
	char array[4];

	cr_expect(text_copy(array, sizeof(array), SLICE("abc")), "three of four");
	cr_expect_str_eq(array, "abc");
	cr_expect(!text_copy(array, sizeof(array), SLICE("abcd")), "four of four");
	cr_expect_str_eq(array, "");
	cr_expect(!text_copy(array, sizeof(array), SLICE("a\0b")), "a NUL");
	cr_expect_str_eq(array, "");
}

static const struct {
	const char *name;
	struct slice bytes;
	size_t length; /* 1 with 0xFFFD: no character */
	uint32_t point;
} utf8_cases[] = {
	{ "NUL", BYTES("\0"), 1, 0 },
	{ "ASCII", BYTES("az"), 1, 'a' },
	{ "last of one", BYTES("\x7f"), 1, 0x7F },
	{ "first of two", BYTES("\xc2\x80"), 2, 0x80 },
	{ "last of two", BYTES("\xdf\xbf"), 2, 0x7FF },
	{ "first of three", BYTES("\xe0\xa0\x80"), 3, 0x800 },
	{ "before the surrogates", BYTES("\xed\x9f\xbf"), 3, 0xD7FF },
	{ "behind the surrogates", BYTES("\xee\x80\x80"), 3, 0xE000 },
	{ "U+FFFD itself", BYTES("\xef\xbf\xbd"), 3, 0xFFFD },
	{ "last of three", BYTES("\xef\xbf\xbf"), 3, 0xFFFF },
	{ "first of four", BYTES("\xf0\x90\x80\x80"), 4, 0x10000 },
	{ "last of all", BYTES("\xf4\x8f\xbf\xbf"), 4, 0x10FFFF },
	{ "past the last", BYTES("\xf4\x90\x80\x80"), 1, 0xFFFD },
	{ "overlong NUL", BYTES("\xc0\x80"), 1, 0xFFFD },
	{ "overlong of two", BYTES("\xc1\xbf"), 1, 0xFFFD },
	{ "overlong of three", BYTES("\xe0\x9f\xbf"), 1, 0xFFFD },
	{ "overlong of four", BYTES("\xf0\x8f\xbf\xbf"), 1, 0xFFFD },
	{ "first surrogate", BYTES("\xed\xa0\x80"), 1, 0xFFFD },
	{ "last surrogate", BYTES("\xed\xbf\xbf"), 1, 0xFFFD },
	{ "a continuation alone", BYTES("\x80"), 1, 0xFFFD },
	{ "a lead of five", BYTES("\xf8\x88\x80\x80\x80"), 1, 0xFFFD },
	{ "0xFF", BYTES("\xff"), 1, 0xFFFD },
	{ "two, cut", BYTES("\xc3"), 1, 0xFFFD },
	{ "three, cut", BYTES("\xe2\x82"), 1, 0xFFFD },
	{ "four, cut", BYTES("\xf0\x9f\x98"), 1, 0xFFFD },
	{ "two, broken", BYTES("\xc3("), 1, 0xFFFD },
	{ "three, broken in its last", BYTES("\xe2\x82("), 1, 0xFFFD },
	{ "four, broken in its last", BYTES("\xf0\x9f\x98\xc0"), 1, 0xFFFD },
};

Test(text, decodes_utf8)
{
	for (size_t i = 0; i < COUNT_OF(utf8_cases); i++) {
		uint32_t point = 0;
		size_t length = utf8_decode(utf8_cases[i].bytes, &point);
		bool valid = length > 1 || (unsigned char)utf8_cases[i].bytes.p[0] < 0x80;

		EXPECT_INT(length, utf8_cases[i].length, utf8_cases[i].name);
		EXPECT_INT(point, utf8_cases[i].point, utf8_cases[i].name);
		EXPECT_INT(utf8_is_valid(utf8_cases[i].bytes), valid, utf8_cases[i].name);
		/* what stands behind the end is not looked at, even where it would fit */
		for (size_t n = 1; n < utf8_cases[i].length; n++) {
			EXPECT_INT(utf8_decode(slice_prefix(utf8_cases[i].bytes, n), &point), 1,
				   utf8_cases[i].name);
			EXPECT_INT(point, 0xFFFD, utf8_cases[i].name);
		}
	}
	cr_expect(utf8_is_valid(SLICE("")), "empty");
	cr_expect(utf8_is_valid(SLICE_ABSENT), "absent");
	cr_expect(utf8_is_valid(SLICE("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z")), "mixed");
	cr_expect(!utf8_is_valid(SLICE("a\xc3\xa4\xe2\x82")), "mixed, cut");
}

Test(text, encodes_what_it_decodes)
{
	for (uint32_t point = 0; point <= 0x10FFFF; point += point < 0x1000 ? 1 : 251) {
		SCOPED(buf) struct buf b = { 0 };
		uint32_t back = 0;

		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		utf8_append(&b, point);
		cr_expect(utf8_decode(buf_slice(&b), &back) == b.n && back == point, "U+%04X",
			  point);
	}
	for (size_t i = 0; i < COUNT_OF(utf8_cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		utf8_append(&b, utf8_cases[i].point);
		if (utf8_cases[i].point != 0xFFFD)
			EXPECT_BYTES(buf_slice(&b),
				     slice_prefix(utf8_cases[i].bytes, utf8_cases[i].length),
				     utf8_cases[i].name);
	}
}

Test(text, cuts_between_characters)
{
	static const struct {
		struct slice s;
		size_t max;
		const char *want;
	} cases[] = {
		{ BYTES("abc"), 3, "abc" },
		{ BYTES("abc"), 4, "abc" },
		{ BYTES("abc"), 2, "ab" },
		{ BYTES("abc"), 0, "" },
		{ BYTES("a\xe2\x82\xac"), 4, "a\xe2\x82\xac" },
		{ BYTES("a\xe2\x82\xac"), 3, "a" },
		{ BYTES("a\xe2\x82\xac"), 2, "a" },
		{ BYTES("a\xe2\x82\xac"), 1, "a" },
		{ BYTES("\xf0\x9f\x98\x80z"), 4, "\xf0\x9f\x98\x80" },
		{ BYTES("\xf0\x9f\x98\x80z"), 3, "" },
		{ { NULL, 0 }, 3, NULL },
		/* bytes that start no character are not one character, however many */
		{ BYTES("\x80\x80\x80\x80\x80\x80\x80\x80"), 6, "\x80\x80\x80\x80\x80\x80" },
		{ BYTES("a\x80\x80\x80\x80\x80\x80\x80"), 6, "a\x80\x80\x80\x80\x80" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_TEXT(utf8_prefix(cases[i].s, cases[i].max), cases[i].want, "prefix");
}

Test(text, makes_foreign_text_harmless)
{
	static const struct {
		const char *name;
		struct slice s;
		size_t max;
		const char *want;
	} cases[] = {
		{ "plain", BYTES("plain text ~"), 100, "plain text ~" },
		{ "empty", BYTES(""), 100, "" },
		{ "absent", { NULL, 0 }, 100, "" },
		{ "escape sequence", BYTES("\x1b[31mred"), 100, "\\x1b[31mred" },
		{ "NUL, tab and line ends", BYTES("a\0\t\r\nb"), 100, "a\\x00\\x09\\x0d\\x0ab" },
		{ "last of C0", BYTES("\x1f "), 100, "\\x1f " },
		{ "DEL", BYTES("\x7f"), 100, "\\x7f" },
		{ "C1",
		  BYTES("\xc2\x9b"
			"31m"),
		  100, "\\x9b31m" },
		{ "first behind C1", BYTES("\xc2\xa0"), 100, "\xc2\xa0" },
		{ "soft hyphen",
		  BYTES("a\xc2\xad"
			"b"),
		  100, "a\\xadb" },
		{ "accents and euro stay", BYTES("\xc3\xa4\xe2\x82\xac"), 100,
		  "\xc3\xa4\xe2\x82\xac" },
		{ "right-to-left override", BYTES("\xe2\x80\xae"), 100, "\\u202e" },
		{ "bidi isolate", BYTES("\xe2\x81\xa6"), 100, "\\u2066" },
		{ "zero width space", BYTES("\xe2\x80\x8b"), 100, "\\u200b" },
		{ "last before it", BYTES("\xe2\x80\x8a"), 100, "\xe2\x80\x8a" },
		{ "right-to-left mark", BYTES("\xe2\x80\x8f"), 100, "\\u200f" },
		{ "first behind it", BYTES("\xe2\x80\x90"), 100, "\xe2\x80\x90" },
		{ "line separator", BYTES("\xe2\x80\xa8"), 100, "\\u2028" },
		{ "Arabic letter mark", BYTES("\xd8\x9c"), 100, "\\u061c" },
		{ "Mongolian separator", BYTES("\xe1\xa0\x8e"), 100, "\\u180e" },
		{ "byte order mark", BYTES("\xef\xbb\xbf"), 100, "\\ufeff" },
		{ "annotation", BYTES("\xef\xbf\xb9\xef\xbf\xbb"), 100, "\\ufff9\\ufffb" },
		{ "tag characters", BYTES("\xf3\xa0\x81\x81"), 100, "\\ue0041" },
		{ "invalid bytes", BYTES("a\xff\xc3"), 100, "a\xef\xbf\xbd\xef\xbf\xbd" },
		{ "overlong escape", BYTES("\xc0\x9b"), 100, "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "at the maximum", BYTES("abcd"), 4, "abcd" },
		{ "one past it", BYTES("abcde"), 4, "abcd..." },
		{ "cut before a character", BYTES("abc\xe2\x82\xac"), 4, "abc..." },
		{ "nothing of it", BYTES("abc"), 0, "..." },
		{ "only continuations", BYTES("\x80\x80\x80"), 2, "\xef\xbf\xbd\xef\xbf\xbd..." },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		text_append_harmless(&b, cases[i].s, cases[i].max);
		EXPECT_TEXT(buf_slice(&b), cases[i].want, cases[i].name);
	}
}

Test(text, names_the_nearest_word)
{
	static const char *const words[] = { "senders",
					     "report",
					     "db",
					     "hosts",
					     "abcdefghijklmnopqrstuvwxyzabcdef",
					     "abcdefghijklmnopqrstuvwxyzabcdefX",
					     NULL };
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "senders", "senders" },
		{ "sender", "senders" },
		{ "sneders", "senders" },
		{ "snders", "senders" },
		{ "xsenders", "senders" },
		{ "senxxrs", "senders" },
		{ "sexxxrs", NULL },
		{ "xy", NULL },
		{ "d", "db" },
		{ "db", "db" },
		{ "", NULL },
		{ "hots", "hosts" },
		{ "repotr", "report" },
		{ "abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcdef" },
		{ "abcdefghijklmnopqrstuvwxyzabcdefX", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_TEXT(slice_from(text_nearest(slice_from(cases[i].word), words)),
			    cases[i].want, cases[i].word);
	cr_expect_null(text_nearest(SLICE("a"), words + 6), "no words");
}
