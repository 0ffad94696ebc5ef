/* SPDX-License-Identifier: MIT */
/*
 * What is known of addresses without asking anybody: those in a network that the catalogue or a rule of
 * the owner's names get their class, so that the database adds them up apart from all others.
 */
#ifndef REPORTS_HOSTS_H
#define REPORTS_HOSTS_H

#include "reports/judge.h"
#include "store/connection.h"

/* What it needs of a session. Outside of transactions. */
MUST_USE bool hosts_ready(struct connection *c, struct err *e);

/*
 * Gives the addresses of pg_temp.rolled_host, the roll-up's, the class they have by the rules of today; what is
 * known of their names stays. To be called before it is noted that the addresses were seen: of those that had
 * been seen before, history is stale.
 */
MUST_USE bool hosts_classify(struct connection *c, const struct judge *judge, struct err *e);

/*
 * After the rules or the catalogue have changed: every address gets the class it has by them, and days
 * that this concerns are marked. In parts, each whole: cut short it is done by asking again.
 */
MUST_USE bool hosts_reclassify(struct connection *c, const struct judge *judge, struct err *e);

/* An address and what was found out about its name. */
struct named_host {
	struct address address;
	struct host host;
};

/* Each address once. Days that this concerns are marked. */
MUST_USE bool hosts_store(struct connection *c, const struct judge *judge,
			  const struct named_host *hosts, size_t count, struct err *e);

#endif
