/* SPDX-License-Identifier: MIT */
/*
 * Mails out of the selected folder, fetched ahead: whoever says early which ones he is going to take gets
 * them in batches, several of which are on their way at once. Never marks a mail as seen.
 */
#ifndef INGEST_IMAP_FETCH_H
#define INGEST_IMAP_FETCH_H

#include "base/spool.h"
#include "ingest/imap_session.h"

struct imap_mail;

/* A batch has one UID FETCH. */
enum { IMAP_BATCHES = 4 };

struct imap_batch {
	struct imap_command command;
	uint32_t first, last; /* UIDs */
};

struct imap_fetch {
	struct imap_watcher watcher;
	struct imap_session *session; /* borrowed */
	struct imap_mail *mails;      /* ascending by UID */
	size_t count, capacity;
	uint64_t held; /* bytes on their way, or arrived and not taken */
	struct imap_batch batches[IMAP_BATCHES];
	size_t oldest, flying;

	struct spool arriving; /* the body in the response that is under way */
	bool has_body, too_large;
};

void imap_fetch_init(struct imap_fetch *f, struct imap_session *session);
void imap_fetch_release(struct imap_fetch *f);

/* It is going to be taken: after those of lower UIDs, if all goes well. */
void imap_fetch_expect(struct imap_fetch *f, uint32_t uid);

/*
 * 1: its bytes, the caller's; of one that is too large only its size. 0: it is not there any more. -1: an
 * error; ERR_NO_INPUT is of this mail alone.
 */
int imap_fetch_take(struct imap_fetch *f, uint32_t uid, uint64_t *size_out, struct spool *bytes_out,
		    struct err *e);

/* Waits for what is on its way, so that another command may be sent. */
MUST_USE bool imap_fetch_finish(struct imap_fetch *f, struct err *e);

/* The connection is gone: what was on its way is asked for again. What has arrived is kept. */
void imap_fetch_forget_flying(struct imap_fetch *f);

#endif
