/* SPDX-License-Identifier: MIT */
/*
 * What the owner knows, from text to what the judge takes: the domains he owns, and the rules by
 * which he names senders. The same checks whoever brings it, a command line or the database.
 */
#ifndef REPORTS_KNOWLEDGE_H
#define REPORTS_KNOWLEDGE_H

#include "base/arena.h"
#include "reports/judge.h"

struct knowledge {
	const struct catalogue *catalogue; /* borrowed */
	const struct domains *domains;     /* borrowed */
	struct arena arena;
	struct slice *owned; /* ours, free(), like all arrays here */
	size_t owned_count, owned_capacity;
	struct owner_rule *rules;
	size_t rule_count, rule_capacity;
	struct sender **senders; /* the owner's own: services that the catalogue does not know */
	size_t sender_count, sender_capacity;
};

void knowledge_init(struct knowledge *k, const struct catalogue *catalogue,
		    const struct domains *domains);
void knowledge_release(struct knowledge *k);

/* A domain of the owner's, with all that is below it. ERR_USAGE where nobody can own it. */
MUST_USE bool knowledge_own(struct knowledge *k, struct slice domain, struct err *e);

/*
 * The sender is an id or name of the catalogue, or else a name of the owner's own. A name that is
 * nearly an id is refused: it would be a slip that nobody notices. ERR_USAGE.
 */
MUST_USE bool knowledge_add_rule(struct knowledge *k, enum rule_kind kind, struct slice value,
				 struct slice sender, struct err *e);

/* The same from "KIND=VALUE=SENDER". */
MUST_USE bool knowledge_add_rule_text(struct knowledge *k, struct slice text, struct err *e);

/* By an id or name of the catalogue, or a name of the owner's own; NULL where there is none. */
const struct sender *knowledge_find_sender(const struct knowledge *k, struct slice name);

/* For the judge; valid until something is added. */
struct owner knowledge_owner(const struct knowledge *k);

#endif
