/* SPDX-License-Identifier: MIT */
/* Whether reports come from who they say: thought of anew, by the suffix list and the reporters of today. */
#ifndef REPORTS_ORIGINS_H
#define REPORTS_ORIGINS_H

#include "parser/domain.h"
#include "store/connection.h"

/* All that came by mail. Each page is a transaction; others store and read meanwhile. */
MUST_USE bool origins_rejudge(struct connection *c, const struct domains *domains, struct err *e);

#endif
