/* SPDX-License-Identifier: MIT */
/*
 * Prints what the program makes of one file, and what was told, with the outcome in the last line.
 *
 *	case FILE            as `ruamill show` does, without judgements, so that a better catalogue
 *	                     leaves the expectations as they are
 *	case --show FILE     as `ruamill show` does for people, on a terminal of 80 columns
 *	case --told FILE     what somebody is told who knows what stands in the file of the same name
 *	                     that ends in .known: a finding for each record, also for one that passes
 *	case --outcome FILE  nothing of it: for files of millions of records
 */
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "ingest/ledger_none.h"
#include "ingest/pipeline.h"
#include "parser/address.h"
#include "parser/domain.h"
#include "reports/finding.h"
#include "reports/show_json.h"
#include "reports/show_table.h"

enum { COLUMNS = 80, KNOWN_BYTES = 1 << 16, TOLD_BYTES = 8 << 20, FINDINGS_MAX = 100 };

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

/* Feeds the file to the sink. */
static int run(const char *path, const struct domains *domains, struct sink *sink)
{
	struct pipeline_totals totals = { 0 };
	struct err e = ERR_INIT;
	SCOPED(source) struct source *source = source_open(path, NULL, &e);

	if (!source)
		return fail(&e);

	struct ledger ledger = ledger_none(sink);
	const struct pipeline_settings settings = {
		.domains = domains,
		.ledger = &ledger,
		.tell_all = true,
	};
	bool ok = pipeline_run(&settings, source, &totals, &e);

	tell_outcome(&totals);
	return ok ? 0 : fail(&e);
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

/* --- told -------------------------------------------------------------------------------------- */

/* What a look-up or the owner knows of addresses, a line each: WORD ADDRESS VALUE. */
struct told {
	struct sink sink;
	const struct judge *judge;
	struct output *out;
	struct slice known;
	struct arena arena;
	size_t count;
	struct finding findings[FINDINGS_MAX];
};

static struct slice known_of(const struct told *t, struct slice word, struct slice address)
{
	struct slice rest = t->known, line, first, second;

	while (slice_cut(&rest, '\n', &line)) {
		if (slice_cut(&line, ' ', &first) && slice_cut(&line, ' ', &second) &&
		    slice_equal(first, word) && slice_equal(second, address))
			return line;
	}
	return SLICE_ABSENT;
}

static void judge_with_knowledge(const struct told *t, struct evidence *evidence,
				 struct slice address, struct judgement *j)
{
	struct slice named = known_of(t, SLICE("sender"), address);

	evidence->host.name = known_of(t, SLICE("host"), address);
	evidence->host.state = evidence->host.name.n > 0 ? HOST_CONFIRMED : HOST_NO_NAME;
	judge_record(t->judge, evidence, j);
	if (j->service && named.n > 0)
		j->service = catalogue_find(t->judge->catalogue, named);
}

static void append_heading(struct buf *text, const struct record *r, const struct judgement *j,
			   const char *address)
{
	buf_printf(text, "%s, From %.*s: %.*s, %s, %s, %s", address, SLICE_ARG(r->header_from),
		   SLICE_ARG(j->service ? j->service->id : SLICE("nobody known")),
		   verdict_text(j->verdict), spf_cause_text(j->spf_cause),
		   dkim_cause_text(j->dkim_cause));
}

static bool told_record(struct sink *sink, const struct report *report, const struct record *r,
			struct err *e)
{
	static const struct owner nobody;
	struct told *t = (struct told *)sink;
	struct evidence evidence = { .policy = &report->policy, .record = r, .owner = &nobody };
	char address[ADDRESS_TEXT_SIZE];
	SCOPED(buf) struct buf heading = { 0 };
	struct judgement j;
	struct remedy_subject subject = { t->judge, &evidence, &j };

	if (t->count == FINDINGS_MAX)
		return err_set(e, ERR_LIMIT, "more than %d records", FINDINGS_MAX);

	struct finding *f = &t->findings[t->count++];

	address_format(&r->source_ip, address);
	judge_with_knowledge(t, &evidence, slice_from(address), &j);
	append_heading(&heading, r, &j, address);
	return (arena_copy(&t->arena, buf_slice(&heading), &f->heading) &&
		remedy_of(&subject, &t->arena, &f->remedy)) ||
		err_set(e, ERR_LIMIT, "too much to tell");
}

static bool told_end(struct sink *sink, const struct report *report UNUSED, struct err *e UNUSED)
{
	struct told *t = (struct told *)sink;

	findings_print(t->findings, t->count, COLUMNS, t->out);
	t->count = 0;
	return true;
}

static bool read_known(const char *path, struct buf *known, struct err *e)
{
	SCOPED(buf) struct buf name = { 0 };
	const char *dot = strrchr(path, '.');

	buf_append(&name, slice_of(path, dot ? (size_t)(dot - path) : strlen(path)));
	buf_append_text(&name, ".known");
	return file_read_all(buf_text(&name), KNOWN_BYTES, known, e);
}

static int tell(const char *path, const struct judge *judge, struct output *out)
{
	static const struct sink_ops ops = { ignore_report, told_record, told_end, ignore_abort };
	static struct told told;
	SCOPED(buf) struct buf known = { 0 };
	struct err e = ERR_INIT;

	if (!read_known(path, &known, &e))
		return fail(&e);
	told = (struct told){ .sink = { .ops = &ops }, .judge = judge, .out = out };
	told.known = buf_slice(&known);
	arena_init(&told.arena, TOLD_BYTES);

	int status = run(path, judge->domains, &told.sink);

	arena_release(&told.arena);
	return status;
}

/* --- the others -------------------------------------------------------------------------------- */

static int show(const char *path, const struct judge *judge, struct output *out)
{
	struct show_table table;

	show_table_init(&table, out, COLUMNS, judge);
	return run(path, judge->domains, &table.sink);
}

static int parse(const char *path, const struct judge *judge, struct output *out)
{
	struct show_json json;

	show_json_init(&json, out, NULL);

	int status = run(path, judge->domains, &json.sink);

	show_json_release(&json);
	return status;
}

static int ignore(const char *path, const struct judge *judge, struct output *out UNUSED)
{
	static const struct sink_ops ops = { ignore_report, ignore_record, ignore_report,
					     ignore_abort };
	struct sink sink = { .ops = &ops };

	return run(path, judge->domains, &sink);
}

static const struct {
	const char *option;
	int (*run)(const char *path, const struct judge *judge, struct output *out);
} ways[] = { { "--show", show }, { "--told", tell }, { "--outcome", ignore } };

int main(int argc, char **argv)
{
	struct output out;
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = domains_load(&e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(&e) : NULL;
	const struct judge judge = { .catalogue = catalogue, .domains = domains };
	size_t way = 0;

	log_configure(LOG_LEVEL_INFO, false);
	while (argc == 3 && way < COUNT_OF(ways) && strcmp(argv[1], ways[way].option) != 0)
		way++;
	if (argc != 2 && (argc != 3 || way == COUNT_OF(ways)))
		err_set(&e, ERR_USAGE, "which file?");
	if (e.kind != ERR_NONE || !catalogue || !output_open(&out, NULL, &e))
		return fail(&e);

	int status = (argc == 3 ? ways[way].run : parse)(argv[argc - 1], &judge, &out);
	bool written = output_finish(&out, &e);

	output_release(&out);
	return written ? status : fail(&e);
}
