/* SPDX-License-Identifier: MIT */
#include "reports/remedy.h"

#include "base/buf.h"
#include "reports/remedy_dkim.h"
#include "reports/remedy_shared.h"
#include "reports/remedy_spf.h"
#include "reports/remedy_writer.h"
#include "reports/sentences.h"
#include "reports/wording.h"

#include "base/banned.h"

/* Of what a receiver wrote. */
enum { COMMENT_BYTES = 200 };

ENUM_TABLE_DEFINE(remedy_part, REMEDY_PART_LIST)
ENUM_TABLE_DEFINE(remedy_kind, REMEDY_KIND_LIST)

/* An envelope of the owner's is in use, and that has its price with some services. */
static void note_cost(struct writer *w)
{
	if (w->judgement->service)
		writer_add(w, REMEDY_SPF, REMEDY_NOTE, w->judgement->service->spf_cost);
}

static void aligned_both(struct writer *w)
{
	writer_note(w, REMEDY_GENERAL, "Nothing to do.");
	note_cost(w);
}

static void forwarded_survived(struct writer *w)
{
	writer_note(w, REMEDY_GENERAL, "Nothing to do, and nothing to add to SPF.");
}

static void aligned_dkim_only(struct writer *w)
{
	remedy_spf_second_leg(w);
}

static void aligned_spf_only(struct writer *w)
{
	remedy_dkim_leg(w);
	note_cost(w);
}

/* One service, several sources in the reports: which of them is this? */
static void note_infrastructure(struct writer *w)
{
	const struct judgement *j = w->judgement;

	if (j->service && j->service->runs_on_count > 1 && j->infrastructure != j->service)
		writer_note(w, REMEDY_GENERAL,
			    "It left through {infrastructure}, one of several that {service} sends "
			    "through: where the rest of it aligns, only the records for this one "
			    "are missing.");
}

static void both_legs(struct writer *w)
{
	struct slice note_for = remedy_note_for(w->judgement);

	/* what the service sends on purpose with an envelope of its own has one text for both */
	if (!slice_is_absent(note_for)) {
		writer_add(w, REMEDY_GENERAL, REMEDY_NOTE, note_for);
		return;
	}
	note_infrastructure(w);
	remedy_dkim_leg(w);
	remedy_spf_leg(w);
}

/* The leg that the mode fails, and the one that would do instead. */
static void strict_mode(struct writer *w)
{
	const struct judgement *j = w->judgement;

	if (j->spf_cause != SPF_STRICT_MISMATCH) {
		remedy_dkim_leg(w);
		return;
	}
	if (remedy_signing_mends(j->dkim_cause) || j->dkim_cause == DKIM_STRICT_MISMATCH)
		remedy_dkim_leg(w);
	remedy_spf_leg(w);
	note_cost(w);
}

static void forwarded(struct writer *w)
{
	remedy_dkim_forwarded(w);
	if (w->judgement->dkim_cause == DKIM_BROKEN_AT_SOURCE &&
	    w->judgement->spf_cause == SPF_NONE)
		remedy_spf_leg(w);
	else
		writer_note(w, REMEDY_SPF, "Nothing to add to SPF: never list a forwarder.");
}

static void not_authenticated(struct writer *w)
{
	const struct judgement *j = w->judgement;

	if (j->service && j->confidence == CONFIDENCE_LOW)
		writer_note(
			w, REMEDY_GENERAL,
			"Sent from {service}'s network, which is all that is known: any customer "
			"of it looks the same. What follows is for you only if you use it.");
	else if (j->service && !j->rule && w->window && w->window->ours)
		writer_note(
			w, REMEDY_GENERAL,
			"You send with it: other mail of {service} passes for {from}, or has an "
			"envelope under it.");
	else if (j->service && !j->rule)
		writer_note(
			w, REMEDY_GENERAL,
			"A known service is no proof that its customer is you: be sure that you "
			"send with it.");
	both_legs(w);
}

static const char listed[] =
	"See that the SPF record of {spf-domain} lists its address ({mechanism}).";
static const char not_listed[] = "Add its address ({mechanism}) to the SPF record of {spf-domain}.";
static const char no_record[] =
	"If you publish one, name every sender of {spf-domain} in it, this server ({mechanism}) among "
	"them, and end it in ~all.";
static const char broken_record[] =
	"Mend it first: more than 10 look-ups, two records, a mistake in it, or an include of a name "
	"without SPF. What is added to it before, such as {mechanism} for this server, changes nothing.";
