/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_model.h"

#include <string.h>

#include "base/banned.h"

static const struct model_vendor ses = { "amazon-ses", MODEL_SERVICE };
static const struct model_vendor kaizen = { "kaizen", MODEL_SERVICE };
static const struct model_vendor sendgrid = { "sendgrid", MODEL_SERVICE };
static const struct model_vendor workspace = { "google-workspace", MODEL_MAILBOX };
static const struct model_vendor gmail = { "gmail", MODEL_MAILBOX };
static const struct model_vendor microsoft = { "microsoft-365", MODEL_MAILBOX };
static const struct model_vendor outlook = { "outlook-com", MODEL_MAILBOX };
static const struct model_vendor proofpoint = { "proofpoint", MODEL_GATEWAY };
static const struct model_vendor cloudflare = { "cloudflare-email-routing", MODEL_FORWARDER };
static const struct model_vendor groups_io = { "groups-io", MODEL_LIST };

/* clang-format off */
const struct model_name model_names[] = {
	{ "example.com", "example.com", .spf = NULL },
	{ "news.example.com", "example.com", .spf = NULL },
	{ "a.news.example.com", "example.com", .spf = NULL },
	{ "example.org", "example.org", .spf = NULL },
	{ "mail.example.org", "example.org", .spf = NULL },
	{ "example.net", "example.net", .spf = NULL },
	{ "shop.co.uk", "shop.co.uk", .spf = NULL },
	{ "mail.shop.co.uk", "shop.co.uk", .spf = NULL },
	{ "co.uk", "co.uk", .spf = NULL },
	{ "amazonses.com.evil.test", "evil.test", .spf = NULL },
	{ "amazonses.com", "amazonses.com", .spf = &ses, .dkim = &ses },
	{ "eu-west-1.amazonses.com", "amazonses.com", .spf = &ses, .dkim = &ses },
	{ "mailie.kaizenep.com", "kaizenep.com", .spf = &kaizen, .dkim = &kaizen },
	{ "sendgrid.net", "sendgrid.net", .spf = &sendgrid, .dkim = &sendgrid },
	{ "gmail.com", "gmail.com", .spf = &gmail, .dkim = &gmail, .consumer = true },
	{ "fabrikam.onmicrosoft.com", "onmicrosoft.com", .spf = &microsoft, .dkim = &microsoft,
	  .tenant = true },
	{ "contoso.onmicrosoft.com", "onmicrosoft.com", .spf = &microsoft, .dkim = &microsoft,
	  .tenant = true },
	{ "example-com.20230601.gappssmtp.com", "gappssmtp.com", .dkim = &workspace, .tenant = true,
	  .tenant_of = "example.com" },
	{ "nam04.outbound.protection.outlook.com", "outlook.com", .spf = &microsoft, .dkim = &outlook,
	  .helo = true },
	{ "mx1.pphosted.com", "pphosted.com", .spf = &proofpoint, .dkim = &proofpoint },
	{ "cloudflare-email.net", "cloudflare-email.net", .spf = &cloudflare, .dkim = &cloudflare },
	{ "groups.io", "groups.io", .spf = &groups_io, .dkim = &groups_io },
};
/* clang-format on */

const size_t model_name_count = COUNT_OF(model_names);

/* A record with what its words mean. D, H, rel(), al(), own() as the rules have them. */
struct scene {
	const struct model_record *r;
	const struct model_source *source;
	const struct model_spf *d; /* the SPF element used; NULL none */
	bool d_pass, d_rel, d_al, d_own, d_helo;
	bool rewritten; /* path (1a) */
	enum path path;
};

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool below(const char *name, const char *parent)
{
	size_t n = strlen(name), m = strlen(parent);

	return n > m && name[n - m - 1] == '.' && strcmp(name + n - m, parent) == 0;
}

static bool at_or_below(const char *name, const char *parent)
{
	return same(name, parent) || below(name, parent);
}

static bool walked(const struct model_record *r)
{
	return r->treewalk && below(r->from->text, r->policy_domain);
}

/*
 * The organisation of From. The walk ends at the policy's domain, or one label below it where that is
 * a suffix under which others register: there our From domains end as the list has them.
 */
static const char *organisation_of_from(const struct model_record *r)
{
	bool suffix = same(r->policy_domain, "com") || same(r->policy_domain, "co.uk");

	return walked(r) && !suffix ? r->policy_domain : r->from->organisation;
}

