/* SPDX-License-Identifier: MIT */
#include "cli/config_keys.h"

#include "cli/config.h"
#include "ingest/imap_url.h"
#include "ingest/settlement.h"
#include "reports/lookup_servers.h"
#include "store/connection.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(config_section, CONFIG_SECTION_LIST)

/* clang-format off */
#define KEY_TEXT(section, name, type, initial, example, member, help)                              \
	{ section, type, name, NULL, initial, example, help,                                       \
	  OPT_MEMBER(struct config, member, const char *) }
#define KEY_NUMBER(section, name, number, initial, example, member, help)                          \
	{ section, CONFIG_NUMBER, name, number, initial, example, help,                            \
	  OPT_MEMBER(struct config, member, const char *) }
#define KEY_SWITCH(section, name, member, help)                                                    \
	{ section, CONFIG_SWITCH, name, NULL, "no", NULL, help,                                    \
	  OPT_MEMBER(struct config, member, bool) }
#define OF_SOURCE(name, type, initial, example, member, help)                                      \
	{ CONFIG_SOURCE, type, name, NULL, initial, example, help,                                 \
	  OPT_MEMBER(struct config_source, settings.member, const char *) }

const struct config_key config_keys[] = {
	KEY_TEXT(CONFIG_DATABASE, "connect", CONFIG_CONNINFO, NULL, "host=db.example.com dbname=dmarc",
		 db, "Which database, in libpq's words or as a postgresql:// URI; without it libpq's "
		 "environment counts, else the private database. Its password belongs into ~/.pgpass."),
	KEY_SWITCH(CONFIG_DATABASE, "store_payload", store_payload,
		   "Keep the XML of each report, too, for 'ruamill db payload'."),
	KEY_NUMBER(CONFIG_INGEST, "jobs", &settings_jobs, NULL, "2",
		   jobs, "So many mails at a time; without it one a processor."),
	OF_SOURCE("from", CONFIG_PLACE, NULL, "imaps://rua@mail.example.org/INBOX", from,
		  "A mailbox on a server, imaps://USER@HOST[:PORT]/FOLDER (imap:// for STARTTLS), or the "
		  "absolute path of a Maildir, folder, mbox or file. Each source must have it."),
	OF_SOURCE("then", CONFIG_ACTION, "leave", NULL, then,
		  "What happens to a mail or file once it is stored: leave, mark (as seen), move:FOLDER "
		  "or delete."),
	OF_SOURCE("if_broken", CONFIG_ACTION, "leave", NULL, if_broken,
		  "The same for one of which some could not be stored."),
	OF_SOURCE("password_file", CONFIG_PATH, NULL, "/etc/ruamill/password", access.password_file,
		  "The first line of this file is the password; nobody else may be able to read it."),
	OF_SOURCE("password_credential", CONFIG_NAME, NULL, "rua-password", access.password_credential,
		  "The same of a credential that systemd hands over: LoadCredential=rua-password:FILE."),
	OF_SOURCE("password_command", CONFIG_TEXT, NULL, "pass show rua", access.password_command,
		  "This shell command prints the password."),
	OF_SOURCE("password_variable", CONFIG_NAME, NULL, "RUA_PASSWORD", access.password_variable,
		  "This environment variable holds the password; without any of these, "
		  "RUAMILL_IMAP_PASSWORD does."),
	OF_SOURCE("token_command", CONFIG_TEXT, NULL, "/usr/local/bin/print-my-token", access.token_command,
		  "This shell command prints an OAuth access token (Microsoft 365, Gmail)."),
	OF_SOURCE("tls_ca_file", CONFIG_PATH, NULL, "/etc/ssl/our-ca.pem", access.ca_file,
		  "Trust only the CAs of this file; without it those of the system."),
	OF_SOURCE("tls_certificate", CONFIG_PATH, NULL, "/etc/ruamill/client.pem",
		  access.client_certificate, "Our own certificate, for servers that want one."),
	OF_SOURCE("tls_key", CONFIG_PATH, NULL, "/etc/ruamill/client.key", access.client_key,
		  "Its key, where it is not in the same file."),
	{ CONFIG_SOURCE, CONFIG_NUMBER, "imap_timeout", &settings_imap_timeout, "60", NULL,
	  "So many seconds a mail server may take to connect, or be silent.",
	  OPT_MEMBER(struct config_source, settings.imap_timeout, const char *) },
	{ CONFIG_SOURCE, CONFIG_NUMBER, "imap_days", &settings_days, NULL, "30d",
	  "Only mails that came in within the last so many days; without it all.",
	  OPT_MEMBER(struct config_source, settings.imap_days, const char *) },
	{ CONFIG_SOURCE, CONFIG_SWITCH, "imap_unseen", NULL, "no", NULL,
	  "Only mails on a server that nobody has marked as seen.",
	  OPT_MEMBER(struct config_source, settings.access.unseen, bool) },
	{ CONFIG_SOURCE, CONFIG_SWITCH, "plaintext", NULL, "no", NULL,
	  "Of imap://: go without TLS. The network sees password and mails.",
	  OPT_MEMBER(struct config_source, settings.access.plaintext, bool) },
	{ CONFIG_SOURCE, CONFIG_WORDS, "trust", NULL, NULL, "mx.example.org",
	  "Believe what these servers of yours wrote in Authentication-Results; names, apart by blanks.",
	  OPT_MEMBER(struct config_source, settings.trusted, struct option_list) },
	KEY_SWITCH(CONFIG_LOOKUP, "enabled", lookup_enabled,
		   "Ask DNS for the names of new addresses every night. No name server hears of them "
		   "otherwise."),
	KEY_TEXT(CONFIG_LOOKUP, "server", CONFIG_SERVERS, NULL, "127.0.0.1", lookup.server,
		 "Ask these name servers, with commas between; without it those of the system."),
	KEY_NUMBER(CONFIG_LOOKUP, "rate", &settings_rate, NULL, "1000", lookup.rate,
		   "At most so many questions a second; without it 1000, and no limit on this machine."),
	KEY_NUMBER(CONFIG_LOOKUP, "timeout", &settings_timeout, "5000", NULL, lookup.timeout,
		   "Wait so many milliseconds for a reply."),
	KEY_NUMBER(CONFIG_LOOKUP, "tries", &settings_tries, "2", NULL, lookup.tries,
		   "Ask each server so often before giving up."),
	KEY_NUMBER(CONFIG_LOOKUP, "limit", &settings_limit, "100000", NULL, lookup.limit,
		   "Ask for so many addresses at most in one run."),
	KEY_NUMBER(CONFIG_LOOKUP, "refresh", &settings_refresh, NULL, "90d", lookup.refresh,
		   "Ask again what was found out so long ago, and has sent mail since; without it never."),
	KEY_NUMBER(CONFIG_RETENTION, "keep", &settings_days, NULL, "400d", retention.keep,
		   "So many days of everything; what is older goes. Without it all is kept."),
	KEY_NUMBER(CONFIG_RETENTION, "detail", &settings_days, NULL, "90d", retention.detail,
		   "So many days of single records, at most as many as of everything; without it as many."),
	KEY_NUMBER(CONFIG_RETENTION, "payload", &settings_days, NULL, "30d", retention.payload,
		   "So many days of stored payloads."),
};
/* clang-format on */

