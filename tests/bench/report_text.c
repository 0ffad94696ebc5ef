/* SPDX-License-Identifier: MIT */
#include "tests/bench/report_text.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/domain.h"

#include "base/banned.h"

/* clang-format off */
#define XSD " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
#define XSI " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

/* Google, Yahoo, Microsoft and the like in all but name. */
const struct dialect dialects[DIALECT_COUNT] = {
	{ "searchmail.example", "searchmail.example", "noreply-dmarc-support@searchmail.example",
	  "https://support.searchmail.example/a/answer/2466580", "  ", "", "1.0", NULL, "#",
	  "Report domain: % Submitter: @ Report-ID:\n #", "application/zip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_SP | HAS_NP, 0, PACK_ZIP, SHAPE_BARE },
	{ "Portal & Partner", "portalmail.example", "dmarchelp@portalmail.example", NULL, "    ", "",
	  "1.0", NULL, "#.000000", "Report Domain: %\n\tSubmitter: @\n\tReport-ID: <#>",
	  "application/gzip", HAS_DECLARATION | HAS_SELECTOR | HAS_NO_MODES, 0, PACK_GZIP, SHAPE_TEXT },
	{ "Enterprise Office", "protection.office.example", "dmarcreport@office.example", NULL, "  ",
	  XSD XSI, "1.0", NULL, "#a3e0c55b9f1d4e", "[Preview] Report Domain: % Submitter:\n @ Report-ID: #",
	  "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_SCOPE | HAS_ENVELOPE_FROM | HAS_ENVELOPE_TO | HAS_SP |
		HAS_FO, 0, PACK_GZIP, SHAPE_ALTERNATIVE },
	{ "freemail.example", "freemail.example", "noreply-dmarc@sicher.freemail.example",
	  "https://postmaster.freemail.example/de/case?c=r2002&i=ip", "\t",
	  " xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"", "1.0", "mailsphere 4.1 <core>", "#",
	  "Report Domain: % Submitter: @ Report-ID:\n #", "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_SCOPE | HAS_ENVELOPE_FROM | HAS_NP | HAS_NO_PCT, 22,
	  PACK_GZIP, SHAPE_TEXT },
	{ "ANCIENT ONLINE", "ancient.example", "abuse_dmarc@abuse.ancient.example", NULL, "  ",
	  " xmlns=\"http://dmarc.org/dmarc-xml/0.1\"", "0.1", NULL, "%_#",
	  "Report Domain: % Submitter: @ Report-ID: <#>", "application/x-zip-compressed",
	  HAS_SCOPE, 4, PACK_ZIP, SHAPE_TEXT },
	{ "cloudmailer", "cloudmailer.example", "postmaster@cloudmailer.example", NULL, "  ", "", "0.1",
	  NULL, "#", "Dmarc Aggregate Report Domain: {%}  Submitter: {@}\n Date: {2026} Report-ID: {#}",
	  "application/octet-stream", HAS_DECLARATION | HAS_ENVELOPE_FROM | HAS_SCOPE, 0, PACK_GZIP,
	  SHAPE_TEXT },
	{ "Appliance Gateway", "gateway.example", "dmarc@gateway.example", NULL, NULL, "", "1.0", NULL,
	  "27$b2c=#=@", "Report Domain: % Submitter: @ Report-ID: <#>", "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_ENVELOPE_TO | HAS_SP | HAS_HUMAN_RESULT, 7, PACK_GZIP,
	  SHAPE_BARE },
	{ "seg.example", "seg.example", "no-reply@eu-1.seg.example", "Postmaster, \"SEG\" <eu-1>", "\t",
	  "", "1.0", NULL, "#", "Report domain: % Submitter: @ Report-ID:\n #", "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_SCOPE | HAS_ENVELOPE_FROM | HAS_HUMAN_RESULT | HAS_CRLF, 0,
	  PACK_GZIP, SHAPE_TEXT },
	{ "fastletters.example", "fastletters.example", "reports@fastletters.example", NULL, " ", "",
	  "1.0", NULL, "#", "Report Domain: % Submitter: @ Report-ID: <#>", "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_SCOPE | HAS_ENVELOPE_FROM, 0, PACK_GZIP, SHAPE_TEXT },
	{ "Почта.example", "post-ru.example", "dmarc_support@post-ru.example",
	  "http://help.post-ru.example/mail-help", "\t", "", NULL, NULL, "#",
	  "Report Domain: %; Submitter: @;\n Report-ID: #", "application/gzip",
	  HAS_DECLARATION | HAS_SELECTOR | HAS_NO_MODES | HAS_SP, 21, PACK_GZIP, SHAPE_ALTERNATIVE },
	{ "kisoku.example", "kisoku.example", "dmarc-report@kisoku.example", NULL, "  ", "", "1.0",
	  "opendmarc-reports v1.4", "%:#", "Report Domain: % Submitter: @ Report-ID: <#>",
	  "application/gzip", HAS_DECLARATION | HAS_SELECTOR | HAS_SCOPE | HAS_FO, 15, PACK_GZIP, SHAPE_BARE },
	{ "hochschule.example", "hochschule.example", "postmaster@hochschule.example", NULL, "\t", "",
	  NULL, NULL, "#", "Report Domain: % Submitter: @\n Report-ID: <#>", "text/xml",
	  HAS_DECLARATION | HAS_SCOPE, 0, PACK_PLAIN, SHAPE_BARE },
};

/* A way in which mail of an owner is sent: '%' is the From domain, '@' the owner's, '#' a number. */
struct service {
	unsigned share; /* of an owner's flows */
	const char *envelope;
	const char *spf;
	struct { const char *domain, *selector, *result; } signers[3];
	const char *reason, *comment;
};

static const struct service services[] = {
	{ 6, "%", "pass", { { "%", "mail2026", "pass" } }, NULL, NULL },
	{ 5, "%", "pass", { { "%", "google", "pass" }, { "#.20230601.gappssmtp.com", "20230601", "pass" } },
	  NULL, NULL },
	{ 5, "%", "pass", { { "%", "selector1", "pass" } }, NULL, NULL },
	{ 4, "eu-west-1.amazonses.com", "pass",
	  { { "amazonses.com", "uku4taia5b5tsbglxyj6zym32efj7xqv", "pass" } }, NULL, NULL },
	{ 3, "bounce.%", "pass",
	  { { "%", "7v7vs6w47njt4pimodk5mmttbegzsi6n", "pass" }, { "amazonses.com", "224i4yxa5dv7c2xz3womw6peuasteono", "pass" } },
	  NULL, NULL },
	{ 3, "sendgrid.net", "pass", { { "sendgrid.net", "smtpapi", "pass" } }, NULL, NULL },
	{ 3, "em#.%", "pass", { { "%", "s1", "pass" }, { "sendgrid.info", "smtpapi", "pass" } }, NULL, NULL },
	{ 2, "mandrillapp.com", "pass", { { "mandrillapp.com", "mandrill", "pass" } }, NULL, NULL },
	{ 2, "mail#.atl.mcsv.net", "pass", { { "%", "k2", "pass" }, { "mcsv.net", "k2", "pass" } }, NULL, NULL },
	{ 1, "secutix.com", "pass", { { NULL, NULL, NULL } }, NULL, NULL },
	{ 3, "forward#.example", "pass", { { "@", "google", "fail" } }, "forwarded",
	  "looks forwarded, downgrade to none with phishing warning" },
	{ 2, "lists#.example", "pass", { { "@", "mail2026", "fail" }, { "lists#.example", "list", "pass" } },
	  "mailing_list", "List-Id: <team.lists.example> & others" },
	{ 2, "@", "softfail", { { "@", "mail2026", "pass" } }, "local_policy", "arc=pass" },
	{ 4, "@", "fail", { { NULL, NULL, NULL } }, NULL, NULL },
	{ 3, "bulk#.example", "none", { { "bulk#.example", "default", "temperror" } }, NULL, NULL },
};
/* clang-format on */

void template_append(struct buf *out, const char *template, const char *number, const char *at,
		     const char *percent)
{
	for (const char *c = template; *c; c++) {
		if (*c == '#')
			buf_append_text(out, number);
		else if (*c == '@')
			buf_append_text(out, at);
		else if (*c == '%')
			buf_append_text(out, percent);
		else
			buf_append_byte(out, *c);
	}
}

/* -- flows */

static void name_from(char name[static NAME_SIZE], const char *template, const char *number,
		      const struct owner *o, const struct flow *f)
{
	SCOPED(buf) struct buf text = { 0 };

	template_append(&text, template, number, o->domain, f->header_from);
	BUG_UNLESS(text_copy(name, NAME_SIZE, buf_slice(&text)));
}

static const struct service *choose_service(struct random *r)
{
	unsigned total = 0;

	for (size_t i = 0; i < COUNT_OF(services); i++)
		total += services[i].share;

	uint64_t at = random_below(r, total);
	size_t i = 0;

	while (at >= services[i].share)
		at -= services[i++].share;
	return &services[i];
}

static void add_signer(struct flow *f, const struct owner *o, const char *number,
		       const char *domain, const char *selector, const char *result)
{
	struct signer *s = &f->signers[f->signer_count++];

	name_from(s->domain, domain, number, o, f);
	name_from(s->selector, selector, number, o, f);
	s->result = result;
}

/* Gateways and resellers sign again: up to six signatures. */
static void add_signers(struct flow *f, const struct owner *o, const struct service *service,
			const char *number, struct random *r)
{
	for (size_t i = 0; i < COUNT_OF(service->signers) && service->signers[i].domain; i++)
		add_signer(f, o, number, service->signers[i].domain, service->signers[i].selector,
			   service->signers[i].result);
	while (f->signer_count > 0 && f->signer_count < MAX_SIGNERS && random_chance(r, 12))
		add_signer(f, o, number, "relay#.gateway.example", "r2024q1", "pass");
}

/* One flow in six shows what went wrong on some days. */
static void add_trouble(struct flow *f, struct random *r)
{
	static const char *const dkim_troubles[] = { "fail", "permerror", "temperror", "neutral" };
	static const char *const spf_troubles[] = { "softfail", "fail", "neutral", "permerror" };

	if (f->signer_count > 0 && random_chance(r, 8))
		f->signers[0].result = dkim_troubles[random_below(r, COUNT_OF(dkim_troubles))];
	if (random_chance(r, 8))
		f->spf = spf_troubles[random_below(r, COUNT_OF(spf_troubles))];
}

static bool passes(const char *result, const char *domain, const struct owner *o)
{
	return strcmp(result, "pass") == 0 &&
		domain_is_under(slice_from(domain), slice_from(o->domain));
}

static void claim(struct flow *f, const struct owner *o)
{
	bool dkim = false, spf = passes(f->spf, f->envelope_from, o);

	for (unsigned i = 0; i < f->signer_count; i++)
		dkim |= passes(f->signers[i].result, f->signers[i].domain, o);
	f->claimed_dkim = dkim ? "pass" : "fail";
	f->claimed_spf = spf ? "pass" : "fail";
	f->disposition = dkim || spf || f->reason ? "none" : o->policy;
}

static void flow_init(struct flow *f, const struct owner *o, struct random *r)
{
	static const char *const prefixes[] = { "",      "",        "",         "",
						"news.", "events.", "billing.", "support." };
	const struct service *service = choose_service(r);
	char number[NAME_SIZE];

	*f = (struct flow){ .spf = service->spf, .network = (uint32_t)random_next(r) };
	BUG_UNLESS(text_format(number, sizeof(number), "%u", (unsigned)random_below(r, 400)));
	BUG_UNLESS(text_format(f->header_from, sizeof(f->header_from), "%s%s",
			       prefixes[random_below(r, COUNT_OF(prefixes))], o->domain));
	name_from(f->envelope_from, service->envelope, number, o, f);
	add_signers(f, o, service, number, r);
	add_trouble(f, r);
	f->reason = service->reason;
	f->comment = service->comment;
	claim(f, o);
}

void owner_init(struct owner *o, uint64_t seed, unsigned number, size_t flow_count)
{
	static const char *const kinds[] = { "museum", "werke", "verlag", "klinik", "kommune" };
	static const char *const policies[] = { "none", "quarantine", "reject" };
	struct random r = random_of(seed, 1, number);

	BUG_UNLESS(text_format(o->domain, sizeof(o->domain), "%s%u.example",
			       kinds[random_below(&r, COUNT_OF(kinds))], number));
	o->policy = policies[random_below(&r, COUNT_OF(policies))];
	o->subdomain_policy = policies[random_below(&r, COUNT_OF(policies))];
	o->flow_count = flow_count;
	o->flows = memory_resize_array(NULL, flow_count, sizeof(*o->flows));
	for (size_t i = 0; i < flow_count; i++)
		flow_init(&o->flows[i], o, &r);
}

void owner_release(struct owner *o)
{
	free(o->flows);
	*o = (struct owner){ 0 };
}

/* -- XML */

struct xml {
	struct buf *out;
	const struct dialect *dialect;
	unsigned depth;
};

static void indent(const struct xml *x)
{
	for (unsigned i = 0; x->dialect->indent && i < x->depth; i++)
		buf_append_text(x->out, x->dialect->indent);
}

static void end_line(const struct xml *x)
{
	if (x->dialect->indent)
		buf_append_text(x->out, x->dialect->traits & HAS_CRLF ? "\r\n" : "\n");
}

static void open_with(struct xml *x, const char *name, const char *attributes)
{
	indent(x);
	buf_append_byte(x->out, '<');
	buf_append_text(x->out, name);
	buf_append_text(x->out, attributes);
	buf_append_byte(x->out, '>');
	end_line(x);
	x->depth++;
}

static void open_element(struct xml *x, const char *name)
{
	open_with(x, name, "");
}

static void close_element(struct xml *x, const char *name)
{
	x->depth--;
	indent(x);
	buf_append_text(x->out, "</");
	buf_append_text(x->out, name);
	buf_append_byte(x->out, '>');
	end_line(x);
}

static void escaped(struct buf *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '&')
			buf_append_text(out, "&amp;");
		else if (*c == '<')
			buf_append_text(out, "&lt;");
		else if (*c == '>')
			buf_append_text(out, "&gt;");
		else if (*c == '"')
			buf_append_text(out, "&quot;");
		else
			buf_append_byte(out, *c);
	}
}

