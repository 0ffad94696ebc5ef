/* SPDX-License-Identifier: MIT */
#include "ingest/pipeline.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/memory.h"
#include "ingest/extract.h"
#include "ingest/progress.h"
#include "ingest/summary.h"

#include "base/banned.h"

/* Messages listed and looked up in the ledger at a time: one question to the database for all. */
enum { BATCH = 256 };

/* A line a fault is worth reading up to about here; more are told by their number and by reason. */
enum { FAULTS_NAMED = 50 };

/* A message between close() and its commit. */
struct pending {
	struct pending *next;
	struct message message;
};

struct run {
	struct ledger_listener listener;
	const struct pipeline_settings *settings;
	struct source *source;
	struct pipeline_totals *totals;
	struct progress progress;
	uint64_t listed_before; /* of other sources */
	struct pending *first, **last;

	/* keys of what the source was told, for the ledger */
	unsigned char (*settled)[MESSAGE_KEY_SIZE];
	size_t settled_count, settled_capacity;
};

static void show_progress(struct run *r)
{
	const struct pipeline_totals *t = r->totals;

	if (r->source->count_hint > 1)
		progress_draw(&r->progress,
			      (struct progress_counts){
				      .done = t->listed - r->listed_before,
				      .total = r->source->count_hint,
				      .reports = t->reports,
				      .records = t->records,
			      });
}

static void note_settled(struct run *r, const struct message *m)
{
	if (r->settled_count == r->settled_capacity) {
		r->settled_capacity = r->settled_capacity ? r->settled_capacity * 2 : BATCH;
		r->settled =
			memory_resize_array(r->settled, r->settled_capacity, sizeof(*r->settled));
	}
	memcpy(r->settled[r->settled_count++], m->key, MESSAGE_KEY_SIZE);
}

/* A mail that cannot be settled stays as it is; it is stored, and the next run tries again. */
static void settle(struct run *r, const struct message *m)
{
	struct err e = ERR_INIT;

	if (!m->settle_later)
		return;
	if (r->source->ops->settle(r->source, m, r->settings->settlement, &e))
		note_settled(r, m);
	else
		log_err(LOG_LEVEL_WARNING, &e);
}

static bool wants_attention(const struct verdict_of_message *verdict)
{
	return verdict->outcome == OUTCOME_BROKEN || verdict->outcome == OUTCOME_TOO_LARGE ||
		verdict->outcome == OUTCOME_INVALID_DATE ||
		(verdict->outcome == OUTCOME_STORED && verdict->reason.kind != ERR_NONE);
}

/* May one more fault be named? Whoever asked for all of them gets them. */
static bool name_fault(struct run *r)
{
	struct pipeline_totals *t = r->totals;
	bool named = r->settings->tell_all || t->named < FAULTS_NAMED;

	*(named ? &t->named : &t->unnamed) += 1;
	return named;
}

