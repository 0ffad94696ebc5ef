/* SPDX-License-Identifier: MIT */
/* Standard input: one mail or report, kept in an unlinked file, since a message may be read twice. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "ingest/source_kinds.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { STDIN_KEY_VERSION = 3, PIECE_BYTES = 64 * 1024 };

struct source_stdin {
	struct source source;
	int fd;
	bool yielded;
};

/* One byte past the limit is enough for the reader of the message to refuse it. */
static bool spool(struct source_stdin *s, struct message *m, struct err *e)
{
	SCOPED(digest) struct digest *d = digest_new(STDIN_KEY_VERSION);
	char piece[PIECE_BYTES];

	s->fd = file_temporary(e);
	if (s->fd < 0)
		return false;
	while (m->size <= LIMIT_MAIL_BYTES) {
		ssize_t got = read(STDIN_FILENO, piece, sizeof(piece));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(e, ERR_NO_INPUT, errno, "cannot read standard input");
		if (got == 0)
			break;
		if (!file_write_all(s->fd, slice_of(piece, (size_t)got), e))
			return false;
		digest_add(d, slice_of(piece, (size_t)got));
		m->size += (uint64_t)got;
	}
	digest_take(
		d, m->key); /* the same bytes again are the same message: a mail server may retry */
	return true;
}

static int stdin_next(struct source *source, struct message *m, struct err *e)
{
	struct source_stdin *s = (struct source_stdin *)source;

	if (s->yielded)
		return 0;
	s->yielded = true;
	*m = (struct message){ 0 };
	if (!spool(s, m, e))
		return -1;
	m->source = memory_copy(SLICE("standard input"));
	m->locator = memory_copy(SLICE("-"));
	return 1;
}

static int stdin_open(struct source *source, const struct message *m UNUSED, struct err *e)
{
	struct source_stdin *s = (struct source_stdin *)source;
	int fd = dup(s->fd);

	if (fd < 0)
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read standard input again");
	return fd;
}

static bool stdin_settle(struct source *source UNUSED, const struct message *m UNUSED,
			 enum settlement settlement UNUSED, struct err *e UNUSED)
{
	return true;
}

static void stdin_close(struct source *source)
{
	struct source_stdin *s = (struct source_stdin *)source;

	fd_close(s->fd);
	free(s);
}

static const struct source_ops stdin_ops = { stdin_next, stdin_open, stdin_settle, stdin_close };

struct source *source_stdin_new(void)
{
	struct source_stdin *s = memory_zeroed(1, sizeof(*s));

	s->source = (struct source){
		.ops = &stdin_ops,
		.name = memory_copy(SLICE("standard input")),
		.count_hint = 1,
	};
	s->fd = -1;
	return &s->source;
}
