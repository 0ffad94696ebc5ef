/* SPDX-License-Identifier: MIT */
#include "cli/ingesting.h"

#include <unistd.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "cli/judging.h"
#include "ingest/crew.h"
#include "ingest/summary.h"
#include "store/rehearsal.h"
#include "store/upkeep.h"
#include "store/writer_pool.h"

#include "base/banned.h"

/* clocks differ by up to a day around the world */
enum { DAYS_AHEAD = 1 };

bool ingesting_choose_jobs(const char *given, size_t *jobs_out, struct err *e)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t jobs = processors > 0 ? (uint64_t)processors : 1;

	if (!options_number("--jobs", given, &settings_jobs, &jobs, e))
		return err_remedy(e, "give a whole number from 1 to %d", CREW_MAX);
	*jobs_out = jobs < CREW_MAX ? (size_t)jobs : CREW_MAX;
	return true;
}

static bool choose_plan(const struct source_settings *s, struct settlement_plan *plan_out,
			struct err *e)
{
	struct settlement_plan plan = { 0 };

	if (s->then && !settlement_parse("--then", s->then, &plan.by[ENDING_GOOD], e))
		return false;
	if (s->if_broken &&
	    !settlement_parse("--if-broken", s->if_broken, &plan.by[ENDING_FAULTY], e))
		return false;
	*plan_out = plan;
	return true;
}

static bool choose_access(const struct source_settings *s, int64_t today,
			  struct imap_access *access_out, struct err *e)
{
	uint64_t patience = IMAP_PATIENCE_SECONDS, days = 0;

	if (!options_number("--imap-timeout", s->imap_timeout, &settings_imap_timeout, &patience,
			    e) ||
	    !options_number("--imap-days", s->imap_days, &settings_days, &days, e))
		return false;
	*access_out = s->access;
	access_out->patience_seconds = (unsigned)patience;
	access_out->since = days > 0 ? today - (int64_t)days : 0;
	return true;
}

bool ingesting_check(const struct source_settings *s, struct err *e)
{
	struct settlement_plan plan;
	struct imap_access access;

	return choose_plan(s, &plan, e) && choose_access(s, 0, &access, e) &&
		source_check(s->from, &access, &plan, e);
}

/* What is wrong with a command line is told as such; with a configured source as what it is. */
static bool blame(const struct source_settings *s, struct err *e)
{
	if (s->configured && e->kind == ERR_USAGE)
		e->kind = ERR_CONFIG;
	return false;
}

bool ingesting_try(const struct source_settings *s, uint64_t *count_out, struct err *e)
{
	struct settlement_plan plan;
	struct imap_access access;

	return (choose_plan(s, &plan, e) && choose_access(s, 0, &access, e) &&
		source_try(s->from, &access, &plan, count_out, e)) ||
		blame(s, e);
}

/* --- telling ------------------------------------------------------------------------------------- */

static void print_lines(enum log_level level, const struct buf *lines)
{
	struct slice rest = buf_slice(lines), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (line.n > 0)
			log_line(level, "%.*s", SLICE_ARG(line));
	}
}

static void print_summary(const struct pipeline_totals *t, const struct summary *s, bool rehearsal)
{
	SCOPED(buf) struct buf totals = { 0 };
	SCOPED(buf) struct buf faults = { 0 };

	summary_append_totals(&totals, t, rehearsal);
	summary_append_kinds(&totals, s);
	print_lines(LOG_LEVEL_INFO, &totals);
	if (t->unnamed > 0)
		log_line(LOG_LEVEL_ERROR, "%llu more that are not named here",
			 (unsigned long long)t->unnamed);
	/* who sees no more than errors gets the reasons where not every fault was one */
	summary_append_faults(&faults, s, rehearsal);
	print_lines(t->unnamed > 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, &faults);
}

/* --- sources ------------------------------------------------------------------------------------- */

enum exit_status ingesting_worst(enum exit_status a, enum exit_status b)
{
	return a > b ? a : b;
}

static enum exit_status status_of_totals(const struct pipeline_totals *totals)
{
	if (totals->unsettled > 0)
		return STATUS_TRY_AGAIN;
	if (totals->unreadable > 0)
		return STATUS_NO_INPUT;
	return pipeline_found_faults(totals) ? STATUS_SOME_BROKEN : STATUS_DONE;
}

struct source *ingesting_open(const struct ingesting *g, const struct source_settings *s,
			      struct imap_access *access, struct err *e)
{
	struct settlement_plan plan;

	if (choose_plan(s, &plan, e) && choose_access(s, g->today, access, e) &&
	    source_check(s->from, access, &plan, e))
		return source_open(s->from, access, e);
	blame(s, e);
	return NULL;
}

/* With what was asked for; in a rehearsal mails stay as they are, whatever happens to them else. */
static bool run_open(const struct pipeline_settings *shared, const struct ingesting *g,
		     const struct source_settings *s, struct source *source,
		     struct pipeline_totals *totals, struct err *e)
{
	struct pipeline_settings settings = *shared;

