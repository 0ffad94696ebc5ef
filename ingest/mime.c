/* SPDX-License-Identifier: MIT */
#include "ingest/mime.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "ingest/repair.h"
#include "parser/limits.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(mail_kind, MAIL_KIND_LIST)

enum { PIECE_BYTES = 64 * 1024 };

static void object_unref(void *object)
{
	if (object)
		g_object_unref(object);
}
SCOPE_DEFINE(object, void *, object_unref);
SCOPE_DEFINE(stream, GMimeStream *, object_unref);
SCOPE_DEFINE(mime_parser, GMimeParser *, object_unref);
SCOPE_DEFINE(mime_message, GMimeMessage *, object_unref);

struct walk {
	struct mime_listener *listener;
	struct mime_summary *summary;
	unsigned parts;
};

static const struct {
	const char *type, *subtype;
	enum mail_kind kind;
} telling_types[] = {
	{ "message", "feedback-report", MAIL_FAILURE_REPORT },
	{ "message", "delivery-status", MAIL_BOUNCE },
	{ "application", "tlsrpt+gzip", MAIL_TLS_REPORT },
	{ "application", "tlsrpt+json", MAIL_TLS_REPORT },
	{ "application", "ms-tnef", MAIL_TNEF },
	{ "application", "vnd.ms-tnef", MAIL_TNEF },
};

static void note_kind(struct walk *w, GMimeContentType *type)
{
	for (size_t i = 0; i < COUNT_OF(telling_types); i++) {
		if (g_mime_content_type_is_type(type, telling_types[i].type,
						telling_types[i].subtype))
			w->summary->kind = telling_types[i].kind;
	}
}

/* A stream that yields the part's bytes with base64 or quoted-printable taken off. */
static GMimeStream *decoded_stream(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part); /* owned by GMime */

	if (!content)
		return NULL;

	GMimeStream *raw = g_mime_data_wrapper_get_stream(content); /* owned by GMime */
	GMimeStream *stream = g_mime_stream_filter_new(raw);
	SCOPED(object)
	void *decoder = g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE);

	g_mime_stream_reset(raw);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), decoder);
	return stream;
}

static bool push_part(struct walk *w, GMimePart *part, bool forwarded, struct err *e)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	SCOPED(stream) GMimeStream *stream = decoded_stream(part);
	char *name = g_mime_content_type_get_mime_type(type); /* ours, g_free() */
	bool declared = g_mime_object_get_header(GMIME_OBJECT(part), "Content-Type") != NULL;
	struct mime_part described = { declared ? slice_from(name) : SLICE_ABSENT, w->parts,
				       forwarded };
	bool ok = w->listener->begin(w->listener, &described, e);
	char piece[PIECE_BYTES];
	ssize_t got = 0;

	g_free(name);
	note_kind(w, type);
	while (ok && stream && (got = g_mime_stream_read(stream, piece, sizeof(piece))) > 0)
		ok = w->listener->bytes(w->listener, slice_of(piece, (size_t)got), e);
	if (ok && got < 0)
		return err_set(e, ERR_INPUT, "part %u of the mail cannot be read", w->parts);
	return ok && w->listener->end(w->listener, e);
}

static bool walk_object(struct walk *w, GMimeObject *object, unsigned depth, bool forwarded,
			struct err *e);

static bool walk_children(struct walk *w, GMimeMultipart *multipart, unsigned depth, bool forwarded,
			  struct err *e)
{
	int count = g_mime_multipart_get_count(multipart);

	for (int i = 0; i < count; i++) {
		if (!walk_object(w, g_mime_multipart_get_part(multipart, i), depth + 1, forwarded,
				 e))
			return false;
	}
	return true;
}

