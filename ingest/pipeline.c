/* SPDX-License-Identifier: MIT */
#include "ingest/pipeline.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/memory.h"
#include "ingest/crew.h"
#include "ingest/leftovers.h"
#include "ingest/mime.h"
#include "ingest/progress.h"
#include "ingest/summary.h"
#include "parser/parser.h"

#include "base/banned.h"

/* Messages listed and looked up in the ledger at a time: one question to the database for all. */
enum { BATCH = 256 };

/* A line a fault is worth reading up to about here; more are told by their number and by reason. */
enum { FAULTS_NAMED = 50 };

/* While others work. */
enum { LOOK_EVERY_MS = 200 };

struct run {
	struct ticker ticker;
	const struct pipeline_settings *settings;
	struct source *source;
	struct pipeline_totals *totals;
	struct progress progress;
	_Atomic uint64_t records; /* read so far, in whatever thread */
	uint64_t done;            /* messages of this source that nothing is left to do for */
	uint64_t reports_before;  /* of other sources */

	struct chunk *chunk; /* being filled */
	size_t chunk_size;   /* up to this; 0: the workers are not gathered yet */
	uint64_t next_number;
	struct worker workers[CREW_MAX];
	struct turnstile turns;
	struct crew *crew; /* NULL: the reader does it himself, as the first worker */
	struct err fatal;  /* of the first chunk that has one, or what came over the source */
	bool away;         /* the source, while its messages were settled */

	struct leftovers leftovers;

	/* what the source was told, for the ledger */
	struct settled_message *settled;
	size_t settled_count, settled_capacity;
};

/* A single message is shown when it turns out to be a long one. */
static void show_progress(struct run *r)
{
	if (r->source->count_hint <= 1 && !progress_is_long(&r->progress))
		return;
	progress_draw(&r->progress,
		      (struct progress_counts){
			      .done = r->done,
			      .total = r->source->count_hint,
			      .reports = r->totals->reports - r->reports_before,
			      .records = r->records,
		      });
}

/* The reader himself draws: while others work he looks on, and does not see what they do. */
static void on_tick(struct ticker *ticker, uint64_t records)
{
	struct run *r = (struct run *)ticker;

	r->records += records;
	if (!r->crew)
		show_progress(r);
}

static bool tell_settled(struct run *r, struct err *e)
{
	struct ledger *ledger = r->settings->ledger;
	bool told = ledger->ops->settled(ledger, r->settled, r->settled_count, e);

	while (r->settled_count > 0)
		place_release(&r->settled[--r->settled_count].now);
	return told;
}

static const char *settlement_of(const struct run *r, const struct message *m, enum ending ending,
				 bool done)
{
	enum settlement_action action = source_settlement(r->source, m, ending).action;

	if (action == SETTLE_LEAVE)
		return NULL;
	return done ? settlement_action_text(action) : "gone";
}

/* May one more fault be named? Whoever asked for all of them gets them. */
static bool name_fault(struct run *r)
{
	struct pipeline_totals *t = r->totals;
	bool named = r->settings->tell_all || t->named < FAULTS_NAMED;

	*(named ? &t->named : &t->unnamed) += 1;
	return named;
}

static void note_fatal(struct run *r, const struct err *fatal)
{
	if (r->fatal.kind == ERR_NONE)
		r->fatal = *fatal;
}

/*
 * It stays as it is; it is stored, and the next run tries again. From where nobody answers any more nothing
 * else can be had.
 */
static void leave_unsettled(struct run *r, struct err *fault)
{
	r->away = fault->kind == ERR_UNREACHABLE || fault->kind == ERR_INTERRUPTED;
	if (r->away) {
		err_remedy(fault, "what was read by then is stored; the next run does the rest");
		note_fatal(r, fault);
		return;
	}
	r->totals->unsettled++;
	if (fault->remedy[0] == '\0')
		err_remedy(fault, "what it holds is stored; the next run tries again");
	if (name_fault(r))
		log_err(LOG_LEVEL_WARNING, fault);
}

