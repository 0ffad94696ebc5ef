/* SPDX-License-Identifier: MIT */
#include "ingest/belt.h"

#include <time.h>

#include "base/monitor.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(belt, .timeout = 60);

enum { SLOTS = 8, MANY = 1000 };

/* Numbers on a belt. */
struct numbers {
	struct belt *belt;
	unsigned slots[SLOTS];
	unsigned fails_at; /* from this number on the work fails; 0: never */
	bool slow;         /* is the work on the first ones */

	struct monitor monitor; /* of all below */
	unsigned held;          /* the work on this number waits for `filled`; 0: none does */
	unsigned filled;        /* slots so far, the one included that is about to be passed */
	unsigned begun, done;
	unsigned seen[MANY];      /* numbers in the order of the work */
	unsigned filled_at[MANY]; /* what was filled when the work on this number was done */
};

/* What others do in vain, they would have done by now. */
static void nap(void)
{
	(void)nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
}

static bool work(void *context, size_t slot, struct err *e)
{
	struct numbers *n = context;
	unsigned number = n->slots[slot];

	monitor_enter(&n->monitor);
	n->seen[n->begun++] = number;
	monitor_tell(&n->monitor);
	while (n->held > n->filled)
		monitor_wait(&n->monitor);
	monitor_leave(&n->monitor);
	if (n->slow && number < SLOTS)
		nap();
	monitor_enter(&n->monitor);
	n->filled_at[n->done++] = n->filled;
	monitor_leave(&n->monitor);
	return n->fails_at == 0 || number < n->fails_at ||
		err_set(e, ERR_INPUT, "number %u", number);
}

static void start(struct numbers *n, size_t enough)
{
	*n = (struct numbers){ .fails_at = 0 };
	monitor_init(&n->monitor);
	n->belt = belt_new(SLOTS, enough, work, n);
	cr_assert_not_null(n->belt);
}

static void end(struct numbers *n)
{
	belt_free(n->belt);
	monitor_release(&n->monitor);
}

static bool pass(struct numbers *n, struct err *e)
{
	monitor_enter(&n->monitor);
	n->slots[belt_slot(n->belt)] = n->filled++;
	monitor_tell(&n->monitor);
	monitor_leave(&n->monitor);
	return belt_pass(n->belt, e);
}

static void pass_some(struct numbers *n, unsigned count)
{
	struct err e = ERR_INIT;

	for (unsigned i = 0; i < count; i++)
		cr_assert(pass(n, &e), "%s", e.what);
}

static void expect_done(struct numbers *n, unsigned count, const char *name)
{
	monitor_enter(&n->monitor);
	EXPECT_INT(n->begun, count, name);
	EXPECT_INT(n->done, count, name);
	for (unsigned i = 0; i < n->begun; i++)
		cr_assert_eq(n->seen[i], i, "%s: %u is %u", name, i, n->seen[i]);
	monitor_leave(&n->monitor);
}

static void wait_for_done(struct numbers *n, unsigned count)
{
	for (bool there = false; !there;) {
		monitor_enter(&n->monitor);
		there = n->done >= count;
		monitor_leave(&n->monitor);
	}
}

Test(belt, keeps_the_order)
{
	static const size_t enough[] = { 1, SLOTS / 4, SLOTS };
	struct err e = ERR_INIT;
	struct numbers n;

	for (size_t i = 0; i < COUNT_OF(enough); i++) {
		start(&n, enough[i]);
		pass_some(&n, MANY);
		cr_expect(belt_wait(n.belt, &e));
		expect_done(&n, MANY, "all");
		EXPECT_INT(belt_slot(n.belt), MANY % SLOTS, "slot");
		end(&n);
	}
	EXPECT_INT(e.kind, ERR_NONE, "kind");
}

