/* SPDX-License-Identifier: MIT */
/*
 * A belt of slots between two threads: the caller's fills one after the other, the belt's own works on them
 * in the same order. The slots themselves are the caller's; here they are numbers from 0 on. Threads that wake
 * up are dear: the worker sleeps until enough slots are filled, and a filler who has filled all until half of
 * them are done.
 */
#ifndef INGEST_BELT_H
#define INGEST_BELT_H

#include "base/err.h"

struct belt;

/* In the belt's thread. After the first that is false none is called any more: what follows is skipped. */
typedef bool belt_work(void *context, size_t slot, struct err *e);

/* enough: from 1 to slots. NULL where no thread can be had. */
struct belt *belt_new(size_t slots, size_t enough, belt_work *work, void *context);

/* What nobody has begun is dropped. */
void belt_free(struct belt *b);

/* The one to fill: nobody else's until it is passed. */
size_t belt_slot(const struct belt *b);

/* Passes it on and waits for the next one. False, as often as asked, once the work has failed. */
MUST_USE bool belt_pass(struct belt *b, struct err *e);

/* The same, having waited until the work on all that was passed is done. */
MUST_USE bool belt_wait(struct belt *b, struct err *e);

#endif
