/* SPDX-License-Identifier: MIT */
/*
 * One pass over the XML: libxml2's SAX2 push parser, held to our limits, finds elements and hands them
 * to the assembly. It is strict: the first fault ends it.
 */
#ifndef PARSER_SCAN_H
#define PARSER_SCAN_H

#include "base/err.h"
#include "base/slice.h"

struct assembly;
struct scan;

enum scan_state {
	SCAN_READING,
	SCAN_WHOLE,   /* the root was closed; what follows is not looked at */
	SCAN_CUT_OFF, /* the bytes ended before that */
	SCAN_BROKEN,  /* not well-formed, or another root: it may be mended */
	SCAN_FAILED,  /* a limit, the content, the sink: it may not */
};

/* libxml2 makes its globals when it is first used, which must not be in two threads. */
void scan_start(void);

/* assembly: borrowed. */
struct scan *scan_new(struct assembly *assembly);
void scan_free(struct scan *s);

/*
 * For another pass or document, as if new. mended: what a mender wrote says nothing of how the document
 * was encoded.
 */
void scan_renew(struct scan *s, bool mended);

/* In pieces of any size. Nothing happens once it has ended. */
enum scan_state scan_push(struct scan *s, struct slice bytes);

/* There are no more bytes. SCAN_READING no more. */
enum scan_state scan_finish(struct scan *s);

/* Has it come to <feedback>? */
bool scan_saw_root(const struct scan *s);

/* How far it has come. */
int scan_line(const struct scan *s);

/* Why it is cut off, broken or failed, with the line. */
const struct err *scan_error(const struct scan *s);

#endif
