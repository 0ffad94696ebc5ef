/* SPDX-License-Identifier: MIT */
/* ruamill nightly: everything that is to be done once a day, by a timer. */
#include <stdlib.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "cli/config.h"
#include "cli/ingesting.h"
#include "cli/looking_up.h"
#include "cli/pruning.h"
#include "cli/secrets.h"
#include "parser/domain.h"
#include "reports/digest.h"
#include "store/exclusive.h"

#include "base/banned.h"

/* What fails is new where it did not fail in so many days before. */
enum { PAST_DAYS = 90, RECENT_DAYS = 30 };

struct nightly_options {
	struct common_options common;
	struct database_settings database;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct nightly_options),
	OPTIONS_END,
};

enum { JOBS = 6 };

struct night {
	const struct config *config;
	const struct domains *domains;
	struct connection *connection;
	int64_t today;
	char day[DATE_TEXT_SIZE];
	struct digest_source *sources;
	struct digest_failure failures[JOBS];
	struct digest_tasks before, after;
	struct digest digest;
	enum exit_status status;
};

static void note_failure(struct night *n, const char *what, const struct err *e)
{
	n->status = ingesting_worst(n->status, command_fail(e));
	if (n->digest.failure_count < JOBS)
		n->failures[n->digest.failure_count++] = (struct digest_failure){ what, *e };
}

static bool goes_on(const struct night *n)
{
	return ingesting_can_go_on(n->connection);
}

/* --- the jobs ------------------------------------------------------------------------------------- */

static void digest_source_fill(struct digest_source *s, const struct ingest_result *result)
{
	const struct pipeline_totals *t = &result->totals;
	const uint64_t *by = t->outcomes;

	s->reports = t->reports;
	s->messages = t->mails;
	s->duplicates = by[OUTCOME_DUPLICATE];
	s->broken = t->faulty + by[OUTCOME_BROKEN] + by[OUTCOME_TOO_LARGE] +
		by[OUTCOME_INVALID_DATE] + by[OUTCOME_TOO_OLD] + by[OUTCOME_CONFLICTING];
	s->others = by[OUTCOME_NOT_A_REPORT] + by[OUTCOME_UNSUPPORTED_KIND];
	s->unreadable = t->unreadable;
	s->failure = result->failure;
}

static void read_sources(struct night *n)
{
	const struct config *config = n->config;
	struct ingesting g = { .domains = n->domains,
			       .today = n->today,
			       .store_payload = config->store_payload };
	struct err e = ERR_INIT;

	if (!ingesting_choose_jobs(config->jobs, &g.jobs, &e)) {
		note_failure(n, "ingestion", &e);
		return;
	}
	for (size_t i = 0; i < config->source_count && goes_on(n); i++) {
		struct ingest_result result;

		log_line(LOG_LEVEL_INFO, "source %s:", config->sources[i].name);
		n->status = ingesting_worst(
			n->status,
			ingesting_run(&g, n->connection, &config->sources[i].settings, 1, &result));
		digest_source_fill(&n->sources[i], &result);
	}
}

static void judge(struct night *n)
{
	struct err e = ERR_INIT;

	if (!ingesting_catch_up(n->connection, n->domains, &e))
		note_failure(n, "judging", &e);
}

static void look_up(struct night *n)
{
	struct hosts_found found = { 0 };
	struct looking_up l;
	struct err e = ERR_INIT;

	if (!n->config->lookup_enabled)
		return;
	if (!looking_up_choose(&n->config->lookup, &l, &e) ||
	    !looking_up_run(&l, n->connection, n->domains, &found, &e))
		note_failure(n, "the look-up of names", &e);
	n->digest.looked_up = found.asked - found.by_state[HOST_NOT_LOOKED_UP];
	n->digest.named = found.by_state[HOST_CONFIRMED];
}

static void prune(struct night *n)
{
	struct prune_bounds bounds;
	struct err e = ERR_INIT;

	if (!pruning_is_wanted(&n->config->retention))
		return;
	if (!pruning_choose(&n->config->retention, n->today, &bounds, &e) ||
	    !pruning_run(n->connection, &bounds, n->domains, &n->digest.dropped, &e))
		note_failure(n, "dropping what is old", &e);
}

