/* SPDX-License-Identifier: MIT */
#include "reports/question_senders.h"

#include "base/bug.h"
#include "reports/amounts.h"
#include "reports/labels.h"
#include "reports/tally.h"
#include "reports/task_line.h"

#include "base/banned.h"

/* From that width of a terminal on there is room for what receivers did, and for what to do. */
enum { WIDE = 120 };

enum sender_column {
	COLUMN_SENDER,
	COLUMN_MESSAGES,
	COLUMN_PASSED,
	COLUMN_SPF_ALIGNED,
	COLUMN_DKIM_ALIGNED,
	COLUMN_FAILED,
	COLUMN_MAIN_CAUSE,
	COLUMN_SENDER_ID,
	COLUMN_DELIVERED,
	COLUMN_QUARANTINED,
	COLUMN_REJECTED,
	COLUMN_WHAT_TO_DO,
	COLUMNS,
};

const struct column question_senders_columns[] = {
	[COLUMN_SENDER] = { .name = "sender", .title = "SENDER" },
	[COLUMN_MESSAGES] = { .name = "messages", .title = "MESSAGES", .kind = COLUMN_COUNT },
	[COLUMN_PASSED] = { .name = "passed", .title = "PASS", .kind = COLUMN_SHARE },
	[COLUMN_SPF_ALIGNED] = { .name = "spf_aligned", .title = "SPF", .kind = COLUMN_SHARE },
	[COLUMN_DKIM_ALIGNED] = { .name = "dkim_aligned", .title = "DKIM", .kind = COLUMN_SHARE },
	[COLUMN_FAILED] = { .name = "failed", .title = "FAILING", .kind = COLUMN_COUNT },
	[COLUMN_MAIN_CAUSE] = { .name = "main_cause", .title = "MAIN CAUSE" },
	[COLUMN_SENDER_ID] = { .name = "sender_id" },
	[COLUMN_DELIVERED] = { .name = "delivered",
			       .title = "DELIVERED",
			       .kind = COLUMN_COUNT,
			       .from_width = WIDE },
	[COLUMN_QUARANTINED] = { .name = "quarantined",
				 .title = "QUARANTINED",
				 .kind = COLUMN_COUNT,
				 .from_width = WIDE },
	[COLUMN_REJECTED] = { .name = "rejected",
			      .title = "REJECTED",
			      .kind = COLUMN_COUNT,
			      .from_width = WIDE },
	[COLUMN_WHAT_TO_DO] = { .name = "what_to_do",
				.title = "WHAT TO DO",
				.least = 12,
				.from_width = WIDE },
};
const size_t question_senders_column_count = COUNT_OF(question_senders_columns);
_Static_assert(COUNT_OF(question_senders_columns) == COLUMNS, "every column is described");

/* -- rows */

static struct cell share_of(uint64_t number, const struct sender_row *s)
{
	return (struct cell){ .number = number, .total = s->messages };
}

static void fill_numbers(const struct sender_row *s, struct cell *row)
{
	row[COLUMN_MESSAGES] = (struct cell){ .number = s->messages };
	row[COLUMN_PASSED] = share_of(s->passed, s);
	row[COLUMN_SPF_ALIGNED] = share_of(s->spf_aligned, s);
	row[COLUMN_DKIM_ALIGNED] = share_of(s->dkim_aligned, s);
	row[COLUMN_FAILED] = (struct cell){ .number = s->messages - s->passed };
	row[COLUMN_DELIVERED] = (struct cell){ .number = s->delivered };
	row[COLUMN_QUARANTINED] = (struct cell){ .number = s->quarantined };
	row[COLUMN_REJECTED] = (struct cell){ .number = s->rejected };
}

static struct task_subject subject_of(const struct group *g, const struct sender_row *s)
{
	return (struct task_subject){
		.verdict = g->verdict,
		.spf_cause = g->spf_cause,
		.dkim_cause = g->dkim_cause,
		.header_from = g->header_from,
		.failing = s->passed < s->messages,
	};
}

