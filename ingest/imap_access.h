/* SPDX-License-Identifier: MIT */
/* How to get to a mail server, and how to get in: what the command line or ruamill.conf says. All borrowed. */
#ifndef INGEST_IMAP_ACCESS_H
#define INGEST_IMAP_ACCESS_H

#include <stdbool.h>

struct imap_access {
	/* one of these; none: the environment, $RUAMILL_IMAP_PASSWORD */
	const char *password_file, *password_command, *token_command;
	const char *password_variable;   /* its name */
	const char *password_credential; /* its name: a file in $CREDENTIALS_DIRECTORY */

	const char *ca_file; /* only these are trusted; NULL: the system's */
	const char *client_certificate, *client_key; /* PEM; NULL: none */
	bool plaintext;                              /* imap:// needs no TLS */
};

#endif
