/* SPDX-License-Identifier: MIT */
#include "store/payload.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/spool.h"
#include "base/text.h"
#include "store/copy.h"

#include "base/banned.h"

/*
 * A report of a thousand records packs to some kilobytes; what is past the first limit goes through a
 * file, and to the database in a transaction of its own.
 */
enum { MOST_IN_MEMORY = 1 << 20, PIECE_BYTES = 256 << 10, OUTPUT_BYTES = 64 << 10 };

/* Named of several reports that may be meant. */
enum { REPORTS_NAMED = 5 };

static const char copy_statement[] =
	"copy dmarc.payload (report_key, piece, bytes) from stdin (format binary)";

struct payload {
	z_stream stream;
	struct spool packed;
};

struct payload *payload_new(void)
{
	struct payload *p = memory_zeroed(1, sizeof(*p));

	/* it fails only for want of memory, and then as all else that wants some */
	BUG_UNLESS(deflateInit(&p->stream, Z_DEFAULT_COMPRESSION) == Z_OK);
	p->packed = SPOOL_INIT(MOST_IN_MEMORY);
	return p;
}

void payload_free(struct payload *p)
{
	if (!p)
		return;
	(void)deflateEnd(&p->stream);
	spool_release(&p->packed);
	free(p);
}

void payload_begin(struct payload *p)
{
	BUG_UNLESS(deflateReset(&p->stream) == Z_OK);
	if (p->packed.fd >= 0)
		spool_release(&p->packed);
	buf_clear(&p->packed.memory);
	p->packed.size = 0;
}

static bool pack(struct payload *p, int flush, struct err *e)
{
	UNINITIALISED unsigned char output[OUTPUT_BYTES];

	do {
		p->stream.next_out = output;
		p->stream.avail_out = OUTPUT_BYTES;
		BUG_UNLESS(deflate(&p->stream, flush) != Z_STREAM_ERROR);

		size_t made = OUTPUT_BYTES - p->stream.avail_out;

		if (made > 0 && !spool_append(&p->packed, slice_of((const char *)output, made), e))
			return false;
	} while (p->stream.avail_out == 0);
	return true;
}

bool payload_add(struct payload *p, struct slice bytes, struct err *e)
{
	enum { INPUT_BYTES = 1 << 30 };

	while (bytes.n > 0) {
		struct slice piece = slice_prefix(bytes, INPUT_BYTES);

		p->stream.next_in = (unsigned char *)(uintptr_t)piece.p;
		p->stream.avail_in = (unsigned)piece.n;
		if (!pack(p, Z_NO_FLUSH, e))
			return false;
		bytes = slice_from_offset(bytes, piece.n);
	}
	return true;
}

bool payload_finish(struct payload *p, struct err *e)
{
	p->stream.next_in = NULL;
	p->stream.avail_in = 0;
	return pack(p, Z_FINISH, e);
}

bool payload_is_large(const struct payload *p)
{
	return p->packed.fd >= 0;
}

/* -- into the database */

/* Appends the piece at an offset as a row; *more_out is false behind the last. */
static bool encode_piece(const struct payload *p, const struct uuid *report, uint64_t offset,
			 struct buf *rows, bool *more_out, struct err *e)
{
	SCOPED(buf) struct buf bytes = { 0 };

	buf_reserve(&bytes, PIECE_BYTES);

	ssize_t n = spool_read(&p->packed, bytes.p, PIECE_BYTES, offset, e);

	*more_out = n > 0;
	if (n <= 0)
		return n == 0;
	copy_row(rows, 3);
	copy_uuid(rows, report);
	copy_integer(rows, 4, offset / PIECE_BYTES);
	copy_field(rows, slice_of(bytes.p, (size_t)n));
	return true;
}

bool payload_encode(const struct payload *p, const struct uuid *report, struct buf *rows,
		    struct err *e)
{
	bool more = true;

	for (uint64_t offset = 0; more; offset += PIECE_BYTES) {
		if (!encode_piece(p, report, offset, rows, &more, e))
			return false;
	}
	return true;
}

bool payload_copy_rows(struct connection *c, struct slice rows, struct err *e)
{
	return connection_copy_begin(c, copy_statement, e) && connection_copy_put(c, rows, e) &&
		connection_copy_end(c, e);
}

bool payload_copy(const struct payload *p, const struct uuid *report, struct connection *c,
		  struct err *e)
{
	SCOPED(buf) struct buf row = { 0 };
	bool more = true;

	if (!connection_copy_begin(c, copy_statement, e))
		return false;
	for (uint64_t offset = 0; more; offset += PIECE_BYTES) {
		buf_clear(&row);
		if (!encode_piece(p, report, offset, &row, &more, e) ||
		    !connection_copy_put(c, buf_slice(&row), e))
			return false;
	}
	return connection_copy_end(c, e);
}

/* -- and back */

#define FIND(condition)                                                                            \
	"select key::text, policy_domain || ' ' || day from dmarc.report where " condition         \
	" order by day desc, key limit $2::bigint"

