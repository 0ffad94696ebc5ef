/* SPDX-License-Identifier: MIT */
/* Collects the lines of a remedy. Inside remedies only. */
#ifndef REPORTS_REMEDY_WRITER_H
#define REPORTS_REMEDY_WRITER_H

#include "parser/alignment.h"
#include "reports/decisions.h"
#include "reports/remedy.h"
#include "reports/wording.h"

/* Two services' advice and all the notes there are come to less. */
enum { REMEDY_LINES_MAX = 2 * SENDER_ADVICE_MAX + 24 };

struct writer {
	const struct remedy_subject *subject;
	const struct judgement *judgement;
	const struct decisions *window; /* what other mail says; NULL: there is only this */
	struct author author;
	struct wording wording;
	struct remedy_line lines[REMEDY_LINES_MAX];
	size_t count;
	bool task;
	bool names_region; /* something with the Region in it was written */
	bool advises;      /* the service's own advice was */
	bool full;         /* sticks: the arena is */
};

/* Fills the template in and adds it. An absent one adds nothing. */
void writer_add(struct writer *w, enum remedy_part part, enum remedy_kind kind,
		struct slice template);

/* The same of what a report says: nothing in it is a placeholder. */
void writer_add_verbatim(struct writer *w, enum remedy_part part, enum remedy_kind kind,
			 struct slice text);

void writer_note(struct writer *w, enum remedy_part part, const char *template);

/* What to do: makes the remedy a task. */
void writer_task(struct writer *w, enum remedy_part part, const char *template);

/*
 * Can what the service offers align the leg, in the mode that the policy asks for? A host below the
 * From domain does so in relaxed mode only. True where it offers nothing, which its text says.
 */
bool writer_can_align(const struct writer *w, const struct sender *service, enum leg leg);

/* The service's advice on a leg, as it stands in the catalogue. */
void writer_advice(struct writer *w, const struct sender *service, enum leg leg);

/*
 * Only what its envelope host needs for SPF to pass, for the domain that was checked; false where the
 * catalogue has no record of that.
 */
bool writer_spf_records(struct writer *w, const struct sender *service);

#endif
