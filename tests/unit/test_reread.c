/* SPDX-License-Identifier: MIT */
#include "ingest/reread.h"

#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "ingest/mime.h"
#include "parser/limits.h"
#include "parser/parser.h"
#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void setup(void)
{
	domains_setup();
	mime_start();
}

TestSuite(reread, .init = setup, .fini = domains_teardown);

#define REPORT(id)                                                                                 \
	"<feedback><report_metadata><org_name>mail.example</org_name><report_id>" id               \
	"</report_id><date_range><begin>1793491200</begin><end>1793577599</end></date_range>"      \
	"</report_metadata><policy_published><domain>example.com</domain></policy_published>"      \
	"<record/></feedback>"

#define PART(type, content) "--b\nContent-Type: " type "\n\n" content "\n"

static const char mail[] =
	"From: a@mail.example\nContent-Type: multipart/mixed; boundary=b\n\n" PART("text/plain",
										   "two reports")
		PART("text/xml", REPORT("one")) PART("text/xml", REPORT("two")) "--b--\n";

/* Reads a document of the mail again; what the parser made of it is in the collector. */
static bool reread(struct document_place place, uint64_t *spent, struct collector *c, struct err *e)
{
	struct parser *p;
	int fd = file_temporary(e);
	bool done;

	collector_init(c);
	*e = (struct err)ERR_INIT;
	cr_assert(fd >= 0 && file_write_all(fd, slice_from(mail), e), "%s", e->what);
	p = parser_new(domains, &c->sink);
	done = reread_document(fd, place, p, spent, e);
	if (done)
		cr_expect(parser_finish(p, e) == PARSER_DONE, "%s", e->what);
	parser_free(p);
	fd_close(fd);
	return done;
}

Test(reread, finds_the_document_by_its_place)
{
	static const struct {
		struct document_place place;
		const char *id;
	} cases[] = { { { 2, 1 }, "end.report_id 'one'" }, { { 3, 1 }, "end.report_id 'two'" } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct collector c;
		struct err e;
		uint64_t spent = 0;

		cr_expect(reread(cases[i].place, &spent, &c, &e), "%s", e.what);
		cr_expect(collector_has(&c, cases[i].id), "%s", cases[i].id);
		EXPECT_INT(spent, strlen(REPORT("one")), "only the part that holds it is unpacked");
		collector_release(&c);
	}
}

Test(reread, tells_when_the_document_is_gone)
{
	static const struct document_place places[] = { { 2, 2 }, { 4, 1 }, { 0, 1 } };

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct collector c;
		struct err e;
		uint64_t spent = 0;

		cr_expect(!reread(places[i], &spent, &c, &e), "place %zu", i);
		EXPECT_INT(e.kind, ERR_INPUT, "kind");
		cr_expect_str_eq(e.what, "a part of it is gone when it is read again");
		collector_release(&c);
	}
}

Test(reread, bounds_what_a_message_may_take)
{
	const struct document_place place = { 2, 1 };

	for (uint64_t past = 0; past < 2; past++) {
		struct collector c;
		struct err e;
		uint64_t spent = LIMIT_REREAD_BYTES + past;

		cr_expect(reread(place, &spent, &c, &e) == !past, "%s", e.what);
		EXPECT_INT(e.kind, past ? ERR_LIMIT : ERR_NONE, "kind");
		collector_release(&c);
	}
}
