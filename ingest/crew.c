/* SPDX-License-Identifier: MIT */
#include "ingest/crew.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/monitor.h"

#include "base/banned.h"

/* One who runs a worker. */
struct hand {
	struct crew *crew;
	struct worker *worker;
	pthread_t thread;
};

struct crew {
	struct monitor monitor; /* tells that a chunk came, or is finished, or that it is over */
	struct chunk *waiting, **last_waiting;
	struct chunk *finished; /* by number */
	size_t waiting_count, running_count;
	uint64_t next_number; /* to be given back */
	bool over;
	size_t hand_count;
	struct hand hands[CREW_MAX];
};

/* Whoever was inside may have changed something. */
static void leave(struct crew *c)
{
	monitor_tell(&c->monitor);
	monitor_leave(&c->monitor);
}

static struct chunk *begin_next(struct crew *c)
{
	struct chunk *chunk = c->waiting;

	if (!chunk)
		return NULL;
	c->waiting = chunk->next;
	if (!c->waiting)
		c->last_waiting = &c->waiting;
	c->waiting_count--;
	c->running_count++;
	return chunk;
}

static void put_by_number(struct crew *c, struct chunk *chunk)
{
	struct chunk **at = &c->finished;

	while (*at && (*at)->number < chunk->number)
		at = &(*at)->next;
	chunk->next = *at;
	*at = chunk;
	c->running_count--;
}

static void *run_hand(void *context)
{
	struct hand *hand = context;
	struct crew *c = hand->crew;

	monitor_enter(&c->monitor);
	while (!c->over) {
		struct chunk *chunk = begin_next(c);

		if (!chunk) {
			monitor_wait(&c->monitor);
			continue;
		}
		leave(c);
		worker_run(hand->worker, chunk);
		monitor_enter(&c->monitor);
		put_by_number(c, chunk);
		monitor_tell(&c->monitor);
	}
	leave(c);
	return NULL;
}

/* A thread that cannot be had is one hand fewer; without any, the first chunk would wait for ever. */
static bool start_hand(struct crew *c, struct worker *worker)
{
	struct hand *hand = &c->hands[c->hand_count];

	*hand = (struct hand){ .crew = c, .worker = worker };
	if (pthread_create(&hand->thread, NULL, run_hand, hand) != 0)
		return false;
	c->hand_count++;
	return true;
}

struct crew *crew_new(struct worker *workers, size_t count)
{
	struct crew *c = memory_zeroed(1, sizeof(*c));

	BUG_UNLESS(count <= CREW_MAX);
	c->last_waiting = &c->waiting;
	monitor_init(&c->monitor);
	for (size_t i = 0; i < count && start_hand(c, &workers[i]); i++)
		;
	if (c->hand_count > 0)
		return c;
	crew_free(c);
	return NULL;
}

static void drop_waiting(struct crew *c)
{
	while (c->waiting) {
		struct chunk *chunk = c->waiting;

		c->waiting = chunk->next;
		chunk_free(chunk);
	}
	c->last_waiting = &c->waiting;
	c->waiting_count = 0;
}

void crew_free(struct crew *c)
{
	if (!c)
		return;
	monitor_enter(&c->monitor);
	c->over = true;
	drop_waiting(c);
	leave(c);
	for (size_t i = 0; i < c->hand_count; i++)
		BUG_UNLESS(pthread_join(c->hands[i].thread, NULL) == 0);
	BUG_UNLESS(!c->finished);
	monitor_release(&c->monitor);
	free(c);
}

bool crew_has_room(struct crew *c)
{
	bool room;

	monitor_enter(&c->monitor);
	room = c->waiting_count < c->hand_count;
	leave(c);
	return room;
}

void crew_hand_over(struct crew *c, struct chunk *chunk)
{
	monitor_enter(&c->monitor);
	chunk->next = NULL;
	*c->last_waiting = chunk;
	c->last_waiting = &chunk->next;
	c->waiting_count++;
	leave(c);
}

void crew_stop(struct crew *c)
{
	monitor_enter(&c->monitor);
	drop_waiting(c);
	leave(c);
}

static bool next_is_finished(const struct crew *c)
{
	return c->finished && c->finished->number == c->next_number;
}

static bool must_wait(const struct crew *c)
{
	return !next_is_finished(c) && c->running_count + c->waiting_count > 0;
}

bool crew_wait(struct crew *c, unsigned milliseconds)
{
	struct timespec deadline = monitor_deadline(milliseconds);
	bool ready, in_time = true;

	monitor_enter(&c->monitor);
	while (must_wait(c) && in_time)
		in_time = monitor_wait_until(&c->monitor, &deadline);
	ready = !must_wait(c);
	leave(c);
	return ready;
}

struct chunk *crew_take(struct crew *c)
{
	struct chunk *chunk = NULL;

	monitor_enter(&c->monitor);
	while (must_wait(c))
		monitor_wait(&c->monitor);
	if (c->finished) {
		chunk = c->finished;
		c->finished = chunk->next;
		c->next_number = chunk->number + 1;
	}
	leave(c);
	return chunk;
}
