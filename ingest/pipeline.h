/* SPDX-License-Identifier: MIT */
/*
 * From sources to a ledger: lists messages, skips those the ledger knows, extracts the others, and
 * settles each with its source once it is committed.
 */
#ifndef INGEST_PIPELINE_H
#define INGEST_PIPELINE_H

#include "ingest/source.h"
#include "parser/message.h"

struct domains;
struct summary;

struct pipeline_settings {
	const struct domains *domains;
	struct ledger *ledger;
	enum settlement settlement;
	struct summary *summary; /* gets every message that was not stored whole; may be NULL */
	bool tell_all; /* also of messages that nobody needs to look at: duplicates, bounces, ... */
};

struct pipeline_totals {
	uint64_t listed;
	uint64_t known;   /* by the ledger, from an earlier run */
	uint64_t retried; /* failed in an earlier run, and read again */
	uint64_t unreadable;
	uint64_t outcomes[outcome_count];
	uint64_t faulty;  /* stored, but not all of it could be read */
	uint64_t named;   /* on stderr, each with its fault */
	uint64_t unnamed; /* at fault too, but they would flood it */
	uint64_t reports, records, mails;
};

/*
 * Runs one source to its end. Messages that cannot be opened are told on stderr and counted; false
 * for what ends the run: the ledger cannot go on, or the source itself broke.
 */
MUST_USE bool pipeline_run(const struct pipeline_settings *settings, struct source *source,
			   struct pipeline_totals *totals, struct err *e);

/* Is there a message that somebody should look at? */
bool pipeline_found_faults(const struct pipeline_totals *totals);

#endif
