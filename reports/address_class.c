/* SPDX-License-Identifier: MIT */
#include "reports/address_class.h"

#include "base/banned.h"

/* The longest prefix counts, and of two alike the first. */
static bool is_better(const struct owner_rule *rule, const struct owner_rule *best)
{
	return !best || rule->network.bits > best->network.bits;
}

struct address_class address_class_of(const struct judge *judge, const struct evidence *evidence)
{
	const struct owner *owner = evidence->owner;
	const struct address *address = &evidence->record->source_ip;
	struct address_class class = { .range = catalogue_range(judge->catalogue, address) };

	for (size_t i = 0; i < owner->rule_count; i++) {
		const struct owner_rule *rule = &owner->rules[i];

		if (rule->kind != RULE_BY_ADDRESS || !network_has(&rule->network, address))
			continue;
		if (is_better(rule, class.hop))
			class.hop = rule;
		if (!sender_is_transit(rule->sender) && is_better(rule, class.sender))
			class.sender = rule;
	}
	return class;
}
