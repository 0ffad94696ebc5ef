/* SPDX-License-Identifier: MIT */
#include "reports/remedy_legs.h"

#include "parser/domain.h"
#include "reports/sentences.h"

#include "base/banned.h"

#define SAME_KEY_ELSEWHERE                                                                            \
	"If {selector}._domainkey.{signer} passes anywhere in the same week, the key is right, this " \
	"copy was changed (or one receiver's filter did it), and there is nothing to publish."

/* --- whom to advise on ------------------------------------------------------------------------- */

/*
 * A mailbox provider signs for all its tenants: until one is known to be the owner's, advising him
 * to set DKIM up there would be advising somebody else.
 */
static bool is_foreign_account(const struct judgement *j)
{
	return j->service && j->service->kind == SENDER_MAILBOX && j->spf_cause != SPF_ALIGNED &&
		!j->tenant_known && !j->rule;
}

static void advise_dkim(struct writer *w)
{
	const struct judgement *j = w->judgement;

	if (j->other_signer.n > 0)
		writer_task(
			w, REMEDY_DKIM,
			"The {service} account that sent this is authenticated for {other-signer}, "
			"not for {from}: add {from} there.");
	if (writer_can_align(w, j->service, LEG_DKIM))
		writer_advice(w, j->service, LEG_DKIM);
	else
		writer_note(
			w, REMEDY_DKIM,
			"{service} signs with a name below {from}, which adkim=s does not take: send "
			"with that name in From, or take adkim=s out of the DMARC record of {policy} "
			"and leave the rest of it as it is.");
	w->task = true;
}

/* For whom is advice on the service of use? */
static bool has_service_of_ours(const struct judgement *j)
{
	return j->service && !is_foreign_account(j);
}

/* --- DKIM -------------------------------------------------------------------------------------- */

static void foreign_account(struct writer *w)
{
	writer_note(
		w, REMEDY_DKIM,
		"{service} signs for every account it hosts, and this one ({tenant}) is not known "
		"to be yours: publish nothing for it. If it is yours, add it to your domains.");
}

static bool signs_elsewhere(struct writer *w)
{
	switch (w->window ? w->window->signing : UNSIGNED_UNTOLD) {
	case UNSIGNED_NOT_LISTED:
		writer_note(
			w, REMEDY_DKIM,
			"Others show mail of {service} for {from} signed: this reporter lists no "
			"signatures. Nothing to turn on.");
		return true;
	case UNSIGNED_PARTLY:
		writer_task(
			w, REMEDY_DKIM,
			"Other mail of {service} for {from} is signed, so the records are right: find "
			"what is sent without (another account, product or Region) and turn signing "
			"on there.");
		return true;
	case UNSIGNED_UNTOLD:
		break;
	}
	return false;
}

static void turn_on_signing(struct writer *w)
{
	bool answered = w->window != NULL;

	if (w->author.dkim_strict)
		writer_task(
			w, REMEDY_DKIM,
			answered ? "Turn on signing at the source, with d={from}."
				 : "Turn on signing at the source, with d={from}. If other "
				   "reporters show it signed, this one only lists no signatures.");
	else
		writer_task(
			w, REMEDY_DKIM,
			answered ? "Turn on signing at the source, with d={from} or another name "
				   "under {org}."
				 : "Turn on signing at the source, with d={from} or another name "
				   "under {org}. If other reporters show it signed, this one only "
				   "lists no signatures.");
}

static void dkim_missing(struct writer *w)
{
	if (is_foreign_account(w->judgement) && w->judgement->confidence != CONFIDENCE_LOW) {
		foreign_account(w);
		return;
	}
	if (signs_elsewhere(w))
		return;
	turn_on_signing(w);
	if (w->judgement->service)
		advise_dkim(w);
}

static void dkim_service_signed(struct writer *w)
{
	if (is_foreign_account(w->judgement))
		foreign_account(w);
	else if (w->judgement->service)
		advise_dkim(w);
}

static void dkim_other_signed(struct writer *w)
{
	if (has_service_of_ours(w->judgement))
		advise_dkim(w);
	else
		writer_note(w, REMEDY_DKIM,
			    "{signer} is a service that is not in the catalogue, or somebody else: "
			    "find out which before anything is published.");
}

