/* SPDX-License-Identifier: MIT */
/*
 * The private database: a PostgreSQL cluster in a folder of ours, made on first use, started when
 * somebody enters and stopped by the last who leaves. Any number of commands may use it at once.
 *
 * BUGS
 *	A command that is killed leaves the server running until the next one leaves.
 *	Containers that share the folder, but not their processes, do not see each other's server.
 */
#ifndef STORE_CLUSTER_H
#define STORE_CLUSTER_H

#include <stdint.h>

#include "base/err.h"
#include "base/scope.h"

struct cluster;

/*
 * $RUAMILL_DATA; else for root /var/lib/ruamill; else $XDG_DATA_HOME/ruamill or
 * $HOME/.local/share/ruamill. Ours, free(); NULL with ERR_CONFIG when none of these is set.
 */
char *cluster_default_folder(struct err *e);

/*
 * Makes the database where there is none, which is told, starts its server where none runs, and
 * keeps it up until cluster_leave(). NULL with ERR_CONFIG (folder, programs, permissions),
 * ERR_OUTPUT (disk full) or ERR_UNREACHABLE (does not start).
 */
MUST_USE struct cluster *cluster_enter(const char *folder, struct err *e);

/* For PQconnectdb(). Valid until cluster_leave(). */
const char *cluster_conninfo(const struct cluster *c);

/* The last one out stops the server, unless it is kept up. Fine with NULL. Failures are warnings. */
void cluster_leave(struct cluster *c);
SCOPE_DEFINE(cluster, struct cluster *, cluster_leave);

/* Starts it and keeps it up, also without users. */
MUST_USE bool cluster_start(const char *folder, struct err *e);

/*
 * Keeps it up no longer, and stops it if nobody uses it; else tells so, and the last user will. Makes
 * nothing.
 */
MUST_USE bool cluster_stop(const char *folder, bool *was_running_out, struct err *e);

struct cluster_status {
	bool exists;      /* a database was made there */
	bool running;     /* and answers */
	bool kept;        /* by `ruamill db start` */
	char version[64]; /* the running server's, else the major number that made it */
	uint64_t bytes;   /* on disk */
	char *folder;     /* without links */
	char *socket;     /* the folder of its socket; NULL unless running */
	char *conninfo;   /* NULL unless running */
};

/* Looks, and neither makes nor starts anything; no error when there is nothing. */
MUST_USE bool cluster_status(const char *folder, struct cluster_status *status_out, struct err *e);
void cluster_status_release(struct cluster_status *status);

#endif
