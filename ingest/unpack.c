/* SPDX-License-Identifier: MIT */
#include "ingest/unpack.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/document.h"
#include "ingest/layer.h"
#include "parser/limits.h"

#include "base/banned.h"

typedef struct layer *layer_new(struct layer base);

static const struct {
	struct slice magic;
	layer_new *make;
} archives[] = {
	{ { "\x1F\x8B", 2 }, layer_gzip_new },
	{ { "PK\x03\x04", 4 }, layer_zip_new },
	{ { "PK\x05\x06", 4 }, layer_zip_new }, /* an empty one */
};

/* Tried when there is no magic number, and the bytes are nothing that can be read as they are. */
static const struct {
	bool (*fits)(struct slice head);
	layer_new *make;
} guesses[] = {
	{ layer_is_zlib, layer_zlib_new },
	{ layer_is_deflate, layer_deflate_new },
};

struct unpacker {
	struct layer base; /* of the layer to come */
	struct buf head;   /* until there is enough to choose the layer by */
	struct layer *layer;
};

struct unpacker *unpacker_below(struct layer around)
{
	struct unpacker *u = memory_zeroed(1, sizeof(*u));

	u->base = around;
	u->base.ops = NULL;
	u->base.depth++;
	return u;
}

struct unpacker *unpacker_new(struct budget *budget, struct receiver *receiver)
{
	struct unpacker *u = memory_zeroed(1, sizeof(*u));

	u->base.budget = budget;
	u->base.receiver = receiver;
	return u;
}

void unpacker_watch(struct unpacker *u, struct mail_watch *watch)
{
	u->base.watch = watch;
}

void unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	if (u->layer)
		u->layer->ops->free(u->layer);
	buf_release(&u->head);
	free(u);
}

static layer_new *archive_of(struct slice head)
{
	for (size_t i = 0; i < COUNT_OF(archives); i++) {
		if (slice_starts_with(head, archives[i].magic))
			return archives[i].make;
	}
	return NULL;
}

static layer_new *guess_of(struct slice head)
{
	for (size_t i = 0; i < COUNT_OF(guesses); i++) {
		if (guesses[i].fits(head))
			return layer_is_stored(head) || document_sniff(head) == DOCUMENT_OTHER
				? guesses[i].make
				: NULL;
	}
	return NULL;
}

bool unpack_is_archive(struct slice head)
{
	return archive_of(head) || guess_of(head);
}

/* Too deep for a mail: it may be prose that quotes mails, and is none of those that are refused. */
static bool is_mail(const struct unpacker *u, struct slice head)
{
	return u->base.depth < LIMIT_NESTING && layer_is_mail(head);
}

static layer_new *layer_of(const struct unpacker *u, struct slice head)
{
	layer_new *make = archive_of(head);

	if (!make && is_mail(u, head))
		return layer_mail_new;
	return make ? make : guess_of(head);
}

static bool begin_layer(struct unpacker *u, layer_new *make, struct err *e)
{
	struct receiver *r = u->base.receiver;

	if (make && u->base.depth == LIMIT_NESTING) {
		err_set(e, ERR_LIMIT, "archives are nested more than %d deep", LIMIT_NESTING);
		return false;
	}
	if (make && make != layer_mail_new && u->base.packed)
		r->ops->quirk(r, QUIRK_NESTED_ARCHIVE);
	u->layer = (make ? make : layer_plain_new)(u->base);

	bool ok = u->layer->ops->push(u->layer, buf_slice(&u->head), e);

	buf_release(&u->head);
	return ok;
}

/* An archive shows early what it is; a document has to be known before its first byte is handed on. */
static bool choose_layer(struct unpacker *u, struct err *e)
{
	struct slice head = buf_slice(&u->head);

	if (head.n < DOCUMENT_HEAD_BYTES && !archive_of(head))
		return true;
	return begin_layer(u, layer_of(u, head), e);
}

bool unpacker_push(struct unpacker *u, struct slice bytes, struct err *e)
{
	if (u->base.depth == 0)
		u->base.budget->packed += bytes.n;
	if (!u->layer) {
		struct slice piece = slice_prefix(bytes, DOCUMENT_HEAD_BYTES - u->head.n);

		buf_append(&u->head, piece);
		bytes = slice_from_offset(bytes, piece.n);
		if (!choose_layer(u, e))
			return false;
	}
	/* before there is a layer the head takes them all */
	return bytes.n == 0 || !u->layer || u->layer->ops->push(u->layer, bytes, e);
}

bool unpacker_finish(struct unpacker *u, struct err *e)
{
	if (!u->layer && !begin_layer(u, layer_of(u, buf_slice(&u->head)), e))
		return false;
	return u->layer->ops->finish(u->layer, e);
}
