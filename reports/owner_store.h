/* SPDX-License-Identifier: MIT */
/*
 * What the owner says, written down: the same rows that somebody may write in SQL, checked before. They
 * are applied to history by "db rejudge", and to new mail by the next ingestion.
 */
#ifndef REPORTS_OWNER_STORE_H
#define REPORTS_OWNER_STORE_H

#include "reports/answer.h"
#include "reports/knowledge.h"
#include "store/connection.h"

/* The rule that was added last to the knowledge, which has checked it; one that says else is replaced. */
MUST_USE bool owner_store_rule(struct connection *c, const struct knowledge *knowledge,
			       struct err *e);

/* The domain that was added last to it. */
MUST_USE bool owner_store_domain(struct connection *c, const struct knowledge *knowledge,
				 struct err *e);

/* The same two, taken back. ERR_USAGE where there is no such thing. */
MUST_USE bool owner_forget_rule(struct connection *c, const struct knowledge *knowledge,
				struct err *e);
MUST_USE bool owner_forget_domain(struct connection *c, const struct knowledge *knowledge,
				  struct err *e);

/* On how many domains there are reports that are nobody's: neither his nor counted. */
MUST_USE bool owner_foreign_domains(struct connection *c, uint64_t *count_out, struct err *e);

/* A sender that is known to the owner counts as neither new nor to do. ERR_USAGE: there is none. */
MUST_USE bool owner_acknowledge(struct connection *c, const char *sender, bool known,
				struct err *e);

/* All that he has said, with who and when. In the arena; ERR_LIMIT when it is full. */
MUST_USE bool owner_answer(struct connection *c, struct arena *arena, struct answer *answer_out,
			   struct err *e);

#endif