static void leaf(const struct xml *x, const char *name, const char *text)
{
	if (!text)
		return;
	indent(x);
	buf_append_byte(x->out, '<');
	buf_append_text(x->out, name);
	buf_append_byte(x->out, '>');
	escaped(x->out, text);
	buf_append_text(x->out, "</");
	buf_append_text(x->out, name);
	buf_append_byte(x->out, '>');
	end_line(x);
}

static void number_leaf(const struct xml *x, const char *name, uint64_t number)
{
	char text[32];

	BUG_UNLESS(text_format(text, sizeof(text), "%llu", (unsigned long long)number));
	leaf(x, name, text);
}

static bool has(const struct xml *x, enum dialect_trait trait)
{
	return (x->dialect->traits & trait) != 0;
}

static void put_metadata(struct xml *x, const struct report_frame *frame)
{
	const struct dialect *d = frame->dialect;

	open_element(x, "report_metadata");
	leaf(x, "org_name", d->org_name);
	leaf(x, "email", d->email);
	leaf(x, "extra_contact_info", d->contact);
	leaf(x, "report_id", frame->id);
	open_element(x, "date_range");
	number_leaf(x, "begin", (uint64_t)frame->begin);
	number_leaf(x, "end", (uint64_t)frame->end);
	close_element(x, "date_range");
	leaf(x, "generator", d->generator);
	close_element(x, "report_metadata");
}

