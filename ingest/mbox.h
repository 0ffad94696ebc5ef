/* SPDX-License-Identifier: MIT */
/*
 * An mbox, read only: the mails in it one after the other, each known by its bytes and the path of the
 * mbox, so that it stays known when mails behind it are appended or mails before it are expunged.
 *
 * ">From " is left as it is: what quoting was meant to be undone cannot be told, and base64, archives
 * and XML have no line that it would change.
 */
#ifndef INGEST_MBOX_H
#define INGEST_MBOX_H

#include "parser/message.h"

struct mbox;

/* Is it one? Told by its first lines; what cannot be read is none. */
bool mbox_is(const char *path);

/* NULL with ERR_NO_INPUT. */
struct mbox *mbox_open(const char *path, struct err *e);
void mbox_close(struct mbox *b);

/*
 * 1: the next mail, owned by the caller; 0: there is none. The locator is PATH:OFFSET. Where the mbox cannot
 * be read any further it yields what cannot be opened, and that is the last.
 */
int mbox_next(struct mbox *b, struct message *message_out);

/* A copy of one mail, at most one byte past the limit of a mail; ERR_NO_INPUT when it has changed. */
int mbox_open_mail(const struct message *m, struct err *e);

#endif
