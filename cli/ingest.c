/* SPDX-License-Identifier: MIT */
/* ruamill ingest: sources into the database. */
#include <unistd.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/number.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "ingest/pipeline.h"
#include "parser/domain.h"
#include "store/connection.h"
#include "store/migrate.h"
#include "store/writer_pool.h"

#include "base/banned.h"

/* As many as the pipeline knows what to do with. */
enum { MAX_JOBS = 16 };

struct ingest_options {
	struct common_options common;
	const char *db;
	const char *then;
	const char *if_broken;
	const char *jobs;
};

static const struct option options[] = {
	DATABASE_OPTION(struct ingest_options),
	OPT_VALUE("--then", 0, "ACTION", struct ingest_options, then,
		  "what happens to a mail or file once it is stored (default: leave)"),
	OPT_VALUE("--if-broken", 0, "ACTION", struct ingest_options, if_broken,
		  "and if some of it could not be stored (default: leave)"),
	OPT_VALUE("--jobs", 'j', "N", struct ingest_options, jobs,
		  "so many mails at a time (default: one a processor)"),
	OPTIONS_END,
};

static bool choose_plan(const struct ingest_options *o, struct settlement_plan *plan_out,
			struct err *e)
{
	struct settlement_plan plan = { 0 };

	if (o->then && !settlement_parse("--then", o->then, &plan.by[ENDING_GOOD], e))
		return false;
	if (o->if_broken &&
	    !settlement_parse("--if-broken", o->if_broken, &plan.by[ENDING_FAULTY], e))
		return false;
	*plan_out = plan;
	return true;
}

static bool choose_jobs(const struct ingest_options *o, size_t *jobs_out, struct err *e)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t jobs = processors > 0 ? (uint64_t)processors : 1;

	if (o->jobs && !number_parse_u64(slice_from(o->jobs), 1, MAX_JOBS, &jobs)) {
		err_set(e, ERR_USAGE, "not a number of jobs");
		err_where(e, "--jobs %s", o->jobs);
		return err_remedy(e, "give a whole number from 1 to %d", MAX_JOBS);
	}
	*jobs_out = jobs < MAX_JOBS ? (size_t)jobs : MAX_JOBS;
	return true;
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

/* "38 stored, 2 duplicate, 1 broken" */
static void print_outcomes(struct buf *text, const struct pipeline_totals *t)
{
	const char *separator = "";

	for (int i = 0; i < outcome_count; i++) {
		if (t->outcomes[i] == 0)
			continue;
		buf_printf(text, "%s%llu %s", separator, (unsigned long long)t->outcomes[i],
			   outcome_text((enum outcome)i));
		separator = ", ";
	}
	if (t->known > 0) {
		buf_printf(text, "%s%llu known from before", separator,
			   (unsigned long long)t->known);
		separator = ", ";
	}
	if (t->unreadable > 0)
		buf_printf(text, "%s%llu unreadable", separator, (unsigned long long)t->unreadable);
}

static void print_summary(const struct pipeline_totals *t)
{
	SCOPED(buf) struct buf text = { 0 };

	print_outcomes(&text, t);
	log_line(LOG_LEVEL_INFO, "%llu messages: %s", (unsigned long long)t->listed,
		 t->listed > 0 ? buf_text(&text) : "nothing there");
	if (t->reports > 0)
		log_line(LOG_LEVEL_INFO, "new: %llu reports, %llu records on %llu mails",
			 (unsigned long long)t->reports, (unsigned long long)t->records,
			 (unsigned long long)t->mails);
}

static bool ingest_source(const struct pipeline_settings *settings, const char *spec,
			  struct pipeline_totals *totals, struct err *e)
{
	SCOPED(source) struct source *source = source_open(spec, e);

	return source && pipeline_run(settings, source, totals, e);
}

static enum exit_status status_of_totals(const struct pipeline_totals *totals)
{
	if (totals->unreadable > 0)
		return STATUS_NO_INPUT;
	return pipeline_found_faults(totals) ? STATUS_SOME_BROKEN : STATUS_DONE;
}

static enum exit_status ingest_all(const struct pipeline_settings *settings,
				   const struct arguments *arguments)
{
	struct pipeline_totals totals = { 0 };

	for (size_t i = 0; i < arguments->count; i++) {
		struct err e = ERR_INIT;

		if (!ingest_source(settings, arguments->operands[i], &totals, &e))
			return command_fail(&e);
	}
	print_summary(&totals);
	return status_of_totals(&totals);
}

static bool reads_standard_input(const struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++) {
		if (source_is_stdin(arguments->operands[i]))
			return true;
	}
	return false;
}

static bool check_sources(const struct arguments *arguments, const struct settlement_plan *plan,
			  struct err *e)
{
	for (size_t i = 0; i < arguments->count; i++) {
		if (!source_check(arguments->operands[i], plan, e))
			return false;
	}
	return true;
}

static enum exit_status ingest(const struct ingest_options *o, const struct arguments *arguments)
{
	struct pipeline_settings settings = { 0 };
	struct err e = ERR_INIT;
	int64_t today;

	if (arguments->count == 0)
		return command_wrong_arguments(
			"there is nothing to ingest",
			"name files, folders, Maildirs or mboxes, or '-' for standard input");
	if (!choose_plan(o, &settings.plan, &e) || !choose_jobs(o, &settings.jobs, &e) ||
	    !command_today(&today, &e) || !check_sources(arguments, &settings.plan, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);

	if (!domains)
		return command_fail(&e);

	SCOPED(connection) struct connection *c = connection_open(o->db, &e);

	if (!c || !migrate_ensure(c, command_version(), &e))
		return command_fail(&e);

	interrupt_install();
	/* clocks differ by up to a day around the world */
	SCOPED(writer) struct writer *writer = writer_new(c, today + 1);
	SCOPED(writer_pool) struct writer_pool *writers = writer_pool_new(c, today + 1);
	struct pool pool = { { pool_ledger }, writers };

	settings.domains = domains;
	settings.ledger = writer_ledger(writer);
	settings.pool = &pool.pool;
	return ingest_all(&settings, arguments);
}

/* A mail server that pipes mail in bounces it to the reporter on any status but 0 and 75. */
static enum exit_status run(void *given, const struct arguments *arguments)
{
	enum exit_status status = ingest(given, arguments);

	if (!reads_standard_input(arguments) || status == STATUS_USAGE)
		return status;
	if (status == STATUS_DONE || status == STATUS_SOME_BROKEN)
		return STATUS_DONE;
	return STATUS_TRY_AGAIN;
}

const struct command command_ingest = {
	.name = "ingest",
	.arguments = "[OPTION ...] SOURCE ...",
	.summary = "read reports into the database",
	.details =
		"A SOURCE is a Maildir, a folder (with all below it), a file, an mbox, or '-' for standard\n"
		"input. Reports are known by their content: mails, zip, gzip and XML, whatever their names.\n"
		"What was ingested before is skipped. Mails and files stay where they are, unless an ACTION\n"
		"says else: leave, mark (as seen, in a Maildir), move:FOLDER, or delete. FOLDER is made if\n"
		"need be; of a Maildir it is an absolute path, or one of its own folders like .Archive.\n",
	.options = options,
	.options_size = sizeof(struct ingest_options),
	.run = run,
};
