/* SPDX-License-Identifier: MIT */
/* Each limit that the parser keeps: at the limit, and one past it. */
#include "parser/limits.h"

#include <inttypes.h>

#include "parser/assembly.h"
#include "parser/parser.h"
#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(limits, .init = domains_setup, .fini = domains_teardown);

#define META                                                                                       \
	"<report_metadata><org_name>o</org_name><report_id>r</report_id><date_range>"              \
	"<begin>1700000000</begin><end>1700086399</end></date_range></report_metadata>"
#define POL "<policy_published><domain>example.com</domain></policy_published>"
#define REC "<record><identifiers><header_from>example.com</header_from></identifiers></record>"

static void append_times(struct buf *b, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_append_text(b, text);
}

/* A document: what stands before, some unit so many times, what stands behind. */
struct shape {
	const char *before, *unit, *after;
};

static void make_document(struct buf *b, const struct shape *shape, size_t times)
{
	buf_append_text(b, shape->before);
	append_times(b, shape->unit, times);
	buf_append_text(b, shape->after);
}

static bool parse(const struct buf *document, size_t piece, struct collector *c, struct err *e)
{
	collector_init(c);
	*e = (struct err)ERR_INIT;
	return collector_parse(c, domains, buf_slice(document), piece, e);
}

/* What is cut, and marked by a quirk: at the limit it is not, one past it is. */
static const struct {
	const char *name;
	struct shape shape;
	size_t limit;
	const char *quirk;
} cut_cases[] = {
	{ "a text",
	  { "<feedback>" META POL "<record><auth_results><dkim><domain>a.example</domain>"
	    "<result>pass</result><human_result>",
	    "x", "</human_result></dkim></auth_results></record></feedback>" },
	  LIMIT_TEXT_BYTES,
	  "end.quirks text-cut" },
	{ "a bare reason",
	  { "<feedback>" META POL "<record><row><policy_evaluated><reason>", " ",
	    "</reason></policy_evaluated></row></record></feedback>" },
	  LIMIT_TEXT_BYTES,
	  "end.quirks text-cut" },
	{ "a name",
	  { "<feedback>" META POL "<record><auth_results><dkim><selector>", "x",
	    "</selector></dkim></auth_results></record></feedback>" },
	  LIMIT_NAME_BYTES,
	  "end.quirks text-cut" },
	{ "a domain",
	  { "<feedback>" META POL "<record><identifiers><header_from>", "x",
	    "</header_from></identifiers></record></feedback>" },
	  LIMIT_NAME_BYTES,
	  "end.quirks text-cut" },
	{ "a namespace",
	  { "<feedback xmlns='", "x", "'>" META POL REC "</feedback>" },
	  LIMIT_NAME_BYTES,
	  "end.quirks text-cut" },
	{ "signatures",
	  { "<feedback>" META POL "<record><auth_results>",
	    "<dkim><domain>a.example</domain><result>pass</result></dkim>",
	    "</auth_results></record></feedback>" },
	  LIMIT_DKIM_RESULTS,
	  "end.quirks results-cut" },
	{ "SPF results",
	  { "<feedback>" META POL "<record><auth_results>",
	    "<spf><domain>a.example</domain><result>pass</result></spf>",
	    "</auth_results></record></feedback>" },
	  LIMIT_SPF_RESULTS,
	  "end.quirks results-cut" },
	{ "reasons",
	  { "<feedback>" META POL "<record><row><policy_evaluated>",
	    "<reason><type>other</type></reason>",
	    "</policy_evaluated></row></record></feedback>" },
	  LIMIT_REASONS,
	  "end.quirks results-cut" },
	{ "errors of the metadata",
	  { "<feedback><report_metadata>", "<error>e</error>",
	    "<date_range><begin>1700000000</begin><end>1700086399</end></date_range>"
	    "</report_metadata>" POL REC "</feedback>" },
	  LIMIT_REPORT_ERRORS,
	  "end.quirks results-cut" },
};

Test(limits, cuts_and_marks_what_is_past_them)
{
	for (size_t i = 0; i < COUNT_OF(cut_cases); i++) {
		for (size_t past = 0; past < 2; past++) {
			SCOPED(buf) struct buf document = { 0 };
			struct collector c;
			struct err e;

			make_document(&document, &cut_cases[i].shape, cut_cases[i].limit + past);
			cr_expect(parse(&document, 0, &c, &e), "%s: %s", cut_cases[i].name, e.what);
			EXPECT_INT(collector_has(&c, cut_cases[i].quirk), past, cut_cases[i].name);
			collector_release(&c);
		}
	}
}

