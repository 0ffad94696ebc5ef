/* SPDX-License-Identifier: MIT */
/* ruamill hosts: the names of source addresses. */
#include "cli/hosts.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/judging.h"
#include "reports/hosts_file.h"

#include "base/banned.h"

/* More names than any site has addresses. */
enum { MAX_FILE_BYTES = 256 << 20 };

struct hosts_options {
	struct common_options common;
	struct database_settings database;
};

static const struct option import_options[] = {
	DATABASE_OPTIONS(struct hosts_options),
	OPTIONS_END,
};

static bool store_hosts(struct connection *c, const struct domains *domains,
			const struct hosts_file *file, struct err *e)
{
	struct judging_setup setup;
	bool ok = judging_setup_load(&setup, domains, c, e) &&
		hosts_store(c, &setup.judge, file->hosts, file->count, e) &&
		judging_catch_up_as(c, &setup, e);

	judging_setup_release(&setup);
	return ok;
}

static enum exit_status import(const struct hosts_options *o, const struct hosts_file *file)
{
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(connection)
	struct connection *c = domains ? command_connect(&o->database, &e) : NULL;

	if (!c || !store_hosts(c, domains, file, &e))
		return command_fail(&e);
	log_line(LOG_LEVEL_INFO, "%zu addresses are known by name now, or known to have none",
		 file->count);
	return STATUS_DONE;
}

/* Nothing is stored of a file that cannot be read to its end. */
static enum exit_status run_import(void *given, const struct arguments *arguments)
{
	struct hosts_file file = { 0 };
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;
	enum exit_status status;

	if (arguments->count != 1)
		return command_wrong_arguments("which file?", "give the file with the names");
	if (!file_read_all(arguments->operands[0], MAX_FILE_BYTES, &text, &e))
		return command_fail(&e);
	if (hosts_file_read(&file, buf_slice(&text), &e)) {
		status = import(given, &file);
	} else {
		e.kind = ERR_CONFIG;
		err_where(&e, "%s", arguments->operands[0]);
		status = command_fail(&e);
	}
	hosts_file_release(&file);
	return status;
}

static const struct command hosts_import = {
	.name = "import",
	.arguments = "[OPTION ...] FILE",
	.summary = "take host names from a file",
	.details =
		"The file has a line for each address: ADDRESS NAME, or ADDRESS - where there is no name.\n"
		"The names count as confirmed. What is stored is judged by them at once.\n",
	.options = import_options,
	.options_size = sizeof(struct hosts_options),
	.run = run_import,
};

static const struct command *const children[] = { &hosts_import, &hosts_lookup, NULL };

static const struct option no_options[] = { OPTIONS_END };

const struct command command_hosts = {
	.name = "hosts",
	.arguments = "COMMAND",
	.summary = "the names of source addresses",
	.options = no_options,
	.children = children,
};
