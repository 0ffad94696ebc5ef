/* SPDX-License-Identifier: MIT */
/*
 * The bare reference as a whole program: one thread, read -> GMime -> zlib -> SAX2 with all fields
 * collected, no database and no checks. PERF: nothing here is clever, and it is not to become so.
 *
 *	bare PATH       a Maildir, a mail, or a report as .xml or .gz
 */
#include <gmime/gmime.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/log.h"
#include "base/output.h"
#include "base/reader.h"
#include "tests/bench/collector.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024, GZIP_WINDOW = 15 + 16, RAW_WINDOW = -15 };

#define MAX_FILE_BYTES ((size_t)4 << 30)

struct bare {
	struct bare_totals totals;
	uint64_t faults;
};

static void object_unref(void *object)
{
	if (object)
		g_object_unref(object);
}
SCOPE_DEFINE(stream, GMimeStream *, object_unref);
SCOPE_DEFINE(filter, GMimeFilter *, object_unref);
SCOPE_DEFINE(mime_parser, GMimeParser *, object_unref);
SCOPE_DEFINE(mime_message, GMimeMessage *, object_unref);

/* -- one attachment: gzip, the first member of a zip, or XML; anything else is passed over */

struct unpacking {
	struct bare *bare;
	enum { UNPACK_UNKNOWN, UNPACK_NOTHING, UNPACK_PLAIN, UNPACK_INFLATE, UNPACK_DONE } how;
	z_stream stream;
	struct collector *collector;
};

static void inflate_begin(struct unpacking *u, int window)
{
	u->how = UNPACK_INFLATE;
	BUG_UNLESS(inflateInit2(&u->stream, window) == Z_OK);
}

static bool is_report(struct slice bytes)
{
	return slice_starts_with(bytes, SLICE("<?xml")) ||
		slice_starts_with(bytes, SLICE("<feedback"));
}

static void sniff(struct unpacking *u, struct slice *bytes)
{
	u->how = UNPACK_NOTHING;
	if (slice_starts_with(*bytes, SLICE("\x1F\x8B"))) {
		inflate_begin(u, GZIP_WINDOW);
	} else if (slice_starts_with(*bytes, SLICE("PK\x03\x04"))) {
		struct reader r = reader_over(slice_from_offset(*bytes, 26));
		size_t names = reader_u16le(&r);

		names += reader_u16le(&r);
		*bytes = slice_from_offset(*bytes, 30 + names);
		inflate_begin(u, RAW_WINDOW);
	} else if (is_report(*bytes)) {
		u->how = UNPACK_PLAIN;
	}
	if (u->how != UNPACK_NOTHING)
		u->collector = collector_new(&u->bare->totals);
}

static void inflate_push(struct unpacking *u, struct slice bytes)
{
	unsigned char piece[PIECE_BYTES];
	int code = Z_OK;

	/* zlib reads through this pointer only, but its type predates const */
	u->stream.next_in = (unsigned char *)(uintptr_t)bytes.p;
	u->stream.avail_in = (unsigned)bytes.n;
	do {
		u->stream.next_out = piece;
		u->stream.avail_out = sizeof(piece);
		code = inflate(&u->stream, Z_NO_FLUSH);
		collector_push(u->collector,
			       slice_of((const char *)piece, sizeof(piece) - u->stream.avail_out));
	} while (code == Z_OK && u->stream.avail_out == 0);
	if (code == Z_STREAM_END)
		u->how = UNPACK_DONE;
	else if (code != Z_OK && code != Z_BUF_ERROR)
		u->bare->faults++;
}

static void unpack_push(struct unpacking *u, struct slice bytes)
{
	if (u->how == UNPACK_UNKNOWN)
		sniff(u, &bytes);
	if (u->how == UNPACK_INFLATE)
		inflate_push(u, bytes);
	else if (u->how == UNPACK_PLAIN)
		collector_push(u->collector, bytes);
}

static void unpack_finish(struct unpacking *u)
{
	if (u->collector)
		u->bare->faults += !collector_finish(u->collector) || u->how == UNPACK_INFLATE;
	(void)inflateEnd(&u->stream);
	collector_free(u->collector);
}

/* -- one file */

static void read_part(GMimeObject *parent UNUSED, GMimeObject *part, gpointer data)
{
	struct unpacking u = { .bare = data };
	char piece[PIECE_BYTES];
	ssize_t got;

	if (!GMIME_IS_PART(part))
		return;

	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part)); /* owned by GMime */

	if (!content)
		return;

	GMimeStream *raw = g_mime_data_wrapper_get_stream(content); /* owned by GMime */
	SCOPED(stream) GMimeStream *stream = g_mime_stream_filter_new(raw);
	SCOPED(filter)
	GMimeFilter *decoder =
		g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE);

	g_mime_stream_reset(raw);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), decoder);
	while ((got = g_mime_stream_read(stream, piece, sizeof(piece))) > 0)
		unpack_push(&u, slice_of(piece, (size_t)got));
	unpack_finish(&u);
}

static void read_mail(struct bare *b, struct slice bytes)
{
	SCOPED(stream) GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
	SCOPED(mime_parser) GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	SCOPED(mime_message) GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	if (message)
		g_mime_message_foreach(message, read_part, b);
	else
		b->faults++;
}

static bool read_file(struct bare *b, const char *path, struct buf *bytes, struct err *e)
{
	if (!file_read_all(path, MAX_FILE_BYTES, bytes, e))
		return false;

	struct slice all = buf_slice(bytes);

	if (is_report(all) || slice_starts_with(all, SLICE("\x1F\x8B"))) {
		struct unpacking u = { .bare = b };

		unpack_push(&u, all);
		unpack_finish(&u);
	} else {
		read_mail(b, all);
	}
	return true;
}

static bool read_folder(struct bare *b, const char *path, struct err *e)
{
	SCOPED(dir) DIR *dir = opendir(path);
	SCOPED(buf) struct buf bytes = { 0 };
	struct dirent *entry;
	bool ok = true;

	while (ok && dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;

		char *file = path_join(path, entry->d_name);

		ok = read_file(b, file, &bytes, e);
		free(file);
	}
	return ok;
}

static bool read_path(struct bare *b, const char *path, struct err *e)
{
	static const char *const folders[] = { "new", "cur" };
	SCOPED(buf) struct buf bytes = { 0 };
	struct stat st;
	bool ok = true;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return read_file(b, path, &bytes, e);
	for (size_t i = 0; i < COUNT_OF(folders) && ok; i++) {
		char *folder = path_join(path, folders[i]);

		ok = read_folder(b, folder, e);
		free(folder);
	}
	return ok;
}

int main(int argc, char **argv)
{
	struct bare b = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	if (argc != 2) {
		log_line(LOG_LEVEL_ERROR, "usage: bare PATH");
		return 64;
	}
	g_mime_init();
	if (!read_path(&b, argv[1], &e) || !output_open(&out, NULL, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	output_printf(&out, "reports %llu\nrecords %llu\nmessages %llu\nfaults %llu\n",
		      (unsigned long long)b.totals.reports, (unsigned long long)b.totals.records,
		      (unsigned long long)b.totals.messages, (unsigned long long)b.faults);
	return output_finish(&out, &e) && b.faults == 0 ? 0 : 1;
}
