/* SPDX-License-Identifier: MIT */
/* ruamill explain: one sender's mail, or one address's, from what was seen to what to publish. */
#include "reports/explain.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/judging.h"
#include "cli/window.h"
#include "reports/sender_print.h"

#include "base/banned.h"

enum { EXPLANATION_BYTES = 256 << 20 };

struct explain_options {
	struct common_options common;
	struct database_settings database;
	struct window_options window;
	const char *format;
	const char *output;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct explain_options),
	WINDOW_OPTIONS(struct explain_options),
	OPT_VALUE("--format", 0, "text|json", struct explain_options, format,
		  "how to print it (default: text)"),
	OUTPUT_OPTION(struct explain_options),
	OPTIONS_END,
};

/* What the catalogue knows helps also whoever has not begun to send with it. */
static bool print_catalogue(const struct explanation *x, struct output *out, struct err *e)
{
	if (x->messages > 0 || !x->target->sender)
		return true;
	output_text(out, "\n");
	return sender_print_text(x->judge->catalogue, x->target->sender, output_width(out), out, e);
}

static enum exit_status print(const struct explanation *x, const struct explain_options *o)
{
	enum text_format format = FORMAT_TEXT;
	struct output out;
	struct err e = ERR_INIT;

	if (!command_text_format(o->format, &format, &e) || !output_open(&out, o->output, &e))
		return command_fail(&e);
	if (format == FORMAT_JSON)
		explain_print_json(x, &out);
	else
		explain_print_text(x, output_width(&out), &out);

	bool whole = format == FORMAT_JSON || print_catalogue(x, &out, &e);

	return command_end_output(&out, whole, &e);
}

static enum exit_status explain_target(struct explanation *x, const struct explain_options *o,
				       struct connection *c, struct arena *arena)
{
	bool any = false;
	enum exit_status status;
	struct err e = ERR_INIT;

	if (!window_complete(&o->window, c, &x->window, &any, &e) ||
	    !judging_tell_unfinished(c, &e))
		return command_fail(&e);
	if (!any)
		log_line(LOG_LEVEL_INFO, "no reports %s: read some in with 'ruamill ingest SOURCE'",
			 o->window.domain ? "on the domain" : "yet");
	status = explain(x, c, arena, &e) ? print(x, o) : command_fail(&e);
	explanation_release(x);
	return status;
}

/* Of what is given, the database knows more senders than the catalogue. */
static enum exit_status explain_given(const struct explain_options *o, const char *given,
				      struct window window, struct arena *arena)
{
	struct judging_setup setup = { 0 };
	struct explain_target target;
	enum exit_status status;
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(connection)
	struct connection *c = domains ? command_connect(&o->database, &e) : NULL;

	if (c && judging_setup_load(&setup, domains, c, &e) &&
	    explain_find(&setup.knowledge, given, &target, &e)) {
		struct explanation x = {
			.judge = &setup.judge,
			.target = &target,
			.window = window,
		};

		status = explain_target(&x, o, c, arena);
	} else {
		status = command_fail(&e);
	}
	judging_setup_release(&setup);
	return status;
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct explain_options *o = given;
	enum text_format format;
	struct window window = { 0 };
	struct arena arena;
	enum exit_status status;
	struct err e = ERR_INIT;

	if (arguments->count == 0)
		return command_wrong_arguments("explain what?",
					       "give a sender or an address, such as 'ruamill "
					       "explain amazon-ses'");
	if (arguments->count > 1)
		return command_wrong_arguments("one sender or address at a time",
					       "explain one after the other");
	arena_init(&arena, EXPLANATION_BYTES);
	if (command_text_format(o->format, &format, &e) &&
	    window_check(&o->window, &arena, &window, &e))
		status = explain_given(o, arguments->operands[0], window, &arena);
	else
		status = command_fail(&e);
	arena_release(&arena);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "[OPTION ...] SENDER|ADDRESS",
	.summary = "why its mail fails, with an example, and what to publish",
	.details =
		"SENDER is an ID or name of 'ruamill senders list', a name of your own, or, for mail\n"
		"without a sender: spoofed, forwarded, unknown, unlisted. For example:\n"
		"  ruamill explain amazon-ses --domain example.com\n"
		"  ruamill explain 192.0.2.25 --days 90\n",
	.options = options,
	.options_size = sizeof(struct explain_options),
	.run = run,
};
