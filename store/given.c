/* SPDX-License-Identifier: MIT */
#include "store/given.h"

#include "base/bug.h"
#include "base/reader.h"
#include "store/copy.h"

#include "base/banned.h"

/* Where the number of elements stands in an array. */
enum { COUNT_AT = 12 };

static void append_number(struct buf *out, const struct type_number *number)
{
	buf_append(out, slice_of(number->bytes, sizeof(number->bytes)));
}

static void array_begin(struct buf *out, const struct row_type *type)
{
	copy_number(out, 4, 1); /* dimensions */
	copy_number(out, 4, 0); /* none is null */
	append_number(out, &type->number);
	copy_number(out, 4, 0); /* elements, once they are counted */
	copy_number(out, 4, 1); /* of the first element */
}

static void array_end(struct buf *out, uint32_t count)
{
	for (size_t i = 0; i < sizeof(count); i++)
		out->p[COUNT_AT + i] = (char)(unsigned char)(count >> (24 - 8 * i));
}

/* A length and so many bytes; none of null. */
static struct slice read_field(struct reader *row)
{
	struct reader ahead = *row;
	uint32_t length = reader_u32be(&ahead);

	return reader_bytes(row, 4 + (length == UINT32_MAX ? 0 : (size_t)length));
}

/* A row of COPY has the same fields, which do not say of what type they are. */
static void append_row(struct buf *out, const struct row_type *type, struct reader *row)
{
	size_t length_at = out->n;

	copy_number(out, 4, 0);
	copy_number(out, 4, type->column_count);
	BUG_UNLESS(reader_u16be(row) == type->column_count);
	for (size_t i = 0; i < type->column_count; i++) {
		append_number(out, &type->columns[i]);
		buf_append(out, read_field(row));
	}
	copy_end(out, length_at);
	BUG_UNLESS(!row->failed);
}

static void append_rows(struct buf *out, const struct row_type *type, struct slice rows)
{
	struct reader r = reader_over(rows);
	uint32_t count = 0;

	array_begin(out, type);
	for (; reader_left(&r) > 0; count++)
		append_row(out, type, &r);
	array_end(out, count);
}

static bool encode(struct connection *c, const char *name, struct slice rows, struct buf *array,
		   struct err *e)
{
	const struct row_type *type;

	if (!connection_row_type(c, name, &type, e))
		return false;
	append_rows(array, type, rows);
	return true;
}

bool given_execute(struct connection *c, const char *sql, const char *type, struct slice rows,
		   struct err *e)
{
	SCOPED(buf) struct buf array = { 0 };
	SCOPED(rows) struct rows *ignored = NULL;

	return encode(c, type, rows, &array, e) &&
		connection_query_binary(c, sql, buf_slice(&array), &ignored, e);
}

bool given_query_often(struct connection *c, const char *sql, const char *type, struct slice rows,
		       struct rows **rows_out, struct err *e)
{
	SCOPED(buf) struct buf array = { 0 };

	return encode(c, type, rows, &array, e) &&
		connection_query_often(c, sql, buf_slice(&array), rows_out, e);
}
