/* SPDX-License-Identifier: MIT */
#include "reports/question.h"

#include "base/number.h"
#include "reports/field.h"
#include "reports/streams.h"

#include "base/banned.h"

enum { QUERY_PARAMETERS = 6 };

bool question_arena_full(struct err *e)
{
	return answer_arena_full("ask for less: --domain, --days, --limit", e);
}

bool question_fill_text(const struct asked *asked, struct cell *cell, const struct buf *text)
{
	return arena_copy(asked->arena, buf_slice(text), &cell->text);
}

/* -- the statement */

static bool is_asked_for(const struct column *c)
{
	return c->name && !c->made;
}

/* Of constants alone: the names of columns are ours, and so is the one that sorts. */
static void append_statement(struct buf *sql, const struct question *q,
			     const struct question_filter *f)
{
	const char *separator = "select ";

	for (size_t i = 0; i < q->column_count; i++) {
		if (!is_asked_for(&q->columns[i]))
			continue;
		buf_printf(sql, "%s%s", separator, q->columns[i].name);
		separator = ", ";
	}
	/* every parameter stands somewhere, so that its type is known */
	buf_printf(sql,
		   ", count(*) over (), coalesce(sum(%s) over (), 0) from (%s) as answer "
		   "where true or ($1::date, $2::date, $3::text, $4::text, $5::boolean) is null "
		   "order by ",
		   q->sum, q->query);
	if (f->sort)
		buf_printf(sql, "%s %s nulls last, ", f->sort, f->descending ? "desc" : "asc");
	buf_printf(sql, "%s limit $6::bigint", q->order);
}

static bool query_rows(const struct question *q, struct connection *c,
		       const struct question_filter *f, struct rows **rows_out, struct err *e)
{
	SCOPED(buf) struct buf sql = { 0 };
	SCOPED(buf) struct buf limit = { 0 };
	const char *values[QUERY_PARAMETERS] = {
		f->since, f->until, f->domain, f->sender, f->group_ipv6 ? "true" : "false", NULL,
	};

	append_statement(&sql, q, f);
	if (f->limit > 0) {
		buf_printf(&limit, "%llu", (unsigned long long)f->limit);
		values[QUERY_PARAMETERS - 1] = buf_text(&limit);
	}
	return connection_query(c, buf_text(&sql), values, COUNT_OF(values), rows_out, e);
}

/* -- cells */

/* "12.34", as numeric(.., 2) is written. */
static uint64_t hundredths(struct slice text)
{
	size_t point = slice_find(text, '.');
	uint64_t whole = field_number(slice_prefix(text, point)), rest = 0;

	if (point + 3 != text.n ||
	    !number_parse_u64(slice_from_offset(text, point + 1), 0, 99, &rest))
		rest = 0;
	return whole > (UINT64_MAX - rest) / 100 ? UINT64_MAX : whole * 100 + rest;
}

static bool fill_cell(struct slice text, enum column_kind kind, struct arena *arena,
		      struct cell *cell)
{
	*cell = (struct cell){ .text = SLICE_ABSENT, .absent = slice_is_absent(text) };
	if (kind == COLUMN_TEXT)
		return field_copy(arena, text, &cell->text);
	if (!cell->absent)
		cell->number = kind == COLUMN_RATE ? hundredths(text) : field_number(text);
	return true;
}

static size_t column_of(const struct question *q, const char *name)
{
	size_t i = 0;

	while (!q->columns[i].name || strcmp(q->columns[i].name, name) != 0)
		i++;
	return i;
}

static void fill_totals(const struct question *q, struct cell *row)
{
	for (size_t i = 0; i < q->column_count; i++) {
		if (!q->columns[i].part_of)
			continue;
		row[i].total = row[column_of(q, q->columns[i].part_of)].number;
	}
}

static bool fill_row(const struct question *q, const struct rows *rows, size_t row,
		     struct arena *arena, struct cell *cells)
{
	size_t field = 0;

	for (size_t i = 0; i < q->column_count; i++) {
		const struct column *c = &q->columns[i];
		struct slice text = is_asked_for(c) ? rows_text(rows, row, field++) : SLICE_ABSENT;

		if (!fill_cell(text, c->kind, arena, &cells[i]))
			return false;
	}
	fill_totals(q, cells);
	return true;
}

static size_t count_asked_for(const struct question *q)
{
	size_t count = 0;

	for (size_t i = 0; i < q->column_count; i++)
		count += is_asked_for(&q->columns[i]);
	return count;
}

/* Behind the columns stand the number of all rows, and their sum. */
static void fill_counts(const struct question *q, const struct rows *rows, struct asked *asked,
			struct answer *a)
{
	size_t behind = count_asked_for(q);

	if (rows_count(rows) == 0)
		return;
	a->not_shown = field_number(rows_text(rows, 0, behind)) - rows_count(rows);
	asked->sum = field_number(rows_text(rows, 0, behind + 1));
}

static bool fill(const struct question *q, const struct rows *rows, struct asked *asked,
		 struct answer *a)
{
	size_t count = rows_count(rows);

	asked->cells =
		arena_alloc(asked->arena, (count * q->column_count + 1) * sizeof(*asked->cells));
	for (size_t row = 0; asked->cells && row < count; row++) {
		if (!fill_row(q, rows, row, asked->arena, asked->cells + row * q->column_count))
			return false;
	}
	*a = (struct answer){
		.question = q->name,
		.columns = q->columns,
		.column_count = q->column_count,
		.cells = asked->cells,
		.row_count = count,
	};
	fill_counts(q, rows, asked, a);
	return asked->cells &&
		arena_copy(asked->arena, slice_from(asked->filter->since), &a->since) &&
		arena_copy(asked->arena, slice_from(asked->filter->until), &a->until);
}

bool question_ask(const struct question *q, struct connection *c,
		  const struct question_filter *filter, struct arena *arena,
		  struct answer *answer_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;
	struct asked asked = { .connection = c, .filter = filter, .arena = arena };

	if (!query_rows(q, c, filter, &rows, e))
		return false;
	if (!fill(q, rows, &asked, answer_out))
		return question_arena_full(e);
	return q->complete(&asked, answer_out, e);
}

/* -- where windows end */

static const char newest_of_all[] = "select dmarc.newest_day()::text";
static const char newest_of_domain[] =
	"select max(day)::text from dmarc.daily_records where " POLICY_DOMAIN_COUNTS(
		"policy_domain") " and "
				 "right('.' || coalesce(header_from, policy_domain), length($1) + 1) = '.' || $1";

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
