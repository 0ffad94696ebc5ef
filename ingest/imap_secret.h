/* SPDX-License-Identifier: MIT */
/* A password or token: out of a file, a command or the environment, never from the command line. */
#ifndef INGEST_IMAP_SECRET_H
#define INGEST_IMAP_SECRET_H

#include "ingest/imap_access.h"
#include "ingest/imap_login.h"

struct imap_secret {
	struct imap_credentials credentials;
	const struct imap_access *access;
};

/* Both borrowed. */
void imap_secret_init(struct imap_secret *s, const char *user, const struct imap_access *access);

/* Is there one to be had, and only one, and is nobody else to have it, or our key? ERR_USAGE, ERR_CONFIG. */
MUST_USE bool imap_secret_check(const struct imap_access *access, struct err *e);

#endif
