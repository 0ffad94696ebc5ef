/* SPDX-License-Identifier: MIT */
/* Why a piece of mail has the sender that it has: the evidence, in words. */
#ifndef REPORTS_NAMING_H
#define REPORTS_NAMING_H

#include "base/buf.h"
#include "reports/remedy.h"

/*
 * One piece of evidence a call, appended to the text: "SPF passes for an envelope under amazonses.com".
 * Call with *next = 0 until it returns false. None for mail without a sender.
 */
bool naming_next(const struct remedy_subject *subject, size_t *next, struct buf *text);

#endif
