/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "cli/config.h"
#include "parser/domain.h"
#include "store/migrate.h"

#include "base/banned.h"

const struct option common_options[] = {
	OPT_FLAG("--quiet", 'q', struct common_options, quiet,
		 "say nothing unless something is wrong"),
	OPT_FLAG("--verbose", 'v', struct common_options, verbose, "say more"),
	OPT_FLAG("--no-progress", 0, struct common_options, no_progress, "no progress line"),
	OPT_FLAG("--help", 'h', struct common_options, help, "show this help"),
	OPTIONS_END,
};

enum exit_status status_of_err(const struct err *e)
{
	switch (e->kind) {
	case ERR_NONE:
		return STATUS_DONE;
	case ERR_INPUT:
	case ERR_DATE:
	case ERR_LIMIT:
	case ERR_REFUSED:
		return STATUS_SOME_BROKEN;
	case ERR_USAGE:
		return STATUS_USAGE;
	case ERR_NO_INPUT:
		return STATUS_NO_INPUT;
	case ERR_OUTPUT:
		return STATUS_OUTPUT_FAILED;
	case ERR_UNREACHABLE:
	case ERR_INTERRUPTED:
		return STATUS_TRY_AGAIN;
	case ERR_CONFIG:
		return STATUS_CONFIGURATION;
	}
	return STATUS_CONFIGURATION;
}

enum exit_status command_fail(const struct err *e)
{
	log_err(LOG_LEVEL_ERROR, e);
	return status_of_err(e);
}

enum exit_status command_wrong_arguments(const char *what, const char *remedy)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_USAGE, "%s", what);
	err_remedy(&e, "%s", remedy);
	return command_fail(&e);
}

enum exit_status command_finish_output(struct output *out, enum exit_status status)
{
	struct err e = ERR_INIT;
	bool written = output_finish(out, &e);

	output_release(out);
	return written ? status : command_fail(&e);
}

enum exit_status command_end_output(struct output *out, bool whole, const struct err *e)
{
	if (whole)
		return command_finish_output(out, STATUS_DONE);
	output_release(out);
	return command_fail(e);
}

bool command_answer_format(const char *given, enum answer_format *format_out, struct err *e)
{
	const char *choices[answer_format_count + 1] = { NULL };
	size_t index;

	if (!given)
		return true;
	for (size_t i = 0; i < answer_format_count; i++)
		choices[i] = answer_format_text((enum answer_format)i);
	if (!options_choose("--format", given, choices, &index, e))
		return false;
	*format_out = (enum answer_format)index;
	return true;
}

bool command_text_format(const char *given, enum text_format *format_out, struct err *e)
{
	static const char *const formats[] = { "text", "json", NULL };
	size_t index = FORMAT_TEXT;

	if (given && !options_choose("--format", given, formats, &index, e))
		return false;
	*format_out = (enum text_format)index;
	return true;
}

bool command_colours(const char *given, enum colours *colours_out, struct err *e)
{
	static const char *const choices[] = { "auto", "always", "never", NULL };
	size_t index = COLOURS_AUTO;

	if (given && !options_choose("--color", given, choices, &index, e))
		return false;
	*colours_out = (enum colours)index;
	return true;
}

void command_choose_colours(enum colours colours, struct output *out)
{
	const char *unwanted = getenv("NO_COLOR");

	out->colours = colours == COLOURS_ALWAYS ||
		(colours == COLOURS_AUTO && output_is_terminal(out) &&
		 !(unwanted && unwanted[0] != '\0'));
}

const char *command_version(void)
{
	return RUAMILL_VERSION;
}

struct domains *command_domains(struct err *e)
{
	struct domains *domains = domains_load(e);

	if (domains)
		log_line(LOG_LEVEL_DEBUG, "organisational domains by the %s",
			 domains_version(domains));
	return domains;
}

