/* SPDX-License-Identifier: MIT */
/*
 * What carries the bytes of an IMAP dialogue. It begins behind the greeting: who opens a transport has a
 * server that is who it claims to be, over TLS unless it was told that none is needed.
 */
#ifndef INGEST_IMAP_TRANSPORT_H
#define INGEST_IMAP_TRANSPORT_H

#include <sys/types.h>

#include "base/err.h"

struct imap_transport;

enum { IMAP_NOTHING_YET = -2 };

/*
 * ERR_UNREACHABLE: another attempt may help. Anything else: it will not. No call takes longer than some
 * minutes, and a signal ends each with ERR_INTERRUPTED.
 */
struct imap_transport_ops {
	/* Anew, also after shut(). */
	bool (*open)(struct imap_transport *t, struct err *e);
	bool (*send)(struct imap_transport *t, struct slice bytes, struct err *e);

	/* Waits for up to n bytes; 0: the server has closed the connection; -1: an error. */
	ssize_t (*receive)(struct imap_transport *t, char *bytes, size_t n, struct err *e);

	/* The same without waiting; IMAP_NOTHING_YET, and then the descriptor is to be polled for more. */
	ssize_t (*arrived)(struct imap_transport *t, char *bytes, size_t n, struct err *e);
	int (*descriptor)(const struct imap_transport *t);
	void (*shut)(struct imap_transport *t);

	/* Waits before the next attempt, of which there have been so many; a signal ends it. */
	void (*back_off)(struct imap_transport *t, unsigned attempts);
};

/* First member of every transport. */
struct imap_transport {
	const struct imap_transport_ops *ops;
	bool secure;           /* nobody reads along */
	bool preauthenticated; /* the greeting said so: there is nothing to log in to */
};

#endif
