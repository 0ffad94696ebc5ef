/* SPDX-License-Identifier: MIT */
/*
 * Domain names: their one spelling, and which organisation they belong to.
 */
#ifndef PARSER_DOMAIN_H
#define PARSER_DOMAIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/scope.h"
#include "base/slice.h"

/* The public suffix list, loaded once and shared; read only after that. */
struct domains;

/* The system's list, else the one built into libpsl; NULL with ERR_CONFIG when there is neither. */
struct domains *domains_load(struct err *e);
void domains_free(struct domains *d);
SCOPE_DEFINE(domains, struct domains *, domains_free);

/* Where the list came from and how old it is, for people and for the judgements' version. */
const char *domains_version(const struct domains *d);

/*
 * Lower-case A-labels, no blanks around, no trailing dot, copied to the arena. False when the arena
 * is full. A name that IDNA refuses keeps its lower-cased bytes and *valid_out is false.
 */
MUST_USE bool domain_normalise(struct arena *arena, struct slice name, struct slice *domain_out,
			       bool *valid_out);

/*
 * The organisational domain by the list (ICANN and private sections), a tail of `domain`, borrowed
 * from it. A name that is itself a public suffix, or has one label, is its own: nothing and nothing
 * never align. Names must be normalised; a name too long or odd for the list is its own as well.
 */
struct slice domain_organisation(const struct domains *d, struct slice domain);

/*
 * Remembers what was looked up: the mail of a report is of few domains, and a look-up costs more than
 * all else that is done with one. Zeroed it is empty. Of one thread.
 */
enum { DOMAIN_CACHE_SLOTS = 512, DOMAIN_CACHE_NAME = 62 };

struct domain_cache_entry {
	unsigned char length, organisation; /* where in the name the organisation begins */
	char name[DOMAIN_CACHE_NAME];
};

struct domain_cache {
	struct domain_cache_entry entries[DOMAIN_CACHE_SLOTS];
};

/* domain_organisation(), out of the cache where it is there. */
struct slice domain_organisation_cached(const struct domains *d, struct domain_cache *cache,
					struct slice domain);

/* Is the name itself a suffix under which others register (ICANN section only)? */
bool domain_is_icann_suffix(const struct domains *d, struct slice domain);

/* Is `domain` the same as `parent` or below it, on a label boundary? False for an empty parent. */
bool domain_is_under(struct slice domain, struct slice parent);

#endif