static void settle(struct run *r, const struct message *m, enum ending ending)
{
	struct settled_message s = { 0 };
	struct err e = ERR_INIT;
	int settled;

	if (r->away)
		return;
	settled = source_settle(r->source, m, ending, &s.now, &e);
	if (settled < 0) {
		leave_unsettled(r, &e);
		return;
	}
	memcpy(s.key, m->key, MESSAGE_KEY_SIZE);
	s.settlement = settlement_of(r, m, ending, settled > 0);
	r->settled = memory_grow_array(r->settled, r->settled_count, &r->settled_capacity,
				       sizeof(*r->settled));
	r->settled[r->settled_count++] = s;
}

/* False where it is nobody's or somebody else's business. */
static bool is_to_settle(const struct chunk_entry *entry, enum ending *ending_out)
{
	const struct verdict_of_message *verdict = &entry->verdict;

	*ending_out = outcome_ending(verdict->outcome, verdict->reason.kind != ERR_NONE);
	return entry->committed && entry->message.settle_later[*ending_out] &&
		!verdict->claimed_elsewhere;
}

static void will_settle(struct run *r, const struct chunk *chunk)
{
	for (size_t i = 0; i < chunk->count; i++) {
		enum ending ending;

		if (is_to_settle(&chunk->entries[i], &ending))
			source_will_settle(r->source, &chunk->entries[i].message, ending);
	}
}

static void settle_committed(struct run *r, const struct chunk_entry *entry)
{
	enum ending ending;

	if (is_to_settle(entry, &ending))
		settle(r, &entry->message, ending);
}

/* Where they are not where they were, an earlier run has moved them and did not get to say so. */
static bool settle_leftovers(struct run *r, struct err *e)
{
	const struct unsettled_message *batch[BATCH];
	size_t at = 0, count;

	while ((count = leftovers_next(&r->leftovers, &at, batch, BATCH)) > 0) {
		for (size_t i = 0; i < count; i++)
			source_will_settle(r->source, &batch[i]->message, batch[i]->ending);
		for (size_t i = 0; i < count; i++)
			settle(r, &batch[i]->message, batch[i]->ending);
		if (!tell_settled(r, e))
			return false;
	}
	return true;
}

static void plan(const struct run *r, struct message *m)
{
	for (size_t i = 0; i < ENDING_COUNT; i++)
		m->settle_later[i] =
			source_settlement(r->source, m, (enum ending)i).action != SETTLE_LEAVE;
}

static bool wants_attention(const struct verdict_of_message *verdict)
{
	return verdict->outcome == OUTCOME_BROKEN || verdict->outcome == OUTCOME_TOO_LARGE ||
		verdict->outcome == OUTCOME_INVALID_DATE ||
		(verdict->outcome == OUTCOME_STORED && verdict->reason.kind != ERR_NONE);
}

static void tell(struct run *r, const struct message *m, const struct verdict_of_message *verdict)
{
	bool loud = r->settings->tell_all || wants_attention(verdict);
	struct err e = verdict->reason;
	char *place;

	if (verdict->outcome == OUTCOME_STORED && e.kind == ERR_NONE)
		return;
	if (e.kind == ERR_NONE)
		err_set(&e, ERR_INPUT, "%s", outcome_text(verdict->outcome));
	place = source_place(m);
	err_where(&e, "%s", place);
	free(place);
	if (loud && !name_fault(r))
		return;
	log_err(loud ? LOG_LEVEL_ERROR : LOG_LEVEL_DEBUG, &e);
}

static void count(struct run *r, const struct message *m, const struct verdict_of_message *verdict)
{
	struct pipeline_totals *t = r->totals;

	t->outcomes[verdict->outcome]++;
	t->reports += verdict->reports;
	t->records += verdict->records;
	t->mails += verdict->mails;
	t->faulty += verdict->outcome == OUTCOME_STORED && verdict->reason.kind != ERR_NONE;
	if (r->settings->summary)
		summary_add(r->settings->summary, m, verdict);
	tell(r, m, verdict);
}

/* A message that cannot be opened is told and left: it is not in the ledger, so the next run sees it. */
static void tell_unreadable(struct run *r, struct err *fault)
{
	if (fault->remedy[0] == '\0')
		err_remedy(fault, "check its permissions; the next run tries again");
	if (name_fault(r))
		log_err(LOG_LEVEL_ERROR, fault);
	r->totals->unreadable++;
}

