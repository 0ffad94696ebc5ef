/* SPDX-License-Identifier: MIT */
/*
 * What a run tells at its end, in one screen: what was stored, what else came in, and what is wrong,
 * by reason. Text only; whoever has it prints it. Lines end with a newline and are harmless.
 */
#ifndef INGEST_SUMMARY_H
#define INGEST_SUMMARY_H

#include "base/scope.h"
#include "ingest/pipeline.h"

struct summary;

struct summary *summary_new(void);
void summary_free(struct summary *s);
SCOPE_DEFINE(summary, struct summary *, summary_free);

/* What was stored whole it lets go by. */
void summary_add(struct summary *s, const struct message *m,
		 const struct verdict_of_message *verdict);

/* rehearsal: nothing was done, and it says what would be. */
void summary_append_totals(struct buf *lines, const struct pipeline_totals *t, bool rehearsal);

/* Bounces, failure reports and the like, by name; nothing where there are none. */
void summary_append_kinds(struct buf *lines, const struct summary *s);

/*
 * What somebody should look at, the most frequent first, and where the list is, unless nothing was
 * written; nothing where there is nothing.
 */
void summary_append_faults(struct buf *lines, const struct summary *s, bool rehearsal);

#endif
