/* SPDX-License-Identifier: MIT */
/* Names of mailboxes and sets of UIDs, as IMAP writes them. */
#ifndef INGEST_IMAP_NAME_H
#define INGEST_IMAP_NAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Appends a folder as the server knows it: UTF-8 with slashes into modified UTF-7 with the server's own
 * delimiter, 0 where it has none. ERR_USAGE for what can be no mailbox.
 */
MUST_USE bool imap_append_mailbox(struct buf *b, struct slice folder, char delimiter,
				  struct err *e);

/*
 * Appends a quoted string; false where it cannot be one, for a byte that is no printable ASCII. Longer
 * ones need literals, which we do not send.
 */
MUST_USE bool imap_append_quoted(struct buf *b, struct slice text);

/* Appends ascending UIDs as ranges: 1:3,7. */
void imap_append_set(struct buf *b, const uint32_t *uids, size_t count);

/* A set that is read, one UID after the other: in no order, and no more than the caller asks for. */
struct imap_set {
	struct slice rest;
	uint32_t next, last; /* of the range; 0: none is under way */
};

/* 1: the next UID; 0: there is none; -1: it is no set of UIDs. */
int imap_set_next(struct imap_set *s, uint32_t *uid_out);

#endif