static const char foreign_envelope[] =
	"Let it send with an envelope of {from}, whose SPF record lists its address ({mechanism}).";

/* What the record lacks depends on what was found: to a broken one nothing is to be added. */
static void own_server_spf(struct writer *w)
{
	static const char *const tasks[spf_cause_count] = {
		[SPF_ABSENT] = listed,
		[SPF_FAIL] = not_listed,
		[SPF_NEUTRAL] = not_listed,
		[SPF_NONE] = no_record,
		[SPF_PERMERROR] = broken_record,
		[SPF_POLICY] = listed,
		[SPF_UNRECOGNISED] = listed,
		[SPF_UNALIGNED_OTHER_DOMAIN] = foreign_envelope,
		[SPF_NONPASS_OTHER_DOMAIN] = foreign_envelope,
	};
	enum spf_cause cause = w->judgement->spf_cause;

	if (!tasks[cause]) {
		remedy_spf_leg(w);
		return;
	}
	writer_note(w, REMEDY_SPF, sentence_of_spf_cause(cause));
	writer_task(w, REMEDY_SPF, tasks[cause]);
}

static void own_server_dkim(struct writer *w)
{
	enum dkim_cause cause = w->judgement->dkim_cause;
	bool key_is_right = w->window && w->window->key == KEY_RIGHT;

	if (remedy_signing_mends(cause)) {
		writer_note(w, REMEDY_DKIM, sentence_of_dkim(w->judgement));
		writer_task(w, REMEDY_DKIM, "Sign its mail with d={from}.");
		return;
	}
	remedy_dkim_leg(w);
	if (cause == DKIM_BROKEN_AT_SOURCE)
		writer_task(
			w, REMEDY_DKIM,
			key_is_right
				? "The server signs already: see that nothing changes the mail "
				  "after it is signed (a footer, a virus scanner)."
				: "The server signs already: see that its key is the published "
				  "one, and that nothing changes the mail after it is signed (a "
				  "footer, a virus scanner).");
}

static void named_server(struct writer *w)
{
	writer_task(
		w, REMEDY_GENERAL,
		"Be sure that {host} is a server and not a customer line (as with access providers "
		"and universities). What follows is for you only if it is yours.");
	own_server_dkim(w);
	own_server_spf(w);
}

static bool passed_for_helo(const struct judgement *j)
{
	return j->spf_cause == SPF_HELO_ONLY && j->spf && j->spf->result.value == RESULT_PASS;
}

static void own_server(struct writer *w)
{
	const struct judgement *j = w->judgement;
	bool gateway = j->last_hop && j->last_hop->kind == SENDER_GATEWAY;

	if (gateway)
		writer_task(
			w, REMEDY_SPF,
			"If {host} is your own gateway, add the include that its console shows to "
			"the SPF record of {spf-domain}. If you do not use it, it is a recipient's: "
			"add nothing.");
	else if (passed_for_helo(j))
		writer_task(
			w, REMEDY_DKIM,
			"The SPF record of {spf-domain} lists this address: it is yours. Sign the mail "
			"it sends without an envelope sender (bounces, automatic replies) with d={from}.");
	else
		named_server(w);
}

/* Of a provider for private people: its domain is nobody's own, and takes no record of anybody's. */
static void private_account(struct writer *w)
{
	writer_note(
		w, REMEDY_GENERAL,
		"An account at {service} sent this with your From: a forward, a colleague's private "
		"account, or a spoof. Publish nothing for it: no record aligns it. If it is a "
		"colleague's, let it send through the mail service of {org} instead.");
}

static void unknown_account(struct writer *w)
{
	if (remedy_is_private_account(w)) {
		private_account(w);
		return;
	}
	writer_note(
		w, REMEDY_GENERAL,
		"A {service} account that is not known to be yours ({tenant}) sent this with your "
		"From: a forward, a forwarded meeting invitation, a colleague's private account, or "
		"a spoof. Publish nothing for it. If the account is yours, add it to your domains.");
}

static void note_look_up(struct writer *w)
{
	if (judgement_has(w->judgement, JUDGE_FLAG_HOST_NOT_LOOKED_UP))
		writer_note(w, REMEDY_GENERAL,
			    "The name of {address} was never asked for: look it up first.");
}

static void unknown_sender(struct writer *w)
{
	const struct judgement *j = w->judgement;

	struct slice note_for = remedy_note_for(j);

	note_look_up(w);
	if (!slice_is_absent(note_for))
		writer_add(w, REMEDY_GENERAL, REMEDY_NOTE, note_for);
	else if (j->service)
		unknown_account(w);
	else
		writer_note(
			w, REMEDY_GENERAL,
			"Find out who it is before anything is published: a service that is not in "
			"the catalogue, or somebody with a domain like yours.");
}

