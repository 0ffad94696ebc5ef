/* SPDX-License-Identifier: MIT */
#include "ingest/mbox.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "ingest/bytes_digest.h"
#include "parser/limits.h"

#include "base/banned.h"

/*
 * HEAD_BYTES of a line say whether it separates mails; the window holds many lines at once. An mbox shows
 * itself within its first SNIFF_BYTES.
 */
enum {
	MBOX_KEY_VERSION = 4,
	HEAD_BYTES = 512,
	SNIFF_BYTES = 8 * HEAD_BYTES,
	WINDOW_BYTES = 64 * 1024,
};

struct mbox {
	int fd;
	bool broken; /* the rest cannot be read, and that was told */
	char *path, *real;
	uint64_t window_at; /* of the window's first byte in the file */
	size_t have, next;
	char window[WINDOW_BYTES];
};

/* -- what a line is */

static struct slice first_line(struct slice text)
{
	return slice_prefix(text, slice_find(text, '\n'));
}

/* "12:08:34", "12:08" */
static bool is_time(struct slice word)
{
	return word.n >= 5 && byte_is_digit(word.p[0]) && byte_is_digit(word.p[1]) &&
		word.p[2] == ':' && byte_is_digit(word.p[3]) && byte_is_digit(word.p[4]);
}

static bool is_weekday(struct slice word)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	size_t ignored;

	if (slice_ends_with(word, SLICE(",")))
		word.n--;
	return table_find_text(word, days, COUNT_OF(days), &ignored);
}

/*
 * "From rua@example.com Fri Nov 20 12:08:34 2026", RFC 4155. Every writer's line holds a time, but for
 * some that write "From " and nothing. Without an empty line before it, as behind a mail that was cut
 * short, it has to hold a day too: a sentence may begin with the word.
 */
static bool separates(struct slice line, bool after_blank)
{
	struct slice rest = slice_trim(line), word;
	bool time = false, weekday = false;

	if (!slice_starts_with(line, SLICE("From ")))
		return false;
	if (slice_equal(rest, SLICE("From")))
		return after_blank;
	while (slice_cut(&rest, ' ', &word)) {
		time |= is_time(word);
		weekday |= is_weekday(word);
	}
	return time && (weekday || after_blank);
}

static bool is_header(struct slice line)
{
	size_t colon = slice_find(line, ':');

	return slice_starts_with(line, SLICE(">From ")) ||
		(colon > 0 && colon < line.n &&
		 slice_find(slice_prefix(line, colon), ' ') == colon);
}

static bool is_blank(struct slice text)
{
	return slice_starts_with(text, SLICE("\n")) || slice_starts_with(text, SLICE("\r\n"));
}

static struct slice behind_line(struct slice text)
{
	return slice_from_offset(text, first_line(text).n + 1);
}

static struct slice behind_blank_lines(struct slice text)
{
	while (is_blank(text))
		text = behind_line(text);
	return text;
}

/* A separating line, and a header behind it, or the next such line where that mail is empty. */
static bool begins_with_mail(struct slice text)
{
	struct slice rest = behind_line(text);

	if (!separates(first_line(text), true))
		return false;
	return is_blank(rest) ? separates(first_line(behind_blank_lines(rest)), true)
			      : is_header(first_line(rest));
}

bool mbox_is(const char *path)
{
	struct err ignored = ERR_INIT;
	SCOPED(fd) int fd = file_open(path, &ignored);
	UNINITIALISED char head[SNIFF_BYTES];
	ssize_t got = fd < 0 ? -1 : file_read_at(fd, head, sizeof(head), 0, &ignored);

	return got > 0 && begins_with_mail(behind_blank_lines(slice_of(head, (size_t)got)));
}

/* -- the window */

static uint64_t position(const struct mbox *b)
{
	return b->window_at + b->next;
}

/* The head of the next line; empty at the end of the file. */
static bool look(struct mbox *b, struct slice *head_out, struct err *e)
{
	if (b->have - b->next < HEAD_BYTES) {
		memmove(b->window, b->window + b->next, b->have - b->next);
		b->window_at += b->next;
		b->have -= b->next;
		b->next = 0;

		ssize_t got = file_read_at(b->fd, b->window + b->have, sizeof(b->window) - b->have,
					   (off_t)(b->window_at + b->have), e);

		if (got < 0)
			return false;
		b->have += (size_t)got;
	}
	*head_out = slice_prefix(slice_of(b->window + b->next, b->have - b->next), HEAD_BYTES);
	return true;
}

/* Behind the next line, however long it is. */
static bool skip_line(struct mbox *b, struct err *e)
{
	struct slice rest = slice_of(b->window + b->next, b->have - b->next);
	size_t newline = slice_find(rest, '\n');

	while (newline == rest.n && rest.n > 0) {
		b->next = b->have;
		if (!look(b, &rest, e))
			return false;
		rest = slice_of(b->window + b->next, b->have - b->next);
		newline = slice_find(rest, '\n');
	}
	b->next += rest.n > 0 ? newline + 1 : 0;
	return true;
}

/* -- mails */

/*
 * The bytes of a mail, but not how its last line ends: who appends the next mail ends it if need be.
 * Those past the limit are not looked at.
 */
