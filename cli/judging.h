/* SPDX-License-Identifier: MIT */
/* The judge of a database, as commands need it: the catalogue, the suffix list, and what its owner knows. */
#ifndef CLI_JUDGING_H
#define CLI_JUDGING_H

#include "reports/senders_store.h"

struct judging_setup {
	const struct domains *domains; /* borrowed */
	struct catalogue *catalogue;
	struct knowledge knowledge;
	struct owner owner;
	struct judge judge;
	char version[FINGERPRINT_SIZE];
};

/* To be released also when it failed. The domains must outlive it. */
MUST_USE bool judging_setup_load(struct judging_setup *s, const struct domains *domains,
				 struct connection *c, struct err *e);
void judging_setup_release(struct judging_setup *s);

/* Rolls up and judges what is dirty, with progress. */
MUST_USE bool judging_catch_up(struct connection *c, const struct domains *domains, struct err *e);

/* The same where the set-up is there already. */
MUST_USE bool judging_catch_up_as(struct connection *c, const struct judging_setup *s,
				  struct err *e);

/* The same for all that there is. */
MUST_USE bool judging_do_again(struct connection *c, const struct domains *domains, struct err *e);

/* Says so where something is dirty: who only looks cannot do it. */
MUST_USE bool judging_tell_unfinished(struct connection *c, struct err *e);

#endif
