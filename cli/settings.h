/* SPDX-License-Identifier: MIT */
/*
 * What can be said on the command line as well as in the configuration, in the words of whoever said it.
 * NULL: he did not.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/options.h"
#include "ingest/imap_access.h"

/* Which database, and where that is written. */
struct database_settings {
	const char *db;     /* what libpq takes */
	const char *config; /* a file; NULL: where it is by default */
};

/* Where mail comes from, and what happens to it. */
struct source_settings {
	const char *from;
	const char *then, *if_broken;
	const char *imap_timeout, *imap_days;
	struct imap_access access;
	struct option_list trusted;
	bool configured; /* and not named on the command line */
};

struct lookup_settings_given {
	const char *server, *rate, *timeout, *tries, *limit, *refresh;
};

struct retention_settings {
	const char *keep, *detail, *payload;
};

/* Numbers, and how they are written. */
extern const struct option_number settings_jobs, settings_days, settings_refresh, settings_interval;
extern const struct option_number settings_imap_timeout;
extern const struct option_number settings_rate, settings_timeout, settings_tries, settings_limit;

/* What was said first counts. */
static inline const char *settings_pick(const char *first, const char *second)
{
	return first ? first : second;
}

void settings_pick_source(struct source_settings *first, const struct source_settings *second);
void settings_pick_lookup(struct lookup_settings_given *first,
			  const struct lookup_settings_given *second);

#endif
