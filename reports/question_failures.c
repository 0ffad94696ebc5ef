/* SPDX-License-Identifier: MIT */
/* "What fails, by sender, cause and domain, and what is to be done about it?" */
#include "reports/amounts.h"
#include "reports/labels.h"
#include "reports/question.h"
#include "reports/task_line.h"

#include "base/banned.h"

/* From that width of a terminal on there is room for words; below them a number of a note. */
enum { WIDE = 120 };

enum failure_column {
	COLUMN_SENDER_NAME,
	COLUMN_SENDER,
	COLUMN_HEADER_FROM,
	COLUMN_MESSAGES,
	COLUMN_CAUSE,
	COLUMN_DELIVERED,
	COLUMN_QUARANTINED,
	COLUMN_REJECTED,
	COLUMN_VERDICT,
	COLUMN_SPF_CAUSE,
	COLUMN_DKIM_CAUSE,
	COLUMN_FIRST_DAY,
	COLUMN_LAST_DAY,
	COLUMN_WHAT_TO_DO,
	COLUMN_NOTE,
	COLUMNS,
};

static const struct column columns[] = {
	[COLUMN_SENDER_NAME] = { .name = "sender_name", .title = "SENDER", .least = 12 },
	[COLUMN_SENDER] = { .name = "sender" },
	[COLUMN_HEADER_FROM] = { .name = "header_from", .title = "FROM", .least = 11 },
	[COLUMN_MESSAGES] = { .name = "messages",
			      .title = "MESSAGES",
			      .kind = COLUMN_COUNT,
			      .tone = TONE_BAD },
	[COLUMN_CAUSE] = { .name = "cause", .title = "CAUSE", .made = true },
	[COLUMN_DELIVERED] = { .name = "delivered",
			       .title = "DELIVERED",
			       .kind = COLUMN_COUNT,
			       .from_width = WIDE },
	[COLUMN_QUARANTINED] = { .name = "quarantined",
				 .title = "QUARANTINED",
				 .kind = COLUMN_COUNT,
				 .from_width = WIDE },
	[COLUMN_REJECTED] = { .name = "rejected", .title = "REJECTED", .kind = COLUMN_COUNT },
	[COLUMN_VERDICT] = { .name = "verdict" },
	[COLUMN_SPF_CAUSE] = { .name = "spf_cause" },
	[COLUMN_DKIM_CAUSE] = { .name = "dkim_cause" },
	[COLUMN_FIRST_DAY] = { .name = "first_day" },
	[COLUMN_LAST_DAY] = { .name = "last_day" },
	[COLUMN_WHAT_TO_DO] = { .name = "what_to_do",
				.title = "WHAT TO DO",
				.made = true,
				.least = 12,
				.from_width = WIDE },
	[COLUMN_NOTE] = { .title = "DO", .kind = COLUMN_COUNT, .below_width = WIDE },
};
_Static_assert(COUNT_OF(columns) == COLUMNS, "every column is described");

static const char query[] =
	"select sender, sender_name, header_from, verdict, spf_cause, dkim_cause, "
	"sum(messages) as messages, "
	"coalesce(sum(messages) filter (where disposition in ('none', 'pass')), 0) as delivered, "
	"coalesce(sum(messages) filter (where disposition = 'quarantine'), 0) as quarantined, "
	"coalesce(sum(messages) filter (where disposition = 'reject'), 0) as rejected, "
	"min(day)::text as first_day, max(day)::text as last_day "
	"from dmarc.failures where not is_foreign and day between $1 and $2 and ($4::text is null or sender = $4) and " QUESTION_OF_DOMAIN(
		"coalesce(header_from, policy_domain)") " group by 1, 2, 3, 4, 5, 6";

static struct task_subject subject_of(const struct cell *row)
{
	struct task_subject s = { .service = row[COLUMN_SENDER_NAME].text,
				  .header_from = row[COLUMN_HEADER_FROM].text,
				  .failing = true };

	/* words of another version stay what they are: then nothing is advised */
	if (!verdict_find(row[COLUMN_VERDICT].text, &s.verdict) ||
	    !spf_cause_find(row[COLUMN_SPF_CAUSE].text, &s.spf_cause) ||
	    !dkim_cause_find(row[COLUMN_DKIM_CAUSE].text, &s.dkim_cause))
		s = (struct task_subject){ .verdict = VERDICT_ALIGNED_BOTH };
	return s;
}

static bool complete_row(const struct asked *asked, struct cell *row)
{
	const struct task_subject subject = subject_of(row);
	SCOPED(buf) struct buf task = { 0 };

	task_line_append(&task, &subject);
	row[COLUMN_CAUSE].text = subject.failing ? slice_from(label_of_failure(subject.verdict))
						 : row[COLUMN_VERDICT].text;
	if (slice_is_absent(row[COLUMN_SENDER_NAME].text))
		row[COLUMN_SENDER_NAME].text = label_of_sender(NULL, subject.verdict);
	if (!task_line_is_work(&subject))
		row[COLUMN_MESSAGES].tone = TONE_WARN;
	return question_fill_text(asked, &row[COLUMN_WHAT_TO_DO], &task);
}

/* Rows with the same to do share a note. */
static bool fill_notes(const struct asked *asked, struct answer *a)
{
	struct slice *notes = arena_alloc(asked->arena, (a->row_count + 1) * sizeof(*notes));

	for (size_t i = 0; notes && i < a->row_count; i++) {
		struct cell *row = asked->cells + i * COLUMNS;

		if (!complete_row(asked, row))
			return false;
		row[COLUMN_NOTE] = (struct cell){
			.number = answer_note(notes, &a->note_count, row[COLUMN_WHAT_TO_DO].text),
		};
		row[COLUMN_NOTE].absent = row[COLUMN_NOTE].number == 0;
	}
	a->notes = notes;
	a->notes_below = WIDE;
	return notes != NULL;
}

static bool fill_headline(const struct asked *asked, struct answer *a)
{
	SCOPED(buf) struct buf line = { 0 };

	if (asked->sum == 0)
		buf_append_text(&line, "No mail fails");
	else
		number_append_grouped(&line, asked->sum);
	if (asked->sum > 0)
		buf_append_text(&line, asked->sum == 1 ? " message fails" : " messages fail");
	buf_printf(&line, " DMARC from %s to %s", asked->filter->since, asked->filter->until);
	buf_append_text(&line, asked->sum == 0 ? "." : ", by what reporters told.");
	return answer_lines(&line, 1, asked->arena, &a->headline, &a->headline_count);
}

static bool complete(const struct asked *asked, struct answer *a, struct err *e)
{
	return (fill_headline(asked, a) && fill_notes(asked, a)) || question_arena_full(e);
}

const struct question question_failures = {
	.name = "failures",
	.columns = columns,
	.column_count = COLUMNS,
	.query = query,
	.order = "verdict in ('likely-spoof', 'undetermined'), messages desc, sender_name, "
		 "header_from, spf_cause, dkim_cause",
	.sum = "messages",
	.complete = complete,
};
