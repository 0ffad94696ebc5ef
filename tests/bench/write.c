/* SPDX-License-Identifier: MIT */
/*
 * The writer alone: the records of a report, parsed and kept in memory, go through the writer as
 * reports of other days; and the same rows, made before, by one bare COPY into a table like its
 * partition. One writer makes rows and waits for the database in turn; of two, as `ingest` has them, one
 * makes rows while the other waits.
 *
 *	write [--rounds N] [--copies N] [--writers N] FILE
 *
 * takes a report as .xml or .gz, of which at most 20,000 records count, and prints a line a round, each
 * with a month of its own: records/s of the writer, records/s of the bare
 * COPY, the first as a part of the second. The database is the private one, or that of the environment.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/number.h"
#include "base/output.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "store/connection.h"
#include "store/copy.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/writer.h"
#include "tests/bench/kept.h"

#include "base/banned.h"

enum {
	MAX_RECORDS = 20000,
	MAX_COPIES = 28,
	MAX_WRITERS = 8,
	FIRST_MONTH = 2024 * 12,
	DAY = 86400,
	NAME_BYTES = 64
};

struct race {
	struct connection *connection;
	struct kept kept;
	uint64_t rounds, copies, writers;
	int64_t latest_day;
};

static int64_t first_day_of(uint64_t round)
{
	return date_to_days((struct date){ FIRST_MONTH / 12 + (int64_t)round / 12,
					   (unsigned)(round % 12) + 1, 1 });
}

/* The kept report on a day of its round. */
static struct report frame_of(const struct race *race, uint64_t round, uint64_t copy, char *name)
{
	struct report frame = race->kept.report;

	BUG_UNLESS(text_format(name, NAME_BYTES, "%llu-%llu", (unsigned long long)round,
			       (unsigned long long)copy));
	frame.report_id = slice_from(name);
	frame.begin = (first_day_of(round) + (int64_t)copy) * DAY;
	frame.end = frame.begin + DAY - 1;
	return frame;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- ours ---------------------------------------------------------------------------------------- */

/* A writer with some of the copies, on a thread and with a connection of its own. */
struct worker {
	const struct race *race;
	uint64_t round, first, end;
	struct connection *connection; /* ours */
	pthread_t thread;
	struct err error;
	bool ok;
};

static bool write_some(const struct worker *w, struct err *e)
{
	SCOPED(writer)
	struct writer *writer = writer_new(
		w->connection, (struct writer_settings){ .latest_day = w->race->latest_day });
	struct ledger *ledger = writer_ledger(writer);
	bool ok = true;

	for (uint64_t i = w->first; ok && i < w->end; i++) {
		char name[NAME_BYTES];
		const struct kept_part part = {
			.report = frame_of(w->race, w->round, i, name),
			.count = w->race->kept.count,
			.message = name,
		};

		ok = kept_feed(&w->race->kept, ledger, &part, e);
	}
	return ok && ledger->ops->flush(ledger, e);
}

static void *run_worker(void *context)
{
	struct worker *w = context;

	w->ok = write_some(w, &w->error);
	return NULL;
}

static bool prepare_workers(const struct race *race, uint64_t round, struct worker *workers,
			    struct err *e)
{
	for (uint64_t i = 0; i < race->writers; i++) {
		workers[i] = (struct worker){
			.race = race,
			.round = round,
			.first = race->copies * i / race->writers,
			.end = race->copies * (i + 1) / race->writers,
			.error = ERR_INIT,
			.connection = connection_again(race->connection, e),
		};
		if (!workers[i].connection)
			return false;
	}
	return true;
}

static bool write_all(const struct race *race, struct worker *workers, double *seconds_out,
		      struct err *e)
{
	double start = now();
	bool ok = true;

	for (uint64_t i = 0; i < race->writers; i++)
		BUG_UNLESS(pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) == 0);
	for (uint64_t i = 0; i < race->writers; i++) {
		BUG_UNLESS(pthread_join(workers[i].thread, NULL) == 0);
		if (!workers[i].ok)
			*e = workers[i].error;
		ok = ok && workers[i].ok;
	}
	*seconds_out = now() - start;
	return ok;
}

/* --- bare ---------------------------------------------------------------------------------------- */

static void encode_report_rows(const struct race *race, const struct report *frame,
			       struct digest *digest, struct buf *rows)
{
	SCOPED(buf) struct buf reporter = { 0 };
	SCOPED(buf) struct buf policy = { 0 };
	struct uuid key, stream;

	reporter_append(&reporter, frame);
	stream_policy_append(&policy, &frame->policy);
	key = report_key(digest, frame, buf_slice(&reporter));
	for (size_t i = 0; i < race->kept.count; i++) {
		stream = stream_key(digest, buf_slice(&policy), &race->kept.records[i]);
		encode_record(rows, &key, report_day(frame), &stream, &race->kept.records[i]);
	}
}

