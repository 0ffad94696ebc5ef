/* SPDX-License-Identifier: MIT */
/* One plain sentence for every cause, verdict and flag, with {placeholders}. */
#ifndef REPORTS_SENTENCES_H
#define REPORTS_SENTENCES_H

#include "reports/judge.h"

const char *sentence_of_spf_cause(enum spf_cause cause);
const char *sentence_of_dkim_cause(enum dkim_cause cause);
const char *sentence_of_verdict(enum verdict verdict);

/* NULL for a flag that speaks for itself. */
const char *sentence_of_flag(enum judge_flag flag);

#endif
