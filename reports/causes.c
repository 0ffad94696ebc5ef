/* SPDX-License-Identifier: MIT */
/* Each ladder is tried from its top, and the first line that fits is the cause: total, exclusive. */
#include "reports/causes.h"

#include "parser/remarks.h"

#include "base/banned.h"

static bool is_relay(const struct sender *s)
{
	return s && sender_is_relay(s);
}

/* --- SPF --------------------------------------------------------------------------------------- */

static bool relay_signed(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].pass && is_relay(f->signatures[i].vendor))
			return true;
	}
	return false;
}

static bool somebody_forwarded(const struct findings *in)
{
	const struct facts *f = in->facts;

	return is_relay(f->spf_vendor) || is_relay(in->attribution->last_hop) || relay_signed(f) ||
		facts_has_reason(f, REASON_MAILING_LIST) || facts_has_reason(f, REASON_FORWARDED) ||
		facts_has_reason(f, REASON_TRUSTED_FORWARDER) || in->route.rewritten;
}

/* A pass for a domain that is not From's. */
static enum spf_cause spf_unaligned_pass(const struct findings *in)
{
	const struct facts *f = in->facts;
	bool service = f->spf_vendor && sender_is_service(f->spf_vendor);

	if (!service && somebody_forwarded(in))
		return SPF_UNALIGNED_FORWARDER;
	if (f->spf_vendor)
		return SPF_UNALIGNED_DEFAULT_MAILFROM;
	return f->spf_own ? SPF_UNALIGNED_OWN_OTHER_DOMAIN : SPF_UNALIGNED_OTHER_DOMAIN;
}

/* For an envelope of ours; the words that say nothing of a record are "unrecognised". */
static enum spf_cause spf_nonpass(enum result result)
{
	static const enum spf_cause causes[result_count] = {
		[RESULT_ABSENT] = SPF_UNRECOGNISED, [RESULT_NONE] = SPF_NONE,
		[RESULT_PASS] = SPF_ALIGNED,        [RESULT_FAIL] = SPF_FAIL,
		[RESULT_SOFTFAIL] = SPF_FAIL,       [RESULT_NEUTRAL] = SPF_NEUTRAL,
		[RESULT_TEMPERROR] = SPF_TEMPERROR, [RESULT_PERMERROR] = SPF_PERMERROR,
		[RESULT_POLICY] = SPF_POLICY,       [RESULT_OTHER] = SPF_UNRECOGNISED,
	};

	return causes[result];
}

enum spf_cause spf_cause_of(const struct findings *in)
{
	const struct facts *f = in->facts;

	if (!f->spf)
		return SPF_ABSENT;

	/* a HELO name counts for mail without a sender only, and only the reporter can tell */
	bool counts = !f->spf_helo || f->record->spf.value == RESULT_PASS;

	if (f->spf_pass && f->spf_aligned && counts)
		return SPF_ALIGNED;
	if (f->spf_helo_name || (f->spf_helo && f->spf_pass))
		return SPF_HELO_ONLY;
	if (f->spf_pass)
		return f->spf_related ? SPF_STRICT_MISMATCH : spf_unaligned_pass(in);

	enum spf_cause cause = spf_nonpass((enum result)f->spf->result.value);

	if (cause == SPF_TEMPERROR || cause == SPF_UNRECOGNISED || f->spf_related)
		return cause;
	return SPF_NONPASS_OTHER_DOMAIN;
}

/* --- DKIM -------------------------------------------------------------------------------------- */

/* The results of one organisation's signatures, as a set of enum result. */
static unsigned results_of(const struct facts *f, bool related)
{
	unsigned set = 0;

	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].related == related)
			set |= 1U << f->signatures[i].result->result.value;
	}
	return set;
}

static bool set_has(unsigned set, enum result result)
{
	return set >> result & 1;
}

static bool any_aligned_pass(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].pass && f->signatures[i].aligned)
			return true;
	}
	return false;
}

static bool key_is_named(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].related &&
		    remark_names_key(f->signatures[i].result->human_result))
			return true;
	}
	return false;
}

