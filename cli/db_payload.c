/* SPDX-License-Identifier: MIT */
/* ruamill db payload: a report as it was sent. */
#include "cli/db.h"
#include "store/payload.h"

#include "base/banned.h"

struct payload_options {
	struct common_options common;
	struct database_settings database;
	const char *output;
};

static const struct option options[] = {
	DATABASE_OPTIONS(struct payload_options),
	OUTPUT_OPTION(struct payload_options),
	OPTIONS_END,
};

/* Whatever its sender wrote would steer it. */
static enum exit_status not_to_a_terminal(struct output *out)
{
	struct err e = ERR_INIT;

	output_release(out);
	err_set(&e, ERR_USAGE, "a report is not written to a terminal as it is");
	err_remedy(&e, "write it to a file: -o FILE; 'ruamill show FILE' then shows it");
	return command_fail(&e);
}

static enum exit_status print(struct connection *c, const char *name, struct output *out)
{
	struct err e = ERR_INIT;
	struct uuid key;

	bool ok = payload_find_report(c, name, &key, &e) && payload_print(c, &key, out, &e);

	return command_end_output(out, ok, &e);
}

static enum exit_status run(void *given, const struct arguments *arguments)
{
	const struct payload_options *o = given;
	struct err e = ERR_INIT;
	struct output out;

	if (arguments->count != 1)
		return command_wrong_arguments("one report is wanted",
					       "give its key, or reporter/report-id");

	SCOPED(connection) struct connection *c = command_connect(&o->database, &e);

	if (!c || !output_open(&out, o->output, &e))
		return command_fail(&e);
	if (output_is_terminal(&out))
		return not_to_a_terminal(&out);
	return print(c, arguments->operands[0], &out);
}

const struct command db_payload = {
	.name = "payload",
	.arguments = "[OPTION ...] REPORT",
	.summary = "give back the XML of a report, byte for byte",
	.details =
		"REPORT is the key of a report, or its reporter and report_id with a slash between, as in\n"
		"google.com/123456. Only what 'ruamill ingest --store-payload' kept can be given back.\n",
	.options = options,
	.options_size = sizeof(struct payload_options),
	.run = run,
};
