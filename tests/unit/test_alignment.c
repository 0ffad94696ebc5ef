/* SPDX-License-Identifier: MIT */
#include "parser/alignment.h"

#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(alignment, .init = domains_setup, .fini = domains_teardown);

/* A word as its table knows it; NULL for absent. */
static struct word word_of(const struct word_table *table, const char *text)
{
	struct word word;

	(void)word_fold(table, slice_from(text), &word);
	return word;
}

static struct published_policy policy_of(const char *domain, const char *modes,
					 const char *discovery)
{
	char adkim[2] = { modes[0] }, aspf[2] = { modes[1] };

	return (struct published_policy){
		.domain = slice_from(domain),
		.adkim = word_of(&mode_words, adkim[0] == '-' ? NULL : adkim),
		.aspf = word_of(&mode_words, aspf[0] == '-' ? NULL : aspf),
		.discovery = word_of(&discovery_words, discovery),
	};
}

Test(alignment, relates_names_of_one_organisation)
{
	static const struct {
		const char *from, *policy, *discovery, *x;
		bool related;
	} cases[] = {
		{ "example.com", "example.com", NULL, "example.com", true },
		{ "example.com", "example.com", NULL, "a.example.com", true },
		{ "a.example.com", "example.com", NULL, "example.com", true },
		{ "a.example.com", "example.com", NULL, "b.c.example.com", true },
		{ "example.com", "example.com", NULL, "example.org", false },
		{ "example.com", "example.com", NULL, "badexample.com", false },
		{ "a.example.co.uk", "example.co.uk", NULL, "b.example.co.uk", true },
		{ "example.co.uk", "example.co.uk", NULL, "other.co.uk", false },
		{ "example.com", "example.com", NULL, "com", false },
		/* a public suffix is its own organisation and nobody else's */
		{ "co.uk", "co.uk", NULL, "co.uk", true },
		{ "co.uk", "co.uk", NULL, "example.co.uk", false },
		{ "example.co.uk", "example.co.uk", NULL, "co.uk", false },
		{ "com", "com", NULL, "uk", false },
		{ "someone.github.io", "someone.github.io", NULL, "other.github.io", false },
		{ "github.io", "github.io", NULL, "someone.github.io", false },
		{ "localhost", "localhost", NULL, "localhost", true },
		{ "localhost", "localhost", NULL, "a.localhost", false },
		{ "", "example.com", NULL, "example.com", false },
		{ "example.com", "example.com", NULL, "", false },
		{ "", "", NULL, "", false },
		/* discovery by the list, or a word we do not know: the list counts */
		{ "a.b.example.com", "b.example.com", "psl", "example.com", true },
		{ "a.b.example.com", "b.example.com", "guess", "example.com", true },
		/* the tree walk found the policy above From: that domain is the organisation */
		{ "a.b.example.com", "b.example.com", "treewalk", "b.example.com", true },
		{ "a.b.example.com", "b.example.com", "treewalk", "c.b.example.com", true },
		{ "a.b.example.com", "b.example.com", "treewalk", "a.b.example.com", true },
		{ "a.b.example.com", "b.example.com", "treewalk", "example.com", false },
		{ "a.b.example.com", "b.example.com", "treewalk", "xb.example.com", false },
		{ "a.b.example.com", "b.example.com", "treewalk", "", false },
		{ "someone.github.io", "github.io", "treewalk", "other.github.io", true },
		/* at From itself the walk says nothing: the list counts */
		{ "b.example.com", "b.example.com", "treewalk", "example.com", true },
		/* nor does a policy of somebody else's */
		{ "a.example.com", "example.org", "treewalk", "example.com", true },
		{ "badexample.com", "example.com", "treewalk", "example.com", false },
		{ "a.example.com", "", "treewalk", "example.com", true },
		/* psd=y: the organisation is one label below the registry's suffix */
		{ "a.council.gov.uk", "gov.uk", "treewalk", "council.gov.uk", true },
		{ "a.council.gov.uk", "gov.uk", "treewalk", "b.council.gov.uk", true },
		{ "a.council.gov.uk", "gov.uk", "treewalk", "other.gov.uk", false },
		{ "a.council.gov.uk", "gov.uk", "treewalk", "gov.uk", false },
		{ "council.gov.uk", "gov.uk", "treewalk", "x.council.gov.uk", true },
		{ "a.b.council.gov.uk", "gov.uk", "treewalk", "council.gov.uk", true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct published_policy policy =
			policy_of(cases[i].policy, "--", cases[i].discovery);
		struct author a = author_of(domains, NULL, &policy, slice_from(cases[i].from));
		struct slice x = slice_from(cases[i].x);

		cr_expect(author_related(&a, x) == cases[i].related, "case %zu: %s and %s", i,
			  cases[i].from, cases[i].x);
		cr_expect(author_aligned(&a, x, false) == cases[i].related, "case %zu: relaxed", i);
		cr_expect(author_aligned(&a, x, true) ==
				  (x.n > 0 && slice_equal(x, slice_from(cases[i].from))),
			  "case %zu: strict", i);
	}
}

Test(alignment, is_strict_only_for_the_word_s)
{
	static const struct {
		const char *modes;
		bool dkim, spf;
	} cases[] = {
		{ "--", false, false }, { "rr", false, false }, { "sr", true, false },
		{ "rs", false, true },  { "ss", true, true },   { "xx", false, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct published_policy policy = policy_of("example.com", cases[i].modes, NULL);
		struct author a = author_of(domains, NULL, &policy, SLICE("example.com"));

		EXPECT_INT(a.dkim_strict, cases[i].dkim, cases[i].modes);
		EXPECT_INT(a.spf_strict, cases[i].spf, cases[i].modes);
	}
}

enum { MAX_RESULTS = 3 };

/* "domain scope result", "domain result": up to three of them. */
struct results {
	struct {
		const char *domain, *scope, *result;
	} of[MAX_RESULTS];
};

static size_t spf_results(const struct results *results, struct spf_result *list)
{
	size_t count = 0;

	for (size_t i = 0; i < MAX_RESULTS && results->of[i].result; i++)
		list[count++] = (struct spf_result){
			.domain = slice_from(results->of[i].domain),
			.scope = word_of(&scope_words, results->of[i].scope),
			.result = word_of(&spf_result_words, results->of[i].result),
		};
	return count;
}

static size_t dkim_results(const struct results *results, struct dkim_result *list)
{
	size_t count = 0;

	for (size_t i = 0; i < MAX_RESULTS && results->of[i].result; i++)
		list[count++] = (struct dkim_result){
			.domain = slice_from(results->of[i].domain),
			.result = word_of(&dkim_result_words, results->of[i].result),
		};
	return count;
}

static bool is_vendor_helo(const void *context, struct slice domain)
{
	return domain_is_under(domain, slice_from(context));
}

Test(alignment, uses_the_spf_result_that_counts)
{
	static const struct {
		const char *name, *modes;
		struct results spf;
		int want; /* -1: none */
	} cases[] = {
		{ "none", "rr", { { { NULL, NULL, NULL } } }, -1 },
		{ "no domain", "rr", { { { "", NULL, "pass" }, { NULL, NULL, "pass" } } }, -1 },
		{ "the only one", "rr", { { { "a.test", NULL, "fail" } } }, 0 },
		{ "the first of equals",
		  "rr",
		  { { { "a.test", NULL, "fail" }, { "b.test", NULL, "none" } } },
		  0 },
		{ "the first pass",
		  "rr",
		  { { { "a.test", NULL, "fail" },
		      { "b.test", NULL, "pass" },
		      { "c.test", NULL, "pass" } } },
		  1 },
		{ "the aligned pass",
		  "rr",
		  { { { "a.test", NULL, "pass" }, { "example.com", NULL, "pass" } } },
		  1 },
		{ "the exact pass where strict",
		  "rs",
		  { { { "a.test", NULL, "pass" },
		      { "b.example.com", NULL, "pass" },
		      { "example.com", NULL, "pass" } } },
		  2 },
		{ "the related pass where none is exact",
		  "rs",
		  { { { "a.test", NULL, "pass" }, { "b.example.com", NULL, "pass" } } },
		  1 },
		{ "the first related where relaxed",
		  "rr",
		  { { { "b.example.com", NULL, "pass" }, { "example.com", NULL, "pass" } } },
		  0 },
		{ "dkim's mode is not spf's",
		  "sr",
		  { { { "b.example.com", NULL, "pass" }, { "example.com", NULL, "pass" } } },
		  0 },
		{ "a pass elsewhere before a related fail",
		  "rr",
		  { { { "example.com", NULL, "fail" }, { "a.test", NULL, "pass" } } },
		  1 },
		{ "mfrom is none",
		  "rr",
		  { { { "a.test", NULL, "fail" }, { "b.test", "mfrom", "pass" } } },
		  1 },
		{ "a scope we do not know is none",
		  "rr",
		  { { { "a.test", NULL, "fail" }, { "b.test", "pra", "pass" } } },
		  1 },
		{ "helo only if there is no other",
		  "rr",
		  { { { "example.com", "helo", "pass" }, { "a.test", "mfrom", "none" } } },
		  1 },
		{ "helo if there is no other",
		  "rr",
		  { { { "a.test", "helo", "none" }, { "example.com", "helo", "pass" } } },
		  0 },
		{ "helo before one without a domain",
		  "rr",
		  { { { "", "mfrom", "pass" }, { "a.test", "helo", "none" } } },
		  1 },
		{ "a vendor's helo name, whatever the scope",
		  "rr",
		  { { { "mx.vendor.test", "mfrom", "pass" }, { "a.test", NULL, "fail" } } },
		  1 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct published_policy policy = policy_of("example.com", cases[i].modes, NULL);
		struct author a = author_of(domains, NULL, &policy, SLICE("example.com"));
		struct spf_result list[MAX_RESULTS];
		struct record r = { .spf_results = list,
				    .spf_count = spf_results(&cases[i].spf, list) };
		const struct spf_result *used =
			alignment_spf_used(&a, &r, is_vendor_helo, "vendor.test");

		EXPECT_INT(used ? used - list : -1, cases[i].want, cases[i].name);
	}
}

/* "Reporter against computation": every claim against every kind of evidence. */
Test(alignment, holds_the_claim_against_the_evidence)
{
	static const struct {
		const char *name, *modes;
		const char *dkim_claim, *spf_claim;
		struct results dkim, spf;
		bool dkim_aligned, spf_aligned;
		enum agreement dkim_grade, spf_grade;
	} cases[] = {
		{ "nothing claimed, nothing there",
		  "rr",
		  NULL,
		  NULL,
		  { { { 0 } } },
		  { { { 0 } } },
		  false,
		  false,
		  AGREEMENT_NONE,
		  AGREEMENT_NONE },
		{ "nothing claimed, aligned",
		  "rr",
		  NULL,
		  NULL,
		  { { { "example.com", NULL, "pass" } } },
		  { { { "example.com", NULL, "pass" } } },
		  true,
		  true,
		  AGREEMENT_NONE,
		  AGREEMENT_NONE },
		{ "pass and aligned",
		  "rr",
		  "pass",
		  "pass",
		  { { { "a.example.com", NULL, "pass" } } },
		  { { { "a.example.com", "mfrom", "pass" } } },
		  true,
		  true,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "fail and not aligned",
		  "rr",
		  "fail",
		  "fail",
		  { { { "a.test", NULL, "pass" } } },
		  { { { "a.test", NULL, "pass" } } },
		  false,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "any word but pass is not pass",
		  "rr",
		  "none",
		  "softfail",
		  { { { "example.com", NULL, "fail" } } },
		  { { { "example.com", NULL, "softfail" } } },
		  false,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "a word we do not know is not pass",
		  "rr",
		  "passed",
		  "ok",
		  { { { "example.com", NULL, "pass" } } },
		  { { { "example.com", NULL, "pass" } } },
		  true,
		  true,
		  AGREEMENT_CONTRADICTS,
		  AGREEMENT_CONTRADICTS },
		{ "pass, and nothing is listed",
		  "rr",
		  "pass",
		  "pass",
		  { { { 0 } } },
		  { { { 0 } } },
		  false,
		  false,
		  AGREEMENT_UNSUPPORTED,
		  AGREEMENT_UNSUPPORTED },
		{ "pass, and what is listed failed",
		  "rr",
		  "pass",
		  "pass",
		  { { { "example.com", NULL, "fail" } } },
		  { { { "a.test", NULL, "fail" } } },
		  false,
		  false,
		  AGREEMENT_UNSUPPORTED,
		  AGREEMENT_UNSUPPORTED },
		{ "pass, and another domain passes",
		  "rr",
		  "pass",
		  "pass",
		  { { { "a.test", NULL, "pass" } } },
		  { { { "a.test", NULL, "pass" } } },
		  false,
		  false,
		  AGREEMENT_UNSUPPORTED,
		  AGREEMENT_CONTRADICTS },
		{ "fail though aligned",
		  "rr",
		  "fail",
		  "fail",
		  { { { "example.com", NULL, "pass" } } },
		  { { { "example.com", NULL, "pass" } } },
		  true,
		  true,
		  AGREEMENT_CONTRADICTS,
		  AGREEMENT_CONTRADICTS },
		{ "strict, and the parent signs",
		  "ss",
		  "fail",
		  "fail",
		  { { { "a.example.com", NULL, "pass" } } },
		  { { { "a.example.com", NULL, "pass" } } },
		  false,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "strict for dkim alone",
		  "sr",
		  "fail",
		  "pass",
		  { { { "a.example.com", NULL, "pass" } } },
		  { { { "a.example.com", NULL, "pass" } } },
		  false,
		  true,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "strict for spf alone",
		  "rs",
		  "pass",
		  "fail",
		  { { { "a.example.com", NULL, "pass" } } },
		  { { { "a.example.com", NULL, "pass" } } },
		  true,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "one aligned signature of several",
		  "rr",
		  "pass",
		  "fail",
		  { { { "a.test", NULL, "pass" },
		      { "example.com", NULL, "fail" },
		      { "example.com", NULL, "pass" } } },
		  { { { "a.test", NULL, "pass" } } },
		  true,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "a signature without a domain",
		  "rr",
		  "fail",
		  "fail",
		  { { { "", NULL, "pass" } } },
		  { { { "", NULL, "pass" } } },
		  false,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "results that are words we do not know",
		  "rr",
		  "fail",
		  "fail",
		  { { { "example.com", NULL, "passed" } } },
		  { { { "example.com", NULL, "ok" } } },
		  false,
		  false,
		  AGREEMENT_AGREES,
		  AGREEMENT_AGREES },
		{ "helo aligned, and the reporter says pass",
		  "rr",
		  NULL,
		  "pass",
		  { { { 0 } } },
		  { { { "mx.example.com", "helo", "pass" } } },
		  false,
		  true,
		  AGREEMENT_NONE,
		  AGREEMENT_AGREES },
		{ "helo aligned, and the reporter says fail",
		  "rr",
		  NULL,
		  "fail",
		  { { { 0 } } },
		  { { { "mx.example.com", "helo", "pass" } } },
		  false,
		  false,
		  AGREEMENT_NONE,
		  AGREEMENT_AGREES },
		{ "helo aligned, and nothing is claimed",
		  "rr",
		  NULL,
		  NULL,
		  { { { 0 } } },
		  { { { "mx.example.com", "helo", "pass" } } },
		  false,
		  false,
		  AGREEMENT_NONE,
		  AGREEMENT_NONE },
		{ "helo aligned beside mfrom elsewhere",
		  "rr",
		  NULL,
		  "pass",
		  { { { 0 } } },
		  { { { "mx.example.com", "helo", "pass" }, { "a.test", "mfrom", "fail" } } },
		  false,
		  false,
		  AGREEMENT_NONE,
		  AGREEMENT_UNSUPPORTED },
		{ "helo of another, copied",
		  "rr",
		  NULL,
		  "pass",
		  { { { 0 } } },
		  { { { "mx.a.test", "helo", "pass" } } },
		  false,
		  false,
		  AGREEMENT_NONE,
		  AGREEMENT_CONTRADICTS },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct published_policy policy = policy_of("example.com", cases[i].modes, NULL);
		struct author a = author_of(domains, NULL, &policy, SLICE("example.com"));
		struct spf_result spf[MAX_RESULTS];
		struct dkim_result dkim[MAX_RESULTS];
		struct record r = {
			.dkim = word_of(&claimed_result_words, cases[i].dkim_claim),
			.spf = word_of(&claimed_result_words, cases[i].spf_claim),
			.dkim_results = dkim,
			.dkim_count = dkim_results(&cases[i].dkim, dkim),
			.spf_results = spf,
			.spf_count = spf_results(&cases[i].spf, spf),
		};

		alignment_compute(&a, &r);
		EXPECT_INT(r.aligned.dkim, cases[i].dkim_aligned, cases[i].name);
		EXPECT_INT(r.aligned.spf, cases[i].spf_aligned, cases[i].name);
		EXPECT_INT(r.aligned.dkim_agreement, cases[i].dkim_grade, cases[i].name);
		EXPECT_INT(r.aligned.spf_agreement, cases[i].spf_grade, cases[i].name);
	}
}
