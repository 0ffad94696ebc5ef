/* SPDX-License-Identifier: MIT */
/* Gzip: one member or several, with or without stray bytes behind the last. */
#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "ingest/layer.h"

#include "base/banned.h"

/* 16 asks zlib for the gzip header and its checksum. */
enum { GZIP_WINDOW = 15 + 16, OUTPUT_BYTES = 64 * 1024, INPUT_BYTES = 1 << 30 };

enum gzip_state {
	IN_MEMBER,
	AFTER_MEMBER, /* another one may begin */
	AFTER_MAGIC1, /* the first byte of another one was seen */
	TRAILING,     /* whatever comes is not gzip */
};

struct layer_gzip {
	struct layer layer;
	struct unpacker *below;
	z_stream stream;
	enum gzip_state state;
	unsigned char output[OUTPUT_BYTES];
};

static bool inflate_error(const struct layer_gzip *g, int code, struct err *e)
{
	BUG_UNLESS(code != Z_STREAM_ERROR);
	if (code == Z_NEED_DICT)
		return err_set(e, ERR_INPUT, "the gzip data need a dictionary");
	return err_set(e, ERR_INPUT, "the gzip data are damaged: %s",
		       g->stream.msg ? g->stream.msg : "unknown fault");
}

/* Inflates what is in the stream's input, up to the end of the member. */
static bool inflate_member(struct layer_gzip *g, struct err *e)
{
	int code = Z_OK;

	do {
		g->stream.next_out = g->output;
		g->stream.avail_out = OUTPUT_BYTES;
		code = inflate(&g->stream, Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
			return inflate_error(g, code, e);

		size_t made = OUTPUT_BYTES - g->stream.avail_out;

		if (!budget_inflate(g->layer.budget, made, e) ||
		    !unpacker_push(g->below, slice_of((const char *)g->output, made), e))
			return false;
	} while (code != Z_STREAM_END && g->stream.avail_out == 0);
	if (code == Z_STREAM_END)
		g->state = AFTER_MEMBER;
	return true;
}

static bool inflate_bytes(struct layer_gzip *g, struct slice *bytes, struct err *e)
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

/* Between members, byte by byte: 1F 8B begins another one, anything else is padding. */
static bool look_for_member(struct layer_gzip *g, struct slice *bytes, struct err *e)
{
	unsigned char c = (unsigned char)bytes->p[0];
	struct slice magic = SLICE("\x1F\x8B");

	*bytes = slice_from_offset(*bytes, 1);
	if (g->state == AFTER_MEMBER && c == 0x1F) {
		g->state = AFTER_MAGIC1;
		return true;
	}
	if (g->state == AFTER_MAGIC1 && c == 0x8B) {
		g->state = IN_MEMBER;
		BUG_UNLESS(inflateReset(&g->stream) == Z_OK);
		return inflate_bytes(g, &magic, e);
	}
	g->state = TRAILING;
	g->layer.receiver->ops->quirk(g->layer.receiver, QUIRK_GZIP_TRAILING_BYTES);
	return true;
}

static bool gzip_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_gzip *g = (struct layer_gzip *)layer;

	while (bytes.n > 0 && g->state != TRAILING) {
		bool ok = g->state == IN_MEMBER ? inflate_bytes(g, &bytes, e)
						: look_for_member(g, &bytes, e);

		if (!ok)
			return false;
	}
	return true;
}

static bool gzip_finish(struct layer *layer, struct err *e)
{
	struct layer_gzip *g = (struct layer_gzip *)layer;

	if (g->state == IN_MEMBER)
		return err_set(e, ERR_INPUT, "the gzip data end early, as if cut off");
	if (g->state == AFTER_MAGIC1)
		layer->receiver->ops->quirk(layer->receiver, QUIRK_GZIP_TRAILING_BYTES);
	return unpacker_finish(g->below, e);
}

static void gzip_free(struct layer *layer)
{
	struct layer_gzip *g = (struct layer_gzip *)layer;

	unpacker_free(g->below);
	(void)inflateEnd(&g->stream);
	free(g);
}

static const struct layer_ops gzip_ops = { gzip_push, gzip_finish, gzip_free };

struct layer *layer_gzip_new(struct budget *budget, struct receiver *receiver, unsigned depth)
{
	struct layer_gzip *g = memory_zeroed(1, sizeof(*g));

	g->layer = (struct layer){ &gzip_ops, budget, receiver, depth };
	g->below = unpacker_below(budget, receiver, depth + 1);
	BUG_UNLESS(inflateInit2(&g->stream, GZIP_WINDOW) == Z_OK);
	return &g->layer;
}