bool command_today(int64_t *day_out, struct err *e)
{
	const char *setting = getenv("RUAMILL_TODAY");

	if (!setting || setting[0] == '\0') {
		*day_out = timestamp_to_days((int64_t)time(NULL));
		return true;
	}
	if (date_parse(slice_from(setting), day_out))
		return true;
	err_set(e, ERR_CONFIG, "RUAMILL_TODAY is no date");
	err_where(e, "%s", setting);
	return err_remedy(e, "write it like 2026-11-21, or unset it");
}

static enum exit_status print_help(const struct command *command, const char *parent)
{
	const struct option *const tables[] = { command->options, common_options, NULL };
	SCOPED(buf) struct buf text = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	buf_printf(&text, "usage: ruamill %s%s%s %s\n\n%s\n", parent, parent[0] ? " " : "",
		   command->name, command->arguments, command->summary);
	if (command->details)
		buf_printf(&text, "\n%s", command->details);
	if (command->children) {
		buf_append_text(&text, "\nCommands:\n");
		for (const struct command *const *c = command->children; *c; c++)
			buf_printf(&text, "  %-10s %s\n", (*c)->name, (*c)->summary);
	} else {
		buf_append_text(&text, "\nOptions:\n");
		options_describe(&text, tables);
	}
	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	output_write(&out, buf_slice(&text));
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status run_child(const struct command *command, const char **argv)
{
	const char *names[16] = { NULL };
	struct err e = ERR_INIT;
	size_t n = 0;

	if (!argv[0] || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
		enum exit_status printed = print_help(command, "");

		return argv[0] ? printed : STATUS_USAGE;
	}
	for (const struct command *const *c = command->children; *c; c++) {
		if (strcmp((*c)->name, argv[0]) == 0)
			return command_run(*c, command->name, argv + 1);
		if (n + 1 < COUNT_OF(names))
			names[n++] = (*c)->name;
	}

	const char *nearest = text_nearest(slice_from(argv[0]), names);

	err_set(&e, ERR_USAGE, "unknown command");
	err_where(&e, "%s %s", command->name, argv[0]);
	if (nearest)
		err_remedy(&e, "did you mean '%s %s'?", command->name, nearest);
	else
		err_remedy(&e, "'ruamill %s --help' lists the commands", command->name);
	return command_fail(&e);
}

static void configure_log(const struct common_options *common)
{
	enum log_level level = LOG_LEVEL_INFO;

	if (common->verbose)
		level = LOG_LEVEL_DEBUG;
	if (common->quiet)
		level = LOG_LEVEL_WARNING;
	log_configure(level, !common->no_progress);
}

enum exit_status command_run(const struct command *command, const char *parent, const char **argv)
{
	const struct option *const tables[] = { command->options, common_options, NULL };
	struct arguments arguments;
	struct err e = ERR_INIT;

	if (command->children)
		return run_child(command, argv);

	void *options = memory_zeroed(1, command->options_size);
	enum exit_status status = STATUS_DONE;

	if (!options_parse(tables, argv, options, &arguments, &e)) {
		status = command_fail(&e);
	} else if (((const struct common_options *)options)->help) {
		status = print_help(command, parent);
	} else {
		configure_log(options);
		status = command->run(options, &arguments);
	}
	options_release(tables, options);
	free(options);
	return status;
}

struct connection *command_open(const struct database_settings *database, struct err *e)
{
	if (database->db)
		return connection_open(database->db, e);

	SCOPED(config) struct config *config = config_load(database->config, e);

	return config ? connection_open(config->db, e) : NULL;
}

static struct connection *with_tables(struct connection *c, struct err *e)
{
	if (c && migrate_ensure(c, command_version(), e))
		return c;
	connection_close(c);
	return NULL;
}

struct connection *command_connect(const struct database_settings *database, struct err *e)
{
	return with_tables(command_open(database, e), e);
}

struct connection *command_connect_to(const char *db, struct err *e)
{
	return with_tables(connection_open(db, e), e);
}
