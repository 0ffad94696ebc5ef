/* SPDX-License-Identifier: MIT */
#include "base/spool.h"

#include <sys/types.h>

#include "base/file.h"

#include "base/banned.h"

static bool move_to_file(struct spool *s, struct err *e)
{
	s->fd = file_temporary(e);
	if (s->fd < 0 || !file_write_temporary(s->fd, buf_slice(&s->memory), e))
		return false;
	buf_release(&s->memory);
	return true;
}

bool spool_append(struct spool *s, struct slice bytes, struct err *e)
{
	if (s->fd < 0 && s->size + bytes.n > s->most && !move_to_file(s, e))
		return false;
	s->size += bytes.n;
	if (s->fd >= 0)
		return file_write_temporary(s->fd, bytes, e);
	buf_append(&s->memory, bytes);
	return true;
}

ssize_t spool_read(const struct spool *s, char *bytes, size_t n, uint64_t offset, struct err *e)
{
	if (s->fd >= 0)
		return file_read_at(s->fd, bytes, n, (off_t)offset, e);

	struct slice rest = slice_from_offset(buf_slice(&s->memory), offset);
	struct slice piece = slice_prefix(rest, n);

	memcpy(bytes, piece.p, piece.n);
	return (ssize_t)piece.n;
}

void spool_release(struct spool *s)
{
	buf_release(&s->memory);
	fd_close(s->fd);
	*s = SPOOL_INIT(s->most);
}
