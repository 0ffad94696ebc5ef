/* SPDX-License-Identifier: MIT */
/* What is done to a message in its mailbox once it is committed, as it is asked for. */
#ifndef INGEST_SETTLEMENT_H
#define INGEST_SETTLEMENT_H

#include "base/err.h"
#include "base/table.h"
#include "parser/message.h"

#define SETTLEMENT_LIST(X)                                                                         \
	X(SETTLE_LEAVE, "leave") /* everything stays as it is */                                   \
	X(SETTLE_MARK, "mark")   /* seen: to cur/ in a Maildir, with the flag S */                 \
	X(SETTLE_MOVE, "move")   /* to a folder; nothing there is ever overwritten */              \
	X(SETTLE_DELETE, "delete")
ENUM_TABLE_DECLARE(settlement_action, SETTLEMENT_LIST);

struct settlement {
	enum settlement_action action;
	const char *folder; /* of SETTLE_MOVE: borrowed */
};

/* By how a message ended. What is zero leaves all as it is, and ENDING_LEFT is always that. */
struct settlement_plan {
	struct settlement by[ENDING_COUNT];
};

/* "leave", "mark", "move:FOLDER", "delete". ERR_USAGE; option: "--then", for people. */
MUST_USE bool settlement_parse(const char *option, const char *text,
			       struct settlement *settlement_out, struct err *e);

/* Does the plan take messages away from where they are? */
bool settlement_takes_away(const struct settlement_plan *plan);

#endif