static bool rel(const struct model_record *r, const struct model_name *x)
{
	if (!r->from || !x)
		return false;
	if (walked(r))
		return at_or_below(x->text, organisation_of_from(r));
	return same(x->organisation, r->from->organisation);
}

static bool al(const struct model_record *r, const struct model_name *x, bool strict)
{
	return rel(r, x) && (!strict || same(x->text, r->from->text));
}

static bool own(const struct model_record *r, const struct model_name *x)
{
	return x && r->owned && !rel(r, x) && at_or_below(x->text, r->owned);
}

/* --- the elements ------------------------------------------------------------------------------ */

static bool is_helo(const struct model_spf *s)
{
	return s->scope == SCOPE_HELO || s->name->helo;
}

static const struct model_spf *spf_used(const struct model_record *r)
{
	const struct model_spf *first_al = NULL, *first_rel = NULL, *first_pass = NULL;
	const struct model_spf *first = NULL, *helo = NULL;

	for (size_t i = r->spf_count; i-- > 0;) { /* backwards: the last seen is the first there */
		const struct model_spf *s = &r->spf[i];
		bool pass = s->result == RESULT_PASS;

		if (!s->name)
			continue;
		if (is_helo(s)) {
			helo = s;
			continue;
		}
		first = s;
		if (pass)
			first_pass = s;
		if (pass && rel(r, s->name))
			first_rel = s;
		if (pass && al(r, s->name, r->spf_strict))
			first_al = s;
	}
	return first_al      ? first_al
		: first_rel  ? first_rel
		: first_pass ? first_pass
		: first      ? first
			     : helo;
}

static bool usable(const struct model_dkim *s)
{
	return s->name && s->result != RESULT_NONE;
}

/* How many usable signatures, of ours or of others, have the result. */
static size_t signatures(const struct model_record *r, bool ours, enum result result)
{
	size_t n = 0;

	for (size_t i = 0; i < r->dkim_count; i++)
		n += usable(&r->dkim[i]) && rel(r, r->dkim[i].name) == ours &&
			r->dkim[i].result == result;
	return n;
}

static size_t signatures_of_all(const struct model_record *r, bool ours)
{
	size_t n = 0;

	for (int result = 0; result < result_count; result++)
		n += signatures(r, ours, (enum result)result);
	return n;
}

static bool relays(enum model_kind kind)
{
	return kind == MODEL_FORWARDER || kind == MODEL_LIST;
}

static enum model_kind kind_of(const struct model_vendor *vendor)
{
	return vendor ? vendor->kind : MODEL_NOBODY;
}

static bool relay_signed(const struct model_record *r)
{
	for (size_t i = 0; i < r->dkim_count; i++) {
		if (usable(&r->dkim[i]) && r->dkim[i].result == RESULT_PASS &&
		    relays(kind_of(r->dkim[i].name->dkim)))
			return true;
	}
	return false;
}

static bool own_signed(const struct model_record *r)
{
	for (size_t i = 0; i < r->dkim_count; i++) {
		if (r->dkim[i].result == RESULT_PASS && own(r, r->dkim[i].name))
			return true;
	}
	return false;
}

static bool tenant_signed(const struct model_record *r)
{
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *s = &r->dkim[i];

		if (s->name && s->name->tenant && s->result == RESULT_PASS)
			return true;
	}
	return false;
}

static bool tenant_known(const struct model_record *r)
{
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *s = &r->dkim[i];

		if (!s->name || !s->name->tenant || s->result != RESULT_PASS)
			continue;
		if (own(r, s->name))
			return true;
		if (!s->name->tenant_of || !r->from)
			continue;
		if (same(s->name->tenant_of, r->owned) ||
		    same(s->name->tenant_of, organisation_of_from(r)))
			return true;
	}
	return false;
}

static bool has_reason(const struct model_record *r, enum reason type)
{
	for (size_t i = 0; i < r->reason_count; i++) {
		if (r->reasons[i].type == type)
			return true;
	}
	return false;
}

static bool says(const char *comment, const char *word)
{
	return comment && strstr(comment, word);
}

static bool forwarding_stated(const struct model_record *r)
{
	return has_reason(r, REASON_FORWARDED) || has_reason(r, REASON_TRUSTED_FORWARDER) ||
		has_reason(r, REASON_MAILING_LIST);
}

/* --- path -------------------------------------------------------------------------------------- */

