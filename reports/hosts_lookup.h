/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a database whose names are to be looked up, and what comes of it: stored piece by
 * piece, so that a run that is broken off keeps what it has learned.
 */
#ifndef REPORTS_HOSTS_LOOKUP_H
#define REPORTS_HOSTS_LOOKUP_H

#include "reports/hosts.h"
#include "reports/lookup.h"

/* Addresses of one run: what a list of them takes in memory has to end somewhere. */
enum { HOSTS_LOOKUP_MOST = 1000000, HOSTS_LOOKUP_DEFAULT = 100000 };

struct hosts_wanted {
	unsigned limit; /* at most so many */
	unsigned
		refresh_days; /* 0, or ask again what was asked so long ago and has sent mail since */
};

/*
 * Addresses never asked for come first, then those that nobody could tell of, then what is old; of each
 * the newest, and of those the ones with most mail.
 */
struct hosts_waiting {
	struct rows *rows;     /* ours, hosts_waiting_release() */
	size_t count;          /* of them */
	uint64_t total, local; /* without the limit; and those that nobody is asked for */
};

MUST_USE bool hosts_waiting_find(struct hosts_waiting *w, struct connection *c,
				 const struct hosts_wanted *wanted, struct err *e);
void hosts_waiting_release(struct hosts_waiting *w);

/* Addresses by what was found out. */
struct hosts_found {
	uint64_t by_state[host_state_count];
	uint64_t asked; /* all together */
};

struct hosts_lookup {
	struct connection *connection; /* borrowed, like all here */
	const struct judge *judge;
	const struct hosts_waiting *waiting;
	const struct lookup_settings *settings;

	/* Told now and then; may be NULL. */
	void (*progress)(uint64_t done, uint64_t total);
};

/* As lookup_run(); what was found is stored, and told, also when it fails. */
MUST_USE bool hosts_lookup_run(const struct hosts_lookup *l, struct hosts_found *found_out,
			       struct err *e);

#endif
