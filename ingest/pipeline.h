/* SPDX-License-Identifier: MIT */
/*
 * From sources to a ledger: lists messages, skips those the ledger knows, has the others ingested by
 * workers, and settles each with its source once it is committed. This is one thread, the reader; the
 * workers have threads and ledgers of their own, where there are several.
 */
#ifndef INGEST_PIPELINE_H
#define INGEST_PIPELINE_H

#include "ingest/authentication.h"
#include "ingest/source.h"
#include "parser/message.h"

struct domains;
struct summary;

/* Where more ledgers of the same kind come from. */
struct ledger_pool {
	/* The nth one, from 0; kept by the pool. NULL: there are no more. */
	struct ledger *(*ledger)(struct ledger_pool *pool, size_t n);
};

struct pipeline_settings {
	const struct domains *domains;
	struct ledger *ledger;    /* the reader's, and his own when he works alone */
	struct ledger_pool *pool; /* NULL: he works alone */
	size_t jobs;              /* workers that are wanted */
	struct settlement_plan plan;
	struct trust trust;      /* whose word on the origin of a mail counts */
	struct summary *summary; /* gets every message that was not stored whole; may be NULL */
	bool tell_all; /* also of messages that nobody needs to look at: duplicates, bounces, ... */
};

struct pipeline_totals {
	uint64_t listed;
	uint64_t known;   /* by the ledger, from an earlier run */
	uint64_t retried; /* failed in an earlier run, and read again */
	uint64_t unreadable;
	uint64_t unsettled; /* stored, but they could not be moved, marked or deleted */
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
