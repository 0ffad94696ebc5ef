/* SPDX-License-Identifier: MIT */
#include "ingest/reread.h"

#include <stddef.h>
#include <stdlib.h>

#include "ingest/parts.h"
#include "ingest/unpack.h"
#include "parser/limits.h"
#include "parser/parser.h"

#include "base/banned.h"

struct reread {
	struct mime_listener listener;
	struct receiver receiver;
	struct budget budget; /* of this walk */
	struct document_place place;
	struct parser *parser; /* borrowed */

	struct unpacker *unpacker; /* of the part, while it is open */
	unsigned documents;        /* begun in it */
	bool open;                 /* the document is */
	bool done;                 /* it has come to its end */
};

static struct reread *of_receiver(struct receiver *r)
{
	return (struct reread *)(void *)((char *)r - offsetof(struct reread, receiver));
}

static bool document_begin(struct receiver *receiver, enum document_kind kind UNUSED,
			   bool packed UNUSED, struct err *e UNUSED)
{
	struct reread *r = of_receiver(receiver);

	r->open = ++r->documents == r->place.document;
	return true;
}

static bool document_bytes(struct receiver *receiver, struct slice bytes, struct err *e)
{
	struct reread *r = of_receiver(receiver);

	if (!r->open || parser_push(r->parser, bytes, e))
		return true;
	r->open = false;
	return false;
}

/* The walk need not go on: a limit is what ends every layer at once. */
static bool document_end(struct receiver *receiver, struct err *e)
{
	struct reread *r = of_receiver(receiver);

	if (!r->open)
		return true;
	r->open = false;
	r->done = true;
	return err_set(e, ERR_LIMIT, "this was the document");
}

static void document_abort(struct receiver *receiver, const struct err *why UNUSED)
{
	of_receiver(receiver)->open = false;
}

static void ignore_quirk(struct receiver *receiver UNUSED, enum quirk quirk UNUSED)
{
}

static const struct receiver_ops document_ops = {
	document_begin, document_bytes, document_end, document_abort, ignore_quirk,
};

static bool part_begins(struct mime_listener *l, const struct mime_part *part, struct err *e UNUSED)
{
	struct reread *r = (struct reread *)l;

	if (part->number == r->place.part)
		r->unpacker = unpacker_new(&r->budget, &r->receiver);
	return true;
}

static bool part_bytes(struct mime_listener *l, struct slice bytes, struct err *e)
{
	struct reread *r = (struct reread *)l;

	return !r->unpacker || unpacker_push(r->unpacker, bytes, e);
}

static bool part_ends(struct mime_listener *l, struct err *e)
{
	struct reread *r = (struct reread *)l;

	if (r->unpacker && !unpacker_finish(r->unpacker, e))
		return false;
	unpacker_free(TAKE(r->unpacker, NULL));
	return true;
}

bool reread_document(int fd, struct document_place place, struct parser *parser, uint64_t *spent,
		     struct err *e)
{
	struct reread r = {
		.listener = { .begin = part_begins, .bytes = part_bytes, .end = part_ends },
		.receiver.ops = &document_ops,
		.place = place,
		.parser = parser,
	};
	struct mime_summary summary;
	struct err fault = ERR_INIT;

	if (*spent > LIMIT_REREAD_BYTES)
		return err_set(e, ERR_LIMIT, "too much of it would have to be read again");

	bool walked = parts_walk(fd, &r.listener, &summary, &fault);

	unpacker_free(r.unpacker);
	free(summary.message_id);
	*spent += r.budget.packed + r.budget.inflated;
	if (r.done)
		return true;
	if (walked || fault.kind == ERR_NONE)
		err_set(&fault, ERR_INPUT, "a part of it is gone when it is read again");
	*e = fault;
	return false;
}
