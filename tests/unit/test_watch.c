/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "ingest/watch.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

enum { MINUTE = 60000 };

/* What happens, in a line; what a call answers is said by a letter for each: '.' for what goes well. */
struct bed {
	struct watch_reader reader;
	struct watch_world world;
	struct buf log;
	int64_t now;
	int waits;         /* that are left */
	const char *opens; /* 'u': unreachable, 'c': configuration */
	const char *reads; /* 'u': the source is away, 'd': the database is */
	const char *looks; /* 'n': news, 'b': broken */
	bool tells;        /* it can be watched */
};

struct told_source {
	struct source source;
	struct bed *bed;
};

static char next_of(const char **letters)
{
	return **letters ? *(*letters)++ : '.';
}

static bool fake_again(struct source *s, bool all, struct err *e UNUSED)
{
	buf_printf(&((struct told_source *)s)->bed->log, "list%s ", all ? "-all" : "");
	return true;
}

static int fake_look(struct source *s, int64_t now_ms UNUSED, struct err *e UNUSED)
{
	char answer = next_of(&((struct told_source *)s)->bed->looks);

	return answer == 'n' ? 1 : answer == 'b' ? -1 : 0;
}

static int fake_descriptor(const struct source *s UNUSED)
{
	return 0;
}

static void fake_close(struct source *s)
{
	buf_append_text(&((struct told_source *)s)->bed->log, "close ");
	free(s);
}

static const struct source_ops silent_ops = { .close = fake_close };
static const struct source_ops telling_ops = {
	.close = fake_close,
	.again = fake_again,
	.look = fake_look,
	.descriptor = fake_descriptor,
};

static struct source *fake_open(struct watch_reader *r, size_t number, struct err *e)
{
	struct bed *b = (struct bed *)r;
	struct told_source *s;
	char answer = next_of(&b->opens);

	buf_printf(&b->log, "open%u ", (unsigned)number);
	if (answer != '.') {
		err_set(e, answer == 'u' ? ERR_UNREACHABLE : ERR_CONFIG, "no way");
		return NULL;
	}
	s = memory_zeroed(1, sizeof(*s));
	s->source.ops = b->tells ? &telling_ops : &silent_ops;
	s->source.name = memory_copy(SLICE("box"));
	s->bed = b;
	return &s->source;
}

static bool fake_read(struct watch_reader *r, size_t number, struct source *s, struct err *e)
{
	struct bed *b = (struct bed *)r;
	char answer = next_of(&b->reads);

	buf_printf(&b->log, "read%u ", (unsigned)number);
	s->away = answer == 'u';
	return answer == '.' || err_set(e, ERR_UNREACHABLE, "cannot be read");
}

static bool fake_rest(struct watch_reader *r, struct err *e UNUSED)
{
	buf_append_text(&((struct bed *)r)->log, "rest ");
	return true;
}

static const struct watch_reader_ops reader_ops = { fake_open, fake_read, fake_rest };

static struct bed *of_world(struct watch_world *w)
{
	return (struct bed *)(void *)((char *)w - offsetof(struct bed, world));
}

static int64_t fake_now(struct watch_world *w)
{
	return of_world(w)->now;
}

static void fake_wait(struct watch_world *w, struct pollfd *polled UNUSED, size_t count, int ms)
{
	struct bed *b = of_world(w);

	buf_printf(&b->log, "%s%d ", count > 0 ? "poll" : "wait", ms);
	b->now += ms;
	b->waits--;
}

static bool fake_is_over(struct watch_world *w)
{
	return of_world(w)->waits <= 0;
}

static const struct watch_world_ops world_ops = { fake_now, fake_wait, fake_is_over };

/* A bed of so many waits. */
static struct bed bed_of(int waits)
{
	return (struct bed){ .reader = { &reader_ops },
			     .world = { &world_ops },
			     .now = 5,
			     .waits = waits,
			     .opens = "",
			     .reads = "",
			     .looks = "" };
}

static void expect_watch(struct bed *b, size_t count, bool want, const char *what)
{
	const struct watch_settings settings = { count, INT64_C(5) * MINUTE };
	struct err e = ERR_INIT;

	EXPECT_INT(watch_run(&settings, &b->reader, &b->world, &e), want, what);
	EXPECT_TEXT(buf_slice(&b->log), what, "what happens");
	buf_release(&b->log);
}

