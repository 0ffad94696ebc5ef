/* SPDX-License-Identifier: MIT */
#include "reports/knowledge.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* Of all that one owner says; the longest name he may give a sender. */
enum { KNOWLEDGE_BYTES = 64 << 20, SENDER_NAME_MAX = 80 };

void knowledge_init(struct knowledge *k, const struct catalogue *catalogue,
		    const struct domains *domains)
{
	*k = (struct knowledge){ .catalogue = catalogue, .domains = domains };
	arena_init(&k->arena, KNOWLEDGE_BYTES);
}

void knowledge_release(struct knowledge *k)
{
	arena_release(&k->arena);
	free(k->owned);
	free(k->rules);
	free(k->senders);
	*k = (struct knowledge){ 0 };
}

struct owner knowledge_owner(const struct knowledge *k)
{
	return (struct owner){ k->owned, k->owned_count, k->rules, k->rule_count };
}

static bool too_much(struct err *e)
{
	return err_set(e, ERR_LIMIT, "too many rules and domains");
}

/* --- domains ----------------------------------------------------------------------------------- */

static bool is_domain(struct knowledge *k, struct slice text, struct slice *domain_out,
		      struct err *e)
{
	bool valid = false;

	if (!domain_normalise(&k->arena, text, domain_out, &valid))
		return too_much(e);
	if (valid && slice_find(*domain_out, '.') < domain_out->n)
		return true;
	err_set(e, ERR_USAGE, "not a domain");
	err_where(e, "%.*s", SLICE_ARG(text));
	err_remedy(e, "write it like example.com");
	return false;
}

bool knowledge_own(struct knowledge *k, struct slice domain, struct err *e)
{
	struct slice name;

	if (!is_domain(k, domain, &name, e))
		return false;
	if (domain_is_icann_suffix(k->domains, name)) {
		err_set(e, ERR_USAGE, "others register domains under it: nobody owns it");
		err_where(e, "%.*s", SLICE_ARG(domain));
		err_remedy(e, "name the domain below it that is yours");
		return false;
	}
	k->owned =
		memory_grow_array(k->owned, k->owned_count, &k->owned_capacity, sizeof(*k->owned));
	k->owned[k->owned_count++] = name;
	return true;
}

/* --- senders ----------------------------------------------------------------------------------- */

static const struct sender *find_shipped(const struct catalogue *c, struct slice name)
{
	for (size_t i = 0; i < catalogue_count(c); i++) {
		const struct sender *sender = catalogue_at(c, i);

		if (slice_equal_icase(sender->id, name) || slice_equal_icase(sender->name, name))
			return sender;
	}
	return NULL;
}

static struct sender *find_own(const struct knowledge *k, struct slice name)
{
	for (size_t i = 0; i < k->sender_count; i++) {
		if (slice_equal(k->senders[i]->id, name))
			return k->senders[i];
	}
	return NULL;
}

const struct sender *knowledge_find_sender(const struct knowledge *k, struct slice name)
{
	const struct sender *shipped = find_shipped(k->catalogue, name);

	return shipped ? shipped : find_own(k, name);
}

static bool is_harmless(struct slice name)
{
	while (name.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(name, &point);

		if (text_is_harmful(point))
			return false;
		name = slice_from_offset(name, length);
	}
	return true;
}

static bool check_name(const struct knowledge *k, struct slice name, struct err *e)
{
	struct slice nearest = catalogue_nearest(k->catalogue, name);

	if (name.n == 0 || name.n > SENDER_NAME_MAX || !utf8_is_valid(name) || !is_harmless(name)) {
		err_set(e, ERR_USAGE, "not a name of a sender: 1 to %d bytes of text",
			SENDER_NAME_MAX);
		err_where(e, "%.*s", SLICE_ARG(name));
		return false;
	}
	if (nearest.n == 0)
		return true;
	err_set(e, ERR_USAGE, "not a sender of the catalogue");
	err_where(e, "%.*s", SLICE_ARG(name));
	err_remedy(e, "did you mean %.*s? A name of your own must be less like one of its ids",
		   SLICE_ARG(nearest));
	return false;
}

/* A service of which nothing is known but what it is called: nothing can be advised on it. */
static const struct sender *add_own(struct knowledge *k, struct slice name, struct err *e)
{
	struct sender *sender = arena_alloc(&k->arena, sizeof(*sender));

	if (!check_name(k, name, e))
		return NULL;
	if (!sender || !arena_copy(&k->arena, name, &name)) {
		(void)too_much(e);
		return NULL;
	}
	*sender = (struct sender){
		.id = name,
		.name = name,
		.order = catalogue_count(k->catalogue) + k->sender_count,
		.kind = SENDER_SAAS,
		.status = SENDER_HEARSAY,
		.spf_possible = SPF_POSSIBLE_UNKNOWN,
	};
	k->senders = memory_grow_array(k->senders, k->sender_count, &k->sender_capacity,
				       sizeof(struct sender *));
	k->senders[k->sender_count++] = sender;
	return sender;
}

