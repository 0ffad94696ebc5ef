/* SPDX-License-Identifier: MIT */
/*
 * Standard input, a pipe or a device: one mail or report, kept in an unlinked file, since a message may
 * be read twice.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "ingest/bytes_digest.h"
#include "ingest/source_kinds.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { STREAM_KEY_VERSION = 5, PIECE_BYTES = 64 * 1024 };

struct source_stream {
	struct source source;
	int input; /* ours to close, unless it is standard input */
	int fd;    /* of the unlinked file */
	bool yielded;
};

/* One byte past the limit is enough for the reader of the message to refuse it. */
static bool spool(struct source_stream *s, struct message *m, struct err *e)
{
	char piece[PIECE_BYTES];

	s->fd = file_temporary(e);
	if (s->fd < 0)
		return false;
	while (m->size <= LIMIT_MAIL_BYTES) {
		ssize_t got = read(s->input, piece, sizeof(piece));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(e, ERR_NO_INPUT, errno, "cannot read %s",
					     s->source.name);
		if (got == 0)
			break;
		if (!file_write_temporary(s->fd, slice_of(piece, (size_t)got), e))
			return false;
		m->size += (uint64_t)got;
	}
	return true;
}

/* The same bytes again are the same message: a mail server may retry. */
static bool identify(const struct source_stream *s, struct message *m, struct err *e)
{
	SCOPED(digest) struct digest *d = digest_new(STREAM_KEY_VERSION);

	if (!bytes_digest(d, s->fd, 0, m->size, e))
		return false;
	digest_take(d, m->key);
	memcpy(m->place_key, m->key, MESSAGE_KEY_SIZE);
	return true;
}

static int stream_next(struct source *source, struct message *m, struct err *e)
{
	struct source_stream *s = (struct source_stream *)source;

	if (s->yielded)
		return 0;
	s->yielded = true;
	*m = (struct message){ 0 };
	if (!spool(s, m, e) || !identify(s, m, e))
		return -1;
	m->source = memory_copy(slice_from(s->source.name));
	m->locator = memory_copy(slice_from(s->source.name));
	return 1;
}

static int stream_open(struct source *source, struct message *m UNUSED, struct err *e)
{
	struct source_stream *s = (struct source_stream *)source;
	int fd = dup(s->fd);

	if (fd < 0)
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read %s again", s->source.name);
	return fd;
}

static void stream_close(struct source *source)
{
	struct source_stream *s = (struct source_stream *)source;

	if (s->input != STDIN_FILENO)
		fd_close(s->input);
	fd_close(s->fd);
	free(s);
}

/* What came by a pipe cannot be put anywhere: source_check() refuses to try. */
static const struct source_ops stream_ops = {
	.next = stream_next,
	.open = stream_open,
	.close = stream_close,
};

static struct source *stream_new(int input, const char *name)
{
	struct source_stream *s = memory_zeroed(1, sizeof(*s));

	s->source = (struct source){
		.ops = &stream_ops,
		.name = memory_copy(slice_from(name)),
		.count_hint = 1,
	};
	s->input = input;
	s->fd = -1;
	return &s->source;
}

struct source *source_stdin_new(const char *spec UNUSED, struct err *e UNUSED)
{
	return stream_new(STDIN_FILENO, "standard input");
}

struct source *source_stream_new(const char *path, struct err *e)
{
	int input = file_open(path, e);

	return input < 0 ? NULL : stream_new(input, path);
}
