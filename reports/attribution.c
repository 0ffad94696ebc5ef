/* SPDX-License-Identifier: MIT */
#include "reports/attribution.h"

#include "base/banned.h"

/* Distinct services named on one record; more than a handful is somebody playing. */
enum { CLAIMS_MAX = 64 };

struct claim {
	const struct sender *sender;
	enum tier tier;
	bool related;  /* the evidence belongs to the From domain's organisation */
	size_t labels; /* of the suffix that fits; 0 for a selector */
};

struct claims {
	size_t count;
	struct claim list[CLAIMS_MAX];
};

static int prefer(bool a, bool b)
{
	return (int)b - (int)a;
}

/* Below 0: a is the better one. Mailbox providers relay the mail of services, not the other way. */
static int claim_compare(const struct claim *a, const struct claim *b)
{
	int order = prefer(sender_is_service(a->sender), sender_is_service(b->sender));

	if (order == 0)
		order = (int)a->tier - (int)b->tier;
	if (order == 0)
		order = prefer(a->related, b->related);
	if (order == 0)
		order = (a->labels < b->labels) - (a->labels > b->labels);
	if (order == 0)
		order = (a->sender->order > b->sender->order) -
			(a->sender->order < b->sender->order);
	return order;
}

static const struct claim *claims_find(const struct claims *c, const struct sender *sender)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->list[i].sender == sender)
			return &c->list[i];
	}
	return NULL;
}

static void claims_add(struct claims *c, struct claim claim)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->list[i].sender != claim.sender)
			continue;
		if (claim_compare(&claim, &c->list[i]) < 0)
			c->list[i] = claim;
		return;
	}
	if (c->count < CLAIMS_MAX)
		c->list[c->count++] = claim;
}

static void claims_add_match(struct claims *c, const struct suffix_match *match, enum tier tier,
			     bool related)
{
	for (size_t i = 0; i < match->count; i++)
		claims_add(c, (struct claim){ match->senders[i], tier, related, match->labels });
}

/* Is the machine that connected one of the service's, or of what it runs on? */
static bool machine_is_of(const struct facts *f, const struct sender *sender)
{
	for (size_t i = 0; i < f->machines.count; i++) {
		if (f->machines.senders[i] == sender ||
		    sender_runs_on(sender, f->machines.senders[i]))
			return true;
	}
	return false;
}

/* Is the sender, or what it runs on, among those that envelope or host name? */
static bool corroborated(const struct facts *f, const struct sender *sender)
{
	if (machine_is_of(f, sender))
		return true;
	if (!f->spf_pass || f->spf_helo || !f->spf_vendor)
		return false;
	return f->spf_vendor == sender || sender_runs_on(sender, f->spf_vendor);
}

/*
 * A selector that only one service uses names it when the domain is From's or the owner's, or when
 * other evidence agrees. DKIM proves d= alone: d=evil.test s=mte1 passes as well.
 */
static void add_selector_claims(const struct facts *f, const struct signature *s, struct claims *c)
{
	const struct sender *sender;
	size_t next = 0;

	while ((sender = catalogue_claimant(f->judge->catalogue, s->result->domain,
					    s->result->selector, &next))) {
		if (s->related || s->own || corroborated(f, sender))
			claims_add(c, (struct claim){ sender, TIER_SIGNATURE, s->related, 0 });
	}
}

static void add_signature_claims(const struct facts *f, struct claims *c)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		const struct signature *s = &f->signatures[i];
		const struct suffix_match match =
			catalogue_match(f->judge->catalogue, NAME_DKIM, s->result->domain);

		if (!s->pass)
			continue;
		claims_add_match(c, &match, TIER_SIGNATURE, s->related);
		add_selector_claims(f, s, c);
	}
}

static void add_envelope_claims(const struct facts *f, struct claims *c)
{
	if (!f->spf_pass || f->spf_helo)
		return;

	const struct suffix_match match =
		catalogue_match(f->judge->catalogue, NAME_SPF, f->spf->domain);

	claims_add_match(c, &match, TIER_ENVELOPE, f->spf_related);
}

/* Of services that share a host name, the ones that stronger evidence names are meant. */
static struct suffix_match machines_meant(const struct facts *f, const struct claims *c)
{
	struct suffix_match meant = { .labels = f->machines.labels };

