/* SPDX-License-Identifier: MIT */
/* Senders in the database: the catalogue's, told to it, and what the owner put beside them, read from it. */
#ifndef REPORTS_SENDERS_STORE_H
#define REPORTS_SENDERS_STORE_H

#include "reports/knowledge.h"
#include "store/connection.h"

/* Makes dmarc.sender say what the catalogue says; the owner's own rows stay. In one transaction. */
MUST_USE bool senders_publish(struct connection *c, const struct catalogue *catalogue,
			      struct err *e);

/* The owner's domains and rules. ERR_CONFIG, with the row, where one cannot be understood. */
MUST_USE bool senders_load(struct connection *c, struct knowledge *knowledge, struct err *e);

/*
 * Changes whenever a judgement might: with the program, its catalogue, the list of suffixes, and what
 * the owner knows. Short, since millions of judgements carry it.
 */
enum { FINGERPRINT_SIZE = 9 };
void judge_fingerprint(const struct judge *judge, const char *program,
		       char text[static FINGERPRINT_SIZE]);

#endif
