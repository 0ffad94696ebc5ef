/* SPDX-License-Identifier: MIT */
#include "reports/question_senders.h"

#include "base/timestamp.h"
#include "reports/amounts.h"
#include "reports/labels.h"
#include "reports/tally.h"

#include "base/banned.h"

static const struct column columns[] = {
	{ "sender", "SENDER", COLUMN_TEXT },         { "messages", "MESSAGES", COLUMN_COUNT },
	{ "passed", "PASS", COLUMN_SHARE },          { "spf_aligned", "SPF", COLUMN_SHARE },
	{ "dkim_aligned", "DKIM", COLUMN_SHARE },    { "failed", "FAILING", COLUMN_COUNT },
	{ "main_cause", "MAIN CAUSE", COLUMN_TEXT },
};

static bool fill_rows(const struct tally *t, struct arena *arena, struct answer *a)
{
	struct cell *cells =
		arena_alloc(arena, (t->sender_count * COUNT_OF(columns) + 1) * sizeof(*cells));

	for (size_t i = 0; cells && i < t->sender_count; i++) {
		const struct sender_row *s = &t->senders[i];
		const struct group *g = tally_main_group(t, s);
		struct cell *row = cells + i * COUNT_OF(columns);

		row[0] = (struct cell){ .text = label_of_sender(s->service, s->unnamed) };
		row[1] = (struct cell){ .number = s->messages };
		row[2] = (struct cell){ .number = s->passed, .total = s->messages };
		row[3] = (struct cell){ .number = s->spf_aligned, .total = s->messages };
		row[4] = (struct cell){ .number = s->dkim_aligned, .total = s->messages };
		row[5] = (struct cell){ .number = s->messages - s->passed };
		row[6] = (struct cell){ .text = g ? slice_from(label_of_verdict(g->verdict))
						  : SLICE("ok") };
	}
	a->columns = columns;
	a->column_count = COUNT_OF(columns);
	a->cells = cells;
	a->row_count = t->sender_count;
	return cells != NULL;
}

static bool fill_headline(const struct tally *t, const struct window *window, uint64_t reports,
			  uint64_t reporters, struct arena *arena, struct answer *a)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	struct slice *lines = arena_alloc(arena, 2 * sizeof(*lines));
	SCOPED(buf) struct buf first = { 0 };
	SCOPED(buf) struct buf second = { 0 };

	date_format(window->since, since);
	date_format(window->until, until);
	buf_printf(&first, "Mail from %s to %s, as told by ", since, until);
	number_append_grouped(&first, reports);
	buf_append_text(&first, reports == 1 ? " report of " : " reports of ");
	number_append_grouped(&first, reporters);
	buf_append_text(&first, reporters == 1 ? " reporter." : " reporters.");
	number_append_grouped(&second, t->groups.messages);
	buf_append_text(&second, " messages; ");
	groups_append_shares(&second, &t->groups);
	if (t->groups.ungrouped > 0)
		buf_append_text(&second, " Ask about one domain with --domain.");
	a->headline = lines;
	a->headline_count = 2;
	return lines && arena_copy(arena, buf_slice(&first), &lines[0]) &&
		arena_copy(arena, buf_slice(&second), &lines[1]) &&
		arena_copy(arena, slice_from(since), &a->since) &&
		arena_copy(arena, slice_from(until), &a->until);
}

/* About all domains the reports themselves know; about one, their records do. */
static const char count_of_all[] = "select count(*), count(distinct reporter) from dmarc.report "
				   "where day between $1::date and $2::date";
static const char count_of_domain[] =
	"select count(*), count(distinct p.reporter) from dmarc.report p "
	"where (p.day, p.reporter, p.policy_domain) in (select d.day, d.reporter, s.policy_domain "
	"from dmarc.daily d join dmarc.stream s on s.key = d.stream_key "
	"where d.day between $1::date and $2::date and " STREAMS_OF_DOMAIN("$3") ")";

/* Keys begin with their day: the highest is of the newest. */
static const char newest_of_all[] =
	"select (select day::text from dmarc.report order by key desc limit 1)";
static const char newest_of_domain[] =
	"select max(d.day)::text from dmarc.daily d join dmarc.stream s on s.key = d.stream_key "
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

	if (!streams_query(c, judge->domains, window, &rows, e) ||
	    !count_reports(c, window, &reports, &reporters, e))
		return false;

	struct tally t;
	struct answer a = { .question = "senders" };
	bool ok = tally_count(&t, judge, rows, arena, e) &&
		((fill_headline(&t, window, reports, reporters, arena, &a) &&
		  fill_rows(&t, arena, &a) &&
		  groups_findings(&t.groups, arena, &a.findings, &a.finding_count)) ||
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
