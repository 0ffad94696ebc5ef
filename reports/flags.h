/* SPDX-License-Identifier: MIT */
/* What is odd about a record beside its verdict. Inside the judge only. */
#ifndef REPORTS_FLAGS_H
#define REPORTS_FLAGS_H

#include "reports/facts.h"

/* Bits (1 << enum judge_flag). */
uint32_t flags_of(const struct facts *f, const struct alignment *aligned);

#endif