static void tell(struct run *r, const struct message *m, const struct verdict_of_message *verdict)
{
	bool loud = r->settings->tell_all || wants_attention(verdict);
	struct err e = verdict->reason;

	if (verdict->outcome == OUTCOME_STORED && e.kind == ERR_NONE)
		return;
	if (e.kind == ERR_NONE)
		err_set(&e, ERR_INPUT, "%s", outcome_text(verdict->outcome));
	err_where(&e, "%s", m->locator);
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

static void on_committed(struct ledger_listener *listener,
			 const unsigned char key[MESSAGE_KEY_SIZE],
			 const struct verdict_of_message *verdict)
{
	struct run *r = (struct run *)listener;
	struct pending *p = r->first;

	BUG_UNLESS(p && memcmp(p->message.key, key, MESSAGE_KEY_SIZE) == 0);
	r->first = p->next;
	if (!r->first)
		r->last = &r->first;
	count(r, &p->message, verdict);
	settle(r, &p->message);
	message_release(&p->message);
	free(p);
}

/* Takes the message over; returns where it waits. */
static const struct message *await_commit(struct run *r, struct message *m)
{
	struct pending *p = memory_zeroed(1, sizeof(*p));

	p->message = *m;
	*m = (struct message){ 0 };
	*r->last = p;
	r->last = &p->next;
	return &p->message;
}

/* A message that cannot be opened is told and left: it is not in the ledger, so the next run sees it. */
static bool skip_unreadable(struct run *r, struct err *fault, struct err *e)
{
	if (fault->kind != ERR_NO_INPUT) {
		*e = *fault;
		return false;
	}
	if (fault->remedy[0] == '\0')
		err_remedy(fault, "check its permissions; the next run tries again");
	if (name_fault(r))
		log_err(LOG_LEVEL_ERROR, fault);
	r->totals->unreadable++;
	return true;
}

static bool ingest(struct run *r, struct message *m, struct err *e)
{
	struct ledger *ledger = r->settings->ledger;
	struct extractor extractor = { r->settings->domains, ledger->sink };
	struct verdict_of_message verdict = { 0 };
	struct err fault = ERR_INIT;
	SCOPED(fd) int fd = r->source->ops->open(r->source, m, &fault);

	if (fd < 0)
		return skip_unreadable(r, &fault, e);
	m->settle_later = r->settings->settlement != SETTLE_LEAVE && r->source->can_mark;
	if (!ledger->ops->open(ledger, m, e))
		return false;
	if (!extract_message(&extractor, fd, m, &verdict, e))
		return err_where(e, "%s", m->locator);
	/* what was too much stays where it was: a later version may take it */
	if (verdict.outcome == OUTCOME_TOO_LARGE)
		m->settle_later = false;
	/* close() may commit at once and tell us: the message must be waiting by then */
	return ledger->ops->close(ledger, await_commit(r, m), &verdict, e);
}

static bool stopped(struct err *e)
{
	err_set(e, ERR_INTERRUPTED, "stopped by a signal");
	return err_remedy(e, "what was read by then is stored; run it again for the rest");
}

static bool ingest_batch(struct run *r, struct message *messages, size_t listed, struct err *e)
{
	const struct message *borrowed[BATCH];
	enum ledger_state states[BATCH];
	struct ledger *ledger = r->settings->ledger;

	for (size_t i = 0; i < listed; i++)
		borrowed[i] = &messages[i];
	if (!ledger->ops->lookup(ledger, borrowed, listed, states, e))
		return false;
	for (size_t i = 0; i < listed; i++) {
		if (interrupt_requested())
			return stopped(e);
		r->totals->listed++;
		messages[i].settle_later = states[i] == LEDGER_UNSETTLED;
		messages[i].again = states[i] == LEDGER_AGAIN;
		r->totals->known += states[i] == LEDGER_UNSETTLED || states[i] == LEDGER_DONE;
		r->totals->retried += states[i] == LEDGER_AGAIN;
		if (states[i] == LEDGER_UNSETTLED)
			settle(r, &messages[i]);
		else if (states[i] != LEDGER_DONE && !ingest(r, &messages[i], e))
			return false;
		show_progress(r);
	}
	return true;
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

static bool run_batches(struct run *r, struct err *e)
{
	struct message messages[BATCH];
	int more = 1;

	while (more > 0) {
		size_t listed = 0;

		more = list_batch(r, messages, &listed, e);

		/* the source's error, if it has one, is the one to tell */
		struct err inner = ERR_INIT;
		bool ok = ingest_batch(r, messages, listed, more < 0 ? &inner : e);

		for (size_t i = 0; i < listed; i++)
			message_release(&messages[i]);
		if (!ok)
			return false;
	}
	return more == 0;
}

static void forget_pending(struct run *r)
{
	while (r->first) {
		struct pending *p = r->first;

		r->first = p->next;
		message_release(&p->message);
		free(p);
	}
}

bool pipeline_run(const struct pipeline_settings *settings, struct source *source,
		  struct pipeline_totals *totals, struct err *e)
{
	struct ledger *ledger = settings->ledger;
	struct run r = {
		.listener = { on_committed },
		.settings = settings,
		.source = source,
		.totals = totals,
		.progress = progress_begin(),
		.listed_before = totals->listed,
	};

	r.last = &r.first;
	ledger->listener = &r.listener;

	bool ok = run_batches(&r, e);

	/* what was read whole is kept, also when the source broke off behind it or a signal came */
	ok = (ok || e->kind == ERR_NO_INPUT || e->kind == ERR_INTERRUPTED) &&
		ledger->ops->flush(ledger, e) && ok;
	if (r.settled_count > 0)
		ok = ledger->ops->settled(ledger,
					  (const unsigned char(*)[MESSAGE_KEY_SIZE])r.settled,
					  r.settled_count, e) &&
			ok;
	ledger->listener = NULL;
	forget_pending(&r);
	free(r.settled);
	log_progress_end();
	return ok;
}

bool pipeline_found_faults(const struct pipeline_totals *t)
{
	return t->faulty + t->outcomes[OUTCOME_BROKEN] + t->outcomes[OUTCOME_TOO_LARGE] +
		t->outcomes[OUTCOME_INVALID_DATE] >
		0;
}
