/* SPDX-License-Identifier: MIT */
#include "cli/looking_up.h"

#include "base/interrupt.h"
#include "base/log.h"
#include "cli/judging.h"
#include "parser/address.h"

#include "base/banned.h"

/* A public resolver that is asked faster stops answering; one of one's own may be asked as it likes. */
enum { POLITE_RATE = 1000 };

static bool choose_servers(const char *given, struct lookup_servers *servers_out, struct err *e)
{
	if (!given)
		return lookup_servers_of_system(servers_out, e);
	return lookup_servers_parse(slice_from(given), servers_out, e) ||
		err_where(e, "--server %s", given);
}

static bool choose_settings(const struct lookup_settings_given *o,
			    struct lookup_settings *settings_out, struct err *e)
{
	uint64_t rate = 0, timeout = 0, tries = 0;

	if (!options_number("--rate", o->rate, &settings_rate, &rate, e) ||
	    !options_number("--timeout", o->timeout, &settings_timeout, &timeout, e) ||
	    !options_number("--tries", o->tries, &settings_tries, &tries, e) ||
	    !choose_servers(o->server, &settings_out->servers, e))
		return false;
	if (rate == 0 && !lookup_servers_are_here(&settings_out->servers))
		rate = POLITE_RATE;
	settings_out->rate = (unsigned)rate;
	settings_out->timeout_ms = (unsigned)timeout;
	settings_out->tries = (unsigned)tries;
	return true;
}

static bool choose_wanted(const struct lookup_settings_given *o, struct hosts_wanted *wanted_out,
			  struct err *e)
{
	uint64_t limit = 0, days = 0;

	if (!options_number("--limit", o->limit, &settings_limit, &limit, e) ||
	    !options_number("--refresh", o->refresh, &settings_refresh, &days, e))
		return false;
	*wanted_out = (struct hosts_wanted){ (unsigned)limit, (unsigned)days };
	return true;
}

bool looking_up_choose(const struct lookup_settings_given *given, struct looking_up *looking_out,
		       struct err *e)
{
	return choose_wanted(given, &looking_out->wanted, e) &&
		choose_settings(given, &looking_out->settings, e);
}

/* -- trying */

struct trial {
	struct lookup_client client;
	bool asked, answered;
};

static bool next_of_trial(struct lookup_client *client, struct lookup_subject *subject)
{
	struct trial *t = (struct trial *)client;

	if (t->asked)
		return false;
	t->asked = true;
	*subject = (struct lookup_subject){ .number = 0 };
	return address_parse(SLICE("127.0.0.1"), &subject->address) == ADDRESS_PLAIN;
}

static bool found_by_trial(struct lookup_client *client,
			   const struct lookup_subject *subject UNUSED, const struct host *host,
			   struct err *e UNUSED)
{
	((struct trial *)client)->answered = host->state != HOST_NOT_LOOKED_UP;
	return true;
}

bool looking_up_try(const struct looking_up *l, struct err *e)
{
	struct trial trial = { { next_of_trial, found_by_trial }, false, false };

	if (!lookup_run(&l->settings, &trial.client, e))
		return false;
	if (trial.answered)
		return true;
	err_set(e, ERR_UNREACHABLE,
		"no name server tells the name of 127.0.0.1, or that it has none");
	return err_remedy(e, "name one that answers by 'server' in [lookup]");
}

/* -- telling */

static void show_progress(uint64_t done, uint64_t total)
{
	log_progress("looking up names: %llu of %llu addresses", (unsigned long long)done,
		     (unsigned long long)total);
}

void looking_up_tell_waiting(const struct hosts_waiting *w)
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

/* -- doing */

static bool ask(struct hosts_lookup *l, const struct judging_setup *setup,
		struct hosts_found *found, struct err *e)
{
	bool ok = hosts_lookup_run(l, found, e);

	log_progress_end();
	tell_found(found);
	if (!ok)
		return false;
	looking_up_tell_waiting(l->waiting);
	return judging_catch_up_as(l->connection, setup, e);
}

static bool ask_waiting(const struct looking_up *l, struct connection *c,
			const struct domains *domains, const struct hosts_waiting *waiting,
			struct hosts_found *found, struct err *e)
{
	struct judging_setup setup = { 0 };
	bool ok = judging_setup_load(&setup, domains, c, e);
	struct hosts_lookup lookup = { c, &setup.judge, waiting, &l->settings, show_progress };

	interrupt_install();
	ok = ok && ask(&lookup, &setup, found, e);
	judging_setup_release(&setup);
	return ok;
}

/* Nobody need be there to be asked. */
static bool nothing_left(const struct hosts_waiting *w)
{
	log_line(LOG_LEVEL_INFO, "no address is left to be looked up");
	looking_up_tell_waiting(w);
	return true;
}

bool looking_up_run(const struct looking_up *l, struct connection *c, const struct domains *domains,
		    struct hosts_found *found_out, struct err *e)
{
	struct hosts_waiting waiting = { 0 };
	bool ok;

	*found_out = (struct hosts_found){ 0 };
	if (!hosts_waiting_find(&waiting, c, &l->wanted, e))
		return false;
	ok = waiting.count == 0 ? nothing_left(&waiting)
				: ask_waiting(l, c, domains, &waiting, found_out, e);
	hosts_waiting_release(&waiting);
	return ok;
}