	for (size_t i = 0; i < f->machines.count; i++) {
		if (claims_find(c, f->machines.senders[i]))
			meant.senders[meant.count++] = f->machines.senders[i];
	}
	return meant.count > 0 ? meant : f->machines;
}

static bool names_a_sender(const struct claims *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (!sender_is_transit(c->list[i].sender))
			return true;
	}
	return false;
}

static bool runs_on_claimed(const struct sender *app, const struct claims *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (sender_runs_on(app, c->list[i].sender))
			return true;
	}
	return false;
}

static bool has_transit(const struct suffix_match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		if (sender_is_transit(match->senders[i]))
			return true;
	}
	return false;
}

/*
 * The host names the service only if nothing better does. The exception: an application seen by its
 * machines stands above the infrastructure that signed for it. A name shared with a forwarder says
 * nothing: a forwarded copy is the likelier explanation.
 */
static void add_host_claims(const struct suffix_match *machines, struct claims *c)
{
	bool nothing_better = !names_a_sender(c) && !has_transit(machines);

	for (size_t i = 0; i < machines->count; i++) {
		const struct sender *machine = machines->senders[i];

		if (nothing_better || runs_on_claimed(machine, c))
			claims_add(c,
				   (struct claim){ machine, TIER_HOST, false, machines->labels });
	}
}

/* Does another candidate run on it? Two that run on each other do not put one another out. */
static bool is_beneath(const struct sender *sender, const struct claims *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct sender *other = c->list[i].sender;

		if (!sender_is_transit(other) && sender_runs_on(other, sender) &&
		    !sender_runs_on(sender, other))
			return true;
	}
	return false;
}

static const struct claim *choose(const struct claims *c)
{
	const struct claim *best = NULL;

	for (size_t i = 0; i < c->count; i++) {
		const struct claim *claim = &c->list[i];

		if (sender_is_transit(claim->sender) || is_beneath(claim->sender, c))
			continue;
		if (!best || claim_compare(claim, best) < 0)
			best = claim;
	}
	return best;
}

/* What the service runs on, if the record shows it; else its own machines. */
static const struct sender *infrastructure_of(const struct sender *service, const struct claims *c,
					      const struct suffix_match *machines)
{
	for (size_t i = 0; i < service->runs_on_count; i++) {
		const struct sender *on = service->runs_on[i];

		if (claims_find(c, on) || suffix_match_has(machines, on))
			return on;
	}
	return service;
}

/* The service that the selector of a failing signature of ours belongs to. */
static const struct sender *claimed_by_selector(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		const struct signature *s = &f->signatures[i];
		size_t next = 0;
		const struct sender *sender = NULL;

		if (s->related && !s->pass)
			sender = catalogue_claimant(f->judge->catalogue, s->result->domain,
						    s->result->selector, &next);
		if (sender)
			return sender;
	}
	return NULL;
}

static enum confidence confidence_in(enum tier tier, bool host_alone)
{
	static const enum confidence by_tier[] = {
		[TIER_OWNER] = CONFIDENCE_HIGH,    [TIER_SIGNATURE] = CONFIDENCE_HIGH,
		[TIER_ENVELOPE] = CONFIDENCE_HIGH, [TIER_HOST] = CONFIDENCE_MEDIUM,
		[TIER_CLAIM] = CONFIDENCE_LOW,
	};

	return host_alone ? CONFIDENCE_LOW : by_tier[tier];
}

static struct attribution attribution_by_evidence(const struct facts *f)
{
	struct attribution a = { .tier = TIER_CLAIM, .range_seen = f->range_seen };
	struct claims claims;

	claims.count = 0;
	add_signature_claims(f, &claims);
	add_envelope_claims(f, &claims);
	a.machines = machines_meant(f, &claims);
	a.last_hop = a.machines.senders[0];
	a.claimed = claimed_by_selector(f);

	bool host_alone = claims.count == 0;

	add_host_claims(&a.machines, &claims);

	const struct claim *chosen = choose(&claims);

