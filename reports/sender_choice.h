/* SPDX-License-Identifier: MIT */
/* Which sender somebody means by a word on a command line. */
#ifndef REPORTS_SENDER_CHOICE_H
#define REPORTS_SENDER_CHOICE_H

#include "reports/catalogue.h"
#include "store/connection.h"

/*
 * By its id or its name, in any case: of the catalogue, or of the owner's own in the database. The id is in
 * the arena. ERR_USAGE with the nearest known one; ERR_LIMIT when the arena is full.
 */
MUST_USE bool sender_choose(struct connection *c, const struct catalogue *catalogue,
			    const char *given, struct arena *arena, const char **id_out,
			    struct err *e);

#endif
