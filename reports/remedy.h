/* SPDX-License-Identifier: MIT */
/*
 * From a judgement to what a person should do: which record to publish where, what to ask of the
 * vendor, or why nothing should be published. Never `-all`, never a DMARC record, never an include
 * that cannot align unless marked as the vendor's gate.
 */
#ifndef REPORTS_REMEDY_H
#define REPORTS_REMEDY_H

#include "base/arena.h"
#include "reports/judge.h"

struct remedy_subject {
	const struct judge *judge;
	const struct evidence *evidence;
	const struct judgement *judgement;
};

#define REMEDY_PART_LIST(X)                                                                        \
	X(REMEDY_GENERAL, "")                                                                      \
	X(REMEDY_DKIM, "DKIM")                                                                     \
	X(REMEDY_SPF, "SPF")
ENUM_TABLE_DECLARE(remedy_part, REMEDY_PART_LIST);

#define REMEDY_KIND_LIST(X)                                                                        \
	X(REMEDY_TEXT, "text")                 /* what to do */                                    \
	X(REMEDY_RECORD, "record")             /* NAME TYPE DATA to publish */                     \
	X(REMEDY_GATE, "gate, does not align") /* the same, because the vendor insists */          \
	X(REMEDY_NOTE, "note")                 /* what to know: nothing to do */
ENUM_TABLE_DECLARE(remedy_kind, REMEDY_KIND_LIST);

struct remedy_line {
	enum remedy_part part;
	enum remedy_kind kind;
	struct slice text; /* may hold what a report said: not yet made harmless */
};

struct remedy {
	const struct remedy_line *lines;
	size_t count;
	bool task; /* somebody should do something; else it is all for information */
};

/*
 * What the record says by itself: where more than that is needed, the remedy asks it as a question. All in
 * the arena; false when it is full.
 */
MUST_USE bool remedy_of(const struct remedy_subject *subject, struct arena *arena,
			struct remedy *remedy_out);

/* The same with those questions answered; without answers (NULL) it is remedy_of(). */
struct decisions;
MUST_USE bool remedy_in_window(const struct remedy_subject *subject, const struct decisions *window,
			       struct arena *arena, struct remedy *remedy_out);

/*
 * One line for a table cell, "SPF passes for amazonses.com, Amazon SES's own envelope, so it never
 * aligns"; in the arena, false when it is full.
 */
MUST_USE bool remedy_spf_sentence(const struct remedy_subject *subject, struct arena *arena,
				  struct slice *sentence_out);
MUST_USE bool remedy_dkim_sentence(const struct remedy_subject *subject, struct arena *arena,
				   struct slice *sentence_out);
MUST_USE bool remedy_verdict_sentence(const struct remedy_subject *subject, struct arena *arena,
				      struct slice *sentence_out);

#endif
