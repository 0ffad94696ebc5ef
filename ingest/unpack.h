/* SPDX-License-Identifier: MIT */
/*
 * Takes layers of packing off: gzip, zip, zlib, deflate, or none, told by content alone. Bytes are pushed in, the
 * documents found come out at the receiver, streamed.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "base/scope.h"
#include "ingest/budget.h"
#include "ingest/document.h"

struct unpacker;

/* Both borrowed. */
struct unpacker *unpacker_new(struct budget *budget, struct receiver *receiver);
void unpacker_free(struct unpacker *u);
SCOPE_DEFINE(unpacker, struct unpacker *, unpacker_free);

/*
 * False: ERR_INPUT (damaged), ERR_LIMIT (too much), or the receiver's own error. The receiver has
 * then been told abort() where a document was open.
 */
MUST_USE bool unpacker_push(struct unpacker *u, struct slice bytes, struct err *e);
MUST_USE bool unpacker_finish(struct unpacker *u, struct err *e);

/* Does it begin like an archive? Needs the first DOCUMENT_HEAD_BYTES. */
bool unpack_is_archive(struct slice head);

#endif
