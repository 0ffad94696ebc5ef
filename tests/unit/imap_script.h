/* SPDX-License-Identifier: MIT */
/*
 * A server that goes by a script: "> LINE" is what the client must send next, "< LINE" what the server
 * says then, "= BYTES" the same without an end of line, "~" is a pause, and "!" closes the connection. After
 * the last step it is silent, and closes when it is asked for more.
 */
#ifndef TESTS_UNIT_IMAP_SCRIPT_H
#define TESTS_UNIT_IMAP_SCRIPT_H

#include "base/buf.h"
#include "ingest/imap_transport.h"

struct imap_script {
	struct imap_transport transport;
	const char *name;         /* for people */
	const char *const *steps; /* NULL after the last */
	size_t piece;             /* bytes that arrive at a time; 0: a step */
	size_t given;             /* of the step at hand */
	struct buf sent;          /* that makes no whole line yet */
	unsigned opened, backed_off;
	bool in_core; /* some of what was sent lay where a core would have it */
};

void imap_script_init(struct imap_script *s, const char *name, const char *const *steps);

/* Expects that all of it was gone through. */
void imap_script_end(struct imap_script *s);

#endif
