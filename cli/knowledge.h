/* SPDX-License-Identifier: MIT */
/* What the owner knows, as options that commands share. */
#ifndef CLI_KNOWLEDGE_H
#define CLI_KNOWLEDGE_H

#include "cli/options.h"
#include "reports/knowledge.h"

/* For a struct with the members `owned` and `rules`. */
/* clang-format off */
#define KNOWLEDGE_OPTIONS(type)                                                                    \
	OPT_LIST("--owned", 0, "DOMAIN", type, owned, "another domain of yours"),                  \
	OPT_LIST("--rule", 0, "KIND=VALUE=SENDER", type, rules,                                    \
		 "name a sender by its selector, dkim, mailfrom or ip")
/* clang-format on */

/* False with the option and its value named. */
MUST_USE bool command_knowledge(struct knowledge *k, const struct option_list *owned,
				const struct option_list *rules, struct err *e);

#endif