	if (!chosen) {
		a.confidence = a.claimed ? CONFIDENCE_LOW : CONFIDENCE_NONE;
		return a;
	}
	a.service = chosen->sender;
	a.tier = chosen->tier;
	a.confidence = confidence_in(a.tier, host_alone);
	a.infrastructure = infrastructure_of(a.service, &claims, &a.machines);
	if (suffix_match_has(&a.machines, a.service))
		a.last_hop = a.service;
	return a;
}

/* --- the owner's rules ------------------------------------------------------------------------- */

enum fit { FIT_NONE, FIT_CORROBORATED, FIT_PROVEN };

static enum fit fit_of_name(const struct facts *f, const struct owner_rule *rule, bool pass)
{
	if (pass)
		return FIT_PROVEN;
	return machine_is_of(f, rule->sender) ? FIT_CORROBORATED : FIT_NONE;
}

/* Anybody may choose any selector for his own domain: the owner's are those of his domains. */
static bool signature_fits(const struct signature *s, const struct owner_rule *rule)
{
	if (rule->kind == RULE_BY_DKIM)
		return slice_equal(s->result->domain, rule->name);
	return (s->related || s->own) && slice_equal_icase(s->result->selector, rule->name);
}

static enum fit fit_of_signatures(const struct facts *f, const struct owner_rule *rule)
{
	enum fit best = FIT_NONE;

	for (size_t i = 0; i < f->signature_count; i++) {
		const struct signature *s = &f->signatures[i];
		enum fit fit = signature_fits(s, rule) ? fit_of_name(f, rule, s->pass) : FIT_NONE;

		best = fit > best ? fit : best;
	}
	return best;
}

static enum fit fit_of(const struct facts *f, const struct owner_rule *rule)
{
	switch (rule->kind) {
	case RULE_BY_SELECTOR:
	case RULE_BY_DKIM:
		return fit_of_signatures(f, rule);
	case RULE_BY_MAILFROM:
		return f->spf && !f->spf_helo && slice_equal(f->spf->domain, rule->name)
			? fit_of_name(f, rule, f->spf_pass)
			: FIT_NONE;
	case RULE_BY_ADDRESS:
		return f->address.sender == rule ? FIT_PROVEN : FIT_NONE;
	}
	return FIT_NONE;
}

/* NULL where none fits. Of those that fit alike the first kind counts, then the first rule. */
static const struct owner_rule *rule_for(const struct facts *f)
{
	const struct owner *owner = f->evidence->owner;
	const struct owner_rule *best = NULL;
	enum fit best_fit = FIT_NONE;

	for (size_t i = 0; i < owner->rule_count; i++) {
		const struct owner_rule *rule = &owner->rules[i];
		enum fit fit = fit_of(f, rule);

		if (fit > best_fit || (best && fit == best_fit && rule->kind < best->kind)) {
			best = rule;
			best_fit = fit;
		}
	}
	return best;
}

/*
 * What the evidence names is what the owner's service runs on; but a mailbox provider known by its
 * machine alone may as well have passed the mail on.
 */
static const struct sender *infrastructure_beneath(const struct sender *service,
						   const struct attribution *seen)
{
	bool may_be_forwarder = seen->service && seen->tier == TIER_HOST &&
		!sender_is_service(seen->service) && !sender_is_kin(service, seen->service);

	return seen->service && !may_be_forwarder ? seen->service : service;
}

static void apply_rules(const struct facts *f, struct attribution *a)
{
	const struct owner_rule *hop = f->address.hop, *rule = rule_for(f);

	if (hop) {
		a->machines = (struct suffix_match){ .count = 1, .senders = { hop->sender } };
		a->last_hop = hop->sender;
		a->range_seen = SLICE_ABSENT;
	}
	if (!rule)
		return;
	a->infrastructure = infrastructure_beneath(rule->sender, a);
	a->service = rule->sender;
	a->rule = rule;
	a->tier = TIER_OWNER;
	a->confidence = confidence_in(TIER_OWNER, false);
}

struct attribution attribution_of(const struct facts *f)
{
	struct attribution a = attribution_by_evidence(f);

	if (f->evidence->owner->rule_count > 0)
		apply_rules(f, &a);
	return a;
}

bool attribution_covers(const struct attribution *a, const struct sender *sender)
{
	return sender && a->service &&
		(sender == a->service || sender == a->infrastructure ||
		 sender_runs_on(a->service, sender));
}
