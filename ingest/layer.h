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

/* First member of every layer. What a new one is made of is of this type, too, without its functions. */
struct layer {
	const struct layer_ops *ops;
	struct budget *budget;
	struct receiver *receiver;
	struct mail_watch
		*watch; /* NULL: a mail in here is not the message itself, or nobody asks */
	unsigned depth; /* 0: straight from the mail */
	bool packed;    /* it came out of an archive */
};

struct layer *layer_gzip_new(struct layer base);
struct layer *layer_zlib_new(struct layer base);
struct layer *layer_deflate_new(struct layer base);
struct layer *layer_zip_new(struct layer base);
struct layer *layer_mail_new(struct layer base);
struct layer *layer_plain_new(struct layer base);

/*
 * Two kinds of data without a magic number to know them by: only what becomes a report counts. Needs the
 * first DOCUMENT_HEAD_BYTES.
 */
bool layer_is_zlib(struct slice head);
bool layer_is_deflate(struct slice head);

/* Is what either makes of it not packed, but stored? Then the text in it can be read, and is no document. */
bool layer_is_stored(struct slice head);

/* Is it a mail, by its first lines? Needs the same. */
bool layer_is_mail(struct slice head);

/* An unpacker for what comes out of a layer: of that, with what is other below it. */
struct unpacker *unpacker_below(struct layer around);

#endif
