/* SPDX-License-Identifier: MIT */
#include "reports/question_problems.h"

#include "base/timestamp.h"
#include "reports/amounts.h"
#include "reports/field.h"

#include "base/banned.h"

enum { HEADLINE_LINES = 4, DAY_LENGTH = DATE_TEXT_SIZE - 1 };

enum problem_column {
	COLUMN_MESSAGE,
	COLUMN_WHAT,
	COLUMN_OUTCOME,
	COLUMN_SIZE,
	COLUMN_SEEN,
	COLUMN_WHY,
	COLUMN_SEEN_AT,
	COLUMN_REASON,
	COLUMN_SOURCE,
	COLUMN_LOCATOR,
	COLUMN_MESSAGE_ID,
	COLUMN_ATTEMPTS,
	COLUMN_RETRIED_AT,
	COLUMN_REPORTER,
	COLUMN_REPORT_ID,
	COLUMN_POLICY_DOMAIN,
	COLUMN_STORED_RECORDS,
	COLUMN_STORED_MESSAGES,
	COLUMN_RESENT_RECORDS,
	COLUMN_RESENT_MESSAGES,
	COLUMN_SETTLEMENT,
	COLUMN_CONCERN,
	COLUMN_FROM_DOMAIN,
	COLUMN_SIGNER,
	COLUMNS,
};

/* Those with a name are the columns of the query, in their order. */
static const struct column columns[] = {
	[COLUMN_MESSAGE] = { .title = "MESSAGE" },
	[COLUMN_WHAT] = { .title = "OUTCOME" },
	[COLUMN_OUTCOME] = { .name = "outcome" },
	[COLUMN_SIZE] = { .name = "size", .title = "BYTES", .kind = COLUMN_COUNT },
	[COLUMN_SEEN] = { .title = "SEEN" },
	[COLUMN_WHY] = { .title = "WHY", .kind = COLUMN_COUNT },
	[COLUMN_SEEN_AT] = { .name = "seen_at" },
	[COLUMN_REASON] = { .name = "reason" },
	[COLUMN_SOURCE] = { .name = "source" },
	[COLUMN_LOCATOR] = { .name = "locator" },
	[COLUMN_MESSAGE_ID] = { .name = "message_id" },
	[COLUMN_ATTEMPTS] = { .name = "attempts", .kind = COLUMN_COUNT },
	[COLUMN_RETRIED_AT] = { .name = "retried_at" },
	[COLUMN_REPORTER] = { .name = "reporter" },
	[COLUMN_REPORT_ID] = { .name = "report_id" },
	[COLUMN_POLICY_DOMAIN] = { .name = "policy_domain" },
	[COLUMN_STORED_RECORDS] = { .name = "stored_records", .kind = COLUMN_COUNT },
	[COLUMN_STORED_MESSAGES] = { .name = "stored_messages", .kind = COLUMN_COUNT },
	[COLUMN_RESENT_RECORDS] = { .name = "resent_records", .kind = COLUMN_COUNT },
	[COLUMN_RESENT_MESSAGES] = { .name = "resent_messages", .kind = COLUMN_COUNT },
	[COLUMN_SETTLEMENT] = { .name = "settlement" },
	[COLUMN_CONCERN] = { .name = "concern" },
	[COLUMN_FROM_DOMAIN] = { .name = "from_domain" },
	[COLUMN_SIGNER] = { .name = "signer" },
};
_Static_assert(COUNT_OF(columns) == COLUMNS, "every column is described");

#define SEEN_BETWEEN                                                                               \
	"($1::date is null or seen_at >= $1::date) and ($2::date is null or seen_at < $2::date + 1)"
#define UTC(column) "to_char(" column ", 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

/* The newest first; the names are unique. */
#define IN_ORDER "seen_at desc, source, locator, report_id"

/*
 * Anybody can send what is listed here, as much of it as he likes: each kind of problem has its turn, so that
 * none keeps the others from being seen.
 */
