/* SPDX-License-Identifier: MIT */
#include "reports/explain.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "parser/address.h"
#include "reports/explain_store.h"
#include "reports/labels.h"
#include "reports/naming.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(unnamed, UNNAMED_LIST)
ENUM_TABLE_DEFINE(target_kind, TARGET_KIND_LIST)

/* --- whom it is about ---------------------------------------------------------------------------- */

/* A verdict of the mail that a word stands for; its label is the word's. */
static enum verdict verdict_of_unnamed(enum unnamed unnamed)
{
	switch (unnamed) {
	case UNNAMED_SPOOFED:
		return VERDICT_LIKELY_SPOOF;
	case UNNAMED_FORWARDED:
		return VERDICT_FORWARDED_BROKEN;
	case UNNAMED_UNKNOWN:
		return VERDICT_UNKNOWN_SENDER;
	case UNNAMED_UNLISTED:
		return VERDICT_ALIGNED_BOTH;
	}
	return VERDICT_UNKNOWN_SENDER;
}

static const char *nearest_target(const struct knowledge *k, struct slice given)
{
	size_t shipped = catalogue_count(k->catalogue), n = 0;
	const char **names =
		memory_zeroed(shipped + k->sender_count + unnamed_count + 1, sizeof(*names));

	for (size_t i = 0; i < shipped; i++)
		names[n++] = catalogue_at(k->catalogue, i)->id.p;
	for (size_t i = 0; i < k->sender_count; i++)
		names[n++] = k->senders[i]->id.p;
	for (int i = 0; i < unnamed_count; i++)
		names[n++] = unnamed_text((enum unnamed)i);

	const char *nearest = text_nearest(given, names);

	free(names);
	return nearest;
}

static void refuse_target(const struct knowledge *k, const char *given, struct err *e)
{
	const char *nearest = nearest_target(k, slice_from(given));

	err_set(e, ERR_USAGE, "neither a sender nor an address");
	err_where(e, "%s", given);
	if (nearest)
		err_remedy(e, "did you mean %s?", nearest);
	else
		err_remedy(e,
			   "'ruamill senders list' lists the senders; of mail without one: "
			   "spoofed, forwarded, unknown, unlisted");
}

bool explain_find(const struct knowledge *k, const char *given, struct explain_target *target_out,
		  struct err *e)
{
	struct explain_target *t = target_out;
	struct address address;

	*t = (struct explain_target){ .sender = knowledge_find_sender(k, slice_from(given)) };
	if (t->sender) {
		t->kind = TARGET_SENDER;
		t->label = t->sender->name;
	} else if (unnamed_find(slice_from(given), &t->unnamed)) {
		t->kind = TARGET_UNNAMED;
		t->label = label_of_sender(NULL, verdict_of_unnamed(t->unnamed));
	} else if (address_parse(slice_from(given), &address) != ADDRESS_UNREADABLE) {
		t->kind = TARGET_ADDRESS;
		address_format(&address, t->address);
		t->label = slice_from(t->address);
	} else {
		refuse_target(k, given, e);
		return false;
	}
	return true;
}

/* --- counting ------------------------------------------------------------------------------------ */

/* What is found out of each group while its mail is counted, by the group's order. */
struct found {
	size_t row; /* the first of it, of which there is most */
	bool any;
	int64_t first_day, last_day;
};

struct collector {
	struct explanation *x;
	struct arena *arena;
	struct stream_keys keys;
	struct slice last_key, last_class; /* that were added to them */
	size_t reporter_capacity;
	struct found found[GROUPS_MAX];
};

