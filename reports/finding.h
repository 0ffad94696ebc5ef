/* SPDX-License-Identifier: MIT */
/* What is wrong and what to do about it, and how a terminal shows it. */
#ifndef REPORTS_FINDING_H
#define REPORTS_FINDING_H

#include "base/output.h"
#include "reports/remedy.h"

/* One thing that is wrong, or worth knowing, and what to do about it. */
struct finding {
	struct slice heading;
	struct slice sender, header_from, verdict, spf_cause, dkim_cause; /* for programs */
	uint64_t messages;
	struct remedy remedy;
};

/* The lines of one remedy, its parts named. */
void remedy_print(const struct remedy *remedy, unsigned width, struct output *out);

/* Numbered, under a heading of their own; nothing where there are none. */
void findings_print(const struct finding *findings, size_t count, unsigned width,
		    struct output *out);

#endif
