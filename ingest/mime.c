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

/* The outermost counts: a bounce is one whatever it returns. */
static void note_kind(struct walk *w, enum mail_kind kind)
{
	if (w->summary->kind == MAIL_ORDINARY)
		w->summary->kind = kind;
}

static void note_report_type(struct walk *w, GMimeObject *multipart)
{
	const char *type = g_mime_object_get_content_type_parameter(multipart, "report-type");

	note_kind(w, mail_kind_of_report_type(slice_from(type)));
}

/* The header counts where no type of a part has said anything. */
static void note_header(struct walk *w, GMimeMessage *message)
{
	const char *name;

	for (size_t i = 0; w->summary->kind == MAIL_ORDINARY && (name = mail_kind_field(i)); i++) {
		const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);

		if (value)
			note_kind(w, mail_kind_of_field(i, slice_from(value)));
	}
}

/* Behind blanks, comments and quotes: what a field that has but one word may be wrapped in. */
static struct slice only_word(struct slice value)
{
	unsigned comments = 0;
	size_t n = 0;

	for (; value.n > 0; value = slice_from_offset(value, 1)) {
		char c = value.p[0];

		comments += c == '(';
		if (comments == 0 && c != '"' && !byte_is_blank(c))
			break;
		comments -= comments > 0 && c == ')';
	}
	while (n < value.n &&
	       (byte_is_letter(value.p[n]) || byte_is_digit(value.p[n]) || value.p[n] == '-'))
		n++;
	return slice_prefix(value, n);
}

/* GMime knows an encoding only where nothing stands beside it. */
static GMimeContentEncoding encoding_of(GMimePart *part, GMimeDataWrapper *content)
{
	GMimeContentEncoding encoding = g_mime_data_wrapper_get_encoding(content);
	const char *field =
		g_mime_object_get_header(GMIME_OBJECT(part), "Content-Transfer-Encoding");
	char word[sizeof("quoted-printable")];

	if (encoding != GMIME_CONTENT_ENCODING_DEFAULT || !field ||
	    !slice_to_cstr(only_word(slice_from(field)), word, sizeof(word)))
		return encoding;
	return g_mime_content_encoding_from_string(word);
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
	void *decoder = g_mime_filter_basic_new(encoding_of(part, content), FALSE);

	g_mime_stream_reset(raw);
	g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), decoder);
	return stream;
}

static bool read_failed(unsigned part, struct err *e)
{
	return err_set(e, ERR_INPUT, "part %u of the mail cannot be read", part);
}

static bool push_bytes(struct walk *w, GMimeStream *stream, struct err *e)
{
	UNINITIALISED char piece[PIECE_BYTES];
	ssize_t got = 0;

	while (stream && (got = g_mime_stream_read(stream, piece, sizeof(piece))) > 0) {
		if (!w->listener->bytes(w->listener, slice_of(piece, (size_t)got), e))
			return false;
	}
	return got == 0 || read_failed(w->parts, e);
}

static bool decode_into(int fd, GMimeStream *stream, unsigned part, struct err *e)
{
	UNINITIALISED char piece[PIECE_BYTES];
	ssize_t got = 0;

	while (stream && (got = g_mime_stream_read(stream, piece, sizeof(piece))) > 0) {
		if (!file_write_temporary(fd, slice_of(piece, (size_t)got), e))
			return false;
	}
	return got == 0 || read_failed(part, e);
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

	note_kind(w, mail_kind_of_type(slice_from(name)));
	g_free(name);
	return ok && push_bytes(w, stream, e) && w->listener->end(w->listener, e);
}

static bool walk_object(struct walk *w, GMimeObject *object, unsigned depth, bool forwarded,
			struct err *e);

static bool walk_encoded_mail(struct walk *w, GMimePart *part, unsigned depth, bool forwarded,
			      struct err *e);

