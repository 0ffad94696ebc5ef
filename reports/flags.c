/* SPDX-License-Identifier: MIT */
#include "reports/flags.h"

#include "parser/remarks.h"

#include "base/banned.h"

bool judge_reason_overrides(const struct override_reason *reason)
{
	bool by_type =
		reason->type.value != REASON_LOCAL_POLICY && reason->type.value != REASON_ABSENT;

	enum arc_remark arc = remark_on_arc(reason->comment);

	return by_type || arc == ARC_PASSES || arc == ARC_OTHER;
}

static bool append_override(const struct override_reason *reason, struct buf *name)
{
	if (!judge_reason_overrides(reason))
		return false;
	buf_append_text(name, "override:");
	buf_append(name, reason->type.text);
	return true;
}

bool judgement_next_flag(const struct judgement *judgement, const struct record *record,
			 size_t *next, struct buf *name)
{
	for (; *next < judge_flag_count; (*next)++) {
		enum judge_flag flag = (enum judge_flag) * next;

		if (flag == JUDGE_FLAG_OVERRIDE || !judgement_has(judgement, flag))
			continue;
		buf_append_text(name, judge_flag_text(flag));
		(*next)++;
		return true;
	}
	while (*next - judge_flag_count < record->reason_count) {
		if (append_override(&record->reasons[(*next)++ - judge_flag_count], name))
			return true;
	}
	return false;
}

static bool is_overridden(const struct facts *f)
{
	for (size_t i = 0; i < f->record->reason_count; i++) {
		if (judge_reason_overrides(&f->record->reasons[i]))
			return true;
	}
	return false;
}

static bool claims_failure(struct word claim)
{
	return claim.value != RESULT_ABSENT && claim.value != RESULT_PASS;
}

static bool disagrees(enum agreement agreement)
{
	return agreement == AGREEMENT_UNSUPPORTED || agreement == AGREEMENT_CONTRADICTS;
}

static bool is_host_not_looked_up(const struct facts *f)
{
	return f->evidence->host.state == HOST_NOT_LOOKED_UP;
}

/* Does every aligned pass come from beside or above the From domain? */
static bool aligned_from_elsewhere(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		const struct signature *s = &f->signatures[i];

		if (s->pass && s->aligned &&
		    domain_is_under(s->result->domain, f->record->header_from))
			return false;
	}
	return true;
}

/* Receivers of RFC 9989 find the organisation in DNS, where we ask a list. */
static bool is_org_domain_differing(const struct facts *f, const struct alignment *aligned)
{
	if (aligned->dkim && claims_failure(f->record->dkim) && aligned_from_elsewhere(f))
		return true;
	return aligned->spf && claims_failure(f->record->spf) &&
		!domain_is_under(f->spf->domain, f->record->header_from);
}

static bool is_applied_without_cause(const struct facts *f, const struct alignment *aligned)
{
	const struct record *r = f->record;
	bool applied = r->disposition.value == DISPOSITION_QUARANTINE ||
		r->disposition.value == DISPOSITION_REJECT;

	return applied &&
		(aligned->spf || aligned->dkim || r->spf.value == RESULT_PASS ||
		 r->dkim.value == RESULT_PASS);
}

enum { LEVEL_UNKNOWN = -1, LEVEL_NONE, LEVEL_QUARANTINE, LEVEL_REJECT };

static int level_of_policy(struct word policy)
{
	static const int levels[policy_count] = {
		[POLICY_ABSENT] = LEVEL_NONE, /* a missing p beside rua means none */
		[POLICY_NONE] = LEVEL_NONE,     [POLICY_QUARANTINE] = LEVEL_QUARANTINE,
		[POLICY_REJECT] = LEVEL_REJECT, [POLICY_OTHER] = LEVEL_UNKNOWN,
	};

	return levels[policy.value];
}

static int level_of_disposition(struct word disposition)
{
	static const int levels[disposition_count] = {
		[DISPOSITION_ABSENT] = LEVEL_UNKNOWN,
		[DISPOSITION_NONE] = LEVEL_NONE,
		[DISPOSITION_QUARANTINE] = LEVEL_QUARANTINE,
		[DISPOSITION_REJECT] = LEVEL_REJECT,
		[DISPOSITION_PASS] = LEVEL_NONE,
		[DISPOSITION_OTHER] = LEVEL_UNKNOWN,
	};

	return levels[disposition.value];
}

/* The weakest disposition that the policy asks for; a report cannot say whether np applied. */
static int level_expected(const struct facts *f)
{
	const struct published_policy *policy = f->evidence->policy;
	bool below = !slice_equal(f->record->header_from, policy->domain);
	int level = level_of_policy(below && policy->sp.value != POLICY_ABSENT ? policy->sp
									       : policy->p);

	if (below && policy->np.value != POLICY_ABSENT) {
		int np = level_of_policy(policy->np);

		level = np < level ? np : level;
	}
	level -= policy->testing.value == FLAG_YES;
	level -= policy->pct >= 0 && policy->pct < 100;
	return level;
}

static bool is_policy_not_applied(const struct facts *f)
{
	const struct record *r = f->record;
	int got = level_of_disposition(r->disposition);

	return claims_failure(r->spf) && claims_failure(r->dkim) && !is_overridden(f) &&
		got != LEVEL_UNKNOWN && got < level_expected(f);
}

static bool is_null_sender(const struct facts *f)
{
	struct slice from = f->record->envelope_from;
	bool empty = !slice_is_absent(from) && (from.n == 0 || slice_equal(from, SLICE("<>")));

	return empty || f->spf_helo;
}

uint32_t flags_of(const struct facts *f, const struct alignment *aligned)
{
	const struct record *r = f->record;
	const bool raised[judge_flag_count] = {
		[JUDGE_FLAG_HOST_NOT_LOOKED_UP] = is_host_not_looked_up(f),
		[JUDGE_FLAG_OVERRIDE] = is_overridden(f),
		[JUDGE_FLAG_REPORTER_DISAGREES_SPF] = disagrees(aligned->spf_agreement),
		[JUDGE_FLAG_REPORTER_DISAGREES_DKIM] = disagrees(aligned->dkim_agreement),
		[JUDGE_FLAG_ORG_DOMAIN_DIFFERS] = is_org_domain_differing(f, aligned),
		[JUDGE_FLAG_APPLIED_WITHOUT_CAUSE] = is_applied_without_cause(f, aligned),
		[JUDGE_FLAG_POLICY_NOT_APPLIED] = is_policy_not_applied(f),
		[JUDGE_FLAG_NULL_SENDER] = is_null_sender(f),
		[JUDGE_FLAG_AUTH_RESULTS_MISSING] = r->spf_count == 0 && r->dkim_count == 0,
	};
	uint32_t flags = 0;

	for (size_t i = 0; i < COUNT_OF(raised); i++)
		flags |= (uint32_t)raised[i] << i;
	return flags;
}
