/* SPDX-License-Identifier: MIT */
/* ruamill ingest: sources into the database. */
#include <stdlib.h>

#include "base/memory.h"
#include "cli/config.h"
#include "cli/ingesting.h"
#include "cli/secrets.h"
#include "cli/watching.h"
#include "parser/domain.h"
#include "store/migrate.h"

#include "base/banned.h"

enum { WATCH_SECONDS = 60 };

struct ingest_options {
	struct common_options common;
	struct database_settings database;
	struct source_settings source;
	const char *jobs, *interval;
	bool retry, dry_run, store_payload, watch;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct ingest_options),
	OPT_VALUE("--then", 0, "ACTION", struct ingest_options, source.then,
		  "what happens to a mail or file once it is stored (default: leave)"),
	OPT_VALUE("--if-broken", 0, "ACTION", struct ingest_options, source.if_broken,
		  "and if some of it could not be stored (default: leave)"),
	OPT_VALUE("--jobs", 'j', "N", struct ingest_options, jobs,
		  "so many mails at a time (default: one a processor)"),
	OPT_LIST("--trust", 0, "SERVER", struct ingest_options, source.trusted,
		 "believe what this server of yours wrote in Authentication-Results"),
	OPT_FLAG("--retry", 0, struct ingest_options, retry,
		 "read again what was broken, too large, too old or of an invalid date"),
	OPT_FLAG("--store-payload", 0, struct ingest_options, store_payload,
		 "keep the XML of each report, too, for 'db payload'"),
	OPT_VALUE("--password-file", 0, "FILE", struct ingest_options, source.access.password_file,
		  "of imaps://: the first line is the password; for nobody else to read"),
	OPT_VALUE("--password-command", 0, "COMMAND", struct ingest_options,
		  source.access.password_command,
		  "of imaps://: the shell command prints the password"),
	OPT_VALUE("--token-command", 0, "COMMAND", struct ingest_options,
		  source.access.token_command,
		  "of imaps://: it prints an OAuth access token (XOAUTH2, OAUTHBEARER)"),
	OPT_VALUE("--tls-ca-file", 0, "FILE", struct ingest_options, source.access.ca_file,
		  "of imaps://: trust these CAs only (default: the system's)"),
	OPT_VALUE("--tls-certificate", 0, "FILE", struct ingest_options,
		  source.access.client_certificate,
		  "of imaps://: our certificate, for servers that want one"),
	OPT_VALUE("--tls-key", 0, "FILE", struct ingest_options, source.access.client_key,
		  "of imaps://: its key (default: in the same file)"),
	OPT_VALUE("--imap-timeout", 0, "SECONDS", struct ingest_options, source.imap_timeout,
		  "of imaps://: how long the server may be silent (default: 60)"),
	OPT_VALUE("--imap-days", 0, "DAYS", struct ingest_options, source.imap_days,
		  "of imaps://: only mails that came in within the last so many days"),
	OPT_FLAG("--imap-unseen", 0, struct ingest_options, source.access.unseen,
		 "of imaps://: only mails that nobody has marked as seen"),
	OPT_FLAG("--plaintext", 0, struct ingest_options, source.access.plaintext,
		 "of imap://: without TLS; the network sees password and mails"),
	OPT_FLAG("--watch", 0, struct ingest_options, watch,
		 "go on reading what comes, until a signal ends it"),
	OPT_VALUE("--watch-interval", 0, "SECONDS", struct ingest_options, interval,
		  "look so often where the source does not tell by itself (default: 60)"),
	OPT_FLAG("--dry-run", 'n', struct ingest_options, dry_run,
		 "only say what would happen; nothing is changed"),
	OPTIONS_END,
};

/* Those of the command line, else all that are configured. */
struct chosen {
	struct source_settings *sources;
	size_t count;
	struct secrets secrets;
};

static void chosen_release(struct chosen chosen)
{
	secrets_release(chosen.secrets);
	free(chosen.sources);
}
SCOPE_DEFINE(chosen, struct chosen, chosen_release);

static struct chosen choose_sources(const struct ingest_options *o, const struct config *config,
				    const struct arguments *arguments)
{
	size_t count = arguments->count > 0 ? arguments->count : config->source_count;
	struct chosen chosen = { .sources = memory_zeroed(count + 1, sizeof(*chosen.sources)),
				 .count = count };

	for (size_t i = 0; i < count; i++) {
		struct source_settings *s = &chosen.sources[i];

		*s = o->source;
		if (arguments->count > 0)
			s->from = arguments->operands[i];
		else
			settings_pick_source(s, &config->sources[i].settings);
		secrets_take(&chosen.secrets, s);
	}
	return chosen;
}

static bool reads_standard_input(const struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++) {
		if (source_is_stdin(arguments->operands[i]))
			return true;
	}
	return false;
}

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

