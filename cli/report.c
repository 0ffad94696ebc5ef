/* SPDX-License-Identifier: MIT */
/* ruamill report: the questions over the database. */
#include "base/log.h"
#include "base/number.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "cli/judging.h"
#include "reports/question_problems.h"
#include "reports/question_senders.h"
#include "reports/rollup.h"
#include "store/connection.h"

#include "base/banned.h"

/* Answers are read by people: one that outgrows this is no answer. */
enum { ANSWER_BYTES = 256 << 20, DEFAULT_DAYS = 30, MAX_DAYS = 36500 };

/* Of problems: more than these only flood a terminal. A program gets all that it asks for. */
enum { TABLE_ROWS = 100, MAX_ROWS = 1000000000 };

struct report_options {
	struct common_options common;
	const char *db;
	const char *domain;
	const char *since, *until, *days;
	const char *limit;
	bool all;
	const char *format;
	const char *output;
};

static const struct option options[] = {
	DATABASE_OPTION(struct report_options),
	OPT_VALUE("--domain", 0, "DOMAIN", struct report_options, domain,
		  "only mail of DOMAIN and what is below it"),
	OPT_VALUE("--since", 0, "DATE", struct report_options, since, "first day, like 2026-11-01"),
	OPT_VALUE("--until", 0, "DATE", struct report_options, until,
		  "last day (default: the newest with data)"),
	OPT_VALUE("--days", 0, "N", struct report_options, days, "so many days (default: 30)"),
	OPT_VALUE("--limit", 0, "N", struct report_options, limit,
		  "problems: at most N, the newest (default: 100 in a table, else all)"),
	OPT_FLAG("--all", 0, struct report_options, all,
		 "problems: also duplicates, other mail and other kinds of report"),
	OPT_VALUE("--format", 0, "table|csv|json", struct report_options, format,
		  "how to print it (default: table)"),
	OUTPUT_OPTION(struct report_options),
	OPTIONS_END,
};

static bool parse_day(const char *option, const char *text, int64_t *day_out, struct err *e)
{
	if (date_parse(slice_from(text), day_out))
		return true;
	err_set(e, ERR_USAGE, "not a date");
	err_where(e, "%s %s", option, text);
	return err_remedy(e, "write it like 2026-11-21");
}

/* Leaves the number as it is where the option was not given. */
static bool parse_number(const char *option, const char *text, const char *of_what, uint64_t most,
			 uint64_t *number_out, struct err *e)
{
	if (!text || number_parse_u64(slice_from(text), 1, most, number_out))
		return true;
	err_set(e, ERR_USAGE, "not a number of %s", of_what);
	err_where(e, "%s %s", option, text);
	return err_remedy(e, "give a whole number from 1 to %llu", (unsigned long long)most);
}

/* As names stand in the database: lower-case A-labels without a dot at the end. */
static bool fold_domain(const char *given, struct arena *arena, const char **domain_out,
			struct err *e)
{
	struct slice domain;
	bool valid = false;

	if (!given)
		return true;
	if (domain_normalise(arena, slice_from(given), &domain, &valid) && valid) {
		*domain_out = domain.p; /* the arena's copies are terminated */
		return true;
	}
	err_set(e, ERR_USAGE, "not a domain");
	err_where(e, "--domain %s", given);
	return err_remedy(e, "write it like example.com");
}

/* Leaves what was not given as it is. */
static bool parse_window(const struct report_options *o, int64_t *since, int64_t *until,
			 uint64_t *days, struct err *e)
{
	if ((o->since && !parse_day("--since", o->since, since, e)) ||
	    (o->until && !parse_day("--until", o->until, until, e)) ||
	    !parse_number("--days", o->days, "days", MAX_DAYS, days, e))
		return false;
	if (o->since && o->days)
		return err_set(e, ERR_USAGE, "--since and --days say the same: give one of them");
	if (o->since && o->until && *since > *until)
		return err_set(e, ERR_USAGE, "--since lies after --until");
	return true;
}

/* Without dates: the days that end at the newest day with data, so that no clock is needed. */
static bool complete_window(const struct report_options *o, uint64_t days, struct connection *c,
			    struct window *w, bool *any_out, struct err *e)
{
	int64_t newest = 0;

	if (!question_newest_day(c, w->domain, any_out, &newest, e))
		return false;
	if (!o->until)
		w->until = newest;
	if (!o->since)
		w->since = w->until - (int64_t)days + 1;
	return true;
}

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
	if (o->domain)
		log_line(
			LOG_LEVEL_INFO,
			"no reports on %s, or none that is on a domain of yours: see 'ruamill report' "
			"without --domain",
			o->domain);
	else
		log_line(LOG_LEVEL_INFO,
			 "no reports yet: read some in with 'ruamill ingest SOURCE'");
}

/* Marks of days are gone once they are added up; who only looks cannot do it. */
static bool tell_unfinished(struct connection *c, struct err *e)
{
	bool dirty = false;

	if (!rollup_is_due(c, &dirty, e))
		return false;
	if (dirty)
		log_line(LOG_LEVEL_WARNING,
			 "some reports are stored and not judged yet: the next 'ruamill ingest' or "
			 "'ruamill db rejudge' does it");
	return true;
}

static enum exit_status ask_senders(const struct report_options *o, struct connection *c,
				    const struct judge *judge, struct window *window,
				    struct arena *arena)
{
	uint64_t days = DEFAULT_DAYS;
	enum answer_format format = ANSWER_TABLE;
	bool any = false;
	struct answer a;
	struct err e = ERR_INIT;

	if (!command_answer_format(o->format, &format, &e) ||
	    !parse_window(o, &window->since, &window->until, &days, &e) ||
	    !complete_window(o, days, c, window, &any, &e) || !tell_unfinished(c, &e))
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
	uint64_t days;
	enum exit_status status;
	struct err e = ERR_INIT;

	if (!fold_domain(o->domain, arena, &window.domain, &e) ||
	    !parse_window(o, &window.since, &window.until, &days, &e))
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
		.since = o->since ? &since : NULL,
		.until = o->until ? &until : NULL,
		.limit = format == ANSWER_TABLE ? TABLE_ROWS : 0,
		.all = o->all,
	};
	struct answer a;
	struct err e = ERR_INIT;

	if (!parse_window(o, &since, &until, &filter.days, &e) ||
	    !parse_number("--limit", o->limit, "rows", MAX_ROWS, &filter.limit, &e))
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

	if (o->domain && !q->takes_domain)
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
		"  problems    messages that did not become reports, and reports that nobody should trust\n",
	.options = options,
	.options_size = sizeof(struct report_options),
	.run = run,
};