/* A permerror on another domain's signature too says that this receiver calls every failure so. */
static bool key_is_in_doubt(const struct findings *in, unsigned ours)
{
	bool permerror_alone = set_has(ours, RESULT_PERMERROR) && !set_has(ours, RESULT_FAIL);

	if (permerror_alone && in->route.path != PATH_INDIRECT &&
	    !set_has(results_of(in->facts, false), RESULT_PERMERROR))
		return true;
	return key_is_named(in->facts);
}

/* A mailbox provider signs again when it relays: its pass proves nothing about what it received. */
static bool service_signed(const struct findings *in)
{
	for (size_t i = 0; i < in->facts->signature_count; i++) {
		const struct signature *s = &in->facts->signatures[i];

		if (s->pass && attribution_covers(in->attribution, s->vendor) &&
		    sender_is_service(s->vendor))
			return true;
	}
	return false;
}

/* Signatures of ours are there, and none passes. */
static enum dkim_cause dkim_ours_broken(const struct findings *in, unsigned ours)
{
	if (key_is_in_doubt(in, ours))
		return DKIM_KEY_ERROR;
	if (set_has(ours, RESULT_FAIL) || set_has(ours, RESULT_PERMERROR)) {
		bool at_source = in->route.path == PATH_DIRECT || service_signed(in);

		return at_source ? DKIM_BROKEN_AT_SOURCE : DKIM_BROKEN_IN_TRANSIT;
	}
	if (set_has(ours, RESULT_TEMPERROR))
		return DKIM_TEMPERROR;
	if (set_has(ours, RESULT_POLICY) || set_has(ours, RESULT_NEUTRAL))
		return DKIM_NOT_ACCEPTED;
	return DKIM_UNRECOGNISED;
}

/* Only others signed. */
static enum dkim_cause dkim_of_others(const struct facts *f)
{
	bool passes = false, own = false, service = false, relay = false;

	for (size_t i = 0; i < f->signature_count; i++) {
		const struct signature *s = &f->signatures[i];

		if (!s->pass)
			continue;
		passes = true;
		own |= s->own;
		service |= s->vendor && !sender_is_transit(s->vendor);
		relay |= s->vendor && sender_is_transit(s->vendor);
	}
	if (own)
		return DKIM_UNALIGNED_OWN_OTHER_DOMAIN;
	if (service)
		return DKIM_UNALIGNED_ESP_SIGNATURE;
	if (relay)
		return DKIM_UNALIGNED_INTERMEDIARY;
	return passes ? DKIM_UNALIGNED_OTHER_DOMAIN : DKIM_NONPASS_OTHER_DOMAIN;
}

enum dkim_cause dkim_cause_of(const struct findings *in)
{
	const struct facts *f = in->facts;
	unsigned ours = results_of(f, true);

	if (f->signature_count == 0) {
		bool unreported =
			f->record->dkim.value == RESULT_PASS || f->signature_without_domain;

		return unreported ? DKIM_UNREPORTED : DKIM_MISSING;
	}
	if (any_aligned_pass(f))
		return DKIM_ALIGNED;
	if (set_has(ours, RESULT_PASS))
		return DKIM_STRICT_MISMATCH;
	return ours != 0 ? dkim_ours_broken(in, ours) : dkim_of_others(f);
}

/* How well a signature shows the cause; 0 not at all. */
static int shows(const struct signature *s, enum dkim_cause cause)
{
	enum result result = (enum result)s->result->result.value;
	bool failed = result == RESULT_FAIL || result == RESULT_PERMERROR;

	switch (cause) {
	case DKIM_UNREPORTED:
	case DKIM_MISSING:
		return 0;
	case DKIM_ALIGNED:
		return s->pass && s->aligned;
	case DKIM_STRICT_MISMATCH:
		return s->pass && s->related;
	case DKIM_KEY_ERROR:
	case DKIM_BROKEN_AT_SOURCE:
	case DKIM_BROKEN_IN_TRANSIT:
		return s->related ? 1 + failed : 0;
	case DKIM_TEMPERROR:
		return s->related ? 1 + (result == RESULT_TEMPERROR) : 0;
	case DKIM_NOT_ACCEPTED:
	case DKIM_UNRECOGNISED:
		return s->related;
	case DKIM_UNALIGNED_OWN_OTHER_DOMAIN:
		return s->pass && s->own;
	case DKIM_UNALIGNED_ESP_SIGNATURE:
		return s->pass && s->vendor && !sender_is_transit(s->vendor);
	case DKIM_UNALIGNED_OTHER_DOMAIN:
		return s->pass;
	case DKIM_UNALIGNED_INTERMEDIARY:
		return s->pass && s->vendor;
	case DKIM_NONPASS_OTHER_DOMAIN:
		return 1;
	}
	return 0;
}