/* Reads everything and writes nothing. */
static enum exit_status rehearse(const struct ingesting *g, const char *db,
				 const struct chosen *chosen)
{
	SCOPED(connection) struct connection *c = NULL;
	struct ingest_result result;
	struct err e = ERR_INIT;

	if (!look_at_database(db, &c, &e))
		return command_fail(&e);
	return ingesting_run(g, c, chosen->sources, chosen->count, &result);
}

/* What is stored is stored: judging that fails is told, and made up for by the next run. */
static enum exit_status store(const struct ingesting *g, const char *db,
			      const struct chosen *chosen)
{
	struct ingest_result result;
	struct err e = ERR_INIT;
	SCOPED(connection) struct connection *c = command_connect_to(db, &e);

	if (!c)
		return command_fail(&e);

	enum exit_status status = ingesting_run(g, c, chosen->sources, chosen->count, &result);

	if (!ingesting_can_go_on(c) || ingesting_catch_up(c, g->domains, &e))
		return status;
	return ingesting_worst(status, command_fail(&e));
}

static enum exit_status watch(const struct ingesting *g, const char *db,
			      const struct chosen *chosen, uint64_t interval_seconds)
{
	struct err e = ERR_INIT;
	SCOPED(connection) struct connection *c = command_connect_to(db, &e);

	return c ? watching_run(g, c, chosen->sources, chosen->count, interval_seconds)
		 : command_fail(&e);
}

static bool can_watch(const struct ingest_options *o, const struct arguments *arguments,
		      uint64_t *interval_out, struct err *e)
{
	if (o->interval && !o->watch) {
		err_set(e, ERR_USAGE, "--watch-interval is of --watch");
		err_remedy(e, "give both, or none");
		return false;
	}
	if (o->watch && (o->dry_run || o->retry)) {
		err_set(e, ERR_USAGE, "--watch does not go with --dry-run or --retry");
		err_remedy(e, "run it once with those, and then watch");
		return false;
	}
	if (o->watch && reads_standard_input(arguments)) {
		err_set(e, ERR_USAGE, "standard input cannot be watched");
		err_remedy(e, "name a mailbox, a Maildir or a folder");
		return false;
	}
	*interval_out = WATCH_SECONDS;
	return options_number("--watch-interval", o->interval, &settings_interval, interval_out, e);
}

/* All that somebody names is looked at first: a mistake is told before anything is begun. */
static bool check_named(const struct chosen *chosen, const struct arguments *arguments,
			struct err *e)
{
	for (size_t i = 0; i < arguments->count; i++) {
		if (!ingesting_check(&chosen->sources[i], e))
			return false;
	}
	return true;
}

static enum exit_status ingest(const struct ingest_options *o, const struct arguments *arguments)
{
	struct err e = ERR_INIT;
	SCOPED(config) struct config *config = config_load(o->database.config, &e);

	if (!config)
		return command_fail(&e);
	if (arguments->count == 0 && config->source_count == 0)
		return command_wrong_arguments(
			"there is nothing to ingest",
			"name files, folders, Maildirs, mboxes or '-' for standard input, or "
			"configure sources: man ruamill.conf");

	SCOPED(chosen) struct chosen chosen = choose_sources(o, config, arguments);
	struct ingesting g = {
		.retry = o->retry,
		.store_payload = o->store_payload || config->store_payload,
		.rehearsal = o->dry_run,
	};

	uint64_t interval;

	if (!can_watch(o, arguments, &interval, &e) || !check_named(&chosen, arguments, &e) ||
	    !ingesting_choose_jobs(settings_pick(o->jobs, config->jobs), &g.jobs, &e) ||
	    !command_today(&g.today, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);
	const char *db = settings_pick(o->database.db, config->db);

	if (!domains)
		return command_fail(&e);
	g.domains = domains;
	if (o->watch)
		return watch(&g, db, &chosen, interval);
	return o->dry_run ? rehearse(&g, db, &chosen) : store(&g, db, &chosen);
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
	.arguments = "[OPTION ...] [SOURCE ...]",
	.summary = "read reports into the database",
	.details =
		"A SOURCE is a Maildir, a folder (with all below it), a file, an mbox, '-' for standard\n"
		"input, or a mailbox on a server: imaps://USER@HOST[:PORT]/FOLDER, or imap:// for STARTTLS.\n"
		"Without one, all sources of ruamill.conf are read; one that fails does not stop the others.\n"
		"Reports are known by their content: mails, zip, gzip and XML, whatever their names.\n"
		"What was ingested before is skipped; --retry reads again what failed then. Mails and files\n"
		"stay where they are, unless an ACTION says else: leave, mark (as seen; not of files),\n"
		"move:FOLDER, or delete. FOLDER is made if need be; of a Maildir it is an absolute path, or\n"
		"one of its own folders like .Archive; of a server's one of the same account.\n"
		"With --watch it stays: servers say by themselves that a mail has come, all else is looked at\n"
		"again and again, and what cannot be reached is tried until it can.\n",
	.options = options,
	.options_size = sizeof(struct ingest_options),
	.run = run,
};
