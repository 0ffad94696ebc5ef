/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(json, escapes_strings)
{
	static const struct {
		const char *name;
		struct slice s;
		const char *want;
	} cases[] = {
		{ "plain", BYTES("plain text ~"), "\"plain text ~\"" },
		{ "empty", BYTES(""), "\"\"" },
		{ "absent", { NULL, 0 }, "null" },
		{ "quotes", BYTES("\"a\" and 'b'"), "\"\\\"a\\\" and 'b'\"" },
		{ "backslashes", BYTES("\\n\\"), "\"\\\\n\\\\\"" },
		{ "a slash", BYTES("</script>"), "\"</script>\"" },
		{ "NUL", BYTES("a\0b"), "\"a\\u0000b\"" },
		{ "line ends and tab", BYTES("\t\r\n"), "\"\\t\\u000d\\n\"" },
		{ "first and last of C0", BYTES("\x01\x1f "), "\"\\u0001\\u001f \"" },
		{ "escape sequence", BYTES("\x1b[31m"), "\"\\u001b[31m\"" },
		{ "DEL", BYTES("~\x7f"), "\"~\\u007f\"" },
		{ "C1", BYTES("\xc2\x9b!"), "\"\\u009b!\"" },
		{ "two, three and four bytes", BYTES("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
		  "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "not UTF-8", BYTES("a\xff\x80z"), "\"a\xef\xbf\xbd\xef\xbf\xbdz\"" },
		{ "cut in a character", BYTES("a\xe2\x82"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "a quote in a broken character", BYTES("\xe2\""), "\"\xef\xbf\xbd\\\"\"" },
		{ "an overlong quote", BYTES("\xc0\xa2"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "surrogate", BYTES("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "override",
		  BYTES("a\xe2\x80\xae"
			"b"),
		  "\"a\\u202eb\"" },
		{ "line separator", BYTES("\xe2\x80\xa8"), "\"\\u2028\"" },
		{ "byte order mark", BYTES("\xef\xbb\xbfx"), "\"\\ufeffx\"" },
		{ "soft hyphen", BYTES("\xc2\xad"), "\"\\u00ad\"" },
		{ "a tag, in two halves", BYTES("\xf3\xa0\x80\x81"), "\"\\udb40\\udc01\"" },
		{ "the last tag", BYTES("\xf3\xa0\xbf\xbf"), "\"\\udb43\\udfff\"" },
		{ "behind the tags", BYTES("\xf3\xa1\x80\x80"), "\"\xf3\xa1\x80\x80\"" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf out = { 0 };
		struct json j = json_into(&out);

		json_string(&j, cases[i].s);
		EXPECT_TEXT(buf_slice(&out), cases[i].want, cases[i].name);
	}
}

Test(json, writes_every_byte_as_what_a_parser_takes)
{
	for (unsigned i = 0; i < 256; i++) {
		SCOPED(buf) struct buf out = { 0 };
		struct json j = json_into(&out);
		char c = (char)(unsigned char)i;

		json_string(&j, slice_of(&c, 1));
		cr_expect(out.n >= 3 && out.p[0] == '"' && out.p[out.n - 1] == '"', "byte %u", i);
		for (size_t k = 1; k + 1 < out.n; k++)
			cr_expect((unsigned char)out.p[k] >= 0x20 && out.p[k] != 0x7F, "byte %u",
				  i);
	}
}

Test(json, writes_numbers_and_words)
{
	SCOPED(buf) struct buf out = { 0 };
	struct json j = json_into(&out);

	json_array_begin(&j);
	json_integer(&j, INT64_MIN);
	json_integer(&j, -1);
	json_integer(&j, INT64_MAX);
	json_unsigned(&j, 0);
	json_unsigned(&j, UINT64_MAX);
	json_boolean(&j, true);
	json_boolean(&j, false);
	json_null(&j);
	json_array_end(&j);
	EXPECT_TEXT(buf_slice(&out),
		    "[-9223372036854775808,-1,9223372036854775807,0,18446744073709551615,true,"
		    "false,null]",
		    "numbers and words");
}

Test(json, places_commas_and_colons)
{
	SCOPED(buf) struct buf out = { 0 };
	struct json j = json_into(&out);

	json_object_begin(&j);
	json_key(&j, "empty");
	json_object_begin(&j);
	json_object_end(&j);
	json_key(&j, "list");
	json_array_begin(&j);
	json_array_begin(&j);
	json_array_end(&j);
	json_object_begin(&j);
	json_string_at(&j, "a", SLICE("1"));
	json_string_at(&j, "b", SLICE_ABSENT);
	json_object_end(&j);
	json_string(&j, SLICE(""));
	json_array_end(&j);
	json_key_slice(&j, SLICE("k\"\x1b"));
	json_unsigned(&j, 7);
	json_object_end(&j);
	EXPECT_TEXT(buf_slice(&out),
		    "{\"empty\":{},\"list\":[[],{\"a\":\"1\",\"b\":null},\"\"],"
		    "\"k\\\"\\u001b\":7}",
		    "nested");
}

Test(json, appends_behind_what_is_there)
{
	SCOPED(buf) struct buf out = { 0 };

	for (int i = 0; i < 2; i++) {
		struct json j = json_into(&out);

		json_integer(&j, i);
		buf_append_byte(&out, '\n');
	}
	EXPECT_TEXT(buf_slice(&out), "0\n1\n", "two documents, a line each");
}

Test(json, nests_as_deep_as_it_says)
{
	SCOPED(buf) struct buf out = { 0 };
	struct json j = json_into(&out);

	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		json_array_begin(&j);
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		json_array_end(&j);
	EXPECT_TEXT(buf_slice(&out), "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "the deepest");
}
