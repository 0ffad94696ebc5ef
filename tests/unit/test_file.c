/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

/* A folder of its own for each test. */
static char folder[512];

static void make_folder(void)
{
	const char *above = getenv("TMPDIR");

	cr_assert(text_format(folder, sizeof(folder), "%s/ruamill-file.XXXXXX",
			      above ? above : "/tmp"));
	cr_assert_not_null(mkdtemp(folder));
}

/* Tests leave only these behind. */
static void remove_folder(void)
{
	static const char *const names[] = { "a", "b" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = path_join(folder, names[i]);

		(void)unlink(path);
		free(path);
	}
	cr_expect(rmdir(folder) == 0, "something was left in %s", folder);
}

TestSuite(file, .init = make_folder, .fini = remove_folder);

static void expect_err(const struct err *e, enum err_kind kind, const char *name)
{
	EXPECT_TEXT(slice_from(err_kind_text(e->kind)), err_kind_text(kind), name);
}

Test(file, writes_and_reads_every_size)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 200000 };
	char *path = path_join(folder, "a");

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct buf in = { 0 }, out = { 0 };
		struct err e = ERR_INIT;

		for (size_t j = 0; j < sizes[i]; j++)
			buf_append_byte(&in, (char)(j * 7 + j / 256));
		buf_append_text(&out, "what was there before");
		cr_expect(file_replace(path, buf_slice(&in), 0600, &e), "%s", e.what);
		cr_expect(file_read_all(path, sizes[i], &out, &e), "%s", e.what);
		EXPECT_INT(out.n, sizes[i], "size");
		cr_expect(slice_equal(buf_slice(&in), buf_slice(&out)), "size %zu", sizes[i]);
		cr_expect(out.p[out.n] == '\0', "size %zu is not terminated", sizes[i]);
		expect_err(&e, ERR_NONE, "untouched on success");
		buf_release(&in);
		buf_release(&out);
	}
	free(path);
}

Test(file, reads_no_more_than_the_limit)
{
	char *path = path_join(folder, "a");
	struct buf bytes = { 0 };
	struct err e = ERR_INIT;

	cr_assert(file_replace(path, SLICE("0123456789"), 0600, &e));
	cr_expect(file_read_all(path, 10, &bytes, &e), "at the limit");
	cr_expect(!file_read_all(path, 9, &bytes, &e), "one past it");
	expect_err(&e, ERR_LIMIT, "one past it");
	EXPECT_TEXT(slice_from(e.where), path, "where");
	buf_release(&bytes);
	free(path);
}

Test(file, says_what_cannot_be_read)
{
	static const char *const names[] = { "missing", "", "missing/file" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *path = path_join(folder, names[i]);
		struct buf bytes = { 0 };
		struct err e = ERR_INIT;

		cr_expect(!file_read_all(path, 100, &bytes, &e), "%s", path);
		expect_err(&e, ERR_NO_INPUT, path);
		EXPECT_TEXT(slice_from(e.where), path, "where");
		buf_release(&bytes);
		free(path);
	}
}

Test(file, replaces_at_once_or_not_at_all)
{
	char *path = path_join(folder, "a"), *below = path_join(path, "b");
	struct buf bytes = { 0 };
	struct err e = ERR_INIT;
	struct stat st;

	cr_assert(file_replace(path, SLICE("old"), 0644, &e));
	cr_expect(stat(path, &st) == 0 && (st.st_mode & 0777) == 0644, "mode 0644");
	cr_assert(file_replace(path, SLICE("new"), 0600, &e));
	cr_expect(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
	cr_expect(file_read_all(path, 10, &bytes, &e));
	EXPECT_TEXT(buf_slice(&bytes), "new", "content");

	cr_expect(!file_replace(below, SLICE("x"), 0600, &e), "below a file");
	expect_err(&e, ERR_OUTPUT, "below a file");
	e = (struct err)ERR_INIT;
	cr_expect(!file_replace(folder, SLICE("x"), 0600, &e), "onto a folder");
	expect_err(&e, ERR_OUTPUT, "onto a folder");
	EXPECT_TEXT(slice_from(e.where), folder, "onto a folder");
	buf_release(&bytes);
	free(below);
	free(path);
}

Test(file, reads_at_an_offset)
{
	static const struct {
		off_t offset;
		size_t n;
		const char *want;
	} cases[] = {
		{ 0, 4, "0123" }, { 8, 2, "89" }, { 8, 4, "89" }, { 10, 4, "" }, { 99, 4, "" }
	};
	char *path = path_join(folder, "a");
	struct err e = ERR_INIT;

	cr_assert(file_replace(path, SLICE("0123456789"), 0600, &e));

	SCOPED(fd) int fd = file_open(path, &e);

	cr_assert(fd >= 0);
	cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC, "closed on exec");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char bytes[8];
		ssize_t got = file_read_at(fd, bytes, cases[i].n, cases[i].offset, &e);

		cr_assert(got >= 0);
		EXPECT_TEXT(slice_of(bytes, (size_t)got), cases[i].want, "read");
	}
	EXPECT_INT(file_read_at(-1, path, 1, 0, &e), -1, "no descriptor");
	expect_err(&e, ERR_NO_INPUT, "no descriptor");
	free(path);
}

Test(file, tells_when_it_cannot_write)
{
	struct err e = ERR_INIT;
	SCOPED(fd) int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	cr_assert(full >= 0);
	cr_expect(file_write_all(full, SLICE(""), &e), "nothing always fits");
	cr_expect(!file_write_all(full, SLICE("x"), &e));
	expect_err(&e, ERR_OUTPUT, "/dev/full");
}

Test(file, makes_temporary_files_without_a_name)
{
	struct err e = ERR_INIT;
	struct stat st;

	cr_assert(setenv("TMPDIR", folder, 1) == 0);

	SCOPED(fd) int fd = file_temporary(&e);

	cr_assert(fd >= 0, "%s", e.what);
	cr_expect(fstat(fd, &st) == 0 && st.st_nlink == 0, "it still has a name");
	cr_expect((st.st_mode & 0777) == 0600, "others can read it");
	cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC, "closed on exec");
	cr_expect(file_write_all(fd, SLICE("abc"), &e));

	cr_assert(setenv("TMPDIR", "/nonexistent", 1) == 0);
	EXPECT_INT(file_temporary(&e), -1, "no such folder");
	expect_err(&e, ERR_OUTPUT, "no such folder");
	cr_expect(e.remedy[0] != '\0', "what to do about it");

	cr_assert(setenv("TMPDIR", "", 1) == 0);

	SCOPED(fd) int other = file_temporary(&e);

	cr_expect(other >= 0, "an empty TMPDIR is none");
}

Test(file, closes_what_is_open_and_keeps_errno)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	errno = EDOM;
	fd_close(-1);
	fd_close(fd);
	EXPECT_INT(errno, EDOM, "errno");
	cr_expect(fcntl(fd, F_GETFD) < 0, "still open");
	errno = EDOM;
	fd_close(fd);
	EXPECT_INT(errno, EDOM, "errno after closing a closed one");
}

Test(file, joins_paths)
{
	static const struct {
		const char *folder, *name, *want;
	} cases[] = {
		{ "a", "b", "a/b" }, { "a/", "b", "a/b" },  { "/", "b", "/b" },
		{ "", "b", "/b" },   { "a/b", "", "a/b/" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *path = path_join(cases[i].folder, cases[i].name);

		cr_expect_str_eq(path, cases[i].want);
		free(path);
	}
}