/* Kaizen is the one in this world that runs on another's machines. */
static bool of_service(const struct scene *s, const char *id)
{
	return same(id, s->source->service) || same(id, s->source->infrastructure) ||
		(same(s->source->service, kaizen.id) && same(id, ses.id));
}

static const char *d_vendor(const struct scene *s)
{
	return s->d && s->d->name->spf ? s->d->name->spf->id : NULL;
}

static enum model_kind d_kind(const struct scene *s)
{
	return s->d ? kind_of(s->d->name->spf) : MODEL_NOBODY;
}

static bool passes_on(enum model_kind kind)
{
	return kind == MODEL_MAILBOX || kind == MODEL_GATEWAY;
}

static bool envelope_passes(const struct scene *s)
{
	return s->d_pass && !s->d_helo;
}

static bool path_1a(const struct scene *s)
{
	return envelope_passes(s) && !s->d_rel && !s->d_own &&
		(!d_vendor(s) || s->d->name->consumer) &&
		(passes_on(s->source->last_hop_kind) || tenant_signed(s->r)) &&
		signatures_of_all(s->r, true) > 0;
}

/* Microsoft's two, Google's two and Cloudflare's two have one name for their machines. */
static bool share_machines(const char *a, const char *b)
{
	static const char *const pairs[][2] = {
		{ "microsoft-365", "outlook-com" },
		{ "google-workspace", "gmail" },
		{ "cloudflare-email-routing", "cloudflare-email-sending" },
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		if ((same(a, pairs[i][0]) && same(b, pairs[i][1])) ||
		    (same(a, pairs[i][1]) && same(b, pairs[i][0])))
			return true;
	}
	return same(a, b);
}

static bool broken_signature(const struct model_record *r)
{
	return signatures_of_all(r, true) > 0 && signatures(r, true, RESULT_PASS) == 0;
}

static bool host_under(const struct model_record *r, const char *domain)
{
	return r->host_state == HOST_CONFIRMED && domain && at_or_below(r->host, domain);
}

static bool host_under_from(const struct model_record *r)
{
	if (!r->from || same(r->from->text, "co.uk"))
		return false;
	return host_under(r, organisation_of_from(r));
}

static bool arc_passed(const struct model_record *r)
{
	for (size_t i = 0; i < r->reason_count; i++) {
		if (says(r->reasons[i].comment, "arc=pass"))
			return true;
	}
	return false;
}

static bool spf_conclusive(const struct scene *s)
{
	enum result result = s->d ? s->d->result : RESULT_ABSENT;

	return result == RESULT_FAIL || result == RESULT_SOFTFAIL || result == RESULT_NEUTRAL ||
		result == RESULT_NONE || result == RESULT_PERMERROR || result == RESULT_POLICY;
}

static bool last_hop_is_another(const struct scene *s)
{
	const struct model_source *a = s->source;

	return a->service && a->proven && a->last_hop && !of_service(s, a->last_hop) &&
		!share_machines(a->service, a->last_hop);
}

static bool kept_by_a_forwarder(const struct scene *s)
{
	return s->r->host_state != HOST_NOT_LOOKED_UP && of_service(s, d_vendor(s)) && !s->d_pass &&
		s->source->proven && !of_service(s, s->source->last_hop);
}

static enum path path_of(const struct scene *s, enum spf_cause spf)
{
	const struct model_record *r = s->r;

	if (spf == SPF_ALIGNED || spf == SPF_STRICT_MISMATCH)
		return PATH_DIRECT;
	if (s->rewritten)
		return PATH_INDIRECT;
	if (envelope_passes(s) && of_service(s, d_vendor(s)))
		return PATH_DIRECT;
	if (relays(s->source->last_hop_kind) || (s->d_pass && relays(d_kind(s))))
		return PATH_INDIRECT;
	if (forwarding_stated(r) || arc_passed(r))
		return PATH_INDIRECT;
	if (last_hop_is_another(s) || kept_by_a_forwarder(s))
		return PATH_INDIRECT;
	if (passes_on(s->source->last_hop_kind) && !s->d_pass && broken_signature(r))
		return PATH_INDIRECT;
	if (of_service(s, s->source->last_hop) || host_under_from(r))
		return PATH_DIRECT;
	return broken_signature(r) && spf_conclusive(s) ? PATH_INDIRECT : PATH_UNKNOWN;
}

