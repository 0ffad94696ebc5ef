/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_rows.h"

#include <criterion/criterion.h>

#include "base/number.h"
#include "base/text.h"
#include "parser/alignment.h"

#include "base/banned.h"

struct judge judge_rows_open(void)
{
	struct err e = ERR_INIT;
	struct catalogue *catalogue = catalogue_load(&e);

	cr_assert(catalogue, "%s: %s", e.where, e.what);

	struct domains *domains = domains_load(&e);

	cr_assert(domains, "%s", e.what);
	return (struct judge){ .catalogue = catalogue, .domains = domains };
}

void judge_rows_close(struct judge *judge)
{
	catalogue_free((struct catalogue *)judge->catalogue);
	domains_free((struct domains *)judge->domains);
}

typedef bool word_finder(struct slice text, int *value_out);

#define WORD_FINDER(tag)                                                                           \
	static bool find_##tag(struct slice text, int *value_out)                                  \
	{                                                                                          \
		enum tag value;                                                                    \
                                                                                                   \
		if (!tag##_find(text, &value))                                                     \
			return false;                                                              \
		*value_out = (int)value;                                                           \
		return true;                                                                       \
	}
WORD_FINDER(result)
WORD_FINDER(disposition)
WORD_FINDER(policy)
WORD_FINDER(mode)
WORD_FINDER(scope)
WORD_FINDER(reason)
WORD_FINDER(flag)
WORD_FINDER(discovery)

static struct word word_of(struct slice text, word_finder *find, int other)
{
	struct word word = { .text = text };

	if (slice_is_absent(text))
		return word;
	if (!find(text, &word.value))
		word.value = other;
	return word;
}

static struct slice cut_word(struct slice *rest)
{
	size_t n = slice_find(*rest, ' ');
	struct slice word = slice_prefix(*rest, n);

	*rest = slice_trim(slice_from_offset(*rest, n));
	return word.n > 0 ? word : SLICE_ABSENT;
}

/* "-" stands for what is sent, but empty. */
static struct slice sent(struct slice text)
{
	return slice_equal(text, SLICE("-")) ? SLICE("") : text;
}

/* The next of several, without the blanks around it. */
static bool cut_item(struct slice *rest, size_t count, struct slice *item_out)
{
	if (!slice_cut(rest, ',', item_out))
		return false;
	cr_assert_lt(count, ROW_MAX, "too many items in one row");
	*item_out = slice_trim(*item_out);
	return true;
}

static void build_results(const struct judge_row *row, struct judge_case *c)
{
	struct slice rest = slice_from(row->spf), item;

	for (size_t n = 0; cut_item(&rest, n, &item); c->record.spf_count = ++n) {
		struct spf_result *spf = &c->spf[n];

		spf->domain = sent(cut_word(&item));
		spf->result = word_of(cut_word(&item), find_result, RESULT_OTHER);
		spf->scope = word_of(cut_word(&item), find_scope, SCOPE_OTHER);
	}
	rest = slice_from(row->dkim);
	for (size_t n = 0; cut_item(&rest, n, &item); c->record.dkim_count = ++n) {
		struct dkim_result *dkim = &c->dkim[n];

		dkim->domain = sent(cut_word(&item));
		dkim->selector = cut_word(&item);
		dkim->result = word_of(cut_word(&item), find_result, RESULT_OTHER);
		dkim->human_result = item.n > 0 ? item : SLICE_ABSENT;
	}
}

static void build_claims(const struct judge_row *row, struct judge_case *c)
{
	struct record *r = &c->record;
	struct slice rest = slice_from(row->claim), item = SLICE_ABSENT;

	if (slice_cut(&rest, '/', &item))
		r->dkim = word_of(item, find_result, RESULT_OTHER);
	r->spf = word_of(rest, find_result, RESULT_OTHER);
	r->disposition = word_of(slice_from(row->disposition), find_disposition, DISPOSITION_OTHER);
	rest = slice_from(row->reasons);
	for (size_t n = 0; cut_item(&rest, n, &item); r->reason_count = ++n) {
		c->reasons[n].type = word_of(sent(cut_word(&item)), find_reason, REASON_OTHER);
		c->reasons[n].comment = item;
	}
}

static void build_policy_field(struct published_policy *policy, struct slice name,
			       struct slice value)
{
	const struct {
		const char *name;
		struct word *word;
		word_finder *find;
		int other;
	} fields[] = {
		{ "adkim", &policy->adkim, find_mode, MODE_OTHER },
		{ "aspf", &policy->aspf, find_mode, MODE_OTHER },
		{ "p", &policy->p, find_policy, POLICY_OTHER },
		{ "sp", &policy->sp, find_policy, POLICY_OTHER },
		{ "np", &policy->np, find_policy, POLICY_OTHER },
		{ "t", &policy->testing, find_flag, FLAG_OTHER },
		{ "discovery", &policy->discovery, find_discovery, DISCOVERY_OTHER },
	};
	uint64_t number;

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (!slice_equal(name, slice_from(fields[i].name)))
			continue;
		*fields[i].word = word_of(value, fields[i].find, fields[i].other);
		return;
	}
	if (slice_equal(name, SLICE("pct")) && number_parse_u64(value, 0, 100, &number))
		policy->pct = (int)number;
	else if (slice_equal(name, SLICE("domain")))
		policy->domain = value;
	else
		cr_assert_fail("unknown field of a policy: %.*s", SLICE_ARG(name));
}

