/* SPDX-License-Identifier: MIT */
/* ruamill.conf: which database, which sources, and what the nightly run does. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "base/scope.h"
#include "cli/settings.h"

struct config_source {
	const char *name;
	unsigned line; /* where its section begins */
	struct source_settings settings;
};

struct config {
	char *path; /* for people; NULL: there is no file */
	const char *db;
	const char *jobs;
	bool store_payload;
	bool lookup_enabled;
	struct lookup_settings_given lookup;
	struct retention_settings retention;
	struct config_source *sources; /* in the order of the file */
	size_t source_count, source_capacity;
	struct arena texts;
};

/*
 * The file that is named, else of $RUAMILL_CONFIG, else the user's own, else the system's; where there is
 * none, what counts by default. NULL with ERR_CONFIG that names file, line and key. config_free().
 */
struct config *config_load(const char *path, struct err *e);

/* The same from text; path: for people. */
struct config *config_read(const char *path, struct slice text, struct err *e);

void config_free(struct config *c);
SCOPE_DEFINE(config, struct config *, config_free);

#endif
