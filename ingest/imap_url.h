/* SPDX-License-Identifier: MIT */
/* imaps://user@host[:port]/Folder: which mailbox, and never with a password in it. */
#ifndef INGEST_IMAP_URL_H
#define INGEST_IMAP_URL_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct imap_url {
	bool tls;      /* from the first byte on: imaps */
	char *user;    /* decoded */
	char *host;    /* lower case, without brackets */
	uint16_t port; /* that of the scheme where none is given */
	char *folder;  /* decoded, with slashes; "INBOX" where none is given */
};

/* Does a spec of a source name a mailbox on a server? */
bool imap_url_is(struct slice spec);

/* ERR_USAGE. To be released also then. */
MUST_USE bool imap_url_parse(struct slice spec, struct imap_url *url_out, struct err *e);
void imap_url_release(struct imap_url *url);

/* Is the port another than that of imap and imaps? */
bool imap_url_has_own_port(const struct imap_url *url);

/* Appends it as it is known to people and to the ledger, with this folder. */
void imap_url_append(struct buf *b, const struct imap_url *url, const char *folder);

/* Is the host this machine, by its name alone? */
bool imap_url_is_loopback(const struct imap_url *url);

#endif
