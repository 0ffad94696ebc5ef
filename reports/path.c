/* SPDX-License-Identifier: MIT */
/* The rules stand in one table and are tried in its order: the first that fits decides. */
#include "reports/path.h"

#include "parser/remarks.h"

#include "base/banned.h"

static bool is_relay(const struct sender *s)
{
	return s && sender_is_relay(s);
}

static bool last_hop_is_mailbox_or_gateway(const struct attribution *a)
{
	return a->last_hop &&
		(a->last_hop->kind == SENDER_MAILBOX || a->last_hop->kind == SENDER_GATEWAY);
}

/* A signature of ours is there, and none passes. */
static bool our_signature_is_broken(const struct facts *f)
{
	return facts_has_related_signature(f) && !facts_signature_passes(f, true);
}

/* Aligned, or only the strict mode is against it: the envelope is ours. */
static bool envelope_is_ours(const struct facts *f, const struct attribution *a)
{
	bool helo_counts = f->record->spf.value == RESULT_PASS && f->spf_aligned;

	(void)a;
	return f->spf_pass && f->spf_related && (!f->spf_helo || helo_counts);
}

/* By a rule of the owner's. */
static bool envelope_is_named(const struct attribution *a)
{
	return a->rule && a->rule->kind == RULE_BY_MAILFROM;
}

/* Microsoft 365 and Google put the forwarding tenant into the envelope and sign again. */
static bool envelope_is_rewritten(const struct facts *f, const struct attribution *a)
{
	bool anybodys = f->spf && !envelope_is_named(a) &&
		(!f->spf_vendor || catalogue_is_consumer(f->judge->catalogue, f->spf->domain));

	return facts_spf_passes_elsewhere(f) && anybodys && facts_has_related_signature(f) &&
		(last_hop_is_mailbox_or_gateway(a) || !slice_is_absent(facts_tenant(f).name));
}

static bool envelope_is_the_services(const struct facts *f, const struct attribution *a)
{
	return f->spf_pass && !f->spf_helo &&
		(envelope_is_named(a) || attribution_covers(a, f->spf_vendor));
}

static bool relay_is_seen(const struct facts *f, const struct attribution *a)
{
	return is_relay(a->last_hop) || (f->spf_pass && is_relay(f->spf_vendor));
}

static bool forwarding_is_stated(const struct facts *f, const struct attribution *a)
{
	(void)a;
	for (size_t i = 0; i < f->record->reason_count; i++) {
		if (remark_on_arc(f->record->reasons[i].comment) == ARC_PASSES)
			return true;
	}
	return facts_has_reason(f, REASON_FORWARDED) ||
		facts_has_reason(f, REASON_TRUSTED_FORWARDER) ||
		facts_has_reason(f, REASON_MAILING_LIST);
}

static bool service_is_proven(const struct attribution *a)
{
	return a->service && a->tier <= TIER_ENVELOPE;
}

/* The proven service is one, the machine that connected another that has nothing to do with it. */
static bool last_hop_is_another(const struct facts *f, const struct attribution *a)
{
	(void)f;
	return service_is_proven(a) && a->last_hop && !suffix_match_has(&a->machines, a->service) &&
		a->last_hop != a->infrastructure && !sender_is_kin(a->service, a->last_hop);
}

/* A forwarder kept the envelope: the service's own record does not list his machine. */
static bool envelope_came_from_elsewhere(const struct facts *f, const struct attribution *a)
{
	if (f->evidence->host.state == HOST_NOT_LOOKED_UP)
		return false;
	return service_is_proven(a) && f->spf && !f->spf_pass &&
		attribution_covers(a, f->spf_vendor) && !attribution_covers(a, a->last_hop);
}

static bool mailbox_passed_it_on(const struct facts *f, const struct attribution *a)
{
	return last_hop_is_mailbox_or_gateway(a) && !f->spf_pass && our_signature_is_broken(f);
}

static bool machine_is_the_services(const struct facts *f, const struct attribution *a)
{
	(void)f;
	return attribution_covers(a, a->last_hop);
}

static bool machine_is_ours(const struct facts *f, const struct attribution *a)
{
	(void)a;
	return f->host_is_under_author;
}

/* Hosting panels, universities, alumni: forwarders that no catalogue lists look like this. */
static bool forwarding_is_probable(const struct facts *f, const struct attribution *a)
{
	static const bool conclusive[result_count] = {
		[RESULT_FAIL] = true, [RESULT_SOFTFAIL] = true,  [RESULT_NEUTRAL] = true,
		[RESULT_NONE] = true, [RESULT_PERMERROR] = true, [RESULT_POLICY] = true,
	};

	(void)a;
	return f->spf && conclusive[f->spf->result.value] && our_signature_is_broken(f);
}

static const struct rule {
	bool (*fits)(const struct facts *f, const struct attribution *a);
	enum path path;
} rules[] = {
	{ envelope_is_ours, PATH_DIRECT },
	{ envelope_is_rewritten, PATH_INDIRECT },
	{ envelope_is_the_services, PATH_DIRECT },
	{ relay_is_seen, PATH_INDIRECT },
	{ forwarding_is_stated, PATH_INDIRECT },
	{ last_hop_is_another, PATH_INDIRECT },
	{ envelope_came_from_elsewhere, PATH_INDIRECT },
	{ mailbox_passed_it_on, PATH_INDIRECT },
	{ machine_is_the_services, PATH_DIRECT },
	{ machine_is_ours, PATH_DIRECT },
	{ forwarding_is_probable, PATH_INDIRECT },
};

struct route route_of(const struct facts *f, const struct attribution *a)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		if (rules[i].fits(f, a))
			return (struct route){ rules[i].path,
					       rules[i].fits == envelope_is_rewritten };
	}
	return (struct route){ PATH_UNKNOWN, false };
}