static void put_policy(struct xml *x, const struct owner *o)
{
	open_element(x, "policy_published");
	leaf(x, "domain", o->domain);
	if (!has(x, HAS_NO_MODES)) {
		leaf(x, "adkim", "r");
		leaf(x, "aspf", "r");
	}
	leaf(x, "p", o->policy);
	leaf(x, "sp", has(x, HAS_SP) ? o->subdomain_policy : NULL);
	leaf(x, "np", has(x, HAS_NP) ? o->subdomain_policy : NULL);
	leaf(x, "pct", has(x, HAS_NO_PCT) ? NULL : "100");
	leaf(x, "fo", has(x, HAS_FO) ? "1" : NULL);
	close_element(x, "policy_published");
}

void report_text_begin(struct buf *out, const struct report_frame *frame)
{
	struct xml x = { out, frame->dialect, 0 };

	if (has(&x, HAS_DECLARATION)) {
		buf_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>");
		end_line(&x);
	}
	open_with(&x, "feedback", frame->dialect->namespace);
	leaf(&x, "version", frame->dialect->version);
	put_metadata(&x, frame);
	put_policy(&x, frame->owner);
}

void report_text_end(struct buf *out, const struct report_frame *frame)
{
	struct xml x = { out, frame->dialect, 1 };

	close_element(&x, "feedback");
}