/* GMime makes a plain part of a mail that is encoded as a whole. */
static bool is_encoded_mail(GMimeObject *object)
{
	static const char *const subtypes[] = { "rfc822", "rfc2822", "global", "news" };
	GMimeContentType *type = g_mime_object_get_content_type(object);

	for (size_t i = 0; i < COUNT_OF(subtypes); i++) {
		if (g_mime_content_type_is_type(type, "message", subtypes[i]))
			return true;
	}
	return false;
}

static bool walk_children(struct walk *w, GMimeMultipart *multipart, unsigned depth, bool forwarded,
			  struct err *e)
{
	int count = g_mime_multipart_get_count(multipart);

	note_report_type(w, GMIME_OBJECT(multipart));
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
	if (!GMIME_IS_PART(object))
		return true;
	if (is_encoded_mail(object))
		return walk_encoded_mail(w, GMIME_PART(object), depth, forwarded, e);
	return push_part(w, GMIME_PART(object), forwarded, e);
}

static GMimeStream *stream_of_file(int fd, off_t start, struct err *e)
{
	int copy = dup(fd); /* the stream closes what it is given */

	if (copy < 0) {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the mail");
		return NULL;
	}
	(void)lseek(copy, start, SEEK_SET); /* where the stream begins, as it takes it */
	return g_mime_stream_fs_new(copy);
}

/*
 * A small mail, as nearly all are, is read at once and not by GMime's many small steps. NULL with an error: it
 * cannot be read.
 */
static GMimeStream *stream_of(int fd, off_t start, struct err *e)
{
	UNINITIALISED char bytes[MIME_SMALL_MAIL];
	ssize_t got = file_read_at(fd, bytes, sizeof(bytes), start, e);

	if (got < 0)
		return NULL;
	return got < MIME_SMALL_MAIL ? g_mime_stream_mem_new_with_buffer(bytes, (size_t)got)
				     : stream_of_file(fd, start, e);
}

static bool look_over(struct prescan *scan, int fd, struct slice small, struct err *e)
{
	if (slice_is_absent(small))
		return prescan_file(scan, fd, e);
	return prescan_push(scan, small, e) && prescan_finish(scan, e);
}

/* What a look has found in a mail: where it begins, and a mended copy if it needs one. */
struct look {
	off_t start;
	int copy; /* -1: it is good as it is, or no mail */
	bool is_mail, again;
};

static void look_release(struct look l)
{
	fd_close(l.copy);
}
SCOPE_DEFINE(look, struct look, look_release);

static bool look_at(int fd, struct slice small, bool last, struct look *l, struct err *e)
{
	SCOPED(prescan) struct prescan *scan = prescan_new();
	size_t count;

	if (last)
		prescan_take_as_declared(scan);
	if (!look_over(scan, fd, small, e))
		return false;

	const struct repair *repairs = prescan_repairs(scan, &count);

	l->is_mail = prescan_is_mail(scan);
	l->start = (off_t)prescan_start(scan);
	l->again = prescan_wants_another(scan);
	if (l->is_mail && count > 0)
		l->copy = repair_copy(fd, repairs, count, e);
	return !l->is_mail || count == 0 || l->copy >= 0;
}

/*
 * The mail as GMime may see it: as it is, or a copy that is mended. NULL with an error; NULL without one
 * where there is no mail.
 */
static GMimeStream *prepare(int fd, struct slice small, struct err *e)
{
	SCOPED(look) struct look first = { .copy = -1 };
	SCOPED(look) struct look second = { .copy = -1 };

	if (!look_at(fd, small, false, &first, e) || !first.is_mail)
		return NULL;
	if (first.again && !look_at(first.copy, SLICE_ABSENT, true, &second, e))
		return NULL;
	/* what is mended is behind the start */
	if (second.copy >= 0 || first.copy >= 0)
		return stream_of(second.copy >= 0 ? second.copy : first.copy, first.start, e);
	if (slice_is_absent(small))
		return stream_of(fd, first.start, e);
	small = slice_from_offset(small, (size_t)first.start);
	return g_mime_stream_mem_new_with_buffer(small.p, small.n);
}

