/* SPDX-License-Identifier: MIT */
#include "reports/question_senders.h"

#include "base/timestamp.h"
#include "reports/tally.h"

#include "base/banned.h"

static struct slice label_of(const struct sender *service, enum verdict verdict)
{
	if (service)
		return service->name;
	if (verdict == VERDICT_LIKELY_SPOOF)
		return SLICE("(likely spoofed)");
	if (verdict == VERDICT_FORWARDED_BROKEN)
		return SLICE("(forwarded)");
	if (tally_unnamed_kind(verdict) == VERDICT_ALIGNED_BOTH)
		return SLICE("(your own, or not listed)");
	return SLICE("(not identified)");
}

/* For a table cell: what has to be done, in two words. */
static const char *short_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
		return "ok";
	case VERDICT_ALIGNED_SPF_ONLY:
		return "SPF alone";
	case VERDICT_STRICT_MODE_MISALIGNMENT:
		return "strict mode";
	case VERDICT_MAILING_LIST:
		return "mailing list";
	case VERDICT_FORWARDED_BROKEN:
		return "forwarded";
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		return "not set up";
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
		return "own server";
	case VERDICT_UNKNOWN_SENDER:
		return "identify it";
	case VERDICT_UNDETERMINED:
		return "not told";
	case VERDICT_LIKELY_SPOOF:
		return "spoofed";
	}
	return "";
}

static const struct column columns[] = {
	{ "sender", "SENDER", COLUMN_TEXT },         { "messages", "MESSAGES", COLUMN_COUNT },
	{ "passed", "PASS", COLUMN_SHARE },          { "spf_aligned", "SPF", COLUMN_SHARE },
	{ "dkim_aligned", "DKIM", COLUMN_SHARE },    { "failed", "FAILING", COLUMN_COUNT },
	{ "main_cause", "MAIN CAUSE", COLUMN_TEXT },
};

static bool fill_rows(const struct tally *t, struct answer *a)
{
	struct cell *cells =
		arena_alloc(t->arena, (t->sender_count * COUNT_OF(columns) + 1) * sizeof(*cells));

	for (size_t i = 0; cells && i < t->sender_count; i++) {
		const struct sender_row *s = &t->senders[i];
		const struct group *g = tally_main_group(t, s);
		struct cell *row = cells + i * COUNT_OF(columns);

		row[0] = (struct cell){ .text = label_of(s->service, s->unnamed) };
		row[1] = (struct cell){ .number = s->messages };
		row[2] = (struct cell){ .number = s->passed, .total = s->messages };
		row[3] = (struct cell){ .number = s->spf_aligned, .total = s->messages };
		row[4] = (struct cell){ .number = s->dkim_aligned, .total = s->messages };
		row[5] = (struct cell){ .number = s->messages - s->passed };
		row[6] = (struct cell){ .text = g ? slice_from(short_verdict(g->verdict))
						  : SLICE("ok") };
	}
	a->columns = columns;
	a->column_count = COUNT_OF(columns);
	a->cells = cells;
	a->row_count = t->sender_count;
	return cells != NULL;
}

static bool fill_heading(const struct tally *t, const struct group *g, struct finding *f)
{
	SCOPED(buf) struct buf text = { 0 };
	struct slice label = label_of(g->service, g->verdict);

	buf_append(&text, label);
	if (!tally_group_is_spoof(g)) {
		buf_append_text(&text, ", From ");
		buf_append(&text, g->header_from.n > 0 ? g->header_from : SLICE("(none)"));
	}
	if (g->region.n > 0)
		buf_printf(&text, " (%.*s)", SLICE_ARG(g->region));
	buf_append_text(&text, ": ");
	number_append_grouped(&text, g->messages);
	buf_append_text(&text, g->messages == 1 ? " message" : " messages");
	buf_append_text(&text,
			g->verdict == VERDICT_ALIGNED_SPF_ONLY ||
					g->verdict == VERDICT_ALIGNED_DKIM_ONLY
				? " at risk"
				: " failing");
	return arena_copy(t->arena, buf_slice(&text), &f->heading);
}

static bool fill_finding(const struct tally *t, const struct group *g, struct finding *f)
{
	struct judged judged;

	if (!tally_judge_row(t, g->row, t->arena, &judged))
		return false;

	struct remedy_subject subject = tally_subject(t, &judged);

	*f = (struct finding){
		.sender = g->service ? g->service->id : SLICE_ABSENT,
		.header_from = g->header_from,
		.verdict = slice_from(verdict_text(g->verdict)),
		.spf_cause = slice_from(spf_cause_text(g->spf_cause)),
		.dkim_cause = slice_from(dkim_cause_text(g->dkim_cause)),
		.messages = g->messages,
	};
	return fill_heading(t, g, f) && remedy_of(&subject, t->arena, &f->remedy);
}

/* The rows go when the question is answered: what the answer still shows of them is copied. */
static bool keep_texts(const struct tally *t, struct finding *f)
{
	return slice_is_absent(f->header_from) ||
		arena_copy(t->arena, f->header_from, &f->header_from);
}

