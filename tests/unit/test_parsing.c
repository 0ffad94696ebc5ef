/* SPDX-License-Identifier: MIT */
/* What a long document gives is the same, whether it is parsed aside or not. */
#include "ingest/parsing.h"
#include "ingest/relay.h"

#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void setup(void)
{
	domains_setup();
	parser_start();
}

TestSuite(parsing, .init = setup, .fini = domains_teardown);

#define HEAD                                                                                       \
	"<feedback><report_metadata><org_name>o</org_name><report_id>r</report_id><date_range>"    \
	"<begin>1700000000</begin><end>1700086399</end></date_range></report_metadata>"            \
	"<policy_published><domain>example.com</domain></policy_published>"
#define RECORD                                                                                     \
	"<record><row><source_ip>192.0.2.1</source_ip><count>7</count></row>"                      \
	"<identifiers><header_from>example.com</header_from></identifiers></record>\n"

enum { RECORDS = 40000, TOO_DEEP = 500 };

/* Some six megabytes, and something in the last third. */
static void make_document(struct buf *b, const char *middle, size_t times)
{
	buf_append_text(b, HEAD);
	for (size_t i = 0; i < RECORDS; i++) {
		for (size_t j = 0; i == RECORDS / 4 * 3 && j < times; j++)
			buf_append_text(b, middle);
		buf_append_text(b, RECORD);
	}
	buf_append_text(b, "</feedback>");
}

/* Pushes it all, or up to the first call that fails. */
static bool push_all(struct parsing *p, struct slice rest, size_t piece, struct err *e)
{
	while (rest.n > 0) {
		struct slice bytes = slice_prefix(rest, piece);

		if (!parsing_push(p, bytes, e))
			return false;
		rest = slice_from_offset(rest, bytes.n);
	}
	return parsing_finish(p, e) == PARSER_DONE;
}

static bool read_document(const struct buf *document, bool aside, size_t piece, struct collector *c,
			  struct err *e)
{
	collector_init(c);

	SCOPED(relay) struct relay *relay = relay_new(&c->sink);
	SCOPED(parser) struct parser *parser = parser_new(domains, relay_sink(relay));
	SCOPED(parsing) struct parsing *p = parsing_new(parser, relay, &c->sink, aside);
	bool ok = push_all(p, buf_slice(document), piece, e);

	cr_assert_eq(parsing_records(p), c->records);
	return ok;
}

/* Pieces smaller, as large, and larger than what is handed over at a time. */
static const size_t pieces[] = { 1000, 64 << 10, 300000 };

static void expect_same(const char *middle, size_t times, enum err_kind kind)
{
	SCOPED(buf) struct buf document = { 0 };

	make_document(&document, middle, times);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct collector inside, aside;
		struct err e = ERR_INIT, f = ERR_INIT;
		bool ok = read_document(&document, false, pieces[i], &inside, &e);

		cr_assert_eq(read_document(&document, true, pieces[i], &aside, &f), ok);
		cr_assert_eq(e.kind, kind);
		cr_assert_eq(f.kind, e.kind);
		cr_assert_str_eq(f.what, e.what);
		cr_assert_str_eq(f.where, e.where);
		cr_assert(slice_equal(buf_slice(&aside.lines), buf_slice(&inside.lines)));
		cr_assert_eq(aside.aborted, kind != ERR_NONE);
		collector_release(&inside);
		collector_release(&aside);
	}
}

Test(parsing, a_whole_document)
{
	expect_same("", 0, ERR_NONE);
}

Test(parsing, a_document_that_is_refused_on_the_way)
{
	expect_same("<a>", TOO_DEEP, ERR_LIMIT);
}

Test(parsing, a_sink_that_refuses_is_told_once)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e = ERR_INIT;

	make_document(&document, "", 0);
	collector_init(&c);
	c.fail_in = COLLECTOR_RECORD;
	c.fail_record = RECORDS - 1000;

	SCOPED(relay) struct relay *relay = relay_new(&c.sink);
	SCOPED(parser) struct parser *parser = parser_new(domains, relay_sink(relay));
	SCOPED(parsing) struct parsing *p = parsing_new(parser, relay, &c.sink, true);

	cr_assert(!push_all(p, buf_slice(&document), 1000, &e));
	cr_assert_eq(e.kind, ERR_OUTPUT);
	parsing_abort(p, &e);
	cr_assert_eq(c.aborted, 1);
	cr_assert_eq(c.records, RECORDS - 1000);
	collector_release(&c);
}

/* Damage in the packing comes to light sooner than what is wrong in the bytes before it. */
Test(parsing, an_error_of_what_was_pushed_is_found_by_waiting)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e = ERR_INIT, damage = ERR_INIT;

	make_document(&document, "<a>", TOO_DEEP);
	collector_init(&c);

	SCOPED(relay) struct relay *relay = relay_new(&c.sink);
	SCOPED(parser) struct parser *parser = parser_new(domains, relay_sink(relay));
	SCOPED(parsing) struct parsing *p = parsing_new(parser, relay, &c.sink, true);

	(void)!push_all(p, buf_slice(&document), 64 << 10, &e);
	e = (struct err)ERR_INIT;
	cr_assert(!parsing_sync(p, &e));
	cr_assert_eq(e.kind, ERR_LIMIT);
	err_set(&damage, ERR_INPUT, "damaged");
	parsing_abort(p, &damage);
	cr_assert_eq(c.aborted, 1);
	cr_assert(collector_has(&c, "abort limit"));
	collector_release(&c);
}

Test(parsing, a_document_that_is_given_up_is_told)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e = ERR_INIT;

	make_document(&document, "", 0);
	collector_init(&c);

	SCOPED(relay) struct relay *relay = relay_new(&c.sink);
	SCOPED(parser) struct parser *parser = parser_new(domains, relay_sink(relay));
	SCOPED(parsing) struct parsing *p = parsing_new(parser, relay, &c.sink, true);

	cr_assert(parsing_push(p, slice_prefix(buf_slice(&document), document.n - 10), &e));
	parsing_add_quirk(p, QUIRK_GZIP_TRAILING_BYTES);
	err_set(&e, ERR_INPUT, "damaged");
	parsing_abort(p, &e);
	cr_assert_eq(c.records, RECORDS);
	cr_assert_eq(c.ended, 0);
	cr_assert(collector_has(&c, "abort input"));
	collector_release(&c);
}

/* Wherever its pieces are by then. */
Test(parsing, a_document_that_is_dropped_is_not_told)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e = ERR_INIT;

	make_document(&document, "", 0);
	collector_init(&c);

	SCOPED(relay) struct relay *relay = relay_new(&c.sink);
	SCOPED(parser) struct parser *parser = parser_new(domains, relay_sink(relay));
	struct parsing *p = parsing_new(parser, relay, &c.sink, true);

	cr_assert(parsing_push(p, buf_slice(&document), &e));
	parsing_free(p);
	cr_assert_eq(c.begun, 1);
	cr_assert(c.records > 0 && c.records <= RECORDS);
	cr_assert_eq(c.ended + c.aborted, 0);
	collector_release(&c);
}
