/* SPDX-License-Identifier: MIT */
/*
 * XML bytes through the parser, into a sink that reads every byte it is given. The first byte says
 * in how large pieces the others are fed; 0 is whole.
 */
#include <stdint.h>
#include <stdlib.h>

#include "parser/domain.h"
#include "parser/parser.h"

#include "base/banned.h"

static void touch(struct slice s)
{
	volatile char sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum = (char)(sum ^ s.p[i]);
}

static void touch_all(const struct slice *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		touch(texts[i]);
}

#define TOUCH(...)                                                                                 \
	touch_all((const struct slice[]){ __VA_ARGS__ },                                           \
		  sizeof((const struct slice[]){ __VA_ARGS__ }) / sizeof(struct slice))

static bool on_report(struct sink *sink UNUSED, const struct report *r, struct err *e UNUSED)
{
	const struct published_policy *p = &r->policy;

	TOUCH(r->org_name, r->email, r->extra_contact_info, r->report_id, r->version, r->generator,
	      r->namespace_uri, p->domain, p->adkim.text, p->aspf.text, p->p.text, p->sp.text,
	      p->np.text, p->fo, p->testing.text, p->discovery.text);
	touch_all(r->errors, r->error_count);
	for (size_t i = 0; i < r->raw_count; i++)
		TOUCH(r->raw[i].field, r->raw[i].text);
	return true;
}

static bool on_record(struct sink *sink UNUSED, const struct report *report UNUSED,
		      const struct record *r, struct err *e UNUSED)
{
	TOUCH(r->disposition.text, r->dkim.text, r->spf.text, r->header_from, r->envelope_from,
	      r->envelope_to);
	for (size_t i = 0; i < r->reason_count; i++)
		TOUCH(r->reasons[i].type.text, r->reasons[i].comment);
	for (size_t i = 0; i < r->dkim_count; i++)
		TOUCH(r->dkim_results[i].domain, r->dkim_results[i].selector,
		      r->dkim_results[i].result.text, r->dkim_results[i].human_result);
	for (size_t i = 0; i < r->spf_count; i++)
		TOUCH(r->spf_results[i].domain, r->spf_results[i].scope.text,
		      r->spf_results[i].result.text, r->spf_results[i].human_result);
	for (size_t i = 0; i < r->raw_count; i++)
		TOUCH(r->raw[i].field, r->raw[i].text);
	return true;
}

static void on_abort(struct sink *sink, const struct report *r, const struct err *why UNUSED)
{
	struct err e = ERR_INIT;

	(void)on_report(sink, r, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sink_ops ops = { on_report, on_record, on_report, on_abort };
	static struct domains *domains; /* once for all inputs */
	struct err e = ERR_INIT;
	struct sink sink = { &ops };

	if (size == 0)
		return 0;
	if (!domains)
		domains = domains_load(&e);

	SCOPED(parser) struct parser *p = parser_new(domains, &sink);
	struct slice rest = slice_of((const char *)data + 1, size - 1);
	size_t piece = data[0] > 0 ? data[0] : size;
	bool going = true;

	while (going && rest.n > 0) {
		going = parser_push(p, slice_prefix(rest, piece), &e);
		rest = slice_from_offset(rest, piece);
	}
	if (going ? !parser_finish(p, &e) && e.kind == ERR_NONE : e.kind == ERR_NONE)
		abort();
	return 0;
}
