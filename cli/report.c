/* SPDX-License-Identifier: MIT */
/* ruamill report: the questions over the database. */
#include "base/log.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "cli/judging.h"
#include "cli/window.h"
#include "reports/question_problems.h"
#include "reports/question_senders.h"
#include "reports/sender_choice.h"
#include "store/connection.h"

#include "base/banned.h"

/* Answers are read by people: one that outgrows this is no answer. */
enum { ANSWER_BYTES = 256 << 20 };

/* More than these only flood a terminal. A program gets all that it asks for. */
enum { TABLE_ROWS = 100, MAX_ROWS = 1000000000 };

/* No question has as many. */
enum { COLUMNS_MAX = 64 };

struct report_options {
	struct common_options common;
	struct database_settings database;
	struct window_options window;
	const char *sender, *limit, *sort;
	bool group_ipv6, all;
	const char *format, *color;
	const char *output;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct report_options),
	WINDOW_OPTIONS(struct report_options),
	OPT_VALUE("--sender", 0, "SENDER", struct report_options, sender,
		  "only mail of SENDER, an id or a name"),
	OPT_VALUE("--limit", 0, "N", struct report_options, limit,
		  "at most N rows (default: 100 in a table, else all; of senders all)"),
	OPT_VALUE("--sort", 0, "COLUMN", struct report_options, sort,
		  "by this column of the CSV; -COLUMN: the largest first"),
	OPT_FLAG("--group-ipv6", 0, struct report_options, group_ipv6,
		 "hosts: IPv6 addresses by their /64"),
	OPT_FLAG("--all", 0, struct report_options, all,
		 "problems: also duplicates, other mail and other kinds of report"),
	OPT_VALUE("--format", 0, "table|csv|json", struct report_options, format,
		  "how to print it (default: table)"),
	COLOR_OPTION(struct report_options),
	OUTPUT_OPTION(struct report_options),
	OPTIONS_END,
};

/* -- what was asked, and the answer */

struct inquiry {
	const struct report_options *options;
	const struct question_entry *question;
	enum answer_format format;
	enum colours colours;
	struct arena arena;
	struct question_filter filter;
	int64_t since, until;
	uint64_t days; /* 0: not said */
};

/* The days of a view that has a window of its own. */
enum { VIEW_DAYS = 90 };

/* Options that say something to some questions only. */
enum {
	TAKES_DOMAIN = 1 << 0,
	TAKES_SENDER = 1 << 1,
	TAKES_SINCE = 1 << 2, /* and --days: its window is as long as one likes */
	TAKES_LIMIT = 1 << 3,
	TAKES_SORT = 1 << 4,
	TAKES_GROUPING = 1 << 5,
	TAKES_ALL = 1 << 6,
};

struct question_entry {
	const char *name;
	const struct question *of_view; /* NULL: it has a way of its own */
	enum exit_status (*answer)(struct inquiry *q);
	unsigned takes;
	unsigned complete_days; /* 1: the day of today is not over, and does not count */
	bool all_rows;          /* also in a table, unless a limit is given */
};

static enum exit_status print(const struct inquiry *q, const struct answer *a)
{
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, q->options->output, &e))
		return command_fail(&e);
	command_choose_colours(q->colours, &out);
	answer_print(a, q->format, output_width(&out), &out);
	if (q->format == ANSWER_CSV && a->not_shown > 0)
		log_line(LOG_LEVEL_INFO, "%llu more rows: a larger --limit prints more",
			 (unsigned long long)a->not_shown);
	return command_finish_output(&out, STATUS_DONE);
}

static void tell_empty(const struct report_options *o)
{
	if (o->window.domain)
		log_line(
			LOG_LEVEL_INFO,
			"no reports on %s, or none that is on a domain of yours: see 'ruamill report' "
			"without --domain",
			o->window.domain);
	else
		log_line(LOG_LEVEL_INFO,
			 "no reports yet: read some in with 'ruamill ingest SOURCE'");
}

/* -- the window */

/* A window that is the view's own is looked at as it was when its last day was the newest. */
static bool set_today(const struct inquiry *q, struct connection *c, struct err *e)
{
	bool of_view = !(q->question->takes & TAKES_SINCE);
	char date[DATE_TEXT_SIZE];
	const char *values[] = { date };
	int64_t today;

	if (!command_today(&today, e))
		return false;
	if (of_view && q->options->window.until && q->until + q->question->complete_days < today)
		today = q->until + q->question->complete_days;
	date_format(today, date);
	return connection_execute(c, "select set_config('dmarc.today', $1, false)", values, 1, e);
}

