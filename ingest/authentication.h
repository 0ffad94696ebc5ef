/* SPDX-License-Identifier: MIT */
/*
 * Authentication-Results (RFC 8601): what a receiving server found out about a mail, in a field that
 * anybody else may have written, too. Only one that names a trusted server says anything.
 */
#ifndef INGEST_AUTHENTICATION_H
#define INGEST_AUTHENTICATION_H

#include "parser/limits.h"
#include "parser/origin.h"

struct domains;

/* The servers that are trusted, by the names they write (authserv-id). Borrowed. */
struct trust {
	const char *const *servers;
	size_t count;
};

struct authentication {
	enum proof proof;                  /* of the domain that was asked about */
	char signer[LIMIT_NAME_BYTES + 1]; /* d= of a signature that passed and is of it; or "" */
};

/*
 * Reads the value of one field, folded and with comments as it may be. False where its server is not
 * trusted. `from`: the domain in From, as names are spelled here. A word of the server's on DMARC
 * decides; where it says none, what passed or failed for a domain of the same organisation does.
 * What is malformed ends the reading, and what was read by then counts.
 */
MUST_USE bool authentication_read(struct slice value, const struct trust *trust,
				  const struct domains *domains, struct slice from,
				  struct authentication *result_out);

#endif