static const char list_query[] =
	"select outcome, size, " UTC("seen_at") ", reason, source, locator, message_id, attempts, " UTC(
		"retried_at") ", reporter, report_id, policy_domain, stored_records, "
			      "stored_messages, resent_records, resent_messages, settlement, "
			      "concern, from_domain, signer from (select * from (select p.*, "
			      "row_number() over (partition by outcome, concern order by " IN_ORDER
			      ") as turn "
			      "from dmarc.problems p where " SEEN_BETWEEN
			      " and (attention or $3)) as counted "
			      "order by turn, " IN_ORDER
			      " limit $4::bigint) as listed order by " IN_ORDER;

/* What the lines of the headline are about. */
#define KIND_LIST(X)                                                                               \
	X(KIND_PROBLEM, "problem")                                                                 \
	X(KIND_CONCERN, "concern")                                                                 \
	X(KIND_OTHER, "other")
ENUM_TABLE_DECLARE(kind, KIND_LIST);
ENUM_TABLE_DEFINE(kind, KIND_LIST)

/* Messages, and of concerns reports. */
static const char count_query[] =
	"select case concern "
	"when 'does not fit' then 'whose sender does not fit the reporter' "
	"when 'failed authentication' then 'whose sender failed authentication' "
	"when 'foreign domain' then 'on domains that are not yours, which answers leave out' "
	"else case outcome when 'stored' then 'stored in part' else outcome end end, "
	"case when concern is not null then 'concern' when attention then 'problem' "
	"else 'other' end, "
	"case when concern is null then count(distinct message_key) else count(*) end "
	"from dmarc.problems where " SEEN_BETWEEN " "
	"group by outcome, attention, concern order by 3 desc, 1";

static const char newest_query[] = "select max(seen_at)::date::text from dmarc.problems";

/* The filter as the queries take it. */
struct bounds {
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	bool has_since, has_until;
};

static bool find_newest(struct connection *c, int64_t *day_out, bool *any_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, newest_query, NULL, 0, &rows, e))
		return false;
	*any_out = date_parse(rows_text(rows, 0, 0), day_out);
	return true;
}

static bool find_bounds(struct connection *c, const struct problem_filter *filter, struct bounds *b,
			struct err *e)
{
	int64_t until = filter->until ? *filter->until : 0;

	b->has_since = filter->since;
	b->has_until = filter->until;
	if (filter->days > 0) {
		if (!b->has_until && !find_newest(c, &until, &b->has_until, e))
			return false;
		b->has_since = b->has_until;
		date_format(until - (int64_t)filter->days + 1, b->since);
	} else if (filter->since) {
		date_format(*filter->since, b->since);
	}
	if (b->has_until)
		date_format(until, b->until);
	return true;
}

/* -- rows */

/*
 * What tells a message from its neighbours: its name below its source, of a file the last part of its
 * path; what came through a pipe has only its Message-ID.
 */
static struct slice name_of(const struct cell *row)
{
	struct slice source = row[COLUMN_SOURCE].text, name = row[COLUMN_LOCATOR].text;
	struct slice path = slice_from_offset(source, slice_find(source, ':') + 1);

	if (slice_equal(source, name))
		return slice_is_absent(row[COLUMN_MESSAGE_ID].text) ? name
								    : row[COLUMN_MESSAGE_ID].text;
	if (slice_equal(path, name)) {
		for (size_t i = name.n; i > 0; i--) {
			if (name.p[i - 1] == '/')
				return slice_from_offset(name, i);
		}
		return name;
	}
	if (path.n > 0 && slice_starts_with(name, path))
		name = slice_from_offset(name, path.n);
	while (slice_starts_with(name, SLICE("/")))
		name = slice_from_offset(name, 1);
	return name;
}

static void append_amount(struct buf *b, const struct cell *records, const struct cell *messages)
{
	number_append_grouped(b, records->number);
	buf_append_text(b, records->number == 1 ? " record on " : " records on ");
	number_append_grouped(b, messages->number);
	buf_append_text(b, messages->number == 1 ? " message" : " messages");
}