static bool is_work(const struct tally *t, const struct sender_row *s)
{
	bool known = false;

	for (size_t i = 0; i < t->groups.count; i++) {
		const struct group *g = &t->groups.list[i];
		const struct task_subject subject = subject_of(g, s);

		if (!tally_is_of(g, s))
			continue;
		if (task_line_is_work(&subject))
			return true;
		known = true;
	}
	return !known;
}

/* Red is what is to be done; what fails without being the owner's work is yellow. */
static void colour(const struct tally *t, const struct sender_row *s, struct cell *row)
{
	if (s->passed == s->messages)
		row[COLUMN_PASSED].tone = TONE_GOOD;
	else
		row[COLUMN_PASSED].tone = row[COLUMN_FAILED].tone = row[COLUMN_MAIN_CAUSE].tone =
			is_work(t, s) ? TONE_BAD : TONE_WARN;
}

static bool is_well(const struct group *g)
{
	return strcmp(label_of_verdict(g->verdict), label_of_verdict(VERDICT_ALIGNED_BOTH)) == 0;
}

/* The group that stands for the sender: where mail of his fails, one that may, if there is any. */
static const struct group *main_group(const struct tally *t, const struct sender_row *s)
{
	const struct group *main = tally_main_group(t, s);

	if (!main || !is_well(main) || s->passed == s->messages)
		return main;
	for (size_t i = 0; i < t->groups.count; i++) {
		const struct group *g = &t->groups.list[i];

		if (tally_is_of(g, s) && !is_well(g))
			return g;
	}
	return main;
}

/* Where all that fails aligns, the reporter is the cause. */
static struct slice main_cause(const struct group *g, const struct sender_row *s)
{
	bool reporter = is_well(g) ? s->passed < s->messages : s->passed == 0;

	return slice_from(reporter ? label_of_failure(g->verdict) : label_of_verdict(g->verdict));
}

static bool fill_words(const struct sender_row *s, const struct group *g, struct arena *arena,
		       struct cell *row)
{
	SCOPED(buf) struct buf task = { 0 };

	row[COLUMN_SENDER] = (struct cell){ .text = label_of_sender(s->service, s->unnamed) };
	row[COLUMN_SENDER_ID] = (struct cell){ .text = sender_id(s->service) };
	row[COLUMN_MAIN_CAUSE] = (struct cell){ .text = g ? main_cause(g, s) : SLICE("ok") };
	row[COLUMN_WHAT_TO_DO] = (struct cell){ .text = SLICE_ABSENT };
	if (!g)
		return true;

	const struct task_subject subject = subject_of(g, s);

	task_line_append(&task, &subject);
	return task.n == 0 || arena_copy(arena, buf_slice(&task), &row[COLUMN_WHAT_TO_DO].text);
}

static struct cell *fill_rows(const struct tally *t, struct arena *arena)
{
	struct cell *cells = arena_alloc(arena, (t->sender_count * COLUMNS + 1) * sizeof(*cells));

	for (size_t i = 0; cells && i < t->sender_count; i++) {
		const struct sender_row *s = &t->senders[i];
		struct cell *row = cells + i * COLUMNS;

		fill_numbers(s, row);
		if (!fill_words(s, main_group(t, s), arena, row))
			return NULL;
		colour(t, s, row);
	}
	return cells;
}

/* -- order and number of rows */

static int compare_cells(const struct cell *a, const struct cell *b, enum column_kind kind)
{
	if (kind == COLUMN_TEXT)
		return slice_compare(a->text, b->text);
	return a->number < b->number ? -1 : a->number > b->number;
}

static void swap_rows(struct cell *a, struct cell *b)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		struct cell kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

