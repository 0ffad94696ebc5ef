/* SPDX-License-Identifier: MIT */
#include "ingest/parsing.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/belt.h"
#include "ingest/budget.h"
#include "ingest/relay.h"

#include "base/banned.h"

/*
 * Threads of its own are for a document that others would wait for: many of some megabytes keep all workers
 * busy as it is, and handing them over would only cost. The pieces keep both sides busy when the server
 * makes one of them wait; their size is what inflate makes at a time.
 */
enum { ASIDE_BYTES = 4 << 20, PIECE_BYTES = 64 << 10, PIECES = 16 };

struct piece {
	size_t n;
	char bytes[PIECE_BYTES];
};

struct parsing {
	struct parser *parser; /* borrowed, and so are the relay and the sink */
	struct relay *relay;
	struct sink *sink;
	uint64_t bytes;
	bool may_go_aside;
	bool told; /* the sink, of an error */
	struct piece *pieces;
	struct belt *belt;                 /* of the pieces; NULL: parsed at once */
	_Atomic uint64_t records, seconds; /* of the belt's thread, for all */
};

/* What is pushed, in whatever thread. What the sink refused counts before what was met behind it. */
static bool parse(struct parsing *p, struct slice bytes, struct err *e)
{
	const struct document_ops *documents = p->sink->documents;
	bool ok = budget_record_size(parser_record_count(p->parser), p->bytes, e) &&
		(!documents || documents->bytes(p->sink, bytes, e));

	if (!ok)
		parser_abort(p->parser, e);
	p->bytes += bytes.n;
	if (ok && parser_push(p->parser, bytes, e))
		return true;
	(void)relay_refused(p->relay, e);
	p->told = true;
	return false;
}

static bool parse_piece(void *context, size_t slot, struct err *e)
{
	struct parsing *p = context;
	const struct piece *piece = &p->pieces[slot];
	bool ok = parse(p, slice_of(piece->bytes, piece->n), e);

	p->records = parser_record_count(p->parser);
	p->seconds = budget_clock();
	return ok;
}

/* Where no thread can be had it goes on as before. */
static void go_aside(struct parsing *p)
{
	p->may_go_aside = false;
	p->records = parser_record_count(p->parser);
	/* a sink that keeps the document takes its bytes in between the records */
	if (!p->sink->documents)
		relay_go_aside(p->relay);
	p->pieces = memory_alloc(PIECES * sizeof(*p->pieces));
	p->belt = belt_new(PIECES, 1, parse_piece, p);
}

static bool push_aside(struct parsing *p, struct slice bytes, struct err *e)
{
	while (bytes.n > 0) {
		struct slice part = slice_prefix(bytes, PIECE_BYTES);
		struct piece *piece = &p->pieces[belt_slot(p->belt)];

		piece->n = part.n;
		memcpy(piece->bytes, part.p, part.n);
		if (!belt_pass(p->belt, e))
			return false;
		bytes = slice_from_offset(bytes, part.n);
	}
	return true;
}

bool parsing_push(struct parsing *p, struct slice bytes, struct err *e)
{
	if (p->may_go_aside && p->bytes >= ASIDE_BYTES)
		go_aside(p);
	return p->belt ? push_aside(p, bytes, e) : parse(p, bytes, e);
}

bool parsing_sync(struct parsing *p, struct err *e)
{
	return !p->belt || belt_wait(p->belt, e);
}

void parsing_add_quirk(struct parsing *p, enum quirk quirk)
{
	struct err told_later = ERR_INIT;

	(void)!parsing_sync(p, &told_later);
	parser_add_quirk(p->parser, quirk);
}

enum parser_end parsing_finish(struct parsing *p, struct err *e)
{
	if (!parsing_sync(p, e))
		return PARSER_FAILED;

	enum parser_end end = parser_finish(p->parser, e);

	if (end == PARSER_FAILED) {
		(void)relay_refused(p->relay, e);
		p->told = true;
	}
	return end;
}

struct parser *parsing_parser(struct parsing *p)
{
	return p->parser;
}

void parsing_abort(struct parsing *p, const struct err *why)
{
	struct err earlier = ERR_INIT;

	if (parsing_sync(p, &earlier) && !p->told)
		parser_abort(p->parser, why);
	p->told = true;
}

uint64_t parsing_records(struct parsing *p)
{
	return p->belt ? p->records : parser_record_count(p->parser);
}

uint64_t parsing_seconds(struct parsing *p)
{
	return p->seconds;
}

struct parsing *parsing_new(struct parser *parser, struct relay *relay, struct sink *sink,
			    bool aside)
{
	struct parsing *p = memory_zeroed(1, sizeof(*p));

	p->parser = parser;
	p->relay = relay;
	p->sink = sink;
	p->may_go_aside = aside;
	if (sink->documents)
		sink->documents->begin(sink);
	return p;
}

void parsing_free(struct parsing *p)
{
	if (!p)
		return;
	belt_free(p->belt);
	relay_stop(p->relay);
	free(p->pieces);
	free(p);
}
