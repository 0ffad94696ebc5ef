/* SPDX-License-Identifier: MIT */
/*
 * The roles of a database: who ingests, and who reads. Which rights each has is the schema's to say; they
 * are given here, and anew when the schema changes.
 */
#ifndef STORE_ROLES_H
#define STORE_ROLES_H

#include "store/connection.h"

#define ROLES_INGEST "ruamill_ingest"
#define ROLES_READER "ruamill_reader"

/* Makes them, or gives them their rights anew; several may do so at once. */
MUST_USE bool roles_set_up(struct connection *c, struct err *e);

/* After a change of the schema, in its transaction: who has rights gets them on what is new. */
MUST_USE bool roles_grant(struct connection *c, struct err *e);

#endif