/* A database without data gives an empty answer, of the days that end today. */
static bool complete_window(struct inquiry *q, struct connection *c, bool *any_out, struct err *e)
{
	static const struct window_options of_view = { .domain = NULL };
	bool own = q->question->takes & TAKES_SINCE;
	int64_t newest = 0;

	if (!question_newest_day(c, own ? q->filter.domain : NULL, any_out, &newest, e) ||
	    (!*any_out && !command_today(&newest, e)))
		return false;
	if (own)
		window_fill(&q->options->window, newest,
			    q->days > 0 ? q->days : WINDOW_DEFAULT_DAYS, &q->since, &q->until);
	else
		window_fill(&of_view, newest, VIEW_DAYS, &q->since, &q->until);
	date_format(q->since, q->filter.since);
	date_format(q->until, q->filter.until);
	return true;
}

/* What all questions but that about problems need before they can be asked. */
static bool prepare(struct inquiry *q, struct connection *c, const struct catalogue *catalogue,
		    bool *any_out, struct err *e)
{
	if (q->options->sender &&
	    !sender_choose(c, catalogue, q->options->sender, &q->arena, &q->filter.sender, e))
		return false;
	return set_today(q, c, e) && complete_window(q, c, any_out, e) &&
		judging_tell_unfinished(c, e);
}

/* A program that reads the answer gets an empty one; a person has been told. */
static enum exit_status print_if_any(const struct inquiry *q, const struct answer *a, bool any)
{
	if (!any)
		tell_empty(q->options);
	return any || q->format != ANSWER_TABLE ? print(q, a) : STATUS_DONE;
}

/* -- the questions */

static enum exit_status ask_senders(struct inquiry *q, struct connection *c,
				    const struct judging_setup *setup)
{
	bool any = false;
	struct answer a;
	struct err e = ERR_INIT;

	if (!prepare(q, c, setup->catalogue, &any, &e) ||
	    !question_senders(c, &setup->judge, &q->filter, &q->arena, &a, &e))
		return command_fail(&e);
	return print_if_any(q, &a, any);
}

static enum exit_status answer_senders(struct inquiry *q)
{
	struct judging_setup setup = { 0 };
	enum exit_status status;
	struct err e = ERR_INIT;

	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(connection)
	struct connection *c = domains ? command_connect(&q->options->database, &e) : NULL;

	if (c && judging_setup_load(&setup, domains, c, &e))
		status = ask_senders(q, c, &setup);
	else
		status = command_fail(&e);
	judging_setup_release(&setup);
	return status;
}

static enum exit_status answer_from_view(struct inquiry *q)
{
	bool any = false;
	struct answer a;
	struct err e = ERR_INIT;

	SCOPED(catalogue) struct catalogue *catalogue = catalogue_load(&e);
	SCOPED(connection)
	struct connection *c = catalogue ? command_connect(&q->options->database, &e) : NULL;

	if (!c || !prepare(q, c, catalogue, &any, &e) ||
	    !question_ask(q->question->of_view, c, &q->filter, &q->arena, &a, &e))
		return command_fail(&e);
	return print_if_any(q, &a, any);
}

static enum exit_status answer_problems(struct inquiry *q)
{
	const struct problem_filter filter = {
		.since = q->options->window.since ? &q->since : NULL,
		.until = q->options->window.until ? &q->until : NULL,
		.days = q->days,
		.limit = q->filter.limit,
		.all = q->options->all,
	};
	struct answer a;
	struct err e = ERR_INIT;

	SCOPED(connection) struct connection *c = command_connect(&q->options->database, &e);

	if (!c || !question_problems(c, &filter, &q->arena, &a, &e))
		return command_fail(&e);
	return print(q, &a);
}

static const struct question_entry questions[] = {
	{ .name = "senders",
	  .answer = answer_senders,
	  .takes = TAKES_DOMAIN | TAKES_SENDER | TAKES_SINCE | TAKES_LIMIT | TAKES_SORT,
	  .all_rows = true },
	{ .name = "failures",
	  .of_view = &question_failures,
	  .answer = answer_from_view,
	  .takes = TAKES_DOMAIN | TAKES_SENDER | TAKES_SINCE | TAKES_LIMIT | TAKES_SORT },
	{ .name = "domains",
	  .of_view = &question_domains,
	  .answer = answer_from_view,
	  .takes = TAKES_DOMAIN | TAKES_LIMIT | TAKES_SORT,
	  .complete_days = 1 },
	{ .name = "reporters",
	  .of_view = &question_reporters,
	  .answer = answer_from_view,
	  .takes = TAKES_LIMIT | TAKES_SORT },
	{ .name = "hosts",
	  .of_view = &question_hosts,
	  .answer = answer_from_view,
	  .takes = TAKES_DOMAIN | TAKES_SENDER | TAKES_SINCE | TAKES_LIMIT | TAKES_SORT |
		  TAKES_GROUPING },
	{ .name = "problems",
	  .answer = answer_problems,
	  .takes = TAKES_SINCE | TAKES_LIMIT | TAKES_ALL },
};

