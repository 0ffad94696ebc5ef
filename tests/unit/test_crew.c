/* SPDX-License-Identifier: MIT */
#include "ingest/crew.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "ingest/ledger_none.h"
#include "ingest/mime.h"
#include "parser/parser.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void setup(void)
{
	domains_setup();
	mime_start();
	parser_start();
}

TestSuite(crew, .init = setup, .fini = domains_teardown);

enum { WORKERS = 4, CHUNKS = 40 };

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

static const struct sink_ops sink_ops = { on_report, on_record, on_report, on_abort };

/* A message whose locator is "bad" cannot be opened; "end" ends the run; others hold what they say. */
static int open_message(struct source *s UNUSED, struct message *m, struct err *e)
{
	if (strcmp(m->locator, "bad") == 0)
		err_set(e, ERR_NO_INPUT, "gone");
	else if (strcmp(m->locator, "end") == 0)
		err_set(e, ERR_UNREACHABLE, "away");
	if (e->kind != ERR_NONE)
		return -1;

	int fd = file_temporary(e);

	cr_assert(fd >= 0 && file_write_all(fd, slice_from(m->locator), e));
	return fd;
}

static const struct source_ops source_ops = { .open = open_message };

struct team {
	struct source source;
	struct sink sink;
	struct ledger ledgers[WORKERS];
	struct worker workers[WORKERS];
	struct turnstile turns;
	struct crew *crew;
};

static void team_start(struct team *t)
{
	*t = (struct team){ .source.ops = &source_ops, .sink.ops = &sink_ops };
	turnstile_init(&t->turns);
	for (size_t i = 0; i < WORKERS; i++) {
		t->ledgers[i] = ledger_none(&t->sink);
		t->workers[i] = (struct worker){ .domains = domains,
						 .ledger = &t->ledgers[i],
						 .source = &t->source,
						 .turns = &t->turns };
	}
	t->crew = crew_new(t->workers, WORKERS);
	cr_assert_not_null(t->crew);
}

static void team_end(struct team *t)
{
	crew_free(t->crew);
	turnstile_release(&t->turns);
	for (size_t i = 0; i < WORKERS; i++)
		worker_release(&t->workers[i]);
}

static struct chunk *chunk_of(uint64_t number, const char *locator)
{
	struct chunk *c = chunk_new(number);

	for (size_t i = 0; i <= number % 5; i++) {
		struct message m = { .locator = memory_copy(slice_from(locator)) };

		m.key[0] = (unsigned char)i;
		chunk_add(c, &m);
	}
	return c;
}

Test(crew, gives_chunks_back_in_order, .timeout = 60)
{
	struct team t;
	uint64_t taken = 0;
	struct chunk *c;

	team_start(&t);
	for (uint64_t n = 0; n < CHUNKS; n++) {
		while (!crew_has_room(t.crew)) {
			c = crew_take(t.crew);
			EXPECT_INT(c->number, taken++, "number");
			chunk_free(c);
		}
		crew_hand_over(t.crew, chunk_of(n, "<feedback/>"));
	}
	while ((c = crew_take(t.crew)) != NULL) {
		EXPECT_INT(c->number, taken++, "number");
		EXPECT_INT(c->fatal.kind, ERR_NONE, "fatal");
		for (size_t i = 0; i < c->count; i++) {
			cr_expect(c->entries[i].committed);
			EXPECT_INT(c->entries[i].verdict.outcome, OUTCOME_BROKEN, "outcome");
		}
		chunk_free(c);
	}
	EXPECT_INT(taken, CHUNKS, "chunks");
	team_end(&t);
}

Test(crew, passes_over_what_cannot_be_opened, .timeout = 60)
{
	struct team t;
	struct chunk *c;

	team_start(&t);
	crew_hand_over(t.crew, chunk_of(0, "bad"));
	c = crew_take(t.crew);
	EXPECT_INT(c->fatal.kind, ERR_NONE, "the run goes on");
	EXPECT_INT(c->entries[0].unreadable.kind, ERR_NO_INPUT, "unreadable");
	cr_expect(!c->entries[0].committed);
	chunk_free(c);
	cr_expect_null(crew_take(t.crew), "nothing is under way");
	team_end(&t);
}

Test(crew, stops_for_what_ends_the_run, .timeout = 60)
{
	struct team t;
	struct chunk *c;

	team_start(&t);
	crew_hand_over(t.crew, chunk_of(0, "<feedback/>"));
	crew_hand_over(t.crew, chunk_of(1, "end"));
	c = crew_take(t.crew);
	EXPECT_INT(c->fatal.kind, ERR_NONE, "the first");
	chunk_free(c);
	c = crew_take(t.crew);
	EXPECT_INT(c->number, 1, "number");
	EXPECT_INT(c->fatal.kind, ERR_UNREACHABLE, "the second");
	cr_expect_str_eq(c->fatal.what, "away");
	chunk_free(c);
	crew_stop(t.crew);
	cr_expect_null(crew_take(t.crew));
	team_end(&t);
}
