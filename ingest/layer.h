/* SPDX-License-Identifier: MIT */
/*
 * Inside the unpacker: one layer of packing. A layer takes bytes and hands what it makes of them to
 * the unpacker below it.
 */
#ifndef INGEST_LAYER_H
#define INGEST_LAYER_H

#include "ingest/unpack.h"

struct layer;

struct layer_ops {
	bool (*push)(struct layer *l, struct slice bytes, struct err *e);
	bool (*finish)(struct layer *l, struct err *e);
	void (*free)(struct layer *l);
};

/* First member of every layer. */
struct layer {
	const struct layer_ops *ops;
	struct budget *budget;
	struct receiver *receiver;
	unsigned depth; /* 0: straight from the mail */
};

struct layer *layer_gzip_new(struct budget *budget, struct receiver *receiver, unsigned depth);
struct layer *layer_zlib_new(struct budget *budget, struct receiver *receiver, unsigned depth);
struct layer *layer_deflate_new(struct budget *budget, struct receiver *receiver, unsigned depth);
struct layer *layer_zip_new(struct budget *budget, struct receiver *receiver, unsigned depth);
struct layer *layer_plain_new(struct budget *budget, struct receiver *receiver, unsigned depth);

/*
 * Two kinds of data without a magic number to know them by: only what becomes a report counts. Needs the
 * first DOCUMENT_HEAD_BYTES.
 */
bool layer_is_zlib(struct slice head);
bool layer_is_deflate(struct slice head);

/* An unpacker for what comes out of a layer at `depth` - 1. */
struct unpacker *unpacker_below(struct budget *budget, struct receiver *receiver, unsigned depth);

#endif
