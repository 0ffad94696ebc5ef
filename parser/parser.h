/* SPDX-License-Identifier: MIT */
/*
 * XML bytes in, a report and its records out through a sink. Pure: no file, no network, no clock, no
 * log. A parser reads one report after the other; bytes may come in pieces of any size, with the same
 * result.
 *
 * Most reports take one pass. What is broken is mended in a second one, and where records stand before
 * the metadata they belong to, a pass that finds those comes first: so memory stays bounded, and
 * whoever feeds a parser must be able to feed it the same bytes again. The sink sees one report.
 */
#ifndef PARSER_PARSER_H
#define PARSER_PARSER_H

#include "base/err.h"
#include "base/scope.h"
#include "base/slice.h"
#include "parser/sink.h"

struct domains;
struct parser;

/* Readies libxml2 for all threads: before there are any that parse. */
void parser_start(void);

/* domains: borrowed, for alignment. sink: borrowed, takes the report. */
struct parser *parser_new(const struct domains *domains, struct sink *sink);
void parser_free(struct parser *p);
SCOPE_DEFINE(parser, struct parser *, parser_free);

/* For another report: what a new one would be, only sooner. What was not ended is given up untold. */
void parser_renew(struct parser *p);

/* Records an oddity of what the bytes were wrapped in; listed with the report's own. */
void parser_add_quirk(struct parser *p, enum quirk quirk);

/*
 * False: ERR_INPUT with line and reason (not XML, not a report), ERR_LIMIT (a bound of limits.h), or
 * the sink's own error. The sink has then been told abort() if it was told begin().
 */
MUST_USE bool parser_push(struct parser *p, struct slice bytes, struct err *e);

enum parser_end {
	PARSER_FAILED, /* as parser_push() does */
	PARSER_DONE,   /* the sink was told end() */
	PARSER_AGAIN, /* the same bytes are wanted once more, from their start, and this call after them */
};

/*
 * The end of the bytes, after the last push of a pass. A document that is cut off behind its first
 * record counts as far as it goes, with a quirk.
 */
MUST_USE enum parser_end parser_finish(struct parser *p, struct err *e);

/* Passes that a document may take, the first included. */
enum { PARSER_MAX_PASSES = 4 };

/* Why the report that was ended is not whole: its last records are missing. NULL: it is. */
const struct err *parser_cut_off(const struct parser *p);

/* There will be no more bytes, and what came is not to count: tells the sink abort(). */
void parser_abort(struct parser *p, const struct err *why);

/* Records given to the sink so far. */
uint64_t parser_record_count(const struct parser *p);

#endif
