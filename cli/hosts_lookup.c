/* SPDX-License-Identifier: MIT */
/* ruamill hosts lookup: the names of addresses, out of DNS. */
#include "reports/hosts_lookup.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "cli/hosts.h"
#include "cli/judging.h"
#include "parser/domain.h"

#include "base/banned.h"

struct lookup_options {
	struct common_options common;
	const char *db;
	const char *server, *rate, *timeout, *tries, *limit, *refresh;
	bool dry_run;
};

static const struct option options[] = {
	DATABASE_OPTION(struct lookup_options),
	OPT_VALUE("--server", 0, "ADDRESS[:PORT][,...]", struct lookup_options, server,
		  "ask these name servers (default: the system's)"),
	OPT_VALUE("--rate", 0, "N", struct lookup_options, rate,
		  "at most so many questions a second (default: 1000; no limit on this machine)"),
	OPT_VALUE("--timeout", 0, "MS", struct lookup_options, timeout,
		  "wait so many milliseconds for a reply (default: 5000)"),
	OPT_VALUE("--tries", 0, "N", struct lookup_options, tries,
		  "ask each server so often before giving up (default: 2)"),
	OPT_VALUE("--limit", 0, "N", struct lookup_options, limit,
		  "ask for so many addresses at most (default: 100000)"),
	OPT_VALUE("--refresh", 0, "DAYS", struct lookup_options, refresh,
		  "ask again what was found out so long ago, like 90d, and has sent mail since"),
	OPT_FLAG("--dry-run", 'n', struct lookup_options, dry_run,
		 "only say how many addresses would be asked for"),
	OPTIONS_END,
};

/* A public resolver that is asked faster stops answering; one of one's own may be asked as it likes. */
enum { POLITE_RATE = 1000, DEFAULT_TIMEOUT_MS = 5000, DEFAULT_TRIES = 2 };

static const struct option_number numbers_of_rate = { "questions a second", "", "500", 1000000 };
static const struct option_number numbers_of_timeout = { "milliseconds", "ms", "5000", 60000 };
static const struct option_number numbers_of_tries = { "tries", "", "2", 10 };
static const struct option_number numbers_of_limit = { "addresses", "", "10000",
						       HOSTS_LOOKUP_MOST };
static const struct option_number numbers_of_refresh = { "days", "d", "90d", 36500 };

static bool choose_servers(const char *given, struct lookup_servers *servers_out, struct err *e)
{
	if (!given)
		return lookup_servers_of_system(servers_out, e);
	return lookup_servers_parse(slice_from(given), servers_out, e) ||
		err_where(e, "--server %s", given);
}

static bool choose_settings(const struct lookup_options *o, struct lookup_settings *settings_out,
			    struct err *e)
{
	uint64_t rate = 0, timeout = DEFAULT_TIMEOUT_MS, tries = DEFAULT_TRIES;

	if (!options_number("--rate", o->rate, &numbers_of_rate, &rate, e) ||
	    !options_number("--timeout", o->timeout, &numbers_of_timeout, &timeout, e) ||
	    !options_number("--tries", o->tries, &numbers_of_tries, &tries, e) ||
	    !choose_servers(o->server, &settings_out->servers, e))
		return false;
	if (rate == 0 && !lookup_servers_are_here(&settings_out->servers))
		rate = POLITE_RATE;
	settings_out->rate = (unsigned)rate;
	settings_out->timeout_ms = (unsigned)timeout;
	settings_out->tries = (unsigned)tries;
	return true;
}

static bool choose_wanted(const struct lookup_options *o, struct hosts_wanted *wanted_out,
			  struct err *e)
{
	uint64_t limit = HOSTS_LOOKUP_DEFAULT, days = 0;

	if (!options_number("--limit", o->limit, &numbers_of_limit, &limit, e) ||
	    !options_number("--refresh", o->refresh, &numbers_of_refresh, &days, e))
		return false;
	*wanted_out = (struct hosts_wanted){ (unsigned)limit, (unsigned)days };
	return true;
}

/* -- telling */

static void show_progress(uint64_t done, uint64_t total)
{
	log_progress("looking up names: %llu of %llu addresses", (unsigned long long)done,
		     (unsigned long long)total);
}