/* The work on the first begins when all are filled; who fills goes on when it is half done. */
Test(belt, who_has_filled_all_waits_until_half_is_done)
{
	struct err e = ERR_INIT;
	struct numbers n;

	start(&n, 1);
	n.slow = true;
	n.held = SLOTS;
	pass_some(&n, SLOTS);
	EXPECT_INT(belt_slot(n.belt), 0, "slot");
	monitor_enter(&n.monitor);
	cr_expect(n.done >= SLOTS / 2, "%u", n.done);
	n.held = SLOTS + 1; /* would wait for ever, were it not for who goes on */
	monitor_leave(&n.monitor);
	pass_some(&n, MANY - SLOTS);
	cr_expect(belt_wait(n.belt, &e));
	expect_done(&n, MANY, "all");
	for (unsigned i = 0; i < SLOTS / 2; i++)
		EXPECT_INT(n.filled_at[i], SLOTS, "filled");
	for (unsigned i = 0; i < MANY; i++)
		cr_assert(n.filled_at[i] <= i + SLOTS, "%u at %u", n.filled_at[i], i);
	end(&n);
}

Test(belt, few_are_left_until_they_are_enough_or_waited_for)
{
	enum { ENOUGH = 4 };
	struct err e = ERR_INIT;
	struct numbers n;

	start(&n, ENOUGH);
	cr_expect(belt_wait(n.belt, &e), "for nothing");
	pass_some(&n, ENOUGH - 1);
	nap();
	expect_done(&n, 0, "too few");
	cr_expect(belt_wait(n.belt, &e));
	expect_done(&n, ENOUGH - 1, "waited for");
	pass_some(&n, ENOUGH - 1);
	nap();
	expect_done(&n, ENOUGH - 1, "too few again");
	pass_some(&n, 1);
	wait_for_done(&n, 2 * ENOUGH - 1);
	expect_done(&n, 2 * ENOUGH - 1, "enough");
	end(&n);
}

/* Who goes on all the same waits no longer than before, and hears of the first error only. */
Test(belt, an_error_ends_the_work_and_is_told)
{
	enum { FAILS_AT = 20 };
	struct err e = ERR_INIT;
	struct numbers n;

	start(&n, 2);
	n.fails_at = FAILS_AT;
	while (n.filled < MANY && pass(&n, &e))
		;
	cr_expect(n.filled > FAILS_AT && n.filled <= FAILS_AT + 1 + SLOTS, "%u", n.filled);
	EXPECT_INT(e.kind, ERR_INPUT, "kind");
	cr_expect_str_eq(e.what, "number 20");
	for (unsigned i = 0; i < 3 * SLOTS; i++) {
		e = (struct err)ERR_INIT;
		cr_expect(!pass(&n, &e));
		cr_expect_str_eq(e.what, "number 20");
	}
	e = (struct err)ERR_INIT;
	cr_expect(!belt_wait(n.belt, &e));
	cr_expect_str_eq(e.what, "number 20");
	expect_done(&n, FAILS_AT + 1, "none after it");
	end(&n);
}

Test(belt, an_error_of_the_last_is_told_by_waiting)
{
	struct err e = ERR_INIT;
	struct numbers n;

	start(&n, SLOTS);
	n.fails_at = 2;
	pass_some(&n, 3);
	EXPECT_INT(e.kind, ERR_NONE, "kind");
	cr_expect(!belt_wait(n.belt, &e));
	cr_expect_str_eq(e.what, "number 2");
	expect_done(&n, 3, "all");
	end(&n);
}

/* And what has been begun is done before the belt is gone. */
Test(belt, what_nobody_has_begun_is_dropped)
{
	struct numbers n;

	start(&n, SLOTS);
	pass_some(&n, SLOTS - 1);
	end(&n);
	EXPECT_INT(n.begun, 0, "begun");

	start(&n, 1);
	pass_some(&n, SLOTS - 1);
	end(&n);
	EXPECT_INT(n.done, n.begun, "done");
	belt_free(NULL);
}
