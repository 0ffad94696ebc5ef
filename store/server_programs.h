/* SPDX-License-Identifier: MIT */
/* Where PostgreSQL's server programs are: they are not in PATH on Debian, and several versions may be. */
#ifndef STORE_SERVER_PROGRAMS_H
#define STORE_SERVER_PROGRAMS_H

#include <limits.h>

#include "base/err.h"
#include "store/process.h"

/* The first version with all that the schema uses, and the one that is tested. */
enum { SERVER_MIN_MAJOR = 15 };

struct server_programs {
	char folder[PATH_MAX];
	unsigned major;
};

/*
 * Those of PostgreSQL `major`, or with 0 the newest, SERVER_MIN_MAJOR at least. $RUAMILL_PG_BINDIR
 * counts alone where it is set; else /usr/lib/postgresql, then PATH. ERR_CONFIG when there are none,
 * and when there are only those of other versions than an existing database was made by.
 */
MUST_USE bool server_programs_find(const struct process_user *user, unsigned major,
				   struct server_programs *programs_out, struct err *e);

/* The path of psql: beside the server programs, else in PATH; ours, free(). NULL with ERR_CONFIG. */
char *server_programs_psql(struct err *e);

#endif
