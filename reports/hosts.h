/* SPDX-License-Identifier: MIT */
/*
 * What is known of addresses without asking anybody: those in a network that the catalogue or a rule of
 * the owner's names get their class, so that the database adds them up apart from all others.
 */
#ifndef REPORTS_HOSTS_H
#define REPORTS_HOSTS_H

#include "reports/judge.h"
#include "store/connection.h"

/*
 * A statement for hosts_classify() out of one that yields addresses (a column `address`); it asks for
 * the networks by the name of its last parameter. A class tells by an @ that a network is part of it.
 */
#define HOSTS_OF(addresses, networks)                                                              \
	"select host(a.address), coalesce(h.state, 'not looked up'), h.name, h.class "             \
	"from (" addresses ") as a left join dmarc.host h on h.address = a.address "               \
	"where a.address <<= any (" networks "::inet[]) or h.class like '%@%'"

/* What it needs of a session. Outside of transactions. */
MUST_USE bool hosts_ready(struct connection *c, struct err *e);

/*
 * Gives addresses the class they have by the rules of today; what is known of their names stays. The last of
 * the values is ours to fill in. To be called before it is noted that the addresses were seen: of those that
 * had been seen before, history is stale.
 */
MUST_USE bool hosts_classify(struct connection *c, const struct judge *judge, const char *addresses,
			     const char **values, size_t count, struct err *e);

/*
 * After the rules or the catalogue have changed: every address gets the class it has by them, and days
 * that this concerns are marked.
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
