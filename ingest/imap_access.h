/* SPDX-License-Identifier: MIT */
/* How to get to a mail server, and how to get in: what the command line or ruamill.conf says. All borrowed. */
#ifndef INGEST_IMAP_ACCESS_H
#define INGEST_IMAP_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_access {
	/* one of these; none: the password */
	const char *password_file, *password_command, *token_command;
	const char *password_variable;   /* its name */
	const char *password_credential; /* its name: a file in $CREDENTIALS_DIRECTORY */
	const char
		*password; /* out of that variable, or of the default one; NULL: it was not set */

	const char *ca_file; /* only these are trusted; NULL: the system's */
	const char *client_certificate, *client_key; /* PEM; NULL: none */
	bool plaintext;                              /* imap:// needs no TLS */

	int64_t since; /* only mails that arrived on this day or later, in days since 1970; 0: all */
	bool unseen;   /* only mails that are not marked as seen */

	/* for connecting, and for a server that is silent; 0: the default */
	unsigned patience_seconds;
};

/* How many ways to the secret are named; there is to be one, or none. */
static inline unsigned imap_access_ways(const struct imap_access *a)
{
	const char *const ways[] = { a->password_file, a->password_command, a->password_variable,
				     a->password_credential, a->token_command };
	unsigned named = 0;

	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		named += ways[i] != NULL;
	return named;
}

/* Where the password comes from if no option says else. */
#define IMAP_PASSWORD_VARIABLE "RUAMILL_IMAP_PASSWORD"

/* The default, and the most that may be asked for. */
enum { IMAP_PATIENCE_SECONDS = 60, IMAP_PATIENCE_MOST = 3600 };

#endif
