/* SPDX-License-Identifier: MIT */
#include "reports/remedy_spf.h"

#include "parser/domain.h"
#include "reports/remedy_shared.h"
#include "reports/sentences.h"

#include "base/banned.h"

struct slice remedy_note_for(const struct judgement *j)
{
	bool for_it = j->service && j->spf && j->spf->result.value == RESULT_PASS &&
		domain_is_under(j->spf_domain, j->service->note_for_suffix);

	return for_it ? j->service->note_for : SLICE_ABSENT;
}

/* Its records belong on the domain that SPF checks: of use only where that is the customer's. */
static bool needs_own_envelope(const struct sender *service)
{
	for (size_t i = 0; i < service->advice_count; i++) {
		const struct advice *advice = &service->advice[i];

		if (advice->leg == LEG_SPF && advice->kind == ADVICE_RECORD &&
		    slice_starts_with(advice->text, SLICE("{spf-domain}")))
			return true;
	}
	return false;
}

/* Without a word on plans and prices. */
static bool can_have_envelope(const struct sender *service)
{
	return service->spf_possible == SPF_POSSIBLE_YES ||
		service->spf_possible == SPF_POSSIBLE_RELAXED;
}

/* Services that fall back to an envelope of their own where the customer's is not in order. */
static bool may_fall_back(const struct writer *w)
{
	const struct judgement *j = w->judgement;

	return j->spf_cause == SPF_UNALIGNED_DEFAULT_MAILFROM && j->infrastructure && j->service &&
		can_have_envelope(j->service) &&
		domain_is_under(j->spf_domain, j->infrastructure->region_suffix);
}

static bool fell_back(const struct writer *w)
{
	return may_fall_back(w) && w->window && w->window->fallback == FALLBACK_SEEN;
}

static void mend_fallback(struct writer *w)
{
	writer_task(
		w, REMEDY_SPF,
		"Other mail of this account has the envelope {own-envelope}, and this fell back from "
		"it: the MX record of {own-envelope} is missing or wrong, or is not the only one, or "
		"the envelope was not set up in this Region. {infrastructure} tells nobody.");
}

static void note_fallback(struct writer *w)
{
	if (!may_fall_back(w) || (w->window && w->window->fallback != FALLBACK_UNTOLD))
		return;
	writer_note(w, REMEDY_SPF,
		    "If other mail of this kind has an envelope under {from}, the MX record of "
		    "that host is missing or wrong, or it was not set up in this Region: "
		    "{infrastructure} then falls back to {spf-domain} and tells nobody.");
}

static void note_relaxed_only(struct writer *w)
{
	writer_note(
		w, REMEDY_SPF,
		"aspf=s takes no envelope but {from} itself, and {service} uses a host below it: "
		"there is nothing to publish that aligns it. Rely on DKIM, or take aspf=s out of "
		"the DMARC record of {policy} and leave the rest of it as it is.");
}

static void spf_default_mailfrom(struct writer *w)
{
	const struct sender *service = w->judgement->service;

	if (!remedy_has_service_of_ours(w->judgement))
		return;
	if (fell_back(w)) {
		mend_fallback(w);
		return;
	}
	if (needs_own_envelope(service)) {
		writer_note(
			w, REMEDY_SPF,
			"The envelope {spf-domain} is not yours: no record on your domain aligns "
			"it. DKIM carries DMARC.");
		return;
	}
	if (!writer_can_align(w, service, LEG_SPF)) {
		note_relaxed_only(w);
		return;
	}
	writer_advice(w, service, LEG_SPF);
	writer_add(w, REMEDY_SPF, REMEDY_NOTE, service->spf_cost);
	note_fallback(w);
	w->task = true;
}

/* For the domain that was checked: it is the one whose record does not list the sender. */
static void spf_records_of_service(struct writer *w)
{
	const struct judgement *j = w->judgement;

	if (w->author.spf_strict && !slice_equal(j->spf_domain, w->author.from)) {
		note_relaxed_only(w);
		return;
	}
	if (j->spf_cause == SPF_NONE)
		writer_note(
			w, REMEDY_SPF,
			"Before the first SPF record of a domain, name every other sender in it: "
			"without one they are neutral, beside one they fail.");
	if (!writer_spf_records(w, j->service) && !writer_spf_records(w, j->infrastructure))
		writer_advice(w, j->service, LEG_SPF);
	writer_add(w, REMEDY_SPF, REMEDY_NOTE, j->service->spf_cost);
}

/* A forwarder is never to be listed, and an include of a mailbox provider lets all its tenants pass. */
static bool is_for_us_to_list(struct writer *w)
{
	const struct judgement *j = w->judgement;

	/* by its machine alone it may be the owner's */
	if (remedy_is_foreign_account(j) && j->confidence != CONFIDENCE_LOW) {
		writer_note(
			w, REMEDY_SPF,
			"Nothing to add to the SPF record of {spf-domain} for an account that is "
			"not known to be yours: every account of {service} would pass with it.");
		return false;
	}
	return j->path == PATH_DIRECT && j->service && j->infrastructure;
}

