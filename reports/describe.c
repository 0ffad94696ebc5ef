/* SPDX-License-Identifier: MIT */
#include "reports/describe.h"

#include "base/text.h"
#include "reports/wrap.h"

#include "base/banned.h"

/* A column's name and type stand before its comment; names in PostgreSQL are no longer. */
enum { INDENT = 2, NAME_BYTES = 63 };

enum described { VIEW_NAME, VIEW_COMMENT, COLUMN_NAME, COLUMN_TYPE, COLUMN_COMMENT };

#define VIEWS_OF_OURS                                                                              \
	"pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "          \
	"and n.nspname = 'dmarc' and c.relkind in ('v', 'm') "

static const char columns_query[] =
	"select c.relname, pg_catalog.obj_description(c.oid, 'pg_class'), a.attname, "
	"replace(pg_catalog.format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', "
	"'timestamptz'), pg_catalog.col_description(c.oid, a.attnum) "
	"from " VIEWS_OF_OURS
	"join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 "
	"and not a.attisdropped "
	"where $1::text is null or c.relname = regexp_replace($1, '^dmarc\\.', '') "
	"order by c.relname, a.attnum";

static const char names_query[] =
	"select string_agg(c.relname, ', ' order by c.relname) from " VIEWS_OF_OURS;

static bool tell_there_is_none(struct connection *c, const char *name, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, names_query, NULL, 0, &rows, e))
		return false;
	err_set(e, ERR_USAGE, "there is no view %s", name);
	return err_remedy(e, "there are: %.*s", SLICE_ARG(rows_text(rows, 0, 0)));
}

/* The rows of one view. */
struct view {
	const struct rows *rows;
	size_t begin, end;
	unsigned width;
	struct output *out;
};

static bool is_same_view(const struct rows *rows, size_t a, size_t b)
{
	return slice_equal(rows_text(rows, a, VIEW_NAME), rows_text(rows, b, VIEW_NAME));
}

static unsigned widest(const struct view *v, enum described column)
{
	size_t most = 0;

	for (size_t row = v->begin; row < v->end; row++) {
		size_t n = rows_text(v->rows, row, column).n;

		most = n > most ? n : most;
	}
	return (unsigned)(most < NAME_BYTES ? most : NAME_BYTES);
}

/* As wide as the others of its kind; a last one ends where it ends. */
static void append_padded(struct buf *line, struct slice text, unsigned width, bool last)
{
	size_t end = line->n + width + INDENT;

	text_append_harmless(line, text, NAME_BYTES);
	while (!last && line->n < end)
		buf_append_byte(line, ' ');
}

static void print_columns(const struct view *v)
{
	unsigned names = widest(v, COLUMN_NAME), types = widest(v, COLUMN_TYPE);
	unsigned indent = INDENT + names + INDENT + types + INDENT;

	for (size_t row = v->begin; row < v->end; row++) {
		struct slice comment = rows_text(v->rows, row, COLUMN_COMMENT);
		SCOPED(buf) struct buf line = { 0 };

		buf_printf(&line, "%*s", INDENT, "");
		append_padded(&line, rows_text(v->rows, row, COLUMN_NAME), names, false);
		append_padded(&line, rows_text(v->rows, row, COLUMN_TYPE), types, comment.n == 0);
		output_write(v->out, buf_slice(&line));
		wrap_continue(v->out, comment, indent, indent, v->width);
	}
}

static void print_view(const struct view *v)
{
	struct slice comment = rows_text(v->rows, v->begin, VIEW_COMMENT);

	if (v->begin > 0)
		output_text(v->out, "\n");
	wrap_print(v->out, rows_text(v->rows, v->begin, VIEW_NAME), 0, 0, v->width);
	if (comment.n > 0)
		wrap_print(v->out, comment, INDENT, INDENT, v->width);
	output_text(v->out, "\n");
	print_columns(v);
}

bool describe_views(struct connection *c, const char *name, unsigned width, struct output *out,
		    struct err *e)
{
	const char *values[] = { name };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, columns_query, values, COUNT_OF(values), &rows, e))
		return false;
	if (name && rows_count(rows) == 0)
		return tell_there_is_none(c, name, e);
	for (size_t begin = 0, end; begin < rows_count(rows); begin = end) {
		end = begin + 1;
		while (end < rows_count(rows) && is_same_view(rows, begin, end))
			end++;
		print_view(&(struct view){ rows, begin, end, width, out });
	}
	return true;
}
