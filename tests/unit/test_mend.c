/* SPDX-License-Identifier: MIT */
/* What is mended is read again by libxml2, as strictly as it can. */
#include "parser/mend.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>

#include "base/file.h"
#include "parser/limits.h"
#include "tests/unit/expect.h"
#include "tests/unit/quirk_list.h"

#include "base/banned.h"

/* A document as libxml2 sees it: (name text children) for each element, the text trimmed. */
struct reading {
	struct buf tree;
	struct buf text; /* since the last tag */
	int depth;       /* bytes that are not of the encoding end a document without a fault */
	int fault;       /* enum xmlParserErrors */
};

static void write_text(struct reading *r)
{
	struct slice text = slice_trim(buf_slice(&r->text));

	if (text.n > 0)
		buf_printf(&r->tree, " '%.*s'", SLICE_ARG(text));
	buf_clear(&r->text);
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 sets the parameters */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix UNUSED,
		     const xmlChar *uri, int namespaces UNUSED, const xmlChar **list UNUSED,
		     int attributes UNUSED, int defaulted UNUSED, const xmlChar **values UNUSED)
{
	struct reading *r = context;

	write_text(r);
	r->depth++;
	buf_printf(&r->tree, " (%s%s%s", uri ? (const char *)uri : "", uri ? "|" : "",
		   (const char *)name);
}

static void on_end(void *context, const xmlChar *name UNUSED, const xmlChar *prefix UNUSED,
		   const xmlChar *uri UNUSED)
{
	struct reading *r = context;

	write_text(r);
	r->depth--;
	buf_append_byte(&r->tree, ')');
}

static void on_text(void *context, const xmlChar *chars, int length)
{
	struct reading *r = context;

	buf_append(&r->text, slice_of((const char *)chars, (size_t)length));
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct reading *r = context;

	if (error->level == XML_ERR_FATAL && r->fault == 0)
		r->fault = error->code;
}

static void swallow(void *context UNUSED, const char *format UNUSED, ...)
{
}

static struct reading read_xml(struct slice xml)
{
	struct reading r = { .fault = 0 };
	xmlSAXHandler handlers = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.serror = on_error,
	};
	xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&handlers, &r, NULL, 0, NULL);

	cr_assert_not_null(context);
	xmlSetGenericErrorFunc(NULL, swallow);
	(void)xmlCtxtUseOptions(context, XML_PARSE_NONET);
	(void)xmlParseChunk(context, xml.p, (int)xml.n, 0);
	(void)xmlParseChunk(context, NULL, 0, 1);
	xmlFreeParserCtxt(context);
	return r;
}

static void reading_release(struct reading *r)
{
	buf_release(&r->tree);
	buf_release(&r->text);
}

/* The document ends too early, or there is none; nothing else is wrong with it. */
static bool is_premature_end(int fault)
{
	return fault == XML_ERR_DOCUMENT_END || fault == XML_ERR_DOCUMENT_EMPTY ||
		fault == XML_ERR_TAG_NOT_FINISHED;
}

static bool mend(struct slice bytes, size_t piece, struct buf *out, struct quirks *quirks_out,
		 struct err *e)
{
	SCOPED(mender) struct mender *m = mender_new();
	bool ok = true;

	for (; ok && bytes.n > 0; bytes = slice_from_offset(bytes, piece))
		ok = mender_push(m, slice_prefix(bytes, piece), out, e);
	ok = ok && mender_finish(m, out, e);
	cr_expect(ok == (e->kind == ERR_NONE), "false without an error: %s", e->what);
	*quirks_out = mender_quirks(m);
	return ok;
}

struct mend_case {
	const char *name;
	struct slice bytes;
	const char *want;
	const char *quirks;
};

static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 5, 1000 };

/* Small texts come out at the end only: the padding makes the decoder give them in pieces. */
static struct buf padded(struct slice bytes, size_t padding)
{
	struct buf b = { 0 };

	while (b.n < padding)
		buf_append_byte(&b, '\n');
	buf_append(&b, bytes);
	return b;
}