/* -- the command line */

static bool choose_question(const struct arguments *arguments,
			    const struct question_entry **question_out, struct err *e)
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

static bool check_options(const struct report_options *o, const struct question_entry *question,
			  struct err *e)
{
	const struct {
		const char *name;
		bool given;
		unsigned wants;
	} special[] = {
		{ "--domain", o->window.domain, TAKES_DOMAIN },
		{ "--sender", o->sender, TAKES_SENDER },
		{ "--since", o->window.since, TAKES_SINCE },
		{ "--days", o->window.days, TAKES_SINCE },
		{ "--limit", o->limit, TAKES_LIMIT },
		{ "--sort", o->sort, TAKES_SORT },
		{ "--group-ipv6", o->group_ipv6, TAKES_GROUPING },
		{ "--all", o->all, TAKES_ALL },
	};

	for (size_t i = 0; i < COUNT_OF(special); i++) {
		if (!special[i].given || question->takes & special[i].wants)
			continue;
		err_set(e, ERR_USAGE, "%s says nothing to the question '%s'", special[i].name,
			question->name);
		return err_remedy(e, "leave it out");
	}
	return true;
}

/* Columns by the names that programs know them by; of those that are made of others none. */
static bool parse_sort(const struct question_entry *question, const char *given,
		       struct question_filter *filter, struct err *e)
{
	const struct column *columns =
		question->of_view ? question->of_view->columns : question_senders_columns;
	size_t count =
		question->of_view ? question->of_view->column_count : question_senders_column_count;
	const char *names[COLUMNS_MAX + 1] = { NULL };
	size_t known = 0, index;

	if (!given)
		return true;
	filter->descending = given[0] == '-';
	for (size_t i = 0; i < count && known < COLUMNS_MAX; i++) {
		if (columns[i].name && !columns[i].made)
			names[known++] = columns[i].name;
	}
	if (!options_choose("--sort", given + filter->descending, names, &index, e))
		return false;
	filter->sort = names[index];
	return true;
}

/* What is wrong on the command line is told before a database is asked for. */
static bool parse(struct inquiry *q, struct err *e)
{
	const struct report_options *o = q->options;

	if (!check_options(o, q->question, e) || !command_answer_format(o->format, &q->format, e) ||
	    !command_colours(o->color, &q->colours, e))
		return false;
	q->filter.limit = q->format == ANSWER_TABLE && !q->question->all_rows ? TABLE_ROWS : 0;
	q->filter.group_ipv6 = o->group_ipv6;
	return window_domain(&o->window, &q->arena, &q->filter.domain, e) &&
		window_days(&o->window, &q->since, &q->until, &q->days, e) &&
		window_number("--limit", o->limit, "rows", MAX_ROWS, &q->filter.limit, e) &&
		parse_sort(q->question, o->sort, &q->filter, e);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	struct inquiry q = { .options = given, .format = ANSWER_TABLE };
	struct err e = ERR_INIT;

	if (!choose_question(arguments, &q.question, &e))
		return command_fail(&e);
	arena_init(&q.arena, ANSWER_BYTES);

	enum exit_status status = parse(&q, &e) ? q.question->answer(&q) : command_fail(&e);

	arena_release(&q.arena);
	return status;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTION ...] [QUESTION]",
	.summary = "which service fails, why, and what to publish",
	.details =
		"Questions:\n"
		"  senders     per sending service: volume, pass rates, and what to do (the default)\n"
		"  failures    what fails, by sender, cause and From domain, the worst first\n"
		"  domains     policy, pass rate, and what p=reject would cost\n"
		"  reporters   who reports: how much, since when, gaps, and how well\n"
		"  hosts       addresses that send: name, sender, volume, first and last seen\n"
		"  problems    messages that did not become reports, and reports that nobody should trust\n",
	.options = options,
	.options_size = sizeof(struct report_options),
	.run = run,
};
