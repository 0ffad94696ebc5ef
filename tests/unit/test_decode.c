/* SPDX-License-Identifier: MIT */
#include "parser/decode.h"

#include "base/text.h"
#include "tests/unit/expect.h"
#include "tests/unit/quirk_list.h"

#include "base/banned.h"

#define DECLARED(encoding) "<?xml version=\"1.0\" encoding=\"" encoding "\"?>"
#define FFFD               "\xEF\xBF\xBD"
#define TEN                "0123456789"
#define FORTY              TEN TEN TEN TEN

static void expect_decoded(struct slice bytes, struct slice want, const char *quirks,
			   const char *name)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 5, 1000 };

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		SCOPED(decoder) struct decoder *d = decoder_new();
		SCOPED(buf) struct buf out = { 0 };

		for (struct slice rest = bytes; rest.n > 0;
		     rest = slice_from_offset(rest, pieces[i]))
			decoder_push(d, slice_prefix(rest, pieces[i]), &out);
		decoder_finish(d, &out);

		SCOPED(buf) struct buf list = quirk_list(decoder_quirks(d));

		EXPECT_BYTES(buf_slice(&out), want, name);
		EXPECT_TEXT(buf_slice(&list), quirks, name);
	}
}

struct decode_case {
	const char *name;
	struct slice head; /* what tells the encoding; a mark is dropped, all else is kept */
	struct slice bytes;
	struct slice want;
	const char *quirks;
};

/* Once with the bytes right behind the head, once so far behind it that they come in pieces. */
static void check_case(const struct decode_case *c)
{
	static const size_t paddings[] = { 0, 1100 };

	for (size_t i = 0; i < COUNT_OF(paddings); i++) {
		SCOPED(buf) struct buf bytes = { 0 };
		SCOPED(buf) struct buf want = { 0 };

		buf_append(&bytes, c->head);
		if (!slice_starts_with(c->head, SLICE("\xEF\xBB\xBF")))
			buf_append(&want, c->head);
		for (size_t n = 0; n < paddings[i]; n++) {
			buf_append_byte(&bytes, '\n');
			buf_append_byte(&want, '\n');
		}
		buf_append(&bytes, c->bytes);
		buf_append(&want, c->want);
		expect_decoded(buf_slice(&bytes), buf_slice(&want), c->quirks, c->name);
	}
}

static void check_cases(const struct decode_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_case(&cases[i]);
}

