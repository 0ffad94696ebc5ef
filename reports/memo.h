/* SPDX-License-Identifier: MIT */
/*
 * Judges records and remembers how: what mail there is repeats itself, from thousands of addresses, so
 * each distinct combination is judged once. What it remembers is bounded, and so is the search for it,
 * whoever chooses the records: where it is full it forgets all and begins anew, and what falls together
 * puts each other out.
 */
#ifndef REPORTS_MEMO_H
#define REPORTS_MEMO_H

#include "base/scope.h"
#include "reports/judge.h"

/* The largest senders have some thousands of combinations in a report, of some 500 bytes each. */
enum { MEMO_COMBINATIONS = 16384, MEMO_BYTES = 16 << 20 };

struct memo;

/* Borrows the judge. */
struct memo *memo_new(const struct judge *judge);
void memo_free(struct memo *m);
SCOPE_DEFINE(memo, struct memo *, memo_free);

/*
 * judge_record(), perhaps from memory: the judgement borrows from this evidence all the same. What the
 * evidence says of its owner must stay the same as long as the owner is the same one.
 */
void memo_judge(struct memo *m, const struct evidence *evidence, struct judgement *judgement_out);

/* How many records were judged that were not in memory. */
uint64_t memo_judged(const struct memo *m);

#endif