static void undetermined(struct writer *w)
{
	writer_note(w, REMEDY_GENERAL,
		    "There is nothing to publish on this evidence; other reporters may show more.");
}

static void likely_spoof(struct writer *w)
{
	note_look_up(w);
	writer_note(
		w, REMEDY_GENERAL,
		"Mostly this is spoofing, and what p=reject is for: publish nothing for it. But a "
		"server of yours without a name in your domain looks the same: check these addresses "
		"once, and record what is yours with ruamill senders add NAME --ip ADDRESS.");
	if (w->window)
		writer_note(
			w, REMEDY_GENERAL,
			"ruamill explain spoofed lists the addresses, those first that look most "
			"like a server of yours.");
}

static void (*const by_verdict[verdict_count])(struct writer *) = {
	[VERDICT_ALIGNED_BOTH] = aligned_both,
	[VERDICT_FORWARDED_DKIM_SURVIVED] = forwarded_survived,
	[VERDICT_ALIGNED_DKIM_ONLY] = aligned_dkim_only,
	[VERDICT_ALIGNED_SPF_ONLY] = aligned_spf_only,
	[VERDICT_STRICT_MODE_MISALIGNMENT] = strict_mode,
	[VERDICT_MAILING_LIST] = forwarded,
	[VERDICT_FORWARDED_BROKEN] = forwarded,
	[VERDICT_SENDER_NOT_AUTHENTICATED] = not_authenticated,
	[VERDICT_OWN_SERVER_NOT_AUTHORISED] = own_server,
	[VERDICT_UNKNOWN_SENDER] = unknown_sender,
	[VERDICT_UNDETERMINED] = undetermined,
	[VERDICT_LIKELY_SPOOF] = likely_spoof,
};

/* The brand of its landlord says nothing of who sent the mail. */
static void note_rented(struct writer *w)
{
	struct slice rented = evidence_rented(w->subject->judge, w->subject->evidence);
	SCOPED(buf) struct buf text = { 0 };

	if (slice_is_absent(rented) || w->judgement->dmarc_pass)
		return;
	buf_printf(&text,
		   "It came from a server at %.*s, where anybody can rent one: not from a mail "
		   "service of that house.",
		   SLICE_ARG(rented));
	writer_add(w, REMEDY_GENERAL, REMEDY_NOTE, buf_slice(&text));
}

static void note_flags(struct writer *w)
{
	for (int i = 0; i < judge_flag_count; i++) {
		if (judgement_has(w->judgement, (enum judge_flag)i))
			writer_note(w, REMEDY_GENERAL, sentence_of_flag((enum judge_flag)i));
	}
}

/* Why the receiver did not do as the policy says, in its own words. */
static void note_overrides(struct writer *w)
{
	const struct record *r = w->subject->evidence->record;

	for (size_t i = 0; i < r->reason_count; i++) {
		const struct override_reason *reason = &r->reasons[i];
		SCOPED(buf) struct buf text = { 0 };

		if (!judge_reason_overrides(reason))
			continue;
		buf_append_text(&text, "The receiver made an exception: ");
		buf_append(&text, reason->type.text.n > 0 ? reason->type.text : SLICE("no type"));
		if (reason->comment.n > 0)
			buf_printf(&text, ", \"%.*s\"",
				   SLICE_ARG(slice_prefix(reason->comment, COMMENT_BYTES)));
		writer_add_verbatim(w, REMEDY_GENERAL, REMEDY_NOTE, buf_slice(&text));
	}
}

static void note_region(struct writer *w)
{
	if (!w->names_region)
		return;
	if (slice_is_absent(w->judgement->region))
		writer_note(w, REMEDY_GENERAL,
			    "REGION: the one that the identity was verified in.");
	else if (w->judgement->region_likely)
		writer_note(
			w, REMEDY_GENERAL,
			"The Region is likely {region}, whose default envelope {spf-domain} is: "
			"check it in the console.");
}

/* What else may have sent it: a service that is not told from the one it runs on. */
static void note_resellers(struct writer *w)
{
	const struct catalogue *catalogue = w->subject->judge->catalogue;
	const struct sender *service = w->judgement->service;
	SCOPED(buf) struct buf names = { 0 };

	for (size_t i = 0; w->advises && i < catalogue_count(catalogue); i++) {
		const struct sender *other = catalogue_at(catalogue, i);

		/* one with a selector of its own would have been told by it */
		if (!sender_runs_on(other, service) || sender_has_unique_selector(other))
			continue;
		buf_append_text(&names,
				names.n > 0 ? ", "
					    : "May be one of the services that send "
					      "through {service}: ");
		buf_append(&names, other->name);
	}
	if (names.n > 0)
		writer_add(w, REMEDY_GENERAL, REMEDY_NOTE, buf_slice(&names));
}

