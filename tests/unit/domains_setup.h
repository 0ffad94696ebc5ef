/* SPDX-License-Identifier: MIT */
/* The public suffix list for a suite: TestSuite(x, .init = domains_setup, .fini = domains_teardown). */
#ifndef TESTS_UNIT_DOMAINS_SETUP_H
#define TESTS_UNIT_DOMAINS_SETUP_H

#include "parser/domain.h"

/* Each test runs in a process of its own. */
extern struct domains *domains;

void domains_setup(void);
void domains_teardown(void);

#endif
