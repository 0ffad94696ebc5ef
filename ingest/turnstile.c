/* SPDX-License-Identifier: MIT */
#include "ingest/turnstile.h"

#include "base/banned.h"

void turnstile_init(struct turnstile *t)
{
	*t = (struct turnstile){ .next = 0 };
	monitor_init(&t->monitor);
}

void turnstile_release(struct turnstile *t)
{
	monitor_release(&t->monitor);
}

static bool wait_locked(struct turnstile *t, uint64_t number)
{
	while (!t->broken && t->next != number)
		monitor_wait(&t->monitor);
	return !t->broken;
}

bool turnstile_wait(struct turnstile *t, uint64_t number, struct err *e)
{
	bool open;

	monitor_enter(&t->monitor);
	open = wait_locked(t, number);
	monitor_leave(&t->monitor);
	return open || err_set(e, ERR_INTERRUPTED, "another worker had to stop");
}

void turnstile_pass(struct turnstile *t, uint64_t number)
{
	monitor_enter(&t->monitor);
	if (wait_locked(t, number)) {
		t->next++;
		monitor_tell(&t->monitor);
	}
	monitor_leave(&t->monitor);
}

void turnstile_break(struct turnstile *t)
{
	monitor_enter(&t->monitor);
	t->broken = true;
	monitor_tell(&t->monitor);
	monitor_leave(&t->monitor);
}
