/* SPDX-License-Identifier: MIT */
/*
 * What becomes of mails on the server: marked, moved or deleted, many by one command. No EXPUNGE is ever
 * sent that could hit what others have marked as deleted.
 */
#ifndef INGEST_IMAP_SETTLE_H
#define INGEST_IMAP_SETTLE_H

#include "ingest/imap_session.h"

/* By one command, whose line stays far below the 8 KiB that servers take. */
enum { IMAP_SETTLED_AT_ONCE = 256 };

struct imap_settled {
	uint32_t uid;
	bool there;  /* it was, and it is done; false: it was not there any more */
	uint32_t to; /* its UID where it was moved to; 0: the server does not say */
};

/* The selected folder is writable and nothing is on its way; mails are ascending. */
MUST_USE bool imap_mark_seen(struct imap_session *s, struct imap_settled *mails, size_t count,
			     struct err *e);
MUST_USE bool imap_delete(struct imap_session *s, struct imap_settled *mails, size_t count,
			  struct err *e);

/* To a mailbox in the server's own words, made where it is missing; its UIDVALIDITY where told, else 0. */
MUST_USE bool imap_move(struct imap_session *s, struct slice mailbox, struct imap_settled *mails,
			size_t count, uint32_t *validity_out, struct err *e);

#endif
