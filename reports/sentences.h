/* SPDX-License-Identifier: MIT */
/* One plain sentence for every cause, verdict and flag, with {placeholders}. */
#ifndef REPORTS_SENTENCES_H
#define REPORTS_SENTENCES_H

#include "reports/judge.h"

const char *sentence_of_spf_cause(enum spf_cause cause);

/* Of both the way the mail took may tell more than their words do. */
const char *sentence_of_dkim(const struct judgement *judgement);
const char *sentence_of_verdict(const struct judgement *judgement);

/* NULL for a flag that speaks for itself. */
const char *sentence_of_flag(enum judge_flag flag);

#endif
