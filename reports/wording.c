/* SPDX-License-Identifier: MIT */
#include "reports/wording.h"

#include "base/buf.h"
#include "base/timestamp.h"
#include "parser/alignment.h"
#include "reports/decisions.h"
#include "reports/host_class.h"

#include "base/banned.h"

/* A string of a TXT record takes 255 bytes: room for the rest of "v=spf1 ... ~all". */
enum { MECHANISMS_BYTES = 200 };

static struct slice or_else(struct slice text, struct slice otherwise)
{
	return text.n > 0 ? text : otherwise;
}

static struct slice name_of(const struct sender *sender, struct slice otherwise)
{
	return sender ? sender->name : otherwise;
}

/* Our own copy with one letter for another: domains as labels and back. */
static bool exchanged(struct arena *arena, struct slice text, const char pair[static 2],
		      struct slice *text_out)
{
	char *p = arena_alloc(arena, text.n + 1);

	if (!p)
		return false;
	for (size_t i = 0; i < text.n; i++)
		p[i] = text.p[i] == pair[0] ? pair[1] : text.p[i];
	p[text.n] = '\0';
	*text_out = slice_of(p, text.n);
	return true;
}

static bool joined(struct arena *arena, struct slice a, struct slice b, struct slice *text_out)
{
	SCOPED(buf) struct buf both = { 0 };

	buf_append(&both, a);
	buf_append(&both, b);
	return arena_copy(arena, buf_slice(&both), text_out);
}

/* An envelope host to set up. Not mail.{from}: that receives mail in most zones. */
static bool fill_mailfrom(struct wording *w, struct slice from)
{
	return joined(w->arena, SLICE("bounce."), from, &w->values[PLACEHOLDER_MAILFROM]);
}

static bool list_has(struct slice list, struct slice word)
{
	struct slice item;

	while (slice_cut(&list, ' ', &item)) {
		if (slice_equal(item, word))
			return true;
	}
	return false;
}

static bool fill_region(struct wording *w, const struct judgement *j)
{
	const struct sender *s = j->infrastructure;

	w->values[PLACEHOLDER_REGION] = or_else(j->region, SLICE("REGION"));
	if (!s || j->region.n == 0 || !list_has(s->dkim_regions, j->region))
		return true;
	return joined(w->arena, j->region, SLICE("."), &w->values[PLACEHOLDER_DKIM_REGION]);
}

/* "ip4:192.0.2.0/24" behind what is there already. */
static void append_mechanism(struct buf *b, const struct network *network)
{
	const struct address first = network_first(network);
	bool v4 = network->family == ADDRESS_V4;
	char text[ADDRESS_TEXT_SIZE];

	address_format(&first, text);
	buf_printf(b, "%s%s%s", b->n > 0 ? " " : "", v4 ? "ip4:" : "ip6:", text);
	if (network->bits < (v4 ? 32 : 128))
		buf_printf(b, "/%u", (unsigned)network->bits);
}

static bool names_networks(const struct owner_rule *rule, const struct judgement *j)
{
	return rule->kind == RULE_BY_ADDRESS && j->service && rule->sender == j->service;
}

/* All the networks that the owner gave for the service; where they are too many, the one that told it. */
static void append_networks(struct buf *b, const struct owner *owner, const struct judgement *j)
{
	for (size_t i = 0; i < owner->rule_count; i++) {
		if (names_networks(&owner->rules[i], j))
			append_mechanism(b, &owner->rules[i].network);
	}
	if (b->n <= MECHANISMS_BYTES)
		return;
	buf_clear(b);
	if (j->rule && names_networks(j->rule, j))
		append_mechanism(b, &j->rule->network);
}

/* Where the address is not known, ADDRESS is to be filled in: never words in a record. */
static bool fill_mechanism(struct wording *w, const struct remedy_subject *subject,
			   struct slice address)
{
	SCOPED(buf) struct buf text = { 0 };
	bool v6 = slice_find(address, ':') < address.n;

	append_networks(&text, subject->evidence->owner, subject->judgement);
	if (text.n == 0)
		buf_printf(&text, "%s%.*s", v6 ? "ip6:" : "ip4:", SLICE_ARG(address));
	return arena_copy(w->arena, buf_slice(&text), &w->values[PLACEHOLDER_MECHANISM]);
}

static bool fill_address(struct wording *w, const struct remedy_subject *subject)
{
	const struct address *address = &subject->evidence->record->source_ip;
	char text[ADDRESS_TEXT_SIZE];

	w->values[PLACEHOLDER_ADDRESS] = SLICE("the address");
	address_format(address, text);
	if (text[0] == '\0' || host_class_stands_in(subject->judge, address))
		return fill_mechanism(w, subject, SLICE("ADDRESS"));
	return arena_copy(w->arena, slice_from(text), &w->values[PLACEHOLDER_ADDRESS]) &&
		fill_mechanism(w, subject, slice_from(text));
}

