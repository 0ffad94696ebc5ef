/* SPDX-License-Identifier: MIT */
/*
 * The seam between two reports that stand one behind the other in one file, or in one gzip of several
 * members: behind an end tag of a report, a declaration or a start tag of another. Bytes are taken as they
 * come; what may be the begin of another report is held until that is known.
 */
#ifndef INGEST_UNPACK_SEAM_H
#define INGEST_UNPACK_SEAM_H

#include "base/slice.h"

/* A byte order mark, and a tag with a prefix. */
enum { SEAM_HELD_BYTES = 48 };

struct seam {
	bool ended;     /* the end tag was seen */
	bool in_tag;    /* in an end tag that may be it */
	size_t matched; /* bytes of its name */
	char held[SEAM_HELD_BYTES];
	size_t held_count;
};

enum seam_event {
	SEAM_DONE,    /* all bytes are taken */
	SEAM_GOES_ON, /* the piece is of the document at hand */
	SEAM_BEGINS,  /* another document begins, with this piece */
};

/* Takes from the front of *bytes. The piece is borrowed, from the bytes or from what was held, until the next call. */
enum seam_event seam_take(struct seam *s, struct slice *bytes, struct slice *piece_out);

/* At the end: what is held is of the document at hand after all. Borrowed. */
struct slice seam_rest(struct seam *s);

#endif
