/* SPDX-License-Identifier: MIT */
/* Fills the {placeholders} of texts with what a record shows. */
#ifndef REPORTS_WORDING_H
#define REPORTS_WORDING_H

#include "reports/remedy.h"

struct wording {
	struct arena *arena;
	struct slice values[placeholder_count]; /* the absent slice shows as nothing */
};

/* False when the arena is full. */
MUST_USE bool wording_init(struct wording *w, const struct remedy_subject *subject,
			   struct arena *arena);

/* With what the rest of a window says; false when the arena is full. */
struct decisions;
MUST_USE bool wording_answer(struct wording *w, const struct decisions *window);

MUST_USE bool wording_fill(const struct wording *w, struct slice template, struct slice *text_out);

#endif
