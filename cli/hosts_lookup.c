/* SPDX-License-Identifier: MIT */
/* ruamill hosts lookup: the names of addresses, out of DNS. */
#include "cli/config.h"
#include "cli/hosts.h"
#include "cli/looking_up.h"
#include "parser/domain.h"

#include "base/banned.h"

struct lookup_options {
	struct common_options common;
	struct database_settings database;
	struct lookup_settings_given given;
	bool dry_run;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct lookup_options),
	OPT_VALUE("--server", 0, "ADDRESS[:PORT][,...]", struct lookup_options, given.server,
		  "ask these name servers (default: the system's)"),
	OPT_VALUE("--rate", 0, "N", struct lookup_options, given.rate,
		  "at most so many questions a second (default: 1000; no limit on this machine)"),
	OPT_VALUE("--timeout", 0, "MS", struct lookup_options, given.timeout,
		  "wait so many milliseconds for a reply (default: 5000)"),
	OPT_VALUE("--tries", 0, "N", struct lookup_options, given.tries,
		  "ask each server so often before giving up (default: 2)"),
	OPT_VALUE("--limit", 0, "N", struct lookup_options, given.limit,
		  "ask for so many addresses at most (default: 100000)"),
	OPT_VALUE("--refresh", 0, "DAYS", struct lookup_options, given.refresh,
		  "ask again what was found out so long ago, like 90d, and has sent mail since"),
	OPT_FLAG("--dry-run", 'n', struct lookup_options, dry_run,
		 "only say how many addresses would be asked for"),
	OPTIONS_END,
};

static enum exit_status print_waiting(const struct hosts_waiting *w, const struct looking_up *l)
{
	SCOPED(buf) struct buf servers = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	lookup_servers_append(&servers, &l->settings.servers);
	output_printf(&out, "would ask %s for the names of %zu addresses\n", buf_text(&servers),
		      w->count);
	looking_up_tell_waiting(w);
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status only_tell(const struct looking_up *l, struct connection *c)
{
	struct hosts_waiting waiting = { 0 };
	struct err e = ERR_INIT;
	enum exit_status status = hosts_waiting_find(&waiting, c, &l->wanted, &e)
		? print_waiting(&waiting, l)
		: command_fail(&e);

	hosts_waiting_release(&waiting);
	return status;
}

static enum exit_status look_up(const struct looking_up *l, struct connection *c)
{
	struct hosts_found found;
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = command_domains(&e);

	if (!domains || !looking_up_run(l, c, domains, &found, &e))
		return command_fail(&e);
	return STATUS_DONE;
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct lookup_options *o = given;
	struct lookup_settings_given words = o->given;
	struct looking_up l;
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments", "see --help");

	SCOPED(config) struct config *config = config_load(o->database.config, &e);

	if (!config)
		return command_fail(&e);
	settings_pick_lookup(&words, &config->lookup);
	if (!looking_up_choose(&words, &l, &e))
		return command_fail(&e);

	SCOPED(connection)
	struct connection *c = command_connect_to(settings_pick(o->database.db, config->db), &e);

	if (!c)
		return command_fail(&e);
	return o->dry_run ? only_tell(&l, c) : look_up(&l, c);
}

const struct command hosts_lookup = {
	.name = "lookup",
	.arguments = "[OPTION ...]",
	.summary = "ask DNS for the names of addresses",
	.details =
		"Each address that no name was asked for yet, the newest first, and of those the ones with\n"
		"most mail. A name is confirmed when it resolves back to its address; what is stored is\n"
		"judged by that at once. Addresses that nobody could tell of are asked for again in the next\n"
		"run. Nothing is sent to any name server but by this command,\n"
		"and by 'ruamill nightly' where the configuration says so.\n",
	.options = options,
	.options_size = sizeof(struct lookup_options),
	.run = run,
};
