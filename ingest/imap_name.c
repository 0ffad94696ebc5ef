/* SPDX-License-Identifier: MIT */
#include "ingest/imap_name.h"

#include "base/text.h"
#include "ingest/imap_response.h"

#include "base/banned.h"

/* In UTF-8; servers allow a few hundred bytes. */
enum { MAILBOX_BYTES = 1000 };

/* Base64 of a run of characters that are not ASCII: with a comma, and without padding. */
struct run {
	bool open;
	uint32_t bits;
	unsigned count; /* of bits that are waiting, below 6 between characters */
};

static void put_sextets(struct buf *b, struct run *run)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

	while (run->count >= 6) {
		run->count -= 6;
		buf_append_byte(b, digits[run->bits >> run->count & 63]);
	}
}

static void put_unit(struct buf *b, struct run *run, uint32_t unit)
{
	if (!run->open)
		buf_append_byte(b, '&');
	run->open = true;
	run->bits = run->bits << 16 | unit;
	run->count += 16;
	put_sextets(b, run);
}

static void end_run(struct buf *b, struct run *run)
{
	if (!run->open)
		return;
	if (run->count > 0) {
		run->bits <<= 6 - run->count;
		run->count = 6;
		put_sextets(b, run);
	}
	buf_append_byte(b, '-');
	*run = (struct run){ 0 };
}

static void put_point(struct buf *b, struct run *run, uint32_t point)
{
	if (point >= 0x10000) {
		put_unit(b, run, 0xd800 + ((point - 0x10000) >> 10));
		put_unit(b, run, 0xdc00 + ((point - 0x10000) & 0x3ff));
	} else if (point >= 0x7f) {
		put_unit(b, run, point);
	} else {
		end_run(b, run);
		buf_append_byte(b, (char)point);
		if (point == '&')
			buf_append_byte(b, '-');
	}
}

static bool is_mailbox(struct slice folder)
{
	bool visible = folder.n > 0 && folder.n <= MAILBOX_BYTES && utf8_is_valid(folder) &&
		folder.p[0] != '/' && folder.p[folder.n - 1] != '/';

	/* % and * are what LIST looks for */
	for (size_t i = 0; i < folder.n && visible; i++)
		visible = (unsigned char)folder.p[i] >= ' ' && folder.p[i] != 0x7f &&
			folder.p[i] != '%' && folder.p[i] != '*';
	return visible;
}

bool imap_append_mailbox(struct buf *b, struct slice folder, char delimiter, struct err *e)
{
	struct run run = { 0 };

	if (!is_mailbox(folder)) {
		err_set(e, ERR_USAGE, "not the name of a mailbox");
		err_where(e, "%.*s", SLICE_ARG(folder));
		err_remedy(e, "name it in UTF-8, with / between folders");
		return false;
	}
	while (folder.n > 0) {
		uint32_t point;
		size_t n = utf8_decode(folder, &point);

		if (point == '/' && delimiter != 0)
			point = (unsigned char)delimiter;
		put_point(b, &run, point);
		folder = slice_from_offset(folder, n);
	}
	end_run(b, &run);
	return true;
}

bool imap_append_quoted(struct buf *b, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	}
	buf_append_byte(b, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_append_byte(b, '\\');
		buf_append_byte(b, text.p[i]);
	}
	buf_append_byte(b, '"');
	return true;
}

void imap_append_set(struct buf *b, const uint32_t *uids, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t last = i;

		while (last + 1 < count && uids[last + 1] == uids[last] + 1)
			last++;
		buf_printf(b, "%s%lu", i > 0 ? "," : "", (unsigned long)uids[i]);
		if (last > i)
			buf_printf(b, ":%lu", (unsigned long)uids[last]);
		i = last + 1;
	}
}

static bool begin_range(struct imap_set *s, struct slice range)
{
	size_t colon = slice_find(range, ':');
	uint32_t last;

	if (!imap_number(slice_prefix(range, colon), &s->next))
		return false;
	last = s->next;
	if (colon < range.n && !imap_number(slice_from_offset(range, colon + 1), &last))
		return false;
	s->last = last > s->next ? last : s->next;
	s->next = last < s->next ? last : s->next;
	return true;
}

int imap_set_next(struct imap_set *s, uint32_t *uid_out)
{
	struct slice range;

	if (s->next == 0) {
		if (s->rest.n == 0)
			return 0;
		if (!slice_cut(&s->rest, ',', &range) || !begin_range(s, range))
			return -1;
	}
	*uid_out = s->next;
	s->next = s->next < s->last ? s->next + 1 : 0;
	return 1;
}