static void encode_all(const struct race *race, uint64_t round, struct buf *rows)
{
	SCOPED(digest) struct digest *digest = digest_new(KEYS_VERSION);

	for (uint64_t i = 0; i < race->copies; i++) {
		char name[NAME_BYTES];
		struct report frame = frame_of(race, round, i, name);

		encode_report_rows(race, &frame, digest, rows);
	}
}

static const char make_bare[] = "drop table if exists dmarc.bare; "
				"create table dmarc.bare (like dmarc.record including all)";
static const char copy_bare[] =
	"copy dmarc.bare (report_key, ordinal, day, source_ip, count, stream_key, envelope_to, notes) "
	"from stdin (format binary)";

static bool copy_all(const struct race *race, struct slice rows, double *seconds_out, struct err *e)
{
	struct connection *c = race->connection;
	double start = now();
	bool ok = connection_copy_begin(c, copy_bare, e) && connection_copy_put(c, rows, e) &&
		connection_copy_end(c, e);

	*seconds_out = now() - start;
	return ok;
}

/* --- in turn ------------------------------------------------------------------------------------- */

/* The two tables must have the same rows, or one of the figures is about something else. */
#define DIGEST_OF(table)                                                                           \
	"(select (count(*), sum(hashtextextended(r::text, 0)))::text from " table " r "            \
	"where day between $1::date and $2::date)"
static const char is_same[] = "select " DIGEST_OF("dmarc.bare") " = " DIGEST_OF("dmarc.record");

static bool same_rows(const struct race *race, uint64_t round, struct err *e)
{
	char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
	const char *values[] = { first, last };
	SCOPED(rows) struct rows *rows = NULL;

	date_format(first_day_of(round), first);
	date_format(first_day_of(round) + MAX_COPIES, last);
	if (!connection_query(race->connection, is_same, values, COUNT_OF(values), &rows, e))
		return false;
	if (!rows_boolean(rows, 0, 0)) {
		err_set(e, ERR_INPUT, "what the writer wrote is not what was copied");
		return false;
	}
	return true;
}

static bool run_round(const struct race *race, uint64_t round, struct output *out, struct err *e)
{
	SCOPED(buf) struct buf rows = { 0 };
	double records = (double)(race->copies * race->kept.count), ours, bare;

	encode_all(race, round, &rows);
	struct worker workers[MAX_WRITERS] = { 0 };
	bool ok = facts_ensure_month(race->connection, first_day_of(round), e) &&
		connection_execute(race->connection, make_bare, NULL, 0, e) &&
		connection_execute(race->connection, "checkpoint", NULL, 0, e) &&
		prepare_workers(race, round, workers, e) && write_all(race, workers, &ours, e) &&
		copy_all(race, buf_slice(&rows), &bare, e) && same_rows(race, round, e);

	for (uint64_t i = 0; i < race->writers; i++)
		connection_close(workers[i].connection);
	if (!ok)
		return false;
	output_printf(out, "%.0f %.0f %.4f\n", records / ours, records / bare, bare / ours);
	output_flush(out);
	return true;
}

static bool run(struct race *race, const char *path, struct output *out, struct err *e)
{
	SCOPED(domains) struct domains *domains = domains_load(e);
	SCOPED(connection) struct connection *c = domains ? connection_open(NULL, e) : NULL;
	bool ok = c && kept_read_file(&race->kept, domains, path, e);

	race->connection = c;
	race->latest_day = first_day_of(race->rounds);
	for (uint64_t i = 0; ok && i < race->rounds; i++)
		ok = run_round(race, i, out, e);
	return ok;
}

static bool parse_options(struct race *race, int argc, char **argv)
{
	const struct {
		const char *name;
		uint64_t *value, max;
	} numbers[] = {
		{ "--rounds", &race->rounds, 1000 },
		{ "--copies", &race->copies, MAX_COPIES },
		{ "--writers", &race->writers, MAX_WRITERS },
	};
	int at = 1;

	for (; at + 1 < argc; at += 2) {
		bool known = false;

		for (size_t i = 0; i < COUNT_OF(numbers); i++) {
			if (strcmp(argv[at], numbers[i].name) == 0)
				known = number_parse_u64(slice_from(argv[at + 1]), 1,
							 numbers[i].max, numbers[i].value);
		}
		if (!known)
			return false;
	}
	return argc - at == 1;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct output out;
	struct race race = { .rounds = 3, .copies = 25, .writers = 1 };
	bool ok;

	if (!parse_options(&race, argc, argv)) {
		log_line(LOG_LEVEL_ERROR,
			 "usage: write [--rounds N] [--copies N] [--writers N] FILE");
		return 64;
	}
	kept_init(&race.kept, MAX_RECORDS);
	ok = output_open(&out, NULL, &e) && run(&race, argv[argc - 1], &out, &e) &&
		output_finish(&out, &e);
	kept_release(&race.kept);
	if (!ok)
		log_err(LOG_LEVEL_ERROR, &e);
	return ok ? 0 : 1;
}
