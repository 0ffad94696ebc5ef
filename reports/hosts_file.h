/* SPDX-License-Identifier: MIT */
/*
 * Host names from a file: a line for each address, with its name behind it, or "-" where it has none.
 * What stands behind # is for people. The names count as confirmed: who wrote the file vouches for them.
 */
#ifndef REPORTS_HOSTS_FILE_H
#define REPORTS_HOSTS_FILE_H

#include "base/arena.h"
#include "reports/hosts.h"

struct hosts_file {
	struct arena names;
	struct named_host *hosts; /* ours, hosts_file_release() */
	size_t count, capacity;
};

/* ERR_INPUT with the line where one cannot be read, or an address comes twice. */
MUST_USE bool hosts_file_read(struct hosts_file *f, struct slice text, struct err *e);
void hosts_file_release(struct hosts_file *f);

#endif
