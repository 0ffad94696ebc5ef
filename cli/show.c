/* SPDX-License-Identifier: MIT */
/* ruamill show: parse, judge and print, without a database. */
#include "base/log.h"
#include "cli/command.h"
#include "ingest/ledger_none.h"
#include "ingest/pipeline.h"
#include "parser/domain.h"
#include "reports/catalogue.h"
#include "reports/judge.h"
#include "reports/show_json.h"

#include "base/banned.h"

struct show_options {
	struct common_options common;
	const char *format;
	const char *output;
};

static const struct option options[] = {
	OPT_VALUE("--format", 0, "json", struct show_options, format,
		  "one JSON object a report and line (the default)"),
	OUTPUT_OPTION(struct show_options),
	OPTIONS_END,
};

/* Every source has its turn, whatever became of those before it. */
static enum exit_status show_all(struct ledger *ledger, const struct domains *domains,
				 const struct arguments *arguments)
{
	const struct pipeline_settings settings = {
		.domains = domains,
		.ledger = ledger,
		.tell_all = true,
	};
	struct pipeline_totals totals = { 0 };
	enum exit_status status = STATUS_DONE;

	for (size_t i = 0; i < arguments->count; i++) {
		struct err e = ERR_INIT;
		SCOPED(source) struct source *source = source_open(arguments->operands[i], &e);

		if (source && pipeline_run(&settings, source, &totals, &e))
			continue;
		if (e.kind == ERR_OUTPUT)
			return STATUS_OUTPUT_FAILED; /* told when the output is finished */
		status = command_fail(&e);
	}
	if (status == STATUS_DONE && totals.unreadable > 0)
		return STATUS_NO_INPUT;
	return status == STATUS_DONE && pipeline_found_faults(&totals) ? STATUS_SOME_BROKEN
								       : status;
}

static enum exit_status show_with(const struct judge *judge, const struct show_options *o,
				  const struct arguments *arguments)
{
	struct show_json json;
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, o->output, &e)) {
		output_release(&out);
		return command_fail(&e);
	}
	show_json_init(&json, &out, judge);

	struct ledger ledger = ledger_none(&json.sink);
	enum exit_status status = show_all(&ledger, judge->domains, arguments);

	show_json_release(&json);
	return command_finish_output(&out, status);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	static const char *const formats[] = { "json", NULL };
	const struct show_options *o = given;
	struct err e = ERR_INIT;
	size_t format;

	if (arguments->count == 0)
		return command_wrong_arguments(
			"there is nothing to show",
			"name files, folders or Maildirs, or '-' for standard input");
	if (o->format && !options_choose("--format", o->format, formats, &format, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = domains_load(&e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(&e) : NULL;
	const struct judge judge = { .catalogue = catalogue, .domains = domains };

	return catalogue ? show_with(&judge, o, arguments) : command_fail(&e);
}

const struct command command_show = {
	.name = "show",
	.arguments = "[OPTION ...] FILE ...",
	.summary = "parse, judge and print reports, without a database",
	.details =
		"A FILE is a report, an archive or a mail, known by its content; a folder or a Maildir\n"
		"stands for all that is in it, '-' for standard input.\n",
	.options = options,
	.options_size = sizeof(struct show_options),
	.run = run,
};
