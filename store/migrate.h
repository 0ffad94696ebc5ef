/* SPDX-License-Identifier: MIT */
/*
 * The schema and its versions: numbered SQL files, each applied once, in a transaction of its own,
 * under an advisory lock, and recorded with the digest of its text.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/connection.h"

struct migration {
	int version;
	const char *name; /* "0001_ground.sql" */
	struct slice sql;
};

size_t migration_count(void);
struct migration migration_at(size_t index);

/*
 * How many of the migrations the database has. ERR_CONFIG, with what to do, where it is newer than
 * this program, or where an applied file has another digest than the one we hold.
 */
MUST_USE bool migrate_applied(struct connection *c, size_t *applied_out, struct err *e);

/* Told before each file is applied. */
struct migrate_listener {
	void (*applying)(void *context, const struct migration *m);
	void *context;
};

/* Applies what is missing; another process may do so at the same time. */
MUST_USE bool migrate_apply(struct connection *c, const char *program_version,
			    const struct migrate_listener *listener, struct err *e);

/*
 * What a command needs before it works: a private database is brought up to date without a word; for
 * another one ERR_CONFIG says which command to run.
 */
MUST_USE bool migrate_ensure(struct connection *c, const char *program_version, struct err *e);

/*
 * The same for a command that changes nothing: of a private database *any_out says whether it has
 * tables at all, be they older ones.
 */
MUST_USE bool migrate_look(struct connection *c, bool *any_out, struct err *e);

#endif
