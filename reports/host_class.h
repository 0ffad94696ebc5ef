/* SPDX-License-Identifier: MIT */
/*
 * All that judging looks at of an address and its name, as one short text, so that the database can add
 * up what will be judged alike: "" for an address of which nothing is known, else its state, its name
 * without what tells only machines apart, and a member of the network that counts:
 * "confirmed smtp-out.eu-west-1.amazonses.com", "none @192.0.2.0".
 */
#ifndef REPORTS_HOST_CLASS_H
#define REPORTS_HOST_CLASS_H

#include "reports/judge.h"

/* The judge's owner is the one who has rules on addresses. */
void host_class_append(struct buf *class, const struct judge *judge, const struct address *address,
		       const struct host *host);

/* May the address be a member that stands for its network, and no machine that was seen? */
bool host_class_stands_in(const struct judge *judge, const struct address *address);

/* Back to a host and an address (or none) that are judged so. Borrows from the text. False: it is none. */
MUST_USE bool host_class_parse(struct slice class, struct host *host_out,
			       struct address *address_out);

#endif
