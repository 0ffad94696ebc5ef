/* SPDX-License-Identifier: MIT */
/* A row of streams out of the database, with what the judge makes of it. */
#ifndef REPORTS_JUDGED_H
#define REPORTS_JUDGED_H

#include "reports/remedy.h"
#include "reports/streams.h"

/* All of it lies in the arena it was made in, and in the rows. Points into itself: it stays where it is. */
struct judged {
	struct stream stream;
	struct stream_seen seen;
	struct evidence evidence;
	struct judgement judgement;
	struct remedy_subject subject;
};

/* False when the arena is full. */
MUST_USE bool judged_row(const struct judge *judge, const struct rows *rows, size_t row,
			 struct arena *arena, struct judged *judged);

#endif
