/* SPDX-License-Identifier: MIT */
/* What senders and verdicts are called where there is room for two words. */
#ifndef REPORTS_LABELS_H
#define REPORTS_LABELS_H

#include "reports/judge.h"

/* Unnamed mail that passes is of one kind, whoever sent it: there is nothing to find out. */
enum verdict verdict_unnamed_kind(enum verdict verdict);

/* For a table cell: what has to be done. */
const char *label_of_verdict(enum verdict verdict);

/* The same of mail that fails: where all is well by its results the reporter says else. */
const char *label_of_failure(enum verdict verdict);

/* The service's name; of mail without one, what it amounts to, in brackets. */
struct slice label_of_sender(const struct sender *service, enum verdict verdict);

#endif
