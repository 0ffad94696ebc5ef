/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include "ingest/crew.h"
#include "reports/hosts_lookup.h"

#include "base/banned.h"

const struct option_number settings_jobs = { "jobs", "", "4", CREW_MAX };
const struct option_number settings_days = { "days", "d", "400d", 36500 };
const struct option_number settings_interval = { "seconds", "s", "60s", 86400 };
const struct option_number settings_refresh = { "days", "d", "90d", 36500 };
const struct option_number settings_imap_timeout = { "seconds", "s", "60", IMAP_PATIENCE_MOST };
const struct option_number settings_rate = { "questions a second", "", "500", 1000000 };
const struct option_number settings_timeout = { "milliseconds", "ms", "5000", 60000 };
const struct option_number settings_tries = { "tries", "", "2", 10 };
const struct option_number settings_limit = { "addresses", "", "10000", HOSTS_LOOKUP_MOST };

static void pick(const char **first, const char *second)
{
	*first = settings_pick(*first, second);
}

/* There is one way to the secret: who names another one names it instead. */
static void pick_secret(struct imap_access *first, const struct imap_access *second)
{
	if (imap_access_ways(first) > 0)
		return;
	first->password_file = second->password_file;
	first->password_command = second->password_command;
	first->password_variable = second->password_variable;
	first->password_credential = second->password_credential;
	first->token_command = second->token_command;
}

void settings_pick_source(struct source_settings *first, const struct source_settings *second)
{
	struct imap_access *access = &first->access;

	first->configured = second->configured;
	pick(&first->from, second->from);
	pick(&first->then, second->then);
	pick(&first->if_broken, second->if_broken);
	pick_secret(access, &second->access);
	pick(&access->ca_file, second->access.ca_file);
	pick(&access->client_certificate, second->access.client_certificate);
	pick(&access->client_key, second->access.client_key);
	access->plaintext = access->plaintext || second->access.plaintext;
	access->unseen = access->unseen || second->access.unseen;
	pick(&first->imap_timeout, second->imap_timeout);
	pick(&first->imap_days, second->imap_days);
	if (first->trusted.count == 0)
		first->trusted = second->trusted;
}

void settings_pick_lookup(struct lookup_settings_given *first,
			  const struct lookup_settings_given *second)
{
	pick(&first->server, second->server);
	pick(&first->rate, second->rate);
	pick(&first->timeout, second->timeout);
	pick(&first->tries, second->tries);
	pick(&first->limit, second->limit);
	pick(&first->refresh, second->refresh);
}