static void finish_entry(struct run *r, struct chunk_entry *entry)
{
	r->done++;
	r->totals->listed -= entry->gone;
	if (entry->unreadable.kind != ERR_NONE)
		tell_unreadable(r, &entry->unreadable);
	if (!entry->committed)
		return;
	count(r, &entry->message, &entry->verdict);
	settle_committed(r, entry);
}

/*
 * What a worker has done is told and settled; false where it must not go on. The ledger is told at
 * once, too: what it knows nobody has to find out after a crash.
 */
static bool finish_chunk(struct run *r, struct chunk *chunk)
{
	struct err e = ERR_INIT;

	will_settle(r, chunk);
	for (size_t i = 0; i < chunk->count; i++)
		finish_entry(r, &chunk->entries[i]);
	note_fatal(r, &chunk->fatal);
	if (!tell_settled(r, &e))
		note_fatal(r, &e);
	chunk_free(chunk);
	show_progress(r);
	return r->fatal.kind == ERR_NONE;
}

static struct chunk *take_finished(struct run *r)
{
	while (!crew_wait(r->crew, LOOK_EVERY_MS))
		show_progress(r);
	return crew_take(r->crew);
}

/* Gives the chunk that is full, or the last, to a worker. */
static bool hand_over(struct run *r)
{
	struct chunk *chunk = TAKE(r->chunk, NULL);

	if (!chunk)
		return true;
	if (!r->crew) {
		worker_run(&r->workers[0], chunk);
		return finish_chunk(r, chunk);
	}
	while (!crew_has_room(r->crew)) {
		if (!finish_chunk(r, take_finished(r))) {
			chunk_free(chunk);
			return false;
		}
	}
	crew_hand_over(r->crew, chunk);
	return true;
}

static bool add_new(struct run *r, struct message *m)
{
	plan(r, m);
	if (r->source->ops->will_open)
		r->source->ops->will_open(r->source, m);
	if (!r->chunk)
		r->chunk = chunk_new(r->next_number++);
	chunk_add(r->chunk, m);
	return r->chunk->count < r->chunk_size || hand_over(r);
}

static bool sort_message(struct run *r, struct message *m, const struct known_message *known)
{
	memcpy(m->key, known->key, MESSAGE_KEY_SIZE);
	m->again = known->state == LEDGER_AGAIN;
	leftovers_cross_off(&r->leftovers, m->key);
	r->totals->listed++;
	r->totals->retried += m->again;
	if (known->state == LEDGER_NEW || m->again)
		return add_new(r, m);
	r->totals->known++;
	r->done++;
	if (known->state == LEDGER_UNSETTLED)
		settle(r, m, known->ending);
	return true;
}

static bool sort_batch(struct run *r, struct message *messages, size_t listed, struct err *e)
{
	const struct message *borrowed[BATCH];
	struct known_message known[BATCH];
	struct ledger *ledger = r->settings->ledger;

	for (size_t i = 0; i < listed; i++)
		borrowed[i] = &messages[i];
	if (!ledger->ops->lookup(ledger, borrowed, listed, known, e))
		return false;
	for (size_t i = 0; i < listed; i++) {
		if (known[i].state == LEDGER_UNSETTLED)
			source_will_settle(r->source, &messages[i], known[i].ending);
	}
	for (size_t i = 0; i < listed; i++) {
		if (!sort_message(r, &messages[i], &known[i]))
			return false;
	}
	return tell_settled(r, e);
}

/* Lists up to BATCH messages. -1 on an error; what was listed by then is still to be released. */
static int list_batch(struct run *r, struct message *messages, size_t *listed, struct err *e)
{
	int more = 1;

	for (*listed = 0; *listed < BATCH; (*listed)++) {
		more = r->source->ops->next(r->source, &messages[*listed], e);
		if (more <= 0)
			break;
	}
	return more;
}

/* Where the least chunk holds it all, another worker has nothing to do. A full batch is more than that. */
static size_t worker_count(const struct run *r, size_t listed)
{
	const struct pipeline_settings *s = r->settings;
	size_t jobs = s->jobs < CREW_MAX ? s->jobs : CREW_MAX;

	return s->pool && listed > CHUNK_LEAST ? jobs : 1;
}

