/* SPDX-License-Identifier: MIT */
/* ruamill db: the database itself. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "cli/db.h"
#include "cli/judging.h"
#include "reports/describe.h"
#include "store/cluster.h"
#include "store/connection.h"
#include "store/migrate.h"
#include "store/process.h"
#include "store/roles.h"
#include "store/server_programs.h"

#include "base/banned.h"

struct db_options {
	struct common_options common;
	struct database_settings database;
	bool dry_run;
	bool roles;
	bool conninfo;
};

static const struct option database_options[] = {
	DATABASE_OPTIONS(struct db_options),
	OPTIONS_END,
};

static const struct option init_options[] = {
	DATABASE_OPTIONS(struct db_options),
	OPT_FLAG("--roles", 0, struct db_options, roles,
		 "and the roles " ROLES_INGEST " and " ROLES_READER),
	OPTIONS_END,
};

static const struct option migrate_options[] = {
	DATABASE_OPTIONS(struct db_options),
	OPT_FLAG("--dry-run", 'n', struct db_options, dry_run, "only say what would be applied"),
	OPTIONS_END,
};

static const struct option status_options[] = {
	OPT_FLAG("--conninfo", 0, struct db_options, conninfo,
		 "print only how to connect; fails unless it runs"),
	OPTIONS_END,
};

static const struct option no_options[] = { OPTIONS_END };

static enum exit_status no_operands(const struct arguments *arguments)
{
	if (arguments->count == 0)
		return STATUS_DONE;
	return command_wrong_arguments("the command takes no arguments", "see --help");
}

static void tell_applying(void *context UNUSED, const struct migration *m)
{
	log_line(LOG_LEVEL_INFO, "applying %s", m->name);
}

static enum exit_status apply(struct connection *c)
{
	const struct migrate_listener listener = { tell_applying, NULL };
	struct err e = ERR_INIT;

	if (!migrate_apply(c, command_version(), &listener, &e))
		return command_fail(&e);
	log_line(LOG_LEVEL_INFO, "the database is up to date: %zu of %zu changes applied",
		 migration_count(), migration_count());
	return STATUS_DONE;
}

static enum exit_status only_tell(struct connection *c)
{
	struct err e = ERR_INIT;
	struct output out;
	size_t applied;

	if (!migrate_applied(c, &applied, &e) || !output_open(&out, NULL, &e))
		return command_fail(&e);
	for (size_t i = applied; i < migration_count(); i++)
		output_printf(&out, "would apply %s\n", migration_at(i).name);
	if (applied == migration_count())
		output_text(&out, "nothing to apply\n");
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status run_migrate(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	enum exit_status status = no_operands(arguments);
	struct err e = ERR_INIT;

	if (status != STATUS_DONE)
		return status;

	SCOPED(connection) struct connection *c = command_open(&o->database, &e);

	if (!c)
		return command_fail(&e);
	return o->dry_run ? only_tell(c) : apply(c);
}

/* Whoever logs in is a member of one of them: how, as SQL to be changed and run. */
static enum exit_status set_up_roles(struct connection *c)
{
	struct err e = ERR_INIT;
	struct output out;

	if (!roles_set_up(c, &e) || !output_open(&out, NULL, &e))
		return command_fail(&e);
	log_line(LOG_LEVEL_INFO,
		 "the roles are set up: " ROLES_INGEST " ingests and judges, " ROLES_READER
		 " reads views; nobody can log in by these names");
	output_text(
		&out,
		"-- whoever ingests, for example:\n"
		"create role nightly login in role " ROLES_INGEST ";\n"
		"-- whoever reads:\n"
		"create role analyst login in role " ROLES_READER ";\n"
		"-- and how each proves who he is: \\password nightly in psql, or pg_hba.conf\n");
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status run_init(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	enum exit_status status = no_operands(arguments);
	struct err e = ERR_INIT;

	if (status != STATUS_DONE)
		return status;

	SCOPED(connection) struct connection *c = command_open(&o->database, &e);

	if (!c)
		return command_fail(&e);
	status = apply(c);
	return status == STATUS_DONE && o->roles ? set_up_roles(c) : status;
}

/* The private cluster's folder, or NULL with the error told. */
static char *private_folder(enum exit_status *status)
{
	struct err e = ERR_INIT;
	char *folder = cluster_default_folder(&e);

	*status = folder ? STATUS_DONE : command_fail(&e);
	return folder;
}

static enum exit_status run_start(void *given UNUSED, const struct arguments *arguments)
{
	enum exit_status status = no_operands(arguments);
	struct err e = ERR_INIT;
	char *folder = status == STATUS_DONE ? private_folder(&status) : NULL;

