/* SPDX-License-Identifier: MIT */
/* What the ledger knows of messages before they are opened, for all that keep or only read it. */
#ifndef STORE_LOOKUP_H
#define STORE_LOOKUP_H

#include "parser/message.h"
#include "store/connection.h"

/* lookup() of struct ledger_ops, over a connection; the ledger says whether to retry. */
MUST_USE bool lookup_messages(const struct ledger *ledger, struct connection *c,
			      const struct message *const *messages, size_t count,
			      enum ledger_state *states, struct err *e);

#endif
