/* SPDX-License-Identifier: MIT */
/*
 * The bare reference: libxml2's SAX2 push parser with every field of a report collected into structs,
 * and nothing else. No checks, no normalisation, no limits beyond its own arrays. What `make bench`
 * measures is set against it; it shares no code with the parser it is the measure of.
 */
#ifndef TESTS_BENCH_COLLECTOR_H
#define TESTS_BENCH_COLLECTOR_H

#include <stdint.h>

#include "base/scope.h"
#include "base/slice.h"

struct bare_totals {
	uint64_t reports, records, messages;
};

struct collector;

/* Adds to totals, which are borrowed. */
struct collector *collector_new(struct bare_totals *totals);
void collector_free(struct collector *c);
SCOPE_DEFINE(collector, struct collector *, collector_free);

void collector_push(struct collector *c, struct slice bytes);

/* False when it was not well-formed. */
MUST_USE bool collector_finish(struct collector *c);

#endif
