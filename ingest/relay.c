/* SPDX-License-Identifier: MIT */
#include "ingest/relay.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/memory.h"
#include "ingest/belt.h"
#include "parser/limits.h"

#include "base/banned.h"

/*
 * Records are handed over many at a time, and the thread takes many of these at a time, since one that wakes
 * up costs as much as storing some records; enough for the moments in which the server makes it wait. A batch
 * is full when it has so many or so much, which is what an arena has without asking for more; its last record
 * may be a large one.
 */
enum {
	BATCHES = 64,
	ENOUGH = BATCHES / 4,
	BATCH_RECORDS = 64,
	BATCH_BYTES = 12 << 10,
};

struct batch {
	struct report report; /* as it was when the batch was handed over */
	struct arena arena;   /* what the records point at */
	size_t count;
	struct record records[BATCH_RECORDS];
};

struct relay {
	struct sink sink;
	struct sink *to;
	struct batch *batches;
	struct belt *belt; /* of the batches; NULL: records are passed on at once */
	struct err fault;  /* what the other sink refused a record for, aside; ERR_NONE: nothing */
};

/* --- a record with all that it points at --------------------------------------------------------- */

/* An unknown word is the record's own; all others are the vocabulary's. */
static bool keep_word(struct arena *arena, struct word *word, int unknown)
{
	return word->value != unknown || arena_copy(arena, word->text, &word->text);
}

static bool keep_text(struct arena *arena, struct slice *text)
{
	return slice_is_absent(*text) || arena_copy(arena, *text, text);
}

/* The list, to be gone through; NULL where there is no room. */
static void *keep_list(struct arena *arena, const void *list, size_t count, size_t size)
{
	void *copy = arena_alloc(arena, count * size);

	if (copy && count > 0)
		memcpy(copy, list, count * size);
	return copy;
}

static bool keep_dkim(struct arena *arena, struct record *r)
{
	struct dkim_result *list = keep_list(arena, r->dkim_results, r->dkim_count, sizeof(*list));
	bool kept = list != NULL;

	for (size_t i = 0; kept && i < r->dkim_count; i++) {
		kept = keep_text(arena, &list[i].domain) && keep_text(arena, &list[i].selector) &&
			keep_word(arena, &list[i].result, RESULT_OTHER) &&
			keep_text(arena, &list[i].human_result);
	}
	r->dkim_results = list;
	return kept;
}

static bool keep_spf(struct arena *arena, struct record *r)
{
	struct spf_result *list = keep_list(arena, r->spf_results, r->spf_count, sizeof(*list));
	bool kept = list != NULL;

	for (size_t i = 0; kept && i < r->spf_count; i++) {
		kept = keep_text(arena, &list[i].domain) &&
			keep_word(arena, &list[i].scope, SCOPE_OTHER) &&
			keep_word(arena, &list[i].result, RESULT_OTHER) &&
			keep_text(arena, &list[i].human_result);
	}
	r->spf_results = list;
	return kept;
}

static bool keep_reasons(struct arena *arena, struct record *r)
{
	struct override_reason *list = keep_list(arena, r->reasons, r->reason_count, sizeof(*list));
	bool kept = list != NULL;

	for (size_t i = 0; kept && i < r->reason_count; i++) {
		kept = keep_word(arena, &list[i].type, REASON_OTHER) &&
			keep_text(arena, &list[i].comment);
	}
	r->reasons = list;
	return kept;
}

static bool keep_raw(struct arena *arena, struct record *r)
{
	struct raw_field *list = keep_list(arena, r->raw, r->raw_count, sizeof(*list));
	bool kept = list != NULL;

	for (size_t i = 0; kept && i < r->raw_count; i++)
		kept = keep_text(arena, &list[i].field) && keep_text(arena, &list[i].text);
	r->raw = list;
	return kept;
}

static bool keep_record(struct arena *arena, struct record *r)
{
	return keep_word(arena, &r->disposition, DISPOSITION_OTHER) &&
		keep_word(arena, &r->dkim, RESULT_OTHER) &&
		keep_word(arena, &r->spf, RESULT_OTHER) && keep_text(arena, &r->header_from) &&
		keep_text(arena, &r->envelope_from) && keep_text(arena, &r->envelope_to) &&
		keep_reasons(arena, r) && keep_dkim(arena, r) && keep_spf(arena, r) &&
		keep_raw(arena, r);
}

