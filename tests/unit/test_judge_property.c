/* SPDX-License-Identifier: MIT */
/*
 * A million records that chance put together, the same every time: each is judged, and by the model of
 * the rules too, which knows its small world by heart. What the two say must be the same, must be the
 * same again, and must not depend on the order of the signatures.
 */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "parser/alignment.h"
#include "reports/memo.h"
#include "tests/bench/random.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_model.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

/* Sanitizers make judging several times slower, and look for faults that show early. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { COMBINATIONS = 400000 };
#else
enum { COMBINATIONS = 1000000 };
#endif

enum { SEED = 20261118, FAILURES_SHOWN = 5 };

/* --- chance ------------------------------------------------------------------------------------ */

#define PICK(random, list) ((list)[random_below((random), COUNT_OF(list))])

static const struct model_name *name_called(const char *text)
{
	for (size_t i = 0; i < model_name_count; i++) {
		if (strcmp(model_names[i].text, text) == 0)
			return &model_names[i];
	}
	cr_assert_fail("the model knows no %s", text);
	return NULL;
}

/* Every other one of From's own world, else anybody. */
static const struct model_name *any_name(struct random *random, const struct model_name *from)
{
	if (random_chance(random, 5))
		return NULL;
	for (int tries = 0; from && random_chance(random, 55) && tries < 20; tries++) {
		const struct model_name *name =
			&model_names[random_below(random, model_name_count)];

		if (strcmp(name->organisation, from->organisation) == 0)
			return name;
	}
	return &model_names[random_below(random, model_name_count)];
}

static enum result any_result(struct random *random)
{
	static const enum result likely[] = { RESULT_PASS, RESULT_PASS, RESULT_PASS, RESULT_FAIL };

	return random_chance(random, 55) ? PICK(random, likely)
					 : (enum result)random_below(random, result_count);
}

static enum result any_claim(struct random *random)
{
	static const enum result claims[] = {
		RESULT_PASS, RESULT_PASS, RESULT_FAIL,     RESULT_FAIL,
		RESULT_FAIL, RESULT_NONE, RESULT_SOFTFAIL, RESULT_ABSENT,
	};

	return random_chance(random, 5) ? RESULT_OTHER : PICK(random, claims);
}

static void choose_from(struct random *random, struct model_record *r)
{
	static const char *const froms[] = {
		"example.com",        "example.com", "example.com", "news.example.com",
		"a.news.example.com", "shop.co.uk",  "co.uk",
	};
	static const char *const policies[] = { "example.com", "news.example.com", "com", "co.uk" };

	r->from = random_chance(random, 98) ? name_called(PICK(random, froms)) : NULL;
	r->policy_domain = r->from ? r->from->text : "example.com";
	if (random_chance(random, 50))
		r->policy_domain = PICK(random, policies);
	r->treewalk = random_chance(random, 30);
	r->dkim_strict = random_chance(random, 30);
	r->spf_strict = random_chance(random, 30);
}

static void choose_policy(struct random *random, struct model_record *r)
{
	static const int percentages[] = { -1, -1, 100, 50, 0 };

	r->p = (enum policy)random_below(random, policy_count);
	r->sp = random_chance(random, 50) ? (enum policy)random_below(random, policy_count)
					  : POLICY_ABSENT;
	r->np = random_chance(random, 30) ? (enum policy)random_below(random, policy_count)
					  : POLICY_ABSENT;
	r->testing = random_chance(random, 15);
	r->pct = PICK(random, percentages);
	r->disposition = (enum disposition)random_below(random, disposition_count);
}

static void choose_results(struct random *random, struct model_record *r)
{
	static const enum scope scopes[] = { SCOPE_ABSENT, SCOPE_MFROM, SCOPE_MFROM, SCOPE_HELO,
					     SCOPE_OTHER };
	static const char *const humans[] = { NULL,
					      NULL,
					      NULL,
					      "body hash did not verify",
					      "no key for signature",
					      "key not available",
					      "key revoked" };

	r->spf_count = random_lower(random, MODEL_SPF_MAX + 1);
	for (size_t i = 0; i < r->spf_count; i++)
		r->spf[i] = (struct model_spf){ any_name(random, r->from), any_result(random),
						PICK(random, scopes) };
	r->dkim_count = random_lower(random, MODEL_DKIM_MAX + 1);
	for (size_t i = 0; i < r->dkim_count; i++)
		r->dkim[i] = (struct model_dkim){ any_name(random, r->from), any_result(random),
						  PICK(random, humans) };
}

