/* SPDX-License-Identifier: MIT */
#include "reports/wrap.h"

#include "tests/unit/captured.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void expect_wrapped(struct slice text, unsigned first, unsigned rest, unsigned width,
			   const char *want, const char *name)
{
	struct captured c;

	captured_open(&c);
	wrap_print(&c.out, text, first, rest, width);
	EXPECT_TEXT(captured_text(&c), want, name);
	captured_close(&c);
}

Test(wrap, breaks_between_words)
{
	static const struct {
		const char *name;
		struct slice text;
		unsigned first, rest, width;
		const char *want;
	} cases[] = {
		{ "nothing", BYTES(""), 0, 0, 10, "\n" },
		{ "absent", { NULL, 0 }, 0, 0, 10, "\n" },
		{ "one word", BYTES("word"), 0, 0, 10, "word\n" },
		{ "exactly as wide", BYTES("aaa bbb cc"), 0, 0, 10, "aaa bbb cc\n" },
		{ "one wider", BYTES("aaa bbb ccc"), 0, 0, 10, "aaa bbb\nccc\n" },
		{ "second line as wide", BYTES("aaaaaaaa bbb ccc dd"), 0, 0, 10,
		  "aaaaaaaa\nbbb ccc dd\n" },
		{ "second line one wider", BYTES("aaaaaaaa bbb ccc ddd"), 0, 0, 10,
		  "aaaaaaaa\nbbb ccc\nddd\n" },
		{ "indents", BYTES("aaa bbb ccc"), 2, 4, 9, "  aaa bbb\n    ccc\n" },
		{ "indents count", BYTES("aaa bbb ccc"), 3, 4, 9, "   aaa\n    bbb\n    ccc\n" },
		{ "second indent as wide", BYTES("aaaaa bb cc"), 0, 4, 9, "aaaaa bb\n    cc\n" },
		{ "a long word", BYTES("a bbbbbbbbbbbb c"), 0, 0, 5, "a\nbbbbbbbbbbbb\nc\n" },
		{ "a long first word", BYTES("bbbbbbbbbbbb c"), 1, 2, 5, " bbbbbbbbbbbb\n  c\n" },
		{ "no width", BYTES("a b"), 0, 0, 0, "a\nb\n" },
		{ "indent past the width", BYTES("a b"), 8, 8, 4, "        a\n        b\n" },
		{ "many spaces", BYTES("  a   b  "), 0, 0, 10, "a b\n" },
		{ "by characters", BYTES("\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4"), 0, 0, 5,
		  "\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\n" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		expect_wrapped(cases[i].text, cases[i].first, cases[i].rest, cases[i].width,
			       cases[i].want, cases[i].name);
}

Test(wrap, goes_on_in_a_line)
{
	struct captured c;

	captured_open(&c);
	output_text(&c.out, "name  ");
	wrap_continue(&c.out, SLICE("aaa bbb ccc ddd"), 6, 6, 13);
	EXPECT_TEXT(captured_text(&c), "name  aaa bbb\n      ccc ddd\n", "two lines");
	captured_close(&c);
}

Test(wrap, makes_harmless_what_it_wraps)
{
	expect_wrapped(SLICE("\x1b[31mred"), 0, 0, 80, "\\x1b[31mred\n", "escape sequence");
	expect_wrapped(SLICE("a\nb"), 0, 0, 80, "a\\x0ab\n", "a line end of its own");
	expect_wrapped(SLICE("a\xe2\x80\xae"
			     "b \xff"),
		       0, 0, 80, "a\\u202eb \xef\xbf\xbd\n", "override");
	expect_wrapped(SLICE("a\x1b\x1b b"), 0, 0, 10, "a\\x1b\\x1b\nb\n", "wide as it is shown");
}