/* The bytes of the value on the line that begins with `name`, its quotes not counted. */
static size_t value_length(const struct collector *c, const char *name)
{
	struct slice rest = buf_slice(&c->lines), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (slice_starts_with(line, slice_from(name)))
			return line.n - strlen(name) - strlen(" ''");
	}
	cr_assert_fail("no line begins with %s", name);
	return 0;
}

Test(limits, keeps_what_is_before_the_cut)
{
	static const struct {
		size_t index; /* of cut_cases */
		const char *field;
	} cases[] = {
		{ 0, "record[1].dkim[0].human_result" },
		{ 2, "record[1].dkim[0].selector" },
		{ 3, "record[1].header_from" },
		{ 4, "end.namespace" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf document = { 0 };
		size_t limit = cut_cases[cases[i].index].limit;
		struct collector c;
		struct err e;

		make_document(&document, &cut_cases[cases[i].index].shape, limit + 1000);
		cr_expect(parse(&document, 0, &c, &e), "%s", e.what);
		EXPECT_INT(value_length(&c, cases[i].field), limit, cases[i].field);
		collector_release(&c);
	}
}

/* The lists have limits of their own: where one is in the other must not matter. Found by fuzzing. */
Test(limits, drops_from_the_list_that_is_open)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e;

	buf_append_text(&document, "<feedback>" META POL "<record><auth_results>");
	append_times(&document, "<spf><domain>a.example</domain><result>pass</result></spf>",
		     LIMIT_SPF_RESULTS);
	append_times(&document, "<dkim><domain>b.example</domain></dkim>", LIMIT_DKIM_RESULTS);
	append_times(&document, "<spf><domain>c.example</domain><result>fail</result></spf>", 2);
	buf_append_text(&document, "</auth_results></record></feedback>");
	cr_assert(parse(&document, 0, &c, &e), "%s", e.what);
	cr_expect(collector_has(&c, "record[1].spf[0].domain 'a.example'"));
	cr_expect(collector_has(&c, "record[1].spf[15].result pass"));
	cr_expect(collector_has(&c, "record[1].dkim[99].domain 'b.example'"));
	cr_expect(!slice_contains_icase(buf_slice(&c.lines), SLICE("c.example")));
	collector_release(&c);
}

/* The rest costs nothing and leaves no trace: no raw spelling, no other quirk, no memory. */
Test(limits, drops_results_without_a_trace)
{
	static const struct {
		const char *name;
		struct shape shape;
		const char *last, *past; /* lines that must be there, and must not */
	} cases[] = {
		{ "signatures",
		  { "<feedback>" META POL "<record><auth_results>",
		    "<dkim><domain>A.example</domain><result>PASS</result></dkim>",
		    "<dkim/></auth_results></record></feedback>" },
		  "record[1].raw.dkim[99].domain 'A.example'",
		  "record[1].raw.dkim[100].domain 'A.example'" },
		{ "SPF results",
		  { "<feedback>" META POL "<record><auth_results>",
		    "<spf><domain>A.example</domain><result>PASS</result></spf>",
		    "<spf/></auth_results></record></feedback>" },
		  "record[1].raw.spf[15].result 'PASS'",
		  "record[1].raw.spf[16].result 'PASS'" },
		{ "reasons",
		  { "<feedback>" META POL "<record><row><policy_evaluated>",
		    "<reason><type>Other</type></reason>",
		    "<reason>Other</reason></policy_evaluated></row></record></feedback>" },
		  "record[1].raw.reasons[15].type 'Other'",
		  "record[1].raw.reasons[16].type 'Other'" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e;

		make_document(&document, &cases[i].shape, 20000);
		cr_expect(parse(&document, 0, &c, &e), "%s: %s", cases[i].name, e.what);
		cr_expect(collector_has(&c, cases[i].last), "%s", cases[i].name);
		cr_expect(!collector_has(&c, cases[i].past), "%s", cases[i].name);
		cr_expect(!collector_has(&c, "end.quirks empty-result"), "%s", cases[i].name);
		cr_expect(collector_has(&c, "end.quirks results-cut"), "%s", cases[i].name);
		collector_release(&c);
	}
}

/* A text that is cut stays cut: nothing that comes later may close the gap. */
Test(limits, cuts_text_at_one_place_however_it_comes)
{
	static const size_t pieces[] = { 0, 1, 100, 4096 };

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e;

		buf_append_text(&document, "<feedback><report_metadata><org_name>");
		append_times(&document, "x", LIMIT_TEXT_BYTES - 1);
		buf_append_text(&document,
				"&#x20ac;y<![CDATA[z]]>zz</org_name><date_range><begin>1700000000"
				"</begin><end>1700086399</end></date_range></report_metadata>" POL
				"</feedback>");
		cr_expect(parse(&document, pieces[i], &c, &e), "%s", e.what);
		EXPECT_INT(value_length(&c, "end.org_name"), LIMIT_TEXT_BYTES - 1, "length");
		cr_expect(collector_has(&c, "end.quirks text-cut"));
		collector_release(&c);
	}
}

