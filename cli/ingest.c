/* SPDX-License-Identifier: MIT */
/* ruamill ingest: sources into the database. */
#include <unistd.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "cli/judging.h"
#include "ingest/crew.h"
#include "ingest/imap_access.h"
#include "ingest/pipeline.h"
#include "ingest/summary.h"
#include "parser/domain.h"
#include "store/connection.h"
#include "store/migrate.h"
#include "store/rehearsal.h"
#include "store/upkeep.h"
#include "store/writer_pool.h"

#include "base/banned.h"

struct ingest_options {
	struct common_options common;
	const char *db;
	const char *then;
	const char *if_broken;
	const char *jobs;
	const char *password_file, *password_command, *token_command;
	const char *tls_ca_file, *tls_certificate, *tls_key;
	const char *imap_timeout;
	const char *password; /* out of the environment; NULL: there is none */
	struct option_list trusted;
	bool retry, dry_run, store_payload, plaintext;
};

static const struct option options[] = {
	DATABASE_OPTION(struct ingest_options),
	OPT_VALUE("--then", 0, "ACTION", struct ingest_options, then,
		  "what happens to a mail or file once it is stored (default: leave)"),
	OPT_VALUE("--if-broken", 0, "ACTION", struct ingest_options, if_broken,
		  "and if some of it could not be stored (default: leave)"),
	OPT_VALUE("--jobs", 'j', "N", struct ingest_options, jobs,
		  "so many mails at a time (default: one a processor)"),
	OPT_LIST("--trust", 0, "SERVER", struct ingest_options, trusted,
		 "believe what this server of yours wrote in Authentication-Results"),
	OPT_FLAG("--retry", 0, struct ingest_options, retry,
		 "read again what was broken, too large, too old or of an invalid date"),
	OPT_FLAG("--store-payload", 0, struct ingest_options, store_payload,
		 "keep the XML of each report, too, for 'db payload'"),
	OPT_VALUE("--password-file", 0, "FILE", struct ingest_options, password_file,
		  "of imaps://: the first line is the password; for nobody else to read"),
	OPT_VALUE("--password-command", 0, "COMMAND", struct ingest_options, password_command,
		  "of imaps://: the shell command prints the password"),
	OPT_VALUE("--token-command", 0, "COMMAND", struct ingest_options, token_command,
		  "of imaps://: it prints an OAuth access token (XOAUTH2, OAUTHBEARER)"),
	OPT_VALUE("--tls-ca-file", 0, "FILE", struct ingest_options, tls_ca_file,
		  "of imaps://: trust these CAs only (default: the system's)"),
	OPT_VALUE("--tls-certificate", 0, "FILE", struct ingest_options, tls_certificate,
		  "of imaps://: our certificate, for servers that want one"),
	OPT_VALUE("--tls-key", 0, "FILE", struct ingest_options, tls_key,
		  "of imaps://: its key (default: in the same file)"),
	OPT_VALUE("--imap-timeout", 0, "SECONDS", struct ingest_options, imap_timeout,
		  "of imaps://: how long the server may be silent (default: 60)"),
	OPT_FLAG("--plaintext", 0, struct ingest_options, plaintext,
		 "of imap://: without TLS; the network sees password and mails"),
	OPT_FLAG("--dry-run", 'n', struct ingest_options, dry_run,
		 "only say what would happen; nothing is changed"),
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

	if (o->jobs && !number_parse_u64(slice_from(o->jobs), 1, CREW_MAX, &jobs)) {
		err_set(e, ERR_USAGE, "not a number of jobs");
		err_where(e, "--jobs %s", o->jobs);
		return err_remedy(e, "give a whole number from 1 to %d", CREW_MAX);
	}
	*jobs_out = jobs < CREW_MAX ? (size_t)jobs : CREW_MAX;
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

static bool choose_access(const struct ingest_options *o, struct imap_access *access_out,
			  struct err *e)
{
	static const struct option_number seconds = { "seconds", "s", "60", IMAP_PATIENCE_MOST };
	uint64_t patience = IMAP_PATIENCE_SECONDS;

	if (!options_number("--imap-timeout", o->imap_timeout, &seconds, &patience, e))
		return false;
	*access_out = (struct imap_access){
		.password_file = o->password_file,
		.password_command = o->password_command,
		.token_command = o->token_command,
		.password = o->password,
		.ca_file = o->tls_ca_file,
		.client_certificate = o->tls_certificate,
		.client_key = o->tls_key,
		.plaintext = o->plaintext,
		.patience_seconds = (unsigned)patience,
	};
	return true;
}

static bool ingest_source(const struct ingest_options *o, const struct pipeline_settings *settings,
			  const char *spec, struct pipeline_totals *totals, struct err *e)
{
	struct imap_access access;

	if (!choose_access(o, &access, e))
		return false;

	SCOPED(source) struct source *source = source_open(spec, &access, e);

	return source && pipeline_run(settings, source, totals, e);
}

static enum exit_status status_of_totals(const struct pipeline_totals *totals)
{
	if (totals->unreadable > 0)
		return STATUS_NO_INPUT;
	return pipeline_found_faults(totals) ? STATUS_SOME_BROKEN : STATUS_DONE;
}

static enum exit_status ingest_all(const struct ingest_options *o,
				   struct pipeline_settings *settings,
				   const struct arguments *arguments)
{
	SCOPED(summary) struct summary *summary = summary_new();
	struct pipeline_totals totals = { 0 };

	settings->summary = summary;
	settings->ledger->retry = o->retry;
	interrupt_install();

	for (size_t i = 0; i < arguments->count; i++) {
		struct err e = ERR_INIT;

		if (ingest_source(o, settings, arguments->operands[i], &totals, &e))
			continue;
		/* what was done by then is done */
		if (totals.listed > 0)
			print_summary(&totals, summary, o->dry_run);
		return command_fail(&e);
	}
	print_summary(&totals, summary, o->dry_run);
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

static bool check_sources(const struct ingest_options *o, const struct arguments *arguments,
			  const struct settlement_plan *plan, struct err *e)
{
	struct imap_access access;

	if (!choose_access(o, &access, e))
		return false;
	for (size_t i = 0; i < arguments->count; i++) {
		if (!source_check(arguments->operands[i], &access, plan, e))
			return false;
	}
	return true;
}

/* clocks differ by up to a day around the world */
enum { DAYS_AHEAD = 1 };

/* *c_out is NULL where no database is, or none that could know anything. */
static bool look_at_database(const char *db, struct connection **c_out, struct err *e)
{
	bool any = false;

	if (!connection_look(db, c_out, e))
		return false;
	if (*c_out && !migrate_look(*c_out, &any, e)) {
		connection_close(TAKE(*c_out, NULL));
		return false;
	}
	if (!any)
		connection_close(TAKE(*c_out, NULL));
	return true;
}

/* Reads everything and writes nothing: mails stay as they are, whatever --then says. */
static enum exit_status rehearse(const struct ingest_options *o, struct pipeline_settings settings,
				 int64_t today, const struct arguments *arguments)
{
	SCOPED(connection) struct connection *c = NULL;
	struct err e = ERR_INIT;

	if (!look_at_database(o->db, &c, &e))
		return command_fail(&e);

	SCOPED(rehearsal) struct rehearsal *rehearsal = rehearsal_new(c, today + DAYS_AHEAD);

	settings.plan = (struct settlement_plan){ 0 };
	settings.ledger = rehearsal_ledger(rehearsal);
	return ingest_all(o, &settings, arguments);
}

/* What is stored is stored: judging that fails is told, and made up for by the next run. */
static enum exit_status catch_up(struct connection *c, const struct domains *domains,
				 enum exit_status status)
{
	struct err e = ERR_INIT;

	if (status == STATUS_TRY_AGAIN ||
	    (upkeep_reach_disk(c, &e) && upkeep_after_load(c, &e) &&
	     judging_catch_up(c, domains, &e) && upkeep_after_load(c, &e)))
		return status;
	err_remedy(&e, "the reports are stored; the next run judges them");

	enum exit_status failed = command_fail(&e);

	return status == STATUS_DONE || status == STATUS_SOME_BROKEN ? failed : status;
}

static enum exit_status store(const struct ingest_options *o, struct pipeline_settings settings,
			      int64_t today, const struct arguments *arguments)
{
	struct err e = ERR_INIT;
	SCOPED(connection) struct connection *c = command_connect(o->db, &e);

	if (!c)
		return command_fail(&e);

	const struct writer_settings how = { today + DAYS_AHEAD, o->store_payload,
					     settings.domains };
	SCOPED(writer) struct writer *writer = writer_new(c, how);
	SCOPED(writer_pool) struct writer_pool *writers = writer_pool_new(c, how);
	struct pool pool = { { pool_ledger }, writers };

	settings.ledger = writer_ledger(writer);
	settings.pool = &pool.pool;

	enum exit_status status = ingest_all(o, &settings, arguments);

	return catch_up(c, settings.domains, status);
}

static enum exit_status ingest(const struct ingest_options *o, const struct arguments *arguments)
{
	struct pipeline_settings settings = { .trust = { o->trusted.values, o->trusted.count } };
	struct err e = ERR_INIT;
	int64_t today;

	if (arguments->count == 0)
		return command_wrong_arguments(
			"there is nothing to ingest",
			"name files, folders, Maildirs or mboxes, or '-' for standard input");
	if (!choose_plan(o, &settings.plan, &e) || !choose_jobs(o, &settings.jobs, &e) ||
	    !command_today(&today, &e) || !check_sources(o, arguments, &settings.plan, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);

	if (!domains)
		return command_fail(&e);
	settings.domains = domains;
	return o->dry_run ? rehearse(o, settings, today, arguments)
			  : store(o, settings, today, arguments);
}

/* A mail server that pipes mail in bounces it to the reporter on any status but 0 and 75. */
static enum exit_status run(void *given, const struct arguments *arguments)
{
	struct ingest_options *o = given;
	struct buf password;

	/* first of all: everything that is started from here on would inherit it */
	secret_begin(&password);
	if (secret_take_variable(&password, IMAP_PASSWORD_VARIABLE))
		o->password = buf_text(&password);

	enum exit_status status = ingest(o, arguments);

	secret_end(&password);
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
		"A SOURCE is a Maildir, a folder (with all below it), a file, an mbox, '-' for standard\n"
		"input, or a mailbox on a server: imaps://USER@HOST[:PORT]/FOLDER, or imap:// for STARTTLS.\n"
		"Reports are known by their content: mails, zip, gzip and XML, whatever their names.\n"
		"What was ingested before is skipped; --retry reads again what failed then. Mails and files\n"
		"stay where they are, unless an ACTION says else: leave, mark (as seen; not of files),\n"
		"move:FOLDER, or delete. FOLDER is made if need be; of a Maildir it is an absolute path, or\n"
		"one of its own folders like .Archive; of a server's one of the same account.\n",
	.options = options,
	.options_size = sizeof(struct ingest_options),
	.run = run,
};
