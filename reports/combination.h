/* SPDX-License-Identifier: MIT */
/*
 * All that judging sees of a record, as bytes: records with the same bytes are judged alike. They have
 * the same results in the same order as well, so what a judgement points to in one is in the other.
 * Inside the judge only.
 */
#ifndef REPORTS_COMBINATION_H
#define REPORTS_COMBINATION_H

#include "reports/judge.h"

/* A record of ten signatures has about a thousand; what is longer is rare, and has no bytes. */
enum { COMBINATION_BYTES = 2048 };

struct combination {
	size_t n; /* COMBINATION_TOO_LONG: there are none */
	unsigned char bytes[COMBINATION_BYTES];
};

#define COMBINATION_TOO_LONG SIZE_MAX

void combination_of(const struct judge *judge, const struct evidence *evidence,
		    struct combination *combination_out);

/* Not of cryptographic strength: who finds two that collide gains nothing. */
uint64_t combination_hash(const struct combination *c);

#endif