static void choose_claims(struct random *random, struct model_record *r)
{
	static const char *const comments[] = { NULL,       "",         "arc=pass as.1=x",
						"arc=fail", "arc=none", "seen before" };
	static const char *const envelopes[] = { NULL, NULL, NULL, "", "<>", "example.com" };

	r->claimed_dkim = any_claim(random);
	r->claimed_spf = any_claim(random);
	r->reason_count =
		random_chance(random, 70) ? 0 : 1 + random_below(random, MODEL_REASONS_MAX);
	for (size_t i = 0; i < r->reason_count; i++)
		r->reasons[i] =
			(struct model_reason){ (enum reason)random_below(random, reason_count),
					       PICK(random, comments) };
	r->envelope_from = PICK(random, envelopes);
}

static const char *any_host(struct random *random)
{
	static const char *const hosts[] = {
		"a9-92.smtp-out.amazonses.com",
		"a4-3.smtp-out.eu-west-1.amazonses.com",
		"a122-31.smtp-out.eu-west-1.amazonses.com",
		"a27-42.smtp-out.us-west-2.amazonses.com",
		"o1.outbound-mail.sendgrid.net",
		"mail-x.google.com",
		"mail-x.outbound.protection.outlook.com",
		"a0-7.email.cloudflare.net",
		"mx0a-1.pphosted.com",
		"mx.groups.io",
		"web1.example.com",
		"web1.news.example.com",
		"web1.example.org",
		"mail.shop.co.uk",
		"mail.university.test",
		"web1.notexample.com",
	};

	return PICK(random, hosts);
}

static void choose_host(struct random *random, struct model_record *r)
{
	static const char *const owned[] = { NULL, "example.org", "contoso.onmicrosoft.com" };

	r->host_state = (enum host_state)random_below(random, host_state_count);
	if (r->host_state == HOST_CONFIRMED || r->host_state == HOST_UNCONFIRMED)
		r->host = any_host(random);
	r->owned = PICK(random, owned);
}

static struct model_record any_record(struct random *random)
{
	struct model_record r = { .from = NULL };

	choose_from(random, &r);
	choose_policy(random, &r);
	choose_results(random, &r);
	choose_claims(random, &r);
	choose_host(random, &r);
	return r;
}

/* --- from the model to a record ------------------------------------------------------------------ */

