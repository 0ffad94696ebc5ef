/* SPDX-License-Identifier: MIT */
/* Lets threads through one after the other, by their numbers: 0, 1, 2, ... */
#ifndef INGEST_TURNSTILE_H
#define INGEST_TURNSTILE_H

#include <stdint.h>

#include "base/err.h"
#include "base/monitor.h"

struct turnstile {
	struct monitor monitor;
	uint64_t next;
	bool broken;
};

void turnstile_init(struct turnstile *t);
void turnstile_release(struct turnstile *t);

/* Waits for the number's turn, which lasts until it passes. ERR_INTERRUPTED once it is broken. */
MUST_USE bool turnstile_wait(struct turnstile *t, uint64_t number, struct err *e);

/* The number is done, whether or not it has waited: the next one may go. */
void turnstile_pass(struct turnstile *t, uint64_t number);

/* Nobody passes any more. */
void turnstile_break(struct turnstile *t);

#endif
