/* SPDX-License-Identifier: MIT */
#include "reports/lookup.h"

#include <stdlib.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "reports/lookup_channels.h"
#include "reports/lookup_steps.h"

#include "base/banned.h"

enum {
	/* Questions in a row without any reply: the servers are away, or the network is. */
	MOST_SILENT = 4 * LOOKUP_IN_FLIGHT,
	/* How long a signal may wait that comes just before we wait. */
	MOST_WAIT_MS = 200,
};

#define NS_OF_MS UINT64_C(1000000)
#define NS_OF_S  UINT64_C(1000000000)

/* What was not sent while we could not may be caught up with, but no more. */
#define PACE_SLACK (10 * NS_OF_MS)

/*
 * Every server has something to say of this one, and of itself: so that it can be told whether nobody
 * answers, or only nobody for what was asked for.
 */
static const struct address probed = { ADDRESS_V4, { 127, 0, 0, 1 } };

/* One address under way. */
struct job {
	struct ask ask; /* first, so that one leads to the other */
	bool is_probe;
	struct lookup_subject subject;
	struct lookup_steps steps;
	unsigned silences;
	unsigned refused; /* a bit a server */
	size_t server;    /* that was asked last */
};

struct lookup {
	const struct lookup_settings *settings;
	struct lookup_client *client;
	struct channels *channels;
	struct job *jobs; /* LOOKUP_IN_FLIGHT of them */
	struct ask_list idle,
		ready;    /* jobs without an address, and those that have a question to ask */
	size_t preferred; /* server: the last one that did not keep silent */
	size_t silent;    /* questions since the last reply */
	uint64_t replies;
	uint64_t due; /* when the next question may go, in ns */
	bool no_more;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_OF_S + (uint64_t)now.tv_nsec;
}

/* -- what became of a question */

/* To whom the question goes next; false when all have refused it, or were silent often enough. */
static bool choose_server(const struct lookup *l, struct job *job)
{
	size_t count = l->settings->servers.count;

	if (job->silences >= l->settings->tries * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		job->server = (l->preferred + i) % count;
		if ((job->refused & 1U << job->server) == 0)
			return true;
	}
	return false;
}

static void ask_next(struct lookup *l, struct job *job)
{
	lookup_steps_question(&job->steps, &job->ask.question);
	job->silences = 0;
	job->refused = 0;
	ask_list_add(&l->ready, &job->ask);
}

static bool answer(struct lookup *l, struct job *job, enum lookup_reply kind, struct err *e)
{
	if (job->is_probe) {
		job->is_probe = false;
		ask_list_add(&l->idle, &job->ask);
		return true;
	}
	if (!lookup_steps_answer(&job->steps, kind, buf_slice(&job->ask.reply))) {
		ask_next(l, job);
		return true;
	}
	ask_list_add(&l->idle, &job->ask);
	return l->client->found(l->client, &job->subject, &job->steps.host, e);
}

static void count_silence(struct lookup *l, struct job *job)
{
	l->silent++;
	job->silences++;
	if (job->server == l->preferred)
		l->preferred = (l->preferred + 1) % l->settings->servers.count;
}

static void count_reply(struct lookup *l)
{
	l->silent = 0;
	l->replies++;
}

static bool take_reply(struct lookup *l, struct job *job, struct err *e)
{
	if (job->ask.outcome == ASK_SILENCE)
		count_silence(l, job);
	else
		count_reply(l);
	if (job->ask.outcome == ASK_REPLY)
		return answer(l, job, LOOKUP_REPLY, e);
	if (job->ask.outcome == ASK_NOTHING)
		return answer(l, job, LOOKUP_NOTHING, e);
	if (job->ask.outcome == ASK_REFUSED)
		job->refused |= 1U << job->server;
	if (!choose_server(l, job))
		return answer(l, job, LOOKUP_FAILED, e);
	ask_list_add(&l->ready, &job->ask);
	return true;
}

