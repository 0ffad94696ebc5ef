/* SPDX-License-Identifier: MIT */
/* "Which service sent mail that fails, why, and what puts it right?" */
#ifndef REPORTS_QUESTION_SENDERS_H
#define REPORTS_QUESTION_SENDERS_H

#include "reports/question.h"
#include "reports/streams.h"

/* Its columns, as of the questions that views answer. */
extern const struct column question_senders_columns[];
extern const size_t question_senders_column_count;

/* All in the arena. The limit counts for findings, too. ERR_LIMIT when the arena is full. */
MUST_USE bool question_senders(struct connection *c, const struct judge *judge,
			       const struct question_filter *filter, struct arena *arena,
			       struct answer *answer_out, struct err *e);

#endif
