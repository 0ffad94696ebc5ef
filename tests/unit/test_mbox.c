/* SPDX-License-Identifier: MIT */
#include "ingest/mbox.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

#define FROM "From a@b.example Fri Nov 20 12:08:34 2026\n"

/* The path of a file with this text; ours, unlink() and free(). */
static char *written(struct slice text)
{
	struct err e = ERR_INIT;
	struct buf path = { 0 };

	buf_append_text(&path, "/tmp/ruamill-mbox.XXXXXX");

	int fd = mkstemp(path.p);

	cr_assert(fd >= 0 && file_write_all(fd, text, &e));
	fd_close(fd);
	return buf_detach(&path);
}

static void discard(char *path)
{
	unlink(path);
	free(path);
}

/* The mails, as open() gives them, each behind "|". */
static void read_mails(const char *path, struct buf *out)
{
	struct err e = ERR_INIT;
	struct mbox *b = mbox_open(path, &e);
	struct message m;
	int more;

	cr_assert(b != NULL);
	while ((more = mbox_next(b, &m)) > 0) {
		char bytes[1000];
		SCOPED(fd) int fd = mbox_open_mail(&m, &e);
		ssize_t got = file_read_at(fd, bytes, sizeof(bytes), 0, &e);

		cr_assert(got == (ssize_t)m.size, "%s", e.what);
		buf_append_byte(out, '|');
		buf_append(out, slice_of(bytes, (size_t)got));
		message_release(&m);
	}
	EXPECT_INT(more, 0, "the end");
	mbox_close(b);
}

static void expect_mails(const char *text, const char *want)
{
	char *path = written(slice_from(text));
	SCOPED(buf) struct buf mails = { 0 };

	read_mails(path, &mails);
	cr_expect_str_eq(buf_text(&mails), want, "%s", text);
	discard(path);
}

Test(mbox, where_mails_begin_and_end)
{
	expect_mails(FROM "A: 1\n\nx\n\n" FROM "B: 2\n\ny\n\n", "|A: 1\n\nx\n|B: 2\n\ny\n");
	expect_mails(FROM "A: 1\n\nx\n\n\n\n" FROM "B: 2\n\ny", "|A: 1\n\nx\n|B: 2\n\ny");
	expect_mails(FROM "A: 1\n\nx\n" FROM "B: 2\n", "|A: 1\n\nx\n|B: 2\n");
	expect_mails(FROM "A: 1\n\nFrom here\n\nFrom there\n>From x 12:30\n",
		     "|A: 1\n\nFrom here\n\nFrom there\n>From x 12:30\n");
	expect_mails(FROM "A: 1\n\nx\nFrom \ny\n\nFrom \nB: 2\n", "|A: 1\n\nx\nFrom \ny\n|B: 2\n");
	expect_mails(FROM FROM, "||");
	expect_mails(FROM "\n\n\n" FROM "\n", "||");
	expect_mails("\n\r\n\n" FROM "A: 1\n\n" FROM "B: 2\n", "|A: 1\n|B: 2\n");
	expect_mails("\n\n", "");
	expect_mails("From a 12:08\r\nA: 1\r\n\r\nx\r\n\r\nFrom - 12:09\r\nB: 2\r\n\r\n",
		     "|A: 1\r\n\r\nx\r\n|B: 2\r\n");
}

Test(mbox, what_is_one)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ FROM "A: 1\n", true },
		{ "From - Fri, 20 Nov 2026 12:08:34 +0000\r\nX-Mozilla-Status: 0001\r\n", true },
		{ FROM ">From a@b Fri Nov 20 12:08:34 2026\n", true },
		{ "", false },
		{ "From", false },
		{ FROM, false },
		{ FROM "no header\n", false },
		{ FROM ": no name\n", false },
		{ "From here on\nA: 1\n", false },
		{ FROM "\n", false },
		{ FROM "\n\nno line\n", false },
		{ FROM "\n" FROM "A: 1\n", true },
		{ FROM "\r\n\r\n" FROM "A: 1\n", true },
		{ FROM "\n" FROM, true },
		{ "\n" FROM "A: 1\n", true },
		{ "\r\n\r\n\r\n" FROM "A: 1\r\n", true },
		{ "\n" FROM "no header\n", false },
		{ "\n\n", false },
		{ "A: 1\n\n" FROM "A: 1\n", false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *path = written(slice_from(cases[i].text));

		cr_expect(mbox_is(path) == cases[i].is, "%s", cases[i].text);
		discard(path);
	}
	cr_expect(!mbox_is("/nowhere"));
	cr_expect(!mbox_is("/"));
}

/* The separating line lies across every possible edge of what is read at once. */
Test(mbox, edges)
{
	for (size_t pad = 65536 - 150; pad < 65536 + 20; pad++) {
		SCOPED(buf) struct buf text = { 0 };

		buf_append_text(&text, FROM "A: 1\n\n");
		while (text.n < pad)
			buf_append_byte(&text, 'x');
		buf_append_text(&text, "\n\n" FROM "B: 2\n\ny\n");

		char *path = written(buf_slice(&text));
		struct err e = ERR_INIT;
		struct mbox *b = mbox_open(path, &e);
		struct message m;

		cr_assert(mbox_next(b, &m) == 1);
		EXPECT_INT(m.size, pad + 1 - strlen(FROM), "size of the first");
		message_release(&m);
		cr_assert(mbox_next(b, &m) == 1);
		EXPECT_INT(m.offset, pad + 2 + strlen(FROM), "offset of the second");
		EXPECT_INT(m.size, strlen("B: 2\n\ny\n"), "size of the second");
		message_release(&m);
		EXPECT_INT(mbox_next(b, &m), 0, "the end");
		mbox_close(b);
		discard(path);
	}
}

Test(mbox, a_mail_that_has_changed_is_not_opened)
{
	char *path = written(SLICE(FROM "A: 1\n\nx\n\n" FROM "B: 2\n"));
	struct err e = ERR_INIT;
	struct mbox *b = mbox_open(path, &e);
	struct message m;

	cr_assert(mbox_next(b, &m) == 1);
	mbox_close(b);
	cr_assert(file_replace(path, SLICE(FROM "A: 1\n\ny\n\n" FROM "B: 2\n"), 0600, &e));
	EXPECT_INT(mbox_open_mail(&m, &e), -1, "changed");
	cr_expect(e.kind == ERR_NO_INPUT);
	cr_expect_str_eq(e.what, "the mbox was changed while it was read");
	message_release(&m);
	discard(path);
}

/* A folder can be opened, but not read. */
Test(mbox, what_cannot_be_read_is_a_mail_that_cannot_be_opened)
{
	struct err e = ERR_INIT;
	struct mbox *b = mbox_open("/tmp", &e);
	struct message m;

	cr_assert(b != NULL);
	EXPECT_INT(mbox_next(b, &m), 1, "a mail");
	cr_expect_str_eq(m.source, "mbox:/tmp");
	EXPECT_INT(mbox_open_mail(&m, &e), -1, "cannot be opened");
	cr_expect(e.kind == ERR_NO_INPUT);
	message_release(&m);
	EXPECT_INT(mbox_next(b, &m), 0, "the last");
	mbox_close(b);
}