/* What was sent for the record, as it is. */
static void fill_evidence(struct wording *w, const struct remedy_subject *subject,
			  const struct author *author)
{
	const struct judgement *j = subject->judgement;
	struct slice *values = w->values;
	const struct sender *vendor =
		catalogue_vendor(subject->judge->catalogue, NAME_SPF, j->spf_domain);

	values[PLACEHOLDER_FROM] = or_else(author->from, SLICE("the From domain"));
	values[PLACEHOLDER_ORG] = or_else(author->organisation, values[PLACEHOLDER_FROM]);
	values[PLACEHOLDER_POLICY] =
		or_else(subject->evidence->policy->domain, values[PLACEHOLDER_FROM]);
	values[PLACEHOLDER_SPF_DOMAIN] = or_else(j->spf_domain, values[PLACEHOLDER_FROM]);
	values[PLACEHOLDER_SPF_RESULT] =
		or_else(j->spf ? j->spf->result.text : SLICE_ABSENT, SLICE("nothing"));
	values[PLACEHOLDER_SPF_VENDOR] = name_of(vendor, SLICE("somebody else"));
	values[PLACEHOLDER_SIGNER] =
		or_else(j->dkim ? j->dkim->domain : SLICE_ABSENT, values[PLACEHOLDER_FROM]);
	values[PLACEHOLDER_SELECTOR] =
		or_else(j->dkim ? j->dkim->selector : SLICE_ABSENT, SLICE("SELECTOR"));
	values[PLACEHOLDER_DKIM_RESULT] =
		or_else(j->dkim ? j->dkim->result.text : SLICE_ABSENT, SLICE("nothing"));
	values[PLACEHOLDER_OTHER_SIGNER] = j->other_signer;
	values[PLACEHOLDER_CLAIMED] = name_of(j->claimed, SLICE("nobody"));
	values[PLACEHOLDER_HOST] =
		or_else(subject->evidence->host.name, SLICE("a host without a name"));
}

/* Where the machine alone speaks, all who share its name are meant. */
static bool fill_service(struct wording *w, const struct remedy_subject *subject)
{
	const struct judgement *j = subject->judgement;
	const struct suffix_match sharing =
		catalogue_match(subject->judge->catalogue, NAME_PTR, subject->evidence->host.name);
	SCOPED(buf) struct buf names = { 0 };

	w->values[PLACEHOLDER_SERVICE] = name_of(j->service, SLICE("another of your domains"));
	w->values[PLACEHOLDER_INFRASTRUCTURE] =
		name_of(j->infrastructure, w->values[PLACEHOLDER_SERVICE]);
	if (!j->service || j->confidence != CONFIDENCE_LOW || sharing.count < 2)
		return true;
	for (size_t i = 0; i < sharing.count; i++) {
		buf_append_text(&names, i > 0 ? " or " : "");
		buf_append(&names, sharing.senders[i]->name);
	}
	return arena_copy(w->arena, buf_slice(&names), &w->values[PLACEHOLDER_SERVICE]);
}

bool wording_init(struct wording *w, const struct remedy_subject *subject, struct arena *arena)
{
	const struct evidence *evidence = subject->evidence;
	const struct judgement *j = subject->judgement;
	const struct author author = author_of(subject->judge->domains, NULL, evidence->policy,
					       evidence->record->header_from);

	*w = (struct wording){ .arena = arena };
	fill_evidence(w, subject, &author);
	w->values[PLACEHOLDER_TENANT] = or_else(j->tenant, SLICE("tenant unknown"));
	if (j->tenant_dashed && !exchanged(arena, j->tenant, "-.", &w->values[PLACEHOLDER_TENANT]))
		return false;
	return exchanged(arena, author.from, ".-", &w->values[PLACEHOLDER_DASHED]) &&
		fill_mailfrom(w, author.from) && fill_region(w, j) && fill_service(w, subject) &&
		fill_address(w, subject);
}

bool wording_answer(struct wording *w, const struct decisions *window)
{
	char day[DATE_TEXT_SIZE];

	w->values[PLACEHOLDER_OWN_ENVELOPE] = window->own_envelope;
	if (!window->key_passed)
		return true;
	date_format(window->key_last_pass, day);
	return arena_copy(w->arena, slice_from(day), &w->values[PLACEHOLDER_KEY_PASSED]);
}

bool wording_fill(const struct wording *w, struct slice template, struct slice *text_out)
{
	SCOPED(buf) struct buf text = { 0 };

	while (template.n > 0) {
		size_t open = slice_find(template, '{');
		enum placeholder name;

		buf_append(&text, slice_prefix(template, open));
		template = slice_from_offset(template, open);
		if (template.n == 0)
			break;

		size_t close = slice_find(template, '}');

		if (close < template.n &&
		    placeholder_find(slice_of(template.p + 1, close - 1), &name))
			buf_append(&text, w->values[name]);
		template = slice_from_offset(template, close + 1);
	}
	return arena_copy(w->arena, buf_slice(&text), text_out);
}
