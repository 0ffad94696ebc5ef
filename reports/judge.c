/* SPDX-License-Identifier: MIT */
/* The order of the work: facts, who sent it, how it came, the causes, the verdict, the flags. */
#include "reports/judge.h"

#include "reports/attribution.h"
#include "reports/causes.h"
#include "reports/facts.h"
#include "reports/flags.h"
#include "reports/path.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(host_state, HOST_STATE_LIST)
ENUM_TABLE_DEFINE(rule_kind, RULE_KIND_LIST)
ENUM_TABLE_DEFINE(path, PATH_LIST)
ENUM_TABLE_DEFINE(confidence, CONFIDENCE_LIST)
ENUM_TABLE_DEFINE(spf_cause, SPF_CAUSE_LIST)
ENUM_TABLE_DEFINE(dkim_cause, DKIM_CAUSE_LIST)
ENUM_TABLE_DEFINE(verdict, VERDICT_LIST)
ENUM_TABLE_DEFINE(severity, SEVERITY_LIST)
ENUM_TABLE_DEFINE(judge_flag, JUDGE_FLAG_LIST)

/*
 * What the reporter did with a mechanism counts, not what we reckon: except where he took a raw SPF
 * pass for an aligned one.
 */
static bool outcome_passes(enum agreement agreement, bool aligned)
{
	switch (agreement) {
	case AGREEMENT_NONE:
	case AGREEMENT_AGREES:
		return aligned;
	case AGREEMENT_UNSUPPORTED:
		return true;
	case AGREEMENT_CONTRADICTS:
		return false;
	}
	return aligned;
}

/* The verdict's severity, and what the reporter's doing adds to it or takes from it. */
static enum severity severity_final(const struct judgement *j, const struct record *r)
{
	enum severity severity = severity_of(j->verdict, j->spf_cause, j->dkim_cause);
	bool rejected = r->disposition.value == DISPOSITION_REJECT;

	if (j->dmarc_pass && !j->outcome_pass && rejected)
		return SEVERITY_FAIL;
	if (!j->dmarc_pass && j->outcome_pass)
		return SEVERITY_NOTE;
	return severity;
}

static void judge_outcome(const struct facts *f, struct judgement *j)
{
	bool spf = j->spf_cause == SPF_ALIGNED, dkim = j->dkim_cause == DKIM_ALIGNED;

	j->aligned = alignment_graded(&f->author, f->record, dkim, spf);
	j->dmarc_pass = spf || dkim;
	j->outcome_pass = outcome_passes(j->aligned.spf_agreement, spf) ||
		outcome_passes(j->aligned.dkim_agreement, dkim);
}

/* The first of those involved that has Regions tells which it was. */
static void judge_region(const struct facts *f, struct judgement *j)
{
	const struct sender *involved[] = { j->service, j->infrastructure, j->last_hop };

	for (size_t i = 0; i < COUNT_OF(involved) && slice_is_absent(j->region); i++) {
		if (involved[i] && !slice_is_absent(involved[i]->region_suffix))
			j->region = facts_region(f, involved[i], &j->region_likely);
	}
}

struct evidence evidence_of_record(const struct judge *judge, const struct published_policy *policy,
				   const struct record *record)
{
	static const struct owner nobody;

	return (struct evidence){
		.policy = policy,
		.record = record,
		.host = { HOST_NOT_LOOKED_UP, SLICE_ABSENT },
		.owner = judge->owner ? judge->owner : &nobody,
	};
}

struct slice evidence_rented(const struct judge *judge, const struct evidence *evidence)
{
	return evidence->host.state == HOST_CONFIRMED
		? catalogue_rented(judge->catalogue, evidence->host.name)
		: SLICE_ABSENT;
}

void judge_record(const struct judge *judge, const struct evidence *evidence,
		  struct judgement *judgement_out)
{
	struct facts facts;

	facts_gather(judge, evidence, &facts);

	const struct attribution attribution = attribution_of(&facts);
	const struct findings findings = {
		.facts = &facts,
		.attribution = &attribution,
		.route = route_of(&facts, &attribution),
		.tenant = facts_tenant(&facts),
	};
	struct judgement j = {
		.service = attribution.service,
		.infrastructure = attribution.infrastructure,
		.last_hop = attribution.last_hop,
		.rule = attribution.rule,
		.range_seen = attribution.range_seen,
		.claimed = attribution.claimed,
		.path = findings.route.path,
		.confidence = attribution.confidence,
		.spf_cause = spf_cause_of(&findings),
		.dkim_cause = dkim_cause_of(&findings),
		.spf = facts.spf,
		.spf_domain = facts.spf ? facts.spf->domain : SLICE_ABSENT,
		.other_signer = dkim_other_signer(&findings),
		.tenant = findings.tenant.name,
		.tenant_dashed = findings.tenant.dashed,
		.tenant_known = findings.tenant.known,
	};

	j.dkim = dkim_cause_signature(&findings, j.dkim_cause);
	j.verdict = verdict_of(&findings, j.spf_cause, j.dkim_cause);
	judge_outcome(&facts, &j);
	j.flags = flags_of(&facts, &j.aligned);
	j.severity = severity_final(&j, evidence->record);
	judge_region(&facts, &j);
	*judgement_out = j;
}