enum { FLOW_MACHINES = 64 };

/* A flow has some dozens of machines, busy ones and others; and now and then anybody sends in its name. */
static unsigned choose_machine(const struct flow *f, struct random *r)
{
	if (random_chance(r, 5))
		return (unsigned)random_next(r) & 0xFFFF;
	return (unsigned)((f->network >> 8) * 61 + random_lower(r, FLOW_MACHINES)) & 0xFFFF;
}

/* Of the nets set aside for measuring and for documents; 18 % are IPv6. */
static void put_address(const struct xml *x, const struct flow *f, struct random *r)
{
	unsigned machine = choose_machine(f, r);
	char text[INET6_ADDRSTRLEN];

	if (random_chance(r, 18))
		BUG_UNLESS(text_format(text, sizeof(text), "2001:db8:%x:%x::%x",
				       f->network & 0xFFFF, machine & 0xF, machine));
	else
		BUG_UNLESS(text_format(text, sizeof(text), "198.%u.%u.%u", 18 + (f->network & 1),
				       machine >> 8, machine & 0xFF));
	leaf(x, "source_ip", text);
}

static void put_row(struct xml *x, const struct flow *f, struct random *r, uint64_t count)
{
	open_element(x, "row");
	put_address(x, f, r);
	number_leaf(x, "count", count);
	open_element(x, "policy_evaluated");
	leaf(x, "disposition", f->disposition);
	leaf(x, "dkim", f->claimed_dkim);
	leaf(x, "spf", f->claimed_spf);
	if (f->reason) {
		open_element(x, "reason");
		leaf(x, "type", f->reason);
		leaf(x, "comment", f->comment);
		close_element(x, "reason");
	}
	close_element(x, "policy_evaluated");
	close_element(x, "row");
}