static bool key_of(int fd, const char *real, uint64_t at, uint64_t n,
		   unsigned char key[MESSAGE_KEY_SIZE], struct err *e)
{
	SCOPED(digest) struct digest *d = digest_new(MBOX_KEY_VERSION);
	char end[2];
	size_t tail = n < sizeof(end) ? (size_t)n : sizeof(end);

	if (file_read_at(fd, end, tail, (off_t)(at + n - tail), e) < 0)
		return false;
	for (; tail > 0 && (end[tail - 1] == '\n' || end[tail - 1] == '\r'); tail--)
		n--;
	digest_add(d, SLICE("mbox"));
	digest_add(d, slice_from(real));
	if (!bytes_digest(d, fd, at, n, e))
		return false;
	digest_take(d, key);
	return true;
}

static uint64_t bounded(uint64_t size)
{
	return size <= LIMIT_MAIL_BYTES ? size : LIMIT_MAIL_BYTES + 1;
}

static void name_mail(struct message *m, const struct mbox *b)
{
	struct buf text = { 0 };

	buf_printf(&text, "mbox:%s", b->path);
	m->source = buf_detach(&text);
	buf_printf(&text, "%s:%llu", b->path, (unsigned long long)m->offset);
	m->locator = buf_detach(&text);
}

static bool describe(struct message *m, const struct mbox *b, uint64_t at, uint64_t end,
		     struct err *e)
{
	*m = (struct message){ .size = end - at, .offset = at };
	if (!key_of(b->fd, b->real, at, bounded(m->size), m->key, e))
		return false;
	memcpy(m->place_key, m->key, MESSAGE_KEY_SIZE);
	name_mail(m, b);
	return true;
}

/* From behind a separating line to the next one. Empty lines before that are not of the mail. */
static bool find_end(struct mbox *b, uint64_t *end_out, struct err *e)
{
	bool blank = false;

	*end_out = position(b);
	for (;;) {
		struct slice head;

		if (!look(b, &head, e))
			return false;
		if (head.n == 0 || separates(first_line(head), blank))
			return true;
		blank = is_blank(head);
		if (!skip_line(b, e))
			return false;
		if (!blank)
			*end_out = position(b);
	}
}

/* Empty lines before the first mail are of none. */
static bool look_for_mail(struct mbox *b, struct slice *head_out, struct err *e)
{
	bool ok = look(b, head_out, e);

	while (ok && is_blank(*head_out))
		ok = skip_line(b, e) && look(b, head_out, e);
	return ok;
}

/* Where it cannot be read any further is a mail that cannot be opened: others need not go without. */
static int yield_rest(struct mbox *b, struct message *m)
{
	uint64_t at = b->window_at + b->have;

	b->broken = true;
	*m = (struct message){ .size = 1, .offset = at > 0 ? at : 1 };
	name_mail(m, b);
	return 1;
}

/* 1, 0, or -1 where it cannot be read. */
static int next_mail(struct mbox *b, struct message *message_out, struct err *e)
{
	struct slice head;
	uint64_t at, end;

	if (!look_for_mail(b, &head, e))
		return -1;
	if (head.n == 0)
		return 0;
	if (!skip_line(b, e))
		return -1;
	at = position(b);
	return find_end(b, &end, e) && describe(message_out, b, at, end, e) ? 1 : -1;
}

int mbox_next(struct mbox *b, struct message *message_out)
{
	struct err fault = ERR_INIT; /* who opens the mail finds out for himself */
	int yielded = b->broken ? 0 : next_mail(b, message_out, &fault);

	return yielded < 0 ? yield_rest(b, message_out) : yielded;
}

struct mbox *mbox_open(const char *path, struct err *e)
{
	int fd = file_open(path, e);

	if (fd < 0)
		return NULL;

	struct mbox *b = memory_alloc(sizeof(*b));

	b->fd = fd;
	b->broken = false;
	b->path = memory_copy(slice_from(path));
	b->real = path_real(path);
	b->window_at = b->have = b->next = 0;
	return b;
}

void mbox_close(struct mbox *b)
{
	if (!b)
		return;
	fd_close(b->fd);
	free(b->path);
	free(b->real);
	free(b);
}

/* -- one mail */

static bool copy_mail(int in, int out, const struct message *m, struct err *e)
{
	char piece[WINDOW_BYTES];
	uint64_t n = bounded(m->size);

	for (uint64_t done = 0; done < n;) {
		size_t want = n - done < sizeof(piece) ? (size_t)(n - done) : sizeof(piece);
		ssize_t got = file_read_at(in, piece, want, (off_t)(m->offset + done), e);

		if (got < 0 || !file_write_temporary(out, slice_of(piece, (size_t)got), e))
			return false;
		if (got == 0)
			break;
		done += (uint64_t)got;
	}
	return true;
}

/* Somebody may have written to the mbox since it was listed: then it is not this mail any more. */
static bool is_mail(int fd, const char *path, const struct message *m, struct err *e)
{
	unsigned char key[MESSAGE_KEY_SIZE];
	char *real = path_real(path);
	bool read = key_of(fd, real, 0, bounded(m->size), key, e);

	free(real);
	if (!read || memcmp(key, m->place_key, sizeof(key)) == 0)
		return read;
	err_set(e, ERR_NO_INPUT, "the mbox was changed while it was read");
	return err_remedy(e, "the next run reads what is there then");
}

int mbox_open_mail(const struct message *m, struct err *e)
{
	size_t path_length = strlen(m->locator);

	while (m->locator[path_length] != ':')
		path_length--;

	char *path = memory_copy(slice_of(m->locator, path_length));
	SCOPED(fd) int in = file_open(path, e);
	SCOPED(fd) int out = in < 0 ? -1 : file_temporary(e);
	bool ok = out >= 0 && copy_mail(in, out, m, e) && is_mail(out, path, m, e);

	free(path);
	if (ok)
		return TAKE(out, -1);
	err_where(e, "%s", m->locator);
	return -1;
}
