/* SPDX-License-Identifier: MIT */
/*
 * Patterns of DKIM selectors: single characters and sets with a count. Matching takes time in
 * proportion to the text, whatever the pattern, so that a foreign pattern cannot stall us.
 */
#ifndef REPORTS_PATTERN_H
#define REPORTS_PATTERN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct pattern_atom;

struct pattern {
	const struct pattern_atom *atoms;
	size_t count;
	uint64_t optional; /* bit i: atom i may be left out */
	uint64_t repeats;  /* bit i: atom i may come again */
};

/*
 * Letters, digits, '-', '_' and '.' stand for themselves; [a-z2-7] is a set; behind either may stand
 * ?, *, +, {n} or {n,}. ERR_CONFIG where the text is no pattern, or unfolds to more than 63 atoms.
 */
MUST_USE bool pattern_compile(struct arena *arena, struct slice text, struct pattern *pattern_out,
			      struct err *e);

/* The whole text, ASCII letters folded. */
bool pattern_matches(const struct pattern *pattern, struct slice text);

#endif
