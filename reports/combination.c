/* SPDX-License-Identifier: MIT */
#include "reports/combination.h"

#include "reports/address_class.h"
#include "reports/facts.h"

#include "base/banned.h"

static void put(struct combination *c, const void *bytes, size_t n)
{
	if (c->n == COMBINATION_TOO_LONG || n > sizeof(c->bytes) - c->n) {
		c->n = COMBINATION_TOO_LONG;
		return;
	}
	if (n > 0)
		memcpy(c->bytes + c->n, bytes, n);
	c->n += n;
}

static void put_number(struct combination *c, size_t number)
{
	put(c, &number, sizeof(number));
}

/* An absent text and an empty one are two. */
static void put_text(struct combination *c, struct slice text)
{
	uint16_t length = slice_is_absent(text) ? 0 : (uint16_t)(text.n + 1);

	if (text.n >= sizeof(c->bytes)) {
		c->n = COMBINATION_TOO_LONG;
		return;
	}
	put(c, &length, sizeof(length));
	put(c, text.p, text.n);
}

/* What a word nobody knows says does not matter. */
static void put_words(struct combination *c, const struct word *const *words, size_t count)
{
	unsigned char values[16];

	for (size_t i = 0; i < count; i++)
		values[i] = (unsigned char)words[i]->value;
	put(c, values, count);
}

#define PUT_WORDS(c, ...)                                                                          \
	put_words((c), (const struct word *const[]){ __VA_ARGS__ },                                \
		  COUNT_OF(((const struct word *const[]){ __VA_ARGS__ })))

static void put_policy(struct combination *c, const struct published_policy *p)
{
	put_text(c, p->domain);
	PUT_WORDS(c, &p->adkim, &p->aspf, &p->p, &p->sp, &p->np, &p->testing, &p->discovery);
	put(c, &p->pct, sizeof(p->pct));
}

static void put_results(struct combination *c, const struct record *r)
{
	put_number(c, r->dkim_count);
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct dkim_result *dkim = &r->dkim_results[i];

		put_text(c, dkim->domain);
		put_text(c, dkim->selector);
		PUT_WORDS(c, &dkim->result);
		put_text(c, dkim->human_result);
	}
	put_number(c, r->spf_count);
	for (size_t i = 0; i < r->spf_count; i++) {
		put_text(c, r->spf_results[i].domain);
		PUT_WORDS(c, &r->spf_results[i].scope, &r->spf_results[i].result);
	}
}

static void put_claims(struct combination *c, const struct record *r)
{
	PUT_WORDS(c, &r->disposition, &r->dkim, &r->spf);
	put_number(c, r->reason_count);
	for (size_t i = 0; i < r->reason_count; i++) {
		PUT_WORDS(c, &r->reasons[i].type);
		put_text(c, r->reasons[i].comment);
	}
	put_text(c, r->header_from);
	put_text(c, r->envelope_from);
}

/* Have the two names their last two labels in common, or is one of one label the end of the other? */
static bool is_near(struct slice name, struct slice from)
{
	size_t n = 0, labels = 0;

	while (n < name.n && n < from.n && name.p[name.n - n - 1] == from.p[from.n - n - 1]) {
		n++;
		labels += name.p[name.n - n] == '.';
	}

	bool at_label = (n == name.n || name.p[name.n - n - 1] == '.') &&
		(n == from.n || from.p[from.n - n - 1] == '.');

	return labels + at_label >= 2 || (at_label && n > 0 && n == from.n);
}

/*
 * Of a name that has nothing to do with the author it matters whose machine it is, and the Region in
 * it: an address is one of thousands of the same service.
 */
static void put_name(struct combination *c, const struct judge *judge, const struct evidence *e)
{
	struct slice name = e->host.name;
	const struct suffix_match match = catalogue_match(judge->catalogue, NAME_PTR, name);
	bool near = is_near(name, e->record->header_from) || facts_owned(e, name);

	put_text(c, near ? name : SLICE_ABSENT);
	put_number(c, match.labels);
	for (size_t i = 0; i < match.count; i++) {
		put_number(c, match.senders[i]->order);
		put_text(c, sender_region_in(match.senders[i], name));
	}
}

/* Of the address it matters which range or rule holds it: there are thousands of each class. */
static void put_address(struct combination *c, const struct judge *judge, const struct evidence *e)
{
	const struct address_class class = address_class_of(judge, e);

	put_number(c, (uintptr_t) class.range);
	put_number(c, (uintptr_t) class.hop);
	put_number(c, (uintptr_t) class.sender);
}

void combination_of(const struct judge *judge, const struct evidence *evidence,
		    struct combination *combination_out)
{
	struct combination *c = combination_out;
	unsigned char state = (unsigned char)evidence->host.state;

	c->n = 0;
	put_policy(c, evidence->policy);
	put_claims(c, evidence->record);
	put_results(c, evidence->record);
	put_number(c, (uintptr_t)evidence->owner);
	put_address(c, judge, evidence);
	put(c, &state, sizeof(state));
	if (evidence->host.state == HOST_CONFIRMED)
		put_name(c, judge, evidence);
}

uint64_t combination_hash(const struct combination *c)
{
	uint64_t hash = c->n, word;
	size_t i = 0;

	for (; i + sizeof(word) <= c->n; i += sizeof(word)) {
		memcpy(&word, c->bytes + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, c->bytes + i, c->n - i);
	hash = (hash ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
	return hash ^ hash >> 29;
}
