/* SPDX-License-Identifier: MIT */
#include "reports/csv.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(csv, escapes_texts)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *want;
	} cases[] = {
		{ "plain", BYTES("plain"), "\"plain\"" },
		{ "empty", BYTES(""), "\"\"" },
		{ "absent", { NULL, 0 }, "\"\"" },
		{ "comma", BYTES("a,b"), "\"a,b\"" },
		{ "quotes", BYTES("\"a\" b\""), "\"\"\"a\"\" b\"\"\"" },
		{ "line end", BYTES("a\r\nb"), "\"a\\x0d\\x0ab\"" },
		{ "NUL", BYTES("a\0b"), "\"a\\x00b\"" },
		{ "override", BYTES("a\xe2\x80\xae"), "\"a\\u202e\"" },
		{ "not UTF-8", BYTES("\xff"), "\"\xef\xbf\xbd\"" },
		{ "UTF-8", BYTES("M\xc3\xbcller"), "\"M\xc3\xbcller\"" },
		{ "formula", BYTES("=1+1"), "\"'=1+1\"" },
		{ "plus", BYTES("+1"), "\"'+1\"" },
		{ "minus", BYTES("-1"), "\"'-1\"" },
		{ "at", BYTES("@SUM(A1)"), "\"'@SUM(A1)\"" },
		{ "alone", BYTES("-"), "\"'-\"" },
		{ "with quotes", BYTES("=\"a\""), "\"'=\"\"a\"\"\"" },
		{ "behind a space", BYTES("  =1"), "\"'  =1\"" },
		{ "behind a tab", BYTES("\t=1"), "\"'\\x09=1\"" },
		{ "behind a line end", BYTES("\r\n=1"), "\"'\\x0d\\x0a=1\"" },
		{ "in the middle", BYTES("a=1"), "\"a=1\"" },
		{ "an apostrophe", BYTES("'=1"), "\"'=1\"" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf line = { 0 };

		csv_append_text(&line, true, cases[i].text);
		EXPECT_TEXT(buf_slice(&line), cases[i].want, cases[i].name);
	}
}

Test(csv, makes_lines)
{
	SCOPED(buf) struct buf line = { 0 };

	csv_append_text(&line, true, SLICE("a"));
	csv_append_number(&line, false, 0);
	csv_append_number(&line, false, UINT64_MAX);
	csv_append_text(&line, false, SLICE(""));
	csv_end_line(&line);
	csv_append_number(&line, true, 1);
	csv_end_line(&line);
	EXPECT_TEXT(buf_slice(&line), "\"a\",0,18446744073709551615,\"\"\r\n1\r\n", "two lines");
}