Test(watch, opens_what_does_not_tell_now_and_then, .timeout = 60)
{
	struct bed b = bed_of(6);

	expect_watch(&b, 2, true,
		     "open0 read0 close open1 read1 close rest "
		     "wait60000 wait60000 wait60000 wait60000 wait60000 "
		     "open0 read0 close open1 read1 close rest wait60000 ");
}

Test(watch, reads_what_tells_when_it_does, .timeout = 60)
{
	struct bed b = bed_of(4);

	b.tells = true;
	b.looks = "..n.";
	expect_watch(&b, 1, true,
		     "open0 read0 rest poll60000 poll60000 list read0 rest "
		     "poll60000 poll60000 close ");
}

/* However often it tells. */
Test(watch, does_not_hurry, .timeout = 60)
{
	struct bed b = bed_of(3);

	b.tells = true;
	b.looks = "nnnnnnnn";
	expect_watch(&b, 1, true,
		     "open0 read0 rest wait1000 list read0 rest wait1000 list read0 rest wait1000 "
		     "close ");
}

Test(watch, lists_all_every_hour, .timeout = 60)
{
	struct bed b = bed_of(61);
	struct buf want = { 0 };

	b.tells = true;
	buf_append_text(&want, "open0 read0 rest ");
	for (int i = 0; i < 60; i++)
		buf_append_text(&want, "poll60000 ");
	buf_append_text(&want, "list-all read0 rest poll60000 close ");
	expect_watch(&b, 1, true, buf_text(&want));
	buf_release(&want);
}

Test(watch, makes_a_broken_connection_again, .timeout = 60)
{
	struct bed b = bed_of(8);

	/* at once, if it has held */
	b.tells = true;
	b.looks = "......b.";
	expect_watch(&b, 1, true,
		     "open0 read0 rest poll60000 poll60000 poll60000 poll60000 poll60000 poll60000 "
		     "list read0 rest poll60000 poll60000 close ");
	b = bed_of(3);
	b.tells = true;
	b.looks = "bbbb.";
	expect_watch(&b, 1, true, "open0 read0 rest wait60000 wait60000 wait60000 close ");
}

/* From here on stderr goes to a file. */
static int begin_told(void)
{
	struct err e = ERR_INIT;
	int fd = file_temporary(&e);

	cr_assert(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	return fd;
}

static void expect_told(int fd, const char *want)
{
	char told[400];
	struct err e = ERR_INIT;
	ssize_t n = file_read_at(fd, told, sizeof(told), 0, &e);

	EXPECT_TEXT(slice_of(told, (size_t)n), want, "told once each");
	fd_close(fd);
}

Test(watch, never_gives_up, .timeout = 60)
{
	struct bed b = bed_of(6);
	int fd = begin_told();

	b.tells = true;
	b.reads = ".u.";
	b.opens = ".uuu.";
	b.looks = "n.";
	expect_watch(&b, 1, true,
		     "open0 read0 rest wait1000 list read0 close rest "
		     "wait1000 open0 rest wait2000 open0 rest wait4000 open0 rest wait8000 "
		     "open0 read0 rest poll60000 close ");
	expect_told(fd,
		    "ruamill: cannot be read: it is tried again until it works\n"
		    "ruamill: back again: box\n");
}

/* It can be listed each time, and read no time: as lost as one that is not there. */
Test(watch, is_back_when_it_was_read, .timeout = 60)
{
	struct bed b = bed_of(5);
	int fd = begin_told();

	b.tells = true;
	b.reads = "uuu.";
	expect_watch(&b, 1, true,
		     "open0 read0 close rest wait1000 open0 read0 close rest wait2000 "
		     "open0 read0 close rest wait4000 open0 read0 rest poll60000 poll60000 close ");
	expect_told(fd,
		    "ruamill: cannot be read: it is tried again until it works\n"
		    "ruamill: back again: box\n");
}

Test(watch, ends_where_no_try_helps, .timeout = 60)
{
	struct bed b = bed_of(6);

	b.opens = "c";
	expect_watch(&b, 2, false, "open0 ");
	b = bed_of(2);
	b.opens = "u.";
	expect_watch(&b, 1, true, "open0 rest wait1000 open0 read0 close rest wait60000 ");

	/* the database, and not the source */
	b = bed_of(6);
	b.reads = "d";
	expect_watch(&b, 1, false, "open0 read0 close ");
}