static void dkim_own_signed(struct writer *w)
{
	writer_task(
		w, REMEDY_DKIM,
		"Set up signing with d={from} where it signs with {signer} now: an alias domain "
		"needs a key of its own.");
	if (has_service_of_ours(w->judgement))
		advise_dkim(w);
}

static void dkim_strict(struct writer *w)
{
	writer_task(
		w, REMEDY_DKIM,
		"Take adkim=s out of the DMARC record of {policy} and leave the rest of it as it "
		"is, or sign with d={from}.");
	if (has_service_of_ours(w->judgement))
		advise_dkim(w);
}

/* What the rest of the window says of the key; untold where nobody was asked. */
static bool key_is(const struct writer *w, enum key_decision decision)
{
	return w->window && w->window->key == decision;
}

static void claimed_service(struct writer *w)
{
	if (!w->judgement->claimed || key_is(w, KEY_RIGHT))
		return;
	writer_note(
		w, REMEDY_DKIM,
		key_is(w, KEY_WRONG)
			? "The selector {selector} claims {claimed}: the target of its record is "
			  "wrong (a placeholder in it was never replaced, say), or it is not "
			  "published."
			: "The selector {selector} claims {claimed}. If it passes nowhere: the "
			  "target of its record is wrong (a placeholder in it was never "
			  "replaced, say), or it is not published.");
}

/* The question of a broken signature, answered; false where there is no answer. Never publish a key that passes. */
static bool answer_on_key(struct writer *w, const char *what_is_wrong)
{
	if (!w->window)
		return false;
	switch (w->window->key) {
	case KEY_RIGHT:
		writer_note(
			w, REMEDY_DKIM,
			"{selector}._domainkey.{signer} passes elsewhere, last on {key-passed}: the "
			"key is right, and there is nothing to publish. This copy was changed, or "
			"one receiver's filter did it.");
		break;
	case KEY_WRONG:
		writer_task(w, REMEDY_DKIM, what_is_wrong);
		if (w->window->key_passed)
			writer_note(w, REMEDY_DKIM, "It passed last on {key-passed}.");
		break;
	case KEY_UNTOLD:
		writer_note(
			w, REMEDY_DKIM,
			"{selector}._domainkey.{signer} passes nowhere, but it takes two reporters of "
			"mail that came straight to blame the key: publish nothing yet. Compare what "
			"is published with what the service shows.");
		break;
	}
	return true;
}

static void dkim_key(struct writer *w)
{
	if (!answer_on_key(
		    w,
		    "{selector}._domainkey.{signer} passes nowhere, and two or more reporters say "
		    "so: the key is missing, revoked or malformed. Publish it as the service shows "
		    "it.")) {
		writer_note(w, REMEDY_DKIM, SAME_KEY_ELSEWHERE);
		writer_note(w, REMEDY_DKIM,
			    "If it passes nowhere and two or more reporters say so, the key is "
			    "missing, revoked or malformed: publish it again as the service shows "
			    "it.");
	}
	claimed_service(w);
}

static void dkim_at_source(struct writer *w)
{
	if (!answer_on_key(
		    w,
		    "{selector}._domainkey.{signer} passes nowhere, and two or more reporters say "
		    "so: the key is missing, old or cut short, or the mail is changed after it is "
		    "signed. Compare what is published with what the service shows.")) {
		writer_note(w, REMEDY_DKIM, SAME_KEY_ELSEWHERE);
		writer_note(
			w, REMEDY_DKIM,
			"If it passes nowhere and two or more reporters say so, the key is "
			"missing, old or cut short, or the mail is changed after it is signed.");
	}
	claimed_service(w);
}

/* Forwarders that nobody knows look like a server of the owner's with a dead key. */
static void dead_key(struct writer *w)
{
	if (key_is(w, KEY_RIGHT))
		writer_note(
			w, REMEDY_DKIM,
			"{selector}._domainkey.{signer} passes elsewhere, last on {key-passed}: "
			"the key is right.");
	else if (!w->judgement->last_hop)
		writer_note(
			w, REMEDY_DKIM,
			w->window
				? "{selector}._domainkey.{signer} passes nowhere in these days: a "
				  "server of yours with a dead key looks the same."
				: "Or, if {selector}._domainkey.{signer} passes nowhere in the same "
				  "week, it is a server of yours with a dead key.");
}