static GMimeMessage *parse(GMimeStream *stream)
{
	SCOPED(mime_parser) GMimeParser *parser = g_mime_parser_new_with_stream(stream);

	/* parts stay where they are in the file until they are read */
	g_mime_parser_set_persist_stream(parser, TRUE);

	return g_mime_parser_construct_message(parser, NULL);
}

struct mime_head {
	GMimeMessage *message; /* borrowed */
};

const char *mime_head_field(const struct mime_head *head, const char *name, int *place)
{
	GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(head->message));
	int count = g_mime_header_list_get_count(fields);

	while (*place < count) {
		GMimeHeader *field = g_mime_header_list_get_header_at(fields, (*place)++);

		if (g_ascii_strcasecmp(g_mime_header_get_name(field), name) == 0)
			return g_mime_header_get_raw_value(field);
	}
	return NULL;
}

struct slice mime_head_from(const struct mime_head *head)
{
	InternetAddressList *list = g_mime_message_get_from(head->message); /* owned by GMime */
	int place = 0;

	if (!mime_head_field(head, "From", &place) || mime_head_field(head, "From", &place) ||
	    !list || internet_address_list_length(list) != 1)
		return SLICE_ABSENT;

	InternetAddress *only = internet_address_list_get_address(list, 0);

	if (!INTERNET_ADDRESS_IS_MAILBOX(only))
		return SLICE_ABSENT;

	const char *address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(only));
	const char *at = address ? strrchr(address, '@') : NULL;

	return slice_from(at ? at + 1 : NULL);
}

static void tell_head(struct walk *w, GMimeMessage *message)
{
	const struct mime_head head = { message };

	if (w->listener->head)
		w->listener->head(w->listener, &head);
}

/* Unless it is no mail: then *is_mail is false, and nothing was walked. */
static bool walk_mail(struct walk *w, int fd, struct slice small, unsigned depth, bool *is_mail,
		      struct err *e)
{
	SCOPED(stream) GMimeStream *stream = prepare(fd, small, e);
	SCOPED(mime_message) GMimeMessage *message = stream ? parse(stream) : NULL;

	*is_mail = message != NULL;
	if (!message)
		return e->kind == ERR_NONE;

	GMimeObject *root = g_mime_message_get_mime_part(message);

	if (depth == 0) {
		const char *id = g_mime_message_get_message_id(message); /* owned by GMime */

		w->summary->kind = MAIL_ORDINARY;
		w->summary->message_id = memory_copy(slice_from(id));
		tell_head(w, message);
	}

	bool ok = !root || walk_object(w, root, depth, depth > 0, e);

	if (depth == 0)
		note_header(w, message);
	return ok;
}

/* GMime does not look into a mail that is encoded as a whole: it is decoded into a file, and read anew. */
static bool walk_encoded_mail(struct walk *w, GMimePart *part, unsigned depth, bool forwarded,
			      struct err *e)
{
	SCOPED(fd) int fd = file_temporary(e);
	SCOPED(stream) GMimeStream *stream = decoded_stream(part);
	bool is_mail = false;

	if (fd < 0 || !decode_into(fd, stream, w->parts, e) ||
	    !walk_mail(w, fd, SLICE_ABSENT, depth + 1, &is_mail, e))
		return false;
	return is_mail || push_part(w, part, forwarded, e);
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

bool mime_walk(int fd, struct slice small, struct mime_listener *listener,
	       struct mime_summary *summary_out, struct err *e)
{
	struct walk w = { .listener = listener, .summary = summary_out };
	bool is_mail;

	*summary_out = (struct mime_summary){ 0 };
	/* no mail at all is for the caller to name */
	return walk_mail(&w, fd, small, 0, &is_mail, e);
}
