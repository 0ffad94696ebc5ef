/* SPDX-License-Identifier: MIT */
#include "reports/show_table.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "parser/quirks.h"
#include "reports/amounts.h"
#include "reports/grid.h"
#include "reports/labels.h"
#include "reports/memo.h"
#include "reports/wrap.h"

#include "base/banned.h"

/* What a piece of the table holds in memory. */
enum { CHUNK_ROWS = 500 };

/* GROUPS_MAX remedies, and their headings: less, unless every name is at its limit. */
enum { GROUPS_BYTES = 8 << 20, FINDINGS_BYTES = 1 << 20 };

/* Of a text in the heading; of its other lines. */
enum { FIELD_BYTES = 300, FIELD_INDENT = 4, QUIRK_INDENT = 2 };

/* --- the records ------------------------------------------------------------------------------ */

struct row {
	const struct record *record;
	const struct judgement *judgement;
};

static void append_or_dash(struct buf *cell, struct slice text)
{
	buf_append(cell, text.n > 0 ? text : SLICE("-"));
}

static void append_messages(struct buf *cell, const struct row *r)
{
	number_append_grouped(cell, r->record->count);
}

static void append_source(struct buf *cell, const struct row *r)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&r->record->source_ip, address);
	append_or_dash(cell, slice_from(address));
}

static void append_from(struct buf *cell, const struct row *r)
{
	append_or_dash(cell, r->record->header_from);
}

static void append_sender(struct buf *cell, const struct row *r)
{
	append_or_dash(cell, r->judgement->service ? r->judgement->service->name : SLICE_ABSENT);
}

/* A pass that does not count is no pass to the owner of the From domain. */
static void append_result(struct buf *cell, bool aligned, const struct word *result)
{
	if (aligned)
		buf_append_text(cell, "aligned");
	else if (result && result->value == RESULT_PASS)
		buf_append_text(cell, "unaligned");
	else
		append_or_dash(cell, result ? result->text : SLICE_ABSENT);
}

/* The result that the cause is about, else the first there is. */
static const struct spf_result *spf_of(const struct row *r)
{
	const struct spf_result *first = r->record->spf_count > 0 ? r->record->spf_results : NULL;

	return r->judgement->spf ? r->judgement->spf : first;
}

static const struct dkim_result *dkim_of(const struct row *r)
{
	const struct dkim_result *first =
		r->record->dkim_count > 0 ? r->record->dkim_results : NULL;

	return r->judgement->dkim ? r->judgement->dkim : first;
}

static void append_spf(struct buf *cell, const struct row *r)
{
	const struct spf_result *spf = spf_of(r);

	append_result(cell, r->judgement->aligned.spf, spf ? &spf->result : NULL);
}

static void append_spf_domain(struct buf *cell, const struct row *r)
{
	const struct spf_result *spf = spf_of(r);

	append_or_dash(cell, spf ? spf->domain : SLICE_ABSENT);
}

static void append_dkim(struct buf *cell, const struct row *r)
{
	const struct dkim_result *dkim = dkim_of(r);

	append_result(cell, r->judgement->aligned.dkim, dkim ? &dkim->result : NULL);
}

static void append_dkim_domain(struct buf *cell, const struct row *r)
{
	const struct dkim_result *dkim = dkim_of(r);

	append_or_dash(cell, dkim ? dkim->domain : SLICE_ABSENT);
}

/* What the receiver did, and in brackets why not what the policy says. */
static void append_disposition(struct buf *cell, const struct row *r)
{
	append_or_dash(cell, r->record->disposition.text);
	for (size_t i = 0; i < r->record->reason_count; i++) {
		buf_append_text(cell, i == 0 ? " (" : ", ");
		append_or_dash(cell, r->record->reasons[i].type.text);
	}
	if (r->record->reason_count > 0)
		buf_append_byte(cell, ')');
}

/* What the reporter let pass for reasons it does not show is no task, whatever its results are. */
static void append_verdict(struct buf *cell, const struct row *r)
{
	const struct judgement *j = r->judgement;

	buf_append_text(
		cell, j->outcome_pass && !j->dmarc_pass ? "passed" : label_of_verdict(j->verdict));
}

/*
 * Widths add up to 80 columns; with more of them every column grows to what it needs. The wider
 * columns are there from that width of the terminal on.
 */