static void dkim_in_transit(struct writer *w)
{
	writer_note(
		w, REMEDY_DKIM,
		"A list, a footer, a virus scanner or a forwarder changed the mail: DNS is not at "
		"fault. Sign relaxed/relaxed and without l=; ask a list to leave the mail alone or "
		"to rewrite From.");
	dead_key(w);
	claimed_service(w);
}

struct lookup_words {
	const char *question, *ours, *untold;
};

static void answer_on_lookup(struct writer *w, enum remedy_part part,
			     const enum lookup_decision *decision, const struct lookup_words *words)
{
	if (!decision)
		writer_note(w, part, words->question);
	else if (*decision == LOOKUP_OURS)
		writer_task(w, part, words->ours);
	else if (*decision == LOOKUP_IGNORED)
		writer_note(
			w, part,
			"One reporter, in less than 1 % of its mail, on one day or two: leave it.");
	else
		writer_note(w, part, words->untold);
}

static void dkim_lookup(struct writer *w)
{
	static const struct lookup_words words = {
		"From one reporter and in less than 1 % of its mail: leave it. From several, on "
		"three days, or if the selector never passes: look at your name servers, DNSSEC "
		"and the target of the key's CNAME.",
		"It fails with several reporters, on three days or more, or the selector never "
		"passes: look at your name servers, DNSSEC, the target of the key's CNAME, and "
		"whether the key is there.",
		"One reporter so far, on one day or two, and the selector passes elsewhere: if it "
		"goes on, look at your name servers, DNSSEC and the target of the key's CNAME.",
	};

	answer_on_lookup(w, REMEDY_DKIM, w->window ? &w->window->key_lookup : NULL, &words);
}

static void dkim_refused(struct writer *w)
{
	writer_note(
		w, REMEDY_DKIM,
		"The word policy points to a key under 1024 bit or an algorithm that is no longer "
		"taken, neutral to a key record or signature that cannot be read (Ed25519 too).");
}

static void dkim_unreported(struct writer *w)
{
	writer_note(w, REMEDY_DKIM, "There is nothing to publish on this evidence.");
}

static void nothing(struct writer *w)
{
	(void)w;
}

static void (*const dkim_legs[dkim_cause_count])(struct writer *) = {
	[DKIM_UNREPORTED] = dkim_unreported,
	[DKIM_MISSING] = dkim_missing,
	[DKIM_ALIGNED] = nothing,
	[DKIM_STRICT_MISMATCH] = dkim_strict,
	[DKIM_KEY_ERROR] = dkim_key,
	[DKIM_BROKEN_AT_SOURCE] = dkim_at_source,
	[DKIM_BROKEN_IN_TRANSIT] = dkim_in_transit,
	[DKIM_TEMPERROR] = dkim_lookup,
	[DKIM_NOT_ACCEPTED] = dkim_refused,
	[DKIM_UNRECOGNISED] = dkim_unreported,
	[DKIM_UNALIGNED_OWN_OTHER_DOMAIN] = dkim_own_signed,
	[DKIM_UNALIGNED_ESP_SIGNATURE] = dkim_service_signed,
	[DKIM_UNALIGNED_INTERMEDIARY] = dkim_missing,
	[DKIM_UNALIGNED_OTHER_DOMAIN] = dkim_other_signed,
	[DKIM_NONPASS_OTHER_DOMAIN] = dkim_missing,
};

/* It may be a signature that the reporter left out, or a result that it copied: one record cannot tell. */
static bool dkim_passed_unseen(const struct writer *w)
{
	return w->subject->evidence->record->dkim.value == RESULT_PASS &&
		w->judgement->dkim_cause != DKIM_ALIGNED;
}

