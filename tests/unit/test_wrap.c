/* SPDX-License-Identifier: MIT */
#include "reports/wrap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static char folder[512];
static char *path;

static void make_folder(void)
{
	const char *above = getenv("TMPDIR");

	cr_assert(text_format(folder, sizeof(folder), "%s/ruamill-wrap.XXXXXX",
			      above ? above : "/tmp"));
	cr_assert_not_null(mkdtemp(folder));
	path = path_join(folder, "out");
}

static void remove_folder(void)
{
	(void)unlink(path);
	cr_expect(rmdir(folder) == 0, "something was left in %s", folder);
	free(path);
}

TestSuite(wrap, .init = make_folder, .fini = remove_folder);

static void expect_wrapped(struct slice text, unsigned first, unsigned rest, unsigned width,
			   const char *want, const char *name)
{
	struct err e = ERR_INIT;
	struct output out;
	SCOPED(buf) struct buf got = { 0 };

	cr_assert(output_open(&out, path, &e), "%s", e.what);
	wrap_print(&out, text, first, rest, width);
	cr_assert(output_finish(&out, &e), "%s", e.what);
	output_release(&out);
	cr_assert(file_read_all(path, 1 << 20, &got, &e), "%s", e.what);
	EXPECT_TEXT(buf_slice(&got), want, name);
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

Test(wrap, makes_harmless_what_it_wraps)
{
	expect_wrapped(SLICE("\x1b[31mred"), 0, 0, 80, "\\x1b[31mred\n", "escape sequence");
	expect_wrapped(SLICE("a\nb"), 0, 0, 80, "a\\x0ab\n", "a line end of its own");
	expect_wrapped(SLICE("a\xe2\x80\xae"
			     "b \xff"),
		       0, 0, 80, "a\\u202eb \xef\xbf\xbd\n", "override");
	expect_wrapped(SLICE("a\x1b\x1b b"), 0, 0, 10, "a\\x1b\\x1b\nb\n", "wide as it is shown");
}
