/* SPDX-License-Identifier: MIT */
/*
 * The parser alone: ruamill's own into a sink that counts, and the bare collector, in turn on the same
 * bytes, each time in a process of its own. Only the time inside the two is counted, as CPU time, since
 * neither waits for anything; reading and inflating are not.
 *
 *	parse [--rounds N] FILE         a report as .xml or .gz
 *
 * prints a line a round: records/s of ruamill, of bare, their ratio, and by how many KiB the peak of
 * resident memory rose while ruamill's parser read the report, zlib's part included.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/output.h"
#include "parser/domain.h"
#include "parser/parser.h"
#include "tests/bench/collector.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

/* What one process found out; shared with the one that started it. */
struct finding {
	double seconds;
	uint64_t records, messages;
	long grown_kib;
	bool ok;
};

/* One of the two, to be fed. */
struct contestant {
	struct sink sink;
	uint64_t messages;
	struct parser *parser;
	struct collector *collector;
	struct bare_totals totals;
	struct err error;
	double seconds;
	bool ok;
};

static bool on_report(struct sink *sink UNUSED, const struct report *report UNUSED,
		      struct err *e UNUSED)
{
	return true;
}

static bool on_record(struct sink *sink, const struct report *report UNUSED,
		      const struct record *record, struct err *e UNUSED)
{
	((struct contestant *)sink)->messages += record->count;
	return true;
}

static void on_abort(struct sink *sink UNUSED, const struct report *report UNUSED,
		     const struct err *why UNUSED)
{
}

static const struct sink_ops counting_ops = { on_report, on_record, on_report, on_abort };

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

static void feed(struct contestant *c, struct slice piece)
{
	double start = cpu_seconds();

	if (c->parser)
		c->ok = c->ok && parser_push(c->parser, piece, &c->error);
	else
		collector_push(c->collector, piece);
	c->seconds += cpu_seconds() - start;
}

static void finish(struct contestant *c)
{
	double start = cpu_seconds();

	if (c->parser)
		c->ok = c->ok && parser_finish(c->parser, &c->error) == PARSER_DONE;
	else
		c->ok = collector_finish(c->collector);
	c->seconds += cpu_seconds() - start;
}

/* gzread() takes what is not gzip as it is. */
static bool feed_file(struct contestant *c, const char *path)
{
	char piece[PIECE_BYTES];
	gzFile file = gzopen(path, "rbe");
	int got = -1;

	while (file && (got = gzread(file, piece, sizeof(piece))) > 0)
		feed(c, slice_of(piece, (size_t)got));
	finish(c);
	return file && gzclose_r(file) == Z_OK && got == 0;
}

static void contest(const char *path, const struct domains *domains, struct finding *finding)
{
	struct contestant c = { .sink = { .ops = &counting_ops }, .ok = true };
	long before = peak_kib();

	if (domains)
		c.parser = parser_new(domains, &c.sink);
	else
		c.collector = collector_new(&c.totals);
	finding->ok = feed_file(&c, path) && c.ok;
	if (c.error.kind != ERR_NONE)
		log_err(LOG_LEVEL_ERROR, &c.error);
	finding->grown_kib = peak_kib() - before;
	finding->seconds = c.seconds;
	finding->records = c.parser ? parser_record_count(c.parser) : c.totals.records;
	finding->messages = c.parser ? c.messages : c.totals.messages;
	parser_free(c.parser);
	collector_free(c.collector);
}

/* In a process of its own, so that neither finds memory that the other has warmed up. */
static bool contest_apart(const char *path, const struct domains *domains, struct finding *shared,
			  struct finding *finding)
{
	int status;
	pid_t child;

	*shared = (struct finding){ 0 };
	child = fork();
	if (child == 0) {
		contest(path, domains, shared);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	*finding = *shared;
	return finding->ok && finding->records > 0;
}

static bool run_round(const char *path, const struct domains *domains, struct finding *shared,
		      struct output *out)
{
	struct finding ours, bare;

	if (!contest_apart(path, domains, shared, &ours) ||
	    !contest_apart(path, NULL, shared, &bare)) {
		log_line(LOG_LEVEL_ERROR, "the report could not be read whole");
		return false;
	}
	if (ours.records != bare.records || ours.messages != bare.messages) {
		log_line(LOG_LEVEL_ERROR, "%llu records on %llu mails, but bare has %llu on %llu",
			 (unsigned long long)ours.records, (unsigned long long)ours.messages,
			 (unsigned long long)bare.records, (unsigned long long)bare.messages);
		return false;
	}

	double rate = (double)ours.records / ours.seconds;
	double bare_rate = (double)bare.records / bare.seconds;

	output_printf(out, "%.0f %.0f %.4f %ld\n", rate, bare_rate, rate / bare_rate,
		      ours.grown_kib);
	output_flush(out);
	return true;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct output out;
	uint64_t rounds = 3;

	if (argc == 4 && strcmp(argv[1], "--rounds") == 0 &&
	    number_parse_u64(slice_from(argv[2]), 1, 1000, &rounds)) {
		argv += 2;
		argc -= 2;
	}
	if (argc != 2) {
		log_line(LOG_LEVEL_ERROR, "usage: parse [--rounds N] FILE");
		return 64;
	}

	SCOPED(domains) struct domains *domains = domains_load(&e);
	struct finding *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	BUG_UNLESS(shared != MAP_FAILED);
	if (!domains || !output_open(&out, NULL, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	for (uint64_t i = 0; i < rounds; i++) {
		if (!run_round(argv[1], domains, shared, &out))
			return 1;
	}
	return output_finish(&out, &e) ? 0 : 1;
}
