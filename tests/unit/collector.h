/* SPDX-License-Identifier: MIT */
/*
 * A sink that writes down all it is given, one line a value:
 *
 *	begin.org_name 'Example Mail'         what begin() saw
 *	record[1].dkim[0].result pass
 *	record[1].raw.dkim[0].result 'Pass'
 *	end.quirks unknown-word               what end() saw, a line a quirk
 *	abort input                           the kind of the error
 *
 * Text stands in quotes, a known word without, an unknown one as ?'word', what was not sent as -.
 */
#ifndef TESTS_UNIT_COLLECTOR_H
#define TESTS_UNIT_COLLECTOR_H

#include "base/buf.h"
#include "parser/domain.h"
#include "parser/sink.h"

enum collector_call { COLLECTOR_NONE, COLLECTOR_BEGIN, COLLECTOR_RECORD, COLLECTOR_END };

struct collector {
	struct sink sink;
	struct buf lines;
	unsigned begun, records, ended, aborted;
	unsigned passes; /* that collector_parse() took */

	enum collector_call fail_in; /* which call returns false, with ERR_OUTPUT */
	unsigned fail_record;        /* of which record */
};

void collector_init(struct collector *c);
void collector_release(struct collector *c);

/* Is the line among those written? */
bool collector_has(const struct collector *c, const char *line);

/* Parses a document, fed in pieces of so many bytes (0: whole), into the collector. */
MUST_USE bool collector_parse(struct collector *c, const struct domains *domains,
			      struct slice document, size_t piece, struct err *e);

#endif
