/* SPDX-License-Identifier: MIT */
/* A relay makes no difference to what a sink is given, and neither does a parser that is used again. */
#include "ingest/relay.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "parser/parser.h"
#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(relay, .init = domains_setup, .fini = domains_teardown);

enum { CASE_BYTES = 1 << 20 };

static const char cases[] = "tests/cases/parser";

/* All passes; what comes of it is in the collector behind the parser. */
static void parse(struct parser *p, struct slice document, struct err *e)
{
	enum parser_end end = PARSER_AGAIN;

	while (end == PARSER_AGAIN)
		end = parser_push(p, document, e) ? parser_finish(p, e) : PARSER_FAILED;
}

static void expect_same(const struct collector *one, const struct err *e,
			const struct collector *other, const struct err *f, const char *name)
{
	cr_assert(slice_equal(buf_slice(&one->lines), buf_slice(&other->lines)), "%s", name);
	cr_assert_eq(e->kind, f->kind, "%s", name);
	cr_assert_str_eq(e->what, f->what, "%s", name);
	cr_assert_str_eq(e->where, f->where, "%s", name);
}

typedef void try_function(void *context, struct slice document, const char *name);

static void try_cases(try_function *try, void *context)
{
	DIR *dir = opendir(cases);
	size_t tried = 0;

	cr_assert_not_null(dir, "tests are run from the top");
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		SCOPED(buf) struct buf document = { 0 };
		struct err e = ERR_INIT;
		char *path = path_join(cases, entry->d_name);

		if (slice_ends_with(slice_from(path), SLICE(".xml"))) {
			cr_assert(file_read_all(path, CASE_BYTES, &document, &e), "%s", e.what);
			try(context, buf_slice(&document), entry->d_name);
			tried++;
		}
		free(path);
	}
	(void)closedir(dir);
	cr_expect(tried > 50, "%zu", tried);
}

static void read_case(struct collector *c, struct slice document, bool aside, struct err *e)
{
	collector_init(c);

	SCOPED(relay) struct relay *relay = relay_new(&c->sink);
	SCOPED(parser) struct parser *p = parser_new(domains, relay_sink(relay));

	if (aside)
		relay_go_aside(relay);
	parse(p, document, e);
	(void)relay_refused(relay, e);
}

static void try_aside(void *context UNUSED, struct slice document, const char *name)
{
	struct collector direct, aside;
	struct err e = ERR_INIT, f = ERR_INIT;

	read_case(&direct, document, false, &e);
	read_case(&aside, document, true, &f);
	expect_same(&direct, &e, &aside, &f, name);
	collector_release(&direct);
	collector_release(&aside);
}

Test(relay, passes_on_what_it_is_given)
{
	try_cases(try_aside, NULL);
}

struct used {
	struct collector c;
	struct parser *parser;
};

static void try_again(void *context, struct slice document, const char *name)
{
	struct used *used = context;
	struct collector fresh;
	struct err e = ERR_INIT, f = ERR_INIT;

	collector_init(&fresh);

	SCOPED(parser) struct parser *p = parser_new(domains, &fresh.sink);

	parse(p, document, &e);
	collector_init(&used->c);
	parser_renew(used->parser);
	parse(used->parser, document, &f);
	expect_same(&fresh, &e, &used->c, &f, name);
	collector_release(&fresh);
	collector_release(&used->c);
}

/* Whatever it has read before: each case after all that stand before it, and after itself. */
Test(relay, a_parser_that_is_renewed_reads_like_a_new_one)
{
	struct used used;

	collector_init(&used.c);
	used.parser = parser_new(domains, &used.c.sink);
	collector_release(&used.c);
	try_cases(try_again, &used);
	try_cases(try_again, &used);
	parser_free(used.parser);
}

#define HEAD                                                                                       \
	"<feedback><report_metadata><org_name>a</org_name><report_id>1</report_id>"                \
	"<date_range><begin>1790812800</begin><end>1790899199</end></date_range>"                  \
	"</report_metadata><policy_published><domain>example.com</domain></policy_published>"
#define RECORD                                                                                     \
	"<record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_evaluated>"          \
	"<dkim>Pass</dkim><spf>odd</spf></policy_evaluated></row>"                                 \
	"<identifiers><header_from>example.com</header_from></identifiers></record>"

enum { RECORDS = 1000 };

static void make_document(struct buf *b, const char *tail)
{
	buf_append_text(b, HEAD);
	for (size_t i = 0; i < RECORDS; i++)
		buf_append_text(b, RECORD);
	buf_append_text(b, tail);
}

Test(relay, fills_many_batches)
{
	SCOPED(buf) struct buf document = { 0 };

	make_document(&document, "</feedback>");
	try_aside(NULL, buf_slice(&document), "a thousand records");
}

/* The fault behind it is met while the refusal is under way. */
Test(relay, tells_what_was_refused_before_what_was_met_later)
{
	SCOPED(buf) struct buf document = { 0 };
	static const unsigned refused[] = { 1, 127, 128, 129, RECORDS };

	make_document(&document, "<!DOCTYPE x>");
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct collector c;
		struct err e = ERR_INIT;

		collector_init(&c);
		c.fail_in = COLLECTOR_RECORD;
		c.fail_record = refused[i];

		SCOPED(relay) struct relay *relay = relay_new(&c.sink);
		SCOPED(parser) struct parser *p = parser_new(domains, relay_sink(relay));

		relay_go_aside(relay);
		parse(p, buf_slice(&document), &e);
		cr_expect(relay_refused(relay, &e));
		EXPECT_INT(e.kind, ERR_OUTPUT, "kind");
		EXPECT_INT(c.records, refused[i], "records");
		EXPECT_INT(c.aborted, 1, "aborted");
		cr_expect(collector_has(&c, "abort output"));
		collector_release(&c);
	}
}

Test(relay, gives_up_without_a_word)
{
	SCOPED(buf) struct buf document = { 0 };
	struct collector c;
	struct err e = ERR_INIT;

	make_document(&document, "");
	collector_init(&c);

	SCOPED(relay) struct relay *relay = relay_new(&c.sink);
	SCOPED(parser) struct parser *p = parser_new(domains, relay_sink(relay));

	relay_go_aside(relay);
	cr_assert(parser_push(p, buf_slice(&document), &e));
	relay_stop(relay);
	cr_expect(!relay_refused(relay, &e));
	EXPECT_INT(c.ended + c.aborted, 0, "told");
	collector_release(&c);
}
