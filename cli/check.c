/* SPDX-License-Identifier: MIT */
/* ruamill check: would tonight's run work? */
#include "base/log.h"
#include "base/text.h"
#include "cli/config.h"
#include "cli/config_keys.h"
#include "cli/ingesting.h"
#include "cli/looking_up.h"
#include "cli/pruning.h"
#include "cli/secrets.h"
#include "store/migrate.h"
#include "store/rights.h"

#include "base/banned.h"

struct check_options {
	struct common_options common;
	struct database_settings database;
	bool sample;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct check_options),
	OPT_FLAG("--sample", 0, struct check_options, sample,
		 "print a configuration with every key and its help, and check nothing"),
	OPTIONS_END,
};

/* A line is read as it stands, and may be looked for by a program. */
enum { LINE_BYTES = 1200 };

struct checking {
	const struct config *config;
	const char *db;
	struct output *out;
	bool quiet; /* only what is wrong */
	enum exit_status status;
};

static void tell(struct checking *k, bool good, const char *what, struct slice text)
{
	SCOPED(buf) struct buf line = { 0 };

	if (good && k->quiet)
		return;
	buf_printf(&line, "%-7s ", good ? "ok" : "failed");
	text_append_harmless(&line, slice_from(what), LINE_BYTES);
	buf_append_text(&line, ": ");
	text_append_harmless(&line, text, LINE_BYTES);
	output_printf(k->out, "%s\n", buf_text(&line));
	/* the next one may have to wait for a server */
	output_flush(k->out);
}

static void tell_good(struct checking *k, const char *what, struct buf *text)
{
	tell(k, true, what, buf_slice(text));
}

static void tell_bad(struct checking *k, const char *what, const struct err *e)
{
	SCOPED(buf) struct buf text = { 0 };

	err_append(&text, e);
	tell(k, false, what, buf_slice(&text));
	k->status = ingesting_worst(k->status, status_of_err(e));
}

/* --- what is tried -------------------------------------------------------------------------------- */

static void check_configuration(struct checking *k)
{
	const struct config *c = k->config;
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;

	if (c->source_count > 0) {
		buf_printf(&text, "%s, %zu source%s", c->path, c->source_count,
			   c->source_count == 1 ? "" : "s");
		tell_good(k, "configuration", &text);
		return;
	}
	err_set(&e, ERR_CONFIG, "no source is configured");
	err_where(&e, "%s", c->path ? c->path : "there is no ruamill.conf");
	err_remedy(&e, "'ruamill check --sample' prints one to start from");
	tell_bad(k, "configuration", &e);
}

static bool look_at_database(const struct checking *k, struct buf *text, struct err *e)
{
	SCOPED(connection) struct connection *c = NULL;
	bool any = false;

	if (!connection_look(k->db, &c, e) || (c && !migrate_look(c, &any, e)))
		return false;
	if (!any) {
		buf_append_text(text, "a private one, which the first run makes");
		return true;
	}
	if (connection_is_private(c)) {
		buf_append_text(text, "the private one");
		return true;
	}
	buf_append_text(text, "as configured, it may be written");
	return connection_execute(c, "set default_transaction_read_only = off", NULL, 0, e) &&
		rights_check(c, pruning_is_wanted(&k->config->retention), e);
}

static void check_database(struct checking *k)
{
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;

	if (look_at_database(k, &text, &e))
		tell_good(k, "database", &text);
	else
		tell_bad(k, "database", &e);
}

static void append_action(struct buf *text, const char *before, const char *action)
{
	if (!slice_equal(slice_from(action), SLICE("leave")))
		buf_printf(text, ", %s%s", before, action);
}

static void check_source(struct checking *k, const struct config_source *source)
{
	const struct source_settings *s = &source->settings;
	SCOPED(buf) struct buf name = { 0 };
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;
	uint64_t count = 0;

	buf_printf(&name, "source %s", source->name);
	if (!ingesting_try(s, &count, &e)) {
		tell_bad(k, buf_text(&name), &e);
		return;
	}
	buf_append_text(&text, s->from);
	if (count > 0)
		buf_printf(&text, ", %llu there", (unsigned long long)count);
	append_action(&text, "then ", s->then);
	append_action(&text, "if broken ", s->if_broken);
	tell_good(k, buf_text(&name), &text);
}

static void check_lookup(struct checking *k)
{
	SCOPED(buf) struct buf text = { 0 };
	struct looking_up l;
	struct err e = ERR_INIT;

	if (!k->config->lookup_enabled) {
		buf_append_text(&text, "switched off");
		tell_good(k, "look-ups", &text);
	} else if (looking_up_choose(&k->config->lookup, &l, &e) && looking_up_try(&l, &e)) {
		lookup_servers_append(&text, &l.settings.servers);
		buf_append_text(&text, " answers");
		tell_good(k, "look-ups", &text);
	} else {
		tell_bad(k, "look-ups", &e);
	}
}

/* --- the command ---------------------------------------------------------------------------------- */

static enum exit_status check(const struct check_options *o, struct config *config,
			      struct output *out)
{
	SCOPED(secrets) struct secrets secrets = { 0 };
	struct checking k = { .config = config,
			      .db = settings_pick(o->database.db, config->db),
			      .out = out,
			      .quiet = o->common.quiet,
			      .status = STATUS_DONE };

	for (size_t i = 0; i < config->source_count; i++)
		secrets_take(&secrets, &config->sources[i].settings);
	check_configuration(&k);
	check_database(&k);
	for (size_t i = 0; i < config->source_count; i++)
		check_source(&k, &config->sources[i]);
	check_lookup(&k);
	return command_finish_output(out, k.status);
}

static enum exit_status print_sample(struct output *out)
{
	SCOPED(buf) struct buf text = { 0 };

	config_append_sample(&text);
	output_write(out, buf_slice(&text));
	return command_finish_output(out, STATUS_DONE);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct check_options *o = given;
	struct err e = ERR_INIT;
	struct output out;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments",
					       "sources stand in ruamill.conf");

	SCOPED(config)
	struct config *config = o->sample ? NULL : config_load(o->database.config, &e);

	if ((!config && !o->sample) || !output_open(&out, NULL, &e))
		return command_fail(&e);
	return o->sample ? print_sample(&out) : check(o, config, &out);
}

const struct command command_check = {
	.name = "check",
	.arguments = "[OPTION ...]",
	.summary = "try configuration, database and sources",
	.details =
		"Tries one by one all that 'ruamill nightly' needs, and changes nothing: a line each, with\n"
		"what to do where it fails. Its exit status is the one that the run would end with.\n",
	.options = options,
	.options_size = sizeof(struct check_options),
	.run = run,
};
