/* SPDX-License-Identifier: MIT */
#include "reports/remedy_shared.h"

#include "base/banned.h"

/*
 * A mailbox provider signs for all its tenants: until one is known to be the owner's, advising him
 * to set DKIM up there would be advising somebody else.
 */
bool remedy_is_foreign_account(const struct judgement *j)
{
	return j->service && j->service->kind == SENDER_MAILBOX && j->spf_cause != SPF_ALIGNED &&
		!j->tenant_known && !j->rule;
}

bool remedy_is_private_account(const struct writer *w)
{
	const struct catalogue *catalogue = w->subject->judge->catalogue;
	const struct judgement *j = w->judgement;

	return catalogue_is_consumer(catalogue, j->spf_domain) ||
		(j->dkim && catalogue_is_consumer(catalogue, j->dkim->domain));
}

/* For whom is advice on the service of use? */
bool remedy_has_service_of_ours(const struct judgement *j)
{
	return j->service && !remedy_is_foreign_account(j);
}

void remedy_answer_on_lookup(struct writer *w, enum remedy_part part,
			     const enum lookup_decision *decision,
			     const struct remedy_lookup_words *words)
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

void remedy_note_unseen(struct writer *w, enum remedy_part part)
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

void remedy_nothing(struct writer *w)
{
	(void)w;
}