static const char find_by_key[] = FIND("key = $1::uuid");
static const char find_by_name[] = FIND("reporter || '/' || report_id = $1");

/* "several reports are called so: KEY (example.com 2026-11-20), ..." */
static bool tell_several(const struct rows *rows, const char *name, struct err *e)
{
	SCOPED(buf) struct buf keys = { 0 };
	size_t named = rows_count(rows) < REPORTS_NAMED ? rows_count(rows) : REPORTS_NAMED;

	for (size_t row = 0; row < named; row++)
		buf_printf(&keys, "%s%.*s (%.*s)", row == 0 ? "" : ", ",
			   SLICE_ARG(rows_text(rows, row, 0)), SLICE_ARG(rows_text(rows, row, 1)));
	if (rows_count(rows) > named)
		buf_append_text(&keys, ", ...");
	err_set(e, ERR_NO_INPUT, "several reports are called so: %s", buf_text(&keys));
	err_where(e, "%s", name);
	return err_remedy(e, "give the key of one");
}

bool payload_find_report(struct connection *c, const char *name, struct uuid *key_out,
			 struct err *e)
{
	char limit[8];
	const char *values[] = { name, limit };
	SCOPED(rows) struct rows *rows = NULL;

	const char *query = uuid_parse(slice_from(name), key_out) ? find_by_key : find_by_name;

	BUG_UNLESS(text_format(limit, sizeof(limit), "%d", REPORTS_NAMED + 1));
	if (!connection_query(c, query, values, COUNT_OF(values), &rows, e))
		return false;
	if (rows_count(rows) == 0) {
		err_set(e, ERR_NO_INPUT, "there is no such report");
		err_where(e, "%s", name);
		return err_remedy(
			e, "give its key, or reporter/report-id as in the view dmarc.records");
	}
	if (rows_count(rows) > 1)
		return tell_several(rows, name, e);
	BUG_UNLESS(uuid_parse(rows_text(rows, 0, 0), key_out));
	return true;
}

/* The nth piece, as it lies in the database; *found_out is false where there is none. */
static bool read_piece(struct connection *c, const char *report, uint64_t n, struct buf *bytes,
		       bool *found_out, struct err *e)
{
	char number[24];
	const char *values[] = { report, number };
	SCOPED(rows) struct rows *rows = NULL;

	BUG_UNLESS(text_format(number, sizeof(number), "%llu", (unsigned long long)n));
	if (!connection_query(c,
			      "select encode(bytes, 'hex') from dmarc.payload "
			      "where report_key = $1::uuid and piece = $2::integer",
			      values, COUNT_OF(values), &rows, e))
		return false;
	*found_out = rows_count(rows) == 1;
	buf_clear(bytes);
	if (!*found_out)
		return true;

	struct slice text = rows_text(rows, 0, 0);

	buf_reserve(bytes, text.n / 2);
	BUG_UNLESS(hex_parse(text, (unsigned char *)bytes->p, text.n / 2));
	bytes->n = text.n / 2;
	return true;
}

/* Z_OK, or Z_STREAM_END at its end; else it is damaged. */
static int unpack(z_stream *stream, struct slice bytes, struct output *out)
{
	UNINITIALISED unsigned char output[OUTPUT_BYTES];
	int code = Z_OK;

	stream->next_in = (unsigned char *)(uintptr_t)bytes.p;
	stream->avail_in = (unsigned)bytes.n;
	do {
		stream->next_out = output;
		stream->avail_out = OUTPUT_BYTES;
		code = inflate(stream, Z_NO_FLUSH);
		output_write(out, slice_of((const char *)output, OUTPUT_BYTES - stream->avail_out));
	} while (code == Z_OK && stream->avail_out == 0);
	return code == Z_BUF_ERROR ? Z_OK : code;
}

static bool print_pieces(struct connection *c, const char *report, z_stream *stream,
			 struct output *out, struct err *e)
{
	SCOPED(buf) struct buf bytes = { 0 };
	bool found = true;
	int code = Z_OK;

	for (uint64_t n = 0; found && code == Z_OK; n++) {
		if (!read_piece(c, report, n, &bytes, &found, e) || !output_check(out, e))
			return false;
		if (!found && n == 0) {
			err_set(e, ERR_NO_INPUT, "its payload was not stored, or dropped since");
			err_where(e, "%s", report);
			return err_remedy(e, "'ruamill ingest --store-payload' keeps payloads");
		}
		if (found)
			code = unpack(stream, buf_slice(&bytes), out);
	}
	if (code == Z_STREAM_END)
		return true;
	err_set(e, ERR_CONFIG, "its payload is damaged in the database");
	return err_where(e, "%s", report);
}

bool payload_print(struct connection *c, const struct uuid *report, struct output *out,
		   struct err *e)
{
	char key[UUID_TEXT_SIZE];
	z_stream stream = { 0 };

	uuid_format(report, key);
	BUG_UNLESS(inflateInit(&stream) == Z_OK);

	bool ok = print_pieces(c, key, &stream, out, e);

	(void)inflateEnd(&stream);
	return ok;
}
