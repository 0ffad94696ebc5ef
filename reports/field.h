/* SPDX-License-Identifier: MIT */
/* Fields of rows out of the database, on their way into an answer that outlives the rows. */
#ifndef REPORTS_FIELD_H
#define REPORTS_FIELD_H

#include <stdint.h>

#include "base/arena.h"

/* A sum: over many reports it may pass 64 bits, and then stays at their end. */
uint64_t field_number(struct slice text);

/* A copy in the arena, absent of what is absent; false when the arena is full. */
MUST_USE bool field_copy(struct arena *arena, struct slice text, struct slice *copy_out);

#endif