static struct worker worker_of(struct run *r, struct ledger *ledger, struct turnstile *turns)
{
	return (struct worker){
		.domains = r->settings->domains,
		.ledger = ledger,
		.source = r->source,
		.turns = turns,
		.ticker = &r->ticker,
		.aside = r->settings->jobs > 1,
		.trust = &r->settings->trust,
	};
}

/* A large chunk costs less than small ones, with which workers come to their ends together. */
static size_t chunk_size(uint64_t messages, size_t workers)
{
	uint64_t share = messages / (2 * workers);

	if (share < CHUNK_LEAST)
		return CHUNK_LEAST;
	return share < CHUNK_MESSAGES ? (size_t)share : CHUNK_MESSAGES;
}

/* Once the first messages are listed: many a source knows no sooner how many it has. */
static void gather_crew(struct run *r, size_t listed)
{
	struct ledger_pool *pool = r->settings->pool;
	size_t wanted = worker_count(r, listed), count = 0;
	struct ledger *ledger;

	for (; wanted > 1 && count < wanted && (ledger = pool->ledger(pool, count)); count++)
		r->workers[count] = worker_of(r, ledger, &r->turns);
	r->crew = count > 1 ? crew_new(r->workers, count) : NULL;
	r->chunk_size = r->crew ? chunk_size(r->source->count_hint, count) : CHUNK_MESSAGES;
	if (!r->crew)
		r->workers[0] = worker_of(r, r->settings->ledger, NULL);
}

/* Nothing more is begun after a signal; the workers see it for themselves. */
static bool run_batches(struct run *r, struct err *e)
{
	struct message messages[BATCH];
	int more = 1;

	while (more > 0 && !interrupt_requested()) {
		size_t listed = 0;

		more = list_batch(r, messages, &listed, e);
		if (r->chunk_size == 0)
			gather_crew(r, listed);

		/* the source's error, if it has one, is the one to tell */
		struct err inner = ERR_INIT;
		bool ok = sort_batch(r, messages, listed, more < 0 ? &inner : e);

		for (size_t i = 0; i < listed; i++)
			message_release(&messages[i]);
		if (!ok)
			return false;
	}
	if (!hand_over(r) || more < 0)
		return false;
	return more == 0 || worker_stopped(e);
}

static void finish_crew(struct run *r, bool stop)
{
	struct chunk *chunk;

	if (stop)
		crew_stop(r->crew);
	while ((chunk = take_finished(r)) != NULL)
		(void)finish_chunk(r, chunk);
	crew_free(r->crew);
}

static bool run(struct run *r, struct err *e)
{
	bool ok;

	show_progress(r);
	ok = leftovers_load(&r->leftovers, r->settings->ledger, r->source->name, e) &&
		run_batches(r, e);

	if (r->crew)
		finish_crew(r, !ok);
	if (r->fatal.kind != ERR_NONE) {
		*e = r->fatal;
		return false;
	}
	if (!ok)
		return false;
	ok = settle_leftovers(r, e);
	if (r->away)
		*e = r->fatal;
	return ok && !r->away;
}

bool pipeline_run(const struct pipeline_settings *settings, struct source *source,
		  struct pipeline_totals *totals, struct err *e)
{
	struct run *r = memory_zeroed(1, sizeof(*r));
	bool ok;

	r->ticker.tick = on_tick;
	r->settings = settings;
	r->source = source;
	r->totals = totals;
	r->reports_before = totals->reports;
	r->progress = progress_begin();
	source->plan = &settings->plan;
	turnstile_init(&r->turns);
	mime_start();
	parser_start();
	ok = run(r, e);
	source->plan = NULL;
	chunk_free(r->chunk);
	leftovers_release(&r->leftovers);
	turnstile_release(&r->turns);
	for (size_t i = 0; i < CREW_MAX; i++)
		worker_release(&r->workers[i]);
	free(r->settled);
	free(r);
	log_progress_end();
	return ok;
}

bool pipeline_found_faults(const struct pipeline_totals *t)
{
	return t->faulty + t->outcomes[OUTCOME_BROKEN] + t->outcomes[OUTCOME_TOO_LARGE] +
		t->outcomes[OUTCOME_INVALID_DATE] >
		0;
}
