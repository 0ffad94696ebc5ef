/* SPDX-License-Identifier: MIT */
/*
 * The folder of the private database: what lies where, whose it is, and making it.
 *
 *	gate       lock: held while somebody starts, stops or decides
 *	users      lock: shared by all who use the database
 *	kept       is there when the server shall stay up without users
 *	server.conf, server.log
 *	cluster/   PostgreSQL's data
 *	socket/    the server's socket, unless its path is too long for one
 */
#ifndef STORE_CLUSTER_FOLDER_H
#define STORE_CLUSTER_FOLDER_H

#include <stdint.h>

#include "base/err.h"
#include "store/process.h"

/* Owned, absolute, without links. */
struct cluster_folder {
	struct process_user server; /* whom the server runs as */
	char *path;
	char *data, *unfinished;
	char *gate, *users, *kept;
	char *settings, *log;
	char *socket;
};

#define CLUSTER_SOCKET_NAME ".s.PGSQL.5432"
#define CLUSTER_PORT        5432

/*
 * Names all its parts. The folder is made where there is none, with the folders above it; with
 * `only_look` nothing is made, and *missing_out tells that there is nothing.
 */
MUST_USE bool cluster_folder_open(struct cluster_folder *f, const char *path, bool only_look,
				  bool *missing_out, struct err *e);
void cluster_folder_release(struct cluster_folder *f);

/* Was a database made in it? */
bool cluster_folder_has_data(const struct cluster_folder *f);

/*
 * Runs initdb. gate_fd is inherited by it, so that nobody meddles while it runs, even if we are
 * killed. A failure leaves nothing behind.
 */
MUST_USE bool cluster_folder_create_data(const struct cluster_folder *f, int gate_fd,
					 struct err *e);

/* The major version that made the data. */
MUST_USE bool cluster_folder_version(const struct cluster_folder *f, unsigned *major_out,
				     struct err *e);

/* Is the data the server user's own, and can that user reach it? Says which folder is in the way. */
MUST_USE bool cluster_folder_check(const struct cluster_folder *f, struct err *e);

/* A socket folder that only the server's user can enter, made where it is not there. */
MUST_USE bool cluster_folder_make_socket_folder(const struct cluster_folder *f, const char *socket,
						struct err *e);

/* Writes the server's settings anew. */
MUST_USE bool cluster_folder_write_settings(const struct cluster_folder *f, struct err *e);

/* Bytes on disk of everything in it. */
uint64_t cluster_folder_size(const struct cluster_folder *f);

#endif
