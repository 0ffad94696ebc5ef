/* SPDX-License-Identifier: MIT */
/*
 * The boundaries that a mail declares, and the lines that are one of them. Whatever GMime takes for a
 * boundary line is one here; some lines are one here that are none to GMime.
 */
#ifndef INGEST_BOUNDARIES_H
#define INGEST_BOUNDARIES_H

#include <stdint.h>

#include "base/err.h"

struct boundary;

struct boundaries {
	struct boundary *declared;
	size_t count, capacity;
	uint64_t comparisons;

	/* One was declared in a way that only GMime can read: any line with two dashes may be it. */
	bool unclear;
};

enum line_form {
	LINE_OF_BODY,
	LINE_OF_HEADER,
	LINE_PIECE, /* its begin is elsewhere */
};

enum boundary_line {
	BOUNDARY_NONE,
	BOUNDARY_OPENS,
	BOUNDARY_CLOSES,
	BOUNDARY_WITHIN, /* where GMime may split the line: it may be one, or what it looks like */
};

/*
 * Adds those that a line of a Content-Type header declares, but for "", which nobody can have meant: true in
 * *empty_out where there is such a one. ERR_LIMIT when there are too many.
 */
MUST_USE bool boundaries_declare(struct boundaries *b, struct slice line, bool *empty_out,
				 struct err *e);

/* Adds one that was not declared, as if it were; false where it is none that could be. */
bool boundaries_guess(struct boundaries *b, struct slice text);

/* The text of the one at index. */
struct slice boundaries_text(const struct boundaries *b, size_t index);

/*
 * Is this line, or piece of one, a boundary line? GMime reads 4 KiB at a time and takes the rest of a line
 * that does not fit for another one: a long line may be split anywhere, and any line of a header.
 * ERR_LIMIT when too much had to be compared.
 */
MUST_USE bool boundaries_match(struct boundaries *b, struct slice line, enum line_form form,
			       enum boundary_line *line_out, struct err *e);

/* Has a line matched one of those from first on, up to but not end? */
bool boundaries_seen(const struct boundaries *b, size_t first, size_t end);

void boundaries_release(struct boundaries *b);

enum {
	BOUNDARY_BYTES = 255, /* longer ones are unclear; RFC 2046 allows 70 */

	/* GMime never splits a shorter line of a body: it has at least 128 bytes before it. */
	BOUNDARY_SHORT_LINE = 100,
};

#endif