Test(decode, keeps_what_is_sound)
{
	static const struct decode_case cases[] = {
		{ "nothing", BYTES(""), BYTES(""), BYTES(""), "" },
		{ "ASCII", BYTES("<a>\t\r\n~\x7F</a>"), BYTES(""), BYTES(""), "" },
		{ "two bytes", BYTES(""), BYTES("\xC2\x80\xDF\xBF"), BYTES("\xC2\x80\xDF\xBF"),
		  "" },
		{ "three bytes", BYTES(""), BYTES("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80" FFFD),
		  BYTES("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80" FFFD), "" },
		{ "four bytes", BYTES(""), BYTES("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"),
		  BYTES("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), "" },
		{ "a mark is dropped", BYTES("\xEF\xBB\xBF"), BYTES("\xC3\xA9"), BYTES("\xC3\xA9"),
		  "" },
		{ "the second one is not", BYTES("\xEF\xBB\xBF"), BYTES("\xEF\xBB\xBF"),
		  BYTES("\xEF\xBB\xBF"), "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(decode, replaces_what_xml_forbids)
{
	static const struct decode_case cases[] = {
		{ "controls", BYTES(""), BYTES("a\0b\x01\x08\x0B\x0C\x0E\x1F"),
		  BYTES("a" FFFD "b" FFFD FFFD FFFD FFFD FFFD FFFD), "invalid-character" },
		{ "no characters", BYTES(""), BYTES("\xEF\xBF\xBE\xEF\xBF\xBF!"),
		  BYTES(FFFD FFFD "!"), "invalid-character" },
		{ "controls in another encoding", BYTES(DECLARED("iso-8859-1")), BYTES("\x01\xE9"),
		  BYTES(FFFD "\xC3\xA9"), "invalid-character" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(decode, replaces_what_is_not_utf8)
{
	static const struct decode_case cases[] = {
		{ "a lone byte", BYTES(DECLARED("utf-8")), BYTES("a\x91z"), BYTES("a" FFFD "z"),
		  "invalid-utf8" },
		{ "cut off by another", BYTES(DECLARED("UTF8")), BYTES("\xE2\x82\xC3\xA9"),
		  BYTES(FFFD FFFD "\xC3\xA9"), "invalid-utf8" },
		{ "cut off by the end", BYTES(DECLARED("UTF-8")), BYTES("\xC3"), BYTES(FFFD),
		  "invalid-utf8" },
		{ "overlong", BYTES(DECLARED("UTF-8")), BYTES("\xC0\xBC"), BYTES(FFFD FFFD),
		  "invalid-utf8" },
		{ "a surrogate", BYTES(DECLARED("UTF-8")), BYTES("\xED\xA0\x80"),
		  BYTES(FFFD FFFD FFFD), "invalid-utf8" },
		{ "past the last", BYTES(DECLARED("UTF-8")), BYTES("\xF4\x90\x80\x80"),
		  BYTES(FFFD FFFD FFFD FFFD), "invalid-utf8" },
		{ "bytes never used", BYTES(DECLARED("UTF-8")), BYTES("\xFE\xFF\xF8"),
		  BYTES(FFFD FFFD FFFD), "invalid-utf8" },
		{ "behind a mark", BYTES("\xEF\xBB\xBF"), BYTES("\xE9"), BYTES(FFFD),
		  "invalid-utf8" },
		{ "both", BYTES(DECLARED("UTF-8")), BYTES("\x91\x01"), BYTES(FFFD FFFD),
		  "invalid-utf8 invalid-character" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(decode, reads_undeclared_bytes_as_windows_1252)
{
	static const struct decode_case cases[] = {
		{ "no declaration", BYTES("<feedback>"), BYTES("\x80 \x9F \xE9\xFC."),
		  BYTES("\xE2\x82\xAC \xC5\xB8 \xC3\xA9\xC3\xBC."), "undeclared-encoding" },
		{ "no encoding in it", BYTES("<?xml version=\"1.0\"?>"), BYTES("M\xFCller"),
		  BYTES("M\xC3\xBCller"), "undeclared-encoding" },
		{ "an empty one", BYTES(DECLARED("")), BYTES("\xFC."), BYTES("\xC3\xBC."),
		  "undeclared-encoding" },
		{ "not before its time", BYTES("a\n<?xml encoding=\"UTF-8\"?>"), BYTES("\xFC."),
		  BYTES("\xC3\xBC."), "undeclared-encoding" },
		{ "undefined ones", BYTES(""), BYTES("\x81\x8D\x8F\x90\x9D."),
		  BYTES(FFFD FFFD FFFD FFFD FFFD "."), "undeclared-encoding" },
		{ "beside UTF-8", BYTES(""), BYTES("\xC3\xBC\xFC."), BYTES("\xC3\xBC\xC3\xBC."),
		  "undeclared-encoding" },
		{ "at the end", BYTES(""), BYTES("caf\xE9"), BYTES("caf\xC3\xA9"),
		  "undeclared-encoding" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(decode, finds_the_encoding_in_a_broken_declaration)
{
	static const char *const heads[] = {
		DECLARED("windows-1252"),
		" \n\t" DECLARED("CP1252"),
		"<?xml version='1.0' encoding='windows-1252'?>",
		"<?xml version=\"1.0\" encoding=windows-1252?>",
		"<?xml version=\"1.0\" encoding=\"windows-1252'?>",
		"<?xml version=\"1.0\" encoding=\"windows-1252?>",
		"<?xml version=\"1.0\" encoding = \"windows-1252\" standalone=\"yes\"?>\"junk",
		"<?xml version=\"9\"encoding=\"windows-1252\"?>",
		"<?xml version=\"1.0\" encoding encoding=\"windows-1252\">",
		"<?XML ENCODING=\"Windows-1252\"?>",
	};

	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		struct decode_case c = { heads[i], slice_from(heads[i]), SLICE("\x80"),
					 SLICE("\xE2\x82\xAC"), "" };

		check_case(&c);
	}

	/* quotes of a text program are bytes of that encoding themselves */
	expect_decoded(SLICE("<?xml encoding=\x93windows-1252\x94?>\x80"),
		       SLICE("<?xml encoding=\xE2\x80\x9Cwindows-1252\xE2\x80\x9D?>\xE2\x82\xAC"),
		       "", "typographic quotes");
}

Test(decode, converts_other_encodings)
{
	static const struct decode_case cases[] = {
		{ "latin 1", BYTES(DECLARED("ISO-8859-1")), BYTES("\x80\xA4\xFF"),
		  BYTES("\xC2\x80\xC2\xA4\xC3\xBF"), "" },
		{ "latin 9", BYTES(DECLARED("iso-8859-15")), BYTES("\xA4"), BYTES("\xE2\x82\xAC"),
		  "" },
		{ "two bytes", BYTES(DECLARED("Shift_JIS")), BYTES("\x93\xFA\x96\x7B"),
		  BYTES("\xE6\x97\xA5\xE6\x9C\xAC"), "" },
		{ "with states", BYTES(DECLARED("ISO-2022-JP")), BYTES("\x1B$BF|K\\\x1B(B!"),
		  BYTES("\xE6\x97\xA5\xE6\x9C\xAC!"), "" },
		{ "not of it", BYTES(DECLARED("windows-1252")),
		  BYTES("\x81"
			"a"),
		  BYTES(FFFD "a"), "invalid-utf8" },
		{ "not of ASCII", BYTES(DECLARED("us-ascii")), BYTES("a\xC3\xA9"),
		  BYTES("a" FFFD FFFD), "invalid-utf8" },
		{ "half a character", BYTES(DECLARED("EUC-JP")), BYTES("\xC6\xFC\xC6"),
		  BYTES("\xE6\x97\xA5" FFFD), "invalid-utf8" },
		{ "a character kept for what may follow", BYTES(DECLARED("EUC-JISX0213")),
		  BYTES("\xA4\xAB"), BYTES("\xE3\x81\x8B"), "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(decode, takes_what_it_does_not_know_for_utf8)
{
	static const char *const names[] = {
		"no-such-encoding", "latin1//IGNORE",
		"latin1//TRANSLIT", "UTF-16",
		"UTF-32LE",         "UCS-2",
		"WCHAR_T",          "EBCDIC-US",
		"../latin1",        FORTY,
		FORTY "0",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		SCOPED(buf) struct buf head = { 0 };

		buf_printf(&head, "<?xml version=\"1.0\" encoding=\"%s\"?>", names[i]);

		struct decode_case c = { names[i], buf_slice(&head), SLICE("\xC3\xA9\x91."),
					 SLICE("\xC3\xA9" FFFD "."), "invalid-utf8" };

		check_case(&c);
	}
}

Test(decode, looks_for_a_declaration_in_the_head_only)
{
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf bytes = { 0 };
		SCOPED(buf) struct buf want = { 0 };
		const struct slice declaration = SLICE("<?xml encoding=latin1");

		while (bytes.n < 1024 - declaration.n + past)
			buf_append_byte(&bytes, ' ');
		buf_append(&bytes, declaration);
		buf_append_text(&bytes, "?>");
		buf_append(&want, buf_slice(&bytes));
		buf_append_text(&bytes, "\x80.");
		/* one past it the name ends too early to be one */
		buf_append_text(&want, past ? FFFD "." : "\xC2\x80.");
		expect_decoded(buf_slice(&bytes), buf_slice(&want), past ? "invalid-utf8" : "",
			       past ? "past the head" : "in the head");
	}
}

enum order { LITTLE, BIG };

static void append_unit(struct buf *b, uint32_t unit, enum order order)
{
	buf_append_byte(b, (char)(order == LITTLE ? unit & 0xFF : unit >> 8));
	buf_append_byte(b, (char)(order == LITTLE ? unit >> 8 : unit & 0xFF));
}

static struct buf utf16(struct slice text, enum order order, bool mark)
{
	struct buf b = { 0 };

	if (mark)
		append_unit(&b, 0xFEFF, order);
	while (text.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(text, &point);

		if (point >= 0x10000) {
			append_unit(&b, 0xD800 + ((point - 0x10000) >> 10), order);
			append_unit(&b, 0xDC00 + ((point - 0x10000) & 0x3FF), order);
		} else {
			append_unit(&b, point, order);
		}
		text = slice_from_offset(text, length);
	}
	return b;
}

Test(decode, knows_utf16_by_its_mark_or_its_zeros)
{
	SCOPED(buf) struct buf text = { 0 };

	/* long enough to be cut everywhere, its declaration a lie */
	buf_append_text(&text, DECLARED("UTF-8"));
	for (int i = 0; i < 1500; i++)
		buf_append_text(&text, "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x93\xAC");
	for (int i = 0; i < 4; i++) {
		SCOPED(buf) struct buf bytes = utf16(buf_slice(&text), i & 1 ? BIG : LITTLE, i & 2);

		expect_decoded(buf_slice(&bytes), buf_slice(&text), "", "sound");
		buf_append_text(&text, "!");
		buf_append(&bytes, i & 1 ? SLICE("\0!\0") : SLICE("!\0\xD8"));
		buf_append_text(&text, FFFD);
		expect_decoded(buf_slice(&bytes), buf_slice(&text), "invalid-utf8", "half a unit");
		text.n -= strlen("!" FFFD);
	}
}

Test(decode, replaces_faults_of_utf16)
{
	expect_decoded(SLICE("<\0\0\0\xFF\xFF>\0"), SLICE("<" FFFD FFFD ">"), "invalid-character",
		       "forbidden characters");
	expect_decoded(SLICE("\xFF\xFE\x00\xDC"), SLICE(FFFD), "invalid-utf8", "half a pair");
	expect_decoded(SLICE("<\0\x00\xDC"
			     "a\0\x3D\xD8>\0"),
		       SLICE("<" FFFD "a" FFFD ">"), "invalid-utf8", "one goes on in step");
	expect_decoded(SLICE("\xFE\xFF\xDC\x00\0a\0"), SLICE(FFFD "a" FFFD), "invalid-utf8",
		       "big-endian, and half a unit");
}

Test(decode, survives_a_head_of_any_length)
{
	const struct slice text = SLICE(DECLARED("windows-1252") "\x80");

	for (size_t n = 0; n < text.n; n++)
		expect_decoded(slice_prefix(text, n), slice_prefix(text, n), "", "cut");
	expect_decoded(SLICE("\xEF\xBB"), SLICE("\xC3\xAF\xC2\xBB"), "undeclared-encoding",
		       "half a mark");
	expect_decoded(SLICE("\xFF"), SLICE("\xC3\xBF"), "undeclared-encoding", "half another");
}

Test(decode, knows_the_characters_of_xml)
{
	static const struct {
		uint32_t point;
		bool allowed;
	} cases[] = {
		{ 0, false },        { 8, false },      { 9, true },       { 10, true },
		{ 11, false },       { 12, false },     { 13, true },      { 14, false },
		{ 0x1F, false },     { 0x20, true },    { 0x7F, true },    { 0xD7FF, true },
		{ 0xD800, false },   { 0xDFFF, false }, { 0xE000, true },  { 0xFFFD, true },
		{ 0xFFFE, false },   { 0xFFFF, false }, { 0x10000, true }, { 0x10FFFF, true },
		{ 0x110000, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		cr_expect(xml_allows(cases[i].point) == cases[i].allowed, "U+%04X",
			  (unsigned)cases[i].point);
}
