/* SPDX-License-Identifier: MIT */
/*
 * The pre-scan beside GMime: what it lets through, mended, is no more than it has counted, or GMime's
 * tree is not bounded. The bytes are a mail; it is scanned whole and in pieces, with the same result.
 */
#include <gmime/gmime.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "ingest/repair.h"

#include "base/banned.h"

struct tree {
	unsigned headers, fields;
};

static void count_object(struct tree *t, GMimeObject *object);

static void count_fields(struct tree *t, GMimeObject *object)
{
	t->headers++;
	t->fields += (unsigned)g_mime_header_list_get_count(g_mime_object_get_header_list(object));
}

/* A mail and its root share one header. */
static void count_mail(struct tree *t, GMimeMessage *mail)
{
	GMimeObject *root = g_mime_message_get_mime_part(mail);

	t->fields += (unsigned)g_mime_header_list_get_count(
		g_mime_object_get_header_list(GMIME_OBJECT(mail)));
	if (root)
		count_object(t, root);
}

static void count_object(struct tree *t, GMimeObject *object)
{
	count_fields(t, object);
	if (GMIME_IS_MULTIPART(object)) {
		int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

		for (int i = 0; i < count; i++)
			count_object(t, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *mail = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

		if (mail)
			count_mail(t, mail);
	}
}

/* The descriptor is GMime's from here on. */
static struct tree tree_of(int fd)
{
	GMimeStream *stream = g_mime_stream_fs_new(fd);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *mail = g_mime_parser_construct_message(parser, NULL);
	struct tree t = { 0 };

	if (mail) {
		count_mail(&t, mail);
		g_object_unref(mail);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return t;
}

static bool scan(struct prescan *p, struct slice mail, size_t piece)
{
	struct err e = ERR_INIT;
	bool ok = true;

	for (; ok && mail.n > 0; mail = slice_from_offset(mail, piece))
		ok = prescan_push(p, slice_prefix(mail, piece), &e);
	ok = ok && prescan_finish(p, &e);
	BUG_UNLESS(ok || e.kind == ERR_LIMIT);
	return ok;
}

/* What GMime is given: the mail, mended where it has to be. */
static int mended(int fd, const struct prescan *p)
{
	struct err e = ERR_INIT;
	size_t count;
	const struct repair *repairs = prescan_repairs(p, &count);

	if (count > 0) {
		int copy = repair_copy(fd, repairs, count, &e);

		fd_close(fd);
		fd = copy;
	}
	BUG_UNLESS(fd >= 0 && lseek(fd, (off_t)prescan_start(p), SEEK_SET) >= 0);
	return fd;
}

static void compare(int fd, const struct prescan *p, size_t size)
{
	struct tree tree = tree_of(fd);
	struct prescan_counts counts = prescan_counts(p);

	/* of a long line each buffer of GMime's may be one more; it adds a Content-Type where none is */
	unsigned headers = counts.headers + (unsigned)(size / 4096);

	BUG_UNLESS(tree.headers <= headers);
	BUG_UNLESS(tree.fields <= counts.header_lines + headers);
}

/* What is mended otherwise than it was declared is looked over again. */
static void look_again(int fd, size_t size)
{
	SCOPED(prescan) struct prescan *p = prescan_new();
	struct err e = ERR_INIT;

	prescan_take_as_declared(p);
	if (!prescan_file(p, fd, &e)) {
		BUG_UNLESS(e.kind == ERR_LIMIT);
		fd_close(fd);
		return;
	}
	BUG_UNLESS(prescan_is_mail(p) && !prescan_wants_another(p));
	compare(mended(fd, p), p, 2 * size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(prescan) struct prescan *whole = prescan_new();
	SCOPED(prescan) struct prescan *pieces = prescan_new();
	struct slice mail = slice_of((const char *)data, size);
	bool ok = scan(whole, mail, SIZE_MAX);
	size_t whole_repairs, pieces_repairs;

	BUG_UNLESS(scan(pieces, mail, size > 0 && data[0] > 0 ? data[0] : 1) == ok);
	(void)prescan_repairs(whole, &whole_repairs);
	(void)prescan_repairs(pieces, &pieces_repairs);
	BUG_UNLESS(whole_repairs == pieces_repairs);
	BUG_UNLESS(prescan_start(whole) == prescan_start(pieces));
	if (!ok || !prescan_is_mail(whole))
		return 0;
	g_mime_init();

	struct err e = ERR_INIT;
	int fd = file_temporary(&e);

	BUG_UNLESS(file_write_all(fd, mail, &e));
	fd = mended(fd, whole);
	if (prescan_wants_another(whole))
		look_again(fd, size);
	else
		compare(fd, whole, size);
	return 0;
}
