/* SPDX-License-Identifier: MIT */
/*
 * What an IMAP server sends, as bytes, in pieces and at once: both are heard alike, nothing held is
 * larger than it may be, and every word lies within its response.
 */
#include <stdint.h>

#include "base/buf.h"
#include "base/bug.h"
#include "ingest/imap_name.h"
#include "ingest/imap_response.h"

#include "base/banned.h"

struct hearing {
	struct imap_listener listener;
	struct buf heard;
	uint64_t body; /* bytes of it that are still to come */
};

static bool on_body(struct imap_listener *l, uint64_t size, struct err *e UNUSED)
{
	struct hearing *h = (struct hearing *)l;

	BUG_UNLESS(h->body == 0);
	h->body = size;
	buf_append_text(&h->heard, "body");
	return true;
}

static bool on_bytes(struct imap_listener *l, struct slice bytes, struct err *e UNUSED)
{
	struct hearing *h = (struct hearing *)l;

	BUG_UNLESS(bytes.n > 0 && bytes.n <= h->body);
	h->body -= bytes.n;
	buf_append(&h->heard, bytes);
	return true;
}

static void read_set(struct slice text)
{
	struct imap_set set = { .rest = text };
	uint32_t uid;

	for (int i = 0; i < 1000 && imap_set_next(&set, &uid) > 0; i++)
		BUG_UNLESS(uid > 0);
}

static bool on_response(struct imap_listener *l, const struct imap_response *r,
			struct err *e UNUSED)
{
	struct hearing *h = (struct hearing *)l;
	struct imap_cursor c = imap_cursor_over(r->rest), lists = c;
	struct imap_token token;

	BUG_UNLESS(h->body == 0 && r->rest.n <= IMAP_RESPONSE_BYTES);
	for (size_t words = 0; (token = imap_next(&c)).kind != IMAP_TOKEN_END; words++) {
		BUG_UNLESS(words <= r->rest.n && c.depth <= IMAP_DEPTH + 1);
		BUG_UNLESS(token.text.n <= r->rest.n);
		buf_printf(&h->heard, "%d", (int)token.kind);
		if (token.kind == IMAP_TOKEN_STRING)
			imap_append_string(&h->heard, &token);
		if (token.kind == IMAP_TOKEN_WRONG)
			break;
		read_set(token.text);
	}
	while (imap_skip(&lists, imap_next(&lists)))
		;
	return true;
}

static const struct imap_listener_ops ops = { on_body, on_bytes, on_response };

static bool hear(struct hearing *h, struct slice bytes, size_t piece)
{
	struct imap_parser p;
	struct err e = ERR_INIT;
	bool ok = true;

	imap_parser_init(&p, &h->listener);
	for (size_t at = 0; ok && at < bytes.n; at += piece) {
		ok = imap_parser_push(&p, slice_prefix(slice_from_offset(bytes, at), piece), &e);
		BUG_UNLESS(p.text.n <= IMAP_RESPONSE_BYTES + 2);
	}
	imap_parser_release(&p);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of((const char *)data, size);
	struct hearing whole = { .listener.ops = &ops }, pieces = whole;

	if (size == 0)
		return 0;
	BUG_UNLESS(hear(&whole, bytes, size) == hear(&pieces, bytes, 1 + size % 7));
	BUG_UNLESS(slice_equal(buf_slice(&whole.heard), buf_slice(&pieces.heard)));
	buf_release(&whole.heard);
	buf_release(&pieces.heard);
	return 0;
}
