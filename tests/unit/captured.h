/* SPDX-License-Identifier: MIT */
/* Output into memory, for tests of what prints. */
#ifndef TESTS_UNIT_CAPTURED_H
#define TESTS_UNIT_CAPTURED_H

#include "base/output.h"

struct captured {
	struct output out;
	char *text;
	size_t size;
};

/* Must stay where it is until it is closed. */
void captured_open(struct captured *c);

/* What was printed so far; valid until more is. */
struct slice captured_text(struct captured *c);

void captured_close(struct captured *c);

#endif
