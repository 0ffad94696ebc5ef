/* SPDX-License-Identifier: MIT */
/* What the planner must know of tables that have grown. */
#ifndef STORE_UPKEEP_H
#define STORE_UPKEEP_H

#include "store/connection.h"

/* After a load, large or small; costs next to nothing where nothing has grown by much. */
MUST_USE bool upkeep_after_load(struct connection *c, struct err *e);

#endif