/* Of a re-send the totals say it all. */
static void append_resend(struct buf *text, const struct cell *row)
{
	buf_append_text(text, "sent again with other records: stored are ");
	append_amount(text, &row[COLUMN_STORED_RECORDS], &row[COLUMN_STORED_MESSAGES]);
	buf_append_text(text, ", the re-send has ");
	append_amount(text, &row[COLUMN_RESENT_RECORDS], &row[COLUMN_RESENT_MESSAGES]);
}

/* Who may not see mailboxes does not see where the mail says it is from either. */
static void append_sender(struct buf *text, struct slice from)
{
	if (slice_is_absent(from))
		buf_append_text(text, "its sender");
	else if (from.n == 0)
		buf_append_text(text, "its From, which is not one good address,");
	else
		buf_append(text, from);
}

static void append_concern(struct buf *text, const struct cell *row)
{
	struct slice concern = row[COLUMN_CONCERN].text;

	append_sender(text, row[COLUMN_FROM_DOMAIN].text);
	if (slice_equal(concern, SLICE("does not fit")))
		buf_append_text(text, " does not fit the reporter");
	else
		buf_append_text(text, " failed authentication, by the word of a trusted server");
}

static void append_report(struct buf *text, const struct cell *row)
{
	buf_printf(text, " (report %.*s of %.*s on %.*s)", SLICE_ARG(row[COLUMN_REPORT_ID].text),
		   SLICE_ARG(row[COLUMN_REPORTER].text), SLICE_ARG(row[COLUMN_POLICY_DOMAIN].text));
}

/* The same for all on a domain, so that it is told once. */
static void append_foreign(struct buf *text, const struct cell *row)
{
	buf_printf(text, "it is on %.*s, which is none of your domains, and is not counted",
		   SLICE_ARG(row[COLUMN_POLICY_DOMAIN].text));
}

static bool complete_reason(struct cell *row, struct arena *arena)
{
	struct slice *reason = &row[COLUMN_REASON].text;
	struct slice concern = row[COLUMN_CONCERN].text;
	SCOPED(buf) struct buf text = { 0 };

	if (row[COLUMN_RESENT_RECORDS].absent && slice_is_absent(concern))
		return true;
	if (!slice_is_absent(*reason)) {
		buf_append(&text, *reason);
		buf_append_text(&text, "; ");
	}
	if (slice_equal(concern, SLICE("foreign domain")))
		append_foreign(&text, row);
	else if (!slice_is_absent(concern))
		append_concern(&text, row);
	else
		append_resend(&text, row);
	if (!slice_equal(concern, SLICE("foreign domain")))
		append_report(&text, row);
	return arena_copy(arena, buf_slice(&text), reason);
}

static struct cell number_cell(struct slice text)
{
	struct cell cell = { .absent = slice_is_absent(text) };

	if (!cell.absent)
		cell.number = field_number(text);
	return cell;
}

static bool fill_row(const struct rows *rows, size_t row, struct arena *arena, struct cell *cells)
{
	size_t field = 0;

	for (size_t i = 0; i < COLUMNS; i++) {
		struct slice text;

		if (!columns[i].name)
			continue;
		text = rows_text(rows, row, field++);
		if (columns[i].kind == COLUMN_COUNT)
			cells[i] = number_cell(text);
		else if (!field_copy(arena, text, &cells[i].text))
			return false;
	}
	if (!complete_reason(cells, arena))
		return false;
	cells[COLUMN_MESSAGE].text = name_of(cells);
	cells[COLUMN_WHAT].text =
		cells[slice_is_absent(cells[COLUMN_CONCERN].text) ? COLUMN_OUTCOME : COLUMN_CONCERN]
			.text;
	cells[COLUMN_SEEN].text = slice_prefix(cells[COLUMN_SEEN_AT].text, DAY_LENGTH);
	return true;
}

