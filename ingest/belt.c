/* SPDX-License-Identifier: MIT */
#include "ingest/belt.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/monitor.h"

#include "base/banned.h"

struct belt {
	belt_work *work;
	void *context;
	size_t slots;
	pthread_t thread;
	size_t filling; /* the filler's own */
	size_t working; /* the worker's own */

	struct monitor monitor; /* of all below */
	size_t enough;
	size_t count; /* of the slots that are passed and not done; the first is at work */
	bool over;
	struct err error; /* of the work that failed */
};

static bool fine(const struct belt *b, struct err *e)
{
	if (b->error.kind != ERR_NONE)
		*e = b->error;
	return b->error.kind == ERR_NONE;
}

/* The slot stays where it is until it is done: nobody waits for the work with the monitor. */
static void work_on_one(struct belt *b)
{
	struct err error = ERR_INIT;
	bool ok = fine(b, &error);

	monitor_leave(&b->monitor);
	if (ok)
		ok = b->work(b->context, b->working, &error);
	b->working = (b->working + 1) % b->slots;
	monitor_enter(&b->monitor);
	if (!ok)
		b->error = error;
	b->count--;
	if (b->count == b->slots / 2 || b->count == 0)
		monitor_tell(&b->monitor);
}

static void *run(void *context)
{
	struct belt *b = context;

	monitor_enter(&b->monitor);
	while (!b->over) {
		while (b->count < b->enough && !b->over)
			monitor_wait(&b->monitor);
		while (b->count > 0 && !b->over)
			work_on_one(b);
	}
	monitor_leave(&b->monitor);
	return NULL;
}

struct belt *belt_new(size_t slots, size_t enough, belt_work *work, void *context)
{
	struct belt *b = memory_alloc(sizeof(*b));

	BUG_UNLESS(enough > 0 && enough <= slots);
	*b = (struct belt){ .work = work, .context = context, .slots = slots, .enough = enough };
	monitor_init(&b->monitor);
	if (pthread_create(&b->thread, NULL, run, b) == 0)
		return b;
	monitor_release(&b->monitor);
	free(b);
	return NULL;
}

void belt_free(struct belt *b)
{
	if (!b)
		return;
	monitor_enter(&b->monitor);
	b->over = true;
	monitor_tell(&b->monitor);
	monitor_leave(&b->monitor);
	BUG_UNLESS(pthread_join(b->thread, NULL) == 0);
	monitor_release(&b->monitor);
	free(b);
}

size_t belt_slot(const struct belt *b)
{
	return b->filling;
}

/* Until so many are left at most. */
static bool wait_for(struct belt *b, size_t left, struct err *e)
{
	while (b->count > left)
		monitor_wait(&b->monitor);
	return fine(b, e);
}

bool belt_pass(struct belt *b, struct err *e)
{
	bool full, ok;

	b->filling = (b->filling + 1) % b->slots;
	monitor_enter(&b->monitor);
	b->count++;
	if (b->count == b->enough)
		monitor_tell(&b->monitor);
	full = b->count == b->slots;
	ok = wait_for(b, full ? b->slots / 2 : b->count, e);
	monitor_leave(&b->monitor);
	return ok;
}

bool belt_wait(struct belt *b, struct err *e)
{
	size_t enough;
	bool ok;

	monitor_enter(&b->monitor);
	enough = b->enough;
	b->enough = 1;
	monitor_tell(&b->monitor);
	ok = wait_for(b, 0, e);
	b->enough = enough;
	monitor_leave(&b->monitor);
	return ok;
}