static void look_at_past(struct night *n)
{
	struct err e = ERR_INIT;

	if (digest_find_tasks(&n->before, n->connection, PAST_DAYS, &e))
		n->digest.before = &n->before;
	else
		note_failure(n, "the digest", &e);
}

static void look_at_present(struct night *n)
{
	struct err e = ERR_INIT;

	if (digest_find_tasks(&n->after, n->connection, RECENT_DAYS, &e) &&
	    digest_find_standing(&n->digest.standing, n->connection, &e))
		n->digest.after = &n->after;
	else
		note_failure(n, "the digest", &e);
}

/* Each ends cleanly when somebody interrupts, and none is begun then. */
static void do_jobs(struct night *n)
{
	static void (*const jobs[])(struct night * n) = {
		look_at_past, read_sources, judge, look_up, prune, look_at_present,
	};

	_Static_assert(COUNT_OF(jobs) == JOBS, "each has room for its failure");
	for (size_t i = 0; i < COUNT_OF(jobs) && (i == 0 || goes_on(n)); i++)
		jobs[i](n);
	n->digest.interrupted = interrupt_requested();
	if (n->digest.interrupted)
		n->status = ingesting_worst(n->status, STATUS_TRY_AGAIN);
}

/* --- the run -------------------------------------------------------------------------------------- */

static enum exit_status print(const struct night *n, bool quiet)
{
	struct output out;
	struct err e = ERR_INIT;

	if (quiet && n->status == STATUS_DONE)
		return n->status;
	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	digest_print(&n->digest, &out);
	return command_finish_output(&out, n->status);
}

static enum exit_status run_night(struct night *n, bool quiet)
{
	size_t count = n->config->source_count;
	enum exit_status status;

	n->sources = memory_zeroed(count, sizeof(*n->sources));
	for (size_t i = 0; i < count; i++)
		n->sources[i].name = n->config->sources[i].name;
	date_format(n->today, n->day);
	n->digest = (struct digest){
		.day = n->day,
		.sources = n->sources,
		.source_count = count,
		.failures = n->failures,
	};
	do_jobs(n);
	status = print(n, quiet);
	digest_tasks_release(&n->before);
	digest_tasks_release(&n->after);
	free(n->sources);
	return status;
}

static enum exit_status no_source(const struct config *config)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_CONFIG, "no source is configured");
	err_where(&e, "%s", config->path ? config->path : "there is no ruamill.conf");
	err_remedy(&e, "write down where mail comes from: man ruamill.conf");
	return command_fail(&e);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct nightly_options *o = given;
	struct night n = { .status = STATUS_DONE };
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments",
					       "sources stand in ruamill.conf");
	/* the digest says it, in a mail; --verbose says more */
	log_configure(o->common.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, false);

	SCOPED(config) struct config *config = config_load(o->database.config, &e);

	if (!config)
		return command_fail(&e);
	if (config->source_count == 0)
		return no_source(config);

	SCOPED(secrets) struct secrets secrets = { 0 };
	SCOPED(domains) struct domains *domains = command_domains(&e);

	for (size_t i = 0; i < config->source_count; i++)
		secrets_take(&secrets, &config->sources[i].settings);
	if (!domains || !command_today(&n.today, &e))
		return command_fail(&e);
	interrupt_install();

	SCOPED(connection)
	struct connection *c = command_connect_to(settings_pick(o->database.db, config->db), &e);

	if (!c || !exclusive_take(c, command_nightly.name, &e))
		return command_fail(&e);
	n.config = config;
	n.domains = domains;
	n.connection = c;

	enum exit_status status = run_night(&n, o->common.quiet);

	exclusive_give_back(c, command_nightly.name);
	return status;
}

const struct command command_nightly = {
	.name = "nightly",
	.arguments = "[OPTION ...]",
	.summary = "read all sources, and do what is to be done once a day",
	.details =
		"Reads every source of ruamill.conf, looks up new addresses where that is switched on,\n"
		"judges, drops what is older than wanted, and prints what is new, for a mail. One that\n"
		"fails does not stop the others. Only one such run at a time; SIGTERM ends it cleanly.\n",
	.options = options,
	.options_size = sizeof(struct nightly_options),
	.run = run,
};
