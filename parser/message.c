/* SPDX-License-Identifier: MIT */
#include "parser/message.h"

#include <stdlib.h>

#include "base/banned.h"

ENUM_TABLE_DEFINE(outcome, OUTCOME_LIST)

void message_release(struct message *m)
{
	free(m->source);
	free(m->locator);
	free(m->message_id);
	*m = (struct message){ 0 };
}