static void tell_waiting(const struct hosts_waiting *w)
{
	if (w->total > w->count)
		log_line(LOG_LEVEL_INFO, "%llu more addresses are left for another run",
			 (unsigned long long)(w->total - w->count));
	if (w->local > 0)
		log_line(LOG_LEVEL_INFO,
			 "%llu addresses belong to local networks, and nobody is asked for them",
			 (unsigned long long)w->local);
}

static void tell_found(const struct hosts_found *f)
{
	log_line(LOG_LEVEL_INFO,
		 "%llu addresses looked up: %llu with a confirmed name, %llu with one that is not, "
		 "%llu without a name",
		 (unsigned long long)f->asked, (unsigned long long)f->by_state[HOST_CONFIRMED],
		 (unsigned long long)f->by_state[HOST_UNCONFIRMED],
		 (unsigned long long)f->by_state[HOST_NO_NAME]);
	if (f->by_state[HOST_NOT_LOOKED_UP] > 0)
		log_line(LOG_LEVEL_INFO, "of %llu nobody could tell: they will be asked for again",
			 (unsigned long long)f->by_state[HOST_NOT_LOOKED_UP]);
}

static enum exit_status only_tell(const struct hosts_waiting *w,
				  const struct lookup_settings *settings)
{
	SCOPED(buf) struct buf servers = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	lookup_servers_append(&servers, &settings->servers);
	output_printf(&out, "would ask %s for the names of %zu addresses\n", buf_text(&servers),
		      w->count);
	tell_waiting(w);
	return command_finish_output(&out, STATUS_DONE);
}

/* Nobody need be there to be asked. */
static enum exit_status nothing_left(const struct hosts_waiting *w)
{
	log_line(LOG_LEVEL_INFO, "no address is left to be looked up");
	tell_waiting(w);
	return STATUS_DONE;
}

/* -- doing */

static bool look_up(struct hosts_lookup *l, const struct judging_setup *setup, struct err *e)
{
	struct hosts_found found;
	bool ok = hosts_lookup_run(l, &found, e);

	log_progress_end();
	tell_found(&found);
	if (!ok)
		return false;
	tell_waiting(l->waiting);
	return judging_catch_up_as(l->connection, setup, e);
}

static enum exit_status look_up_waiting(struct connection *c, const struct hosts_waiting *waiting,
					const struct lookup_settings *settings)
{
	struct judging_setup setup = { 0 };
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = command_domains(&e);
	bool ok = domains && judging_setup_load(&setup, domains, c, &e);
	struct hosts_lookup l = { c, &setup.judge, waiting, settings, show_progress };

	interrupt_install();
	ok = ok && look_up(&l, &setup, &e);
	judging_setup_release(&setup);
	return ok ? STATUS_DONE : command_fail(&e);
}

static enum exit_status with_settings(const struct lookup_options *o,
				      const struct hosts_wanted *wanted,
				      const struct lookup_settings *settings)
{
	struct hosts_waiting waiting = { 0 };
	struct err e = ERR_INIT;
	SCOPED(connection) struct connection *c = command_connect(o->db, &e);
	enum exit_status status;

	if (!c || !hosts_waiting_find(&waiting, c, wanted, &e))
		status = command_fail(&e);
	else if (o->dry_run)
		status = only_tell(&waiting, settings);
	else if (waiting.count == 0)
		status = nothing_left(&waiting);
	else
		status = look_up_waiting(c, &waiting, settings);
	hosts_waiting_release(&waiting);
	return status;
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct lookup_options *o = given;
	struct lookup_settings settings;
	struct hosts_wanted wanted;
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments", "see --help");
	if (!choose_wanted(o, &wanted, &e) || !choose_settings(o, &settings, &e))
		return command_fail(&e);
	return with_settings(o, &wanted, &settings);
}

const struct command hosts_lookup = {
	.name = "lookup",
	.arguments = "[OPTION ...]",
	.summary = "ask DNS for the names of addresses",
	.details =
		"Each address that no name was asked for yet, the newest first, and of those the ones with\n"
		"most mail. A name is confirmed when it resolves back to its address; what is stored is\n"
		"judged by that at once. Addresses that nobody could tell of are asked for again in the next\n"
		"run. Nothing is sent to any name server but by this command.\n",
	.options = options,
	.options_size = sizeof(struct lookup_options),
	.run = run,
};
