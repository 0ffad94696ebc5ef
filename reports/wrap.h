/* SPDX-License-Identifier: MIT */
/* Paragraphs for a terminal: the one place that wraps, and makes harmless what it wraps. */
#ifndef REPORTS_WRAP_H
#define REPORTS_WRAP_H

#include "base/output.h"

/* first: indent of the first line, rest: of the others. A word longer than a line is not broken. */
void wrap_print(struct output *out, struct slice text, unsigned first, unsigned rest,
		unsigned width);

/* The same behind what stands in the line already, `column` characters of it. */
void wrap_continue(struct output *out, struct slice text, unsigned column, unsigned rest,
		   unsigned width);

#endif
