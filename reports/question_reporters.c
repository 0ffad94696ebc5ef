/* SPDX-License-Identifier: MIT */
/* "Who reports, how much of the time, and how well?" From the view reporters. */
#include "reports/amounts.h"
#include "reports/question.h"

#include "base/banned.h"

enum { WIDE = 120 };

enum reporter_column {
	COLUMN_REPORTER,
	COLUMN_ORG_NAME,
	COLUMN_EMAIL,
	COLUMN_REPORTS,
	COLUMN_POLICY_DOMAINS,
	COLUMN_RECORDS,
	COLUMN_MESSAGES,
	COLUMN_FIRST_DAY,
	COLUMN_LAST_DAY,
	COLUMN_DAYS,
	COLUMN_GAP_DAYS,
	COLUMN_SILENT_DAYS,
	COLUMN_CONTRADICTIONS,
	COLUMN_RESENDS,
	COLUMN_REPORTS_WITH_ERRORS,
	COLUMN_AUTHENTICATED,
	COLUMN_FITTING,
	COLUMN_NOT_FITTING,
	COLUMN_FAILING,
	COLUMN_OF_UNKNOWN_ORIGIN,
	COLUMN_ON_FOREIGN_DOMAINS,
	COLUMN_DOUBTFUL,
	COLUMN_QUIRKS,
	COLUMN_QUIRK_COUNT,
	COLUMNS,
};

static const struct column columns[] = {
	[COLUMN_REPORTER] = { .name = "reporter", .title = "REPORTER", .least = 14 },
	[COLUMN_ORG_NAME] = { .name = "org_name" },
	[COLUMN_EMAIL] = { .name = "email" },
	[COLUMN_REPORTS] = { .name = "reports", .title = "REPORTS", .kind = COLUMN_COUNT },
	[COLUMN_POLICY_DOMAINS] = { .name = "policy_domains",
				    .title = "DOMAINS",
				    .kind = COLUMN_COUNT,
				    .from_width = WIDE },
	[COLUMN_RECORDS] = { .name = "records", .kind = COLUMN_COUNT },
	[COLUMN_MESSAGES] = { .name = "messages", .title = "MESSAGES", .kind = COLUMN_COUNT },
	[COLUMN_FIRST_DAY] = { .name = "first_day", .title = "FIRST", .from_width = WIDE },
	[COLUMN_LAST_DAY] = { .name = "last_day", .title = "LAST" },
	[COLUMN_DAYS] = { .name = "days", .title = "DAYS", .kind = COLUMN_COUNT },
	[COLUMN_GAP_DAYS] = { .name = "gap_days", .title = "GAPS", .kind = COLUMN_COUNT },
	[COLUMN_SILENT_DAYS] = { .name = "silent_days", .title = "SILENT", .kind = COLUMN_COUNT },
	[COLUMN_CONTRADICTIONS] = { .name = "contradictions",
				    .title = "CONTRA",
				    .kind = COLUMN_COUNT,
				    .tone = TONE_BAD },
	[COLUMN_RESENDS] = { .name = "resends",
			     .title = "RESENT",
			     .kind = COLUMN_COUNT,
			     .tone = TONE_WARN,
			     .from_width = WIDE },
	[COLUMN_REPORTS_WITH_ERRORS] = { .name = "reports_with_errors",
					 .title = "ERRORS",
					 .kind = COLUMN_COUNT,
					 .tone = TONE_WARN,
					 .from_width = WIDE },
	[COLUMN_AUTHENTICATED] = { .name = "reports_authenticated", .kind = COLUMN_COUNT },
	[COLUMN_FITTING] = { .name = "reports_fitting", .kind = COLUMN_COUNT },
	[COLUMN_NOT_FITTING] = { .name = "reports_not_fitting", .kind = COLUMN_COUNT },
	[COLUMN_FAILING] = { .name = "reports_failing", .kind = COLUMN_COUNT },
	[COLUMN_OF_UNKNOWN_ORIGIN] = { .name = "reports_of_unknown_origin", .kind = COLUMN_COUNT },
	[COLUMN_ON_FOREIGN_DOMAINS] = { .name = "reports_on_foreign_domains",
					.kind = COLUMN_COUNT },
	[COLUMN_DOUBTFUL] = { .name = "reports_doubtful",
			      .title = "DOUBT",
			      .kind = COLUMN_COUNT,
			      .tone = TONE_BAD },
	[COLUMN_QUIRKS] = { .name = "quirks", .title = "QUIRKS", .least = 12, .from_width = WIDE },
	[COLUMN_QUIRK_COUNT] = { .name = "quirk_count",
				 .title = "QUIRKS",
				 .kind = COLUMN_COUNT,
				 .below_width = WIDE },
};
_Static_assert(COUNT_OF(columns) == COLUMNS, "every column is described");