static bool fill_findings(const struct tally *t, struct answer *a)
{
	struct finding *findings = arena_alloc(t->arena, (t->group_count + 1) * sizeof(*findings));

	for (size_t i = 0; findings && i < t->group_count; i++) {
		if (!fill_finding(t, &t->groups[i], &findings[i]) || !keep_texts(t, &findings[i]))
			return false;
	}
	a->findings = findings;
	a->finding_count = t->group_count;
	return findings != NULL;
}

static void append_set_aside(struct buf *line, const struct tally *t)
{
	if (t->spoofed + t->undetermined == 0)
		return;
	buf_append_text(line, " Set aside: ");
	number_append_grouped(line, t->spoofed);
	buf_append_text(line, " likely spoofed, ");
	number_append_grouped(line, t->undetermined);
	buf_append_text(line, " undetermined.");
}

static bool fill_headline(const struct tally *t, const struct window *window, uint64_t reports,
			  uint64_t reporters, struct answer *a)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	struct slice *lines = arena_alloc(t->arena, 2 * sizeof(*lines));
	SCOPED(buf) struct buf first = { 0 };
	SCOPED(buf) struct buf second = { 0 };

	date_format(window->since, since);
	date_format(window->until, until);
	buf_printf(&first, "Mail from %s to %s, as told by ", since, until);
	number_append_grouped(&first, reports);
	buf_append_text(&first, reports == 1 ? " report of " : " reports of ");
	number_append_grouped(&first, reporters);
	buf_append_text(&first, reporters == 1 ? " reporter." : " reporters.");
	number_append_grouped(&second, t->messages);
	buf_append_text(&second, " messages; ");
	share_append(&second, t->passed, t->messages - t->spoofed - t->undetermined, SHARE_TENTHS);
	buf_append_text(&second, " of those that count pass DMARC.");
	append_set_aside(&second, t);
	if (t->ungrouped > 0) {
		buf_append_text(&second, " Not listed, since there are too many kinds of it: ");
		number_append_grouped(&second, t->ungrouped);
		buf_append_text(&second, " failing; ask about one domain with --domain.");
	}
	a->headline = lines;
	a->headline_count = 2;
	return lines && arena_copy(t->arena, buf_slice(&first), &lines[0]) &&
		arena_copy(t->arena, buf_slice(&second), &lines[1]) &&
		arena_copy(t->arena, slice_from(since), &a->since) &&
		arena_copy(t->arena, slice_from(until), &a->until);
}

/* About all domains the reports themselves know; about one, their records do. */
static const char count_of_all[] = "select count(*), count(distinct reporter) from dmarc.report "
				   "where day between $1::date and $2::date";
static const char count_of_domain[] =
	"select count(*), count(distinct p.reporter) from dmarc.report p "
	"where p.day between $1::date and $2::date and exists (select from dmarc.record r "
	"join dmarc.stream s on s.key = r.stream_key "
	"where r.report_key = p.key and r.day = p.day and " STREAMS_OF_DOMAIN("$3") ")";

static const char newest_of_all[] = "select max(day)::text from dmarc.report";
static const char newest_of_domain[] =
	"select max(r.day)::text from dmarc.record r join dmarc.stream s on s.key = r.stream_key "
	"where " STREAMS_OF_DOMAIN("$1");

static bool count_reports(struct connection *c, const struct window *window, uint64_t *reports_out,
			  uint64_t *reporters_out, struct err *e)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	const char *values[] = { since, until, window->domain };
	SCOPED(rows) struct rows *rows = NULL;

	date_format(window->since, since);
	date_format(window->until, until);
	if (!connection_query(c, window->domain ? count_of_domain : count_of_all, values,
			      window->domain ? 3 : 2, &rows, e))
		return false;
	*reports_out = (uint64_t)rows_integer(rows, 0, 0);
	*reporters_out = (uint64_t)rows_integer(rows, 0, 1);
	return true;
}

bool question_senders(struct connection *c, const struct judge *judge, const struct window *window,
		      struct arena *arena, struct answer *answer_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;
	uint64_t reports, reporters;

	if (!streams_query(c, window, &rows, e) ||
	    !count_reports(c, window, &reports, &reporters, e))
		return false;

	struct tally t;
	struct answer a = { .question = "senders" };
	bool ok = tally_count(&t, judge, rows, arena, e) &&
		((fill_headline(&t, window, reports, reporters, &a) && fill_rows(&t, &a) &&
		  fill_findings(&t, &a)) ||
		 tally_arena_full(e));

	tally_release(&t);
	if (ok)
		*answer_out = a;
	return ok;
}

bool question_newest_day(struct connection *c, const char *domain, bool *any_out, int64_t *day_out,
			 struct err *e)
{
	const char *values[] = { domain };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, domain ? newest_of_domain : newest_of_all, values, domain ? 1 : 0,
			      &rows, e))
		return false;
	*any_out = date_parse(rows_text(rows, 0, 0), day_out);
	return true;
}
