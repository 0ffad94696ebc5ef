/* SPDX-License-Identifier: MIT */
#include "ingest/worker.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "ingest/relay.h"
#include "parser/parser.h"

#include "base/banned.h"

static bool on_writing(struct ledger_listener *listener, struct err *e)
{
	struct worker *w = (struct worker *)listener;

	return !w->turns || turnstile_wait(w->turns, w->chunk->number, e);
}

static void on_committed(struct ledger_listener *listener,
			 const unsigned char key[MESSAGE_KEY_SIZE],
			 const struct verdict_of_message *verdict)
{
	struct worker *w = (struct worker *)listener;
	struct chunk_entry *entry;

	do {
		BUG_UNLESS(w->told < w->chunk->count);
		entry = &w->chunk->entries[w->told++];
	} while (!entry->closed);
	BUG_UNLESS(memcmp(entry->message.key, key, MESSAGE_KEY_SIZE) == 0);
	entry->verdict = *verdict;
	entry->committed = true;
}

/*
 * A file that cannot be read does not keep others from being read: the ledger writes those before it, and
 * forgets that it was opened. Of one that breaks off later it has too much to forget.
 */
static bool set_aside(struct worker *w, struct chunk_entry *entry, uint64_t reports,
		      struct err *fault, struct err *e)
{
	char *place = source_place(&entry->message);

	err_where(fault, "%s", place);
	free(place);
	if (fault->kind != ERR_NO_INPUT || reports > 0) {
		*e = *fault;
		return false;
	}
	entry->unreadable = *fault;
	return w->ledger->ops->flush(w->ledger, e);
}

static bool ingest(struct worker *w, const struct extractor *extractor, struct chunk_entry *entry,
		   struct err *e)
{
	struct message *m = &entry->message;
	struct verdict_of_message verdict = { 0 };
	struct err fault = ERR_INIT;
	SCOPED(fd) int fd = w->source->ops->open(w->source, m, &fault);

	if (fd < 0 && (fault.kind == ERR_NONE || fault.kind == ERR_NO_INPUT)) {
		entry->gone = fault.kind == ERR_NONE;
		entry->unreadable = fault;
		return true;
	}
	if (fd < 0) {
		w->source_failed = true;
		*e = fault;
		return false;
	}
	if (!w->ledger->ops->open(w->ledger, m, e))
		return false;
	if (!extract_message(extractor, fd, m, &verdict, &fault))
		return set_aside(w, entry, verdict.reports, &fault, e);
	/* close() may commit at once and tell us */
	entry->closed = true;
	return w->ledger->ops->close(w->ledger, m, &verdict, e);
}

bool worker_stopped(struct err *e)
{
	err_set(e, ERR_INTERRUPTED, "stopped by a signal");
	return err_remedy(e, "what was read by then is stored; run it again for the rest");
}

static void get_ready(struct worker *w)
{
	if (w->parser)
		return;
	w->relay = relay_new(w->ledger->sink);
	w->parser = parser_new(w->domains, relay_sink(w->relay));
}

void worker_release(struct worker *w)
{
	parser_free(w->parser);
	relay_free(w->relay);
	w->parser = NULL;
	w->relay = NULL;
}

static bool ingest_all(struct worker *w, struct chunk *chunk, struct err *e)
{
	get_ready(w);

	const struct extractor extractor = {
		.domains = w->domains,
		.sink = w->ledger->sink,
		.relay = w->relay,
		.parser = w->parser,
		.ticker = w->ticker,
		.aside = w->aside,
		.trust = w->trust,
	};

	for (size_t i = 0; i < chunk->count; i++) {
		if (interrupt_requested())
			return worker_stopped(e);
		if (!ingest(w, &extractor, &chunk->entries[i], e))
			return false;
	}
	return true;
}

void worker_run(struct worker *w, struct chunk *chunk)
{
	struct err *fatal = &chunk->fatal;
	struct err inner = ERR_INIT;

	w->listener = (struct ledger_listener){ on_committed, on_writing };
	w->chunk = chunk;
	w->told = 0;
	w->source_failed = false;
	w->ledger->listener = &w->listener;

	/* what was read whole is kept, also when the file behind it broke off or a signal came */
	bool ok = ingest_all(w, chunk, fatal);
	bool kept = ok || w->source_failed || fatal->kind == ERR_NO_INPUT ||
		fatal->kind == ERR_INTERRUPTED;

	if (kept && !w->ledger->ops->flush(w->ledger, ok ? fatal : &inner)) {
		kept = false;
		if (!ok)
			*fatal = inner;
	}
	w->ledger->listener = NULL;
	if (w->turns && kept)
		turnstile_pass(w->turns, chunk->number);
	else if (w->turns)
		turnstile_break(w->turns);
}