static const char query[] =
	"select reporter, org_name, email, reports, policy_domains, records, messages, "
	"first_day::text, last_day::text, days, gap_days, silent_days, contradictions, resends, "
	"reports_with_errors, reports_authenticated, reports_fitting, reports_not_fitting, "
	"reports_failing, reports_of_unknown_origin, reports_on_foreign_domains, "
	"reports_not_fitting + reports_failing as reports_doubtful, array_to_string(quirks, ' ') as quirks, "
	"cardinality(quirks) as quirk_count from dmarc.reporters";

static bool fill_headline(const struct asked *asked, struct answer *a)
{
	uint64_t reporters = a->row_count + a->not_shown;
	SCOPED(buf) struct buf line = { 0 };

	if (reporters == 0) {
		buf_append_text(&line, "Nobody has reported.");
	} else {
		number_append_grouped(&line, reporters);
		buf_append_text(&line, reporters == 1 ? " reporter" : " reporters");
		buf_append_text(&line, " told of ");
		number_append_grouped(&line, asked->sum);
		buf_printf(&line, " messages in the 90 days that end on %s.", asked->filter->until);
	}
	return answer_lines(&line, 1, asked->arena, &a->headline, &a->headline_count);
}

static bool any_has(const struct asked *asked, const struct answer *a, enum reporter_column column)
{
	for (size_t i = 0; i < a->row_count; i++) {
		if (asked->cells[i * COLUMNS + column].number > 0)
			return true;
	}
	return false;
}

static bool fill_footnotes(const struct asked *asked, struct answer *a)
{
	struct buf lines[5] = { { 0 } };
	bool ok;

	if (a->row_count > 0) {
		buf_append_text(
			&lines[0],
			"GAPS: days without a report between the first and the last; SILENT: days "
			"since then. Who gets little mail of yours has nothing to tell on many.");
		buf_append_text(&lines[1],
				"CONTRA: messages of which the verdict on SPF or DKIM "
				"contradicts the results beside it.");
		buf_append_text(
			&lines[2],
			"QUIRKS: what is odd about the reports, and was understood all the same: "
			"see ODDITIES in the manual page.");
	}
	if (any_has(asked, a, COLUMN_DOUBTFUL))
		buf_append_text(&lines[3],
				"DOUBT: reports that somebody else sent in the reporter's name, "
				"as it seems: 'ruamill report problems' lists them.");
	if (any_has(asked, a, COLUMN_RESENDS))
		buf_append_text(&lines[4],
				"Reports that came again with other records count once: "
				"'ruamill report problems' lists them.");
	ok = answer_lines(lines, COUNT_OF(lines), asked->arena, &a->footnotes, &a->footnote_count);
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		buf_release(&lines[i]);
	return ok;
}

static bool complete(const struct asked *asked, struct answer *a, struct err *e)
{
	return (fill_headline(asked, a) && fill_footnotes(asked, a)) || question_arena_full(e);
}

const struct question question_reporters = {
	.name = "reporters",
	.columns = columns,
	.column_count = COLUMNS,
	.query = query,
	.order = "messages desc, reporter",
	.sum = "messages",
	.complete = complete,
};
