/* SPDX-License-Identifier: MIT */
/* What runs once at a time, on whatever machine: a lock of the database that goes with its session. */
#ifndef STORE_EXCLUSIVE_H
#define STORE_EXCLUSIVE_H

#include "store/connection.h"

/*
 * Takes the lock of that name until the connection ends, and says in the session's name which process has
 * it. ERR_UNREACHABLE where another has it: by which process, and since when.
 */
MUST_USE bool exclusive_take(struct connection *c, const char *name, struct err *e);

/* Gives it back at once: a session that is closed ends only after its client. */
void exclusive_give_back(struct connection *c, const char *name);

#endif
