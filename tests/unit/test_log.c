/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* ioctl numbers of a terminal */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static int captured = -1; /* what stderr goes to */

static void capture(void)
{
	struct err e = ERR_INIT;

	captured = file_temporary(&e);
	cr_assert(captured >= 0 && dup2(captured, STDERR_FILENO) >= 0);
}

TestSuite(log, .init = capture);

static void expect_stderr(const char *want, const char *name)
{
	char text[8192];
	struct err e = ERR_INIT;

	(void)fflush(stderr);

	ssize_t n = file_read_at(captured, text, sizeof(text), 0, &e);

	cr_assert(n >= 0);
	EXPECT_TEXT(slice_of(text, (size_t)n), want, name);
	cr_assert(ftruncate(captured, 0) == 0 && lseek(captured, 0, SEEK_SET) == 0);
}

Test(log, drops_what_is_above_its_level)
{
	static const struct {
		enum log_level level;
		const char *want;
	} cases[] = {
		{ LOG_LEVEL_ERROR, "ruamill: e\n" },
		{ LOG_LEVEL_WARNING, "ruamill: e\nruamill: w\n" },
		{ LOG_LEVEL_INFO, "ruamill: e\nruamill: w\ni\n" },
		{ LOG_LEVEL_DEBUG, "ruamill: e\nruamill: w\ni\nd\n" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		log_configure(cases[i].level, false);
		log_line(LOG_LEVEL_ERROR, "e");
		log_line(LOG_LEVEL_WARNING, "%s", "w");
		log_line(LOG_LEVEL_INFO, "i");
		log_line(LOG_LEVEL_DEBUG, "d");
		expect_stderr(cases[i].want, "level");
	}
}

Test(log, says_info_by_default)
{
	log_line(LOG_LEVEL_INFO, "i");
	log_line(LOG_LEVEL_DEBUG, "d");
	expect_stderr("i\n", "default");
}

Test(log, makes_all_text_harmless)
{
	log_line(LOG_LEVEL_ERROR, "name %s", "\x1b[2J\nruamill: forged\xff");
	expect_stderr("ruamill: name \\x1b[2J\\x0aruamill: forged\xef\xbf\xbd\n", "one line");
}

Test(log, tells_an_error_whole)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_INPUT, "what\x07");
	err_where(&e, "where\n");
	err_remedy(&e, "remedy");
	log_err(LOG_LEVEL_WARNING, &e);
	expect_stderr("ruamill: what\\x07: where\\x0a: remedy\n", "error");
	log_configure(LOG_LEVEL_ERROR, false);
	log_err(LOG_LEVEL_WARNING, &e);
	expect_stderr("", "above the level");
}

Test(log, bounds_a_line)
{
	SCOPED(buf) struct buf want = { 0 };

	for (int length = 2047; length <= 2049; length++) {
		buf_clear(&want);
		buf_printf(&want, "ruamill: %0*d%s\n", length > 2048 ? 2048 : length,
			   length > 2048 ? 0 : 7, length > 2048 ? "..." : "");
		log_line(LOG_LEVEL_ERROR, "%0*d", length, 7);
		expect_stderr(buf_text(&want), "length");
	}
}

Test(log, keeps_errno)
{
	errno = EDOM;
	log_line(LOG_LEVEL_ERROR, "e");
	EXPECT_INT(errno, EDOM, "errno");
	expect_stderr("ruamill: e\n", "written all the same");

	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	cr_assert(full >= 0 && dup2(full, STDERR_FILENO) >= 0);
	errno = EDOM;
	log_line(LOG_LEVEL_ERROR, "e");
	EXPECT_INT(errno, EDOM, "errno, where nothing can be written");
}

Test(log, draws_no_progress_but_on_a_terminal)
{
	log_configure(LOG_LEVEL_INFO, true);
	log_progress("%d of 3", 1);
	log_progress_end();
	expect_stderr("", "a file");
}

