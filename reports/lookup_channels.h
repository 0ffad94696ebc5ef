/* SPDX-License-Identifier: MIT */
/*
 * Questions to name servers and what comes back, by c-ares: one channel a server, so that who is asked
 * next after a silence or a refusal is decided here and not by the library.
 */
#ifndef REPORTS_LOOKUP_CHANNELS_H
#define REPORTS_LOOKUP_CHANNELS_H

#include <stdint.h>

#include "base/buf.h"
#include "reports/lookup_servers.h"
#include "reports/lookup_steps.h"

enum ask_outcome {
	ASK_REPLY,   /* records came: ask->reply */
	ASK_NOTHING, /* there are none */
	ASK_REFUSED, /* the server cannot or will not say */
	ASK_SILENCE, /* nothing came in time */
};

/* One question. Must stay where it is until it is answered. */
struct ask {
	struct lookup_question question;
	enum ask_outcome outcome;
	struct buf reply; /* ours, buf_release() */
	struct ask *next;
	struct channels *channels;
};

struct ask_list {
	struct ask *first, **end; /* NULL: empty and never used */
};

void ask_list_add(struct ask_list *list, struct ask *ask);
struct ask *ask_list_take(struct ask_list *list); /* NULL: there is none */

struct channels;

/* ERR_CONFIG. */
MUST_USE struct channels *channels_open(const struct lookup_servers *servers, unsigned timeout_ms,
					struct err *e);
/* What is under way is dropped. */
void channels_close(struct channels *c);
SCOPE_DEFINE(channels, struct channels *, channels_close);

/* Asks once, over TCP where a reply does not fit; the outcome comes by channels_answered(), perhaps at once. */
void channels_ask(struct channels *c, size_t server, struct ask *ask);

/* So many wait for a reply. */
size_t channels_in_flight(const struct channels *c);

/* Waits until something comes in, a time is over, a signal comes, or so many milliseconds have passed. */
void channels_wait(struct channels *c, int most_ms);

/* One whose outcome has come; NULL: none. */
struct ask *channels_answered(struct channels *c);

#endif
