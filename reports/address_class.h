/* SPDX-License-Identifier: MIT */
/*
 * All that judging looks at of a source address: addresses of one class are judged alike, whatever
 * else is in their records. Inside the judge, and for who judges each kind of record once.
 */
#ifndef REPORTS_ADDRESS_CLASS_H
#define REPORTS_ADDRESS_CLASS_H

#include "reports/judge.h"

struct address_class {
	const struct sender_range *range; /* of the catalogue that holds it; NULL none */
	const struct owner_rule *hop;     /* the owner's on who connected; NULL none */
	const struct owner_rule *sender;  /* the same, but of those who may have sent it */
};

struct address_class address_class_of(const struct judge *judge, const struct evidence *evidence);

#endif
