/* SPDX-License-Identifier: MIT */
/*
 * Broken XML mended: bytes in, well-formed UTF-8 XML out, for a parser that is as strict as before.
 * It knows enough of reports to tell which element was meant to end where. What is dropped leaves its
 * line ends, so that line numbers stay true; attributes are dropped, but for namespaces.
 *
 * A document that is cut off stays so: its reader must see it. One without a <feedback> has no markup.
 */
#ifndef PARSER_MEND_H
#define PARSER_MEND_H

#include "base/buf.h"
#include "base/err.h"
#include "base/scope.h"
#include "parser/quirks.h"

struct mender;

struct mender *mender_new(void);
void mender_free(struct mender *m);
SCOPE_DEFINE(mender, struct mender *, mender_free);

/*
 * Appends to *out what can be told so far; any piece will do, and how bytes are cut makes no
 * difference. ERR_INPUT: a DOCTYPE; ERR_LIMIT: a long tag or deep nesting. Nothing may follow these.
 */
MUST_USE bool mender_push(struct mender *m, struct slice bytes, struct buf *out, struct err *e);

/* There are no more bytes. */
MUST_USE bool mender_finish(struct mender *m, struct buf *out, struct err *e);

/* What was mended, QUIRK_RECOVERED_XML apart. */
struct quirks mender_quirks(const struct mender *m);

#endif
