/* SPDX-License-Identifier: MIT */
#include "parser/alignment.h"

#include "base/banned.h"

/* One label below a suffix that is itself registered under: psd=y publishes for all its children. */
static struct slice child_of_suffix(struct slice from, struct slice suffix)
{
	struct slice above = slice_prefix(from, from.n - suffix.n - 1);
	size_t label = above.n;

	while (label > 0 && above.p[label - 1] != '.')
		label--;
	return slice_from_offset(from, label);
}

static struct slice organisation_of(const struct author *a, struct slice domain)
{
	return a->cache ? domain_organisation_cached(a->domains, a->cache, domain)
			: domain_organisation(a->domains, domain);
}

struct author author_of(const struct domains *domains, struct domain_cache *cache,
			const struct published_policy *policy, struct slice header_from)
{
	struct author a = {
		.domains = domains,
		.cache = cache,
		.from = header_from,
		.dkim_strict = policy->adkim.value == MODE_STRICT,
		.spf_strict = policy->aspf.value == MODE_STRICT,
	};
	bool below =
		policy->domain.n < header_from.n && domain_is_under(header_from, policy->domain);

	a.by_treewalk = policy->discovery.value == DISCOVERY_TREEWALK && below;
	if (!a.by_treewalk)
		a.organisation = organisation_of(&a, header_from);
	else if (domain_is_icann_suffix(domains, policy->domain))
		a.organisation = child_of_suffix(header_from, policy->domain);
	else
		a.organisation = policy->domain;
	return a;
}

bool author_related(const struct author *a, struct slice x)
{
	if (a->from.n == 0 || x.n == 0)
		return false;
	if (a->by_treewalk)
		return domain_is_under(x, a->organisation);
	/* the equal name first: it is the common case, and a list look-up costs more than all the rest */
	return slice_equal(a->from, x) ||
		(domain_is_under(x, a->organisation) &&
		 slice_equal(organisation_of(a, x), a->organisation));
}

bool author_aligned(const struct author *a, struct slice x, bool strict)
{
	if (strict)
		return x.n > 0 && slice_equal(a->from, x);
	return author_related(a, x);
}

/* Better is higher; 0 is no candidate. */
static int spf_rank(const struct author *a, const struct spf_result *spf, bool helo)
{
	enum { ANY_HELO = 1, ANY, PASS, PASS_RELATED, PASS_ALIGNED };

	if (spf->domain.n == 0)
		return 0;
	if (helo)
		return ANY_HELO;
	if (spf->result.value != RESULT_PASS)
		return ANY;
	if (author_aligned(a, spf->domain, a->spf_strict))
		return PASS_ALIGNED;
	return author_related(a, spf->domain) ? PASS_RELATED : PASS;
}

const struct spf_result *alignment_spf_used(const struct author *a, const struct record *record,
					    bool (*is_helo)(const void *context,
							    struct slice domain),
					    const void *context)
{
	const struct spf_result *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < record->spf_count; i++) {
		const struct spf_result *spf = &record->spf_results[i];
		bool helo = spf->scope.value == SCOPE_HELO ||
			(is_helo && is_helo(context, spf->domain));
		int rank = spf_rank(a, spf, helo);

		if (rank > best_rank) {
			best = spf;
			best_rank = rank;
		}
	}
	return best;
}

static bool dkim_is_aligned(const struct author *a, const struct record *record)
{
	for (size_t i = 0; i < record->dkim_count; i++) {
		const struct dkim_result *dkim = &record->dkim_results[i];

		if (dkim->result.value == RESULT_PASS &&
		    author_aligned(a, dkim->domain, a->dkim_strict))
			return true;
	}
	return false;
}

/* A HELO name counts only for mail without a sender, and then only the reporter can tell. */
static bool spf_is_aligned(const struct author *a, const struct record *record,
			   const struct spf_result *spf)
{
	if (!spf || spf->result.value != RESULT_PASS ||
	    !author_aligned(a, spf->domain, a->spf_strict))
		return false;
	return spf->scope.value != SCOPE_HELO || record->spf.value == RESULT_PASS;
}

/* A pass that does not align shows what a claim was copied from, be it the HELO name's. */
static bool spf_passes_unaligned(const struct author *a, const struct record *record)
{
	for (size_t i = 0; i < record->spf_count; i++) {
		const struct spf_result *spf = &record->spf_results[i];

		if (spf->domain.n > 0 && spf->result.value == RESULT_PASS &&
		    !author_aligned(a, spf->domain, a->spf_strict))
			return true;
	}
	return false;
}

static enum agreement agreement_of(struct word claim, bool aligned, bool other_explanation)
{
	if (claim.value == RESULT_ABSENT)
		return AGREEMENT_NONE;
	if ((claim.value == RESULT_PASS) == aligned)
		return AGREEMENT_AGREES;
	if (aligned)
		return AGREEMENT_CONTRADICTS;
	return other_explanation ? AGREEMENT_CONTRADICTS : AGREEMENT_UNSUPPORTED;
}

struct alignment alignment_graded(const struct author *a, const struct record *record, bool dkim,
				  bool spf)
{
	bool claims_more = !spf && record->spf.value == RESULT_PASS;

	return (struct alignment){
		.dkim = dkim,
		.spf = spf,
		/* an SPF pass for another domain refutes a claim; a signature may be unlisted */
		.dkim_agreement = agreement_of(record->dkim, dkim, false),
		.spf_agreement = agreement_of(record->spf, spf,
					      claims_more && spf_passes_unaligned(a, record)),
	};
}

void alignment_compute(const struct author *a, struct record *record)
{
	const struct spf_result *spf = alignment_spf_used(a, record, NULL, NULL);

	record->aligned = alignment_graded(a, record, dkim_is_aligned(a, record),
					   spf_is_aligned(a, record, spf));
}
