/* SPDX-License-Identifier: MIT */
/* What reports will show of a kind of mail once it is put right, and how to tell that it is. */
#ifndef REPORTS_OUTLOOK_H
#define REPORTS_OUTLOOK_H

#include "reports/decisions.h"
#include "reports/remedy.h"

enum { OUTLOOK_LINES_MAX = 6 };

struct outlook {
	struct slice lines[OUTLOOK_LINES_MAX]; /* in the arena */
	size_t count;
};

/* False when the arena is full. Nothing where there is nothing to do. */
MUST_USE bool outlook_of(const struct remedy_subject *subject, const struct decisions *window,
			 const struct remedy *remedy, struct arena *arena,
			 struct outlook *outlook_out);

#endif
