/* SPDX-License-Identifier: MIT */
/* "Which messages did not become reports, why, and where are they now?" */
#ifndef REPORTS_QUESTION_PROBLEMS_H
#define REPORTS_QUESTION_PROBLEMS_H

#include "reports/answer.h"
#include "store/connection.h"

/* Days are those on which a message was seen first. */
struct problem_filter {
	const int64_t *since, *until; /* NULL: no bound */
	uint64_t days;                /* so many up to `until`, or to the newest problem; 0: all */
	uint64_t limit;               /* rows, the newest; 0: all */
	bool all;                     /* also what nobody need look at: duplicates, other mail */
};

/* All in the arena. ERR_LIMIT when it is full. */
MUST_USE bool question_problems(struct connection *c, const struct problem_filter *filter,
				struct arena *arena, struct answer *answer_out, struct err *e);

#endif