/* What is refused: at the limit it is not, one past it is, with ERR_LIMIT. */
static void expect_refusal(const struct buf *document, bool refused, const char *what,
			   const char *name)
{
	struct collector c;
	struct err e;

	cr_expect(parse(document, 0, &c, &e) == !refused, "%s: %s", name, e.what);
	EXPECT_TEXT(slice_from(err_kind_text(e.kind)), refused ? "limit" : "none", name);
	cr_expect(!refused || slice_starts_with(slice_from(e.what), slice_from(what)), "%s: %s",
		  name, e.what);
	EXPECT_INT(c.ended, !refused, name);
	collector_release(&c);
}

Test(limits, bounds_the_depth)
{
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };

		buf_append_text(&document, "<feedback>" META POL);
		append_times(&document, "<a>", LIMIT_XML_DEPTH - 1 + past);
		append_times(&document, "</a>", LIMIT_XML_DEPTH - 1 + past);
		buf_append_text(&document, "</feedback>");
		expect_refusal(&document, past, "elements are nested too deep", "depth");
	}
}

Test(limits, bounds_unknown_names)
{
	static const char *const kinds[] = { "elements", "attributes", "prefixes" };

	for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
		/* the dictionary grows by other names, too: "one past" is within ten */
		for (size_t past = 0; past < 2; past++) {
			SCOPED(buf) struct buf document = { 0 };

			buf_append_text(&document, "<feedback>" META POL);
			for (size_t i = 0; i < LIMIT_UNKNOWN_NAMES - 10 + past * 12; i++) {
				if (kind == 0)
					buf_printf(&document, "<u%zu/>", i);
				else if (kind == 1)
					buf_printf(&document, "<u u%zu='1'/>", i);
				else
					buf_printf(&document, "<u xmlns:u%zu='u'/>", i);
			}
			buf_append_text(&document, "<u/></feedback>");
			expect_refusal(&document, past, "too many unknown names", kinds[kind]);
		}
	}
}

Test(limits, bounds_attributes)
{
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };

		buf_append_text(&document, "<feedback>" META POL "<u xmlns:n='n'");
		for (size_t i = 0; i < LIMIT_XML_ATTRIBUTES - 1 + past; i++)
			buf_printf(&document, " a%zu='1'", i);
		buf_append_text(&document, "/></feedback>");
		expect_refusal(&document, past, "an element has too many attributes", "attributes");
	}
}

/* libxml2 keeps a comment until it ends; what it keeps is looked at after each piece. */
Test(limits, bounds_what_libxml2_keeps_back)
{
	static const char front[] = "<feedback>" META POL;

	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e;
		struct parser *p;

		collector_init(&c);
		e = (struct err)ERR_INIT;
		p = parser_new(domains, &c.sink);
		cr_assert(parser_push(p, slice_from(front), &e));
		buf_append_text(&document, "<!--");
		append_times(&document, "x", (size_t)LIMIT_XML_TOKEN_BYTES - 4 + past);
		EXPECT_INT(parser_push(p, buf_slice(&document), &e), !past, "the comment");
		EXPECT_INT(e.kind, past ? ERR_LIMIT : ERR_NONE, "kind");
		if (!past) {
			cr_expect(parser_push(p, SLICE("--></feedback>"), &e));
			cr_expect(parser_finish(p, &e) == PARSER_DONE, "%s", e.what);
		}
		parser_free(p);
		collector_release(&c);
	}
}

/* A tag of many attributes costs quadratic time: the bound must come before libxml2 parses it. */
Test(limits, ends_a_hostile_tag_soon, .timeout = 20)
{
	SCOPED(buf) struct buf document = { 0 };

	buf_append_text(&document, "<feedback");
	for (size_t i = 0; i < 900000; i++)
		buf_printf(&document, " p%zx:a%zx=''", i % 400, i / 400);
	buf_append_text(&document, "></feedback>");
	expect_refusal(&document, true, "a tag or a comment is too long", "many attributes");
}

Test(limits, bounds_the_memory_of_a_record)
{
	/* a text of 64 KiB takes that and its terminator; a raw spelling is the same bytes */
	static const char item[] = "<dkim><human_result>";
	const size_t fits = LIMIT_RECORD_MEMORY / (LIMIT_TEXT_BYTES + 16);

	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };

		buf_append_text(&document, "<feedback>" META POL REC "<record><auth_results>");
		for (size_t i = 0; i < fits + past; i++) {
			buf_append_text(&document, item);
			append_times(&document, "x", LIMIT_TEXT_BYTES);
			buf_append_text(&document, "</human_result></dkim>");
		}
		buf_append_text(&document, "</auth_results></record></feedback>");
		expect_refusal(&document, past, "record 2 takes more than 1048576 bytes", "record");
	}
}