const struct dkim_result *dkim_cause_signature(const struct findings *in, enum dkim_cause cause)
{
	const struct dkim_result *best = NULL;
	int most = 0;

	for (size_t i = 0; i < in->facts->signature_count; i++) {
		int how_well = shows(&in->facts->signatures[i], cause);

		if (how_well > most) {
			most = how_well;
			best = in->facts->signatures[i].result;
		}
	}
	return best;
}

struct slice dkim_other_signer(const struct findings *in)
{
	for (size_t i = 0; i < in->facts->signature_count; i++) {
		const struct signature *s = &in->facts->signatures[i];

		if (s->pass && !s->vendor && !s->related && !s->own)
			return s->result->domain;
	}
	return SLICE_ABSENT;
}

/* --- verdict ----------------------------------------------------------------------------------- */

static bool is_list(const struct sender *s)
{
	return s && s->kind == SENDER_LIST;
}

static bool came_by_list(const struct facts *f, const struct attribution *a)
{
	return facts_has_reason(f, REASON_MAILING_LIST) || is_list(a->last_hop) ||
		(f->spf_pass && is_list(f->spf_vendor));
}

/* Another domain of the owner's signed, whatever became of the signature of this one. */
static bool own_domain_signed(const struct facts *f)
{
	for (size_t i = 0; i < f->signature_count; i++) {
		if (f->signatures[i].pass && f->signatures[i].own)
			return true;
	}
	return false;
}

/* An account at a mailbox provider that nothing shows to be the owner's. */
static bool tenant_is_unknown(const struct findings *in)
{
	const struct facts *f = in->facts;
	const struct sender *service = in->attribution->service;

	return service && service->kind == SENDER_MAILBOX && !in->attribution->rule &&
		f->spf_pass && !f->spf_related && !f->spf_own && !in->tenant.known &&
		!own_domain_signed(f);
}

static bool sender_is_identified(const struct findings *in)
{
	const struct facts *f = in->facts;
	bool own_envelope = f->spf_pass && !f->spf_helo && f->spf_own;

	return in->attribution->service || own_envelope || own_domain_signed(f);
}

static bool is_own_server(const struct findings *in)
{
	const struct facts *f = in->facts;
	const struct sender *last_hop = in->attribution->last_hop;
	bool gateway = last_hop && last_hop->kind == SENDER_GATEWAY;

	if (f->host_is_ours || (gateway && f->spf_related && !f->spf_pass))
		return true;
	return f->spf_pass && f->spf_helo && f->spf_related && f->record->spf.value != RESULT_PASS;
}

static bool anything_passes(const struct facts *f)
{
	return f->spf_pass || facts_signature_passes(f, true) || facts_signature_passes(f, false);
}

/* Words that neither show nor refute a pass. */
static const unsigned says_nothing = 1U << RESULT_ABSENT | 1U << RESULT_OTHER;

/* May there be an aligned pass that the evidence does not show? */
static bool spf_pass_is_possible(const struct facts *f)
{
	return !f->spf || f->spf_helo ||
		(f->spf_related && set_has(says_nothing, (enum result)f->spf->result.value));
}

static bool dkim_pass_is_possible(unsigned ours)
{
	return (ours & ~says_nothing) == 0;
}