const size_t config_key_count = COUNT_OF(config_keys);

/* --- values --------------------------------------------------------------------------------------- */

static bool check_switch(const char *value, struct err *e)
{
	struct slice word = slice_from(value);

	if (slice_equal(word, SLICE("yes")) || slice_equal(word, SLICE("no")))
		return true;
	err_set(e, ERR_CONFIG, "neither yes nor no");
	return err_remedy(e, "write yes or no");
}

bool config_switch_value(const char *value)
{
	return slice_equal(slice_from(value), SLICE("yes"));
}

static bool check_path(const char *value, struct err *e)
{
	if (value[0] == '/')
		return true;
	err_set(e, ERR_CONFIG, "not an absolute path");
	return err_remedy(e, "write the whole path, from / on");
}

static bool check_place(const char *value, struct err *e)
{
	struct imap_url url;
	bool good;

	if (!imap_url_is(slice_from(value))) {
		if (value[0] == '/')
			return true;
		err_set(e, ERR_CONFIG, "neither an absolute path nor a mailbox on a server");
		return err_remedy(e,
				  "write it like imaps://user@host/Folder, or /srv/mail/Maildir");
	}
	good = imap_url_parse(slice_from(value), &url, e);
	imap_url_release(&url);
	return good;
}

static bool check_name(const char *value, struct err *e)
{
	if (!strchr(value, '/') && value[0] != '.')
		return true;
	err_set(e, ERR_CONFIG, "not a name");
	return err_remedy(e, "write only the name; a file has password_file");
}

