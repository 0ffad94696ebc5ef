/* SPDX-License-Identifier: MIT */
/*
 * Prints what `ruamill show` prints of one file, without judgements, so that a better catalogue
 * leaves the expectations as they are; and what was told, with the outcome in the last line. With
 * --outcome nothing is printed of it: for files of millions of records.
 */
#include "base/log.h"
#include "ingest/ledger_none.h"
#include "ingest/pipeline.h"
#include "parser/domain.h"
#include "reports/show_json.h"

static int fail(const struct err *e)
{
	log_err(LOG_LEVEL_ERROR, e);
	return 1;
}

static void tell_outcome(const struct pipeline_totals *totals)
{
	for (int i = 0; i < outcome_count; i++) {
		if (totals->outcomes[i] > 0)
			log_line(LOG_LEVEL_INFO, "outcome: %s", outcome_text((enum outcome)i));
	}
}

static bool ignore_report(struct sink *sink UNUSED, const struct report *r UNUSED,
			  struct err *e UNUSED)
{
	return true;
}

static bool ignore_record(struct sink *sink UNUSED, const struct report *report UNUSED,
			  const struct record *r UNUSED, struct err *e UNUSED)
{
	return true;
}

static void ignore_abort(struct sink *sink UNUSED, const struct report *r UNUSED,
			 const struct err *why UNUSED)
{
}

static const struct sink_ops ignore_ops = { ignore_report, ignore_record, ignore_report,
					    ignore_abort };

/* out NULL: only the outcome. */
static int show(const char *path, const struct domains *domains, struct output *out)
{
	struct show_json json;
	struct pipeline_totals totals = { 0 };
	struct err e = ERR_INIT;
	SCOPED(source) struct source *source = source_open(path, &e);

	if (!source)
		return fail(&e);
	if (out)
		show_json_init(&json, out, NULL);

	struct sink ignore = { &ignore_ops };
	struct ledger ledger = ledger_none(out ? &json.sink : &ignore);
	const struct pipeline_settings settings = {
		.domains = domains,
		.ledger = &ledger,
		.tell_all = true,
	};
	bool ok = pipeline_run(&settings, source, &totals, &e);

	if (out)
		show_json_release(&json);
	tell_outcome(&totals);
	return ok ? 0 : fail(&e);
}

int main(int argc, char **argv)
{
	struct output out;
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = domains_load(&e);

	log_configure(LOG_LEVEL_INFO, false);
	bool outcome_only = argc == 3 && strcmp(argv[1], "--outcome") == 0;

	if (argc != 2 && !outcome_only)
		err_set(&e, ERR_USAGE, "which file?");
	if (e.kind != ERR_NONE || !domains || !output_open(&out, NULL, &e))
		return fail(&e);

	int status = show(argv[argc - 1], domains, outcome_only ? NULL : &out);
	bool written = output_finish(&out, &e);

	output_release(&out);
	return written ? status : fail(&e);
}
