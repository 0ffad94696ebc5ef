/* SPDX-License-Identifier: MIT */
/*
 * What deflate made: gzip, of one member or several; a zlib stream; deflate data by themselves. With or
 * without stray bytes behind the last.
 */
#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "ingest/document.h"
#include "ingest/layer.h"

#include "base/banned.h"

/* 16 asks zlib for the gzip header and its checksum, a negative window for neither. */
enum { GZIP_WINDOW = 15 + 16, ZLIB_WINDOW = 15, RAW_WINDOW = -15 };
enum { OUTPUT_BYTES = 64 * 1024, INPUT_BYTES = 1 << 30 };

/* More such bytes in a row than compressed data have by chance. */
enum { TEXT_PROOF_BYTES = 64 };

enum inflate_state {
	IN_MEMBER,
	AFTER_MEMBER, /* another one may begin */
	TRAILING,     /* whatever comes is none */
};

/* RFC 1952 2.3.1: magic, method (only deflate is there), and flags, of which three are never set. */
enum { MEMBER_HEAD_BYTES = 4, MEMBER_FLAGS = 3, RESERVED_FLAGS = 0xE0 };

static const struct slice member_head = { "\x1F\x8B\x08", MEMBER_FLAGS };

struct layer_inflate {
	struct layer layer;
	struct unpacker *below;
	const char *name; /* for people */
	int window;
	z_stream stream;
	enum inflate_state state;
	char head[MEMBER_HEAD_BYTES]; /* of another member, as far as it was seen */
	size_t head_length;
};

static bool inflate_error(const struct layer_inflate *g, int code, struct err *e)
{
	BUG_UNLESS(code != Z_STREAM_ERROR);
	if (code == Z_NEED_DICT)
		return err_set(e, ERR_INPUT, "the %s data need a dictionary", g->name);
	return err_set(e, ERR_INPUT, "the %s data are damaged: %s", g->name,
		       g->stream.msg ? g->stream.msg : "unknown fault");
}

/* Inflates what is in the stream's input, up to the end of the member. */
static bool inflate_member(struct layer_inflate *g, struct err *e)
{
	UNINITIALISED unsigned char output[OUTPUT_BYTES];
	int code = Z_OK;

	do {
		g->stream.next_out = output;
		g->stream.avail_out = OUTPUT_BYTES;
		code = inflate(&g->stream, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
			return inflate_error(g, code, e);

		size_t made = OUTPUT_BYTES - g->stream.avail_out;

		if (!budget_inflate(g->layer.budget, made, e) ||
		    !unpacker_push(g->below, slice_of((const char *)output, made), e))
			return false;
	} while (code != Z_STREAM_END && g->stream.avail_out == 0);
	if (code == Z_STREAM_END)
		g->state = AFTER_MEMBER;
	return true;
}

static bool inflate_bytes(struct layer_inflate *g, struct slice *bytes, struct err *e)
{
	struct slice piece = slice_prefix(*bytes, INPUT_BYTES);

	/* zlib reads through this pointer only, but its type predates const */
	g->stream.next_in = (unsigned char *)(uintptr_t)piece.p;
	g->stream.avail_in = (unsigned)piece.n;
	if (!inflate_member(g, e))
		return false;
	*bytes = slice_from_offset(*bytes, piece.n - g->stream.avail_in);
	return true;
}

static void trailing_bytes(struct layer_inflate *g)
{
	g->state = TRAILING;
	g->layer.receiver->ops->quirk(g->layer.receiver, QUIRK_GZIP_TRAILING_BYTES);
}

/*
 * Between members, byte by byte. What does not begin like another one is padding, a magic number without
 * the rest included.
 */
static bool look_for_member(struct layer_inflate *g, struct slice *bytes, struct err *e)
{
	char c = bytes->p[0];
	struct slice head = slice_of(g->head, MEMBER_HEAD_BYTES);
	bool fits = g->head_length < MEMBER_FLAGS ? c == member_head.p[g->head_length]
						  : ((unsigned char)c & RESERVED_FLAGS) == 0;

	*bytes = slice_from_offset(*bytes, 1);
	if (!fits || g->window != GZIP_WINDOW) {
		trailing_bytes(g);
		return true;
	}
	g->head[g->head_length++] = c;
	if (g->head_length < MEMBER_HEAD_BYTES)
		return true;
	g->head_length = 0;
	g->state = IN_MEMBER;
	BUG_UNLESS(inflateReset(&g->stream) == Z_OK);
	return inflate_bytes(g, &head, e);
}

static bool inflate_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_inflate *g = (struct layer_inflate *)layer;

	while (bytes.n > 0 && g->state != TRAILING) {
		bool ok = g->state == IN_MEMBER ? inflate_bytes(g, &bytes, e)
						: look_for_member(g, &bytes, e);

		if (!ok)
			return false;
	}
	return true;
}

