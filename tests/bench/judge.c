/* SPDX-License-Identifier: MIT */
/*
 * The judge alone: the records of a report, parsed and kept in memory, are judged over and over.
 *
 *	judge [--rounds N] FILE         a report as .xml or .gz
 *
 * prints a line a round, in records/s of CPU time: as `show` judges, which asks for no names; the same
 * where each address has a name; where no two records are alike, which only an attacker sends; judged
 * each by itself, without a memory. Then the distinct combinations, and by how many KiB the peak of
 * resident memory rose in the third.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/output.h"
#include "base/text.h"
#include "parser/domain.h"
#include "reports/memo.h"
#include "tests/bench/kept.h"

#include "base/banned.h"

/* Of a report as large as one likes the first are kept; a round goes through them ten times. */
enum { RECORDS = 100000, PASSES = 10, NAME_BYTES = 80 };

struct crowd {
	struct kept kept;
	struct record *distinct; /* the same records, but each with another envelope */
	struct slice *names;     /* of the addresses */
};

/* --- records that stay --------------------------------------------------------------------------- */

/* Half of the addresses are machines of a service, the others of nobody we know. */
static struct slice name_of(struct kept *k, const struct address *a)
{
	const unsigned char *b = a->family == ADDRESS_V4 ? a->bytes : a->bytes + 12;
	char name[NAME_BYTES];

	BUG_UNLESS(text_format(name, sizeof(name),
			       b[3] & 1 ? "a%u-%u.smtp-out.eu-west-1.amazonses.com"
					: "host-%u-%u.provider.example",
			       b[2], b[3]));
	return kept_text(k, slice_from(name));
}

/* Each record's address gets a name, and each record a copy with another envelope. */
static void prepare(struct crowd *c)
{
	char envelope[NAME_BYTES];

	for (size_t i = 0; i < c->kept.count; i++) {
		struct record r = c->kept.records[i];

		c->names[i] = name_of(&c->kept, &r.source_ip);
		BUG_UNLESS(text_format(envelope, sizeof(envelope), "h%zu.example", i));
		r.envelope_from = kept_text(&c->kept, slice_from(envelope));
		c->distinct[i] = r;
	}
}

/* --- measuring ----------------------------------------------------------------------------------- */

static double cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

enum way { WAY_SHOW, WAY_NAMED, WAY_DISTINCT, WAY_ALONE, WAY_COUNT };

struct finding {
	double rate;     /* records/s */
	uint64_t judged; /* not remembered */
	uint64_t passed; /* so that nothing is left out as unused */
};

static void judge_all(const struct crowd *c, const struct judge *judge, struct memo *memo,
		      enum way way, struct finding *finding)
{
	const struct record *records = way == WAY_DISTINCT ? c->distinct : c->kept.records;

	for (size_t i = 0; i < c->kept.count; i++) {
		struct evidence evidence =
			evidence_of_record(judge, &c->kept.report.policy, &records[i]);
		struct judgement j;

		if (way == WAY_NAMED)
			evidence.host = (struct host){ HOST_CONFIRMED, c->names[i] };
		if (way == WAY_ALONE)
			judge_record(judge, &evidence, &j);
		else
			memo_judge(memo, &evidence, &j);
		finding->passed += j.outcome_pass;
	}
}

static struct finding measure(const struct crowd *c, const struct judge *judge, enum way way)
{
	SCOPED(memo) struct memo *memo = memo_new(judge);
	struct finding finding = { .passed = 0 };
	double start = cpu_seconds();

	for (size_t i = 0; i < PASSES; i++)
		judge_all(c, judge, memo, way, &finding);
	finding.rate = (double)(PASSES * c->kept.count) / (cpu_seconds() - start);
	finding.judged = memo_judged(memo);
	return finding;
}

static bool run_round(const struct crowd *c, const struct judge *judge, struct output *out)
{
	struct finding findings[WAY_COUNT];
	long before, grown = 0;

	for (int way = 0; way < WAY_COUNT; way++) {
		before = peak_kib();
		findings[way] = measure(c, judge, (enum way)way);
		if (way == WAY_DISTINCT)
			grown = peak_kib() - before;
	}
	if (findings[WAY_SHOW].passed != findings[WAY_ALONE].passed) {
		log_line(LOG_LEVEL_ERROR, "what was remembered is not what is judged");
		return false;
	}
	output_printf(out, "%.0f %.0f %.0f %.0f %llu %ld\n", findings[WAY_SHOW].rate,
		      findings[WAY_NAMED].rate, findings[WAY_DISTINCT].rate,
		      findings[WAY_ALONE].rate, (unsigned long long)findings[WAY_SHOW].judged,
		      grown);
	output_flush(out);
	return true;
}

static bool run_rounds(struct crowd *c, const char *path, uint64_t rounds, struct output *out,
		       struct err *e)
{
	SCOPED(domains) struct domains *domains = domains_load(e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(e) : NULL;

	if (!catalogue)
		return false;
	if (!kept_read_file(&c->kept, domains, path, e))
		return false;
	prepare(c);

	const struct judge judge = { .catalogue = catalogue, .domains = domains };

	for (uint64_t i = 0; i < rounds; i++) {
		if (!run_round(c, &judge, out))
			return err_set(e, ERR_INPUT, "nothing was measured");
	}
	return true;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct output out;
	struct crowd c = { 0 };
	uint64_t rounds = 3;

	if (argc == 4 && strcmp(argv[1], "--rounds") == 0 &&
	    number_parse_u64(slice_from(argv[2]), 1, 1000, &rounds)) {
		argv += 2;
		argc -= 2;
	}
	if (argc != 2) {
		log_line(LOG_LEVEL_ERROR, "usage: judge [--rounds N] FILE");
		return 64;
	}
	kept_init(&c.kept, RECORDS);
	c.distinct = memory_zeroed(RECORDS, sizeof(*c.distinct));
	c.names = memory_zeroed(RECORDS, sizeof(*c.names));
	if (!output_open(&out, NULL, &e) || !run_rounds(&c, argv[1], rounds, &out, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	free(c.distinct);
	free(c.names);
	kept_release(&c.kept);
	return output_finish(&out, &e) ? 0 : 1;
}