/* --- causes ------------------------------------------------------------------------------------ */

static enum spf_cause spf_passing(const struct scene *s)
{
	const struct model_record *r = s->r;
	bool forwarded = relays(d_kind(s)) || relays(s->source->last_hop_kind) || relay_signed(r) ||
		forwarding_stated(r) || s->rewritten;

	if (s->d_rel)
		return SPF_STRICT_MISMATCH;
	if (d_kind(s) != MODEL_SERVICE && forwarded)
		return SPF_UNALIGNED_FORWARDER;
	if (d_vendor(s))
		return SPF_UNALIGNED_DEFAULT_MAILFROM;
	return s->d_own ? SPF_UNALIGNED_OWN_OTHER_DOMAIN : SPF_UNALIGNED_OTHER_DOMAIN;
}

static enum spf_cause spf_of(const struct scene *s)
{
	if (!s->d)
		return SPF_ABSENT;
	if (s->d_pass && s->d_al && (!s->d_helo || s->r->claimed_spf == RESULT_PASS))
		return SPF_ALIGNED;
	if (s->d->name->helo || (s->d_helo && s->d_pass))
		return SPF_HELO_ONLY;
	if (s->d_pass)
		return spf_passing(s);
	switch (s->d->result) {
	case RESULT_TEMPERROR:
		return SPF_TEMPERROR;
	case RESULT_ABSENT:
	case RESULT_OTHER:
		return SPF_UNRECOGNISED;
	case RESULT_FAIL:
	case RESULT_SOFTFAIL:
		return s->d_rel ? SPF_FAIL : SPF_NONPASS_OTHER_DOMAIN;
	case RESULT_NEUTRAL:
		return s->d_rel ? SPF_NEUTRAL : SPF_NONPASS_OTHER_DOMAIN;
	case RESULT_NONE:
		return s->d_rel ? SPF_NONE : SPF_NONPASS_OTHER_DOMAIN;
	case RESULT_PERMERROR:
		return s->d_rel ? SPF_PERMERROR : SPF_NONPASS_OTHER_DOMAIN;
	case RESULT_POLICY:
		return s->d_rel ? SPF_POLICY : SPF_NONPASS_OTHER_DOMAIN;
	case RESULT_PASS:
		break;
	}
	return SPF_ABSENT;
}

static bool blames_key(const struct model_record *r)
{
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *s = &r->dkim[i];

		if (usable(s) && rel(r, s->name) &&
		    (says(s->human, "no key") || says(s->human, "not available") ||
		     says(s->human, "revoked")))
			return true;
	}
	return false;
}

static bool service_signed(const struct scene *s)
{
	for (size_t i = 0; i < s->r->dkim_count; i++) {
		const struct model_dkim *sig = &s->r->dkim[i];

		if (usable(sig) && sig->result == RESULT_PASS &&
		    kind_of(sig->name->dkim) == MODEL_SERVICE && of_service(s, sig->name->dkim->id))
			return true;
	}
	return false;
}

static enum dkim_cause dkim_ours(const struct scene *s)
{
	const struct model_record *r = s->r;
	bool fail = signatures(r, true, RESULT_FAIL) > 0;
	bool permerror = signatures(r, true, RESULT_PERMERROR) > 0;

	if (permerror && !fail && s->path != PATH_INDIRECT &&
	    signatures(r, false, RESULT_PERMERROR) == 0)
		return DKIM_KEY_ERROR;
	if (blames_key(r))
		return DKIM_KEY_ERROR;
	if (fail || permerror)
		return s->path == PATH_DIRECT || service_signed(s) ? DKIM_BROKEN_AT_SOURCE
								   : DKIM_BROKEN_IN_TRANSIT;
	if (signatures(r, true, RESULT_TEMPERROR) > 0)
		return DKIM_TEMPERROR;
	if (signatures(r, true, RESULT_POLICY) + signatures(r, true, RESULT_NEUTRAL) > 0)
		return DKIM_NOT_ACCEPTED;
	return DKIM_UNRECOGNISED;
}

static enum dkim_cause dkim_others(const struct model_record *r)
{
	bool vendor = false, transit = false;

	if (own_signed(r))
		return DKIM_UNALIGNED_OWN_OTHER_DOMAIN;
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *s = &r->dkim[i];

