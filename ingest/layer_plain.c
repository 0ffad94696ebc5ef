/* SPDX-License-Identifier: MIT */
/*
 * The innermost layer: no packing is left, the bytes are a document; or several reports, one behind the
 * other.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "ingest/document.h"
#include "ingest/layer.h"
#include "ingest/unpack_seam.h"
#include "parser/limits.h"

#include "base/banned.h"

enum document_state {
	NOT_BEGUN, /* its head is gathered */
	OPEN,
	OVER, /* the receiver refused or was told the end */
};

struct layer_plain {
	struct layer layer;
	enum document_state state; /* of the document at hand */
	struct buf head;
	unsigned documents;
	bool has_seams; /* the first is a report, so that others may follow */
	struct seam seam;
	struct err fault; /* the first one's of a document that others may follow */
};

/*
 * A fault in one report leaves those behind it their chance, and is all's in the end. Limits are the whole
 * mail's, and end it at once, as do errors that are nobody's here.
 */
static bool refused(struct layer_plain *p, const struct err *why, struct err *e)
{
	p->state = OVER;
	if (!p->has_seams || (why->kind != ERR_INPUT && why->kind != ERR_DATE)) {
		*e = *why;
		return false;
	}
	if (p->fault.kind == ERR_NONE)
		p->fault = *why;
	return true;
}

static bool begin_document(struct layer_plain *p, struct slice head, struct err *e)
{
	struct receiver *r = p->layer.receiver;
	enum document_kind kind = document_sniff(head);
	struct err why = ERR_INIT;

	if (p->documents++ == 0)
		p->has_seams = kind == DOCUMENT_REPORT;
	p->state = OPEN;
	return r->ops->begin(r, kind, p->layer.packed, &why) || refused(p, &why, e);
}

static bool give_bytes(struct layer_plain *p, struct slice bytes, struct err *e)
{
	struct receiver *r = p->layer.receiver;
	struct err why = ERR_INIT;

	return p->state != OPEN || r->ops->bytes(r, bytes, &why) || refused(p, &why, e);
}

static bool begin_with_head(struct layer_plain *p, struct err *e)
{
	bool ok =
		begin_document(p, buf_slice(&p->head), e) && give_bytes(p, buf_slice(&p->head), e);

	buf_clear(&p->head);
	return ok;
}

/* Of another document than the first: it has to be known before its first byte is handed on. */
static bool take_bytes(struct layer_plain *p, struct slice bytes, struct err *e)
{
	if (p->state == NOT_BEGUN) {
		struct slice piece = slice_prefix(bytes, DOCUMENT_HEAD_BYTES - p->head.n);

		buf_append(&p->head, piece);
		bytes = slice_from_offset(bytes, piece.n);
		if (p->head.n == DOCUMENT_HEAD_BYTES && !begin_with_head(p, e))
			return false;
	}
	return bytes.n == 0 || give_bytes(p, bytes, e);
}

static bool end_document(struct layer_plain *p, struct err *e)
{
	struct receiver *r = p->layer.receiver;
	struct err why = ERR_INIT;

	if (p->state == NOT_BEGUN && !begin_with_head(p, e))
		return false;
	if (p->state != OPEN)
		return true;
	p->state = OVER;
	return r->ops->end(r, &why) || refused(p, &why, e);
}

static bool next_document(struct layer_plain *p, struct err *e)
{
	if (!end_document(p, e))
		return false;
	if (p->documents == LIMIT_DOCUMENTS)
		return err_set(e, ERR_LIMIT, "more than %d reports stand one behind the other",
			       LIMIT_DOCUMENTS);
	p->state = NOT_BEGUN;
	return true;
}

/* What is pushed first is enough to know the first document by. */
static bool plain_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	enum seam_event event;
	struct slice piece;

	if (p->documents == 0 && !begin_document(p, bytes, e))
		return false;
	if (!p->has_seams)
		return give_bytes(p, bytes, e);
	while ((event = seam_take(&p->seam, &bytes, &piece)) != SEAM_DONE) {
		if ((event == SEAM_BEGINS && !next_document(p, e)) || !take_bytes(p, piece, e))
			return false;
	}
	return true;
}

static bool plain_finish(struct layer *layer, struct err *e)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	struct slice rest = seam_rest(&p->seam);

	if ((rest.n > 0 && !take_bytes(p, rest, e)) || !end_document(p, e))
		return false;
	if (p->fault.kind != ERR_NONE)
		*e = p->fault;
	return p->fault.kind == ERR_NONE;
}

/* Freed before the end: something around the document was wrong. */
static void plain_free(struct layer *layer)
{
	struct layer_plain *p = (struct layer_plain *)layer;
	struct err why = ERR_INIT;

	if (p->state == OPEN) {
		err_set(&why, ERR_INPUT, "what it was packed in is damaged");
		layer->receiver->ops->abort(layer->receiver, &why);
	}
	buf_release(&p->head);
	free(p);
}

static const struct layer_ops plain_ops = { plain_push, plain_finish, plain_free };

struct layer *layer_plain_new(struct layer base)
{
	struct layer_plain *p = memory_zeroed(1, sizeof(*p));

	p->layer = base;
	p->layer.ops = &plain_ops;
	return &p->layer;
}
