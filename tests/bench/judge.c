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
#include <zlib.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/output.h"
#include "base/text.h"
#include "parser/domain.h"
#include "parser/parser.h"
#include "reports/memo.h"

#include "base/banned.h"

/* Of a report as large as one likes the first are kept; a round goes through them ten times. */
enum { RECORDS = 100000, PASSES = 10, PIECE_BYTES = 64 * 1024, NAME_BYTES = 80 };
enum { ARENA_BYTES = 512 << 20 };

struct kept {
	struct sink sink;
	struct arena arena;
	struct published_policy policy;
	struct record *records;
	struct record *distinct; /* the same, but each with another envelope */
	struct slice *names;     /* of the addresses */
	size_t count;
};

/* --- records that stay --------------------------------------------------------------------------- */

static struct slice keep_text(struct kept *k, struct slice text)
{
	struct slice copy = text;

	BUG_UNLESS(slice_is_absent(text) || arena_copy(&k->arena, text, &copy));
	return copy;
}

static struct word keep_word(struct kept *k, struct word word)
{
	return (struct word){ word.value, keep_text(k, word.text) };
}

static void *keep_array(struct kept *k, size_t count, size_t size)
{
	void *array = arena_alloc(&k->arena, count * size + 1);

	BUG_UNLESS(array);
	return array;
}

static const struct dkim_result *keep_dkim(struct kept *k, const struct record *r)
{
	struct dkim_result *all = keep_array(k, r->dkim_count, sizeof(*all));

	for (size_t i = 0; i < r->dkim_count; i++)
		all[i] = (struct dkim_result){
			.domain = keep_text(k, r->dkim_results[i].domain),
			.selector = keep_text(k, r->dkim_results[i].selector),
			.result = keep_word(k, r->dkim_results[i].result),
			.human_result = keep_text(k, r->dkim_results[i].human_result),
		};
	return all;
}

static const struct spf_result *keep_spf(struct kept *k, const struct record *r)
{
	struct spf_result *all = keep_array(k, r->spf_count, sizeof(*all));

	for (size_t i = 0; i < r->spf_count; i++)
		all[i] = (struct spf_result){
			.domain = keep_text(k, r->spf_results[i].domain),
			.scope = keep_word(k, r->spf_results[i].scope),
			.result = keep_word(k, r->spf_results[i].result),
			.human_result = keep_text(k, r->spf_results[i].human_result),
		};
	return all;
}

static const struct override_reason *keep_reasons(struct kept *k, const struct record *r)
{
	struct override_reason *all = keep_array(k, r->reason_count, sizeof(*all));

	for (size_t i = 0; i < r->reason_count; i++)
		all[i] = (struct override_reason){ keep_word(k, r->reasons[i].type),
						   keep_text(k, r->reasons[i].comment) };
	return all;
}

/* Half of the addresses are machines of a service, the others of nobody we know. */
static struct slice name_of(struct kept *k, const struct address *a)
{
	const unsigned char *b = a->family == ADDRESS_V4 ? a->bytes : a->bytes + 12;
	char name[NAME_BYTES];

	BUG_UNLESS(text_format(name, sizeof(name),
			       b[3] & 1 ? "a%u-%u.smtp-out.eu-west-1.amazonses.com"
					: "host-%u-%u.provider.example",
			       b[2], b[3]));
	return keep_text(k, slice_from(name));
}

static bool on_begin(struct sink *sink, const struct report *report, struct err *e UNUSED)
{
	struct kept *k = (struct kept *)sink;

	k->policy = report->policy;
	k->policy.domain = keep_text(k, report->policy.domain);
	return true;
}

static bool on_record(struct sink *sink, const struct report *report UNUSED,
		      const struct record *record, struct err *e UNUSED)
{
	struct kept *k = (struct kept *)sink;
	struct record r = *record;
	char envelope[NAME_BYTES];

	if (k->count == RECORDS)
		return true;
	r.header_from = keep_text(k, r.header_from);
	r.envelope_from = keep_text(k, r.envelope_from);
	r.disposition = keep_word(k, r.disposition);
	r.dkim = keep_word(k, r.dkim);
	r.spf = keep_word(k, r.spf);
	r.dkim_results = keep_dkim(k, record);
	r.spf_results = keep_spf(k, record);
	r.reasons = keep_reasons(k, record);
	r.raw_count = 0;
	k->names[k->count] = name_of(k, &r.source_ip);
	k->records[k->count] = r;
	BUG_UNLESS(text_format(envelope, sizeof(envelope), "h%zu.example", k->count));
	r.envelope_from = keep_text(k, slice_from(envelope));
	k->distinct[k->count++] = r;
	return true;
}

