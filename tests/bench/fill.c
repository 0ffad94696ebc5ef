/* SPDX-License-Identifier: MIT */
/*
 * Fills a database with as many records as one likes, past XML and mail: reports of 40 owners in the
 * manners of all reporters are made and parsed once, and their records are fed to the writer as ordinary
 * reports, day after day. The mail of `corpus` with the same owners and flows is of the same streams.
 *
 *	fill [--seed N] [--first-day N] RECORDS DAYS    days count from 1970
 *
 * The database is the private one, or that of the environment. Prints the reports, records and messages.
 */
#include <stdlib.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/output.h"
#include "base/text.h"
#include "store/connection.h"
#include "store/writer.h"
#include "tests/bench/kept.h"
#include "tests/bench/report_size.h"
#include "tests/bench/report_text.h"

#include "base/banned.h"

enum { OWNERS = 40, FLOWS = 8, TEMPLATE_RECORDS = 400, DAY = 86400, NAME_BYTES = 64 };

struct fill {
	uint64_t seed, first_day, records, days;
	struct kept templates[OWNERS][DIALECT_COUNT];
	struct random random;
	struct ledger *ledger;
	uint64_t reports_done, records_done, messages_done;
};

/* --- templates ----------------------------------------------------------------------------------- */

static bool make_template(struct fill *f, const struct domains *domains, const struct owner *owner,
			  unsigned number, unsigned dialect, struct err *e)
{
	const struct report_frame frame = {
		.dialect = &dialects[dialect],
		.owner = owner,
		.id = "template",
		.begin = (int64_t)f->first_day * DAY + (int64_t)dialects[dialect].begin_hour * 3600,
		.end = (int64_t)f->first_day * DAY + (int64_t)dialects[dialect].begin_hour * 3600 +
			DAY - 1,
	};
	struct random r = random_of(f->seed, 4, number * DIALECT_COUNT + dialect);
	struct kept *k = &f->templates[number][dialect];
	SCOPED(buf) struct buf text = { 0 };
	uint64_t count;

	kept_init(k, TEMPLATE_RECORDS);
	report_text_begin(&text, &frame);
	for (size_t i = 0; i < TEMPLATE_RECORDS; i++)
		report_text_record(&text, &frame, &r, &count);
	report_text_end(&text, &frame);
	return kept_read_text(k, domains, buf_slice(&text), e);
}

static bool make_templates(struct fill *f, struct err *e)
{
	SCOPED(domains) struct domains *domains = domains_load(e);
	bool ok = domains != NULL;

	for (unsigned i = 0; ok && i < OWNERS; i++) {
		struct owner owner;

		owner_init(&owner, f->seed, i, FLOWS);
		for (unsigned d = 0; ok && d < DIALECT_COUNT; d++)
			ok = make_template(f, domains, &owner, i, d, e);
		owner_release(&owner);
	}
	return ok;
}

static void release_templates(struct fill *f)
{
	for (size_t i = 0; i < OWNERS; i++) {
		for (size_t d = 0; d < DIALECT_COUNT; d++)
			kept_release(&f->templates[i][d]);
	}
}

/* --- reports ------------------------------------------------------------------------------------- */

static bool feed_report(struct fill *f, uint64_t day, uint64_t at_most, struct err *e)
{
	const struct kept *k = &f->templates[random_skewed(&f->random, OWNERS)]
					    [random_lower(&f->random, DIALECT_COUNT)];
	uint64_t size = report_size(&f->random);
	struct kept_part part = {
		.report = k->report,
		.first = random_below(&f->random, k->count),
		.count = size < at_most ? size : at_most,
	};
	char name[NAME_BYTES];

	BUG_UNLESS(text_format(name, sizeof(name), "fill-%llu-%llu", (unsigned long long)day,
			       (unsigned long long)f->reports_done));
	part.message = name;
	part.report.report_id = slice_from(name);
	part.report.begin += (int64_t)(day - f->first_day) * DAY;
	part.report.end += (int64_t)(day - f->first_day) * DAY;
	for (size_t i = 0; i < part.count; i++)
		f->messages_done += k->records[(part.first + i) % k->count].count;
	f->records_done += part.count;
	f->reports_done++;
	return kept_feed(k, f->ledger, &part, e);
}

/* Each day gets its share. */
static bool feed_days(struct fill *f, struct err *e)
{
	bool ok = true;

	for (uint64_t i = 0; i < f->days; i++) {
		uint64_t until = f->records * (i + 1) / f->days;

		while (ok && f->records_done < until)
			ok = feed_report(f, f->first_day + i, until - f->records_done, e);
	}
	return ok && f->ledger->ops->flush(f->ledger, e);
}

static bool run(struct fill *f, struct output *out, struct err *e)
{
	SCOPED(connection) struct connection *c = connection_open(NULL, e);
	SCOPED(writer) struct writer *w = NULL;

	if (!c || !make_templates(f, e))
		return false;
	w = writer_new(c,
		       (struct writer_settings){ .latest_day = (int64_t)(f->first_day + f->days) });
	f->ledger = writer_ledger(w);
	f->random = random_of(f->seed, 5, f->first_day);
	if (!feed_days(f, e))
		return false;
	output_printf(out, "reports %llu\nrecords %llu\nmessages %llu\n",
		      (unsigned long long)f->reports_done, (unsigned long long)f->records_done,
		      (unsigned long long)f->messages_done);
	return true;
}

static bool parse_options(struct fill *f, int argc, char **argv)
{
	int at = 1;

	for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
		struct slice value = slice_from(argv[at + 1]);
		bool ok = strcmp(argv[at], "--seed") == 0
			? number_parse_u64(value, 1, UINT32_MAX, &f->seed)
			: strcmp(argv[at], "--first-day") == 0 &&
				number_parse_u64(value, 1, 100000, &f->first_day);

		if (!ok)
			return false;
	}
	return argc - at == 2 &&
		number_parse_u64(slice_from(argv[at]), 1, 100000000, &f->records) &&
		number_parse_u64(slice_from(argv[at + 1]), 1, 1000, &f->days);
}

int main(int argc, char **argv)
{
	struct fill *f = memory_zeroed(1, sizeof(*f));
	struct err e = ERR_INIT;
	struct output out;
	bool ok;

	f->seed = 1;
	f->first_day = 20576; /* 2026-05-03: 90 days before those of `corpus` */
	if (!parse_options(f, argc, argv)) {
		log_line(LOG_LEVEL_ERROR, "usage: fill [--seed N] [--first-day N] RECORDS DAYS");
		free(f);
		return 64;
	}
	ok = output_open(&out, NULL, &e) && run(f, &out, &e) && output_finish(&out, &e);
	release_templates(f);
	free(f);
	if (!ok)
		log_err(LOG_LEVEL_ERROR, &e);
	return ok ? 0 : 1;
}
