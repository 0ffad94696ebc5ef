/* SPDX-License-Identifier: MIT */
/*
 * One look over a mail before GMime builds its tree: refuses what would cost too much there, and finds
 * what GMime would not understand, so that it can be mended. It follows GMime as far as it must: what
 * it takes for a header or a boundary is at least all that GMime takes for one.
 *
 * Bytes are pushed in; nothing of them is kept but the line at hand and what a header says of the type.
 */
#ifndef INGEST_PRESCAN_H
#define INGEST_PRESCAN_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

/* What to change in a mail, so that GMime reads it as it was meant. */
enum repair_kind {
	REPAIR_HYPHEN,   /* "ContentType" needs one here */
	REPAIR_NO_PARTS, /* this letter makes it a multipart, which it is not: no line divides it */
	REPAIR_BOUNDARY, /* this multipart does not say what divides it, or says what does not */
};

struct repair {
	uint64_t offset;
	enum repair_kind kind;
	struct slice boundary; /* for the last kind; the prescan's */
};

struct prescan;

struct prescan *prescan_new(void);
void prescan_free(struct prescan *p);
SCOPE_DEFINE(prescan, struct prescan *, prescan_free);

/* Before the first push: a boundary that no line fits is what was meant, so that this look is the last. */
void prescan_take_as_declared(struct prescan *p);

/* ERR_LIMIT: the mail is too much for GMime. */
MUST_USE bool prescan_push(struct prescan *p, struct slice bytes, struct err *e);
MUST_USE bool prescan_finish(struct prescan *p, struct err *e);

/* Once finished: does it begin like a mail? Limits are those of mails, so nothing else meets them. */
bool prescan_is_mail(const struct prescan *p);

/* Where the mail begins: behind empty lines, if there are any, which GMime must not see. */
uint64_t prescan_start(const struct prescan *p);

/* Once finished, in the order of their offsets; the array is the prescan's. */
const struct repair *prescan_repairs(const struct prescan *p, size_t *count_out);

/*
 * Once finished: a boundary was taken for another than the declared one, so the mended mail has other parts
 * than were counted, and needs a look of its own.
 */
bool prescan_wants_another(const struct prescan *p);

/* What was counted: never less than what GMime makes of the mail. */
struct prescan_counts {
	unsigned boundary_lines, header_lines;
	unsigned headers; /* of the mail, its parts, and of mails in it */
};

struct prescan_counts prescan_counts(const struct prescan *p);

#endif
