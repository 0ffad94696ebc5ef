/* SPDX-License-Identifier: MIT */
#include "cli/knowledge.h"

#include "base/banned.h"

bool command_knowledge(struct knowledge *k, const struct option_list *owned,
		       const struct option_list *rules, struct err *e)
{
	for (size_t i = 0; i < owned->count; i++) {
		if (!knowledge_own(k, slice_from(owned->values[i]), e))
			return err_where(e, "--owned");
	}
	for (size_t i = 0; i < rules->count; i++) {
		if (!knowledge_add_rule_text(k, slice_from(rules->values[i]), e))
			return err_where(e, "--rule %s", rules->values[i]);
	}
	return true;
}
