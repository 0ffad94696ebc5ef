/* SPDX-License-Identifier: MIT */
/*
 * What an earlier run committed and did not settle, or did not get to say that it had. Those that are
 * listed again are settled as they come; the others are not where they were, and are left over.
 */
#ifndef INGEST_LEFTOVERS_H
#define INGEST_LEFTOVERS_H

#include "parser/message.h"

struct leftovers {
	struct unsettled_message *messages; /* by key */
	size_t count;
	bool *listed;
};

/* Asks the ledger. To be released also on an error. */
MUST_USE bool leftovers_load(struct leftovers *l, struct ledger *ledger, const char *source,
			     struct err *e);
void leftovers_release(struct leftovers *l);

/* It came up again. */
void leftovers_cross_off(struct leftovers *l, const unsigned char key[MESSAGE_KEY_SIZE]);

/* The next that did not, up to so many, from *at on, which starts at 0. 0: there are none. */
size_t leftovers_next(const struct leftovers *l, size_t *at,
		      const struct unsettled_message **messages, size_t most);

#endif
