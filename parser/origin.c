/* SPDX-License-Identifier: MIT */
#include "parser/origin.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "parser/domain.h"
#include "parser/limits.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(proof, PROOF_LIST)
ENUM_TABLE_DEFINE(origin, ORIGIN_LIST)

enum { SCRATCH_BYTES = 4096, DOMAINS_OF_ONE = 4 };

/*
 * Who is imitated with profit, and sends from domains that the name alone does not tell. The words
 * begin a name that is no domain, like "Yahoo! Inc."; a name that is one is looked for among the domains.
 */
static const struct reporter {
	const char *word;
	const char *domains[DOMAINS_OF_ONE];
} reporters[] = {
	{ "google", { "google.com" } },
	{ "enterprise outlook", { "microsoft.com", "outlook.com", "hotmail.com" } },
	{ "outlook", { "microsoft.com", "outlook.com", "hotmail.com" } },
	{ "microsoft", { "microsoft.com", "outlook.com", "hotmail.com" } },
	{ "hotmail", { "microsoft.com", "outlook.com", "hotmail.com" } },
	{ "yahoo", { "yahoo.com", "yahooinc.com", "aol.com" } },
	{ "aol", { "aol.com", "yahoo.com", "yahooinc.com" } },
	{ "amazon", { "amazonses.com", "amazon.com" } },
	{ "mimecast", { "mimecastreport.com", "mimecast.com", "mimecast.org" } },
	{ "gmx", { "gmx.net", "gmx.com", "gmx.de" } },
	{ "web.de", { "web.de" } },
	{ "mail.ru", { "mail.ru" } },
	{ "fastmail", { "fastmaildmarc.com", "fastmail.com" } },
	{ "comcast", { "comcast.net" } },
};

void mail_origin_release(struct mail_origin *o)
{
	free(o->from_domain);
	free(o->signer);
	*o = (struct mail_origin){ 0 };
}

/* False for what is no domain name: too long, one label only, or not to be spelled in A-labels. */
static bool fold_domain(struct arena *scratch, struct slice name, struct slice *domain_out)
{
	bool valid = false;

	return name.n > 0 && name.n <= LIMIT_NAME_BYTES &&
		domain_normalise(scratch, name, domain_out, &valid) && valid &&
		domain_out->n <= LIMIT_NAME_BYTES && slice_find(*domain_out, '.') < domain_out->n;
}

void mail_origin_set_from(struct mail_origin *o, struct slice domain)
{
	struct slice folded = SLICE("");
	struct arena scratch;

	arena_init(&scratch, SCRATCH_BYTES);
	if (!fold_domain(&scratch, domain, &folded))
		folded = SLICE("");
	free(o->from_domain);
	o->from_domain = memory_copy(folded);
	arena_release(&scratch);
}

bool origin_related(const struct domains *domains, struct slice a, struct slice b)
{
	return a.n > 0 && b.n > 0 &&
		slice_equal(domain_organisation(domains, a), domain_organisation(domains, b));
}

static bool sends_from(const struct reporter *r, struct slice organisation)
{
	for (size_t i = 0; i < DOMAINS_OF_ONE && r->domains[i]; i++) {
		if (slice_equal(organisation, slice_from(r->domains[i])))
			return true;
	}
	return false;
}

/* "Google Inc." begins with google, "Googleplex" with another word. */
static bool begins_with_word(struct slice name, struct slice word)
{
	return slice_starts_with_icase(name, word) &&
		(name.n == word.n ||
		 (!byte_is_letter(name.p[word.n]) && !byte_is_digit(name.p[word.n])));
}

/* By the organisation where the name is a domain, else by its first words; NULL: not well known. */
static const struct reporter *find_reporter(struct slice name, struct slice organisation)
{
	for (size_t i = 0; i < COUNT_OF(reporters); i++) {
		if (organisation.n > 0 ? sends_from(&reporters[i], organisation)
				       : begins_with_word(name, slice_from(reporters[i].word)))
			return &reporters[i];
	}
	return NULL;
}

/* "<postmaster@example.com>" and the like. */
static struct slice domain_of_address(struct slice address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	if (at == 0)
		return SLICE_ABSENT;
	address = slice_trim(slice_from_offset(address, at));
	while (address.n > 0 && address.p[address.n - 1] == '>')
		address.n--;
	return slice_trim(address);
}

static bool fits(const struct domains *domains, struct slice from, struct slice org_name,
		 struct slice email, struct arena *scratch)
{
	struct slice organisation = SLICE_ABSENT, name = SLICE_ABSENT, address;

	org_name = slice_trim(org_name);
	if (fold_domain(scratch, org_name, &name))
		organisation = domain_organisation(domains, name);
	else
		name = SLICE_ABSENT;

	const struct reporter *known = find_reporter(org_name, organisation);

	if (known)
		return sends_from(known, domain_organisation(domains, from));
	if (!fold_domain(scratch, domain_of_address(email), &address))
		address = SLICE_ABSENT;
	/* as nearly always: then nothing need be looked up */
	return slice_equal(address, from) || origin_related(domains, name, from) ||
		origin_related(domains, address, from);
}

enum origin origin_of_report(const struct domains *domains, const struct mail_origin *mail,
			     const struct report *report)
{
	struct slice from = slice_from(mail->from_domain);
	struct arena scratch;
	bool it_fits;

	if (slice_is_absent(from))
		return ORIGIN_NOT_KNOWN;
	if (mail->proof == PROOF_FAIL)
		return ORIGIN_FAILED;
	arena_init(&scratch, SCRATCH_BYTES);
	it_fits = from.n > 0 && fits(domains, from, report->org_name, report->email, &scratch);
	arena_release(&scratch);
	if (!it_fits)
		return quirks_have(&report->quirks, QUIRK_FORWARDED_MESSAGE) &&
				origin_related(domains, from, report->policy.domain)
			? ORIGIN_NOT_KNOWN
			: ORIGIN_DOES_NOT_FIT;
	return mail->proof == PROOF_PASS ? ORIGIN_AUTHENTICATED : ORIGIN_FITS;
}
