/* SPDX-License-Identifier: MIT */
/*
 * Locks between processes, on files that hold nothing. A lock goes with the process that held it,
 * however it ends, so no lock is ever stale.
 */
#ifndef STORE_LOCKFILE_H
#define STORE_LOCKFILE_H

#include "base/err.h"

/*
 * Opens the file, making it where it is not there; -1 with ERR_CONFIG, or ERR_OUTPUT where the disk
 * is full. The descriptor closes on exec: a program that is started does not hold the lock.
 */
int lockfile_open(const char *path, struct err *e);

/*
 * Waits until nobody else holds it. After limit_ms ERR_UNREACHABLE. `waiting_for` is told to the
 * user when it takes more than a moment.
 */
MUST_USE bool lockfile_wait(int fd, int limit_ms, const char *waiting_for, struct err *e);

/* Does not wait: false when another holds it in a way that excludes this. */
MUST_USE bool lockfile_try_exclusive(int fd);
MUST_USE bool lockfile_try_shared(int fd);

#endif