/* clang-format off */
static const struct show_column {
	const char *title;
	enum grid_side side;
	unsigned least;
	unsigned from_width;
	void (*append)(struct buf *cell, const struct row *row);
} columns[] = {
	{ "MESSAGES",    GRID_RIGHT, GRID_WHOLE, 0,   append_messages },
	{ "SOURCE",      GRID_LEFT,  15,         0,   append_source }, /* IPv4 whole */
	{ "FROM",        GRID_LEFT,  11,         0,   append_from },
	{ "SENDER",      GRID_LEFT,  10,         0,   append_sender },
	{ "SPF",         GRID_LEFT,  9,          0,   append_spf },
	{ "SPF DOMAIN",  GRID_LEFT,  10,         150, append_spf_domain },
	{ "DKIM",        GRID_LEFT,  9,          0,   append_dkim },
	{ "DKIM DOMAIN", GRID_LEFT,  11,         150, append_dkim_domain },
	{ "DISPOSITION", GRID_LEFT,  11,         100, append_disposition },
	{ "VERDICT",     GRID_LEFT,  GRID_WHOLE, 0,   append_verdict },
};
/* clang-format on */

static void start_grid(struct show_table *s)
{
	s->grid = grid_new();
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		if (s->width >= columns[i].from_width)
			grid_add_column(s->grid, columns[i].title, columns[i].side,
					columns[i].least);
	}
}

static void add_row(struct show_table *s, const struct row *row)
{
	SCOPED(buf) struct buf cell = { 0 };

	grid_add_row(s->grid);
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		if (s->width < columns[i].from_width)
			continue;
		columns[i].append(&cell, row);
		grid_add_cell(s->grid, buf_slice(&cell));
		buf_clear(&cell);
	}
}

static void print_chunk(struct show_table *s)
{
	if (grid_rows(s->grid) == 0)
		return;
	output_text(s->out, "\n");
	grid_print(s->grid, s->width, s->out);
	grid_clear(s->grid);
}

/* --- above and below them --------------------------------------------------------------------- */

/* A line, or as many as it takes, behind a name of its own. */
static void print_field(struct show_table *s, const char *name, struct slice text)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_printf(&line, "%s: ", name);
	buf_append(&line, text);
	wrap_print(s->out, buf_slice(&line), 0, FIELD_INDENT, s->width);
}

static void append_field(struct buf *line, struct slice text)
{
	text_append_harmless(line, text, FIELD_BYTES);
}

static void append_time(struct buf *line, int64_t seconds)
{
	char text[TIMESTAMP_TEXT_SIZE];

	timestamp_format(seconds, text);
	buf_append_text(line, text);
}

static void print_period(struct show_table *s, const struct report *report)
{
	SCOPED(buf) struct buf line = { 0 };

	append_time(&line, report->begin);
	buf_append_text(&line, " to ");
	append_time(&line, report->end);
	print_field(s, "Period", buf_slice(&line));
}

static void append_tag(struct buf *line, const char *name, const struct word *value)
{
	if (slice_is_absent(value->text))
		return;
	buf_printf(line, " %s=", name);
	append_field(line, value->text);
}

static void append_tags(struct buf *line, const struct published_policy *p)
{
	append_tag(line, "p", &p->p);
	append_tag(line, "sp", &p->sp);
	append_tag(line, "np", &p->np);
	append_tag(line, "adkim", &p->adkim);
	append_tag(line, "aspf", &p->aspf);
	if (p->pct >= 0)
		buf_printf(line, " pct=%d", p->pct);
	append_tag(line, "t", &p->testing);
}

static void print_policy(struct show_table *s, const struct published_policy *p)
{
	SCOPED(buf) struct buf line = { 0 };
	SCOPED(buf) struct buf tags = { 0 };

	append_field(&line, p->domain);
	append_tags(&tags, p);
	buf_append_text(&line, tags.n > 0 ? "," : "");
	buf_append(&line, buf_slice(&tags));
	print_field(s, "Domain", buf_slice(&line));
}

static void print_error(struct show_table *s, struct slice error)
{
	SCOPED(buf) struct buf line = { 0 };

	append_field(&line, error);
	print_field(s, "Reporter's error", buf_slice(&line));
}

static void print_rule(struct show_table *s)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_append_byte(&line, '\n');
	for (unsigned i = 0; i < s->width; i++)
		buf_append_byte(&line, '-');
	buf_append_text(&line, "\n\n");
	output_write(s->out, buf_slice(&line));
}

static void print_heading(struct show_table *s, const struct report *report)
{
	SCOPED(buf) struct buf line = { 0 };

	append_field(&line, report->org_name);
	if (report->report_id.n > 0) {
		buf_append_text(&line, ", report ");
		append_field(&line, report->report_id);
	}
	print_field(s, "Reporter", buf_slice(&line));
	print_policy(s, &report->policy);
	print_period(s, report);
	for (size_t i = 0; i < report->error_count; i++)
		print_error(s, report->errors[i]);
}

/* What is said of the messages; there are some. */
static void append_outcome(struct buf *line, const struct groups *g)
{
	if (g->passed < g->messages)
		groups_append_shares(line, g);
	else if (g->count > 0)
		buf_append_text(line, "all of it passes DMARC, some of it on one leg only.");
	else
		buf_append_text(line, "all of it passes DMARC, nothing to do.");
}

