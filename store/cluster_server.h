/* SPDX-License-Identifier: MIT */
/*
 * The private database's server: does it run, start it, stop it. Whoever starts or stops holds the
 * gate, so that nobody else does.
 */
#ifndef STORE_CLUSTER_SERVER_H
#define STORE_CLUSTER_SERVER_H

#include <sys/types.h>

#include "store/cluster_folder.h"

/* As the server itself tells it, in postmaster.pid. */
struct cluster_server {
	pid_t pid;    /* 0: none runs */
	char *socket; /* the folder it listens in: the environment it started in may have differed */
	bool ready;   /* it says that it takes connections */
};

void cluster_server_look(const struct cluster_folder *f, struct cluster_server *server_out);
void cluster_server_release(struct cluster_server *server);

bool cluster_server_is_running(const struct cluster_folder *f);

/* A connection string for libpq; ours, free(). */
char *cluster_server_conninfo(const char *socket, const char *database);

/* Starts it unless it runs, waits until it answers, and makes the database if it is not there. */
MUST_USE bool cluster_server_ensure(const struct cluster_folder *f, char **conninfo_out,
				    struct err *e);

/* Waits until it is gone; fine when it is not there. */
MUST_USE bool cluster_server_stop(const struct cluster_folder *f, struct err *e);

/* What the running server says of its version, "15.18 (Debian ...)"; false when it does not answer. */
bool cluster_server_version(const char *conninfo, char *text, size_t size);

#endif