static void expect_mended(const struct mend_case *c, size_t padding, size_t piece)
{
	SCOPED(buf) struct buf bytes = padded(c->bytes, padding);
	SCOPED(buf) struct buf want = padded(slice_from(c->want), padding);
	SCOPED(buf) struct buf out = { 0 };
	struct quirks quirks;
	struct err e = ERR_INIT;

	cr_expect(mend(buf_slice(&bytes), piece, &out, &quirks, &e), "%s: %s", c->name, e.what);

	SCOPED(buf) struct buf list = quirk_list(quirks);
	struct reading r = read_xml(buf_slice(&out));

	EXPECT_BYTES(buf_slice(&out), buf_slice(&want), c->name);
	EXPECT_TEXT(buf_slice(&list), c->quirks, c->name);
	cr_expect(slice_ends_with(buf_slice(&want), SLICE("feedback>")) ? r.fault == 0
									: is_premature_end(r.fault),
		  "%s: libxml2's fault %d", c->name, r.fault);
	reading_release(&r);
}

static void check_cases(const struct mend_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < COUNT_OF(pieces); n++) {
			expect_mended(&cases[i], 0, pieces[n]);
			expect_mended(&cases[i], 1024, pieces[n]);
		}
	}
}

/* Pieces inside of pieces: F("x") is a report of x. */
#define F(inner) "<feedback>" inner "</feedback>"

