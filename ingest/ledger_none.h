/* SPDX-License-Identifier: MIT */
/* A ledger that remembers nothing, for commands without a database: every message is new. */
#ifndef INGEST_LEDGER_NONE_H
#define INGEST_LEDGER_NONE_H

#include "parser/message.h"

/* sink: borrowed, takes the reports. */
struct ledger ledger_none(struct sink *sink);

#endif