static void put_identifiers(struct xml *x, const struct flow *f)
{
	open_element(x, "identifiers");
	leaf(x, "envelope_to", has(x, HAS_ENVELOPE_TO) ? x->dialect->receiver : NULL);
	leaf(x, "envelope_from", has(x, HAS_ENVELOPE_FROM) ? f->envelope_from : NULL);
	leaf(x, "header_from", f->header_from);
	close_element(x, "identifiers");
}

static const char *human_result(const struct xml *x, const char *result)
{
	if (!has(x, HAS_HUMAN_RESULT))
		return NULL;
	if (strcmp(result, "pass") == 0)
		return "OK (2048-bit key)";
	return "signature doesn't verify: \"b=\" & <body hash> differ";
}

static void put_auth_results(struct xml *x, const struct flow *f)
{
	open_element(x, "auth_results");
	for (unsigned i = 0; i < f->signer_count; i++) {
		const struct signer *s = &f->signers[i];

		open_element(x, "dkim");
		leaf(x, "domain", s->domain);
		leaf(x, "selector", has(x, HAS_SELECTOR) ? s->selector : NULL);
		leaf(x, "result", s->result);
		leaf(x, "human_result", human_result(x, s->result));
		close_element(x, "dkim");
	}
	open_element(x, "spf");
	leaf(x, "domain", f->envelope_from);
	leaf(x, "scope", has(x, HAS_SCOPE) ? "mfrom" : NULL);
	leaf(x, "result", f->spf);
	close_element(x, "spf");
	close_element(x, "auth_results");
}

void report_text_record(struct buf *out, const struct report_frame *frame, struct random *r,
			uint64_t *count_out)
{
	struct xml x = { out, frame->dialect, 1 };
	const struct owner *o = frame->owner;
	const struct flow *f = &o->flows[random_lower(r, o->flow_count)];
	uint64_t count = 1 + random_below(r, UINT64_C(1) << random_below(r, 10));

	open_element(&x, "record");
	put_row(&x, f, r, count);
	put_identifiers(&x, f);
	put_auth_results(&x, f);
	close_element(&x, "record");
	*count_out = count;
}
