/* SPDX-License-Identifier: MIT */
#include "ingest/parsing.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/monitor.h"
#include "ingest/budget.h"
#include "ingest/relay.h"

#include "base/banned.h"

/*
 * Threads of its own are for a document that others would wait for: many of some megabytes keep all workers
 * busy as it is, and handing them over would only cost. The pieces keep both sides busy when the server
 * makes one of them wait; their size is what inflate makes at a time. Who has filled them all goes on when half
 * of them are done, so that it does not wake up for each.
 */
enum { ASIDE_BYTES = 4 << 20, PIECE_BYTES = 64 << 10, PIECES = 16, HALF = PIECES / 2 };

struct piece {
	size_t n;
	char bytes[PIECE_BYTES];
};

/* The thread, and what waits for it. */
struct aside {
	struct monitor monitor;
	pthread_t thread;
	size_t first, count; /* of the pieces; the first is at work */
	bool over;
	bool failed;
	struct err error;
	uint64_t records, seconds;
	struct piece pieces[PIECES];
};

struct parsing {
	struct parser *parser; /* borrowed, and so are the relay and the sink */
	struct relay *relay;
	struct sink *sink;
	uint64_t bytes;
	bool may_go_aside;
	bool told; /* the sink, of an error */
	struct aside *aside;
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

/* -- the thread */

/* The piece at work stays where it is until it is done: nobody waits for the parser with the monitor. */
static void parse_piece(struct parsing *p)
{
	struct aside *a = p->aside;
	const struct piece *piece = &a->pieces[a->first];
	struct err error = ERR_INIT;
	bool skip = a->failed;

	monitor_leave(&a->monitor);

	bool ok = skip || parse(p, slice_of(piece->bytes, piece->n), &error);

	monitor_enter(&a->monitor);
	a->first = (a->first + 1) % PIECES;
	a->count--;
	a->records = parser_record_count(p->parser);
	a->seconds = budget_clock();
	if (!ok) {
		a->failed = true;
		a->error = error;
	}
	if (a->count == HALF || a->count == 0)
		monitor_tell(&a->monitor);
}

static void *run_aside(void *context)
{
	struct parsing *p = context;
	struct aside *a = p->aside;

	monitor_enter(&a->monitor);
	while (a->count > 0 || !a->over) {
		if (a->count > 0)
			parse_piece(p);
		else
			monitor_wait(&a->monitor);
	}
	monitor_leave(&a->monitor);
	return NULL;
}

/* Where no thread can be had it goes on as before. */
static void go_aside(struct parsing *p)
{
	struct aside *a = memory_alloc(sizeof(*a));

	p->may_go_aside = false;
	memset(a, 0, offsetof(struct aside, pieces));
	a->records = parser_record_count(p->parser);
	monitor_init(&a->monitor);
	p->aside = a;
	/* a sink that keeps the document takes its bytes in between the records */
	if (!p->sink->documents)
		relay_go_aside(p->relay);
	if (pthread_create(&a->thread, NULL, run_aside, p) == 0)
		return;
	p->aside = NULL;
	monitor_release(&a->monitor);
	free(a);
}

static void end_aside(struct parsing *p)
{
	struct aside *a = p->aside;

	if (!a)
		return;
	monitor_enter(&a->monitor);
	a->over = true;
	monitor_tell(&a->monitor);
	monitor_leave(&a->monitor);
	BUG_UNLESS(pthread_join(a->thread, NULL) == 0);
	monitor_release(&a->monitor);
	free(a);
	p->aside = NULL;
}

/* -- who feeds it */

static bool aside_ok(const struct aside *a, struct err *e)
{
	if (a->failed)
		*e = a->error;
	return !a->failed;
}

/* Its slot is nobody's but ours until it is counted. */
static bool hand_over(struct aside *a, struct slice bytes, struct err *e)
{
	struct piece *piece;
	bool ok;

	monitor_enter(&a->monitor);
	if (a->count == PIECES) {
		while (a->count > HALF)
			monitor_wait(&a->monitor);
	}
	piece = &a->pieces[(a->first + a->count) % PIECES];
	ok = aside_ok(a, e);
	monitor_leave(&a->monitor);
	if (!ok)
		return false;
	piece->n = bytes.n;
	memcpy(piece->bytes, bytes.p, bytes.n);
	monitor_enter(&a->monitor);
	a->count++;
	if (a->count == 1)
		monitor_tell(&a->monitor);
	monitor_leave(&a->monitor);
	return true;
}

static bool push_aside(struct parsing *p, struct slice bytes, struct err *e)
{
	while (bytes.n > 0) {
		struct slice piece = slice_prefix(bytes, PIECE_BYTES);

		if (!hand_over(p->aside, piece, e))
			return false;
		bytes = slice_from_offset(bytes, piece.n);
	}
	return true;
}

bool parsing_push(struct parsing *p, struct slice bytes, struct err *e)
{
	if (p->may_go_aside && p->bytes >= ASIDE_BYTES)
		go_aside(p);
	return p->aside ? push_aside(p, bytes, e) : parse(p, bytes, e);
}

bool parsing_sync(struct parsing *p, struct err *e)
{
	struct aside *a = p->aside;
	bool ok;

	if (!a)
		return true;
	monitor_enter(&a->monitor);
	while (a->count > 0)
		monitor_wait(&a->monitor);
	ok = aside_ok(a, e);
	monitor_leave(&a->monitor);
	return ok;
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
	struct aside *a = p->aside;
	uint64_t records;

	if (!a)
		return parser_record_count(p->parser);
	monitor_enter(&a->monitor);
	records = a->records;
	monitor_leave(&a->monitor);
	return records;
}

uint64_t parsing_seconds(struct parsing *p)
{
	struct aside *a = p->aside;
	uint64_t seconds;

	if (!a)
		return 0;
	monitor_enter(&a->monitor);
	seconds = a->seconds;
	monitor_leave(&a->monitor);
	return seconds;
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
	end_aside(p);
	relay_stop(p->relay);
	free(p);
}