static bool inflate_finish(struct layer *layer, struct err *e)
{
	struct layer_inflate *g = (struct layer_inflate *)layer;

	if (g->state == IN_MEMBER)
		return err_set(e, ERR_INPUT, "the %s data end early, as if cut off", g->name);
	if (g->state == AFTER_MEMBER && g->head_length > 0)
		trailing_bytes(g);
	return unpacker_finish(g->below, e);
}

static void inflate_free(struct layer *layer)
{
	struct layer_inflate *g = (struct layer_inflate *)layer;

	unpacker_free(g->below);
	(void)inflateEnd(&g->stream);
	free(g);
}

static const struct layer_ops inflate_ops = { inflate_push, inflate_finish, inflate_free };

static struct layer *inflate_new(struct layer base, const char *name, int window)
{
	struct layer_inflate *g = memory_zeroed(1, sizeof(*g));
	struct layer below = base;

	base.ops = &inflate_ops;
	below.packed = true;
	g->layer = base;
	g->below = unpacker_below(below);
	g->name = name;
	g->window = window;
	BUG_UNLESS(inflateInit2(&g->stream, window) == Z_OK);
	return &g->layer;
}

struct layer *layer_gzip_new(struct layer base)
{
	return inflate_new(base, "gzip", GZIP_WINDOW);
}

struct layer *layer_zlib_new(struct layer base)
{
	return inflate_new(base, "zlib", ZLIB_WINDOW);
}

struct layer *layer_deflate_new(struct layer base)
{
	return inflate_new(base, "deflate", RAW_WINDOW);
}

/* Inflates the head and looks at what it was made of. */
static bool holds_report(struct slice head, int window)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)head.p,
		       .avail_in = (unsigned)head.n };
	UNINITIALISED char text[DOCUMENT_HEAD_BYTES];
	int code;

	z.next_out = (unsigned char *)text;
	z.avail_out = sizeof(text);
	BUG_UNLESS(inflateInit2(&z, window) == Z_OK);
	code = inflate(&z, Z_SYNC_FLUSH);
	(void)inflateEnd(&z);

	struct slice made = slice_of(text, sizeof(text) - z.avail_out);
	enum document_kind kind = document_sniff(made);

	return (code == Z_OK || code == Z_STREAM_END) &&
		(kind == DOCUMENT_REPORT || kind == DOCUMENT_TLS_REPORT);
}

/* RFC 1950 2.2: the method is deflate, no dictionary, and the two bytes are a multiple of 31. */
static bool has_zlib_header(struct slice head)
{
	if (head.n < 2)
		return false;

	unsigned cmf = (unsigned char)head.p[0], flg = (unsigned char)head.p[1];

	return (cmf & 0x0F) == Z_DEFLATED && (flg & 0x20) == 0 && (cmf << 8 | flg) % 31 == 0;
}

bool layer_is_zlib(struct slice head)
{
	return has_zlib_header(head) && holds_report(head, ZLIB_WINDOW);
}

/*
 * Text is no raw deflate stream: its code lengths, or the length of what is only stored, have bytes that
 * text has not. Most heads are text, and inflating costs more than looking.
 */
static bool begins_as_text(struct slice head)
{
	for (size_t i = 0; i < TEXT_PROOF_BYTES && i < head.n; i++) {
		unsigned char byte = (unsigned char)head.p[i];

		if (byte < '\t' || byte > '~')
			return false;
	}
	return head.n >= TEXT_PROOF_BYTES;
}

bool layer_is_deflate(struct slice head)
{
	return !begins_as_text(head) && holds_report(head, RAW_WINDOW);
}

/* RFC 1951 3.2.4: the type of the block, its length, and that once more with all bits turned. */
static bool is_stored_block(struct slice head)
{
	const unsigned char *p = (const unsigned char *)head.p;

	return head.n >= 5 && p[0] <= 1 && (p[1] ^ p[3]) == 0xFF && (p[2] ^ p[4]) == 0xFF;
}

bool layer_is_stored(struct slice head)
{
	return is_stored_block(head) ||
		(has_zlib_header(head) && is_stored_block(slice_from_offset(head, 2)));
}
