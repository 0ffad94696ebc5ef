/* SPDX-License-Identifier: MIT */
/*
 * A mail, taken apart by GMime: every leaf of its tree, decoded, is pushed to a listener, whatever it
 * is called and whatever type it claims.
 */
#ifndef INGEST_MIME_H
#define INGEST_MIME_H

#include "base/err.h"
#include "base/slice.h"
#include "ingest/mail_kind.h"

struct mime_part {
	struct slice type; /* as declared: "application/gzip"; absent: not declared */
	unsigned number;   /* 1 for the first leaf of the mail */
	bool forwarded;    /* inside a message/rfc822 */
};

struct mime_head;

struct mime_listener {
	/* Told of the header of the outermost mail, before its parts; may be NULL. */
	void (*head)(struct mime_listener *l, const struct mime_head *head);

	/* False ends the walk with the listener's error. */
	bool (*begin)(struct mime_listener *l, const struct mime_part *part, struct err *e);
	bool (*bytes)(struct mime_listener *l, struct slice bytes, struct err *e);
	bool (*end)(struct mime_listener *l, struct err *e);
};

struct mime_summary {
	char *message_id; /* NULL where there is none; ours, free() */
	enum mail_kind kind;
};

/* The domain of the address in From as it is written, borrowed; absent unless there is exactly one. */
struct slice mime_head_from(const struct mime_head *head);

/* The next field of a name from a place on, from 0: its value as it came, borrowed; NULL at the end. */
const char *mime_head_field(const struct mime_head *head, const char *name, int *place);

/* Readies GMime for all threads: before the first walk, and before there are threads. */
void mime_start(void);

enum { MIME_SMALL_MAIL = 64 * 1024 };

/*
 * Reads the mail behind a seekable descriptor. small: all of it, where somebody has read it and it is so
 * small; else absent. summary_out is set also when the walk is ended early.
 */
MUST_USE bool mime_walk(int fd, struct slice small, struct mime_listener *listener,
			struct mime_summary *summary_out, struct err *e);

#endif