	if (folder && !cluster_start(folder, &e))
		status = command_fail(&e);
	else if (folder)
		log_line(LOG_LEVEL_INFO, "the private database runs, until 'ruamill db stop'");
	free(folder);
	return status;
}

static enum exit_status run_stop(void *given UNUSED, const struct arguments *arguments)
{
	enum exit_status status = no_operands(arguments);
	struct err e = ERR_INIT;
	bool was_running = false;
	char *folder = status == STATUS_DONE ? private_folder(&status) : NULL;

	if (folder && !cluster_stop(folder, &was_running, &e))
		status = command_fail(&e);
	else if (folder && !was_running)
		log_line(LOG_LEVEL_INFO, "the private database was not running");
	free(folder);
	return status;
}

static enum exit_status not_running(const struct cluster_status *s)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_UNREACHABLE, "the private database is not running");
	err_where(&e, "%s", s->folder);
	err_remedy(&e, "start it: ruamill db start");
	return command_fail(&e);
}

static const char *state_text(const struct cluster_status *s)
{
	if (!s->exists)
		return "not made yet: the first command that needs it makes it";
	if (!s->running)
		return "not running: started when it is needed";
	return s->kept ? "running, until 'ruamill db stop'" : "running, while a command uses it";
}

static enum exit_status print_status(const struct cluster_status *s, bool only_conninfo)
{
	struct err e = ERR_INIT;
	struct output out;

	if (only_conninfo && !s->running)
		return not_running(s);
	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	if (only_conninfo) {
		output_printf(&out, "%s\n", s->conninfo);
		return command_finish_output(&out, STATUS_DONE);
	}
	output_printf(&out, "folder      %s\nstate       %s\n", s->folder, state_text(s));
	if (s->exists)
		output_printf(&out, "PostgreSQL  %s\nsize        %llu MiB\n", s->version,
			      (unsigned long long)(s->bytes >> 20));
	if (s->running)
		output_printf(&out, "connect     %s\n", s->conninfo);
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status run_status(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	enum exit_status status = no_operands(arguments);
	struct cluster_status cluster = { 0 };
	struct err e = ERR_INIT;
	char *folder = status == STATUS_DONE ? private_folder(&status) : NULL;

	if (folder && !cluster_status(folder, &cluster, &e))
		status = command_fail(&e);
	else if (folder)
		status = print_status(&cluster, o->conninfo);
	cluster_status_release(&cluster);
	free(folder);
	return status;
}

static enum exit_status run_describe(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	struct err e = ERR_INIT;
	struct output out;

	if (arguments->count > 1)
		return command_wrong_arguments("the command takes one view", "see --help");

	SCOPED(connection) struct connection *c = command_connect(&o->database, &e);

	if (!c || !output_open(&out, NULL, &e))
		return command_fail(&e);

	bool ok = describe_views(c, arguments->operands[0], output_width(&out), &out, &e);

	return command_end_output(&out, ok, &e);
}

/* Behind what the user set: our schema in the search path, and what ruamill takes for today. */
static bool set_session_options(struct err *e)
{
	const char *before = getenv("PGOPTIONS"), *today = getenv("RUAMILL_TODAY");
	SCOPED(buf) struct buf options = { 0 };
	char date[DATE_TEXT_SIZE];
	int64_t day;

	if (!command_today(&day, e))
		return false;
	date_format(day, date);
	buf_printf(&options, "%s -c search_path=dmarc,public", before ? before : "");
	if (today && today[0] != '\0')
		buf_printf(&options, " -c dmarc.today=%s", date);
	(void)setenv("PGOPTIONS", buf_text(&options), 1);
	return true;
}

/* psql's own arguments, with the database in front. */
static enum exit_status run_psql(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	struct err e = ERR_INIT;
	int status = 0;
	SCOPED(connection) struct connection *c = command_connect(&o->database, &e);

	if (!c || !set_session_options(&e))
		return command_fail(&e);

	char *psql = server_programs_psql(&e);

	if (!psql)
		return command_fail(&e);

	const char **argv = memory_zeroed(arguments->count + 4, sizeof(*argv));
	size_t n = 0;

	argv[n++] = psql;
	argv[n++] = "-d";
	argv[n++] = connection_conninfo(c);
	memcpy(argv + n, arguments->operands, arguments->count * sizeof(*argv));

	bool ran = process_foreground(argv, &status, &e);

	free(argv);
	free(psql);
	if (!ran)
		return command_fail(&e);
	return status == 0 ? STATUS_DONE : STATUS_SOME_BROKEN;
}

static enum exit_status run_rejudge(void *given, const struct arguments *arguments)
{
	const struct db_options *o = given;
	enum exit_status status = no_operands(arguments);
	struct err e = ERR_INIT;

