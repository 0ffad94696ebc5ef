/* SPDX-License-Identifier: MIT */
/* What to do about mail of one kind, in a line. In full it is the remedy's to say. */
#ifndef REPORTS_TASK_LINE_H
#define REPORTS_TASK_LINE_H

#include "base/buf.h"
#include "reports/judge.h"

struct task_subject {
	enum verdict verdict;
	enum spf_cause spf_cause;
	enum dkim_cause dkim_cause;
	struct slice service;     /* its name; absent where nothing names one */
	struct slice header_from; /* absent: several domains, or none */
	bool failing;             /* else it passes, and yet there may be something to do */
};

/* Nothing where all is well. */
void task_line_append(struct buf *line, const struct task_subject *s);

/* Is it work of the owner's? Not what the policy is for, what others changed, or a reporter's fault. */
bool task_line_is_work(const struct task_subject *s);

#endif
