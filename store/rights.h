/* SPDX-License-Identifier: MIT */
/* What a nightly run needs to be allowed to do in the database, found out without doing it. */
#ifndef STORE_RIGHTS_H
#define STORE_RIGHTS_H

#include "store/connection.h"

/* The tables are up to date. prunes: it is to drop what is old, too. ERR_CONFIG. */
MUST_USE bool rights_check(struct connection *c, bool prunes, struct err *e);

#endif
