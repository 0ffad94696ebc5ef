/* SPDX-License-Identifier: MIT */
/*
 * What a name server's reply says: the names of an address, and whether a name holds an address. Only
 * what belongs to the question counts, by way of aliases (CNAME) at most; all of it is a stranger's.
 */
#ifndef REPORTS_LOOKUP_REPLY_H
#define REPORTS_LOOKUP_REPLY_H

#include "parser/report.h"

/*
 * Of an address with more names than this, those that come first in byte order are looked at: servers
 * turn the order of their answers, and the name should not depend on it. Real hosts have one or two.
 */
enum { LOOKUP_NAMES = 8, LOOKUP_NAME_SIZE = 254 };

struct reply_names {
	size_t count;
	char names[LOOKUP_NAMES]
		  [LOOKUP_NAME_SIZE]; /* in byte order, in the one spelling of domains */
};

/* Host names only: what else stands in DNS is left out. False: the reply cannot be read. */
MUST_USE bool reply_read_names(struct slice reply, struct slice question,
			       struct reply_names *names_out);

/* The same of the addresses of a name, of the family of this one. */
MUST_USE bool reply_find_address(struct slice reply, struct slice question,
				 const struct address *address, bool *found_out);

#endif
