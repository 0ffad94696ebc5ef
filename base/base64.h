/* SPDX-License-Identifier: MIT */
/* Base64 with padding and without line breaks. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

void base64_append(struct buf *b, struct slice bytes);

#endif
