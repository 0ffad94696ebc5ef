/* SPDX-License-Identifier: MIT */
/*
 * Workers in threads of their own, behind a queue that holds few chunks: whoever fills it waits when
 * they are busy. Finished chunks come back in the order they were handed over.
 */
#ifndef INGEST_CREW_H
#define INGEST_CREW_H

#include "ingest/worker.h"

/* More than two share a core with the database. */
enum { CREW_MAX = 16 };

struct crew;

/* Borrows the workers. */
struct crew *crew_new(struct worker *workers, size_t count);

/* Ends the threads; chunks that nobody has begun are dropped. Take the finished ones first. */
void crew_free(struct crew *c);

/* Is there a place in the queue? */
bool crew_has_room(struct crew *c);

/* Takes the chunk over. There must be room. */
void crew_hand_over(struct crew *c, struct chunk *chunk);

/* Drops what nobody has begun; what is under way is finished, and to be taken. */
void crew_stop(struct crew *c);

/* Waits so long at most; true: crew_take() need not wait any more. */
bool crew_wait(struct crew *c, unsigned milliseconds);

/* The next chunk in order, ours again, waiting for it; NULL where none is under way. */
struct chunk *crew_take(struct crew *c);

#endif
