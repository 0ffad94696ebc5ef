/* SPDX-License-Identifier: MIT */
#include "ingest/turnstile.h"

#include "base/bug.h"

#include "base/banned.h"

/* Mutexes and conditions fail only where they are misused. */
static void must(int code)
{
	BUG_UNLESS(code == 0);
}

void turnstile_init(struct turnstile *t)
{
	*t = (struct turnstile){ .next = 0 };
	must(pthread_mutex_init(&t->mutex, NULL));
	must(pthread_cond_init(&t->moved, NULL));
}

void turnstile_release(struct turnstile *t)
{
	must(pthread_cond_destroy(&t->moved));
	must(pthread_mutex_destroy(&t->mutex));
}

static bool wait_locked(struct turnstile *t, uint64_t number)
{
	while (!t->broken && t->next != number)
		must(pthread_cond_wait(&t->moved, &t->mutex));
	return !t->broken;
}

bool turnstile_wait(struct turnstile *t, uint64_t number, struct err *e)
{
	bool open;

	must(pthread_mutex_lock(&t->mutex));
	open = wait_locked(t, number);
	must(pthread_mutex_unlock(&t->mutex));
	return open || err_set(e, ERR_INTERRUPTED, "another worker had to stop");
}

void turnstile_pass(struct turnstile *t, uint64_t number)
{
	must(pthread_mutex_lock(&t->mutex));
	if (wait_locked(t, number)) {
		t->next++;
		must(pthread_cond_broadcast(&t->moved));
	}
	must(pthread_mutex_unlock(&t->mutex));
}

void turnstile_break(struct turnstile *t)
{
	must(pthread_mutex_lock(&t->mutex));
	t->broken = true;
	must(pthread_cond_broadcast(&t->moved));
	must(pthread_mutex_unlock(&t->mutex));
}