		if (!usable(s) || s->result != RESULT_PASS || !s->name->dkim)
			continue;
		if (relays(s->name->dkim->kind) || s->name->dkim->kind == MODEL_GATEWAY)
			transit = true;
		else
			vendor = true;
	}
	if (vendor)
		return DKIM_UNALIGNED_ESP_SIGNATURE;
	if (transit)
		return DKIM_UNALIGNED_INTERMEDIARY;
	return signatures(r, false, RESULT_PASS) > 0 ? DKIM_UNALIGNED_OTHER_DOMAIN
						     : DKIM_NONPASS_OTHER_DOMAIN;
}

static enum dkim_cause dkim_of(const struct scene *s)
{
	const struct model_record *r = s->r;
	bool nameless = false, aligned = false;

	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *sig = &r->dkim[i];

		nameless |=
			!sig->name && sig->result != RESULT_NONE && sig->result != RESULT_ABSENT;
		aligned |= sig->result == RESULT_PASS && al(r, sig->name, r->dkim_strict);
	}
	if (signatures_of_all(r, true) + signatures_of_all(r, false) == 0)
		return r->claimed_dkim == RESULT_PASS || nameless ? DKIM_UNREPORTED : DKIM_MISSING;
	if (aligned)
		return DKIM_ALIGNED;
	if (signatures(r, true, RESULT_PASS) > 0)
		return DKIM_STRICT_MISMATCH;
	return signatures_of_all(r, true) > 0 ? dkim_ours(s) : dkim_others(r);
}

/* --- verdict ----------------------------------------------------------------------------------- */

static bool own_server(const struct scene *s)
{
	const struct model_record *r = s->r;

	if (host_under_from(r) || host_under(r, r->owned))
		return true;
	if (s->source->last_hop_kind == MODEL_GATEWAY && s->d_rel && !s->d_pass)
		return true;
	return s->d_pass && s->d_helo && s->d_rel && r->claimed_spf != RESULT_PASS;
}

/* A pass is claimed: does the evidence leave room for one? */
static bool open_claim(const struct scene *s)
{
	const struct model_record *r = s->r;
	size_t telling = signatures_of_all(r, true) - signatures(r, true, RESULT_OTHER) -
		signatures(r, true, RESULT_ABSENT);
	bool spf_open = !s->d || s->d_helo ||
		(s->d_rel && (s->d->result == RESULT_OTHER || s->d->result == RESULT_ABSENT));

	return (r->claimed_spf == RESULT_PASS && spf_open) ||
		(r->claimed_dkim == RESULT_PASS && telling == 0);
}

static enum verdict verdict_unaligned(const struct scene *s)
{
	const struct model_record *r = s->r;
	size_t listed = signatures_of_all(r, true) + signatures_of_all(r, false);

	if (s->source->service_kind == MODEL_MAILBOX && s->d_pass && !s->d_rel && !s->d_own &&
	    !tenant_known(r) && !own_signed(r))
		return VERDICT_UNKNOWN_SENDER;
	if (s->source->service || own_signed(r) || (envelope_passes(s) && s->d_own))
		return VERDICT_SENDER_NOT_AUTHENTICATED;
	if (own_server(s))
		return VERDICT_OWN_SERVER_NOT_AUTHORISED;
	if (s->d_pass || signatures(r, true, RESULT_PASS) + signatures(r, false, RESULT_PASS) > 0)
		return VERDICT_UNKNOWN_SENDER;
	if ((!s->d && listed == 0) || open_claim(s))
		return VERDICT_UNDETERMINED;
	if ((s->d_rel && s->d->result == RESULT_TEMPERROR) ||
	    signatures(r, true, RESULT_TEMPERROR) > 0)
		return VERDICT_UNDETERMINED;
	return VERDICT_LIKELY_SPOOF;
}

static enum verdict verdict_of(const struct scene *s, enum spf_cause spf, enum dkim_cause dkim)
{
	bool indirect = s->path == PATH_INDIRECT;
	bool list = has_reason(s->r, REASON_MAILING_LIST) ||
		s->source->last_hop_kind == MODEL_LIST || (s->d_pass && d_kind(s) == MODEL_LIST);

