/* SPDX-License-Identifier: MIT */
#include "reports/sentences.h"

#include "base/banned.h"

/* clang-format off */
static const char *const spf_sentences[spf_cause_count] = {
	[SPF_ABSENT] = "The reporter gave no SPF result",
	[SPF_ALIGNED] = "SPF passes for {spf-domain} and aligns",
	[SPF_HELO_ONLY] = "SPF was checked on the HELO name {spf-domain}: a bounce or an automatic reply",
	[SPF_STRICT_MISMATCH] = "SPF passes for {spf-domain}, but aspf=s wants {from} itself",
	[SPF_UNALIGNED_FORWARDER] = "SPF passes for {spf-domain}, the envelope of whoever forwarded it",
	[SPF_UNALIGNED_DEFAULT_MAILFROM] =
		"SPF passes for {spf-domain}, {spf-vendor}'s own envelope, so it never aligns",
	[SPF_UNALIGNED_OWN_OTHER_DOMAIN] = "SPF passes for {spf-domain}, another of your domains",
	[SPF_UNALIGNED_OTHER_DOMAIN] =
		"SPF passes for {spf-domain}, which has nothing to do with {from}",
	[SPF_TEMPERROR] = "The look-up of the SPF record of {spf-domain} failed",
	[SPF_NONPASS_OTHER_DOMAIN] =
		"SPF says {spf-result} for {spf-domain}, whose record is not yours",
	[SPF_FAIL] = "The SPF record of {spf-domain} does not list this address ({spf-result})",
	[SPF_NEUTRAL] = "The SPF record of {spf-domain} does not commit itself on this address",
	[SPF_NONE] = "{spf-domain} has no SPF record",
	[SPF_PERMERROR] = "The SPF record of {spf-domain} is broken",
	[SPF_POLICY] = "The receiver refused SPF for {spf-domain} by a rule of its own",
	[SPF_UNRECOGNISED] = "The reporter's word for SPF is unknown: {spf-result}",
};

static const char *const dkim_sentences[dkim_cause_count] = {
	[DKIM_UNREPORTED] = "The reporter does not say which signature it checked",
	[DKIM_MISSING] = "There is no DKIM signature",
	[DKIM_ALIGNED] = "DKIM passes for {signer} and aligns",
	[DKIM_STRICT_MISMATCH] = "DKIM passes for {signer}, but adkim=s wants {from} itself",
	[DKIM_KEY_ERROR] = "The key {selector}._domainkey.{signer} could not be used",
	[DKIM_BROKEN_AT_SOURCE] =
		"The signature of {signer} (selector {selector}) arrived broken by the direct route",
	[DKIM_BROKEN_IN_TRANSIT] =
		"The signature of {signer} (selector {selector}) was broken on the way",
	[DKIM_TEMPERROR] = "The look-up of the key {selector}._domainkey.{signer} failed",
	[DKIM_NOT_ACCEPTED] =
		"The receiver did not accept the signature of {signer} ({dkim-result})",
	[DKIM_UNRECOGNISED] = "The reporter's word for DKIM is unknown: {dkim-result}",
	[DKIM_UNALIGNED_OWN_OTHER_DOMAIN] = "DKIM passes for {signer}, another of your domains",
	[DKIM_UNALIGNED_ESP_SIGNATURE] =
		"DKIM passes for {signer} only, the service's own signature",
	[DKIM_UNALIGNED_INTERMEDIARY] = "Only {signer} signed, which passed the mail on",
	[DKIM_UNALIGNED_OTHER_DOMAIN] =
		"DKIM passes for {signer}, which has nothing to do with {from}",
	[DKIM_NONPASS_OTHER_DOMAIN] = "The signatures there are belong to others, and none passes",
};

static const char *const verdict_sentences[verdict_count] = {
	[VERDICT_ALIGNED_BOTH] = "SPF and DKIM both align",
	[VERDICT_FORWARDED_DKIM_SURVIVED] = "Forwarded, and the signature survived",
	[VERDICT_ALIGNED_DKIM_ONLY] = "DMARC passes on DKIM",
	[VERDICT_ALIGNED_SPF_ONLY] = "DMARC passes on SPF alone, so forwarded copies fail",
	[VERDICT_STRICT_MODE_MISALIGNMENT] = "Only the strict mode fails it: relaxed, it passes",
	[VERDICT_MAILING_LIST] = "Sent through a mailing list",
	[VERDICT_FORWARDED_BROKEN] = "Probably forwarded, and no aligned signature survived",
	[VERDICT_SENDER_NOT_AUTHENTICATED] =
		"Sent by {service}, which is not set up to send as {from}",
	[VERDICT_OWN_SERVER_NOT_AUTHORISED] =
		"Sent by a server that may be yours ({host}) and is not authorised",
	[VERDICT_UNKNOWN_SENDER] = "Sent by somebody who is not known to be yours",
	[VERDICT_UNDETERMINED] = "The report does not say enough to judge",
	[VERDICT_LIKELY_SPOOF] = "Nothing identifies this mail",
};

static const char broken_before[] =
	"The signature of {signer} (selector {selector}) was broken at its source: {service} signed "
	"too, and that signature passes";
static const char broken_at_source[] =
	"Sent by {service}, and the signature of {signer} was broken at its source";

static const char org_domain_differs[] =
	"Receivers of RFC 9989 look for the organisational domain in DNS, and this one found "
	"another than the public suffix list does. Publish a DMARC record at {org} (without "
	"psd=n below it), or sign with d={from}";

static const char *const flag_sentences[judge_flag_count] = {
	[JUDGE_FLAG_REPORTER_DISAGREES_SPF] =
		"The reporter's word on SPF and its own evidence differ: both are shown",
	[JUDGE_FLAG_REPORTER_DISAGREES_DKIM] =
		"The reporter's word on DKIM and its own evidence differ: both are shown",
	[JUDGE_FLAG_ORG_DOMAIN_DIFFERS] = org_domain_differs,
	[JUDGE_FLAG_APPLIED_WITHOUT_CAUSE] =
		"The receiver held back or refused mail that passed",
	[JUDGE_FLAG_POLICY_NOT_APPLIED] =
		"The receiver was milder than the published policy, and gave no reason",
	[JUDGE_FLAG_NULL_SENDER] = "A bounce or an automatic reply: its envelope has no sender",
	[JUDGE_FLAG_AUTH_RESULTS_MISSING] = "The reporter sent no evidence at all",
};
/* clang-format on */

const char *sentence_of_spf_cause(enum spf_cause cause)
{
	return spf_sentences[cause];
}

/* Somebody may have passed it on, and that is not what broke the signature: the service's own passes. */
static bool was_broken_before(const struct judgement *j)
{
	return j->path == PATH_INDIRECT && j->dkim_cause == DKIM_BROKEN_AT_SOURCE;
}

const char *sentence_of_dkim(const struct judgement *judgement)
{
	return was_broken_before(judgement) ? broken_before : dkim_sentences[judgement->dkim_cause];
}

const char *sentence_of_verdict(const struct judgement *judgement)
{
	bool other = judgement->verdict == VERDICT_FORWARDED_BROKEN && was_broken_before(judgement);

	return other ? broken_at_source : verdict_sentences[judgement->verdict];
}

const char *sentence_of_flag(enum judge_flag flag)
{
	return flag_sentences[flag];
}
