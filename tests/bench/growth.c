/* SPDX-License-Identifier: MIT */
/*
 * Does the cost of a record grow with the report? A report is fed to the parser with its records over
 * and over, up to as many as are wanted, so that no file of that size is needed.
 *
 *	growth FILE N...                a report as .xml; N up to LIMIT_RECORDS
 *
 * prints a line for each N: the records, nanoseconds of CPU time a record, and by how many KiB the peak
 * of resident memory rose. Small reports are parsed as often as makes 100,000 records.
 */
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/output.h"
#include "parser/domain.h"
#include "parser/limits.h"
#include "parser/parser.h"

#include "base/banned.h"

enum { MAX_FILE_BYTES = 64 << 20, LEAST_RECORDS = 100000 };

/* The text before the records, theirs, and what follows. */
struct pieces {
	struct slice head, records, tail;
	uint64_t count;
};

static bool on_report(struct sink *sink UNUSED, const struct report *report UNUSED,
		      struct err *e UNUSED)
{
	return true;
}

static bool on_record(struct sink *sink UNUSED, const struct report *report UNUSED,
		      const struct record *record UNUSED, struct err *e UNUSED)
{
	return true;
}

static void on_abort(struct sink *sink UNUSED, const struct report *report UNUSED,
		     const struct err *why UNUSED)
{
}

static struct slice find(struct slice text, const char *word)
{
	while (text.n > 0 && !slice_starts_with(text, slice_from(word)))
		text = slice_from_offset(text, 1);
	return text;
}

static struct pieces take_apart(struct slice text)
{
	struct slice records = find(text, "<record>"), tail = find(text, "</feedback>");
	struct pieces p = {
		.head = slice_prefix(text, text.n - records.n),
		.records = slice_prefix(records, records.n - tail.n),
		.tail = tail,
	};

	for (struct slice rest = p.records; rest.n > 0; p.count++)
		rest = find(slice_from_offset(rest, 1), "<record>");
	return p;
}

/* The first n of the records. */
static struct slice some_records(const struct pieces *p, uint64_t n)
{
	struct slice rest = p->records;

	for (uint64_t i = 0; i < n; i++)
		rest = find(slice_from_offset(rest, 1), "<record>");
	return slice_prefix(p->records, p->records.n - rest.n);
}

static bool parse(const struct domains *domains, const struct pieces *p, uint64_t wanted,
		  struct err *e)
{
	static const struct sink_ops ops = { on_report, on_record, on_report, on_abort };
	struct sink sink = { .ops = &ops };
	SCOPED(parser) struct parser *parser = parser_new(domains, &sink);
	bool ok = parser_push(parser, p->head, e);

	for (uint64_t done = 0; ok && done < wanted; done += p->count)
		ok = parser_push(
			parser,
			wanted - done >= p->count ? p->records : some_records(p, wanted - done), e);
	return ok && parser_push(parser, p->tail, e) && parser_finish(parser, e) == PARSER_DONE &&
		parser_record_count(parser) == wanted;
}

static double cpu_nanoseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static long peak_kib(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static bool measure(const struct domains *domains, const struct pieces *p, uint64_t wanted,
		    long first_peak, struct output *out)
{
	uint64_t rounds = wanted < LEAST_RECORDS ? LEAST_RECORDS / wanted : 1;
	double start = cpu_nanoseconds();
	struct err e = ERR_INIT;

	for (uint64_t i = 0; i < rounds; i++) {
		if (!parse(domains, p, wanted, &e)) {
			log_err(LOG_LEVEL_ERROR, &e);
			return false;
		}
	}
	output_printf(out, "%llu %.1f %ld\n", (unsigned long long)wanted,
		      (cpu_nanoseconds() - start) / (double)(wanted * rounds),
		      peak_kib() - first_peak);
	output_flush(out);
	return true;
}

static bool measure_all(char **numbers, const struct domains *domains, const struct pieces *p,
			struct output *out)
{
	uint64_t wanted;

	for (; *numbers; numbers++) {
		if (!number_parse_u64(slice_from(*numbers), 1, LIMIT_RECORDS, &wanted) ||
		    !measure(domains, p, wanted, peak_kib(), out))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	SCOPED(buf) struct buf text = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	if (argc < 3) {
		log_line(LOG_LEVEL_ERROR, "usage: growth FILE N...");
		return 64;
	}

	SCOPED(domains) struct domains *domains = domains_load(&e);

	if (!domains || !file_read_all(argv[1], MAX_FILE_BYTES, &text, &e) ||
	    !output_open(&out, NULL, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}

	struct pieces pieces = take_apart(buf_slice(&text));

	if (pieces.count == 0 || !measure_all(argv + 2, domains, &pieces, &out))
		return 1;
	return output_finish(&out, &e) ? 0 : 1;
}
