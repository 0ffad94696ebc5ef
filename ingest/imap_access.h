/* SPDX-License-Identifier: MIT */
/* How to get to a mail server, and how to get in: what the command line says. All borrowed. */
#ifndef INGEST_IMAP_ACCESS_H
#define INGEST_IMAP_ACCESS_H

#include <stdbool.h>

struct imap_access {
	/* one of these; none: the password */
	const char *password_file, *password_command, *token_command;
	const char *password; /* of the environment; NULL: none */

	const char *ca_file; /* only these are trusted; NULL: the system's */
	const char *client_certificate, *client_key; /* PEM; NULL: none */
	bool plaintext;                              /* imap:// needs no TLS */

	unsigned
		patience_seconds; /* for connecting, and for a server that is silent; 0: the default */
};

/* Where the password comes from if no option says else. */
#define IMAP_PASSWORD_VARIABLE "RUAMILL_IMAP_PASSWORD"

/* The default, and the most that may be asked for. */
enum { IMAP_PATIENCE_SECONDS = 60, IMAP_PATIENCE_MOST = 3600 };

#endif
