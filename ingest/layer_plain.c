/* SPDX-License-Identifier: MIT */
/* The innermost layer: no packing is left, the bytes are a document. */
#include <stdlib.h>

#include "base/memory.h"
#include "ingest/layer.h"

#include "base/banned.h"

struct layer_plain {
	struct layer layer;
	bool begun;
	bool over; /* the receiver refused or was told the end */
};

/* What is pushed first is enough to know the document by. */
static bool plain_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	const struct receiver_ops *ops = layer->receiver->ops;
	bool begins = !p->begun;

	p->begun = true;
	if ((!begins || ops->begin(layer->receiver, document_sniff(bytes), layer->depth > 0, e)) &&
	    ops->bytes(layer->receiver, bytes, e))
		return true;
	p->over = true;
	return false;
}

static bool plain_finish(struct layer *layer, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;

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
	free(p);
}

static const struct layer_ops plain_ops = { plain_push, plain_finish, plain_free };

struct layer *layer_plain_new(struct budget *budget, struct receiver *receiver, unsigned depth)
{
	struct layer_plain *p = memory_zeroed(1, sizeof(*p));

	p->layer = (struct layer){ &plain_ops, budget, receiver, depth };
	return &p->layer;
}
