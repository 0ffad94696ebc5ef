/* SPDX-License-Identifier: MIT */
#include "reports/facts.h"

#include "base/banned.h"

bool facts_owned(const struct evidence *evidence, struct slice domain)
{
	const struct owner *owner = evidence->owner;

	for (size_t i = 0; i < owner->owned_count; i++) {
		if (domain_is_under(domain, owner->owned_domains[i]))
			return true;
	}
	return false;
}

static bool is_helo_name(const void *catalogue, struct slice domain)
{
	return catalogue_match(catalogue, NAME_HELO, domain).count > 0;
}

static void gather_spf(struct facts *f)
{
	const struct catalogue *c = f->judge->catalogue;

	f->spf = alignment_spf_used(&f->author, f->record, is_helo_name, c);
	if (!f->spf)
		return;

	struct slice domain = f->spf->domain;

	f->spf_pass = f->spf->result.value == RESULT_PASS;
	f->spf_related = author_related(&f->author, domain);
	f->spf_aligned = author_aligned(&f->author, domain, f->author.spf_strict);
	f->spf_own = !f->spf_related && facts_owned(f->evidence, domain);
	f->spf_helo_name = is_helo_name(c, domain);
	f->spf_helo = f->spf_helo_name || f->spf->scope.value == SCOPE_HELO;
	f->spf_vendor = catalogue_vendor(c, f->spf_helo_name ? NAME_HELO : NAME_SPF, domain);
}

static void gather_signatures(struct facts *f)
{
	for (size_t i = 0; i < f->record->dkim_count; i++) {
		const struct dkim_result *dkim = &f->record->dkim_results[i];
		enum result result = (enum result)dkim->result.value;

		if (result == RESULT_NONE || (dkim->domain.n == 0 && result == RESULT_ABSENT))
			continue;
		if (dkim->domain.n == 0) {
			f->signature_without_domain = true;
			continue;
		}
		if (f->signature_count == COUNT_OF(f->signatures))
			return;

		bool related = author_related(&f->author, dkim->domain);

		f->signatures[f->signature_count++] = (struct signature){
			.result = dkim,
			.vendor = catalogue_vendor(f->judge->catalogue, NAME_DKIM, dkim->domain),
			.pass = result == RESULT_PASS,
			.related = related,
			.aligned = author_aligned(&f->author, dkim->domain, f->author.dkim_strict),
			.own = !related && facts_owned(f->evidence, dkim->domain),
		};
	}
}

/* Below From's organisation; a From that is itself a suffix is nobody's, so nothing below it is his. */
static bool is_under_author(const struct facts *f, struct slice name)
{
	return domain_is_under(name, f->author.organisation) &&
		!domain_is_icann_suffix(f->judge->domains, f->author.organisation);
}

/* The machine called itself so, and has the name as one of those who share its host names. */
static struct suffix_match machines_of_helo(const struct catalogue *c, struct slice name)
{
	const struct suffix_match owner = catalogue_match(c, NAME_HELO, name);
	const struct suffix_match shared = catalogue_match(c, NAME_PTR, name);

	return suffix_match_has(&shared, owner.senders[0]) ? shared : owner;
}

/* Where no name tells, the ranges that services have published do. */
static void gather_range(struct facts *f)
{
	const struct sender_range *range = f->address.range;

	if (!range)
		return;
	f->machines = (struct suffix_match){ .count = 1, .senders = { range->sender } };
	f->range_seen = range->seen;
}

/* Only a name that resolves back counts; SPF vouches for a HELO name in the same way. */
static void gather_host(struct facts *f)
{
	const struct catalogue *c = f->judge->catalogue;
	const struct host *host = &f->evidence->host;

	if (host->state == HOST_CONFIRMED) {
		f->machines = catalogue_match(c, NAME_PTR, host->name);
		f->host_is_under_author = is_under_author(f, host->name);
		f->host_is_ours = f->host_is_under_author || facts_owned(f->evidence, host->name);
	}
	if (f->machines.count == 0 && f->spf_helo_name && f->spf_pass)
		f->machines = machines_of_helo(c, f->spf->domain);
	if (f->machines.count == 0)
		gather_range(f);
}

void facts_gather(const struct judge *judge, const struct evidence *evidence,
		  struct facts *facts_out)
{
	struct facts *f = facts_out;

	/* all but the signatures, which their count guards */
	memset(f, 0, offsetof(struct facts, signatures));
	f->signature_without_domain = false;
	f->judge = judge;
	f->evidence = evidence;
	f->address = address_class_of(judge, evidence);
	f->record = evidence->record;
	f->author =
		author_of(judge->domains, NULL, evidence->policy, evidence->record->header_from);
	gather_spf(f);
	gather_signatures(f);
	gather_host(f);
}