/* Rows are few: there are no more senders than the catalogue and its owner know. */
static void sort_rows(struct cell *cells, size_t count, const struct question_filter *f)
{
	size_t column = 0;

	while (strcmp(question_senders_columns[column].name, f->sort) != 0)
		column++;
	for (size_t i = 1; i < count; i++) {
		for (size_t j = i; j > 0; j--) {
			struct cell *row = cells + j * COLUMNS;
			int order = compare_cells(row - COLUMNS + column, row + column,
						  question_senders_columns[column].kind);

			if (f->descending ? order >= 0 : order <= 0)
				break;
			swap_rows(row - COLUMNS, row);
		}
	}
}

static void cut(const struct question_filter *f, struct answer *a)
{
	if (f->limit == 0)
		return;
	if (a->row_count > f->limit) {
		a->not_shown = a->row_count - f->limit;
		a->row_count = f->limit;
	}
	if (a->finding_count > f->limit) {
		a->findings_not_shown = a->finding_count - f->limit;
		a->finding_count = f->limit;
	}
}

/* -- headline */

/* What the mail was told by, and what was told of other people's domains. */
struct reported {
	uint64_t reports, reporters, foreign;
};

static void append_source(struct buf *text, const struct question_filter *f,
			  const struct reported *told)
{
	buf_printf(text, "Mail from %s to %s, as told by ", f->since, f->until);
	number_append_grouped(text, told->reports);
	buf_append_text(text, told->reports == 1 ? " report of " : " reports of ");
	number_append_grouped(text, told->reporters);
	buf_append_text(text, told->reporters == 1 ? " reporter." : " reporters.");
}

static void append_shares(struct buf *text, const struct tally *t)
{
	number_append_grouped(text, t->groups.messages);
	buf_append_text(text, " messages; ");
	groups_append_shares(text, &t->groups);
	if (t->groups.ungrouped > 0)
		buf_append_text(text, " Ask about one domain with --domain.");
}

/* "Failing: 2,011 can be put right, 24,439 more if you send with the service, 58 cannot." */
static void append_failing(struct buf *text, const struct tally *t)
{
	const struct {
		uint64_t messages;
		const char *what;
	} parts[] = { { t->fixable, " can be put right" },
		      { t->unconfirmed, " more if you send with the service" },
		      { t->unfixable, " cannot" },
		      { t->unidentified, " are to be identified first" } };
	const char *separator = "Failing: ";

	if (t->fixable + t->unconfirmed + t->unfixable + t->unidentified == 0)
		return;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (i > 0 && parts[i].messages == 0)
			continue;
		buf_append_text(text, separator);
		number_append_grouped(text, parts[i].messages);
		buf_append_text(text, parts[i].what);
		separator = ", ";
	}
	buf_append_byte(text, '.');
}

static bool fill_figures(const struct tally *t, struct arena *arena, struct answer *a)
{
	const struct figure figures[] = {
		{ "messages", t->groups.messages }, { "passed", t->groups.passed },
		{ "fixable", t->fixable },          { "unconfirmed", t->unconfirmed },
		{ "unfixable", t->unfixable },      { "unidentified", t->unidentified },
		{ "spoofed", t->groups.spoofed },   { "undetermined", t->groups.undetermined },
	};
	struct figure *copy = arena_alloc(arena, sizeof(figures));

	if (!copy)
		return false;
	memcpy(copy, figures, sizeof(figures));
	a->figures = copy;
	a->figure_count = COUNT_OF(figures);
	return true;
}

static void append_foreign(struct buf *line, uint64_t foreign)
{
	if (foreign == 0)
		return;
	number_append_grouped(line, foreign);
	buf_append_text(line,
			foreign == 1 ? " report on a domain that is not yours is"
				     : " reports on domains that are not yours are");
	buf_append_text(line, " left out: see 'ruamill report problems'.");
}

/* -- the question */

#define REPORTED                                                                                   \
	"with told as (select p.reporter, p.reports, " POLICY_DOMAIN_COUNTS(                       \
		"p.policy_domain") " as counts "                                                   \
				   "from dmarc.daily_report p where p.day between $1::date and $2::date"