/* The evidence is too thin to say: not sent, or a look-up failed, or a pass is claimed beyond it. */
static bool evidence_is_thin(const struct facts *f)
{
	const struct record *r = f->record;
	unsigned ours = results_of(f, true);

	if (!f->spf && f->signature_count == 0)
		return true;
	if (f->spf && f->spf_related && f->spf->result.value == RESULT_TEMPERROR)
		return true;
	if (set_has(ours, RESULT_TEMPERROR))
		return true;
	return (r->spf.value == RESULT_PASS && spf_pass_is_possible(f)) ||
		(r->dkim.value == RESULT_PASS && dkim_pass_is_possible(ours));
}

/* Neither leg is aligned, and nobody passed it on. */
static enum verdict verdict_unaligned(const struct findings *in)
{
	if (tenant_is_unknown(in))
		return VERDICT_UNKNOWN_SENDER;
	if (sender_is_identified(in))
		return VERDICT_SENDER_NOT_AUTHENTICATED;
	if (is_own_server(in))
		return VERDICT_OWN_SERVER_NOT_AUTHORISED;
	if (anything_passes(in->facts))
		return VERDICT_UNKNOWN_SENDER;
	return evidence_is_thin(in->facts) ? VERDICT_UNDETERMINED : VERDICT_LIKELY_SPOOF;
}

enum verdict verdict_of(const struct findings *in, enum spf_cause spf, enum dkim_cause dkim)
{
	bool indirect = in->route.path == PATH_INDIRECT;

	if (spf == SPF_ALIGNED)
		return dkim == DKIM_ALIGNED ? VERDICT_ALIGNED_BOTH : VERDICT_ALIGNED_SPF_ONLY;
	if (dkim == DKIM_ALIGNED)
		return indirect ? VERDICT_FORWARDED_DKIM_SURVIVED : VERDICT_ALIGNED_DKIM_ONLY;
	if (spf == SPF_STRICT_MISMATCH || dkim == DKIM_STRICT_MISMATCH)
		return VERDICT_STRICT_MODE_MISALIGNMENT;
	if (came_by_list(in->facts, in->attribution))
		return VERDICT_MAILING_LIST;
	return indirect ? VERDICT_FORWARDED_BROKEN : verdict_unaligned(in);
}

/* --- severity ---------------------------------------------------------------------------------- */

/* Of a forwarded copy: what the owner can mend by signing at the source is a warning. */
static enum severity severity_forwarded(enum dkim_cause dkim)
{
	switch (dkim) {
	case DKIM_MISSING:
	case DKIM_UNALIGNED_OWN_OTHER_DOMAIN:
	case DKIM_UNALIGNED_ESP_SIGNATURE:
	case DKIM_UNALIGNED_INTERMEDIARY:
	case DKIM_UNALIGNED_OTHER_DOMAIN:
	case DKIM_NONPASS_OTHER_DOMAIN:
		return SEVERITY_WARN;
	case DKIM_UNREPORTED:
	case DKIM_ALIGNED:
	case DKIM_STRICT_MISMATCH:
	case DKIM_KEY_ERROR:
	case DKIM_BROKEN_AT_SOURCE:
	case DKIM_BROKEN_IN_TRANSIT:
	case DKIM_TEMPERROR:
	case DKIM_NOT_ACCEPTED:
	case DKIM_UNRECOGNISED:
		return SEVERITY_FAIL;
	}
	return SEVERITY_FAIL;
}

enum severity severity_of(enum verdict verdict, enum spf_cause spf, enum dkim_cause dkim)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
		return SEVERITY_OK;
	case VERDICT_ALIGNED_DKIM_ONLY:
		return spf == SPF_PERMERROR ? SEVERITY_WARN : SEVERITY_OK;
	case VERDICT_ALIGNED_SPF_ONLY:
		return SEVERITY_WARN;
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
		return severity_forwarded(dkim);
	case VERDICT_UNDETERMINED:
		return SEVERITY_NOTE;
	case VERDICT_LIKELY_SPOOF:
		return SEVERITY_INFO;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
		return SEVERITY_FAIL;
	}
	return SEVERITY_FAIL;
}