Test(limits, gives_each_record_its_own_memory)
{
	SCOPED(buf) struct buf document = { 0 };

	buf_append_text(&document, "<feedback>" META POL);
	for (size_t i = 0; i < 40; i++) {
		buf_append_text(&document, "<record><auth_results><spf><human_result>");
		append_times(&document, "x", LIMIT_TEXT_BYTES);
		buf_append_text(&document, "</human_result></spf></auth_results></record>");
	}
	buf_append_text(&document, "</feedback>");
	expect_refusal(&document, false, "", "forty records of 64 KiB");
}

Test(limits, bounds_the_memory_of_the_metadata)
{
	const size_t fits = LIMIT_REPORT_MEMORY / (LIMIT_TEXT_BYTES + 16);

	cr_assert(fits < LIMIT_REPORT_ERRORS);
	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };

		buf_append_text(&document, "<feedback><report_metadata>");
		for (size_t i = 0; i < fits + past; i++) {
			buf_append_text(&document, "<error>");
			append_times(&document, "x", LIMIT_TEXT_BYTES);
			buf_append_text(&document, "</error>");
		}
		buf_append_text(&document,
				"<date_range><begin>1700000000</begin><end>1700086399</end>"
				"</date_range></report_metadata>" POL REC "</feedback>");
		expect_refusal(&document, past, "the metadata take more than 1048576 bytes",
			       "metadata");
	}
}

/* They are read in a second pass, when the metadata are known: nothing is kept of them. */
Test(limits, needs_no_memory_for_records_before_the_metadata)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e;
	const size_t count = 100;

	buf_append_text(&document, "<feedback>");
	for (size_t i = 0; i < count; i++) {
		buf_append_text(&document, "<record><auth_results><spf><human_result>");
		append_times(&document, "x", LIMIT_TEXT_BYTES);
		buf_append_text(&document, "</human_result></spf></auth_results></record>");
	}
	buf_append_text(&document, META POL "</feedback>");
	cr_expect(parse(&document, 0, &c, &e), "%s", e.what);
	EXPECT_INT(c.records, count, "records");
	EXPECT_INT(c.passes, 2, "passes");
	collector_release(&c);
}

/* Ten million records take a while: the count is set to one below them, and the last is skipped. */
Test(limits, bounds_the_records)
{
	struct collector c;
	struct err e = ERR_INIT;
	static struct domain_cache organisations;
	static struct assembly a;

	collector_init(&c);
	assembly_init(&a, domains, &organisations, &c.sink);
	a.record_count = LIMIT_RECORDS - 1;
	a.metadata_complete = true;
	a.policy_complete = true;
	a.fed_before = LIMIT_RECORDS;
	cr_expect(assembly_open(&a, EL_RECORD, &e), "at the limit");
	cr_expect(assembly_close(&a, EL_RECORD, &e));
	cr_expect(!assembly_open(&a, EL_RECORD, &e), "one past the limit");
	EXPECT_INT(e.kind, ERR_LIMIT, "kind");
	cr_expect_str_eq(e.what, "the report has more than 10000000 records");
	assembly_release(&a);
	collector_release(&c);
}

/* Not refused, only marked: the largest reports that people complain of have some thousands. */
Test(limits, marks_a_report_of_many_records)
{
	const size_t usual = 100000;

	for (size_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e;

		buf_append_text(&document, "<feedback>" META POL);
		append_times(&document, "<record/>", usual + past);
		buf_append_text(&document, "</feedback>");
		cr_expect(parse(&document, 0, &c, &e), "%s", e.what);
		EXPECT_INT(c.records, usual + past, "records");
		EXPECT_INT(collector_has(&c, "end.quirks many-records"), past, "many-records");
		collector_release(&c);
	}
}

Test(limits, bounds_the_count_of_a_record)
{
	for (uint64_t past = 0; past < 2; past++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e;

		buf_printf(&document,
			   "<feedback>" META POL "<record><row><count>%" PRIu64
			   "</count></row></record></feedback>",
			   LIMIT_COUNT + past);
		cr_expect(parse(&document, 0, &c, &e), "%s", e.what);
		cr_expect(collector_has(
			&c, past ? "record[1].count 0" : "record[1].count 1099511627776"));
		EXPECT_INT(collector_has(&c, "end.quirks bad-count"), past, "bad-count");
		EXPECT_INT(collector_has(&c, "record[1].raw.count '1099511627777'"), past, "raw");
		collector_release(&c);
	}
}
