/* SPDX-License-Identifier: MIT */
/* What is to be done once after a load. */
#ifndef STORE_UPKEEP_H
#define STORE_UPKEEP_H

#include "store/connection.h"

/*
 * Messages that stay where they are were committed without waiting for the disk: waits for all of them, and
 * tells the planner of tables that have grown by much. other: NULL, or one more that is idle, and takes a
 * part of it.
 */
MUST_USE bool upkeep_after_load(struct connection *c, struct connection *other, struct err *e);

#endif
