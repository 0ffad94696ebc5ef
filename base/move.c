/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* renameat2 */
#include "base/move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#include "base/banned.h"

enum { MAX_NAMES = 10000, PIECE_BYTES = 64 * 1024 };

char *move_name(const struct move *m, unsigned n)
{
	struct buf path = { 0 };

	buf_append_text(&path, m->stem);
	if (n > 0)
		buf_printf(&path, "-%u", n);
	buf_append_text(&path, m->tail);
	return buf_detach(&path);
}

/* 0, or why not: EEXIST where the name is taken. */
static int place(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	/* file systems that do not know it: cut short between the two, the file has both names */
	return link(from, to) == 0 && unlink(from) == 0 ? 0 : errno;
}

/* One name in one folder, by whatever path: not merely one file, which may have several names. */
static bool is_same_entry(const char *a, const char *b)
{
	char *folder_a = path_folder(a), *folder_b = path_folder(b);
	struct stat sa, sb;
	bool same = slice_equal(slice_from(path_name(a)), slice_from(path_name(b))) &&
		stat(folder_a, &sa) == 0 && stat(folder_b, &sb) == 0 && sa.st_dev == sb.st_dev &&
		sa.st_ino == sb.st_ino;

	free(folder_a);
	free(folder_b);
	return same;
}

static bool have_same_bytes(const char *a, const char *b)
{
	struct err ignored = ERR_INIT; /* what cannot be read is not known to be the same */
	SCOPED(fd) int fd_a = file_open(a, &ignored);
	SCOPED(fd) int fd_b = file_open(b, &ignored);
	char piece_a[PIECE_BYTES], piece_b[PIECE_BYTES];
	off_t at = 0;
	ssize_t got = PIECE_BYTES;

	while (fd_a >= 0 && fd_b >= 0 && got == PIECE_BYTES) {
		got = file_read_at(fd_a, piece_a, sizeof(piece_a), at, &ignored);
		if (got < 0 || file_read_at(fd_b, piece_b, sizeof(piece_b), at, &ignored) != got ||
		    memcmp(piece_a, piece_b, (size_t)got) != 0)
			return false;
		at += got;
	}
	return fd_a >= 0 && fd_b >= 0;
}

static bool copy_bytes(int in, int out, struct err *e)
{
	char piece[PIECE_BYTES];
	off_t at = 0;
	ssize_t got;

	while ((got = file_read_at(in, piece, sizeof(piece), at, e)) > 0) {
		if (!file_write_all(out, slice_of(piece, (size_t)got), e))
			return false;
		at += got;
	}
	return got == 0;
}

/* As the file was: the owner only where we may, the rest always. Down on the disk before it is used. */
static bool finish_copy(int in, int out, struct err *e)
{
	struct stat st;

	if (fstat(in, &st) != 0)
		return err_set_errno(e, ERR_OUTPUT, errno, "cannot look at the file");

	const struct timespec times[] = { st.st_atim, st.st_mtim };

	if (geteuid() == 0 && fchown(out, st.st_uid, st.st_gid) != 0)
		return err_set_errno(e, ERR_OUTPUT, errno, "cannot give the copy its owner");
	if (fchmod(out, st.st_mode & 0777) != 0 || futimens(out, times) != 0 || fsync(out) != 0)
		return err_set_errno(e, ERR_OUTPUT, errno, "cannot write the copy");
	return true;
}

/* The copy's path; empty on an error. */
static bool copy_file(const struct move *m, struct buf *path, struct err *e)
{
	SCOPED(fd) int in = file_open(m->from, e);

	if (in < 0)
		return false;
	buf_printf(path, "%s/.ruamill.XXXXXX", m->scratch);

	SCOPED(fd) int out = file_make(path->p);

	if (out >= 0 && copy_bytes(in, out, e) && finish_copy(in, out, e))
		return true;
	if (out < 0)
		err_set_errno(e, ERR_OUTPUT, errno, "cannot create a file");
	else
		(void)unlink(path->p);
	buf_clear(path);
	return err_where(e, "%s", m->scratch);
}

/* The name of a copy is on the disk before the file it was made of goes. */
static bool sync_folder_of(const char *path)
{
	char *folder = path_folder(path);
	SCOPED(fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(folder);
	return fd >= 0 && fsync(fd) == 0;
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

static int cannot_move(const struct move *m, int why, struct err *e)
{
	err_set_errno(e, ERR_OUTPUT, why, "cannot move the file to %s", m->stem);
	err_where(e, "%s", m->from);
	return -1;
}

/* What is moved is the file, or its copy that takes its place. */
static int drop_original(const struct move *m, const struct buf *copy, const char *to,
			 struct err *e)
{
	if (copy->n > 0 && !sync_folder_of(to))
		return cannot_move(m, errno, e);
	if (unlink(m->from) != 0 && errno != ENOENT)
		return cannot_move(m, errno, e);
	return 1;
}

/* 1 or -1: how the move ends; 0: the name is taken by another file. */
static int try_name(const struct move *m, struct buf *copy, const char *to, struct err *e)
{
	int why = place(copy->n > 0 ? copy->p : m->from, to);

	if (why == EXDEV) {
		if (!copy_file(m, copy, e))
			return -1;
		why = place(copy->p, to);
	}
	if (why == 0 && copy->n == 0)
		return 1;
	if (why != 0 && why != EEXIST)
		return cannot_move(m, why, e);
	if (why == EEXIST && is_same_entry(m->from, to))
		return 1;
	if (why == EEXIST && !have_same_bytes(m->from, to))
		return 0;
	return drop_original(m, copy, to, e);
}

int move_file(const struct move *m, char **path_out, struct err *e)
{
	SCOPED(buf) struct buf copy = { 0 };
	struct err fault = ERR_INIT;
	int moved = 0;

	for (unsigned n = 0; n < MAX_NAMES && moved == 0; n++) {
		if (!exists(m->from))
			return 0;

		char *to = move_name(m, n);

		moved = try_name(m, &copy, to, &fault);
		if (moved > 0)
			*path_out = TAKE(to, NULL);
		free(to);
	}
	if (copy.n > 0)
		(void)unlink(copy.p); /* gone already where it was placed */
	if (moved > 0)
		return 1;
	if (moved == 0)
		return cannot_move(m, EEXIST, e);
	if (!exists(m->from)) /* somebody else was faster */
		return 0;
	*e = fault;
	return -1;
}

static bool make_one(const char *path, mode_t mode)
{
	struct stat st;

	return mkdir(path, mode) == 0 ||
		(errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

bool folder_make(const char *path, mode_t mode, struct err *e)
{
	if (make_one(path, mode))
		return true;

	bool try_above = errno == ENOENT;
	char *above = path_folder(path);

	try_above = try_above && strlen(above) < strlen(path);

	bool made_above = try_above && folder_make(above, mode, e);

	free(above);
	if (try_above && (!made_above || make_one(path, mode)))
		return made_above;
	err_set_errno(e, ERR_OUTPUT, errno, "cannot make the folder");
	return err_where(e, "%s", path);
}
