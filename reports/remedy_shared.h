/* SPDX-License-Identifier: MIT */
/* What the remedies of both legs have in common. Inside remedies only. */
#ifndef REPORTS_REMEDY_SHARED_H
#define REPORTS_REMEDY_SHARED_H

#include "reports/remedy_writer.h"

bool remedy_is_foreign_account(const struct judgement *j);

/* At a provider for private people, where anybody may have an account: there is no domain to own. */
bool remedy_is_private_account(const struct writer *w);

/* Is advice on the service of use for whoever asks? */
bool remedy_has_service_of_ours(const struct judgement *j);

/* Of a look-up that failed: what to ask, without a window; else what the window answers. */
struct remedy_lookup_words {
	const char *question, *ours, *untold;
};
void remedy_answer_on_lookup(struct writer *w, enum remedy_part part,
			     const enum lookup_decision *decision,
			     const struct remedy_lookup_words *words);

/* The reporter says that the leg passed, and does not list what did. */
void remedy_note_unseen(struct writer *w, enum remedy_part part);

/* For causes that ask for nothing. */
void remedy_nothing(struct writer *w);

#endif
