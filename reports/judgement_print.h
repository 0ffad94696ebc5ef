/* SPDX-License-Identifier: MIT */
/* One judgement with what to do about it, whole: as JSON, and in words. */
#ifndef REPORTS_JUDGEMENT_PRINT_H
#define REPORTS_JUDGEMENT_PRINT_H

#include "base/output.h"
#include "reports/remedy.h"

void judgement_print_json(const struct remedy_subject *subject, const struct remedy *remedy,
			  struct output *out);

/* width: columns of the terminal. */
void judgement_print_text(const struct remedy_subject *subject, const struct remedy *remedy,
			  unsigned width, struct output *out);

#endif