	if (spf == SPF_ALIGNED && dkim == DKIM_ALIGNED)
		return VERDICT_ALIGNED_BOTH;
	if (dkim == DKIM_ALIGNED && indirect)
		return VERDICT_FORWARDED_DKIM_SURVIVED;
	if (dkim == DKIM_ALIGNED)
		return VERDICT_ALIGNED_DKIM_ONLY;
	if (spf == SPF_ALIGNED)
		return VERDICT_ALIGNED_SPF_ONLY;
	if (spf == SPF_STRICT_MISMATCH || dkim == DKIM_STRICT_MISMATCH)
		return VERDICT_STRICT_MODE_MISALIGNMENT;
	if (list)
		return VERDICT_MAILING_LIST;
	return indirect ? VERDICT_FORWARDED_BROKEN : verdict_unaligned(s);
}

static enum severity severity_of_verdict(const struct model_answer *a)
{
	bool signing_mends = a->dkim == DKIM_MISSING || a->dkim >= DKIM_UNALIGNED_OWN_OTHER_DOMAIN;

	switch (a->verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
		return SEVERITY_OK;
	case VERDICT_ALIGNED_DKIM_ONLY:
		return a->spf == SPF_PERMERROR ? SEVERITY_WARN : SEVERITY_OK;
	case VERDICT_ALIGNED_SPF_ONLY:
		return SEVERITY_WARN;
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
		return signing_mends ? SEVERITY_WARN : SEVERITY_FAIL;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
		return SEVERITY_FAIL;
	case VERDICT_UNDETERMINED:
		return SEVERITY_NOTE;
	case VERDICT_LIKELY_SPOOF:
		return SEVERITY_INFO;
	}
	return SEVERITY_FAIL;
}

/* --- reporter against computation --------------------------------------------------------------- */

static enum agreement grade(enum result claim, bool aligned, bool copied)
{
	if (claim == RESULT_ABSENT)
		return AGREEMENT_NONE;
	if (claim == RESULT_PASS && !aligned)
		return copied ? AGREEMENT_CONTRADICTS : AGREEMENT_UNSUPPORTED;
	if (claim != RESULT_PASS && aligned)
		return AGREEMENT_CONTRADICTS;
	return AGREEMENT_AGREES;
}

static bool leg_counts(enum agreement grade_of_leg, bool aligned)
{
	if (grade_of_leg == AGREEMENT_UNSUPPORTED)
		return true;
	return aligned && grade_of_leg != AGREEMENT_CONTRADICTS;
}

/* Some SPF pass that does not align is listed: it is what the claim was copied from. */
static bool unaligned_spf_pass(const struct model_record *r)
{
	for (size_t i = 0; i < r->spf_count; i++) {
		if (r->spf[i].name && r->spf[i].result == RESULT_PASS &&
		    !al(r, r->spf[i].name, r->spf_strict))
			return true;
	}
	return false;
}

static void judge_claims(const struct scene *s, struct model_answer *a)
{
	bool spf = a->spf == SPF_ALIGNED, dkim = a->dkim == DKIM_ALIGNED;

	a->dkim_grade = grade(s->r->claimed_dkim, dkim, false);
	a->spf_grade = grade(s->r->claimed_spf, spf, unaligned_spf_pass(s->r));
	a->dmarc = spf || dkim;
	a->outcome = leg_counts(a->spf_grade, spf) || leg_counts(a->dkim_grade, dkim);
	a->severity = severity_of_verdict(a);
	if (!a->dmarc && a->outcome)
		a->severity = SEVERITY_NOTE;
	if (a->dmarc && !a->outcome && s->r->disposition == DISPOSITION_REJECT)
		a->severity = SEVERITY_FAIL;
}

/* --- flags ------------------------------------------------------------------------------------- */

static bool overrides(const struct model_reason *reason)
{
	const char *comment = reason->comment;

	if (reason->type != REASON_LOCAL_POLICY && reason->type != REASON_ABSENT)
		return true;
	if (says(comment, "arc=pass"))
		return true;
	return comment && *comment && !says(comment, "arc=fail") && !says(comment, "arc=none");
}

static bool overridden(const struct model_record *r)
{
	for (size_t i = 0; i < r->reason_count; i++) {
		if (overrides(&r->reasons[i]))
			return true;
	}
	return false;
}

static bool denies(enum result claim)
{
	return claim != RESULT_ABSENT && claim != RESULT_PASS;
}