/* The reporter let it pass for a reason it does not show: mending what it shows would be guessing. */
static bool passed_unseen(const struct judgement *j)
{
	return !j->dmarc_pass && j->outcome_pass;
}

static void note_unseen_pass(struct writer *w)
{
	static const char *const answers[] = {
		[UNSEEN_UNTOLD] =
			"It passed, says the reporter, but what made it pass is not listed. Nothing "
			"to publish unless another reporter shows the fault.",
		[UNSEEN_OMITTED] =
			"It passed, says the reporter, which leaves out the signature that did it. "
			"Nothing to publish: no other reporter shows a fault.",
		[UNSEEN_FAULT] =
			"It passed, says the reporter, but what made it pass is not listed. Another "
			"reporter shows such mail fail: go by what is said of that.",
	};

	writer_note(w, REMEDY_GENERAL, answers[w->window ? w->window->unseen : UNSEEN_UNTOLD]);
}

/* The other way: it failed, and by what is shown it passes. The flag says what the owner can do. */
static bool failed_unfounded(const struct judgement *j)
{
	return j->dmarc_pass && !j->outcome_pass &&
		!judgement_has(j, JUDGE_FLAG_ORG_DOMAIN_DIFFERS);
}

bool remedy_of(const struct remedy_subject *subject, struct arena *arena, struct remedy *remedy_out)
{
	return remedy_in_window(subject, NULL, arena, remedy_out);
}

static bool writer_init(struct writer *w, const struct remedy_subject *subject,
			const struct decisions *window, struct arena *arena)
{
	memset(w, 0, offsetof(struct writer, lines));
	w->subject = subject;
	w->judgement = subject->judgement;
	w->window = window;
	w->count = 0;
	w->task = w->names_region = w->advises = w->full = false;
	w->author = author_of(subject->judge->domains, NULL, subject->evidence->policy,
			      subject->evidence->record->header_from);
	return wording_init(&w->wording, subject, arena) &&
		(!window || wording_answer(&w->wording, window));
}

bool remedy_in_window(const struct remedy_subject *subject, const struct decisions *window,
		      struct arena *arena, struct remedy *remedy_out)
{
	struct writer w;
	struct remedy_line *lines;

	if (!writer_init(&w, subject, window, arena))
		return false;
	writer_note(&w, REMEDY_GENERAL, sentence_of_verdict(w.judgement));
	if (failed_unfounded(w.judgement))
		writer_note(
			&w, REMEDY_GENERAL,
			"The reporter failed it all the same: it took a mode or an organisational "
			"domain for another, or is at fault.");
	if (passed_unseen(w.judgement))
		note_unseen_pass(&w);
	else
		by_verdict[w.judgement->verdict](&w);
	note_resellers(&w);
	note_region(&w);
	note_rented(&w);
	note_flags(&w);
	note_overrides(&w);
	lines = w.full ? NULL : arena_alloc(arena, w.count * sizeof(*lines));
	if (!lines)
		return false;
	memcpy(lines, w.lines, w.count * sizeof(*lines));
	*remedy_out = (struct remedy){ lines, w.count, w.task };
	return true;
}

static bool one_sentence(const struct remedy_subject *subject, const char *template,
			 struct arena *arena, struct slice *sentence_out)
{
	struct wording wording;

	return wording_init(&wording, subject, arena) &&
		wording_fill(&wording, slice_from(template), sentence_out);
}

bool remedy_spf_sentence(const struct remedy_subject *subject, struct arena *arena,
			 struct slice *sentence_out)
{
	return one_sentence(subject, sentence_of_spf_cause(subject->judgement->spf_cause), arena,
			    sentence_out);
}

bool remedy_dkim_sentence(const struct remedy_subject *subject, struct arena *arena,
			  struct slice *sentence_out)
{
	return one_sentence(subject, sentence_of_dkim(subject->judgement), arena, sentence_out);
}

bool remedy_verdict_sentence(const struct remedy_subject *subject, struct arena *arena,
			     struct slice *sentence_out)
{
	return one_sentence(subject, sentence_of_verdict(subject->judgement), arena, sentence_out);
}
