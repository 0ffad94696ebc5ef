/* SPDX-License-Identifier: MIT */
#include "ingest/settlement.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(settlement_action, SETTLEMENT_LIST)

static bool is_settlement(const char *text, struct settlement *s)
{
	struct slice whole = slice_from(text);
	size_t colon = slice_find(whole, ':');

	*s = (struct settlement){ .folder = colon < whole.n ? text + colon + 1 : NULL };
	if (!settlement_action_find(slice_prefix(whole, colon), &s->action))
		return false;
	return s->action == SETTLE_MOVE ? s->folder && s->folder[0] != '\0' : !s->folder;
}

bool settlement_parse(const char *option, const char *text, struct settlement *settlement_out,
		      struct err *e)
{
	struct settlement s;

	if (is_settlement(text, &s)) {
		*settlement_out = s;
		return true;
	}
	err_set(e, ERR_USAGE, "not a value of %s", option);
	err_where(e, "%s", text);
	return err_remedy(e, "choose one of: leave, mark, move:FOLDER, delete");
}

bool settlement_takes_away(const struct settlement_plan *plan)
{
	for (size_t i = 0; i < ENDING_COUNT; i++) {
		if (plan->by[i].action == SETTLE_MOVE || plan->by[i].action == SETTLE_DELETE)
			return true;
	}
	return false;
}