static void build_policy(const struct judge_row *row, struct judge_case *c)
{
	struct slice rest = slice_from(row->policy), item, name;

	c->policy.domain = c->record.header_from;
	c->policy.pct = -1;
	while (slice_cut(&rest, ' ', &item)) {
		if (slice_cut(&item, '=', &name))
			build_policy_field(&c->policy, name, item);
	}
}

static void build_host(const struct judge_row *row, struct judge_case *c)
{
	struct host *host = &c->evidence.host;

	*host = (struct host){ HOST_CONFIRMED, slice_from(row->host) };
	if (!row->host)
		host->state = HOST_NO_NAME;
	else if (row->host[0] == '?')
		*host = (struct host){ HOST_NOT_LOOKED_UP, SLICE_ABSENT };
	else if (row->host[0] == '~')
		*host = (struct host){ HOST_UNCONFIRMED, slice_from(row->host + 1) };
}

void judge_case_build(const struct judge *judge, const struct judge_row *row,
		      struct judge_case *case_out)
{
	struct judge_case *c = case_out;
	struct slice rest = slice_from(row->owned), item;

	*c = (struct judge_case){ .record = { .ordinal = 1, .count = 1 } };
	c->record.header_from = row->from ? slice_from(row->from) : SLICE("");
	c->record.envelope_from = sent(slice_from(row->envelope_from));
	build_results(row, c);
	build_claims(row, c);
	build_policy(row, c);
	build_host(row, c);
	for (size_t n = 0; cut_item(&rest, n, &item); c->owner.owned_count = ++n)
		c->owned[n] = item;
	c->record.dkim_results = c->dkim;
	c->record.spf_results = c->spf;
	c->record.reasons = c->reasons;
	c->owner.owned_domains = c->owned;
	c->evidence.policy = &c->policy;
	c->evidence.record = &c->record;
	c->evidence.owner = &c->owner;

	const struct author author =
		author_of(judge->domains, NULL, &c->policy, c->record.header_from);

	alignment_compute(&author, &c->record);
}

struct judgement judge_row_judge(const struct judge *judge, const struct judge_row *row,
				 struct judge_case *case_out)
{
	struct judgement judgement;

	judge_case_build(judge, row, case_out);
	judge_record(judge, &case_out->evidence, &judgement);
	if (row->named && judgement.service)
		judgement.service = catalogue_find(judge->catalogue, slice_from(row->named));
	return judgement;
}

/* --- sweep ------------------------------------------------------------------------------------- */

static const char *const sweep_hosts[] = {
	NULL,
	"?",
	"~a9-92.smtp-out.amazonses.com",
	"a9-92.smtp-out.amazonses.com",
	"mail-x.outbound.protection.outlook.com",
	"mail-lf1-f47.google.com",
	"a0-7.email.cloudflare.net",
	"mx0a-1.pphosted.com",
	"web1.example.com",
	"mx.groups.io",
};