#define WORD(tag, value)                                                                           \
	(struct word)                                                                              \
	{                                                                                          \
		(int)(value), slice_from(tag##_text(value))                                        \
	}

static struct slice name_text(const struct model_name *name)
{
	return name ? slice_from(name->text) : SLICE("");
}

static void build_results(const struct model_record *r, struct judge_case *c)
{
	for (size_t i = 0; i < r->spf_count; i++)
		c->spf[i] = (struct spf_result){
			.domain = name_text(r->spf[i].name),
			.scope = WORD(scope, r->spf[i].scope),
			.result = WORD(result, r->spf[i].result),
		};
	for (size_t i = 0; i < r->dkim_count; i++)
		c->dkim[i] = (struct dkim_result){
			.domain = name_text(r->dkim[i].name),
			.selector = SLICE("s"),
			.result = WORD(result, r->dkim[i].result),
			.human_result = slice_from(r->dkim[i].human),
		};
	for (size_t i = 0; i < r->reason_count; i++)
		c->reasons[i] = (struct override_reason){
			.type = WORD(reason, r->reasons[i].type),
			.comment = slice_from(r->reasons[i].comment),
		};
}

static void build_policy(const struct model_record *r, struct published_policy *policy)
{
	enum mode dkim = r->dkim_strict ? MODE_STRICT : MODE_RELAXED;
	enum mode spf = r->spf_strict ? MODE_STRICT : MODE_OTHER;
	enum flag testing = r->testing ? FLAG_YES : FLAG_ABSENT;
	enum discovery discovery = r->treewalk ? DISCOVERY_TREEWALK : DISCOVERY_PSL;

	*policy = (struct published_policy){
		.domain = slice_from(r->policy_domain),
		.adkim = WORD(mode, dkim),
		.aspf = WORD(mode, spf),
		.p = WORD(policy, r->p),
		.sp = WORD(policy, r->sp),
		.np = WORD(policy, r->np),
		.pct = r->pct,
		.testing = WORD(flag, testing),
		.discovery = WORD(discovery, discovery),
	};
}

/* Owners do not change: there is one for each set of domains. */
static const struct owner *owner_of(const struct model_record *r)
{
	static const struct slice domains[] = { BYTES("example.org"),
						BYTES("contoso.onmicrosoft.com") };
	static const struct owner owners[] = {
		{ .owned_domains = domains, .owned_count = 1 },
		{ .owned_domains = domains + 1, .owned_count = 1 },
	};
	static const struct owner nobody;

	for (size_t i = 0; r->owned && i < COUNT_OF(owners); i++) {
		if (slice_equal(domains[i], slice_from(r->owned)))
			return &owners[i];
	}
	return &nobody;
}

static void build_case(const struct judge *judge, const struct model_record *r,
		       struct judge_case *c)
{
	*c = (struct judge_case){ .record = { .ordinal = 1, .count = 1 } };
	build_results(r, c);
	build_policy(r, &c->policy);
	c->record.header_from = name_text(r->from);
	c->record.envelope_from = slice_from(r->envelope_from);
	c->record.disposition = WORD(disposition, r->disposition);
	c->record.dkim = WORD(result, r->claimed_dkim);
	c->record.spf = WORD(result, r->claimed_spf);
	c->record.dkim_results = c->dkim;
	c->record.dkim_count = r->dkim_count;
	c->record.spf_results = c->spf;
	c->record.spf_count = r->spf_count;
	c->record.reasons = c->reasons;
	c->record.reason_count = r->reason_count;
	c->evidence = (struct evidence){
		.policy = &c->policy,
		.record = &c->record,
		.host = { r->host_state, slice_from(r->host) },
		.owner = owner_of(r),
	};

	const struct author author =
		author_of(judge->domains, NULL, &c->policy, c->record.header_from);

	alignment_compute(&author, &c->record);
}

static enum model_kind kind_of(const struct sender *sender)
{
	static const enum model_kind kinds[sender_kind_count] = {
		[SENDER_ESP] = MODEL_SERVICE,         [SENDER_SAAS] = MODEL_SERVICE,
		[SENDER_CRM] = MODEL_SERVICE,         [SENDER_HELPDESK] = MODEL_SERVICE,
		[SENDER_MAILBOX] = MODEL_MAILBOX,     [SENDER_GATEWAY] = MODEL_GATEWAY,
		[SENDER_FORWARDER] = MODEL_FORWARDER, [SENDER_LIST] = MODEL_LIST,
	};

	return sender ? kinds[sender->kind] : MODEL_NOBODY;
}

/* Identifiers of the catalogue as strings, which the model compares. */
struct source_ids {
	char service[64], infrastructure[64], last_hop[64];
};

static const char *id_of(const struct sender *sender, char *text, size_t size)
{
	if (!sender)
		return NULL;
	cr_assert(slice_to_cstr(sender->id, text, size));
	return text;
}

static struct model_source source_of(const struct judgement *j, struct source_ids *ids)
{
	return (struct model_source){
		.service = id_of(j->service, ids->service, sizeof(ids->service)),
		.infrastructure =
			id_of(j->infrastructure, ids->infrastructure, sizeof(ids->infrastructure)),
		.last_hop = id_of(j->last_hop, ids->last_hop, sizeof(ids->last_hop)),
		.service_kind = kind_of(j->service),
		.last_hop_kind = kind_of(j->last_hop),
		.proven = j->confidence == CONFIDENCE_HIGH,
	};
}

/* --- comparison ---------------------------------------------------------------------------------- */

static struct model_answer answer_of(const struct judgement *j)
{
	return (struct model_answer){
		.path = j->path,
		.spf = j->spf_cause,
		.dkim = j->dkim_cause,
		.verdict = j->verdict,
		.severity = j->severity,
		.dkim_grade = j->aligned.dkim_agreement,
		.spf_grade = j->aligned.spf_agreement,
		.dmarc = j->dmarc_pass,
		.outcome = j->outcome_pass,
		.flags = j->flags,
	};
}

static bool is_same(const struct model_answer *a, const struct model_answer *b)
{
	return a->path == b->path && a->spf == b->spf && a->dkim == b->dkim &&
		a->verdict == b->verdict && a->severity == b->severity &&
		a->dkim_grade == b->dkim_grade && a->spf_grade == b->spf_grade &&
		a->dmarc == b->dmarc && a->outcome == b->outcome && a->flags == b->flags;
}

static void describe_answer(struct buf *b, const char *who, const struct model_answer *a)
{
	buf_printf(b, "\n %s %s; %s; %s; %s; %s; %s/%s; %s, counts as %s;", who, path_text(a->path),
		   spf_cause_text(a->spf), dkim_cause_text(a->dkim), verdict_text(a->verdict),
		   severity_text(a->severity), agreement_text(a->dkim_grade),
		   agreement_text(a->spf_grade), a->dmarc ? "pass" : "fail",
		   a->outcome ? "pass" : "fail");
	for (int flag = 0; flag < judge_flag_count; flag++) {
		if (a->flags >> flag & 1)
			buf_printf(b, " %s", judge_flag_text((enum judge_flag)flag));
	}
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void describe_record(struct buf *b, const struct model_record *r)
{
	buf_printf(
		b, "from %s, policy of %s%s%s%s p=%s sp=%s np=%s pct=%d%s, host %s (%s), owned %s",
		r->from ? r->from->text : "-", r->policy_domain, r->treewalk ? " by treewalk" : "",
		r->dkim_strict ? " adkim=s" : "", r->spf_strict ? " aspf=s" : "", policy_text(r->p),
		policy_text(r->sp), policy_text(r->np), r->pct, r->testing ? " t=y" : "",
		or_dash(r->host), host_state_text(r->host_state), or_dash(r->owned));
	for (size_t i = 0; i < r->spf_count; i++)
		buf_printf(b, "\n SPF %s %s %s", r->spf[i].name ? r->spf[i].name->text : "-",
			   result_text(r->spf[i].result), scope_text(r->spf[i].scope));
	for (size_t i = 0; i < r->dkim_count; i++)
		buf_printf(b, "\n DKIM %s %s %s", r->dkim[i].name ? r->dkim[i].name->text : "-",
			   result_text(r->dkim[i].result), or_dash(r->dkim[i].human));
	for (size_t i = 0; i < r->reason_count; i++)
		buf_printf(b, "\n reason %s %s", reason_text(r->reasons[i].type),
			   or_dash(r->reasons[i].comment));
	buf_printf(b, "\n claims %s/%s, disposition %s, envelope %s", result_text(r->claimed_dkim),
		   result_text(r->claimed_spf), disposition_text(r->disposition),
		   or_dash(r->envelope_from));
}

/* The parser does not know the catalogue. */
static bool has_hidden_helo(const struct record *r)
{
	for (size_t i = 0; i < r->spf_count; i++) {
		if (domain_is_under(r->spf_results[i].domain,
				    SLICE("outbound.protection.outlook.com")))
			return true;
	}
	return false;
}

/* What has no place in the model, but must hold for each. The name of the rule that is broken. */
static const char *broken_rule(const struct judge_case *c, const struct judgement *j)
{
	bool spf = j->spf_cause == SPF_ALIGNED, dkim = j->dkim_cause == DKIM_ALIGNED;
	const struct {
		const char *name;
		bool kept;
	} rules[] = {
		{ "a cause, a cause and a verdict of the tables",
		  (int)j->spf_cause < spf_cause_count && (int)j->dkim_cause < dkim_cause_count &&
			  (int)j->verdict < verdict_count },
		{ "a passing verdict with an aligned leg only",
		  (j->verdict <= VERDICT_ALIGNED_SPF_ONLY) == (spf || dkim) },
		{ "the parser's alignment is the judge's, if no HELO name is hidden from it",
		  c->record.aligned.dkim == dkim &&
			  (c->record.aligned.spf == spf || has_hidden_helo(&c->record)) },
		{ "who passes on is no sender", !j->service || !sender_is_transit(j->service) },
		{ "a service has machines", !j->service == !j->infrastructure },
		{ "confidence in somebody",
		  (j->confidence == CONFIDENCE_NONE) == (!j->service && !j->claimed) },
		{ "an SPF cause has a result", !j->spf == (j->spf_cause == SPF_ABSENT) },
		{ "a DKIM cause has a signature",
		  !j->dkim == (j->dkim_cause == DKIM_MISSING || j->dkim_cause == DKIM_UNREPORTED) },
		{ "no flag but those of the table", j->flags >> judge_flag_count == 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		if (!rules[i].kept)
			return rules[i].name;
	}
	return NULL;
}

struct sweep {
	struct judge judge;
	struct memo *memo;
	size_t failures;
	size_t spf[spf_cause_count], dkim[dkim_cause_count], verdicts[verdict_count];
	size_t flags[judge_flag_count], grades[2][agreement_count];
	size_t paths[path_count], severities[severity_count];
};

static void count(struct sweep *s, const struct model_answer *a)
{
	s->spf[a->spf]++;
	s->dkim[a->dkim]++;
	s->verdicts[a->verdict]++;
	s->paths[a->path]++;
	s->severities[a->severity]++;
	s->grades[0][a->dkim_grade]++;
	s->grades[1][a->spf_grade]++;
	for (size_t flag = 0; flag < judge_flag_count; flag++)
		s->flags[flag] += a->flags >> flag & 1;
}

static void fail(struct sweep *s, const char *why, const struct model_record *r,
		 const struct model_answer *got, const struct model_answer *want)
{
	SCOPED(buf) struct buf text = { 0 };

	if (s->failures++ >= FAILURES_SHOWN)
		return;
	describe_record(&text, r);
	describe_answer(&text, "judged", got);
	describe_answer(&text, "wanted", want);
	cr_expect_fail("%s: %s", why, buf_text(&text));
}

/* The same signatures the other way round. */
static void turn_signatures(struct judge_case *c)
{
	for (size_t i = 0, j = c->record.dkim_count; i + 1 < j; i++) {
		struct dkim_result other = c->dkim[i];

		c->dkim[i] = c->dkim[--j];
		c->dkim[j] = other;
	}
}

static bool is_same_source(const struct judgement *a, const struct judgement *b)
{
	return a->service == b->service && a->infrastructure == b->infrastructure &&
		a->last_hop == b->last_hop && a->confidence == b->confidence &&
		a->tenant_known == b->tenant_known;
}

static bool is_same_text(const struct judgement *a, const struct judgement *b)
{
	return a->spf == b->spf && a->dkim == b->dkim && a->claimed == b->claimed &&
		slice_equal(a->other_signer, b->other_signer) &&
		slice_equal(a->spf_domain, b->spf_domain) && slice_equal(a->tenant, b->tenant) &&
		slice_equal(a->region, b->region) && a->region_likely == b->region_likely &&
		a->tenant_dashed == b->tenant_dashed;
}

/* What is remembered of another host's mail must be what is judged. */
static void check_memory(struct sweep *s, struct model_record *r, struct random *random)
{
	struct judge_case c;
	struct judgement judged, remembered;

	for (size_t i = 0; i < 2; i++) {
		build_case(&s->judge, r, &c);
		c.record.source_ip.bytes[3] = (unsigned char)random_below(random, 256);
		judge_record(&s->judge, &c.evidence, &judged);
		memo_judge(s->memo, &c.evidence, &remembered);

		const struct model_answer a = answer_of(&judged), b = answer_of(&remembered);

		if (!is_same(&a, &b) || !is_same_source(&judged, &remembered) ||
		    !is_same_text(&judged, &remembered))
			fail(s, "memory says otherwise", r, &b, &a);
		r->host = r->host ? any_host(random) : NULL;
	}
}

static void check(struct sweep *s, const struct model_record *r)
{
	struct judge_case c;
	struct judgement j, again;
	struct source_ids ids;

	build_case(&s->judge, r, &c);
	judge_record(&s->judge, &c.evidence, &j);

	const struct model_source source = source_of(&j, &ids);
	const struct model_answer got = answer_of(&j), want = model_judge(r, &source);
	const char *broken = broken_rule(&c, &j);

	if (broken || !is_same(&got, &want))
		fail(s, broken ? broken : "the model says otherwise", r, &got, &want);
	count(s, &got);
	turn_signatures(&c);
	judge_record(&s->judge, &c.evidence, &again);

	const struct model_answer turned = answer_of(&again);

	if (!is_same(&got, &turned) || !is_same_source(&j, &again))
		fail(s, "the order of the signatures matters", r, &turned, &got);
}

#define EXPECT_SEEN(counts, tag)                                                                   \
	do {                                                                                       \
		for (int i_ = 0; i_ < tag##_count; i_++)                                           \
			cr_expect((counts)[i_] > 0, "chance never made " #tag " %s",               \
				  tag##_text((enum tag)i_));                                       \
	} while (0)

Test(judge, a_million_combinations_are_judged_by_the_rules, .timeout = 240)
{
	struct sweep s = { .judge = judge_rows_open() };
	struct random random = random_of(SEED, 0, 0);

	s.memo = memo_new(&s.judge);
	for (size_t i = 0; i < COMBINATIONS; i++) {
		struct model_record r = any_record(&random);

		check(&s, &r);
		if (i % 4 == 0)
			check_memory(&s, &r, &random);
	}
	memo_free(s.memo);
	judge_rows_close(&s.judge);
	cr_expect_eq(s.failures, 0, "%zu combinations were judged otherwise", s.failures);
	EXPECT_SEEN(s.spf, spf_cause);
	EXPECT_SEEN(s.dkim, dkim_cause);
	EXPECT_SEEN(s.verdicts, verdict);
	EXPECT_SEEN(s.flags, judge_flag);
	EXPECT_SEEN(s.grades[0], agreement);
	EXPECT_SEEN(s.grades[1], agreement);
	EXPECT_SEEN(s.paths, path);
	EXPECT_SEEN(s.severities, severity);
}
