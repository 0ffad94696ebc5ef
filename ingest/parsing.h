/* SPDX-License-Identifier: MIT */
/*
 * The parser of the document that is open. One that turns out to be long is parsed by a thread of its own
 * while the next bytes are unpacked, and its records are given to the sink by another. Whoever feeds it gets
 * the same results, only an error perhaps a few calls later.
 */
#ifndef INGEST_PARSING_H
#define INGEST_PARSING_H

#include "base/scope.h"
#include "parser/parser.h"

struct parsing;
struct relay;

/*
 * All borrowed: a parser that is new or renewed, the relay that is its sink, and the sink behind that. aside:
 * it may have threads.
 */
struct parsing *parsing_new(struct parser *parser, struct relay *relay, struct sink *sink,
			    bool aside);

/* What was not ended nor aborted is given up without telling the sink. */
void parsing_free(struct parsing *p);
SCOPE_DEFINE(parsing, struct parsing *, parsing_free);

void parsing_add_quirk(struct parsing *p, enum quirk quirk);

/* False: as parser_push() does, or the bytes hold too many records to say anything, or cannot be kept. */
MUST_USE bool parsing_push(struct parsing *p, struct slice bytes, struct err *e);

/* Waits until all that was pushed is parsed. Of the calls that may fail, this one may be repeated. */
MUST_USE bool parsing_sync(struct parsing *p, struct err *e);

/* As parser_finish() does. Until the next push the parser is the caller's. */
MUST_USE enum parser_end parsing_finish(struct parsing *p, struct err *e);
struct parser *parsing_parser(struct parsing *p);

/* Tells the sink, unless it has been told of an error before. */
void parsing_abort(struct parsing *p, const struct err *why);

/* Given to the sink so far, and what a thread of its own has taken; both may lag behind. */
uint64_t parsing_records(struct parsing *p);
uint64_t parsing_seconds(struct parsing *p);

#endif