static bool take_replies(struct lookup *l, struct err *e)
{
	for (;;) {
		struct ask *ask = channels_answered(l->channels);

		if (!ask)
			return true;
		if (!take_reply(l, (struct job *)ask, e))
			return false;
	}
}

/* -- sending */

static void begin_job(struct lookup *l)
{
	struct lookup_subject subject;
	struct job *job;

	if (l->no_more || !l->idle.first)
		return;
	if (!l->client->next(l->client, &subject)) {
		l->no_more = true;
		return;
	}
	job = (struct job *)ask_list_take(&l->idle);
	job->subject = subject;
	lookup_steps_begin(&job->steps, &subject.address);
	ask_next(l, job);
}

static void begin_probe(struct lookup *l)
{
	struct job *job = (struct job *)ask_list_take(&l->idle);

	job->is_probe = true;
	lookup_steps_begin(&job->steps, &probed);
	ask_next(l, job);
}

static bool may_send(struct lookup *l, uint64_t now)
{
	unsigned rate = l->settings->rate;

	if (rate == 0)
		return true;
	if (l->due > now)
		return false;
	if (l->due + PACE_SLACK < now)
		l->due = now - PACE_SLACK;
	l->due += NS_OF_S / rate;
	return true;
}

/* As many as may go now: first the questions that follow from others. */
static void send_questions(struct lookup *l)
{
	uint64_t now = now_ns();

	for (;;) {
		if (!l->ready.first)
			begin_job(l);
		if (!l->ready.first || !may_send(l, now))
			return;

		struct job *job = (struct job *)ask_list_take(&l->ready);

		if (job->silences == 0 && job->refused == 0)
			job->server = l->preferred;
		channels_ask(l->channels, job->server, &job->ask);
	}
}

static int wait_ms(const struct lookup *l)
{
	uint64_t now = now_ns();

	if (!l->ready.first || l->due <= now)
		return MOST_WAIT_MS;

	uint64_t ms = (l->due - now) / NS_OF_MS + 1;

	return ms < MOST_WAIT_MS ? (int)ms : MOST_WAIT_MS;
}

/* -- the run */

static bool unreachable(const struct lookup *l, struct err *e)
{
	SCOPED(buf) struct buf servers = { 0 };

	lookup_servers_append(&servers, &l->settings->servers);
	err_set(e, ERR_UNREACHABLE, "no name server answers");
	err_where(e, "%s", servers.p);
	return err_remedy(e, "try again when the network is there, or name another with --server");
}

static bool run(struct lookup *l, struct err *e)
{
	for (;;) {
		if (interrupt_requested()) {
			err_set(e, ERR_INTERRUPTED, "stopped by a signal");
			return err_remedy(e, "what was found out is stored; run it again");
		}
		if (l->silent >= MOST_SILENT)
			return unreachable(l, e);
		send_questions(l);
		if (!l->ready.first && channels_in_flight(l->channels) == 0 && l->no_more)
			break;
		channels_wait(l->channels, wait_ms(l));
		if (!take_replies(l, e))
			return false;
	}
	return l->replies > 0 || unreachable(l, e);
}

bool lookup_run(const struct lookup_settings *settings, struct lookup_client *client, struct err *e)
{
	SCOPED(channels)
	struct channels *channels = channels_open(&settings->servers, settings->timeout_ms, e);
	struct lookup l = { .settings = settings, .client = client, .channels = channels };
	bool ok;

	if (!channels)
		return false;
	l.jobs = memory_zeroed(LOOKUP_IN_FLIGHT, sizeof(*l.jobs));
	for (size_t i = 0; i < LOOKUP_IN_FLIGHT; i++)
		ask_list_add(&l.idle, &l.jobs[i].ask);
	begin_probe(&l);
	ok = run(&l, e);
	/* before the jobs, which it tells of what was under way */
	channels_close(TAKE(channels, NULL));
	for (size_t i = 0; i < LOOKUP_IN_FLIGHT; i++)
		buf_release(&l.jobs[i].ask.reply);
	free(l.jobs);
	return ok;
}
