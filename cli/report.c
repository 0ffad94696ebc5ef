/* SPDX-License-Identifier: MIT */
/* ruamill report: the questions over the database. */
#include "base/log.h"
#include "base/number.h"
#include "base/timestamp.h"
#include "cli/command.h"
#include "reports/question_senders.h"
#include "store/migrate.h"

#include "base/banned.h"

/* Answers are read by people: one that outgrows this is no answer. */
enum { ANSWER_BYTES = 256 << 20, DEFAULT_DAYS = 30, MAX_DAYS = 36500 };

struct report_options {
	struct common_options common;
	const char *db;
	const char *domain;
	const char *since, *until, *days;
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

static bool parse_days(const struct report_options *o, uint64_t *days_out, struct err *e)
{
	*days_out = DEFAULT_DAYS;
	if (!o->days || number_parse_u64(slice_from(o->days), 1, MAX_DAYS, days_out))
		return true;
	err_set(e, ERR_USAGE, "not a number of days");
	err_where(e, "--days %s", o->days);
	return err_remedy(e, "give a whole number from 1 to %d", MAX_DAYS);
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

static bool check_window_options(const struct report_options *o, struct window *w, uint64_t *days,
				 struct err *e)
{
	if ((o->since && !parse_day("--since", o->since, &w->since, e)) ||
	    (o->until && !parse_day("--until", o->until, &w->until, e)) || !parse_days(o, days, e))
		return false;
	if (o->since && o->days)
		return err_set(e, ERR_USAGE, "--since and --days say the same: give one of them");
	if (o->since && o->until && w->since > w->until)
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
		log_line(LOG_LEVEL_INFO, "no reports on %s: see 'ruamill report' without --domain",
			 o->domain);
	else
		log_line(LOG_LEVEL_INFO,
			 "no reports yet: read some in with 'ruamill ingest SOURCE'");
}

static enum exit_status answer(const struct report_options *o, const struct judge *judge,
			       enum answer_format format, struct arena *arena)
{
	struct window window = { 0 };
	uint64_t days;
	bool any = false;
	struct err e = ERR_INIT;

	if (!fold_domain(o->domain, arena, &window.domain, &e) ||
	    !check_window_options(o, &window, &days, &e))
		return command_fail(&e);

	SCOPED(connection) struct connection *c = connection_open(o->db, &e);

	if (!c || !migrate_ensure(c, command_version(), &e) ||
	    !complete_window(o, days, c, &window, &any, &e))
		return command_fail(&e);
	if (!any)
		tell_empty(o);

	struct answer a;

	if (!question_senders(c, judge, &window, arena, &a, &e))
		return command_fail(&e);
	/* a program that reads the answer gets an empty one; a person has been told */
	return any || format != ANSWER_TABLE ? print(&a, o, format) : STATUS_DONE;
}

static bool choose_format(const struct report_options *o, enum answer_format *format_out,
			  struct err *e)
{
	const char *choices[answer_format_count + 1] = { NULL };
	size_t index = ANSWER_TABLE;

	for (size_t i = 0; i < answer_format_count; i++)
		choices[i] = answer_format_text((enum answer_format)i);
	if (o->format && !options_choose("--format", o->format, choices, &index, e))
		return false;
	*format_out = (enum answer_format)index;
	return true;
}

static bool choose_question(const struct arguments *arguments, struct err *e)
{
	static const char *const questions[] = { "senders", NULL };
	size_t index;

	if (arguments->count > 1) {
		err_set(e, ERR_USAGE, "one question at a time");
		return err_where(e, "%s", arguments->operands[1]);
	}
	return arguments->count == 0 ||
		options_choose("QUESTION", arguments->operands[0], questions, &index, e);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct report_options *o = given;
	enum answer_format format = ANSWER_TABLE;
	struct err e = ERR_INIT;

	if (!choose_question(arguments, &e) || !choose_format(o, &format, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(&e) : NULL;
	const struct judge judge = { .catalogue = catalogue, .domains = domains };

	if (!catalogue)
		return command_fail(&e);

	struct arena arena;

	arena_init(&arena, ANSWER_BYTES);

	enum exit_status status = answer(o, &judge, format, &arena);

	arena_release(&arena);
	return status;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTION ...] [QUESTION]",
	.summary = "which service fails, why, and what to publish",
	.details =
		"Questions:\n"
		"  senders     per sending service: volume, pass rates, and what to do (the default)\n",
	.options = options,
	.options_size = sizeof(struct report_options),
	.run = run,
};
