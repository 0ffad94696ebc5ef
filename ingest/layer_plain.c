/* SPDX-License-Identifier: MIT */
/* The innermost layer: no packing is left, the bytes are a document. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "ingest/layer.h"

#include "base/banned.h"

struct layer_plain {
	struct layer layer;
	struct buf head; /* until there is enough to know the document by */
	bool begun;
	bool over; /* the receiver refused or was told the end */
};

static bool begin(struct layer_plain *p, struct err *e)
{
	struct receiver *receiver = p->layer.receiver;
	enum document_kind kind = document_sniff(buf_slice(&p->head));

	p->begun = true;
	if (receiver->ops->begin(receiver, kind, p->layer.depth > 0, e) &&
	    receiver->ops->bytes(receiver, buf_slice(&p->head), e))
		return true;
	p->over = true;
	return false;
}

static bool plain_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	struct receiver *receiver = layer->receiver;

	if (!p->begun) {
		struct slice piece = slice_prefix(bytes, DOCUMENT_HEAD_BYTES - p->head.n);

		buf_append(&p->head, piece);
		bytes = slice_from_offset(bytes, piece.n);
		if (p->head.n == DOCUMENT_HEAD_BYTES && !begin(p, e))
			return false;
	}
	if (bytes.n == 0 || receiver->ops->bytes(receiver, bytes, e))
		return true;
	p->over = true;
	return false;
}

static bool plain_finish(struct layer *layer, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;

	if (!p->begun && !begin(p, e))
		return false;
	p->over = true;
	return layer->receiver->ops->end(layer->receiver, e);
}

/* Freed before the end: something around the document was wrong. */
static void plain_free(struct layer *layer)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	struct err why = ERR_INIT;

	if (p->begun && !p->over) {
		err_set(&why, ERR_INPUT, "what it was packed in is damaged");
		layer->receiver->ops->abort(layer->receiver, &why);
	}
	buf_release(&p->head);
	free(p);
}

static const struct layer_ops plain_ops = { plain_push, plain_finish, plain_free };

struct layer *layer_plain_new(struct budget *budget, struct receiver *receiver, unsigned depth)
{
	struct layer_plain *p = memory_zeroed(1, sizeof(*p));

	p->layer = (struct layer){ &plain_ops, budget, receiver, depth };
	return &p->layer;
}