static bool takes(void *context, const struct judged *judged)
{
	const struct explain_target *t = ((struct collector *)context)->x->target;
	const struct judgement *j = &judged->judgement;

	switch (t->kind) {
	case TARGET_SENDER:
		return j->service == t->sender;
	case TARGET_UNNAMED:
		return !j->service &&
			slice_equal(label_of_sender(NULL, verdict_unnamed_kind(j->verdict)),
				    t->label);
	case TARGET_ADDRESS:
		return true;
	}
	return false;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void widen(bool any, int64_t *first, int64_t *last, const struct stream_seen *seen)
{
	*first = any ? sooner(*first, seen->first_day) : seen->first_day;
	*last = any ? later(*last, seen->last_day) : seen->last_day;
}

static bool add_reporter(struct collector *c, struct slice name, uint64_t messages, uint64_t passed)
{
	struct explanation *x = c->x;
	size_t i = 0;

	while (i < x->reporter_count && !slice_equal(x->reporters[i].name, name))
		i++;
	if (i == EXPLAIN_REPORTERS) {
		x->more_reporters = true;
		return true;
	}
	if (i == x->reporter_count) {
		struct explain_reporter new = { 0 };

		if (!arena_copy(c->arena, name, &new.name))
			return false;
		x->reporters = memory_grow_array(x->reporters, i, &c->reporter_capacity,
						 sizeof(*x->reporters));
		x->reporters[x->reporter_count++] = new;
	}
	x->reporters[i].messages += messages;
	x->reporters[i].passed += passed;
	return true;
}

static bool add_evidence(struct collector *c, struct slice text, uint64_t messages)
{
	struct explanation *x = c->x;
	size_t i = 0;

	while (i < x->evidence_count && !slice_equal(x->evidence[i].text, text))
		i++;
	if (i == EXPLAIN_EVIDENCE)
		return true;
	if (i == x->evidence_count) {
		x->evidence[i].messages = 0;
		if (!arena_copy(c->arena, text, &x->evidence[i].text))
			return false;
		x->evidence_count++;
	}
	x->evidence[i].messages += messages;
	return true;
}

/* Each piece once, however often a record shows it. */
static bool add_naming(struct collector *c, const struct judged *judged)
{
	SCOPED(buf) struct buf told = { 0 };
	size_t next = 0;

	for (size_t from = 0; naming_next(&judged->subject, &next, &told); from = told.n) {
		struct slice text = slice_of(told.p + from, told.n - from);

		if (slice_contains_icase(slice_of(told.p, from), text))
			continue;
		if (!add_evidence(c, text, judged->stream.record.count))
			return false;
		buf_append_byte(&told, '\n');
	}
	return true;
}

static void add_totals(struct explanation *x, const struct judged *judged)
{
	const struct judgement *j = &judged->judgement;
	uint64_t messages = judged->stream.record.count;

	widen(x->messages > 0, &x->first_day, &x->last_day, &judged->seen);
	x->messages += messages;
	x->passed += j->outcome_pass ? messages : 0;
	x->spf_aligned += j->aligned.spf ? messages : 0;
	x->dkim_aligned += j->aligned.dkim ? messages : 0;
}

/* A stream has a row for each reporter: they lie together. */
static void add_key(struct collector *c, const struct stream_seen *seen)
{
	if (slice_equal(seen->key, c->last_key) && slice_equal(seen->host_class, c->last_class))
		return;
	stream_keys_add(&c->keys, seen);
	c->last_key = seen->key;
	c->last_class = seen->host_class;
}

static bool counted(void *context, const struct judged *judged, size_t row, size_t group)
{
	struct collector *c = context;
	uint64_t messages = judged->stream.record.count;

	add_totals(c->x, judged);
	add_key(c, &judged->seen);
	if (group < GROUPS_MAX) {
		struct found *found = &c->found[group];

		if (!found->any)
			found->row = row;
		widen(found->any, &found->first_day, &found->last_day, &judged->seen);
		found->any = true;
	}
	return add_naming(c, judged) &&
		add_reporter(c, judged->seen.reporter, messages,
			     judged->judgement.outcome_pass ? messages : 0);
}

/* --- kinds --------------------------------------------------------------------------------------- */

enum rank { RANK_FAILS, RANK_AT_RISK, RANK_PASSES };

static enum rank rank_of(const struct group *g)
{
	if (verdict_unnamed_kind(g->verdict) != VERDICT_ALIGNED_BOTH)
		return RANK_FAILS;
	return g->remedy.task ? RANK_AT_RISK : RANK_PASSES;
}

static int compare_kinds(const void *a, const void *b)
{
	const struct group *x = ((const struct explain_kind *)a)->group;
	const struct group *y = ((const struct explain_kind *)b)->group;

	if (rank_of(x) != rank_of(y))
		return rank_of(x) < rank_of(y) ? -1 : 1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool fill_kind(const struct collector *c, const struct group *g, struct explain_kind *kind)
{
	const struct explanation *x = c->x;
	const struct found *found = &c->found[g->order];
	struct judged *first = arena_alloc(c->arena, sizeof(*first));

	*kind = (struct explain_kind){
		.group = g,
		.first = first,
		.first_day = found->first_day,
		.last_day = found->last_day,
		.example_address = SLICE_ABSENT,
		.example_host = SLICE_ABSENT,
		.example_reporter = SLICE_ABSENT,
		.example_day = SLICE_ABSENT,
	};
	if (!first || !judged_row(x->judge, x->rows, found->row, c->arena, first))
		return false;

	const struct decisions window = sightings_decide(x->sightings, first);

	return outlook_of(&first->subject, &window, &g->remedy, c->arena, &kind->outlook) &&
		remedy_spf_sentence(&first->subject, c->arena, &kind->spf_sentence) &&
		remedy_dkim_sentence(&first->subject, c->arena, &kind->dkim_sentence);
}

static bool fill_kinds(const struct collector *c)
{
	struct explanation *x = c->x;
	const struct groups *groups = &x->tally.groups;

	x->kinds = arena_alloc(c->arena, (groups->count + 1) * sizeof(*x->kinds));
	if (!x->kinds)
		return false;
	for (size_t i = 0; i < groups->count; i++) {
		if (!fill_kind(c, &groups->list[i], &x->kinds[i]))
			return false;
		x->kind_count++;
	}
	if (x->kind_count > 0)
		qsort(x->kinds, x->kind_count, sizeof(*x->kinds), compare_kinds);
	return true;
}

static int compare_reporters(const void *a, const void *b)
{
	const struct explain_reporter *x = a, *y = b;

	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return slice_compare(x->name, y->name);
}

static int compare_evidence(const void *a, const void *b)
{
	const struct explain_evidence *x = a, *y = b;

	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return slice_compare(x->text, y->text);
}

static void sort_all(struct explanation *x)
{
	if (x->reporter_count > 0)
		qsort(x->reporters, x->reporter_count, sizeof(*x->reporters), compare_reporters);
	qsort(x->evidence, x->evidence_count, sizeof(*x->evidence), compare_evidence);
}

static bool count_mail(struct collector *c, struct err *e)
{
	struct explanation *x = c->x;
	const struct tally_visitor visitor = { x->sightings, takes, counted, c };

	if (!tally_count_some(&x->tally, x->judge, x->rows, &visitor, c->arena, e))
		return false;
	sort_all(x);
	return fill_kinds(c) || tally_arena_full(e);
}

/* --- a sender ------------------------------------------------------------------------------------ */

static bool look_at_records(struct collector *c, struct connection *connection, struct err *e)
{
	struct explanation *x = c->x;
	struct stream_keys examples = { 0 };
	bool ok = explain_choose_days(x, connection, x->first_day, x->last_day, RECORDS_OF_SENDER,
				      e) &&
		explain_addresses(x, connection, &c->keys, c->arena, e);

	for (size_t i = 0; i < x->kind_count; i++)
		stream_keys_add(&examples, &x->kinds[i].first->seen);
	ok = ok && explain_examples(x, connection, &examples, c->arena, e);
	stream_keys_release(&examples);
	return ok;
}

/* All mail of some days, for decisions to go by. */
static bool gather(struct explanation *x, struct connection *connection,
		   const struct window *window, struct err *e)
{
	return streams_query(connection, x->judge->domains, window, &x->window_rows, e) &&
		sightings_gather(x->sightings, x->judge, x->window_rows, e);
}

static bool explain_sender(struct collector *c, struct connection *connection, struct err *e)
{
	struct explanation *x = c->x;

	if (!gather(x, connection, &x->window, e))
		return false;
	x->rows = TAKE(x->window_rows, NULL);
	return count_mail(c, e) && (x->messages == 0 || look_at_records(c, connection, e));
}

/* --- an address ---------------------------------------------------------------------------------- */

static bool explain_one_address(struct collector *c, struct connection *connection, struct err *e)
{
	struct explanation *x = c->x;

	if (!explain_host(x, connection, c->arena, e))
		return false;

	int64_t first = later(x->seen_first, x->window.since);
	int64_t last = sooner(x->seen_last, x->window.until);

	if (x->domain_count == 0 || first > last)
		return true;
	if (!explain_choose_days(x, connection, first, last, RECORDS_OF_ADDRESS, e))
		return false;
	if (!x->looked)
		return true;

	const struct window looked = { x->looked_since, x->looked_until, x->window.domain };

	return gather(x, connection, &looked, e) && explain_records(x, connection, &x->rows, e) &&
		count_mail(c, e);
}

/* --- */

bool explain(struct explanation *x, struct connection *connection, struct arena *arena,
	     struct err *e)
{
	struct collector *c = memory_zeroed(1, sizeof(*c));
	bool ok;

	c->x = x;
	c->arena = arena;
	x->sightings = sightings_new();
	x->host_state = x->host_name = x->host_network = x->host_country = SLICE_ABSENT;
	ok = x->target->kind == TARGET_ADDRESS ? explain_one_address(c, connection, e)
					       : explain_sender(c, connection, e);
	stream_keys_release(&c->keys);
	free(c);
	return ok;
}

void explanation_release(struct explanation *x)
{
	tally_release(&x->tally);
	sightings_free(x->sightings);
	rows_free(x->rows);
	rows_free(x->window_rows);
	free(x->reporters);
}
