/* SPDX-License-Identifier: MIT */
/* ruamill show: parse, judge and print, without a database. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/knowledge.h"
#include "ingest/ledger_none.h"
#include "ingest/pipeline.h"
#include "parser/domain.h"
#include "reports/catalogue.h"
#include "reports/judge.h"
#include "reports/show_csv.h"
#include "reports/show_json.h"
#include "reports/show_table.h"

#include "base/banned.h"

struct show_options {
	struct common_options common;
	struct option_list owned, rules;
	const char *format;
	const char *output;
};

static const struct option options[] = {
	OPT_VALUE("--format", 0, "table|json|csv", struct show_options, format,
		  "how to print it (default: table)"),
	OUTPUT_OPTION(struct show_options),
	KNOWLEDGE_OPTIONS(struct show_options),
	OPTIONS_END,
};

/* Every source has its turn, whatever became of those before it. */
static enum exit_status show_all(struct sink *sink, const struct domains *domains,
				 const struct arguments *arguments)
{
	struct ledger ledger = ledger_none(sink);
	const struct pipeline_settings settings = {
		.domains = domains,
		.ledger = &ledger,
		.tell_all = true,
	};
	struct pipeline_totals totals = { 0 };
	enum exit_status status = STATUS_DONE;

	for (size_t i = 0; i < arguments->count; i++) {
		struct err e = ERR_INIT;
		SCOPED(source)
		struct source *source = source_open(arguments->operands[i], NULL, &e);

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

/* Every format takes the reports by a sink of its own. */
static enum exit_status show_as_table(struct output *out, const struct judge *judge,
				      const struct arguments *arguments)
{
	struct show_table table;

	show_table_init(&table, out, output_width(out), judge);
	return show_all(&table.sink, judge->domains, arguments);
}

static enum exit_status show_as_json(struct output *out, const struct judge *judge,
				     const struct arguments *arguments)
{
	struct show_json json;

	show_json_init(&json, out, judge);

	enum exit_status status = show_all(&json.sink, judge->domains, arguments);

	show_json_release(&json);
	return status;
}

static enum exit_status show_as_csv(struct output *out, const struct judge *judge,
				    const struct arguments *arguments)
{
	struct show_csv csv;

	show_csv_init(&csv, out, judge);

	enum exit_status status = show_all(&csv.sink, judge->domains, arguments);

	show_csv_release(&csv);
	return status;
}

#define FORMAT_LIST(X) X(table) X(json) X(csv)

static enum exit_status show_as(size_t format, const char *path, const struct judge *judge,
				const struct arguments *arguments)
{
#define FORMAT_FUNCTION(name) show_as_##name,
	static enum exit_status (*const functions[])(
		struct output *, const struct judge *,
		const struct arguments *) = { FORMAT_LIST(FORMAT_FUNCTION) };
#undef FORMAT_FUNCTION
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, path, &e)) {
		output_release(&out);
		return command_fail(&e);
	}
	return command_finish_output(&out, functions[format](&out, judge, arguments));
}

/* With what the owner says he knows. */
static enum exit_status show_for(size_t format, const struct show_options *o,
				 const struct domains *domains, const struct catalogue *catalogue,
				 const struct arguments *arguments)
{
	struct knowledge knowledge;
	enum exit_status status = STATUS_USAGE;
	struct err e = ERR_INIT;

	knowledge_init(&knowledge, catalogue, domains);
	if (command_knowledge(&knowledge, &o->owned, &o->rules, &e)) {
		const struct owner owner = knowledge_owner(&knowledge);
		const struct judge judge = { catalogue, domains, &owner };

		status = show_as(format, o->output, &judge, arguments);
	} else {
		status = command_fail(&e);
	}
	knowledge_release(&knowledge);
	return status;
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
#define FORMAT_NAME(name) #name,
	static const char *const formats[] = { FORMAT_LIST(FORMAT_NAME) NULL };
#undef FORMAT_NAME
	const struct show_options *o = given;
	struct err e = ERR_INIT;
	size_t format = 0;

	if (arguments->count == 0)
		return command_wrong_arguments(
			"there is nothing to show",
			"name files, folders or Maildirs, or '-' for standard input");
	if (o->format && !options_choose("--format", o->format, formats, &format, &e))
		return command_fail(&e);

	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(&e) : NULL;

	return catalogue ? show_for(format, o, domains, catalogue, arguments) : command_fail(&e);
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