static void note_unknown_route(struct writer *w, const char *what)
{
	if (w->judgement->path == PATH_DIRECT && w->judgement->service)
		return;
	writer_note(w, REMEDY_SPF, what);
	if (judgement_has(w->judgement, JUDGE_FLAG_HOST_NOT_LOOKED_UP))
		writer_note(w, REMEDY_SPF,
			    "The name of {address} was never asked for, and may show it.");
}

static void spf_not_listed(struct writer *w)
{
	if (!is_for_us_to_list(w)) {
		note_unknown_route(
			w,
			"Nothing to add to the SPF record of {spf-domain} until it is known "
			"that the sender came straight: a forwarder looks the same.");
		return;
	}
	writer_task(w, REMEDY_SPF,
		    "Give {spf-domain} what {service} needs there; an SPF record ends in ~all.");
	spf_records_of_service(w);
}

static void spf_no_record(struct writer *w)
{
	if (!is_for_us_to_list(w)) {
		note_unknown_route(
			w,
			"If {spf-domain} is the envelope host of a service of yours, publish the "
			"record that the service asks for on it. If nobody knows the name, it is "
			"invented: np=reject or sp=reject answers that, not an SPF record.");
		return;
	}
	writer_task(w, REMEDY_SPF, "Publish what {service} needs on {spf-domain}.");
	spf_records_of_service(w);
}

static void spf_broken_record(struct writer *w)
{
	writer_task(w, REMEDY_SPF,
		    "Mend the SPF record of {spf-domain}: more than 10 look-ups, two records, a "
		    "mistake in it, or an include of a name without SPF. Drop includes that cannot "
		    "align, such as servers.mcsv.net, or amazonses.com on the From domain.");
}

static void spf_strict(struct writer *w)
{
	const struct sender *service = w->judgement->service;
	bool fixed = service && !writer_can_align(w, service, LEG_SPF);

	writer_task(
		w, REMEDY_SPF,
		fixed ? "{spf-domain} aligns in relaxed mode only: take aspf=s out of the DMARC "
			"record of {policy} and leave the rest of it as it is, or rely on DKIM."
		      : "{spf-domain} aligns in relaxed mode only: take aspf=s out of the DMARC "
			"record of {policy} and leave the rest of it as it is, make {from} itself "
			"the envelope if the sender allows it, or rely on DKIM.");
}

static void spf_own_domain(struct writer *w)
{
	writer_task(w, REMEDY_SPF,
		    "Set the envelope or sending domain to {from}, or rely on DKIM with d={from}.");
}

static bool is_named_by_envelope(const struct judgement *j)
{
	return j->rule && j->rule->kind == RULE_BY_MAILFROM;
}

/* It came straight from the service, with an envelope of one of its customers. */
static bool is_another_customers(const struct judgement *j)
{
	return j->path == PATH_DIRECT && remedy_has_service_of_ours(j);
}

static void spf_unlisted(struct writer *w)
{
	if (is_named_by_envelope(w->judgement)) {
		writer_task(
			w, REMEDY_SPF,
			"{spf-domain} is the envelope of {service}, by your rule: ask it for one "
			"under {org}. Its include in the SPF record of {from} would align nothing.");
		return;
	}
	if (is_another_customers(w->judgement)) {
		writer_note(
			w, REMEDY_SPF,
			"{spf-domain} is the envelope of another domain that sends with {service}: no "
			"record of yours aligns it. Set {from} up there, with an envelope under {org} "
			"if {service} offers one.");
		return;
	}
	writer_note(
		w, REMEDY_SPF,
		"{spf-domain} belongs to a service that is not in the catalogue, or to somebody "
		"else: find out which before anything is published.");
}

static void spf_forwarded(struct writer *w)
{
	writer_note(w, REMEDY_SPF,
		    "Nothing to add to SPF: this is somebody's copy. Aligned DKIM survives it. (A "
		    "domain of yours that ruamill was not told of looks the same.)");
}

static void spf_helo(struct writer *w)
{
	writer_note(
		w, REMEDY_SPF,
		"If {spf-domain} is a name of yours, an SPF record on it aligns such mail; if it is "
		"a vendor's, only DKIM helps.");
}

static void spf_lookup(struct writer *w)
{
	static const struct remedy_lookup_words words = {
		"From one reporter and in less than 1 % of its mail: leave it. From several, or on "
		"three days: look at the name servers of {spf-domain} and at DNSSEC.",
		"It fails with several reporters, or on three days or more: look at the name "
		"servers of {spf-domain} and at DNSSEC.",
		"One reporter so far, on one day or two: if it goes on, look at the name servers "
		"of {spf-domain} and at DNSSEC.",
	};

	remedy_answer_on_lookup(w, REMEDY_SPF, w->window ? &w->window->spf_lookup : NULL, &words);
}

