/* SPDX-License-Identifier: MIT */
#include "ingest/crew.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

/* One who runs a worker. */
struct hand {
	struct crew *crew;
	struct worker *worker;
	pthread_t thread;
};

struct crew {
	pthread_mutex_t mutex;
	pthread_cond_t changed; /* a chunk came, or is finished, or it is over */
	struct chunk *waiting, **last_waiting;
	struct chunk *finished; /* by number */
	size_t waiting_count, running_count;
	uint64_t next_number; /* to be given back */
	bool over;
	size_t hand_count;
	struct hand hands[CREW_MAX];
};

static void must(int code)
{
	BUG_UNLESS(code == 0);
}

static void lock(struct crew *c)
{
	must(pthread_mutex_lock(&c->mutex));
}

static void unlock(struct crew *c)
{
	must(pthread_cond_broadcast(&c->changed));
	must(pthread_mutex_unlock(&c->mutex));
}

static void wait_for_change(struct crew *c)
{
	must(pthread_cond_wait(&c->changed, &c->mutex));
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

	lock(c);
	while (!c->over) {
		struct chunk *chunk = begin_next(c);

		if (!chunk) {
			wait_for_change(c);
			continue;
		}
		unlock(c);
		worker_run(hand->worker, chunk);
		lock(c);
		put_by_number(c, chunk);
		must(pthread_cond_broadcast(&c->changed));
	}
	unlock(c);
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

/* Times are of the clock that never jumps. */
static void start_condition(pthread_cond_t *condition)
{
	pthread_condattr_t how;

	must(pthread_condattr_init(&how));
	must(pthread_condattr_setclock(&how, CLOCK_MONOTONIC));
	must(pthread_cond_init(condition, &how));
	must(pthread_condattr_destroy(&how));
}

struct crew *crew_new(struct worker *workers, size_t count)
{
	struct crew *c = memory_zeroed(1, sizeof(*c));

	BUG_UNLESS(count <= CREW_MAX);
	c->last_waiting = &c->waiting;
	must(pthread_mutex_init(&c->mutex, NULL));
	start_condition(&c->changed);
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
	lock(c);
	c->over = true;
	drop_waiting(c);
	unlock(c);
	for (size_t i = 0; i < c->hand_count; i++)
		must(pthread_join(c->hands[i].thread, NULL));
	BUG_UNLESS(!c->finished);
	must(pthread_cond_destroy(&c->changed));
	must(pthread_mutex_destroy(&c->mutex));
	free(c);
}

bool crew_has_room(struct crew *c)
{
	bool room;

	lock(c);
	room = c->waiting_count < c->hand_count;
	unlock(c);
	return room;
}

void crew_hand_over(struct crew *c, struct chunk *chunk)
{
	lock(c);
	chunk->next = NULL;
	*c->last_waiting = chunk;
	c->last_waiting = &chunk->next;
	c->waiting_count++;
	unlock(c);
}

void crew_stop(struct crew *c)
{
	lock(c);
	drop_waiting(c);
	unlock(c);
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
	struct timespec until;
	bool ready;
	int code = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)milliseconds * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	lock(c);
	while (must_wait(c) && code == 0)
		code = pthread_cond_timedwait(&c->changed, &c->mutex, &until);
	BUG_UNLESS(code == 0 || code == ETIMEDOUT);
	ready = !must_wait(c);
	unlock(c);
	return ready;
}

struct chunk *crew_take(struct crew *c)
{
	struct chunk *chunk = NULL;

	lock(c);
	while (must_wait(c))
		wait_for_change(c);
	if (c->finished) {
		chunk = c->finished;
		c->finished = chunk->next;
		c->next_number = chunk->number + 1;
	}
	unlock(c);
	return chunk;
}
