/* SPDX-License-Identifier: MIT */
#include "base/move.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

struct fixture {
	char folder[64];
	struct buf from, stem;
};

static void setup(struct fixture *f, const char *base)
{
	struct buf folder = { 0 };

	buf_printf(&folder, "%s/ruamill.XXXXXX", base);
	cr_assert(mkdtemp(folder.p) != NULL);
	cr_assert(slice_to_cstr(buf_slice(&folder), f->folder, sizeof(f->folder)));
	buf_release(&folder);
	f->from = f->stem = (struct buf){ 0 };
	buf_printf(&f->from, "%s/from", f->folder);
	buf_printf(&f->stem, "%s/to", f->folder);
}

static void put(const char *path, const char *text)
{
	struct err e = ERR_INIT;

	cr_assert(file_replace(path, slice_from(text), 0640, &e), "%s", e.what);
}

static void expect_text(const char *path, const char *want)
{
	struct err e = ERR_INIT;
	SCOPED(buf) struct buf text = { 0 };

	cr_assert(file_read_all(path, 1000, &text, &e), "%s: %s", path, e.what);
	cr_expect_str_eq(buf_text(&text), want, "%s", path);
}

/* Moves f->from to f->stem; what the new name has behind the stem's folder is `want`. */
static void expect_move(struct fixture *f, const char *want)
{
	const struct move move = { f->from.p, f->stem.p, ":2,S", f->folder };
	struct err e = ERR_INIT;
	char *path = NULL;

	cr_assert(move_file(&move, &path, &e) == 1, "%s", e.what);
	cr_expect_str_eq(path_name(path), want);
	free(path);
}

static char *inside(const struct fixture *f, const char *name)
{
	return path_join(f->folder, name);
}

static void teardown(struct fixture *f, const char *const *names)
{
	for (; *names; names++) {
		char *path = inside(f, *names);

		cr_expect(unlink(path) == 0, "%s is not there", path);
		free(path);
	}
	cr_expect(rmdir(f->folder) == 0, "something is left in %s", f->folder);
	buf_release(&f->from);
	buf_release(&f->stem);
}

Test(move, never_overwrites)
{
	static const char *const names[] = { "to:2,S", "to-1:2,S", "to-2:2,S", NULL };
	struct fixture f;

	setup(&f, "/tmp");
	put(f.from.p, "one");
	expect_move(&f, "to:2,S");
	put(f.from.p, "two");
	expect_move(&f, "to-1:2,S");
	put(f.from.p, "three");
	expect_move(&f, "to-2:2,S");

	char *first = inside(&f, "to:2,S"), *third = inside(&f, "to-2:2,S");

	expect_text(first, "one");
	expect_text(third, "three");
	free(first);
	free(third);
	teardown(&f, names);
}

Test(move, same_bytes_there_already_are_the_move)
{
	static const char *const names[] = { "to:2,S", "to-1:2,S", NULL };
	struct fixture f;

	setup(&f, "/tmp");
	put(f.from.p, "one");
	expect_move(&f, "to:2,S");
	put(f.from.p, "two");
	expect_move(&f, "to-1:2,S");
	put(f.from.p, "one");
	expect_move(&f, "to:2,S");
	put(f.from.p, "two");
	expect_move(&f, "to-1:2,S");
	teardown(&f, names);
}

/* As a link and unlink leave it that were cut short between the two. */
Test(move, two_names_of_one_file_become_one)
{
	static const char *const names[] = { "to:2,S", NULL };
	struct fixture f;

	setup(&f, "/tmp");
	put(f.from.p, "one");

	char *to = inside(&f, "to:2,S");

	cr_assert(link(f.from.p, to) == 0);
	expect_move(&f, "to:2,S");
	expect_text(to, "one");
	free(to);
	teardown(&f, names);
}

Test(move, to_where_it_is_keeps_the_file)
{
	static const char *const names[] = { "to:2,S", NULL };
	struct fixture f;

	setup(&f, "/tmp");
	buf_clear(&f.from);
	buf_printf(&f.from, "%s/../%s/to:2,S", f.folder, path_name(f.folder));
	put(f.from.p, "one");
	expect_move(&f, "to:2,S");
	expect_text(f.from.p, "one");
	teardown(&f, names);
}

Test(move, what_is_not_there_is_no_error)
{
	static const char *const names[] = { NULL };
	struct fixture f;

	setup(&f, "/tmp");

	const struct move move = { f.from.p, f.stem.p, "", f.folder };
	struct err e = ERR_INIT;
	char *path = NULL;

	EXPECT_INT(move_file(&move, &path, &e), 0, "not there");
	cr_expect(path == NULL && e.kind == ERR_NONE);
	teardown(&f, names);
}

Test(move, a_folder_that_is_not_there_is_an_error)
{
	static const char *const names[] = { "from", NULL };
	struct fixture f;

	setup(&f, "/tmp");
	put(f.from.p, "one");
	buf_append_text(&f.stem, "/no/where");

	const struct move move = { f.from.p, f.stem.p, "", f.folder };
	struct err e = ERR_INIT;
	char *path = NULL;

	EXPECT_INT(move_file(&move, &path, &e), -1, "no folder");
	cr_expect(e.kind == ERR_OUTPUT);
	expect_text(f.from.p, "one");
	teardown(&f, names);
}

/* Where there is another file system. */
Test(move, copies_across_file_systems)
{
	static const char *const here[] = { NULL };
	static const char *const there[] = { "to:2,S", "to-1:2,S", NULL };
	struct stat tmp, shm, st;
	struct fixture f, g;

	if (stat("/tmp", &tmp) != 0 || stat("/dev/shm", &shm) != 0 || tmp.st_dev == shm.st_dev ||
	    access("/dev/shm", W_OK) != 0)
		return;
	setup(&f, "/tmp");
	setup(&g, "/dev/shm");

	const struct move move = { f.from.p, g.stem.p, ":2,S", g.folder };
	const char *const texts[] = { "one", "two", "one", "two" };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct err e = ERR_INIT;
		char *path = NULL;

		put(f.from.p, texts[i]);
		cr_assert(move_file(&move, &path, &e) == 1, "%s", e.what);
		cr_expect_str_eq(path_name(path), there[i % 2]);
		expect_text(path, texts[i]);
		cr_expect(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
		free(path);
	}
	teardown(&f, here);
	teardown(&g, there);
}

Test(move, makes_folders)
{
	static const char *const names[] = { NULL };
	struct fixture f;
	struct err e = ERR_INIT;
	struct stat st;

	setup(&f, "/tmp");

	char *deep = inside(&f, "a/b/c/"), *file = inside(&f, "file"),
	     *under = inside(&f, "file/x");

	cr_expect(folder_make(deep, 0700, &e), "%s", e.what);
	cr_expect(folder_make(deep, 0700, &e), "%s", e.what);
	cr_expect(stat(deep, &st) == 0 && (st.st_mode & 0777) == 0700);
	put(file, "one");
	cr_expect(!folder_make(file, 0700, &e));
	cr_expect(!folder_make(under, 0700, &e));
	cr_expect_str_eq(e.where, under);
	for (size_t n = strlen(f.folder) + strlen("/a/b/c"); n > strlen(f.folder); n -= 2) {
		deep[n] = '\0';
		cr_expect(rmdir(deep) == 0);
	}
	unlink(file);
	free(deep);
	free(file);
	free(under);
	teardown(&f, names);
}
