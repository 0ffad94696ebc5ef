/* SPDX-License-Identifier: MIT */
#include "reports/remedy_dkim.h"

#include "reports/remedy_shared.h"
#include "reports/sentences.h"

#include "base/banned.h"

#define SAME_KEY_ELSEWHERE                                                                            \
	"If {selector}._domainkey.{signer} passes anywhere in the same week, the key is right, this " \
	"copy was changed (or one receiver's filter did it), and there is nothing to publish."

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

static void foreign_account(struct writer *w)
{
	bool private = remedy_is_private_account(w);

	writer_note(
		w, REMEDY_DKIM,
		private ? "{service} signs for every account it hosts, with a name of its own: no "
			  "record aligns it. Mail of yours is to go through the mail service of "
			  "{org} instead."
			: "{service} signs for every account it hosts, and this one ({tenant}) is "
			  "not known to be yours: publish nothing for it. If it is yours, add it to "
			  "your domains.");
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
	if (remedy_is_foreign_account(w->judgement) && w->judgement->confidence != CONFIDENCE_LOW) {
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
	if (remedy_is_foreign_account(w->judgement))
		foreign_account(w);
	else if (w->judgement->service)
		advise_dkim(w);
}

static void dkim_other_signed(struct writer *w)
{
	if (remedy_has_service_of_ours(w->judgement))
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
	if (remedy_has_service_of_ours(w->judgement))
		advise_dkim(w);
}

static void dkim_strict(struct writer *w)
{
	writer_task(
		w, REMEDY_DKIM,
		"Take adkim=s out of the DMARC record of {policy} and leave the rest of it as it "
		"is, or sign with d={from}.");
	if (remedy_has_service_of_ours(w->judgement))
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

static void dkim_lookup(struct writer *w)
{
	static const struct remedy_lookup_words words = {
		"From one reporter and in less than 1 % of its mail: leave it. From several, on "
		"three days, or if the selector never passes: look at your name servers, DNSSEC "
		"and the target of the key's CNAME.",
		"It fails with several reporters, on three days or more, or the selector never "
		"passes: look at your name servers, DNSSEC, the target of the key's CNAME, and "
		"whether the key is there.",
		"One reporter so far, on one day or two, and the selector passes elsewhere: if it "
		"goes on, look at your name servers, DNSSEC and the target of the key's CNAME.",
	};

	remedy_answer_on_lookup(w, REMEDY_DKIM, w->window ? &w->window->key_lookup : NULL, &words);
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

static void (*const dkim_legs[dkim_cause_count])(struct writer *) = {
	[DKIM_UNREPORTED] = dkim_unreported,
	[DKIM_MISSING] = dkim_missing,
	[DKIM_ALIGNED] = remedy_nothing,
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

void remedy_dkim_leg(struct writer *w)
{
	writer_note(w, REMEDY_DKIM, sentence_of_dkim(w->judgement));
	if (dkim_passed_unseen(w)) {
		remedy_note_unseen(w, REMEDY_DKIM);
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
		j->service && j->confidence == CONFIDENCE_HIGH && !remedy_is_foreign_account(j);

	if (!remedy_signing_mends(j->dkim_cause)) {
		remedy_dkim_leg(w);
		return;
	}
	writer_note(w, REMEDY_DKIM, sentence_of_dkim(j));
	writer_task(w, REMEDY_DKIM,
		    "Sign with d={from} at the source: forwarded copies then survive.");
	if (origin_known)
		advise_dkim(w);
}
