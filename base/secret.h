/* SPDX-License-Identifier: MIT */
/*
 * A password or token, while it is needed: in no core, and wiped behind its use. It is written by the
 * functions of a buf, which never move it as long as it keeps to its room.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/buf.h"

/* A token of Microsoft's has two kilobytes; quoting and base64 make at most twice as much of it. */
enum { SECRET_BYTES = 8 * 1024, SECRET_ROOM = 4 * SECRET_BYTES };

void secret_begin(struct buf *b);
void secret_end(struct buf *b);

/*
 * Takes a variable out of the environment, where children and whoever looks at us would find it. False:
 * there is none. Only while there is one thread.
 */
bool secret_take_variable(struct buf *b, const char *name);

#endif
