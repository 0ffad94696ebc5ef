/* SPDX-License-Identifier: MIT */
#include "ingest/watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/memory.h"

#include "base/banned.h"

/* After so many lost connections in a row a source is tried ever as seldom. */
enum { RETRY_MS = 1000, RETRY_DOUBLED = 9 };

/* So often we wake, whoever else wakes us; and list all, whatever a server has told us of. */
enum { WAKE_MS = 60 * 1000, WHOLE_MS = 60 * 60 * 1000 };

/* Whatever a server says, it is not read more often. */
enum { PAUSE_MS = 1000 };

struct watched {
	struct source *source; /* NULL: to be opened */
	bool was_read;         /* once, at least */
	bool lost;             /* and told */
	unsigned attempts;     /* since it was lost */
	int64_t due_ms;
	int64_t read_ms;  /* when it was read last */
	int64_t whole_ms; /* and when all of it was listed */
};

struct watch {
	const struct watch_settings *settings;
	struct watch_reader *reader;
	struct watch_world *world;
	struct watched *sources;
};

/* --- this world ---------------------------------------------------------------------------------- */

static int64_t real_now(struct watch_world *w UNUSED)
{
	return clock_ms();
}

static void real_wait(struct watch_world *w UNUSED, struct pollfd *polled, size_t count,
		      int milliseconds)
{
	(void)interrupt_poll(polled, count, milliseconds);
}

static bool real_is_over(struct watch_world *w UNUSED)
{
	return interrupt_requested();
}

struct watch_world watch_real_world(void)
{
	static const struct watch_world_ops ops = { real_now, real_wait, real_is_over };

	return (struct watch_world){ &ops };
}

static int64_t now_ms(const struct watch *w)
{
	return w->world->ops->now_ms(w->world);
}

static bool is_over(const struct watch *w)
{
	return w->world->ops->is_over(w->world);
}

/* --- one source ---------------------------------------------------------------------------------- */

static void let_go(struct watched *s)
{
	source_close(s->source);
	s->source = NULL;
}

static void lose(const struct watch *w, struct watched *s, struct err *fault)
{
	unsigned doubled = s->attempts < RETRY_DOUBLED ? s->attempts : RETRY_DOUBLED;

	let_go(s);
	s->due_ms = now_ms(w) + ((int64_t)RETRY_MS << doubled);
	s->attempts++;
	if (s->lost)
		return;
	s->lost = true;
	err_remedy(fault, "it is tried again until it works");
	log_err(LOG_LEVEL_WARNING, fault);
}

static void find_again(struct watched *s)
{
	if (s->lost)
		log_line(LOG_LEVEL_WARNING, "back again: %s", s->source->name);
	s->lost = false;
	s->attempts = 0;
}

/* Lists what is to be read. */
static bool open_or_list(const struct watch *w, struct watched *s, size_t number, struct err *e)
{
	int64_t now = now_ms(w);
	bool all = !s->source || now - s->whole_ms >= WHOLE_MS;

	if (all)
		s->whole_ms = now;
	if (s->source)
		return s->source->ops->again(s->source, all, e);
	s->source = w->reader->ops->open(w->reader, number, e);
	return s->source != NULL;
}

static bool is_of_source(const struct watched *s, const struct err *fault)
{
	return s->source->away || fault->kind == ERR_NO_INPUT;
}

static bool read_listed(const struct watch *w, struct watched *s, size_t number, struct err *e)
{
	if (!w->reader->ops->read(w->reader, number, s->source, e))
		return false;
	find_again(s);
	s->was_read = true;
	s->read_ms = now_ms(w);
	s->due_ms = s->read_ms + w->settings->interval_ms;
	if (!s->source->ops->again)
		let_go(s);
	return true;
}

/* False ends the watch. */
static bool read_source(const struct watch *w, struct watched *s, size_t number, struct err *e)
{
	struct err fault = ERR_INIT;
	bool listed = open_or_list(w, s, number, &fault);

	if (listed && read_listed(w, s, number, &fault))
		return true;
	if (is_over(w))
		return true;
	if (listed ? is_of_source(s, &fault) : s->was_read || fault.kind == ERR_UNREACHABLE) {
		lose(w, s, &fault);
		return true;
	}
	*e = fault;
	return false;
}

/* --- all of them --------------------------------------------------------------------------------- */

/*
 * Asks it, and says when it is to be read unless it tells before. A connection that broke is made again at
 * once, if it has held for some time.
 */
static void look(const struct watch *w, struct watched *s, struct pollfd *polled, size_t *count)
{
	struct err ignored = ERR_INIT; /* again() finds out for itself */
	int descriptor, told;

	if (!s->source || s->due_ms <= now_ms(w))
		return;
	told = s->source->ops->look(s->source, now_ms(w), &ignored);
	if (told != 0) {
		s->due_ms = s->read_ms + (told > 0 ? PAUSE_MS : w->settings->interval_ms);
		return;
	}
	descriptor = s->source->ops->descriptor(s->source);
	if (descriptor >= 0 && *count < INTERRUPT_POLLED) {
		polled[(*count)++] = (struct pollfd){ .fd = descriptor, .events = POLLIN };
		s->due_ms = s->whole_ms + WHOLE_MS;
	}
}

static void wait_for_news(const struct watch *w)
{
	while (!is_over(w)) {
		struct pollfd polled[INTERRUPT_POLLED];
		size_t count = 0;
		int64_t wake = INT64_MAX, now;

		for (size_t i = 0; i < w->settings->count; i++) {
			look(w, &w->sources[i], polled, &count);
			if (w->sources[i].due_ms < wake)
				wake = w->sources[i].due_ms;
		}
		now = now_ms(w);
		if (wake <= now)
			return;
		wake = wake - now < WAKE_MS ? wake - now : WAKE_MS;
		w->world->ops->wait(w->world, polled, count, (int)wake);
	}
}

static bool read_due(const struct watch *w, struct err *e)
{
	for (size_t i = 0; i < w->settings->count && !is_over(w); i++) {
		struct watched *s = &w->sources[i];

		if (s->due_ms <= now_ms(w) && !read_source(w, s, i, e))
			return false;
	}
	return w->reader->ops->rest(w->reader, e);
}

bool watch_run(const struct watch_settings *settings, struct watch_reader *reader,
	       struct watch_world *world, struct err *e)
{
	struct watch w = { settings, reader, world, NULL };
	bool ok = true;

	w.sources = memory_zeroed(settings->count, sizeof(*w.sources));
	for (size_t i = 0; i < settings->count; i++)
		w.sources[i].due_ms = now_ms(&w);
	while (ok && !is_over(&w)) {
		ok = read_due(&w, e);
		if (ok)
			wait_for_news(&w);
	}
	for (size_t i = 0; i < settings->count; i++)
		let_go(&w.sources[i]);
	free(w.sources);
	return ok;
}
