/* SPDX-License-Identifier: MIT */
/*
 * Bytes of any encoding into valid UTF-8 of characters that XML allows. What cannot be read becomes
 * U+FFFD, so nothing fails; the quirks tell what was met. How the bytes are cut makes no difference.
 *
 * A byte order mark tells the encoding, or else the zeros of UTF-16, or else the XML declaration,
 * broken as it may be. Where nothing does it is UTF-8, and a byte that is not is windows-1252.
 */
#ifndef PARSER_DECODE_H
#define PARSER_DECODE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/scope.h"
#include "parser/quirks.h"

struct decoder;

struct decoder *decoder_new(void);
void decoder_free(struct decoder *d);
SCOPE_DEFINE(decoder, struct decoder *, decoder_free);

/* Appends what can be told so far: nothing before the head of the document is known. */
void decoder_push(struct decoder *d, struct slice bytes, struct buf *out);

/* There are no more bytes: appends what was held back. */
void decoder_finish(struct decoder *d, struct buf *out);

struct quirks decoder_quirks(const struct decoder *d);

/* May the character be in an XML 1.0 document? */
bool xml_allows(uint32_t point);

#endif