static bool on_end(struct sink *sink UNUSED, const struct report *report UNUSED,
		   struct err *e UNUSED)
{
	return true;
}

static void on_abort(struct sink *sink UNUSED, const struct report *report UNUSED,
		     const struct err *why UNUSED)
{
}

static const struct sink_ops keeping_ops = { on_begin, on_record, on_end, on_abort };

/* gzread() takes what is not gzip as it is. */
static bool keep_file(struct kept *k, const struct domains *domains, const char *path,
		      struct err *e)
{
	struct parser *parser = parser_new(domains, &k->sink);
	gzFile file = gzopen(path, "rbe");
	char piece[PIECE_BYTES];
	bool ok = file != NULL;
	int got = 0;

	while (ok && k->count < RECORDS && (got = gzread(file, piece, sizeof(piece))) > 0)
		ok = parser_push(parser, slice_of(piece, (size_t)got), e);
	parser_free(parser);
	return file && gzclose_r(file) == Z_OK && ok && k->count > 0;
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

static void judge_all(const struct kept *k, const struct judge *judge, struct memo *memo,
		      enum way way, struct finding *finding)
{
	const struct record *records = way == WAY_DISTINCT ? k->distinct : k->records;

	for (size_t i = 0; i < k->count; i++) {
		struct evidence evidence = evidence_of_record(judge, &k->policy, &records[i]);
		struct judgement j;

		if (way == WAY_NAMED)
			evidence.host = (struct host){ HOST_CONFIRMED, k->names[i] };
		if (way == WAY_ALONE)
			judge_record(judge, &evidence, &j);
		else
			memo_judge(memo, &evidence, &j);
		finding->passed += j.outcome_pass;
	}
}

static struct finding measure(const struct kept *k, const struct judge *judge, enum way way)
{
	SCOPED(memo) struct memo *memo = memo_new(judge);
	struct finding finding = { .passed = 0 };
	double start = cpu_seconds();

	for (size_t i = 0; i < PASSES; i++)
		judge_all(k, judge, memo, way, &finding);
	finding.rate = (double)(PASSES * k->count) / (cpu_seconds() - start);
	finding.judged = memo_judged(memo);
	return finding;
}

static bool run_round(const struct kept *k, const struct judge *judge, struct output *out)
{
	struct finding findings[WAY_COUNT];
	long before, grown = 0;

	for (int way = 0; way < WAY_COUNT; way++) {
		before = peak_kib();
		findings[way] = measure(k, judge, (enum way)way);
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

static bool run_rounds(struct kept *k, const char *path, uint64_t rounds, struct output *out,
		       struct err *e)
{
	SCOPED(domains) struct domains *domains = domains_load(e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(e) : NULL;

	if (!catalogue)
		return false;
	if (!keep_file(k, domains, path, e))
		return err_set(e, ERR_INPUT, "the report could not be read");

	const struct judge judge = { .catalogue = catalogue, .domains = domains };

	for (uint64_t i = 0; i < rounds; i++) {
		if (!run_round(k, &judge, out))
			return err_set(e, ERR_INPUT, "nothing was measured");
	}
	return true;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct output out;
	struct kept k = { .sink = { &keeping_ops } };
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
	arena_init(&k.arena, ARENA_BYTES);
	k.records = memory_zeroed(RECORDS, sizeof(*k.records));
	k.distinct = memory_zeroed(RECORDS, sizeof(*k.distinct));
	k.names = memory_zeroed(RECORDS, sizeof(*k.names));
	if (!output_open(&out, NULL, &e) || !run_rounds(&k, argv[1], rounds, &out, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	free(k.records);
	free(k.distinct);
	free(k.names);
	arena_release(&k.arena);
	return output_finish(&out, &e) ? 0 : 1;
}
