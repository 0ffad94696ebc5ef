/* SPDX-License-Identifier: MIT */
/* Ingestion as commands share it: sources, as somebody described them, into a database. */
#ifndef CLI_INGESTING_H
#define CLI_INGESTING_H

#include "cli/command.h"
#include "cli/settings.h"
#include "ingest/pipeline.h"
#include "store/connection.h"

struct ingesting {
	const struct domains *domains; /* borrowed */
	int64_t today;
	size_t jobs;
	bool retry, store_payload;
	bool rehearsal; /* nothing is written: settled neither */
};

/* What somebody said of jobs, or one a processor. ERR_USAGE. */
MUST_USE bool ingesting_choose_jobs(const char *given, size_t *jobs_out, struct err *e);

/* Is there such a source, and can it do what is wanted? Nobody is asked. ERR_NO_INPUT or ERR_USAGE. */
MUST_USE bool ingesting_check(const struct source_settings *s, struct err *e);

/* The same, asking whoever has it: how many messages are there, 0 where that is not known. */
MUST_USE bool ingesting_try(const struct source_settings *s, uint64_t *count_out, struct err *e);

struct ingest_result {
	struct pipeline_totals totals;
	struct err failure; /* of the first source that failed; else ERR_NONE */
};

/*
 * Reads the sources, in their order: one that fails is told and does not stop the others, unless the
 * database is gone or somebody interrupts. Tells what all of them brought, and returns the worst status.
 * connection: NULL in a rehearsal without a database.
 */
enum exit_status ingesting_run(const struct ingesting *g, struct connection *c,
			       const struct source_settings *sources, size_t count,
			       struct ingest_result *result_out);

/* NULL with an error. The access is filled, and borrowed until the source is closed. */
struct source *ingesting_open(const struct ingesting *g, const struct source_settings *s,
			      struct imap_access *access, struct err *e);

/*
 * Reads a source that is open, as somebody described it, and tells what it brought where that is anything.
 * False for what ends the run.
 */
MUST_USE bool ingesting_read(const struct ingesting *g, struct connection *c,
			     const struct source_settings *s, struct source *source,
			     struct pipeline_totals *totals, struct err *e);

/* Rolls up and judges what has come in: to be done once, behind all of it. */
MUST_USE bool ingesting_catch_up(struct connection *c, const struct domains *domains,
				 struct err *e);

/* Nobody interrupts, and the database is there. */
bool ingesting_can_go_on(struct connection *c);

enum exit_status ingesting_worst(enum exit_status a, enum exit_status b);

#endif