/* -- notes: the reasons, and the source that a message is in */

/* The source, and whether it is still there. */
static void append_place(struct buf *note, const struct cell *row)
{
	struct slice settlement = row[COLUMN_SETTLEMENT].text;

	buf_append(note, row[COLUMN_SOURCE].text);
	if (slice_equal(settlement, SLICE("delete")))
		buf_append_text(note, ", deleted");
	else if (slice_equal(settlement, SLICE("gone")))
		buf_append_text(note, ", gone since");
}

static bool fill_notes(struct cell *cells, struct arena *arena, struct answer *a)
{
	struct slice *notes = arena_alloc(arena, (a->row_count + 1) * sizeof(*notes));

	if (!notes)
		return false;
	for (size_t i = 0; i < a->row_count; i++) {
		struct cell *row = cells + i * COLUMNS;
		SCOPED(buf) struct buf note = { 0 };
		struct slice text;

		row[COLUMN_WHY].absent = slice_is_absent(row[COLUMN_REASON].text);
		if (row[COLUMN_WHY].absent)
			continue;
		buf_append(&note, row[COLUMN_REASON].text);
		buf_append_text(&note, " (");
		append_place(&note, row);
		buf_append_byte(&note, ')');
		if (!arena_copy(arena, buf_slice(&note), &text))
			return false;
		row[COLUMN_WHY].number = answer_note(notes, &a->note_count, text);
	}
	a->notes = notes;
	return true;
}

static bool fill_rows(const struct rows *rows, struct arena *arena, struct answer *a)
{
	size_t count = rows_count(rows);
	struct cell *cells = arena_alloc(arena, (count * COLUMNS + 1) * sizeof(*cells));

	if (!cells)
		return false;
	memset(cells, 0, (count * COLUMNS + 1) * sizeof(*cells));
	for (size_t row = 0; row < count; row++) {
		if (!fill_row(rows, row, arena, cells + row * COLUMNS))
			return false;
	}
	a->columns = columns;
	a->column_count = COLUMNS;
	a->cells = cells;
	a->row_count = count;
	return fill_notes(cells, arena, a);
}

/* -- headline */

static bool is_of_kind(const struct rows *counts, size_t row, enum kind kind)
{
	return slice_equal(rows_text(counts, row, 1), slice_from(kind_text(kind)));
}

static void append_counts(struct buf *b, const struct rows *counts, enum kind kind)
{
	const char *separator = "";

	for (size_t i = 0; i < rows_count(counts); i++) {
		struct slice outcome = rows_text(counts, i, 0);

		if (!is_of_kind(counts, i, kind))
			continue;
		buf_append_text(b, separator);
		number_append_grouped(b, (uint64_t)rows_integer(counts, i, 2));
		buf_append_byte(b, ' ');
		buf_append(b, outcome);
		separator = ", ";
	}
	buf_append_byte(b, '.');
}

static uint64_t sum_of_counts(const struct rows *counts, enum kind kind)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < rows_count(counts); i++) {
		if (is_of_kind(counts, i, kind))
			sum += (uint64_t)rows_integer(counts, i, 2);
	}
	return sum;
}

static void append_messages(struct buf *b, const struct bounds *bounds)
{
	buf_append_text(b, "messages seen first");
	if (bounds->has_since)
		buf_printf(b, " from %s", bounds->since);
	if (bounds->has_until)
		buf_printf(b, " until %s", bounds->until);
}

static void append_problem_line(struct buf *b, const struct rows *counts,
				const struct bounds *bounds)
{
	bool bounded = bounds->has_since || bounds->has_until;
	uint64_t sum = sum_of_counts(counts, KIND_PROBLEM);

	if (sum == 0) {
		if (sum_of_counts(counts, KIND_CONCERN) > 0)
			return;
		buf_append_text(b, bounded ? "No problems with " : "No problems");
		if (bounded)
			append_messages(b, bounds);
		buf_append_byte(b, '.');
		return;
	}
	number_append_grouped(b, sum);
	if (bounded) {
		buf_append_text(b, " of the ");
		append_messages(b, bounds);
	} else {
		buf_append_text(b, sum == 1 ? " message" : " messages");
	}
	buf_append_text(b, " did not become a report whole: ");
	append_counts(b, counts, KIND_PROBLEM);
}