/* --- the thread ---------------------------------------------------------------------------------- */

static bool pass_on(void *context, size_t slot, struct err *e)
{
	struct relay *r = context;
	const struct batch *b = &r->batches[slot];

	for (size_t i = 0; i < b->count; i++) {
		if (!r->to->ops->record(r->to, &b->report, &b->records[i], e))
			return false;
	}
	return true;
}

/* What the thread has not begun is dropped. */
static void come_back(struct relay *r)
{
	belt_free(r->belt);
	for (size_t i = 0; r->batches && i < BATCHES; i++)
		arena_release(&r->batches[i].arena);
	free(r->batches);
	r->batches = NULL;
	r->belt = NULL;
}

void relay_go_aside(struct relay *r)
{
	BUG_UNLESS(!r->belt);
	r->fault = (struct err)ERR_INIT;
	r->batches = memory_zeroed(BATCHES, sizeof(*r->batches));
	for (size_t i = 0; i < BATCHES; i++)
		arena_init(&r->batches[i].arena, BATCH_BYTES + 2 * LIMIT_RECORD_MEMORY);
	r->belt = belt_new(BATCHES, ENOUGH, pass_on, r);
	if (!r->belt)
		come_back(r);
}

/* --- who feeds it -------------------------------------------------------------------------------- */

static struct relay *of_sink(struct sink *s)
{
	return (struct relay *)s;
}

static struct batch *filling(struct relay *r)
{
	return &r->batches[belt_slot(r->belt)];
}

/* And empties the one to fill next. */
static bool hand_over(struct relay *r, const struct report *report, struct err *e)
{
	bool ok;

	filling(r)->report = *report;
	ok = belt_pass(r->belt, e);
	filling(r)->count = 0;
	arena_reset(&filling(r)->arena);
	return ok;
}

static bool relay_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct sink *to = of_sink(sink)->to;

	return to->ops->begin(to, report, e);
}

static bool relay_record(struct sink *sink, const struct report *report,
			 const struct record *record, struct err *e)
{
	struct relay *r = of_sink(sink);

	if (!r->belt)
		return r->to->ops->record(r->to, report, record, e);

	struct batch *b = filling(r);
	struct record *kept = &b->records[b->count];

	*kept = *record;
	if (!keep_record(&b->arena, kept))
		return err_set(e, ERR_LIMIT, "record %llu takes too much memory",
			       (unsigned long long)record->ordinal);
	b->count++;
	return (b->count < BATCH_RECORDS && b->arena.used < BATCH_BYTES) || hand_over(r, report, e);
}

/* All that was given has been passed on, or refused, which is remembered. */
static bool finish_aside(struct relay *r, const struct report *report, struct err *e)
{
	if (!r->belt)
		return true;
	if (filling(r)->count > 0)
		(void)!hand_over(r, report, e);
	(void)!belt_wait(r->belt, &r->fault);
	come_back(r);
	return !relay_refused(r, e);
}

static bool relay_end(struct sink *sink, const struct report *report, struct err *e)
{
	struct relay *r = of_sink(sink);

	return finish_aside(r, report, e) && r->to->ops->end(r->to, report, e);
}

static void relay_abort(struct sink *sink, const struct report *report, const struct err *why)
{
	struct relay *r = of_sink(sink);
	struct err refused = ERR_INIT;

	r->to->ops->abort(r->to, report, finish_aside(r, report, &refused) ? why : &refused);
}

static const struct sink_ops relay_ops = { relay_begin, relay_record, relay_end, relay_abort };

struct relay *relay_new(struct sink *to)
{
	struct relay *r = memory_zeroed(1, sizeof(*r));

	r->sink.ops = &relay_ops;
	r->to = to;
	return r;
}

bool relay_refused(const struct relay *r, struct err *e)
{
	if (r->fault.kind == ERR_NONE)
		return false;
	*e = r->fault;
	return true;
}

void relay_stop(struct relay *r)
{
	come_back(r);
	r->fault = (struct err)ERR_INIT;
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	relay_stop(r);
	free(r);
}

struct sink *relay_sink(struct relay *r)
{
	return &r->sink;
}
