/* SPDX-License-Identifier: MIT */
/* The options of commands that ask about days and a domain, from words to a window. */
#ifndef CLI_WINDOW_H
#define CLI_WINDOW_H

#include "base/arena.h"
#include "cli/options.h"
#include "reports/streams.h"

enum { WINDOW_DEFAULT_DAYS = 30 };

struct window_options {
	const char *domain;
	const char *since, *until, *days;
};

/* Of commands whose options hold them in a member `window`. */
#define WINDOW_OPTIONS(type)                                                                       \
	OPT_VALUE("--domain", 0, "DOMAIN", type, window.domain,                                    \
		  "only mail of DOMAIN and what is below it"),                                     \
		OPT_VALUE("--since", 0, "DATE", type, window.since, "first day, like 2026-11-01"), \
		OPT_VALUE("--until", 0, "DATE", type, window.until,                                \
			  "last day (default: the newest with data)"),                             \
		OPT_VALUE("--days", 0, "N", type, window.days, "so many days (default: 30)")

/* As names stand in the database, in the arena; leaves the domain as it is where none was given. */
MUST_USE bool window_domain(const struct window_options *o, struct arena *arena,
			    const char **domain_out, struct err *e);

/* Leaves what was not given as it is. */
MUST_USE bool window_days(const struct window_options *o, int64_t *since, int64_t *until,
			  uint64_t *days, struct err *e);

/* All of it, with nothing asked of a database: to find what is wrong before there is one. */
MUST_USE bool window_check(const struct window_options *o, struct arena *arena, struct window *w,
			   struct err *e);

/*
 * What dates say nothing of: so many days that end at the newest with data, so that no clock is needed. A
 * window that begins behind it is the day that it begins on.
 */
void window_fill(const struct window_options *o, int64_t newest, uint64_t days, int64_t *since,
		 int64_t *until);

/*
 * The same for the database at hand. Without dates: the 30 days that end at the newest with data, so
 * that no clock is needed; false in *any_out when there is none.
 */
MUST_USE bool window_complete(const struct window_options *o, struct connection *c,
			      struct window *w, bool *any_out, struct err *e);

/* A whole number of something; leaves it as it is where the option was not given. */
MUST_USE bool window_number(const char *option, const char *text, const char *of_what,
			    uint64_t most, uint64_t *number_out, struct err *e);

#endif
