/* SPDX-License-Identifier: MIT */
/* How far a run has come, on one line of a terminal. The clock is read for this line only. */
#ifndef INGEST_PROGRESS_H
#define INGEST_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct progress_counts {
	uint64_t done, total; /* messages; total 0, or less than done: not known */
	uint64_t reports, records;
	uint64_t milliseconds; /* since the begin */
};

/*
 * "1200 of 10000 messages (400/s), 0:22 left, 1190 reports, 36295 records", without what no
 * longer fits into so many columns. Rate and time left are told once there is something to judge them by.
 */
void progress_append(struct buf *line, const struct progress_counts *counts, size_t columns);

struct progress {
	uint64_t begun, drawn; /* milliseconds of a clock that never jumps */
};

struct progress progress_begin(void);

/* Does it take long enough for somebody to wonder? */
bool progress_is_long(const struct progress *p);

/* Draws it some times a second at most, however often it is called. Fills in the time. */
void progress_draw(struct progress *p, struct progress_counts counts);

#endif
