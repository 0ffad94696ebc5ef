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

/*
 * Stream and evidence, not judged yet: of a row for streams_decode() and of the class of addresses that
 * comes with it. False when the arena is full.
 */
MUST_USE bool judged_read(const struct judge *judge, const struct rows *rows, size_t row,
			  struct slice host_class, struct arena *arena, struct judged *judged);

/* The same, judged; the row is one for streams_seen(), too. */
MUST_USE bool judged_row(const struct judge *judge, const struct rows *rows, size_t row,
			 struct arena *arena, struct judged *judged);

#endif
