/* SPDX-License-Identifier: MIT */
#include "base/monitor.h"

#include <errno.h>
#include <time.h>

#include "base/bug.h"

#include "base/banned.h"

/* Mutexes and conditions fail only where they are misused. */
static void must(int code)
{
	BUG_UNLESS(code == 0);
}

/* Times are of the clock that never jumps. */
void monitor_init(struct monitor *m)
{
	pthread_condattr_t how;

	must(pthread_mutex_init(&m->mutex, NULL));
	must(pthread_condattr_init(&how));
	must(pthread_condattr_setclock(&how, CLOCK_MONOTONIC));
	must(pthread_cond_init(&m->changed, &how));
	must(pthread_condattr_destroy(&how));
}

void monitor_release(struct monitor *m)
{
	must(pthread_cond_destroy(&m->changed));
	must(pthread_mutex_destroy(&m->mutex));
}

void monitor_enter(struct monitor *m)
{
	must(pthread_mutex_lock(&m->mutex));
}

void monitor_leave(struct monitor *m)
{
	must(pthread_mutex_unlock(&m->mutex));
}

void monitor_tell(struct monitor *m)
{
	must(pthread_cond_broadcast(&m->changed));
}

void monitor_wait(struct monitor *m)
{
	must(pthread_cond_wait(&m->changed, &m->mutex));
}

struct timespec monitor_deadline(unsigned milliseconds)
{
	struct timespec until = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)milliseconds * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

bool monitor_wait_until(struct monitor *m, const struct timespec *deadline)
{
	int code = pthread_cond_timedwait(&m->changed, &m->mutex, deadline);

	BUG_UNLESS(code == 0 || code == ETIMEDOUT);
	return code == 0;
}
