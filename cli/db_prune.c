/* SPDX-License-Identifier: MIT */
/* ruamill db prune: what is older than wanted goes. */
#include "cli/config.h"
#include "cli/db.h"
#include "cli/pruning.h"
#include "parser/domain.h"

#include "base/banned.h"

struct prune_options {
	struct common_options common;
	struct database_settings database;
	struct retention_settings given;
	bool dry_run;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct prune_options),
	OPT_VALUE("--keep", 0, "DAYS", struct prune_options, given.keep,
		  "so many days of everything, like 400d; what is older goes"),
	OPT_VALUE("--detail", 0, "DAYS", struct prune_options, given.detail,
		  "so many days of single records (default: as --keep)"),
	OPT_VALUE("--payload", 0, "DAYS", struct prune_options, given.payload,
		  "so many days of stored payloads"),
	OPT_FLAG("--dry-run", 'n', struct prune_options, dry_run,
		 "only say what would go, and how much that frees"),
	OPTIONS_END,
};

static enum exit_status only_look(struct connection *c, const struct prune_bounds *bounds)
{
	struct err e = ERR_INIT;
	struct output out;

	if (!output_open(&out, NULL, &e))
		return command_fail(&e);

	bool ok = pruning_look(c, bounds, &out, &e);

	return command_end_output(&out, ok, &e);
}

static enum exit_status prune(struct connection *c, const struct prune_bounds *bounds)
{
	struct err e = ERR_INIT;
	int64_t items;
	SCOPED(domains) struct domains *domains = command_domains(&e);

	if (!domains || !pruning_run(c, bounds, domains, &items, &e))
		return command_fail(&e);
	return STATUS_DONE;
}

static bool choose_bounds(const struct retention_settings *given, const struct config *config,
			  struct prune_bounds *bounds_out, struct err *e)
{
	int64_t today;

	/* who says anything says all of it: nothing else is to go */
	if (!pruning_is_wanted(given))
		given = &config->retention;
	if (pruning_is_wanted(given))
		return command_today(&today, e) && pruning_choose(given, today, bounds_out, e);
	err_set(e, ERR_USAGE, "nothing says how long things are kept");
	return err_remedy(e, "give --keep, --detail or --payload, for example --keep 400d");
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct prune_options *o = given;
	struct prune_bounds bounds = { 0 };
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments", "see --help");

	SCOPED(config) struct config *config = config_load(o->database.config, &e);

	if (!config || !choose_bounds(&o->given, config, &bounds, &e))
		return command_fail(&e);

	SCOPED(connection)
	struct connection *c = command_connect_to(settings_pick(o->database.db, config->db), &e);

	if (!c)
		return command_fail(&e);
	return o->dry_run ? only_look(c, &bounds) : prune(c, &bounds);
}

const struct command db_prune = {
	.name = "prune",
	.arguments = "[OPTION ...]",
	.summary = "drop what is older than wanted",
	.details =
		"Single records go by whole months, whatever day --detail falls on; the days rolled up of\n"
		"them stay, and with them all that questions answer from. What is older than --keep goes\n"
		"as a whole. A report that comes late for a month that is gone is listed as too old, and\n"
		"not counted. It may run beside an ingestion.\n",
	.options = options,
	.options_size = sizeof(struct prune_options),
	.run = run,
};