#define COUNTED                                                                                    \
	") select coalesce(sum(reports) filter (where counts), 0)::bigint, "                       \
	"count(distinct reporter) filter (where counts), "                                         \
	"coalesce(sum(reports) filter (where not counts), 0)::bigint from told"

/* About all domains the reports themselves know; about one, their records do. */
static const char count_of_all[] = REPORTED COUNTED;
static const char count_of_domain[] = REPORTED
	" and (p.day, p.reporter, p.policy_domain) in ("
	"select d.day, d.reporter, s.policy_domain "
	"from dmarc.daily d join dmarc.stream s on s.key = d.stream_key "
	"where d.day between $1::date and $2::date and " STREAMS_OF_DOMAIN("$3") ")" COUNTED;

enum headline { LINE_SOURCE, LINE_SHARES, LINE_FAILING, LINE_FOREIGN, LINES };

static bool count_reports(struct connection *c, const struct question_filter *f,
			  struct reported *told_out, struct err *e)
{
	const char *values[] = { f->since, f->until, f->domain };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, f->domain ? count_of_domain : count_of_all, values,
			      f->domain ? 3 : 2, &rows, e))
		return false;
	*told_out = (struct reported){
		.reports = (uint64_t)rows_integer(rows, 0, 0),
		.reporters = (uint64_t)rows_integer(rows, 0, 1),
		.foreign = (uint64_t)rows_integer(rows, 0, 2),
	};
	return true;
}

static bool fill_headline(const struct tally *t, const struct question_filter *f,
			  const struct reported *told, struct arena *arena, struct answer *a)
{
	struct buf lines[LINES] = { { 0 } };
	bool ok;

	append_source(&lines[LINE_SOURCE], f, told);
	append_shares(&lines[LINE_SHARES], t);
	append_failing(&lines[LINE_FAILING], t);
	append_foreign(&lines[LINE_FOREIGN], told->foreign);
	ok = answer_lines(lines, LINES, arena, &a->headline, &a->headline_count);
	for (size_t i = 0; i < LINES; i++)
		buf_release(&lines[i]);
	return ok;
}

static bool fill(const struct tally *t, const struct question_filter *f,
		 const struct reported *told, struct arena *arena, struct answer *a)
{
	struct cell *cells = fill_rows(t, arena);

	if (!cells || !fill_figures(t, arena, a) || !fill_headline(t, f, told, arena, a) ||
	    !arena_copy(arena, slice_from(f->since), &a->since) ||
	    !arena_copy(arena, slice_from(f->until), &a->until) ||
	    !groups_findings(&t->groups, arena, &a->findings, &a->finding_count))
		return false;
	if (f->sort)
		sort_rows(cells, t->sender_count, f);
	a->columns = question_senders_columns;
	a->column_count = COLUMNS;
	a->cells = cells;
	a->row_count = t->sender_count;
	cut(f, a);
	return true;
}

static bool find_window(const struct question_filter *f, struct window *window_out)
{
	window_out->domain = f->domain;
	return date_parse(slice_from(f->since), &window_out->since) &&
		date_parse(slice_from(f->until), &window_out->until);
}

bool question_senders(struct connection *c, const struct judge *judge,
		      const struct question_filter *filter, struct arena *arena,
		      struct answer *answer_out, struct err *e)
{
	struct slice sender = filter->sender ? slice_from(filter->sender) : SLICE_ABSENT;
	SCOPED(rows) struct rows *rows = NULL;
	struct answer a = { .question = "senders" };
	struct reported told;
	struct window window;
	struct tally t;
	bool ok;

	BUG_UNLESS(find_window(filter, &window));
	if (!streams_query(c, judge->domains, &window, &rows, e) ||
	    !count_reports(c, filter, &told, e))
		return false;
	ok = tally_count_of(&t, judge, rows, sender, arena, e) &&
		(fill(&t, filter, &told, arena, &a) || tally_arena_full(e));
	tally_release(&t);
	if (ok)
		*answer_out = a;
	return ok;
}