bool facts_signature_passes(const struct facts *f, bool related)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].pass && f->signatures[i].related == related)
			return true;
	}
	return false;
}

bool facts_has_related_signature(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].related)
			return true;
	}
	return false;
}

bool facts_spf_passes_elsewhere(const struct facts *f)
{
	return f->spf_pass && !f->spf_helo && !f->spf_related && !f->spf_own;
}

bool facts_has_reason(const struct facts *f, enum reason type)
{
	for (size_t i = 0; i < f->record->reason_count; i++) {
		if (f->record->reasons[i].type.value == (int)type)
			return true;
	}
	return false;
}

/* --- tenants ----------------------------------------------------------------------------------- */

/* "example.com" against "example-com". */
static bool equals_dashed(struct slice domain, struct slice label)
{
	if (domain.n != label.n || label.n == 0)
		return false;
	for (size_t i = 0; i < domain.n; i++) {
		if ((domain.p[i] == '.' ? '-' : domain.p[i]) != label.p[i])
			return false;
	}
	return true;
}

static bool dashed_is_known(const struct facts *f, struct slice label)
{
	const struct owner *owner = f->evidence->owner;

	if (equals_dashed(f->author.organisation, label))
		return true;
	for (size_t i = 0; i < owner->owned_count; i++) {
		if (equals_dashed(owner->owned_domains[i], label))
			return true;
	}
	return false;
}

/* The last label of `name` in front of the suffix, and the suffix: "contoso.onmicrosoft.com". */
static struct slice one_label_more(struct slice name, struct slice suffix)
{
	size_t at = name.n - suffix.n;

	if (at > 0)
		at--;
	while (at > 0 && name.p[at - 1] != '.')
		at--;
	return slice_from_offset(name, at);
}

static struct tenant tenant_of(const struct facts *f, const struct signature *s)
{
	struct tenant t = { .name = s->result->domain, .dashed = s->vendor->tenant_dashed };

	if (t.dashed) {
		t.name = slice_prefix(t.name, slice_find(t.name, '.'));
		t.known = dashed_is_known(f, t.name);
	} else {
		t.name = one_label_more(t.name, s->vendor->tenant_suffix);
		t.known = s->own;
	}
	return t;
}

struct tenant facts_tenant(const struct facts *f)
{
	struct tenant best = { .name = SLICE_ABSENT };

	for (size_t i = 0; i < f->signature_count && !best.known; i++) {
		const struct signature *s = &f->signatures[i];
		struct slice d = s->result->domain;

		if (!s->pass || !s->vendor || !domain_is_under(d, s->vendor->tenant_suffix) ||
		    d.n == s->vendor->tenant_suffix.n)
			continue;

		struct tenant t = tenant_of(f, s);

		if (t.known || slice_is_absent(best.name))
			best = t;
	}
	return best;
}

/* --- Regions ----------------------------------------------------------------------------------- */

/* "eu-west-1": hyphens and a digit at the end, which no other label of these names has. */
static bool looks_like_region(struct slice label)
{
	size_t hyphens = 0;

	for (size_t i = 0; i < label.n; i++)
		hyphens += label.p[i] == '-';
	return hyphens >= 2 && byte_is_digit(label.p[label.n - 1]);
}

struct slice sender_region_in(const struct sender *service, struct slice name)
{
	struct slice suffix = service->region_suffix;

	if (!domain_is_under(name, suffix) || name.n == suffix.n)
		return SLICE_ABSENT;

	struct slice label = one_label_more(name, suffix);

	label = slice_prefix(label, label.n - suffix.n - 1);
	return looks_like_region(label) ? label : SLICE_ABSENT;
}

struct slice facts_region(const struct facts *f, const struct sender *service, bool *likely_out)
{
	bool envelope = f->spf_pass && f->spf_vendor == service;
	bool host = f->evidence->host.state == HOST_CONFIRMED &&
		suffix_match_has(&f->machines, service) &&
		domain_is_under(f->evidence->host.name, service->region_suffix);
	struct slice region = SLICE_ABSENT;

	*likely_out = false;
	if (envelope)
		region = sender_region_in(service, f->spf->domain);
	if (host && slice_is_absent(region))
		region = sender_region_in(service, f->evidence->host.name);
	if (!slice_is_absent(region) || (!envelope && !host))
		return region;
	*likely_out = !host;
	return service->region_default;
}
