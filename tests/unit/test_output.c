/* SPDX-License-Identifier: MIT */
#include "base/output.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static char folder[512];
static char *path;

static void make_folder(void)
{
	const char *above = getenv("TMPDIR");

	cr_assert(text_format(folder, sizeof(folder), "%s/ruamill-output.XXXXXX",
			      above ? above : "/tmp"));
	cr_assert_not_null(mkdtemp(folder));
	path = path_join(folder, "out");
}

static void remove_folder(void)
{
	(void)unlink(path);
	cr_expect(rmdir(folder) == 0, "something was left in %s", folder);
	free(path);
}

TestSuite(output, .init = make_folder, .fini = remove_folder);

static unsigned files_in_folder(void)
{
	SCOPED(dir) DIR *dir = opendir(folder);
	unsigned count = 0;

	cr_assert_not_null(dir);
	while (readdir(dir))
		count++;
	return count - 2; /* . and .. */
}

static void expect_content(const char *want, const char *name)
{
	struct err e = ERR_INIT;
	SCOPED(buf) struct buf bytes = { 0 };

	cr_assert(file_read_all(path, 1 << 20, &bytes, &e), "%s: %s", name, e.what);
	EXPECT_TEXT(buf_slice(&bytes), want, name);
}

Test(output, appears_whole_when_finished)
{
	struct err e = ERR_INIT;
	struct output out;
	struct stat st;

	(void)umask(027);
	cr_assert(output_open(&out, path, &e), "%s", e.what);
	output_write(&out, SLICE("a\0b"));
	output_text(&out, "text ");
	output_printf(&out, "%d\n", 42);
	output_flush(&out);
	cr_expect(access(path, F_OK) != 0, "it is there before it is whole");
	EXPECT_INT(files_in_folder(), 1, "files while it is written");
	cr_expect(!output_is_terminal(&out));
	cr_expect(output_finish(&out, &e), "%s", e.what);
	output_release(&out);
	EXPECT_INT(files_in_folder(), 1, "files afterwards");
	cr_expect(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "the mode of a new file");
	EXPECT_INT(st.st_size, 11, "size");
}

Test(output, replaces_an_old_file)
{
	struct err e = ERR_INIT;
	struct output out;

	cr_assert(file_replace(path, SLICE("old"), 0600, &e));
	cr_assert(output_open(&out, path, &e));
	output_text(&out, "new");
	expect_content("old", "before the end");
	cr_expect(output_finish(&out, &e));
	output_release(&out);
	expect_content("new", "after the end");
}

Test(output, leaves_the_old_file_when_dropped)
{
	struct err e = ERR_INIT;
	struct output out;

	cr_assert(file_replace(path, SLICE("old"), 0600, &e));
	cr_assert(output_open(&out, path, &e));
	output_text(&out, "new");
	output_release(&out);
	expect_content("old", "dropped");
	EXPECT_INT(files_in_folder(), 1, "files");
}

Test(output, tells_of_a_full_disk_once_at_the_end)
{
	struct err e = ERR_INIT;
	struct output out;

	cr_assert(output_open(&out, "/dev/full", &e), "a device is opened as it is");
	output_text(&out, "x");
	output_flush(&out);
	EXPECT_INT(out.error, ENOSPC, "the first error sticks");
	(void)close(fileno(out.stream));
	output_text(&out, "y");
	output_flush(&out);
	EXPECT_INT(out.error, ENOSPC, "the next one is another");
	cr_expect(!output_finish(&out, &e));
	EXPECT_INT(e.kind, ERR_OUTPUT, "kind");
	cr_expect_str_eq(e.what, "cannot write the output: No space left on device");
	cr_expect_str_eq(e.where, "/dev/full");
	output_release(&out);
}

Test(output, tells_of_a_full_disk_however_it_is_written)
{
	static char large[100000];

	for (int way = 0; way < 3; way++) {
		struct err e = ERR_INIT;
		struct output out;

		memset(large, 'x', sizeof(large) - 1);
		cr_assert(output_open(&out, "/dev/full", &e));
		if (way == 0)
			output_write(&out, slice_of(large, sizeof(large)));
		else if (way == 1)
			output_printf(&out, "%s", large);
		else
			output_text(&out, "buffered until the end");
		EXPECT_INT(out.error, way < 2 ? ENOSPC : 0, "noticed at once when it is large");
		cr_expect(!output_finish(&out, &e), "way %d", way);
		output_release(&out);
	}
}

Test(output, cannot_be_opened_everywhere)
{
	static const char *const paths[] = { "/nonexistent/out", "/tmp" };

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct err e = ERR_INIT;
		struct output out;

		cr_expect(!output_open(&out, paths[i], &e), "%s", paths[i]);
		EXPECT_INT(e.kind, ERR_OUTPUT, paths[i]);
		EXPECT_TEXT(slice_from(e.where), paths[i], "where");
		output_release(&out);
	}
}

Test(output, fails_when_its_place_is_taken)
{
	struct err e = ERR_INIT;
	struct output out;

	cr_assert(output_open(&out, path, &e));
	output_text(&out, "x");
	cr_assert(mkdir(path, 0700) == 0);
	cr_expect(!output_finish(&out, &e));
	EXPECT_INT(e.kind, ERR_OUTPUT, "kind");
	output_release(&out);
	cr_expect(rmdir(path) == 0);
	EXPECT_INT(files_in_folder(), 0, "files");
}

Test(output, goes_to_stdout_without_a_path)
{
	struct err e = ERR_INIT;
	struct output out;

	cr_assert_not_null(freopen(path, "w", stdout));
	cr_assert(output_open(&out, NULL, &e));
	output_text(&out, "to stdout");
	cr_expect(output_finish(&out, &e));
	output_release(&out);
	expect_content("to stdout", "stdout");
	cr_expect(fputs("!", stdout) >= 0 && fflush(stdout) == 0, "it stays open");
	expect_content("to stdout!", "stdout");
}