static void note_unseen(struct writer *w, enum remedy_part part)
{
	bool dkim = part == REMEDY_DKIM;

	if (dkim && w->window && w->window->unseen == UNSEEN_OMITTED)
		writer_note(w, part,
			    "The reporter says that DKIM passed, and leaves out the signature that "
			    "did: nothing to publish, since no other reporter shows a fault.");
	else
		writer_note(
			w, part,
			dkim ? "The reporter says that DKIM passed, and what did is not listed: nothing "
			       "to publish unless another reporter shows the fault."
			     : "The reporter says that SPF passed, and what did is not listed: nothing "
			       "to publish unless another reporter shows the fault.");
}

void remedy_dkim_leg(struct writer *w)
{
	writer_note(w, REMEDY_DKIM, sentence_of_dkim_cause(w->judgement->dkim_cause));
	if (dkim_passed_unseen(w)) {
		note_unseen(w, REMEDY_DKIM);
		return;
	}
	dkim_legs[w->judgement->dkim_cause](w);
}

bool remedy_signing_mends(enum dkim_cause cause)
{
	return cause == DKIM_MISSING || cause == DKIM_NONPASS_OTHER_DOMAIN ||
		(cause >= DKIM_UNALIGNED_OWN_OTHER_DOMAIN && cause <= DKIM_UNALIGNED_OTHER_DOMAIN);
}

void remedy_dkim_forwarded(struct writer *w)
{
	const struct judgement *j = w->judgement;
	/* the machine shows who passed it on, not who sent it */
	bool origin_known =
		j->service && j->confidence == CONFIDENCE_HIGH && !is_foreign_account(j);

	if (!remedy_signing_mends(j->dkim_cause)) {
		remedy_dkim_leg(w);
		return;
	}
	writer_note(w, REMEDY_DKIM, sentence_of_dkim_cause(j->dkim_cause));
	writer_task(w, REMEDY_DKIM,
		    "Sign with d={from} at the source: forwarded copies then survive.");
	if (origin_known)
		advise_dkim(w);
}

/* --- SPF --------------------------------------------------------------------------------------- */

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

	if (!has_service_of_ours(w->judgement))
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
	if (!writer_spf_records(w, j->service) && !writer_spf_records(w, j->infrastructure))
		writer_advice(w, j->service, LEG_SPF);
	writer_add(w, REMEDY_SPF, REMEDY_NOTE, j->service->spf_cost);
}

/* A forwarder is never to be listed, and an include of a mailbox provider lets all its tenants pass. */
static bool is_for_us_to_list(struct writer *w)
{
	const struct judgement *j = w->judgement;

	/* by its machine alone it may be the owner's */
	if (is_foreign_account(j) && j->confidence != CONFIDENCE_LOW) {
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
	writer_task(
		w, REMEDY_SPF,
		"Publish what {service} needs on {spf-domain}. Before the first SPF record of a "
		"domain, name every other sender in it: without one they are neutral, beside "
		"one they fail.");
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

static void spf_unlisted(struct writer *w)
{
	if (is_named_by_envelope(w->judgement)) {
		writer_task(
			w, REMEDY_SPF,
			"{spf-domain} is the envelope of {service}, by your rule: ask it for one "
			"under {org}. Its include in the SPF record of {from} would align nothing.");
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
	static const struct lookup_words words = {
		"From one reporter and in less than 1 % of its mail: leave it. From several, or on "
		"three days: look at the name servers of {spf-domain} and at DNSSEC.",
		"It fails with several reporters, or on three days or more: look at the name "
		"servers of {spf-domain} and at DNSSEC.",
		"One reporter so far, on one day or two: if it goes on, look at the name servers "
		"of {spf-domain} and at DNSSEC.",
	};

	answer_on_lookup(w, REMEDY_SPF, w->window ? &w->window->spf_lookup : NULL, &words);
}

static void spf_not_yours(struct writer *w)
{
	writer_note(
		w, REMEDY_SPF,
		"Nothing to change in SPF: it is a forward that kept the envelope, or a spoof.");
}

static void (*const spf_legs[spf_cause_count])(struct writer *) = {
	[SPF_ABSENT] = nothing,
	[SPF_ALIGNED] = nothing,
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
	[SPF_POLICY] = nothing,
	[SPF_UNRECOGNISED] = nothing,
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
	if (w->window && !w->window->ours && is_foreign_account(w->judgement))
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
		note_unseen(w, REMEDY_SPF);
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
