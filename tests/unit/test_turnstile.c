/* SPDX-License-Identifier: MIT */
#include "ingest/turnstile.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

enum { THREADS = 8, ROUNDS = 50 };

struct walker {
	struct turnstile *turns;
	uint64_t first;   /* of his numbers: every THREADSth */
	bool waits;       /* at all, before he passes */
	uint64_t *passed; /* all numbers, in the order they went through */
	size_t *count;
};

static void *walk(void *context)
{
	struct walker *w = context;
	struct err e = ERR_INIT;

	for (uint64_t n = w->first; n < THREADS * ROUNDS; n += THREADS) {
		if (w->waits) {
			if (!turnstile_wait(w->turns, n, &e))
				return NULL;
			/* nobody else is here until we pass */
			w->passed[(*w->count)++] = n;
		}
		turnstile_pass(w->turns, n);
	}
	return NULL;
}

Test(turnstile, lets_numbers_through_in_order, .timeout = 60)
{
	struct turnstile turns;
	uint64_t passed[THREADS * ROUNDS];
	struct walker walkers[THREADS];
	pthread_t threads[THREADS];
	size_t count = 0;

	turnstile_init(&turns);
	/* the last come first; every third one has nothing to do there, and passes all the same */
	for (uint64_t i = THREADS; i > 0; i--) {
		walkers[i - 1] = (struct walker){ &turns, i - 1, i % 3 != 0, passed, &count };
		cr_assert(pthread_create(&threads[i - 1], NULL, walk, &walkers[i - 1]) == 0);
	}
	for (size_t i = 0; i < THREADS; i++)
		cr_assert(pthread_join(threads[i], NULL) == 0);
	EXPECT_INT(count, 6 * ROUNDS, "those who waited");
	for (size_t i = 1; i < count; i++)
		cr_assert(passed[i - 1] < passed[i], "%llu before %llu",
			  (unsigned long long)passed[i - 1], (unsigned long long)passed[i]);
	turnstile_release(&turns);
}

Test(turnstile, lets_nobody_through_once_it_is_broken, .timeout = 60)
{
	struct turnstile turns;
	struct err e = ERR_INIT;
	uint64_t passed[THREADS * ROUNDS];
	size_t count = 0;
	struct walker behind = { &turns, 1, true, passed, &count };
	pthread_t thread;

	turnstile_init(&turns);
	cr_assert(pthread_create(&thread, NULL, walk, &behind) == 0); /* 0 never passes */
	turnstile_break(&turns);
	cr_assert(pthread_join(thread, NULL) == 0);
	EXPECT_INT(count, 0, "passed");
	cr_expect(!turnstile_wait(&turns, 0, &e), "the one whose turn it was");
	EXPECT_INT(e.kind, ERR_INTERRUPTED, "kind");
	turnstile_pass(&turns, 0);
	turnstile_release(&turns);
}
