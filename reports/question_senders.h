/* SPDX-License-Identifier: MIT */
/* "Which service sent mail that fails, why, and what puts it right?" */
#ifndef REPORTS_QUESTION_SENDERS_H
#define REPORTS_QUESTION_SENDERS_H

#include "reports/answer.h"
#include "reports/streams.h"

/*
 * All in the arena. until < since of the window means: the `days` that end at the newest day with
 * data. ERR_LIMIT when the arena is full.
 */
MUST_USE bool question_senders(struct connection *c, const struct judge *judge,
			       const struct window *window, struct arena *arena,
			       struct answer *answer_out, struct err *e);

/* The newest day with data; false in *any_out when there is none. */
MUST_USE bool question_newest_day(struct connection *c, const char *domain, bool *any_out,
				  int64_t *day_out, struct err *e);

#endif
