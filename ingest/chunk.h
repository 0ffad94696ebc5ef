/* SPDX-License-Identifier: MIT */
/*
 * Messages that are ingested one after the other by one worker, and what became of them. Chunks are
 * numbered in the order of listing and written to the database in that order, so that the result does
 * not depend on how many workers there are.
 */
#ifndef INGEST_CHUNK_H
#define INGEST_CHUNK_H

#include "base/scope.h"
#include "parser/message.h"

/* Enough to be worth a transaction, and as many as one is to hold. */
enum { CHUNK_LEAST = 128, CHUNK_MESSAGES = 512 };

struct chunk_entry {
	struct message message; /* owned */
	bool closed;            /* handed to the ledger, whole */
	bool committed;         /* its outcome is in the ledger */
	struct verdict_of_message verdict;
	bool gone; /* when it was to be opened: somebody else was faster, as if it had not been listed */
	struct err unreadable; /* it could not be opened or read, and is not in the ledger */
};

struct chunk {
	struct chunk *next; /* whoever holds it may line it up */
	uint64_t number;
	struct err fatal; /* ended it before its end; ERR_NONE: nothing did */
	size_t count;
	struct chunk_entry entries[CHUNK_MESSAGES];
};

struct chunk *chunk_new(uint64_t number);
void chunk_free(struct chunk *c);
SCOPE_DEFINE(chunk, struct chunk *, chunk_free);

/* Takes the message over. There must be room. */
void chunk_add(struct chunk *c, struct message *m);

#endif
