/* SPDX-License-Identifier: MIT */
#include "ingest/unpack.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/layer.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { MAGIC_BYTES = 4 };

typedef struct layer *layer_new(struct budget *budget, struct receiver *receiver, unsigned depth);

static const struct {
	struct slice magic;
	layer_new *make;
} archives[] = {
	{ { "\x1F\x8B", 2 }, layer_gzip_new },
	{ { "PK\x03\x04", 4 }, layer_zip_new },
	{ { "PK\x05\x06", 4 }, layer_zip_new }, /* an empty one */
};

struct unpacker {
	struct budget *budget;
	struct receiver *receiver;
	unsigned depth;
	char head[MAGIC_BYTES]; /* until there are enough to choose the layer by */
	size_t head_length;
	struct layer *layer;
};

struct unpacker *unpacker_below(struct budget *budget, struct receiver *receiver, unsigned depth)
{
	struct unpacker *u = memory_zeroed(1, sizeof(*u));

	u->budget = budget;
	u->receiver = receiver;
	u->depth = depth;
	return u;
}

struct unpacker *unpacker_new(struct budget *budget, struct receiver *receiver)
{
	return unpacker_below(budget, receiver, 0);
}

void unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	if (u->layer)
		u->layer->ops->free(u->layer);
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

bool unpack_is_archive(struct slice head)
{
	return archive_of(head) != NULL;
}

static bool choose_layer(struct unpacker *u, struct err *e)
{
	struct slice head = slice_of(u->head, u->head_length);
	layer_new *make = archive_of(head);

	if (make && u->depth == LIMIT_NESTING)
		return err_set(e, ERR_LIMIT, "archives are nested more than %d deep",
			       LIMIT_NESTING);
	if (make && u->depth > 0)
		u->receiver->ops->quirk(u->receiver, QUIRK_NESTED_ARCHIVE);
	u->layer = (make ? make : layer_plain_new)(u->budget, u->receiver, u->depth);
	return u->layer->ops->push(u->layer, head, e);
}

bool unpacker_push(struct unpacker *u, struct slice bytes, struct err *e)
{
	if (u->depth == 0)
		u->budget->packed += bytes.n;
	while (!u->layer && bytes.n > 0) {
		u->head[u->head_length++] = bytes.p[0];
		bytes = slice_from_offset(bytes, 1);
		if (u->head_length == MAGIC_BYTES && !choose_layer(u, e))
			return false;
	}
	return bytes.n == 0 || u->layer->ops->push(u->layer, bytes, e);
}

bool unpacker_finish(struct unpacker *u, struct err *e)
{
	return (u->layer || choose_layer(u, e)) && u->layer->ops->finish(u->layer, e);
}
