/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* flock() */
#include "store/lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/process.h"

#include "base/banned.h"

enum { LOCK_POLL_MS = 5, LOCK_MOMENT_MS = 2000 };

int lockfile_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

	if (fd < 0) {
		err_set_errno(e, process_kind_of_errno(errno), errno, "cannot open the lock file");
		err_where(e, "%s", path);
	}
	return fd;
}

static bool try_lock(int fd, int how)
{
	int status;

	do
		status = flock(fd, how | LOCK_NB);
	while (status != 0 && errno == EINTR);
	return status == 0;
}

bool lockfile_try_exclusive(int fd)
{
	return try_lock(fd, LOCK_EX);
}

bool lockfile_try_shared(int fd)
{
	return try_lock(fd, LOCK_SH);
}

/* Asks again and again instead of blocking, since only so it can give up. */
bool lockfile_wait(int fd, int limit_ms, const char *waiting_for, struct err *e)
{
	int64_t start = clock_ms();
	bool told = false;

	while (!try_lock(fd, LOCK_EX)) {
		if (errno != EWOULDBLOCK)
			return err_set_errno(e, ERR_CONFIG, errno, "cannot lock a file");

		int64_t waited = clock_ms() - start;

		if (waited > limit_ms) {
			err_set(e, ERR_UNREACHABLE, "waited %d seconds for %s", limit_ms / 1000,
				waiting_for);
			return err_remedy(e, "see with 'ps' what it does, and try again");
		}
		if (waited > LOCK_MOMENT_MS && !told) {
			log_line(LOG_LEVEL_INFO, "waiting for %s", waiting_for);
			told = true;
		}
		process_pause_ms(LOCK_POLL_MS);
	}
	return true;
}
