/* SPDX-License-Identifier: MIT */
#include "ingest/parts.h"

#include "base/file.h"
#include "ingest/document.h"
#include "ingest/unpack.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

/* A mail may hold a report as it is, behind its header: only what begins like one is one. */
static bool is_document(struct slice head)
{
	struct slice text = slice_skip_blanks(head);

	/* a header begins so, and nothing else that is looked for here */
	if (text.n > 0 && byte_is_letter(text.p[0]))
		return false;

	enum document_kind kind = document_sniff(head);
	bool is_report = kind == DOCUMENT_REPORT && document_begins_with_markup(head);

	return is_report || kind == DOCUMENT_XML || kind == DOCUMENT_TLS_REPORT ||
		kind == DOCUMENT_TNEF || kind == DOCUMENT_OLE;
}

static bool walk_file(int fd, off_t offset, struct mime_listener *l, struct err *e)
{
	const struct mime_part whole = { .type = SLICE_ABSENT, .number = 1 };
	UNINITIALISED char piece[PIECE_BYTES];
	ssize_t got;

	if (!l->begin(l, &whole, e))
		return false;
	while ((got = file_read_at(fd, piece, sizeof(piece), offset, e)) > 0) {
		if (!l->bytes(l, slice_of(piece, (size_t)got), e))
			return false;
		offset += got;
	}
	return got == 0 && l->end(l, e);
}

/* An archive may stand behind empty lines that are not of it. */
static size_t empty_lines(struct slice first)
{
	size_t n = 0;

	while (n < first.n && (first.p[n] == '\r' || first.p[n] == '\n'))
		n++;
	return n;
}

bool parts_walk(int fd, struct mime_listener *listener, struct mime_summary *summary_out,
		struct err *e)
{
	UNINITIALISED char bytes[MIME_SMALL_MAIL];
	ssize_t got = file_read_at(fd, bytes, sizeof(bytes), 0, e);

	*summary_out = (struct mime_summary){ .kind = MAIL_ORDINARY };
	if (got < 0)
		return false;

	struct slice first = slice_of(bytes, (size_t)got);
	struct slice head = slice_prefix(first, DOCUMENT_HEAD_BYTES);
	size_t empty = empty_lines(first);

	if (unpack_is_archive(slice_prefix(slice_from_offset(first, empty), DOCUMENT_HEAD_BYTES)))
		return walk_file(fd, (off_t)empty, listener, e);
	if (is_document(head))
		return walk_file(fd, 0, listener, e);
	if (!mime_walk(fd, got < MIME_SMALL_MAIL ? first : SLICE_ABSENT, listener, summary_out, e))
		return false;
	/* no mail, and yet there is a report in it */
	if (summary_out->kind == MAIL_NONE && document_sniff(head) == DOCUMENT_REPORT)
		return walk_file(fd, 0, listener, e);
	return true;
}
