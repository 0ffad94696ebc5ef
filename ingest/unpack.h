/* SPDX-License-Identifier: MIT */
/*
 * Takes layers of packing off: gzip, zip, zlib, deflate, a mail, or none, told by content alone. Bytes are
 * pushed in, the documents found come out at the receiver, streamed. Where there may be a mail, mime_start()
 * has to be called before.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "base/scope.h"
#include "ingest/budget.h"
#include "ingest/document.h"
#include "ingest/mime.h"

struct unpacker;

/* Told of a mail that is all there is, packed as a whole: its header before the documents in it. */
struct mail_watch {
	void (*head)(struct mail_watch *w, const struct mime_head *head);
	void (*end)(struct mail_watch *w, const struct mime_summary *summary);
};

/* Both borrowed. */
struct unpacker *unpacker_new(struct budget *budget, struct receiver *receiver);
void unpacker_free(struct unpacker *u);
SCOPE_DEFINE(unpacker, struct unpacker *, unpacker_free);

/* Before the first push; borrowed. Without it, a mail in there is one that was handed on. */
void unpacker_watch(struct unpacker *u, struct mail_watch *watch);

/*
 * False: ERR_INPUT (damaged), ERR_LIMIT (too much), or the receiver's own error. The receiver has
 * then been told abort() where a document was open.
 */
MUST_USE bool unpacker_push(struct unpacker *u, struct slice bytes, struct err *e);
MUST_USE bool unpacker_finish(struct unpacker *u, struct err *e);

/* Does it begin like an archive? A mail is none. Needs the first DOCUMENT_HEAD_BYTES. */
bool unpack_is_archive(struct slice head);

#endif
