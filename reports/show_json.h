/* SPDX-License-Identifier: MIT */
/*
 * A sink that prints reports as JSON, one object a line, streamed: a report of any length needs the
 * memory of one record. The names are a contract with other programs.
 */
#ifndef REPORTS_SHOW_JSON_H
#define REPORTS_SHOW_JSON_H

#include "base/output.h"
#include "parser/sink.h"

struct judge;
struct memo;

struct show_json {
	struct sink sink;
	struct output *out;        /* borrowed */
	const struct judge *judge; /* borrowed; NULL: only what the parser found */
	struct memo *memo;         /* ours, memo_free(); NULL where there is no judge */
	struct buf text;
	bool first_record;
};

void show_json_init(struct show_json *s, struct output *out, const struct judge *judge);
void show_json_release(struct show_json *s);

#endif
