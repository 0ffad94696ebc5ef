/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* realpath, mkostemp */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#include "base/banned.h"

void fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = saved;
}

int file_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot open the file");
		err_where(e, "%s", path);
	}
	return fd;
}

ssize_t file_read_at(int fd, char *bytes, size_t n, off_t offset, struct err *e)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, bytes + have, n - have, offset + (off_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the file");
			return -1;
		}
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

bool file_read_all(const char *path, size_t max, struct buf *bytes_out, struct err *e)
{
	SCOPED(fd) int fd = file_open(path, e);
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
		err_set(e, ERR_NO_INPUT, "not a file that can be read");
		return err_where(e, "%s", path);
	}
	buf_clear(bytes_out);
	for (;;) {
		buf_reserve(bytes_out, 65536);

		ssize_t got = file_read_at(fd, bytes_out->p + bytes_out->n, 65536,
					   (off_t)bytes_out->n, e);

		if (got < 0)
			return err_where(e, "%s", path);
		bytes_out->n += (size_t)got;
		bytes_out->p[bytes_out->n] = '\0';
		if (bytes_out->n > max) {
			err_set(e, ERR_LIMIT, "the file has more than %zu bytes", max);
			return err_where(e, "%s", path);
		}
		if (got < 65536)
			return true;
	}
}

bool file_write_all(int fd, struct slice bytes, struct err *e)
{
	while (bytes.n > 0) {
		ssize_t put = write(fd, bytes.p, bytes.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_set_errno(e, ERR_OUTPUT, errno, "cannot write");
		bytes = slice_from_offset(bytes, (size_t)put);
	}
	return true;
}

int file_make(char *name)
{
	return mkostemp(name, O_CLOEXEC);
}

bool file_replace(const char *path, struct slice bytes, mode_t mode, struct err *e)
{
	SCOPED(buf) struct buf temporary = { 0 };

	buf_printf(&temporary, "%s.XXXXXX", path);
	SCOPED(fd) int fd = file_make(temporary.p);

	if (fd < 0) {
		err_set_errno(e, ERR_OUTPUT, errno, "cannot create a file");
		return err_where(e, "%s", path);
	}
	if (!file_write_all(fd, bytes, e)) {
		err_where(e, "%s", path);
	} else if (fchmod(fd, mode) != 0 || rename(temporary.p, path) != 0) {
		err_set_errno(e, ERR_OUTPUT, errno, "cannot write the file");
		err_where(e, "%s", path);
	} else {
		return true;
	}
	(void)unlink(temporary.p);
	return false;
}

static const char *temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && folder[0] != '\0' ? folder : "/tmp";
}

static bool no_room(struct err *e)
{
	err_where(e, "%s", temporary_folder());
	return err_remedy(e, "set TMPDIR to a folder with room");
}

bool file_write_temporary(int fd, struct slice bytes, struct err *e)
{
	return file_write_all(fd, bytes, e) || no_room(e);
}

int file_temporary(struct err *e)
{
	SCOPED(buf) struct buf path = { 0 };

	buf_printf(&path, "%s/ruamill.XXXXXX", temporary_folder());

	int fd = file_make(path.p);

	if (fd < 0) {
		err_set_errno(e, ERR_OUTPUT, errno, "cannot create a temporary file");
		(void)no_room(e);
		return -1;
	}
	(void)unlink(path.p);
	return fd;
}

char *path_join(const char *folder, const char *name)
{
	struct buf path = { 0 };

	buf_append_text(&path, folder);
	if (path.n == 0 || path.p[path.n - 1] != '/')
		buf_append_byte(&path, '/');
	buf_append_text(&path, name);
	return buf_detach(&path);
}

char *path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return memory_copy(SLICE("."));
	return memory_copy(slice_of(path, slash == path ? 1 : (size_t)(slash - path)));
}

const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_real(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : memory_copy(slice_from(path));
}
