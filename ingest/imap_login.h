/* SPDX-License-Identifier: MIT */
/* Logging in, by the best way that the server offers for what we have: a password, or a token. */
#ifndef INGEST_IMAP_LOGIN_H
#define INGEST_IMAP_LOGIN_H

#include "ingest/imap_session.h"

struct imap_credentials {
	const char *user;
	bool token; /* the secret is an OAuth access token, and no password */

	/* Appends it; asked for at each log-in, since tokens end. */
	bool (*secret)(struct imap_credentials *c, struct buf *secret, struct err *e);
};

/* Behind imap_connect(). ERR_CONFIG where it is refused. */
MUST_USE bool imap_login(struct imap_session *s, struct imap_credentials *c, struct err *e);

#endif