static void print_summary(struct show_table *s)
{
	const struct groups *g = &s->groups;
	SCOPED(buf) struct buf line = { 0 };

	number_append_grouped(&line, g->messages);
	buf_append_text(&line, g->messages == 1 ? " message in " : " messages in ");
	number_append_grouped(&line, s->records);
	buf_append_text(&line, s->records == 1 ? " record" : " records");
	buf_append_text(&line, g->messages > 0 ? "; " : ".");
	if (g->messages > 0)
		append_outcome(&line, g);
	output_text(s->out, "\n");
	wrap_print(s->out, buf_slice(&line), 0, 0, s->width);
}

/* In an arena of their own, since that of the groups may be full. */
static void print_findings(struct show_table *s)
{
	const struct finding *findings;
	size_t count;
	struct arena arena;

	arena_init(&arena, FINDINGS_BYTES);
	groups_sort(&s->groups);
	if (groups_findings(&s->groups, &arena, &findings, &count))
		findings_print(findings, count, s->width, s->out);
	arena_release(&arena);
}

/* What is worth a person's time; programs get all of them. */
static void print_quirks(struct show_table *s, const struct quirks *quirks)
{
	bool any = false;

	for (int i = 0; i < quirk_count; i++) {
		enum quirk quirk = (enum quirk)i;
		SCOPED(buf) struct buf line = { 0 };

		if (!quirks_have(quirks, quirk) || quirk_is_usual(quirk))
			continue;
		if (!any)
			output_text(s->out, "\nOdd about it:\n");
		any = true;
		buf_printf(&line, "%s: %s", quirk_text(quirk), quirk_meaning(quirk));
		wrap_print(s->out, buf_slice(&line), QUIRK_INDENT, FIELD_INDENT, s->width);
	}
}

static void print_broken_off(struct show_table *s, struct slice why)
{
	SCOPED(buf) struct buf line = { 0 };

	output_text(s->out, "\n");
	append_field(&line, why);
	print_field(s, "The report breaks off here", buf_slice(&line));
}

/* --- the sink --------------------------------------------------------------------------------- */

static void forget_report(struct show_table *s)
{
	grid_free(TAKE(s->grid, NULL));
	memo_free(TAKE(s->memo, NULL));
	groups_release(&s->groups);
	arena_release(&s->arena);
}

static bool on_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct show_table *s = (struct show_table *)sink;

	arena_init(&s->arena, GROUPS_BYTES);
	groups_init(&s->groups, &s->arena);
	s->memo = memo_new(s->judge);
	s->records = 0;
	start_grid(s);
	if (s->between)
		print_rule(s);
	s->between = true;
	print_heading(s, report);
	if (output_check(s->out, e))
		return true;
	forget_report(s); /* nothing follows */
	return false;
}

static bool on_record(struct sink *sink, const struct report *report, const struct record *record,
		      struct err *e)
{
	struct show_table *s = (struct show_table *)sink;
	const struct evidence evidence = evidence_of_record(s->judge, &report->policy, record);
	struct judgement judgement;

	memo_judge(s->memo, &evidence, &judgement);
	s->records++;

	const struct row row = { record, &judgement };
	const struct remedy_subject subject = { s->judge, &evidence, &judgement };

	add_row(s, &row);
	if (!groups_count(&s->groups, &subject, NULL))
		s->groups.ungrouped += record->count;
	if (grid_rows(s->grid) == CHUNK_ROWS)
		print_chunk(s);
	return output_check(s->out, e);
}

static bool on_end(struct sink *sink, const struct report *report, struct err *e)
{
	struct show_table *s = (struct show_table *)sink;

	print_chunk(s);
	if (report->broken_off.n > 0)
		print_broken_off(s, report->broken_off);
	print_summary(s);
	print_findings(s);
	print_quirks(s, &report->quirks);
	output_flush(s->out);
	if (!output_check(s->out, e))
		return false; /* abort() follows */
	forget_report(s);
	return true;
}

static void on_abort(struct sink *sink, const struct report *report UNUSED, const struct err *why)
{
	struct show_table *s = (struct show_table *)sink;
	SCOPED(buf) struct buf error = { 0 };

	err_append(&error, why);
	print_chunk(s);
	print_broken_off(s, buf_slice(&error));
	output_flush(s->out);
	forget_report(s);
}

static const struct sink_ops show_table_ops = { on_begin, on_record, on_end, on_abort };

void show_table_init(struct show_table *s, struct output *out, unsigned width,
		     const struct judge *judge)
{
	*s = (struct show_table){
		.sink.ops = &show_table_ops,
		.out = out,
		.judge = judge,
		.width = width,
	};
}