static bool walk_object(struct walk *w, GMimeObject *object, unsigned depth, bool forwarded,
			struct err *e)
{
	if (depth > LIMIT_MIME_DEPTH)
		return err_set(e, ERR_LIMIT, "the parts of the mail are nested more than %d deep",
			       LIMIT_MIME_DEPTH);
	if (GMIME_IS_MULTIPART(object))
		return walk_children(w, GMIME_MULTIPART(object), depth, forwarded, e);
	if (++w->parts > LIMIT_MIME_PARTS)
		return err_set(e, ERR_LIMIT, "the mail has more than %d parts", LIMIT_MIME_PARTS);
	if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		GMimeObject *root = inner ? g_mime_message_get_mime_part(inner) : NULL;

		return !root || walk_object(w, root, depth + 1, true, e);
	}
	return !GMIME_IS_PART(object) || push_part(w, GMIME_PART(object), forwarded, e);
}

static GMimeMessage *parse(int fd, struct err *e)
{
	int copy = dup(fd); /* the stream closes what it is given */

	if (copy < 0) {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the mail");
		return NULL;
	}
	(void)lseek(copy, 0, SEEK_SET);

	SCOPED(stream) GMimeStream *stream = g_mime_stream_fs_new(copy);
	SCOPED(mime_parser) GMimeParser *parser = g_mime_parser_new_with_stream(stream);

	/* parts stay where they are in the file until they are read */
	g_mime_parser_set_persist_stream(parser, TRUE);

	return g_mime_parser_construct_message(parser, NULL);
}

/*
 * GObject makes a class ready when it is first used, which must not be in two threads: so those that a
 * mail may need are used here.
 */
void mime_start(void)
{
	static GType (*const types[])(void) = {
		g_mime_parser_get_type,
		g_mime_stream_fs_get_type,
		g_mime_stream_filter_get_type,
		g_mime_stream_null_get_type,
		g_mime_stream_mem_get_type,
		g_mime_filter_basic_get_type,
		g_mime_data_wrapper_get_type,
		g_mime_message_get_type,
		g_mime_message_part_get_type,
		g_mime_message_partial_get_type,
		g_mime_multipart_get_type,
		g_mime_multipart_signed_get_type,
		g_mime_multipart_encrypted_get_type,
		g_mime_part_get_type,
		g_mime_text_part_get_type,
		g_mime_application_pkcs7_mime_get_type,
		g_mime_content_type_get_type,
		g_mime_content_disposition_get_type,
		g_mime_header_get_type,
		g_mime_header_list_get_type,
		g_mime_param_get_type,
		g_mime_param_list_get_type,
		internet_address_list_get_type,
		internet_address_mailbox_get_type,
		internet_address_group_get_type,
	};

	g_mime_init();
	for (size_t i = 0; i < COUNT_OF(types); i++)
		(void)g_type_class_ref(types[i]()); /* GLib keeps it for the life of the program */
}

/* The descriptor of a mail that GMime may see: fd, or a copy that is mended; -1 where there is none. */
static int prepare(int fd, int *copy, struct err *e)
{
	SCOPED(prescan) struct prescan *scan = prescan_new();
	size_t count;

	if (!prescan_file(scan, fd, e) || !prescan_is_mail(scan))
		return -1;

	const struct repair *repairs = prescan_repairs(scan, &count);

	if (count == 0)
		return fd;
	return *copy = repair_copy(fd, repairs, count, e);
}

bool mime_walk(int fd, struct mime_listener *listener, struct mime_summary *summary_out,
	       struct err *e)
{
	struct walk w = { .listener = listener, .summary = summary_out };
	SCOPED(fd) int copy = -1;

	*summary_out = (struct mime_summary){ 0 };

	int mail = prepare(fd, &copy, e);

	if (mail < 0)
		return e->kind == ERR_NONE; /* no mail at all, which is for the caller to name */

	SCOPED(mime_message) GMimeMessage *message = parse(mail, e);

	if (!message)
		return e->kind == ERR_NONE;

	const char *id = g_mime_message_get_message_id(message); /* owned by GMime */
	GMimeObject *root = g_mime_message_get_mime_part(message);

	summary_out->kind = MAIL_ORDINARY;
	summary_out->message_id = memory_copy(slice_from(id));
	return !root || walk_object(&w, root, 0, false, e);
}