static const struct sender *sender_named(struct knowledge *k, struct slice name, struct err *e)
{
	const struct sender *sender = find_shipped(k->catalogue, name);

	if (!sender)
		sender = find_own(k, name);
	return sender ? sender : add_own(k, name, e);
}

/* --- rules ------------------------------------------------------------------------------------- */

static bool read_selector(struct knowledge *k, struct slice value, struct slice *name_out,
			  struct err *e)
{
	if (value.n == 0)
		return err_set(e, ERR_USAGE, "a selector is missing");
	return arena_copy(&k->arena, value, name_out) || too_much(e);
}

static bool read_network(struct slice value, struct network *network_out, struct err *e)
{
	if (network_parse(value, network_out, e))
		return true;
	e->kind = ERR_USAGE;
	return err_remedy(e, "write it like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32");
}

static bool read_value(struct knowledge *k, struct slice value, struct owner_rule *rule,
		       struct err *e)
{
	switch (rule->kind) {
	case RULE_BY_SELECTOR:
		return read_selector(k, value, &rule->name, e);
	case RULE_BY_DKIM:
	case RULE_BY_MAILFROM:
		return is_domain(k, value, &rule->name, e);
	case RULE_BY_ADDRESS:
		return read_network(value, &rule->network, e);
	}
	return false;
}

/* Machines of the owner's, known by their addresses, are listed in SPF by these. */
static void advise_on_address(struct sender *own)
{
	if (!own || own->advice_count > 0)
		return;
	own->advice[own->advice_count++] = (struct advice){
		LEG_SPF,
		ADVICE_RECORD,
		SLICE("{spf-domain} TXT \"v=spf1 {mechanism} ~all\""),
	};
}

bool knowledge_add_rule(struct knowledge *k, enum rule_kind kind, struct slice value,
			struct slice sender, struct err *e)
{
	struct owner_rule rule = { .kind = kind };

	if (!read_value(k, value, &rule, e))
		return false;
	rule.sender = sender_named(k, slice_trim(sender), e);
	if (!rule.sender)
		return false;
	if (sender_is_transit(rule.sender) && kind != RULE_BY_ADDRESS) {
		err_set(e, ERR_USAGE, "%.*s passes mail on and never sends it",
			SLICE_ARG(rule.sender->name));
		err_remedy(e, "name its addresses: %s=ADDRESS=%.*s",
			   rule_kind_text(RULE_BY_ADDRESS), SLICE_ARG(rule.sender->id));
		return false;
	}
	if (kind == RULE_BY_ADDRESS)
		advise_on_address(find_own(k, rule.sender->id));
	k->rules = memory_grow_array(k->rules, k->rule_count, &k->rule_capacity, sizeof(*k->rules));
	k->rules[k->rule_count++] = rule;
	return true;
}

/* What else people may call a kind. */
static const struct {
	const char *word;
	enum rule_kind kind;
} other_words[] = {
	{ "s", RULE_BY_SELECTOR },
	{ "d", RULE_BY_DKIM },
	{ "spf", RULE_BY_MAILFROM },
	{ "mail-from", RULE_BY_MAILFROM },
	{ "envelope-from", RULE_BY_MAILFROM },
	{ "address", RULE_BY_ADDRESS },
	{ "network", RULE_BY_ADDRESS },
	{ "net", RULE_BY_ADDRESS },
	{ "cidr", RULE_BY_ADDRESS },
};

static bool find_kind(struct slice word, enum rule_kind *kind_out, struct err *e)
{
	SCOPED(buf) struct buf list = { 0 };

	if (rule_kind_find(word, kind_out))
		return true;
	for (size_t i = 0; i < COUNT_OF(other_words); i++) {
		if (slice_equal(word, slice_from(other_words[i].word))) {
			*kind_out = other_words[i].kind;
			return true;
		}
	}
	for (int i = 0; i < rule_kind_count; i++)
		buf_printf(&list, "%s%s", i > 0 ? ", " : "", rule_kind_text((enum rule_kind)i));
	err_set(e, ERR_USAGE, "not a kind of rule");
	err_where(e, "%.*s", SLICE_ARG(word));
	err_remedy(e, "choose one of: %s", buf_text(&list));
	return false;
}

bool knowledge_add_rule_text(struct knowledge *k, struct slice text, struct err *e)
{
	struct slice sender = text, kind_word = SLICE_ABSENT, value = SLICE_ABSENT;
	enum rule_kind kind;

	if (!slice_cut(&sender, '=', &kind_word) || !slice_cut(&sender, '=', &value) ||
	    sender.n == 0) {
		err_set(e, ERR_USAGE, "not a rule");
		err_where(e, "%.*s", SLICE_ARG(text));
		err_remedy(e, "write it like mailfrom=bounce.example.com=kaizen");
		return false;
	}
	return find_kind(kind_word, &kind, e) && knowledge_add_rule(k, kind, value, sender, e);
}
