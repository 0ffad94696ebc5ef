/* SPDX-License-Identifier: MIT */
/*
 * Prints what `ruamill show` prints of one file, without judgements, so that a better catalogue
 * leaves the expectations as they are; and what was told, with the outcome in the last line.
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

static int show(const char *path, const struct domains *domains, struct output *out)
{
	struct show_json json;
	struct pipeline_totals totals = { 0 };
	struct err e = ERR_INIT;
	SCOPED(source) struct source *source = source_open(path, &e);

	if (!source)
		return fail(&e);
	show_json_init(&json, out, NULL);

	struct ledger ledger = ledger_none(&json.sink);
	const struct pipeline_settings settings = {
		.domains = domains,
		.ledger = &ledger,
		.tell_all = true,
	};
	bool ok = pipeline_run(&settings, source, &totals, &e);

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
	if (argc != 2)
		err_set(&e, ERR_USAGE, "which file?");
	if (argc != 2 || !domains || !output_open(&out, NULL, &e))
		return fail(&e);

	int status = show(argv[1], domains, &out);
	bool written = output_finish(&out, &e);

	output_release(&out);
	return written ? status : fail(&e);
}
