/* SPDX-License-Identifier: MIT */
/*
 * Runs a command and writes what it took to a file, as one line: seconds of wall time, seconds of CPU
 * time (user and system), KiB of peak resident memory. Ends with the command's status.
 *
 *	measure FILE COMMAND [ARGUMENT ...]
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/output.h"

#include "base/banned.h"

static double seconds_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	struct output out;
	struct err e = ERR_INIT;
	int status = 0;

	if (argc < 3) {
		log_line(LOG_LEVEL_ERROR, "usage: measure FILE COMMAND [ARGUMENT ...]");
		return 64;
	}

	double start = seconds_now();
	pid_t child = fork();

	if (child == 0) {
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (child > 0 && wait4(child, &status, 0, &usage) < 0) {
		if (errno != EINTR)
			child = -1;
	}
	if (child < 0) {
		err_set_errno(&e, ERR_CONFIG, errno, "cannot run the command");
		log_err(LOG_LEVEL_ERROR, &e);
		return 71;
	}

	double wall = seconds_now() - start;

	if (!output_open(&out, argv[1], &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 74;
	}
	output_printf(&out, "%.6f %.6f %ld\n", wall,
		      seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss);

	bool written = output_finish(&out, &e);

	output_release(&out);
	if (!written) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 74;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