/* Both ends of a new terminal, or -1 where the system gives none. */
static int open_terminal(int *screen_out)
{
	int unlocked = 0;
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0)
		return -1;
	cr_assert(ioctl(master, TIOCSPTLCK, &unlocked) == 0);
	*screen_out = master;
	return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
}

static void expect_screen(int screen, const char *want, const char *name)
{
	char text[4096];
	size_t n = 0;
	struct pollfd ready = { .fd = screen, .events = POLLIN };

	(void)fflush(stderr);
	/* what was written comes in as many pieces as the terminal likes */
	while (n < strlen(want) && poll(&ready, 1, 5000) == 1) {
		ssize_t got = read(screen, text + n, sizeof(text) - n);

		cr_assert(got > 0, "%s", name);
		n += (size_t)got;
	}
	EXPECT_TEXT(slice_of(text, n), want, name);
}

Test(log, draws_progress_on_a_terminal)
{
	int screen = -1;
	int terminal = open_terminal(&screen);

	if (terminal < 0)
		cr_skip_test("there is no /dev/ptmx");
	cr_assert(dup2(terminal, STDERR_FILENO) >= 0);
	log_configure(LOG_LEVEL_INFO, true);
	log_progress("%d of 3\x1b", 1);
	expect_screen(screen, "\r\033[K1 of 3\\x1b", "drawn, and harmless");
	log_line(LOG_LEVEL_INFO, "talk");
	expect_screen(screen, "\r\033[Ktalk\r\n", "removed by a line");
	log_progress_end();
	log_progress("%0*d", 80, 7);
	log_progress_end();
	expect_screen(screen,
		      "\r\033[K00000000000000000000000000000000000000000000000000000000000000000000"
		      "00000000...\r\033[K",
		      "bounded, and removed once");
	cr_assert(ioctl(terminal, TIOCSWINSZ, &(struct winsize){ .ws_col = 12 }) == 0);
	log_progress("%0*d", 80, 7);
	log_progress_end();
	expect_screen(screen, "\r\033[K00000000...\r\033[K", "by what the terminal has");
	log_configure(LOG_LEVEL_WARNING, true);
	log_progress("quiet");
	log_line(LOG_LEVEL_ERROR, "e");
	expect_screen(screen, "ruamill: e\r\n", "none when quiet");
}

static void expect_bug_line(void)
{
	char text[512];
	struct err e = ERR_INIT;
	ssize_t n = file_read_at(captured, text, sizeof(text), 0, &e);
	struct slice line = slice_of(text, n > 0 ? (size_t)n : 0);

	cr_expect(slice_starts_with(line, SLICE("ruamill: bug in ruamill: 1 + 1 == 3: ")), "%.*s",
		  SLICE_ARG(line));
}

Test(log, reports_our_own_faults, .fini = expect_bug_line, .signal = SIGABRT)
{
	BUG_UNLESS(1 + 1 == 2);
	BUG_UNLESS(1 + 1 == 3);
}

/* A sanitizer ends the program by itself when memory does. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_IS_WATCHED 1
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(MEMORY_IS_WATCHED)
Test(log, ends_with_75_without_memory, .exit_code = 75)
{
	(void)memory_resize_array(NULL, SIZE_MAX / 2, 16);
}
#endif

Test(log, gives_memory_for_nothing_too)
{
	void *blocks[] = { memory_alloc(0), memory_zeroed(0, 0), memory_resize_array(NULL, 0, 0),
			   memory_copy(SLICE("")) };

	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		cr_expect_not_null(blocks[i], "block %zu", i);
		free(blocks[i]);
	}
	cr_expect_null(memory_copy(SLICE_ABSENT), "a copy of the absent slice");

	char *zeroed = memory_zeroed(3, 5), *copy = memory_copy(SLICE("a\0b"));

	for (size_t i = 0; i < 15; i++)
		cr_expect(zeroed[i] == 0, "byte %zu", i);
	cr_expect(memcmp(copy, "a\0b", 4) == 0, "a copy with its terminator");
	free(zeroed);
	free(copy);
}
