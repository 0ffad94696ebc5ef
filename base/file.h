/* SPDX-License-Identifier: MIT */
/* Files and paths: whole reads with a bound, whole writes, and descriptors that close themselves. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <dirent.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scope.h"

/* A negative descriptor is no descriptor. */
void fd_close(int fd);
SCOPE_DEFINE(fd, int, fd_close);

static inline void dir_close_(DIR *dir)
{
	if (dir)
		(void)closedir(dir);
}
SCOPE_DEFINE(dir, DIR *, dir_close_);

/* Opens for reading, close-on-exec; -1 with ERR_NO_INPUT. */
int file_open(const char *path, struct err *e);

/* Up to n bytes from an offset, short only at the end of the file; -1 with ERR_NO_INPUT. */
ssize_t file_read_at(int fd, char *bytes, size_t n, off_t offset, struct err *e);

/* The whole file; ERR_LIMIT when it has more than max bytes. */
MUST_USE bool file_read_all(const char *path, size_t max, struct buf *bytes_out, struct err *e);

MUST_USE bool file_write_all(int fd, struct slice bytes, struct err *e);

/* A new file, to be written by its owner only; six X at the end of the name become what is free. -1 and errno. */
int file_make(char *name);

/* Writes a new file of the given mode, replacing an old one at once or not at all. */
MUST_USE bool file_replace(const char *path, struct slice bytes, mode_t mode, struct err *e);

/* An unlinked temporary file in $TMPDIR or /tmp; -1 with ERR_OUTPUT. */
int file_temporary(struct err *e);

/* As file_write_all(), to such a file: the error says where it lies. */
MUST_USE bool file_write_temporary(int fd, struct slice bytes, struct err *e);

/* "folder/name", ours, free(). */
char *path_join(const char *folder, const char *name);

/* The folder of a path, "." where it names none; ours, free(). And what is behind its last slash. */
char *path_folder(const char *path);
const char *path_name(const char *path);

/* Absolute, without links; the path itself where it cannot be resolved. Ours, free(). */
char *path_real(const char *path);

#endif