	if (status != STATUS_DONE)
		return status;

	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(connection)
	struct connection *c = domains ? command_connect(&o->database, &e) : NULL;

	if (!c)
		return command_fail(&e);
	interrupt_install();
	if (!judging_do_again(c, domains, &e))
		return command_fail(&e);
	log_line(LOG_LEVEL_INFO, "all that is stored was judged anew");
	return STATUS_DONE;
}

#define DB_COMMAND(variable, word, args, text, more, table, function)                              \
	static const struct command variable = {                                                   \
		.name = word,                                                                      \
		.arguments = args,                                                                 \
		.summary = text,                                                                   \
		.details = more,                                                                   \
		.options = table,                                                                  \
		.options_size = sizeof(struct db_options),                                         \
		.run = function,                                                                   \
	}

DB_COMMAND(db_init, "init", "[OPTION ...]", "make ruamill's tables in the database", NULL,
	   init_options, run_init);
DB_COMMAND(db_migrate, "migrate", "[OPTION ...]", "bring the tables up to date", NULL,
	   migrate_options, run_migrate);
DB_COMMAND(db_status, "status", "[OPTION ...]", "say whether the private database runs, and where",
	   NULL, status_options, run_status);
DB_COMMAND(db_describe, "describe", "[OPTION ...] [VIEW]",
	   "print the views for analysts, with their columns", NULL, database_options,
	   run_describe);
DB_COMMAND(db_psql, "psql", "[OPTION ...] [-- PSQL-ARGUMENT ...]", "open psql on the database",
	   "What stands behind -- is psql's own, for example: ruamill db psql -- -c '\\dt'\n",
	   database_options, run_psql);
DB_COMMAND(
	db_rejudge, "rejudge", "[OPTION ...]", "judge all that is stored anew",
	"After an upgrade, or when rules or domains of yours were added: all of history is judged by\n"
	"what is known now. Others may store and read meanwhile.\n",
	database_options, run_rejudge);
DB_COMMAND(db_start, "start", "", "start the private database and keep it running", NULL,
	   no_options, run_start);
DB_COMMAND(db_stop, "stop", "", "stop the private database", NULL, no_options, run_stop);

static const struct command *const children[] = {
	&db_init,  &db_migrate, &db_status, &db_describe, &db_psql, &db_rejudge,
	&db_prune, &db_payload, &db_start,  &db_stop,     NULL,
};

const struct command command_db = {
	.name = "db",
	.arguments = "COMMAND",
	.summary = "make, inspect, start and stop the database",
	.details =
		"Without --db and without PGHOST, PGSERVICE and the like, ruamill keeps a database of\n"
		"its own in $RUAMILL_DATA and starts and stops it as needed.\n",
	.options = no_options,
	.children = children,
};
