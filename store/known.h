/* SPDX-License-Identifier: MIT */
/* What the ledger knows of messages from before: the questions of struct ledger_ops, answered. */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H

#include "parser/message.h"
#include "store/connection.h"

/* retry: what failed is to be tried again. */
MUST_USE bool known_lookup(struct connection *c, bool retry, const struct message *const *messages,
			   size_t count, struct known_message *known, struct err *e);
MUST_USE bool known_unsettled(struct connection *c, const char *source,
			      struct unsettled_message **messages_out, size_t *count_out,
			      struct err *e);
MUST_USE bool known_settle(struct connection *c, const struct settled_message *settled,
			   size_t count, struct err *e);

#endif
