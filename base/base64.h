/* SPDX-License-Identifier: MIT */
/* Base64 with padding and without line breaks. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

void base64_append(struct buf *b, struct slice bytes);

/* Appends the bytes. False for what is not such a text; what is appended then is of no use. */
MUST_USE bool base64_decode(struct buf *b, struct slice text);

#endif
