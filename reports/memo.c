/* SPDX-License-Identifier: MIT */
/* Open addressing in a table that does not grow; keys and judgements lie in an arena with a cap. */
#include "reports/memo.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "reports/combination.h"

#include "base/banned.h"

/* Half of the slots stay free, so that a search of a few is enough; an attacker's ends there too. */
enum { SLOTS = 2 * MEMO_COMBINATIONS, PROBES = 8 };

/* Where a text of a judgement lies. */
enum place_of { PLACE_ELSEWHERE, PLACE_DKIM, PLACE_SPF, PLACE_HOST };

struct place {
	enum place_of of;
	size_t index;
	size_t from_end; /* of the name: hosts of one Region differ in front of it */
};

/* A judgement without the record it was made of. */
struct remembered {
	struct judgement judgement;
	size_t dkim, spf; /* index of the result; SIZE_MAX: none */
	struct place other_signer, spf_domain, region, tenant;
	size_t n;
	unsigned char bytes[]; /* of the combination */
};

struct slot {
	uint64_t hash;
	struct remembered *remembered; /* in the arena; NULL: free */
};

struct memo {
	const struct judge *judge;
	uint64_t judged;
	size_t count;
	struct arena arena;
	struct combination combination; /* of the record at hand */
	struct slot slots[SLOTS];
};

struct memo *memo_new(const struct judge *judge)
{
	struct memo *m = memory_zeroed(1, sizeof(*m));

	m->judge = judge;
	arena_init(&m->arena, MEMO_BYTES);
	return m;
}

void memo_free(struct memo *m)
{
	if (!m)
		return;
	arena_release(&m->arena);
	free(m);
}

uint64_t memo_judged(const struct memo *m)
{
	return m->judged;
}

/* --- from one record to another ------------------------------------------------------------------ */

static bool lies_in(struct slice text, struct slice name, struct place *place)
{
	uintptr_t begin = (uintptr_t)text.p, end = begin + text.n;
	uintptr_t name_begin = (uintptr_t)name.p, name_end = name_begin + name.n;

	if (text.n == 0 || name.n == 0 || begin < name_begin || end > name_end)
		return false;
	place->from_end = (size_t)(name_end - begin);
	return true;
}

static struct place place_of(struct slice text, const struct evidence *e)
{
	const struct record *r = e->record;
	struct place place = { PLACE_DKIM, 0, 0 };

	for (; place.index < r->dkim_count; place.index++) {
		if (lies_in(text, r->dkim_results[place.index].domain, &place))
			return place;
	}
	place = (struct place){ PLACE_SPF, 0, 0 };
	for (; place.index < r->spf_count; place.index++) {
		if (lies_in(text, r->spf_results[place.index].domain, &place))
			return place;
	}
	place = (struct place){ PLACE_HOST, 0, 0 };
	if (lies_in(text, e->host.name, &place))
		return place;
	return (struct place){ PLACE_ELSEWHERE, 0, 0 };
}

/* The text of the same length in the record at hand; one of the catalogue's stays as it is. */
static struct slice text_at(struct place place, struct slice old, const struct evidence *e)
{
	struct slice name = e->host.name;

	switch (place.of) {
	case PLACE_ELSEWHERE:
		return old;
	case PLACE_DKIM:
		name = e->record->dkim_results[place.index].domain;
		break;
	case PLACE_SPF:
		name = e->record->spf_results[place.index].domain;
		break;
	case PLACE_HOST:
		break;
	}
	return slice_of(name.p + name.n - place.from_end, old.n);
}

static void detach(struct remembered *kept, const struct judgement *j, const struct evidence *e)
{
	kept->judgement = *j;
	kept->dkim = j->dkim ? (size_t)(j->dkim - e->record->dkim_results) : SIZE_MAX;
	kept->spf = j->spf ? (size_t)(j->spf - e->record->spf_results) : SIZE_MAX;
	kept->other_signer = place_of(j->other_signer, e);
	kept->spf_domain = place_of(j->spf_domain, e);
	kept->region = place_of(j->region, e);
	kept->tenant = place_of(j->tenant, e);
}

static void attach(const struct remembered *kept, const struct evidence *e, struct judgement *j)
{
	*j = kept->judgement;
	j->dkim = kept->dkim == SIZE_MAX ? NULL : &e->record->dkim_results[kept->dkim];
	j->spf = kept->spf == SIZE_MAX ? NULL : &e->record->spf_results[kept->spf];
	j->other_signer = text_at(kept->other_signer, j->other_signer, e);
	j->spf_domain = text_at(kept->spf_domain, j->spf_domain, e);
	j->region = text_at(kept->region, j->region, e);
	j->tenant = text_at(kept->tenant, j->tenant, e);
}

/* --- the table ----------------------------------------------------------------------------------- */

static bool is_of(const struct slot *slot, uint64_t hash, const struct combination *c)
{
	return slot->hash == hash && slot->remembered->n == c->n &&
		memcmp(slot->remembered->bytes, c->bytes, c->n) == 0;
}

/* Its slot, or one where it may go: a free one, else that of another, which is forgotten. */
static struct slot *slot_of(struct memo *m, uint64_t hash, bool *found_out)
{
	for (size_t i = 0; i < PROBES; i++) {
		struct slot *slot = &m->slots[(hash + i) % SLOTS];

		*found_out = slot->remembered && is_of(slot, hash, &m->combination);
		if (*found_out || !slot->remembered)
			return slot;
	}
	return &m->slots[hash % SLOTS];
}

static void forget_all(struct memo *m)
{
	memset(m->slots, 0, sizeof(m->slots));
	arena_reset(&m->arena);
	m->count = 0;
}

static void remember(struct memo *m, struct slot *slot, uint64_t hash, const struct evidence *e,
		     const struct judgement *j)
{
	size_t n = m->combination.n;
	struct remembered *kept = NULL;

	if (m->count < MEMO_COMBINATIONS)
		kept = arena_alloc(&m->arena, sizeof(*kept) + n);
	if (!kept) {
		forget_all(m);
		return;
	}
	detach(kept, j, e);
	kept->n = n;
	memcpy(kept->bytes, m->combination.bytes, n);
	*slot = (struct slot){ hash, kept };
	m->count++;
}

void memo_judge(struct memo *m, const struct evidence *evidence, struct judgement *judgement_out)
{
	struct slot *slot = NULL;
	uint64_t hash = 0;
	bool found = false;

	combination_of(m->judge, evidence, &m->combination);
	if (m->combination.n != COMBINATION_TOO_LONG) {
		hash = combination_hash(&m->combination);
		slot = slot_of(m, hash, &found);
	}
	if (found) {
		attach(slot->remembered, evidence, judgement_out);
		return;
	}
	judge_record(m->judge, evidence, judgement_out);
	m->judged++;
	if (slot)
		remember(m, slot, hash, evidence, judgement_out);
}