/* Nothing that aligns lies at From or below it. */
static bool boundary_matters(const struct scene *s, const struct model_answer *a)
{
	const struct model_record *r = s->r;
	bool at_from = false;

	if (a->spf == SPF_ALIGNED && denies(r->claimed_spf) &&
	    !at_or_below(s->d->name->text, r->from->text))
		return true;
	if (a->dkim != DKIM_ALIGNED || !denies(r->claimed_dkim))
		return false;
	for (size_t i = 0; i < r->dkim_count; i++) {
		const struct model_dkim *sig = &r->dkim[i];

		at_from |= sig->result == RESULT_PASS && al(r, sig->name, r->dkim_strict) &&
			at_or_below(sig->name->text, r->from->text);
	}
	return !at_from;
}

/* 0 none, 1 quarantine, 2 reject; -1 cannot be told. */
static int level(enum policy policy)
{
	return policy == POLICY_OTHER         ? -1
		: policy == POLICY_REJECT     ? 2
		: policy == POLICY_QUARANTINE ? 1
					      : 0;
}

static bool milder_than_asked(const struct model_record *r)
{
	bool at_policy = r->from && same(r->from->text, r->policy_domain);
	int asked = level(at_policy || r->sp == POLICY_ABSENT ? r->p : r->sp);
	int got = r->disposition == DISPOSITION_REJECT     ? 2
		: r->disposition == DISPOSITION_QUARANTINE ? 1
							   : 0;

	if (r->disposition == DISPOSITION_ABSENT || r->disposition == DISPOSITION_OTHER)
		return false;
	if (!at_policy && r->np != POLICY_ABSENT && level(r->np) < asked)
		asked = level(r->np);
	if (r->testing)
		asked--;
	if (r->pct >= 0 && r->pct < 100)
		asked--;
	return got < asked;
}

static uint32_t flag_if(bool raised, enum judge_flag flag)
{
	return raised ? UINT32_C(1) << flag : 0;
}

static bool disagrees(enum agreement g)
{
	return g == AGREEMENT_UNSUPPORTED || g == AGREEMENT_CONTRADICTS;
}

static uint32_t flags_of(const struct scene *s, const struct model_answer *a)
{
	const struct model_record *r = s->r;
	bool applied =
		r->disposition == DISPOSITION_QUARANTINE || r->disposition == DISPOSITION_REJECT;
	bool passed = a->dmarc || r->claimed_spf == RESULT_PASS || r->claimed_dkim == RESULT_PASS;
	bool reported_fail = denies(r->claimed_spf) && denies(r->claimed_dkim);
	bool null_sender = s->d_helo || same(r->envelope_from, "") || same(r->envelope_from, "<>");

	return flag_if(r->host_state == HOST_NOT_LOOKED_UP, JUDGE_FLAG_HOST_NOT_LOOKED_UP) |
		flag_if(overridden(r), JUDGE_FLAG_OVERRIDE) |
		flag_if(disagrees(a->spf_grade), JUDGE_FLAG_REPORTER_DISAGREES_SPF) |
		flag_if(disagrees(a->dkim_grade), JUDGE_FLAG_REPORTER_DISAGREES_DKIM) |
		flag_if(boundary_matters(s, a), JUDGE_FLAG_ORG_DOMAIN_DIFFERS) |
		flag_if(applied && passed, JUDGE_FLAG_APPLIED_WITHOUT_CAUSE) |
		flag_if(reported_fail && !overridden(r) && milder_than_asked(r),
			JUDGE_FLAG_POLICY_NOT_APPLIED) |
		flag_if(null_sender, JUDGE_FLAG_NULL_SENDER) |
		flag_if(r->spf_count + r->dkim_count == 0, JUDGE_FLAG_AUTH_RESULTS_MISSING);
}

struct model_answer model_judge(const struct model_record *r, const struct model_source *source)
{
	struct scene s = { .r = r, .source = source, .d = spf_used(r) };
	struct model_answer a = { .path = PATH_UNKNOWN };

	s.d_pass = s.d && s.d->result == RESULT_PASS;
	s.d_rel = s.d && rel(r, s.d->name);
	s.d_al = s.d && al(r, s.d->name, r->spf_strict);
	s.d_own = s.d && own(r, s.d->name);
	s.d_helo = s.d && is_helo(s.d);
	s.rewritten = path_1a(&s);
	a.spf = spf_of(&s);
	a.path = s.path = path_of(&s, a.spf);
	a.dkim = dkim_of(&s);
	a.verdict = verdict_of(&s, a.spf, a.dkim);
	judge_claims(&s, &a);
	a.flags = flags_of(&s, &a);
	return a;
}
