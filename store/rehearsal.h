/* SPDX-License-Identifier: MIT */
/*
 * A ledger that writes nothing, and gives every message the outcome that the writer would give it: the
 * database is asked which messages and reports it has, and what came before in this run counts as if
 * it were stored.
 *
 * BUGS
 *	What the database would refuse is not known before it is written.
 */
#ifndef STORE_REHEARSAL_H
#define STORE_REHEARSAL_H

#include "parser/message.h"
#include "store/connection.h"

struct rehearsal;

/*
 * The connection is borrowed, and only read from; NULL where there is no database yet, so that all is
 * new. Reports of days after `latest_day` are refused as invalid dates.
 */
struct rehearsal *rehearsal_new(struct connection *c, int64_t latest_day);
void rehearsal_free(struct rehearsal *r);
SCOPE_DEFINE(rehearsal, struct rehearsal *, rehearsal_free);

/* Valid as long as the rehearsal. */
struct ledger *rehearsal_ledger(struct rehearsal *r);

#endif
