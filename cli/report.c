/* SPDX-License-Identifier: MIT */
/* ruamill report: the questions over the database. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/judging.h"
#include "cli/window.h"
#include "reports/question_problems.h"
#include "reports/question_senders.h"
#include "store/connection.h"

#include "base/banned.h"

/* Answers are read by people: one that outgrows this is no answer. */
enum { ANSWER_BYTES = 256 << 20 };

/* Of problems: more than these only flood a terminal. A program gets all that it asks for. */
enum { TABLE_ROWS = 100, MAX_ROWS = 1000000000 };

struct report_options {
	struct common_options common;
	const char *db;
	struct window_options window;
	const char *limit;
	bool all;
	const char *format;
	const char *output;
};

static const struct option options[] = {
	DATABASE_OPTION(struct report_options),
	WINDOW_OPTIONS(struct report_options),
	OPT_VALUE("--limit", 0, "N", struct report_options, limit,
		  "problems: at most N, the newest (default: 100 in a table, else all)"),
	OPT_FLAG("--all", 0, struct report_options, all,
		 "problems: also duplicates, other mail and other kinds of report"),
	OPT_VALUE("--format", 0, "table|csv|json", struct report_options, format,
		  "how to print it (default: table)"),
	OUTPUT_OPTION(struct report_options),
	OPTIONS_END,
};

static enum exit_status print(const struct answer *a, const struct report_options *o,
			      enum answer_format format)
{
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, o->output, &e)) {
		output_release(&out);
		return command_fail(&e);
	}
	answer_print(a, format, output_width(&out), &out);
	return command_finish_output(&out, STATUS_DONE);
}

static void tell_empty(const struct report_options *o)
{
	if (o->window.domain)
		log_line(LOG_LEVEL_INFO, "no reports on %s: see 'ruamill report' without --domain",
			 o->window.domain);
	else
		log_line(LOG_LEVEL_INFO,
			 "no reports yet: read some in with 'ruamill ingest SOURCE'");
}

static enum exit_status ask_senders(const struct report_options *o, struct connection *c,
				    const struct judge *judge, struct window *window,
				    struct arena *arena)
{
	enum answer_format format = ANSWER_TABLE;
	bool any = false;
	struct answer a;
	struct err e = ERR_INIT;

	if (!command_answer_format(o->format, &format, &e) ||
	    !window_complete(&o->window, c, window, &any, &e) || !judging_tell_unfinished(c, &e))
		return command_fail(&e);
	if (!any)
		tell_empty(o);
	if (!question_senders(c, judge, window, arena, &a, &e))
		return command_fail(&e);
	/* a program that reads the answer gets an empty one; a person has been told */
	return any || format != ANSWER_TABLE ? print(&a, o, format) : STATUS_DONE;
}

/* What is wrong on the command line is told before a database is asked for. */
static enum exit_status answer_senders(const struct report_options *o,
				       enum answer_format format UNUSED, struct arena *arena)
{
	struct judging_setup setup = { 0 };
	struct window window = { 0 };
	enum exit_status status;
	struct err e = ERR_INIT;

	if (!window_check(&o->window, arena, &window, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(connection) struct connection *c = domains ? command_connect(o->db, &e) : NULL;

	if (c && judging_setup_load(&setup, domains, c, &e))
		status = ask_senders(o, c, &setup.judge, &window, arena);
	else
		status = command_fail(&e);
	judging_setup_release(&setup);
	return status;
}

static enum exit_status answer_problems(const struct report_options *o, enum answer_format format,
					struct arena *arena)
{
	int64_t since = 0, until = 0;
	struct problem_filter filter = {
		.since = o->window.since ? &since : NULL,
		.until = o->window.until ? &until : NULL,
		.limit = format == ANSWER_TABLE ? TABLE_ROWS : 0,
		.all = o->all,
	};
	struct answer a;
	struct err e = ERR_INIT;

	if (!window_days(&o->window, &since, &until, &filter.days, &e) ||
	    !window_number("--limit", o->limit, "rows", MAX_ROWS, &filter.limit, &e))
		return command_fail(&e);

	SCOPED(connection) struct connection *c = command_connect(o->db, &e);

	if (!c || !question_problems(c, &filter, arena, &a, &e))
		return command_fail(&e);
	return print(&a, o, format);
}

static const struct question {
	const char *name;
	enum exit_status (*answer)(const struct report_options *o, enum answer_format format,
				   struct arena *arena);
	bool takes_domain, takes_limit;
} questions[] = {
	{ "senders", answer_senders, .takes_domain = true },
	{ "problems", answer_problems, .takes_limit = true },
};

static bool choose_question(const struct arguments *arguments, const struct question **question_out,
			    struct err *e)
{
	const char *names[COUNT_OF(questions) + 1] = { NULL };
	size_t index = 0;

	for (size_t i = 0; i < COUNT_OF(questions); i++)
		names[i] = questions[i].name;
	if (arguments->count > 1) {
		err_set(e, ERR_USAGE, "one question at a time");
		return err_where(e, "%s", arguments->operands[1]);
	}
	if (arguments->count == 1 &&
	    !options_choose("QUESTION", arguments->operands[0], names, &index, e))
		return false;
	*question_out = &questions[index];
	return true;
}

static bool check_options(const struct report_options *o, const struct question *q, struct err *e)
{
	const char *odd = NULL;

	if (o->window.domain && !q->takes_domain)
		odd = "--domain";
	else if (o->limit && !q->takes_limit)
		odd = "--limit";
	else if (o->all && !q->takes_limit)
		odd = "--all";
	if (!odd)
		return true;
	err_set(e, ERR_USAGE, "%s says nothing to the question '%s'", odd, q->name);
	return err_remedy(e, "leave it out");
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct report_options *o = given;
	const struct question *question = &questions[0];
	enum answer_format format = ANSWER_TABLE;
	struct arena arena;
	struct err e = ERR_INIT;

	if (!choose_question(arguments, &question, &e) || !check_options(o, question, &e) ||
	    !command_answer_format(o->format, &format, &e))
		return command_fail(&e);
	arena_init(&arena, ANSWER_BYTES);

	enum exit_status status = question->answer(o, format, &arena);

	arena_release(&arena);
	return status;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTION ...] [QUESTION]",
	.summary = "which service fails, why, and what to publish",
	.details =
		"Questions:\n"
		"  senders     per sending service: volume, pass rates, and what to do (the default)\n"
		"  problems    messages that did not become reports: why, and where they are\n",
	.options = options,
	.options_size = sizeof(struct report_options),
	.run = run,
};