static const char *const sweep_envelopes[] = {
	"example.com",
	"b.example.com",
	"example.org",
	"example.net",
	"amazonses.com",
	"gmail.com",
	"groups.io",
	"-",
	"x.outbound.protection.outlook.com",
};

static const char *const sweep_results[] = {
	"pass",      "fail",   "softfail", "neutral",   "none",      "temperror",
	"permerror", "policy", "what",     "pass helo", "fail helo",
};

static const char *const sweep_signatures[] = {
	NULL,
	"example.com a pass",
	"news.example.com a pass",
	"example.com a fail",
	"example.com stxsel1 permerror",
	"example.com a permerror, amazonses.com b permerror",
	"example.com a fail no key for signature",
	"example.com a temperror",
	"example.com a policy",
	"example.com a what",
	"example.com a none",
	"- a pass",
	"example.org a pass",
	"amazonses.com b pass",
	"example.com a fail, amazonses.com b pass",
	"example.com resend pass, amazonses.com b pass",
	"fabrikam.onmicrosoft.com selector1 pass",
	"example.com a fail, fabrikam.onmicrosoft.com selector1 pass",
	"cloudflare-email.net cf2024-1 pass",
	"example.net a pass",
	"example.net a fail",
};

static const char *const sweep_claims[] = { NULL, "pass/pass", "pass/fail", "fail/pass",
					    "fail/fail" };

/* What turns with the row rather than multiplying: policies, dispositions, reasons. */
static const char *const sweep_policies[] = {
	"p=none",
	"p=reject",
	"adkim=s aspf=s p=quarantine",
	"domain=example.com sp=reject np=none pct=50",
	"adkim=s t=y p=reject",
	"domain=com discovery=treewalk",
	"aspf=s",
};
static const char *const sweep_dispositions[] = { NULL, "none", "quarantine", "reject", "pass" };
static const char *const sweep_reasons[] = {
	NULL,      NULL, NULL, NULL, NULL, NULL, NULL, "mailing_list", "local_policy arc=pass",
	"other x", NULL,
};

static void sweep_claimed(const struct judge *judge, struct judge_row *row, size_t *turn,
			  void (*each)(const struct judge *, const struct judge_row *, void *),
			  void *context)
{
	for (size_t i = 0; i < 4 * COUNT_OF(sweep_claims); i++, (*turn)++) {
		row->claim = sweep_claims[i % COUNT_OF(sweep_claims)];
		row->from = *turn % 3 ? "example.com" : "a.news.example.com";
		row->policy = sweep_policies[*turn % COUNT_OF(sweep_policies)];
		row->disposition = sweep_dispositions[*turn / 3 % COUNT_OF(sweep_dispositions)];
		row->reasons = sweep_reasons[*turn % COUNT_OF(sweep_reasons)];
		row->owned = *turn % 2 ? "example.org" : NULL;
		each(judge, row, context);
	}
}

void judge_rows_sweep(const struct judge *judge,
		      void (*each)(const struct judge *judge, const struct judge_row *row,
				   void *context),
		      void *context)
{
	const size_t hosts = COUNT_OF(sweep_hosts), results = COUNT_OF(sweep_results);
	const size_t envelopes = COUNT_OF(sweep_envelopes);
	size_t turn = 0;

	for (size_t i = 0; i < hosts * results * envelopes; i++) {
		char spf[128];
		struct judge_row row = { .host = sweep_hosts[i % hosts], .spf = spf };

		cr_assert(text_format(spf, sizeof(spf), "%s %s",
				      sweep_envelopes[i / hosts % envelopes],
				      sweep_results[i / hosts / envelopes]));
		for (size_t d = 0; d < COUNT_OF(sweep_signatures); d++) {
			row.dkim = sweep_signatures[d];
			sweep_claimed(judge, &row, &turn, each, context);
			row.spf = d % 20 == 19 ? NULL : spf;
		}
	}
}