	if (!g->rehearsal && !choose_plan(s, &settings.plan, e))
		return false;
	settings.trust = (struct trust){ s->trusted.values, s->trusted.count };
	return pipeline_run(&settings, source, totals, e);
}

static bool run_source(const struct pipeline_settings *shared, const struct ingesting *g,
		       const struct source_settings *s, struct pipeline_totals *totals,
		       struct err *e)
{
	struct imap_access access;
	SCOPED(source) struct source *source = ingesting_open(g, s, &access, e);

	return source && run_open(shared, g, s, source, totals, e);
}

bool ingesting_can_go_on(struct connection *c)
{
	struct err e = ERR_INIT;

	return !interrupt_requested() && (!c || connection_execute(c, "select 1", NULL, 0, &e));
}

static enum exit_status run_sources(struct pipeline_settings *settings, const struct ingesting *g,
				    struct connection *c, const struct source_settings *sources,
				    size_t count, struct ingest_result *result)
{
	SCOPED(summary) struct summary *summary = summary_new();
	struct pipeline_totals *totals = &result->totals;
	enum exit_status status = STATUS_DONE;

	settings->summary = summary;
	settings->ledger->retry = g->retry;
	interrupt_install();
	for (size_t i = 0; i < count; i++) {
		struct err e = ERR_INIT;

		if (run_source(settings, g, &sources[i], totals, &e))
			continue;
		status = ingesting_worst(status, command_fail(&e));
		if (result->failure.kind == ERR_NONE)
			result->failure = e;
		if (!ingesting_can_go_on(c))
			break;
	}
	/* what was done by then is done */
	if (totals->listed > 0 || status == STATUS_DONE)
		print_summary(totals, summary, g->rehearsal);
	return ingesting_worst(status, status_of_totals(totals));
}

/* The writers' pool as the pipeline knows it. */
struct pool {
	struct ledger_pool pool;
	struct writer_pool *writers;
};

static struct ledger *pool_ledger(struct ledger_pool *pool, size_t n)
{
	return writer_pool_ledger(((struct pool *)pool)->writers, n);
}

static struct pipeline_settings settings_of(const struct ingesting *g)
{
	return (struct pipeline_settings){ .domains = g->domains, .jobs = g->jobs };
}

static enum exit_status rehearse(const struct ingesting *g, struct connection *c,
				 const struct source_settings *sources, size_t count,
				 struct ingest_result *result)
{
	SCOPED(rehearsal) struct rehearsal *rehearsal = rehearsal_new(c, g->today + DAYS_AHEAD);
	struct pipeline_settings settings = settings_of(g);

	settings.ledger = rehearsal_ledger(rehearsal);
	return run_sources(&settings, g, c, sources, count, result);
}

static struct writer_settings how_to_write(const struct ingesting *g)
{
	return (struct writer_settings){
		.latest_day = g->today + DAYS_AHEAD,
		.store_payloads = g->store_payload,
		.domains = g->domains,
	};
}

enum exit_status ingesting_run(const struct ingesting *g, struct connection *c,
			       const struct source_settings *sources, size_t count,
			       struct ingest_result *result_out)
{
	*result_out = (struct ingest_result){ 0 };
	if (g->rehearsal)
		return rehearse(g, c, sources, count, result_out);

	const struct writer_settings how = how_to_write(g);
	SCOPED(writer) struct writer *writer = writer_new(c, how);
	SCOPED(writer_pool) struct writer_pool *writers = writer_pool_new(c, how);
	struct pool pool = { { pool_ledger }, writers };
	struct pipeline_settings settings = settings_of(g);

	settings.ledger = writer_ledger(writer);
	settings.pool = &pool.pool;

	enum exit_status status = run_sources(&settings, g, c, sources, count, result_out);
	struct err e = ERR_INIT;

	if (!ingesting_can_go_on(c) || upkeep_after_load(c, writer_pool_idle(writers), &e))
		return status;
	return ingesting_worst(status, command_fail(&e));
}

bool ingesting_read(const struct ingesting *g, struct connection *c,
		    const struct source_settings *s, struct source *source,
		    struct pipeline_totals *totals, struct err *e)
{
	const struct writer_settings how = how_to_write(g);
	SCOPED(summary) struct summary *summary = summary_new();
	SCOPED(writer) struct writer *writer = writer_new(c, how);
	SCOPED(writer_pool) struct writer_pool *writers = writer_pool_new(c, how);
	struct pool pool = { { pool_ledger }, writers };
	struct pipeline_settings settings = settings_of(g);

	settings.ledger = writer_ledger(writer);
	settings.pool = &pool.pool;
	settings.summary = summary;

	bool ok = run_open(&settings, g, s, source, totals, e);

	if (totals->listed == totals->known)
		return ok;
	print_summary(totals, summary, false);
	return ok && upkeep_after_load(c, writer_pool_idle(writers), e);
}

bool ingesting_catch_up(struct connection *c, const struct domains *domains, struct err *e)
{
	return (judging_catch_up(c, domains, e) && upkeep_after_load(c, NULL, e)) ||
		err_remedy(e, "the reports are stored; the next run judges them");
}