static void spf_not_yours(struct writer *w)
{
	writer_note(
		w, REMEDY_SPF,
		"Nothing to change in SPF: it is a forward that kept the envelope, or a spoof.");
}

static void (*const spf_legs[spf_cause_count])(struct writer *) = {
	[SPF_ABSENT] = remedy_nothing,
	[SPF_ALIGNED] = remedy_nothing,
	[SPF_HELO_ONLY] = spf_helo,
	[SPF_STRICT_MISMATCH] = spf_strict,
	[SPF_UNALIGNED_FORWARDER] = spf_forwarded,
	[SPF_UNALIGNED_DEFAULT_MAILFROM] = spf_default_mailfrom,
	[SPF_UNALIGNED_OWN_OTHER_DOMAIN] = spf_own_domain,
	[SPF_UNALIGNED_OTHER_DOMAIN] = spf_unlisted,
	[SPF_TEMPERROR] = spf_lookup,
	[SPF_NONPASS_OTHER_DOMAIN] = spf_not_yours,
	[SPF_FAIL] = spf_not_listed,
	[SPF_NEUTRAL] = spf_not_listed,
	[SPF_NONE] = spf_no_record,
	[SPF_PERMERROR] = spf_broken_record,
	[SPF_POLICY] = remedy_nothing,
	[SPF_UNRECOGNISED] = remedy_nothing,
};

void remedy_spf_leg(struct writer *w)
{
	writer_note(w, REMEDY_SPF, sentence_of_spf_cause(w->judgement->spf_cause));
	spf_legs[w->judgement->spf_cause](w);
}

/* --- the second leg ---------------------------------------------------------------------------- */

static void second_leg_of(struct writer *w, const struct sender *service)
{
	bool can = can_have_envelope(service);

	if (fell_back(w)) {
		mend_fallback(w);
		return;
	}
	if (!slice_is_absent(service->spf_optional))
		writer_add(w, REMEDY_SPF, REMEDY_NOTE, service->spf_optional);
	else
		writer_note(
			w, REMEDY_SPF,
			can ? "Optional: DMARC passes without it, and would have a second leg with it."
			    : "Nothing to do: DMARC does not need it, and with {service} SPF does not "
			      "align, or only at a price.");
	if (!can || needs_own_envelope(service))
		return;
	if (!writer_can_align(w, service, LEG_SPF)) {
		note_relaxed_only(w);
		return;
	}
	writer_advice(w, service, LEG_SPF);
	note_fallback(w);
}

static void second_leg_not_listed(struct writer *w)
{
	writer_note(
		w, REMEDY_SPF,
		"DMARC passes without it. Either a route of your own is missing from SPF, or this "
		"is a recipient's gateway or forwarder: add only what you run.");
	/* who only forwards has no place in it, and nothing shows that the owner sends with it */
	if (w->window && !w->window->ours && remedy_is_foreign_account(w->judgement))
		return;
	if (is_for_us_to_list(w))
		spf_records_of_service(w);
}

static bool spf_passed_unseen(const struct writer *w)
{
	const struct spf_result *shown = w->judgement->spf;

	return w->subject->evidence->record->spf.value == RESULT_PASS &&
		w->judgement->spf_cause != SPF_ALIGNED &&
		!(shown && shown->result.value == RESULT_PASS);
}

void remedy_spf_second_leg(struct writer *w)
{
	const struct judgement *j = w->judgement;
	bool task = w->task;

	writer_note(w, REMEDY_SPF, sentence_of_spf_cause(j->spf_cause));
	if (spf_passed_unseen(w)) {
		remedy_note_unseen(w, REMEDY_SPF);
		return;
	}
	switch (j->spf_cause) {
	case SPF_UNALIGNED_DEFAULT_MAILFROM:
		if (j->service)
			second_leg_of(w, j->service);
		break;
	case SPF_FAIL:
	case SPF_NEUTRAL:
	case SPF_NONE:
		second_leg_not_listed(w);
		break;
	case SPF_PERMERROR:
		spf_broken_record(w);
		return;
	case SPF_STRICT_MISMATCH:
		writer_note(w, REMEDY_SPF, "Nothing has to be done: DMARC passes without it.");
		spf_strict(w);
		break;
	case SPF_ABSENT:
	case SPF_ALIGNED:
	case SPF_HELO_ONLY:
	case SPF_UNALIGNED_FORWARDER:
	case SPF_UNALIGNED_OWN_OTHER_DOMAIN:
	case SPF_UNALIGNED_OTHER_DOMAIN:
	case SPF_TEMPERROR:
	case SPF_NONPASS_OTHER_DOMAIN:
	case SPF_POLICY:
	case SPF_UNRECOGNISED:
		spf_legs[j->spf_cause](w);
		break;
	}
	/* DMARC passes: what the leg says is nobody's duty, but to keep the envelope that there is */
	w->task = task || fell_back(w);
}
