/* SPDX-License-Identifier: MIT */
#include "cli/watching.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "ingest/watch.h"

#include "base/banned.h"

struct watching {
	struct watch_reader reader;
	struct ingesting ingesting;
	struct connection *connection;         /* borrowed */
	const struct source_settings *sources; /* borrowed */
	struct imap_access *access;            /* to each */
	bool unjudged;                         /* something may have come in since the last time */
};

static struct source *open_source(struct watch_reader *reader, size_t number, struct err *e)
{
	struct watching *w = (struct watching *)reader;

	return ingesting_open(&w->ingesting, &w->sources[number], &w->access[number], e);
}

static bool read_source(struct watch_reader *reader, size_t number, struct source *source,
			struct err *e)
{
	struct watching *w = (struct watching *)reader;
	struct pipeline_totals totals = { 0 };
	bool ok;

	/* days go by */
	if (!command_today(&w->ingesting.today, e))
		return false;
	ok = ingesting_read(&w->ingesting, w->connection, &w->sources[number], source, &totals, e);
	w->unjudged = w->unjudged || totals.listed > totals.known;
	return ok;
}

/* After a signal it is for the next run. */
static bool judge(struct watch_reader *reader, struct err *e)
{
	struct watching *w = (struct watching *)reader;

	if (!w->unjudged || interrupt_requested())
		return true;
	w->unjudged = false;
	return ingesting_catch_up(w->connection, w->ingesting.domains, e) || interrupt_requested();
}

enum exit_status watching_run(const struct ingesting *g, struct connection *c,
			      const struct source_settings *sources, size_t count,
			      uint64_t interval_seconds)
{
	static const struct watch_reader_ops ops = { open_source, read_source, judge };
	const struct watch_settings settings = { count, (int64_t)interval_seconds * 1000 };
	struct watching w = { { &ops }, *g, c, sources, NULL, true };
	struct watch_world world = watch_real_world();
	struct err e = ERR_INIT;

	w.access = memory_zeroed(count, sizeof(*w.access));
	interrupt_install();

	bool ended = watch_run(&settings, &w.reader, &world, &e);

	free(w.access);
	return ended ? STATUS_DONE : command_fail(&e);
}
