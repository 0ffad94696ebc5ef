/* SPDX-License-Identifier: MIT */
/* IDLE: the server says by itself that a mail has come. */
#ifndef INGEST_IMAP_IDLE_H
#define INGEST_IMAP_IDLE_H

#include "ingest/imap_session.h"

/* A server may take who is silent for half an hour for dead: it is told again before. */
enum { IMAP_IDLE_MS = 25 * 60 * 1000 };

struct imap_idle {
	struct imap_session *session; /* borrowed */
	struct imap_command command;
	bool idling;
	bool refused; /* by a server that had offered it */
	int64_t since;
};

void imap_idle_init(struct imap_idle *i, struct imap_session *session);

/* Is it of any use here? Else the server has to be asked. */
bool imap_idle_is_possible(const struct imap_idle *i);

/*
 * 1: a mail has come since imap_search_all(); 0: none so far; -1: the connection broke. Begins where it has
 * not, at this time, and begins again where it has for long. Nothing else is on its way.
 */
int imap_idle_look(struct imap_idle *i, int64_t now_ms, struct err *e);

/* Ends it, so that another command may be sent. */
MUST_USE bool imap_idle_end(struct imap_idle *i, struct err *e);

/* The connection is gone, and it with it. */
void imap_idle_forget(struct imap_idle *i);

#endif
