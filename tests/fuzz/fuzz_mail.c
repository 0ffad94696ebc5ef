/* SPDX-License-Identifier: MIT */
/* A mail or a file from its bytes to its outcome, into a sink that reads what it is given. */
#include <stdint.h>

#include "base/bug.h"
#include "base/file.h"
#include "ingest/authentication.h"
#include "ingest/extract.h"
#include "ingest/mime.h"
#include "ingest/relay.h"
#include "parser/domain.h"
#include "parser/parser.h"

#include "base/banned.h"

static volatile char touched;

static void touch(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		touched = s.p[i];
}

static bool on_report(struct sink *sink UNUSED, const struct report *r, struct err *e UNUSED)
{
	touch(r->org_name);
	touch(r->report_id);
	touch(r->policy.domain);
	return true;
}

static bool on_record(struct sink *sink UNUSED, const struct report *report UNUSED,
		      const struct record *r, struct err *e UNUSED)
{
	touch(r->header_from);
	return true;
}

static void on_abort(struct sink *sink UNUSED, const struct report *r, const struct err *why)
{
	BUG_UNLESS(why->kind != ERR_NONE);
	touch(r->org_name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sink_ops ops = { on_report, on_record, on_report, on_abort };
	static struct domains *domains; /* once for all inputs, and the parser */
	static struct relay *relay;
	static struct parser *parser;
	static const char *const servers[] = { "mx.example.com" };
	const struct trust trust = { servers, COUNT_OF(servers) };
	static struct sink sink = { .ops = &ops };
	struct err e = ERR_INIT;
	struct message message = { .size = size };
	struct verdict_of_message verdict;
	SCOPED(fd) int fd = file_temporary(&e);

	if (!parser) {
		domains = domains_load(&e);
		relay = relay_new(&sink);
		parser = parser_new(domains, relay_sink(relay));
		mime_start();
		parser_start();
	}
	BUG_UNLESS(file_write_all(fd, slice_of((const char *)data, size), &e));
	/* nothing in a message ends the run */
	BUG_UNLESS(extract_message(
		&(struct extractor){ domains, &sink, relay, parser, NULL, false, &trust }, fd,
		&message, &verdict, &e));
	touch(slice_from(message.message_id));
	touch(slice_from(message.origin.from_domain));
	touch(slice_from(message.origin.signer));
	message_release(&message);
	return 0;
}
