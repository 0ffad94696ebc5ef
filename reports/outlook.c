/* SPDX-License-Identifier: MIT */
#include "reports/outlook.h"

#include "parser/alignment.h"
#include "reports/remedy_dkim.h"
#include "reports/wording.h"

#include "base/banned.h"

struct draft {
	const struct judgement *judgement;
	const struct decisions *window;
	const struct remedy *remedy;
	struct wording wording;
	struct outlook *outlook;
	bool strict_dkim;
	bool full;
};

static void add(struct draft *d, const char *template)
{
	struct slice *line = &d->outlook->lines[d->outlook->count];

	if (d->outlook->count == OUTLOOK_LINES_MAX)
		return;
	if (wording_fill(&d->wording, slice_from(template), line))
		d->outlook->count++;
	else
		d->full = true;
}

/* Does the remedy ask for something there? */
static bool asks(const struct remedy *remedy, enum remedy_part part)
{
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];

		if (line->part == part &&
		    (line->kind == REMEDY_TEXT || line->kind == REMEDY_RECORD))
			return true;
	}
	return false;
}

static void on_dkim(struct draft *d)
{
	enum dkim_cause cause = d->judgement->dkim_cause;

	if (!asks(d->remedy, REMEDY_DKIM))
		return;
	if (cause == DKIM_STRICT_MISMATCH)
		add(d,
		    "DKIM: either adkim is r in the policy of new reports, and the signature of "
		    "{signer} aligns as it is, or there is one with d={from}.");
	else if (!remedy_signing_mends(cause))
		add(d,
		    "DKIM: {selector}._domainkey.{signer} shows pass where it shows "
		    "{dkim-result} now.");
	else if (cause == DKIM_MISSING || cause == DKIM_NONPASS_OTHER_DOMAIN)
		add(d,
		    d->strict_dkim
			    ? "DKIM: a signature with d={from} appears, and passes."
			    : "DKIM: a signature with d={from}, or another name under {org}, "
			      "appears and passes.");
	else
		add(d,
		    d->strict_dkim
			    ? "DKIM: a signature with d={from} passes, beside or instead of the "
			      "one of {signer}."
			    : "DKIM: a signature with d={from}, or another name under {org}, passes, "
			      "beside or instead of the one of {signer}.");
}

/* An envelope of the owner's that is not advised against. */
static bool may_get_envelope(const struct judgement *j)
{
	return j->service &&
		(j->service->spf_possible == SPF_POSSIBLE_YES ||
		 j->service->spf_possible == SPF_POSSIBLE_RELAXED);
}

static void on_spf(struct draft *d)
{
	enum spf_cause cause = d->judgement->spf_cause;
	bool asked = asks(d->remedy, REMEDY_SPF);

	if (cause == SPF_UNALIGNED_DEFAULT_MAILFROM && d->window &&
	    d->window->fallback == FALLBACK_SEEN && asked)
		add(d,
		    "SPF: the domain it is checked for is {own-envelope} again, instead of "
		    "{spf-domain}.");
	else if (cause == SPF_UNALIGNED_DEFAULT_MAILFROM)
		add(d,
		    asked && may_get_envelope(d->judgement)
			    ? "SPF: the domain it is checked for becomes a host under {from}, such "
			      "as {mailfrom}, instead of {spf-domain}. Until then, and without it, "
			      "the share of SPF stays as it is."
			    : "SPF: it goes on passing for {spf-domain} and aligning nothing; that "
			      "share stays as it is, and DMARC passes on DKIM.");
	else if (cause == SPF_STRICT_MISMATCH && asked)
		add(d,
		    "SPF: aspf is r in the policy of new reports, and the envelope {spf-domain} "
		    "aligns as it is.");
	else if (cause == SPF_UNALIGNED_OWN_OTHER_DOMAIN && asked)
		add(d,
		    "SPF: the domain it is checked for is {from} or a host under it, instead of "
		    "{spf-domain}.");
	else if (asked && d->judgement->spf)
		add(d, "SPF: it passes for {spf-domain}, where it shows {spf-result} now.");
}

static bool draft_init(struct draft *d, const struct remedy_subject *subject, struct arena *arena)
{
	const struct author author =
		author_of(subject->judge->domains, NULL, subject->evidence->policy,
			  subject->evidence->record->header_from);

	d->strict_dkim = author.dkim_strict;
	return wording_init(&d->wording, subject, arena) &&
		(!d->window || wording_answer(&d->wording, d->window));
}

bool outlook_of(const struct remedy_subject *subject, const struct decisions *window,
		const struct remedy *remedy, struct arena *arena, struct outlook *outlook_out)
{
	const struct judgement *j = subject->judgement;
	struct draft d = {
		.judgement = j,
		.window = window,
		.remedy = remedy,
		.outlook = outlook_out,
	};

	outlook_out->count = 0;
	if (!draft_init(&d, subject, arena))
		return false;
	if (j->verdict == VERDICT_MAILING_LIST || j->dkim_cause == DKIM_BROKEN_IN_TRANSIT)
		add(&d,
		    "A list that rewrites From does not appear in your reports at all: once one "
		    "does, this mail is gone from them, and does not pass.");
	if (!remedy->task)
		return !d.full;
	on_dkim(&d);
	on_spf(&d);
	if (!j->outcome_pass)
		add(&d, "DMARC: one of the two is enough for it to pass.");
	add(&d,
	    "DNS may take two days to be known everywhere, and a report comes the day after its "
	    "mail: look again three days after the change. What was sent before stays as it is.");
	return !d.full;
}
