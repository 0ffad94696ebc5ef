/* SPDX-License-Identifier: MIT */
/*
 * The writer alone: the records of a report, parsed and kept in memory, go through the writer as
 * reports of other days; and the same rows, made before, by one bare COPY into a table like its
 * partition.
 *
 *	write [--rounds N] [--copies N] FILE    a report as .xml or .gz; at most 20,000 of its records
 *
 * prints a line a round, each with a month of its own: records/s of the writer, records/s of the bare
 * COPY, the first as a part of the second. The database is the private one, or that of the environment.
 */
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

enum { RECORDS = 20000, MAX_COPIES = 28, FIRST_MONTH = 2024 * 12, DAY = 86400, NAME_BYTES = 64 };

struct race {
	struct connection *connection;
	struct kept kept;
	uint64_t copies;
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

static bool write_all(const struct race *race, uint64_t round, double *seconds_out, struct err *e)
{
	double start = now();
	SCOPED(writer) struct writer *writer = writer_new(race->connection, race->latest_day);
	struct ledger *ledger = writer_ledger(writer);
	bool ok = true;

	for (uint64_t i = 0; ok && i < race->copies; i++) {
		char name[NAME_BYTES];
		struct report frame = frame_of(race, round, i, name);

		ok = kept_feed(&race->kept, ledger, &frame, 0, race->kept.count, name, e);
	}
	ok = ok && ledger->ops->flush(ledger, e);
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
	bool ok = connection_copy_begin(c, copy_bare, e) &&
		connection_copy_put(c, copy_header(), e) && connection_copy_put(c, rows, e) &&
		connection_copy_put(c, copy_trailer(), e) && connection_copy_end(c, e);

	*seconds_out = now() - start;
	return ok;
}

/* --- in turn ------------------------------------------------------------------------------------- */

/* The two tables must have the same rows, or one of the figures is about something else. */
static const char differing[] =
	"select count(*) from ((select * from dmarc.bare except all select * from dmarc.record "
	"where day between $1::date and $2::date) union all (select * from dmarc.record "
	"where day between $1::date and $2::date except all select * from dmarc.bare)) as d";

static bool same_rows(const struct race *race, uint64_t round, struct err *e)
{
	char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
	const char *values[] = { first, last };
	SCOPED(rows) struct rows *rows = NULL;

	date_format(first_day_of(round), first);
	date_format(first_day_of(round) + MAX_COPIES, last);
	if (!connection_query(race->connection, differing, values, COUNT_OF(values), &rows, e))
		return false;
	if (rows_integer(rows, 0, 0) != 0) {
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
	if (!facts_ensure_month(race->connection, first_day_of(round), e) ||
	    !connection_execute(race->connection, make_bare, NULL, 0, e) ||
	    !connection_execute(race->connection, "checkpoint", NULL, 0, e) ||
	    !write_all(race, round, &ours, e) || !copy_all(race, buf_slice(&rows), &bare, e) ||
	    !same_rows(race, round, e))
		return false;
	output_printf(out, "%.0f %.0f %.4f\n", records / ours, records / bare, bare / ours);
	output_flush(out);
	return true;
}

static bool run(struct race *race, uint64_t rounds, const char *path, struct output *out,
		struct err *e)
{
	SCOPED(domains) struct domains *domains = domains_load(e);
	SCOPED(connection) struct connection *c = domains ? connection_open(NULL, e) : NULL;
	bool ok = c && kept_read_file(&race->kept, domains, path, e);

	race->connection = c;
	race->latest_day = first_day_of(rounds);
	for (uint64_t i = 0; ok && i < rounds; i++)
		ok = run_round(race, i, out, e);
	return ok;
}

static bool parse_options(int *argc, char ***argv, uint64_t *rounds, uint64_t *copies)
{
	while (*argc > 2) {
		struct slice value = slice_from((*argv)[2]);
		bool ok = strcmp((*argv)[1], "--rounds") == 0
			? number_parse_u64(value, 1, 1000, rounds)
			: strcmp((*argv)[1], "--copies") == 0 &&
				number_parse_u64(value, 1, MAX_COPIES, copies);

		if (!ok)
			return false;
		*argc -= 2;
		*argv += 2;
	}
	return *argc == 2;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct output out;
	struct race race = { .copies = 25 };
	uint64_t rounds = 3;
	bool ok;

	if (!parse_options(&argc, &argv, &rounds, &race.copies)) {
		log_line(LOG_LEVEL_ERROR, "usage: write [--rounds N] [--copies N] FILE");
		return 64;
	}
	kept_init(&race.kept, RECORDS);
	ok = output_open(&out, NULL, &e) && run(&race, rounds, argv[1], &out, &e) &&
		output_finish(&out, &e);
	kept_release(&race.kept);
	if (!ok)
		log_err(LOG_LEVEL_ERROR, &e);
	return ok ? 0 : 1;
}