static void append_concern_line(struct buf *b, const struct rows *counts)
{
	if (sum_of_counts(counts, KIND_CONCERN) == 0)
		return;
	buf_append_text(b, "Reports to look at, though they were stored whole: ");
	append_counts(b, counts, KIND_CONCERN);
}

static void append_others_line(struct buf *b, const struct rows *counts,
			       const struct problem_filter *filter)
{
	if (sum_of_counts(counts, KIND_OTHER) == 0)
		return;
	buf_append_text(b, "Nothing to look at: ");
	append_counts(b, counts, KIND_OTHER);
	if (!filter->all)
		buf_append_text(b, " --all lists them.");
}

static void append_limit_line(struct buf *b, const struct problem_filter *filter, size_t rows)
{
	if (filter->limit > 0 && rows >= filter->limit)
		buf_printf(b,
			   "%zu are listed, the newest of each kind: --limit lists more, --format "
			   "csv all.",
			   rows);
}

static bool copy_days(const struct bounds *b, struct arena *arena, struct answer *a)
{
	return (!b->has_since || arena_copy(arena, slice_from(b->since), &a->since)) &&
		(!b->has_until || arena_copy(arena, slice_from(b->until), &a->until));
}

static bool fill_headline(const struct rows *counts, const struct problem_filter *filter,
			  const struct bounds *bounds, struct arena *arena, struct answer *a)
{
	struct slice *lines = arena_alloc(arena, HEADLINE_LINES * sizeof(*lines));

	if (!lines || !copy_days(bounds, arena, a))
		return false;
	for (int i = 0; i < HEADLINE_LINES; i++) {
		SCOPED(buf) struct buf line = { 0 };

		if (i == 0)
			append_problem_line(&line, counts, bounds);
		else if (i == 1)
			append_concern_line(&line, counts);
		else if (i == 2)
			append_others_line(&line, counts, filter);
		else
			append_limit_line(&line, filter, a->row_count);
		if (line.n > 0 && !arena_copy(arena, buf_slice(&line), &lines[a->headline_count++]))
			return false;
	}
	a->headline = lines;
	return true;
}

/* -- the question */

static bool query_all(struct connection *c, const struct problem_filter *filter,
		      const struct bounds *b, struct rows **list_out, struct rows **counts_out,
		      struct err *e)
{
	SCOPED(buf) struct buf limit = { 0 };
	const char *values[] = { b->has_since ? b->since : NULL, b->has_until ? b->until : NULL,
				 filter->all ? "true" : "false", NULL };

	if (filter->limit > 0) {
		buf_printf(&limit, "%llu", (unsigned long long)filter->limit);
		values[3] = buf_text(&limit);
	}
	return connection_query(c, list_query, values, COUNT_OF(values), list_out, e) &&
		connection_query(c, count_query, values, 2, counts_out, e);
}

bool question_problems(struct connection *c, const struct problem_filter *filter,
		       struct arena *arena, struct answer *answer_out, struct err *e)
{
	SCOPED(rows) struct rows *list = NULL;
	SCOPED(rows) struct rows *counts = NULL;
	struct answer a = { .question = "problems" };
	struct bounds bounds = { 0 };

	if (!find_bounds(c, filter, &bounds, e) ||
	    !query_all(c, filter, &bounds, &list, &counts, e))
		return false;
	if (!fill_rows(list, arena, &a) || !fill_headline(counts, filter, &bounds, arena, &a))
		return answer_arena_full("ask for fewer: --days, --limit", e);
	*answer_out = a;
	return true;
}