bool config_check_value(const struct config_key *key, const char *value, struct err *e)
{
	struct lookup_servers servers;
	struct settlement settlement;
	uint64_t number;
	bool good = true;

	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_WORDS:
		break;
	case CONFIG_SWITCH:
		good = check_switch(value, e);
		break;
	case CONFIG_NUMBER:
		good = options_number(key->name, value, key->number, &number, e);
		e->where[0] = '\0';
		break;
	case CONFIG_PATH:
		good = check_path(value, e);
		break;
	case CONFIG_PLACE:
		good = check_place(value, e);
		break;
	case CONFIG_ACTION:
		good = settlement_parse(key->name, value, &settlement, e);
		e->where[0] = '\0';
		break;
	case CONFIG_SERVERS:
		good = lookup_servers_parse(slice_from(value), &servers, e);
		break;
	case CONFIG_CONNINFO:
		good = connection_check_info(value, e);
		break;
	case CONFIG_NAME:
		good = check_name(value, e);
		break;
	}
	if (!good)
		e->kind = ERR_CONFIG;
	return good;
}

/* --- the sample ----------------------------------------------------------------------------------- */

enum { SAMPLE_WIDTH = 78 };

static const char *const about_sections[config_section_count] = {
	[CONFIG_DATABASE] = "Where reports are stored.",
	[CONFIG_INGEST] = "How they are read.",
	[CONFIG_SOURCE] = "Where mail comes from: any number of these, each with its name.",
	[CONFIG_LOOKUP] = "Names of addresses, which tell services apart that nothing else does.",
	[CONFIG_RETENTION] = "What 'ruamill nightly' drops. Months are kept whole.",
};

static void append_comment(struct buf *text, const char *words)
{
	struct slice rest = slice_from(words), word;
	size_t column = 0;

	while (slice_cut(&rest, ' ', &word)) {
		if (column == 0 || column + 1 + word.n > SAMPLE_WIDTH) {
			buf_append_text(text, column == 0 ? "#" : "\n#");
			column = 1;
		}
		buf_printf(text, " %.*s", SLICE_ARG(word));
		column += 1 + word.n;
	}
	buf_append_byte(text, '\n');
}

static void append_section(struct buf *text, enum config_section section)
{
	buf_append_byte(text, '\n');
	append_comment(text, about_sections[section]);
	buf_printf(text, section == CONFIG_SOURCE ? "#[%s NAME]\n" : "[%s]\n",
		   config_section_text(section));
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->section != section)
			continue;
		buf_append_byte(text, '\n');
		append_comment(text, key->help);
		buf_printf(text, "#%s = %s\n", key->name,
			   key->initial ? key->initial : key->example);
	}
}

void config_append_sample(struct buf *text)
{
	append_comment(
		text,
		"ruamill.conf: what 'ruamill nightly' and all other commands of ruamill go by. "
		"It is looked for as ~/.config/ruamill/ruamill.conf, then as "
		"/etc/ruamill/ruamill.conf, or named by --config. See man ruamill.conf; "
		"'ruamill check' tries all that it says.");
	append_comment(
		text,
		"A line that begins with # says nothing: take it away from the keys you want. "
		"What stands there is what counts anyway, or an example.");
	for (size_t i = 0; i < config_section_count; i++)
		append_section(text, (enum config_section)i);
}
