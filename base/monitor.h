/* SPDX-License-Identifier: MIT */
/*
 * A mutex, and a condition for whatever it guards: who is inside waits for a change, who leaves after
 * one says so.
 */
#ifndef BASE_MONITOR_H
#define BASE_MONITOR_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct monitor {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
};

void monitor_init(struct monitor *m);
void monitor_release(struct monitor *m);

void monitor_enter(struct monitor *m);
void monitor_leave(struct monitor *m);

/* Both from inside. A wait may end without a change: ask again for what was waited for. */
void monitor_tell(struct monitor *m);
void monitor_wait(struct monitor *m);

/* A moment from now, for the other one: false once it has passed. */
struct timespec monitor_deadline(unsigned milliseconds);
bool monitor_wait_until(struct monitor *m, const struct timespec *deadline);

#endif
