/* SPDX-License-Identifier: MIT */
/*
 * Looks for texts where no secret may be, while a command runs:
 *
 *	secrets FIFO TEXTS COMMAND...
 *
 * TEXTS is a file with one a line. The command is started, and looked at once somebody has opened the FIFO for
 * reading, who goes on when it is closed. Each find is printed as a line "WHERE N", N being the number of the
 * text: "arguments" and "environment" of any process but this one, "core" for the memory of the command that
 * would be in its core. Ends with the command's status.
 */
#define _DEFAULT_SOURCE /* memmem */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "tests/memory_map.h"

#include "base/banned.h"

enum { FILE_BYTES = 16 << 20, PIECE = 1 << 20, TEXT_BYTES = 8192, SECONDS = 120 };

struct hunt {
	struct buf texts;
	struct buf piece; /* of memory, with the end of the one before it */
};

static void search(const struct hunt *h, const char *where, struct slice in)
{
	struct slice rest = buf_slice(&h->texts), text;

	for (unsigned number = 1; slice_cut(&rest, '\n', &text); number++) {
		if (text.n > 0 && memmem(in.p, in.n, text.p, text.n))
			(void)printf("%s %u\n", where, number);
	}
}

/* What is gone meanwhile, or not ours to see, holds nothing. */
static void search_file(const struct hunt *h, const char *where, const char *process,
			const char *name)
{
	SCOPED(buf) struct buf path = { 0 };
	SCOPED(buf) struct buf bytes = { 0 };
	struct err ignored = ERR_INIT;

	buf_printf(&path, "/proc/%s/%s", process, name);
	if (file_read_all(buf_text(&path), FILE_BYTES, &bytes, &ignored))
		search(h, where, buf_slice(&bytes));
}

static void search_processes(const struct hunt *h)
{
	SCOPED(dir) DIR *processes = opendir("/proc");
	SCOPED(buf) struct buf own = { 0 };
	const struct dirent *entry;

	buf_printf(&own, "%ld", (long)getpid());
	while (processes && (entry = readdir(processes)) != NULL) {
		if (!byte_is_digit(entry->d_name[0]) || strcmp(entry->d_name, buf_text(&own)) == 0)
			continue;
		search_file(h, "arguments", entry->d_name, "cmdline");
		search_file(h, "environment", entry->d_name, "environ");
	}
}

static void search_range(struct hunt *h, int memory, struct memory_range range)
{
	struct err ignored = ERR_INIT;

	buf_clear(&h->piece);
	while (range.from < range.to) {
		size_t left = range.to - range.from;
		ssize_t got;

		buf_reserve(&h->piece, PIECE);
		got = file_read_at(memory, h->piece.p + h->piece.n, left < PIECE ? left : PIECE,
				   (off_t)range.from, &ignored);
		if (got <= 0)
			return;
		h->piece.n += (size_t)got;
		search(h, "core", buf_slice(&h->piece));
		if (h->piece.n > TEXT_BYTES)
			buf_drop_front(&h->piece, h->piece.n - TEXT_BYTES);
		range.from += (size_t)got;
	}
}

static void search_core(struct hunt *h, pid_t pid)
{
	SCOPED(buf) struct buf path = { 0 };
	SCOPED(buf) struct buf map = { 0 };
	struct err e = ERR_INIT;
	struct memory_range range;
	struct slice rest;

	buf_printf(&path, "/proc/%ld/smaps", (long)pid);
	bool mapped = file_read_all(buf_text(&path), FILE_BYTES, &map, &e);

	buf_clear(&path);
	buf_printf(&path, "/proc/%ld/mem", (long)pid);

	SCOPED(fd) int memory = open(buf_text(&path), O_RDONLY | O_CLOEXEC);

	if (!mapped || memory < 0) {
		(void)printf("cannot look at it\n");
		return;
	}
	rest = buf_slice(&map);
	while (memory_map_next(&rest, &range)) {
		if (range.in_core)
			search_range(h, memory, range);
	}
}

int main(int argc, char **argv)
{
	struct hunt h = { 0 };
	struct err e = ERR_INIT;
	int status = 0;
	pid_t pid;

	if (argc < 4)
		return 64;
	(void)alarm(SECONDS);
	if (!file_read_all(argv[2], FILE_BYTES, &h.texts, &e) ||
	    posix_spawnp(&pid, argv[3], NULL, NULL, argv + 3, environ) != 0)
		return 66;

	int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);

	search_processes(&h);
	search_core(&h, pid);
	fd_close(fifo);
	buf_release(&h.texts);
	buf_release(&h.piece);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 70;
	return WEXITSTATUS(status);
}
