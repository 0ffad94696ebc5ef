/* SPDX-License-Identifier: MIT */
/* One who ingests chunks: opens, unpacks and parses their messages, and hands them to his ledger. */
#ifndef INGEST_WORKER_H
#define INGEST_WORKER_H

#include "ingest/chunk.h"
#include "ingest/extract.h"
#include "ingest/source.h"
#include "ingest/turnstile.h"

struct worker {
	struct ledger_listener
		listener; /* of worker_run(): the ledger tells it what is committed */
	const struct domains *domains;
	struct ledger *ledger;     /* his own: borrowed */
	struct source *source;     /* borrowed; opens messages of several workers at once */
	struct turnstile *turns;   /* NULL: he is alone */
	struct ticker *ticker;     /* borrowed; NULL: nobody looks on */
	bool aside;                /* he may have a helper for a long document */
	const struct trust *trust; /* borrowed */

	/* from the first chunk to worker_release(): for one document after the other */
	struct relay *relay;
	struct parser *parser;

	/* of worker_run() */
	struct chunk *chunk;
	size_t told;        /* entries of it that the ledger has told of, or passed over */
	bool source_failed; /* what was read before is kept */
};

void worker_release(struct worker *w);

/* Says that a signal came; false. */
bool worker_stopped(struct err *e);

/* Ingests the chunk to its end, or to what its `fatal` says; nothing of it is left to be written. */
void worker_run(struct worker *w, struct chunk *chunk);

#endif