Test(mend, leaves_what_is_sound)
{
	static const struct mend_case cases[] = {
		{ "nothing", BYTES(""), "", "" },
		{ "a root", BYTES(F("")), F(""), "" },
		{ "an empty one", BYTES("<feedback/>"), F(""), "" },
		{ "elements", BYTES(F("\n<a>1</a >\t<b\n>2</b\n>")), F("\n<a>1</a>\t<b\n>2</b\n>"),
		  "" },
		{ "empty elements", BYTES(F("<a/><b />")), F("<a></a><b></b>"), "" },
		{ "names", BYTES(F("<\xC3\xA9_.-9/><_/>")),
		  F("<\xC3\xA9_.-9></\xC3\xA9_.-9><_></_>"), "" },
		{ "references", BYTES(F("&lt;&gt;&amp;&quot;&apos;&#9;&#65;&#x1F4eC;&#0000065;")),
		  F("&lt;&gt;&amp;&quot;&apos;&#9;&#65;&#x1F4eC;&#0000065;"), "" },
		{ "a bracket that is allowed", BYTES(F("a > b ]]&gt;")), F("a &gt; b ]]&gt;"), "" },
		{ "quotes", BYTES(F("\"it's\"")), F("&quot;it's&quot;"), "" },
		{ "three parts",
		  BYTES(F("<report_metadata></report_metadata><policy_published></policy_published>"
			  "<record></record><record></record>")),
		  F("<report_metadata></report_metadata><policy_published></policy_published>"
		    "<record></record><record></record>"),
		  "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, begins_with_the_root)
{
	static const struct mend_case cases[] = {
		{ "a declaration", BYTES("<?xml version=\"1.0\"?>\n" F("")), "\n" F(""), "" },
		{ "comments and instructions", BYTES("<!-- <feedback> --><?a >?>\n" F("")),
		  "\n" F(""), "" },
		{ "a wrapper", BYTES("<xs:schema\n a=\"b\">\n" F("")), "\n\n" F(""),
		  "wrapped-feedback" },
		{ "an empty one", BYTES("<a/>" F("")), F(""), "wrapped-feedback" },
		{ "the end of one", BYTES("</a>" F("")), F(""), "wrapped-feedback" },
		{ "one that goes on behind", BYTES("<a>" F("") "</a>\n"), F(""),
		  "wrapped-feedback" },
		{ "text", BYTES("x\n" F("")), "\n" F(""), "broken-prologue" },
		{ "text as it is meant", BYTES("<![CDATA[x\n]]>" F("")), "\n" F(""),
		  "broken-prologue" },
		{ "no text in it", BYTES("<![CDATA[ ]]>" F("")), F(""), "" },
		{ "a quote behind the declaration", BYTES("<?xml version=\"1.0\"?>\"\n" F("")),
		  "\n" F(""), "broken-prologue" },
		{ "half a declaration", BYTES("<?xml version=\"1.0\">" F("")), F(""),
		  "broken-prologue" },
		{ "a quote too few in it",
		  BYTES("<?xml version=\"1.0\" encoding=\"UTF-8?>" F("<a/>")), F("<a></a>"), "" },
		{ "an open declaration", BYTES("<?xml version=\"1.0\"\n" F("")), "\n" F(""),
		  "broken-prologue" },
		{ "another mark", BYTES("\xEF\xBB\xBF\xEF\xBB\xBF" F("")), F(""),
		  "broken-prologue" },
		{ "none", BYTES("<html>\n<body/></html>"), "\n", "wrapped-feedback" },
		{ "not in capitals", BYTES("<Feedback></Feedback>"), "", "wrapped-feedback" },
		{ "not at its end", BYTES("</feedback>"), "", "wrapped-feedback" },
		{ "with a prefix", BYTES("<x:feedback></x:feedback>"), "<x:feedback></x:feedback>",
		  "" },
	};

	/* what is before the padding would not be the beginning any more */
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t n = 0; n < COUNT_OF(pieces); n++)
			expect_mended(&cases[i], 0, pieces[n]);
	}
}

Test(mend, drops_what_it_need_not_keep)
{
	static const struct mend_case cases[] = {
		{ "comments", BYTES(F("a<!-- & <b>\n-- -> -->b<!---->c<!-->-->")), F("a\nbc"), "" },
		{ "instructions", BYTES(F("a<?x & <b>\n? > ?>b<?y?>c<?xml?>")), F("a\nbc"), "" },
		{ "a declaration in the middle", BYTES(F("a<?xml\nversion='1.0'?>b")), F("a\nb"),
		  "" },
		{ "CDATA", BYTES(F("<![CDATA[<a> & \"]] ]>\n&lt;]]>")),
		  F("&lt;a&gt; &amp; &quot;]] ]&gt;\n&amp;lt;"), "" },
		{ "CDATA in small letters", BYTES(F("<![cdata[<]]]>")), F("&lt;]"), "" },
		{ "attributes", BYTES(F("<a b=\"c\"\nd='>' e/><a b=\"x<y\"/><a b = c d/>")),
		  F("<a\n></a><a></a><a></a>"), "unexpected-attribute" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, keeps_namespaces)
{
	static const struct mend_case cases[] = {
		{ "a default one", BYTES("<feedback a=\"b\" xmlns=\"urn:x\" c='d'></feedback>"),
		  "<feedback xmlns=\"urn:x\"></feedback>", "" },
		{ "a prefix", BYTES("<x:feedback\nxmlns:x\n= '\nurn:x'><x:a/></x:feedback>"),
		  "<x:feedback\n\n xmlns:x=\"\nurn:x\"><x:a></x:a></x:feedback>", "" },
		{ "no value", BYTES("<feedback xmlns xmlns= xmlns:a=b></feedback>"), F(""),
		  "unexpected-attribute" },
		{ "no quotes", BYTES("<feedback xmlns=urn:x></feedback>"), F(""),
		  "unexpected-attribute" },
		{ "twice", BYTES("<feedback xmlns='a' xmlns=\"b\" xmlns:a='c' xmlns:a='c'/>"),
		  "<feedback xmlns=\"a\" xmlns:a=\"c\"></feedback>", "" },
		{ "none really", BYTES("<feedback xmlnsx='a' x:xmlns='b' xmlns:='c' xmlns:1='d'/>"),
		  F(""), "unexpected-attribute" },
		{ "markup in it", BYTES("<feedback xmlns='&amp;&\">'/>"),
		  "<feedback xmlns=\"&amp;&amp;&quot;&gt;\"></feedback>", "unescaped-markup" },
		{ "a quote too few", BYTES("<feedback xmlns=\"a>\n<b></b></feedback>"),
		  F("\n<b></b>"), "unexpected-attribute" },
		{ "eight",
		  BYTES("<feedback xmlns:a='' xmlns:b='' xmlns:c='' xmlns:d='' xmlns:e=''"
			" xmlns:f='' xmlns:g='' xmlns='h'/>"),
		  "<feedback xmlns:a=\"\" xmlns:b=\"\" xmlns:c=\"\" xmlns:d=\"\" xmlns:e=\"\""
		  " xmlns:f=\"\" xmlns:g=\"\" xmlns=\"h\"></feedback>",
		  "" },
		{ "nine",
		  BYTES("<feedback xmlns:a='' xmlns:b='' xmlns:c='' xmlns:d='' xmlns:e=''"
			" xmlns:f='' xmlns:g='' xmlns='h' xmlns:i=''/>"),
		  "<feedback xmlns:a=\"\" xmlns:b=\"\" xmlns:c=\"\" xmlns:d=\"\" xmlns:e=\"\""
		  " xmlns:f=\"\" xmlns:g=\"\" xmlns=\"h\"></feedback>",
		  "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, escapes_what_is_no_markup)
{
	static const struct mend_case cases[] = {
		{ "an address", BYTES(F("<email><x@y.example></email>")),
		  F("<email>&lt;x@y.example&gt;</email>"), "unescaped-markup" },
		{ "a comparison", BYTES(F("1 < 2 <= 3 <4> <- <")),
		  F("1 &lt; 2 &lt;= 3 &lt;4&gt; &lt;- &lt;"), "unescaped-markup" },
		{ "nothing", BYTES(F("<></><!><?><!x>")),
		  F("&lt;&gt;&lt;/&gt;&lt;!&gt;&lt;?&gt;&lt;!x&gt;"), "unescaped-markup" },
		{ "bad names", BYTES(F("<:a><a:><a:b:c><1><-a><a\xC3\x97>")),
		  F("&lt;:a&gt;&lt;a:&gt;&lt;a:b:c&gt;&lt;1&gt;&lt;-a&gt;&lt;a\xC3\x97&gt;"),
		  "unescaped-markup" },
		{ "an open tag", BYTES(F("<a <b>x</b>")), F("&lt;a <b>x</b>"), "unescaped-markup" },
		{ "an open tag at its end", BYTES(F("<a>x</a</a>")), F("<a>x&lt;/a</a>"),
		  "unescaped-markup" },
		{ "an open tag with quotes", BYTES(F("<a b='c <b>x</b>'>")), F("<a>x'&gt;</a>"),
		  "mismatched-tags unexpected-attribute" },
		{ "ampersands", BYTES(F("a & b && c&")), F("a &amp; b &amp;&amp; c&amp;"),
		  "unescaped-markup" },
		{ "unknown entities", BYTES(F("&nbsp;&LT;&lt &;")),
		  F("&amp;nbsp;&amp;LT;&amp;lt &amp;;"), "unescaped-markup" },
		{ "bad numbers",
		  BYTES(F("&#;&#x;&#a;&#xg;&#X41;&#0;&#xD800;&#1114112;&#xFFFF;&# 1;")),
		  F("&amp;#;&amp;#x;&amp;#a;&amp;#xg;&amp;#X41;&amp;#0;&amp;#xD800;&amp;#1114112;"
		    "&amp;#xFFFF;&amp;# 1;"),
		  "unescaped-markup" },
		{ "the last number", BYTES(F("&#1114111;")), F("&#1114111;"), "" },
		{ "as long as it may be", BYTES(F("&#00000000000000000000000000065;")),
		  F("&#00000000000000000000000000065;"), "" },
		{ "one longer", BYTES(F("&#000000000000000000000000000065;")),
		  F("&amp;#000000000000000000000000000065;"), "unescaped-markup" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, matches_tags)
{
	static const struct mend_case cases[] = {
		{ "an open one", BYTES(F("<email><joe></email>")), F("<email><joe></joe></email>"),
		  "mismatched-tags" },
		{ "two", BYTES(F("<a><b><c></a>")), F("<a><b><c></c></b></a>"), "mismatched-tags" },
		{ "an end of nothing", BYTES(F("<a></b\n></a></a>")), F("<a>\n</a>"),
		  "mismatched-tags" },
		{ "crossed", BYTES(F("<a><b></a></b>")), F("<a><b></b></a>"), "mismatched-tags" },
		{ "in capitals", BYTES(F("<a></A></a>")), F("<a></a>"), "mismatched-tags" },
		{ "by the whole name", BYTES(F("<x:a></a></x:a>")), F("<x:a></x:a>"),
		  "mismatched-tags" },
		{ "the root", BYTES("<feedback><a><b></feedback>"), F("<a><b></b></a>"),
		  "mismatched-tags" },
		{ "an end with a slash", BYTES(F("<a></a/>")), F("<a></a>"), "" },
		{ "the innermost of one name", BYTES(F("<a><a></a></a>")), F("<a><a></a></a>"),
		  "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

/* A leaf that was never closed ends where its next neighbour begins, and swallows none. */
Test(mend, ends_a_leaf_at_the_next_one)
{
	static const struct mend_case cases[] = {
		{ "mistyped",
		  BYTES(F("<record><row><count>1</cuont><source_ip>x</source_ip></row></record>")),
		  F("<record><row><count>1</count><source_ip>x</source_ip></row></record>"),
		  "mismatched-tags" },
		{ "a container behind it",
		  BYTES(F("<record><row><count>1<policy_evaluated></policy_evaluated></row></record>")),
		  F("<record><row><count>1</count><policy_evaluated></policy_evaluated></row></record>"),
		  "mismatched-tags" },
		{ "itself again", BYTES(F("<record><row><count>1<count>2</count></row></record>")),
		  F("<record><row><count>1</count><count>2</count></row></record>"),
		  "mismatched-tags" },
		{ "with a prefix",
		  BYTES("<x:feedback><x:version>1<x:record></x:record></x:feedback>"),
		  "<x:feedback><x:version>1</x:version><x:record></x:record></x:feedback>",
		  "mismatched-tags" },
		{ "no neighbour", BYTES(F("<record><row><count>1<b>2</b></count></row></record>")),
		  F("<record><row><count>1<b>2</b></count></row></record>"), "" },
		{ "where it is no leaf", BYTES(F("<count>1<source_ip>2</source_ip></count>")),
		  F("<count>1<source_ip>2</source_ip></count>"), "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, keeps_the_parts_of_a_report_apart)
{
	static const struct mend_case cases[] = {
		{ "records", BYTES(F("<record><row>\n<record/><record>")),
		  F("<record><row>\n</row></record><record></record><record></record>"),
		  "mismatched-tags" },
		{ "metadata", BYTES(F("<report_metadata><a><policy_published><b><record><c>")),
		  F("<report_metadata><a></a></report_metadata><policy_published><b></b>"
		    "</policy_published><record><c></c></record>"),
		  "mismatched-tags" },
		{ "with a prefix",
		  BYTES("<x:feedback><x:record><x:record></x:record></x:feedback>"),
		  "<x:feedback><x:record></x:record><x:record></x:record></x:feedback>",
		  "mismatched-tags" },
		{ "other names",
		  BYTES(F("<record><x:record><row><version></version></row></x:record>"
			  "</record>")),
		  F("<record><x:record><row><version></version></row></x:record></record>"), "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, ends_with_the_root)
{
	static const struct mend_case cases[] = {
		{ "blanks", BYTES(F("") " \r\n\t"), F(""), "" },
		{ "comments and instructions", BYTES(F("") "<!-- <a> --><?a <a> ?><?xml ?>"), F(""),
		  "" },
		{ "ends of tags", BYTES(F("") "</a></feedback>"), F(""), "" },
		{ "text", BYTES(F("") "\nx"), F(""), "trailing-content" },
		{ "a bracket", BYTES(F("") "< "), F(""), "trailing-content" },
		{ "CDATA", BYTES(F("") "<![CDATA[x]]>"), F(""), "trailing-content" },
		{ "another root", BYTES(F("") F("<a>&")), F(""), "trailing-content" },
		{ "zeros", BYTES(F("") "\0\0"), F(""), "invalid-character trailing-content" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, closes_nothing_at_the_end_of_input)
{
	static const struct mend_case cases[] = {
		{ "in text", BYTES("<feedback><a>x"), "<feedback><a>x", "" },
		{ "in a tag", BYTES("<feedback><a>x</a"), "<feedback><a>x", "" },
		{ "in a name", BYTES("<feedback><a>x<"), "<feedback><a>x", "" },
		{ "in an attribute", BYTES("<feedback><a>x<b c=\"d"), "<feedback><a>x", "" },
		{ "in the root", BYTES("<feedback xmlns='x'"), "", "" },
		{ "in a comment", BYTES("<feedback>x<!-- \n"), "<feedback>x\n", "" },
		{ "in CDATA", BYTES("<feedback><![CDATA[x\xC3\xA9"), "<feedback>x\xC3\xA9", "" },
		{ "in the mark of one", BYTES("<feedback>x<!-"), "<feedback>x", "" },
		{ "behind the last record", BYTES("<feedback><record></record>\n"),
		  "<feedback><record></record>\n", "" },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(mend, tells_what_the_decoder_met)
{
	static const struct mend_case cases[] = {
		{ "windows-1252", BYTES(F("\x91&\x92")), F("\xE2\x80\x98&amp;\xE2\x80\x99"),
		  "undeclared-encoding unescaped-markup" },
		{ "a control in a name", BYTES(F("<a\x01></a\x01>")),
		  F("&lt;a\xEF\xBF\xBD&gt;&lt;/a\xEF\xBF\xBD&gt;"),
		  "invalid-character unescaped-markup" },
	};

	check_cases(cases, COUNT_OF(cases));
}

/* In pieces of 4,096, 1 and all bytes, since these are long. */
static void expect_fault(struct slice bytes, enum err_kind kind, const char *what, const char *name)
{
	static const size_t sizes[] = { SIZE_MAX, 4096, 1 };

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		SCOPED(buf) struct buf out = { 0 };
		struct quirks quirks;
		struct err e = ERR_INIT;

		(void)mend(bytes, sizes[i], &out, &quirks, &e);
		EXPECT_INT(e.kind, kind, name);
		EXPECT_TEXT(slice_from(e.what), what, name);
	}
}

Test(mend, refuses_a_doctype)
{
	static const char *const documents[] = {
		"<!DOCTYPE feedback><feedback></feedback>",
		"<!doctype feedback [<!ENTITY a \"b\">]><feedback></feedback>",
		"<feedback><!DocType x></feedback>",
		F("") "<!DOCTYPE",
	};

	for (size_t i = 0; i < COUNT_OF(documents); i++)
		expect_fault(slice_from(documents[i]), ERR_INPUT,
			     "it has a DOCTYPE, which no report has: refused", documents[i]);
	expect_fault(SLICE(F("<!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE x>]]>")), ERR_NONE, "",
		     "not as such");
}

Test(mend, bounds_the_depth_of_elements)
{
	for (int past = 0; past < 2; past++) {
		for (int empty = 0; empty < 2; empty++) {
			SCOPED(buf) struct buf bytes = { 0 };

			buf_append_text(&bytes, "<feedback>");
			for (int depth = 2; depth < LIMIT_XML_DEPTH + past; depth++)
				buf_append_text(&bytes, "<a>");
			buf_append_text(&bytes, empty ? "<a/>" : "<a></a>");
			expect_fault(buf_slice(&bytes), past ? ERR_LIMIT : ERR_NONE,
				     past ? "elements are nested too deep" : "", "depth");
		}
	}
}

static void append_filler(struct buf *b, size_t n)
{
	buf_reserve(b, n);
	while (n-- > 0)
		buf_append_byte(b, 'x');
}

Test(mend, bounds_the_length_of_tags)
{
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf bytes = { 0 };
		const struct slice start = SLICE("<a b='"), end = SLICE("'>");

		buf_append_text(&bytes, "<feedback>");
		buf_append(&bytes, start);
		append_filler(&bytes, LIMIT_XML_TOKEN_BYTES + past - start.n - end.n);
		buf_append(&bytes, end);
		buf_append_text(&bytes, "</a></feedback>");
		expect_fault(buf_slice(&bytes), past ? ERR_LIMIT : ERR_NONE,
			     past ? "a tag or a comment is too long" : "", "a tag");
		/* a tag that is never closed */
		bytes.n = strlen("<feedback>") + (size_t)LIMIT_XML_TOKEN_BYTES + past;
		memset(bytes.p + bytes.n - 4, 'x', 4);
		expect_fault(buf_slice(&bytes), past ? ERR_LIMIT : ERR_NONE,
			     past ? "a tag or a comment is too long" : "", "an open one");
	}
}

/* Byte by byte it would take minutes, were it looked at anew with each of them. */
Test(mend, takes_no_time_for_a_tag_of_blanks, .timeout = 20)
{
	SCOPED(buf) struct buf bytes = { 0 };

	buf_append_text(&bytes, "<feedback ");
	while (bytes.n < LIMIT_XML_TOKEN_BYTES - 2)
		buf_append_byte(&bytes, ' ');
	buf_append_text(&bytes, "/>");
	expect_fault(buf_slice(&bytes), ERR_NONE, "", "blanks");
}

Test(mend, lets_what_is_dropped_be_long)
{
	static const char *const sections[][2] = {
		{ "<!--", "-->" },
		{ "<?a ", "?>" },
		{ "<![CDATA[", "]]>" },
	};

	for (size_t i = 0; i < COUNT_OF(sections); i++) {
		SCOPED(buf) struct buf bytes = { 0 };

		buf_append_text(&bytes, "<feedback>");
		buf_append_text(&bytes, sections[i][0]);
		append_filler(&bytes, 2 * LIMIT_XML_TOKEN_BYTES);
		buf_append_text(&bytes, sections[i][1]);
		buf_append_text(&bytes, "</feedback>");
		expect_fault(buf_slice(&bytes), ERR_NONE, "", sections[i][0]);
	}
}

Test(mend, bounds_the_length_of_names)
{
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf bytes = { 0 };
		SCOPED(buf) struct buf want = { 0 };
		SCOPED(buf) struct buf name = { 0 };

		append_filler(&name, LIMIT_NAME_BYTES + past);
		buf_printf(&bytes, F("<%s></%s>"), buf_text(&name), buf_text(&name));
		buf_printf(&want, past ? F("&lt;%s&gt;&lt;/%s&gt;") : F("<%s></%s>"),
			   buf_text(&name), buf_text(&name));

		struct mend_case c = { "a name", buf_slice(&bytes), buf_text(&want),
				       past ? "unescaped-markup" : "" };

		check_cases(&c, 1);
	}
}

/* A report that is sound stays what it is, and any other becomes one or is cut off. */
static bool expect_same_tree(const char *path)
{
	SCOPED(buf) struct buf bytes = { 0 };
	SCOPED(buf) struct buf out = { 0 };
	struct quirks quirks;
	struct err e = ERR_INIT;

	cr_assert(file_read_all(path, 1 << 20, &bytes, &e), "%s", e.what);
	if (slice_contains_icase(buf_slice(&bytes), SLICE("<!DOCTYPE")))
		return false;
	cr_expect(mend(buf_slice(&bytes), SIZE_MAX, &out, &quirks, &e), "%s: %s", path, e.what);

	struct reading before = read_xml(buf_slice(&bytes));
	struct reading after = read_xml(buf_slice(&out));
	bool sound = before.fault == 0 && before.depth == 0 &&
		slice_find(buf_slice(&before.tree), 'f') == strlen(" (");

	cr_expect(after.fault == 0 || is_premature_end(after.fault), "%s: %d", path, after.fault);
	if (sound)
		EXPECT_TEXT(buf_slice(&after.tree), buf_text(&before.tree), path);
	reading_release(&after);
	reading_release(&before);
	return sound;
}

Test(mend, changes_no_case_that_is_sound)
{
	const char *folder = "tests/cases/parser";
	SCOPED(dir) DIR *dir = opendir(folder);
	size_t compared = 0;

	cr_assert_not_null(dir, "%s: tests are run from the top", folder);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		char *path = path_join(folder, entry->d_name);

		if (slice_ends_with(slice_from(path), SLICE(".xml")))
			compared += expect_same_tree(path);
		free(path);
	}
	cr_expect(compared > 50, "only %zu compared", compared);
}
