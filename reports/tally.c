/* SPDX-License-Identifier: MIT */
#include "reports/tally.h"

#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

/* What one stream needs while it is judged; then it is forgotten. */
enum { SCRATCH_BYTES = 1 << 20 };

bool tally_arena_full(struct err *e)
{
	err_set(e, ERR_LIMIT, "the answer takes too much memory");
	return err_remedy(e, "ask about fewer days or one domain: --days, --domain");
}

static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 32;
	return memory_resize_array(array, *capacity, size);
}

/* Mail that passes is of one kind here, whoever sent it: there is nothing to find out. */
enum verdict tally_unnamed_kind(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_ALIGNED_SPF_ONLY:
		return VERDICT_ALIGNED_BOTH;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		return verdict;
	}
	return verdict;
}

static struct sender_row *find_sender(struct tally *t, const struct judgement *j)
{
	enum verdict unnamed = j->service ? VERDICT_ALIGNED_BOTH : tally_unnamed_kind(j->verdict);

	for (size_t i = 0; i < t->sender_count; i++) {
		if (t->senders[i].service == j->service && t->senders[i].unnamed == unnamed)
			return &t->senders[i];
	}
	t->senders = grow(t->senders, t->sender_count, &t->sender_capacity, sizeof(*t->senders));
	t->senders[t->sender_count] =
		(struct sender_row){ .service = j->service, .unnamed = unnamed };
	return &t->senders[t->sender_count++];
}

static bool same_group(const struct group *g, const struct judgement *j, const struct record *r)
{
	/* there is one thing to say of all spoofing, whomever it pretends to be */
	if (j->verdict == VERDICT_LIKELY_SPOOF)
		return g->verdict == j->verdict;
	return g->service == j->service && g->verdict == j->verdict &&
		g->spf_cause == j->spf_cause && g->dkim_cause == j->dkim_cause &&
		slice_equal(g->header_from, r->header_from) && slice_equal(g->region, j->region);
}

/* Adds a group to the end; false when the arena is full. */
static bool add_group(struct tally *t, const struct judgement *j, const struct record *r,
		      size_t row)
{
	t->groups = grow(t->groups, t->group_count, &t->group_capacity, sizeof(*t->groups));

	struct group *g = &t->groups[t->group_count];

	*g = (struct group){
		.service = j->service,
		.header_from = r->header_from, /* in the rows */
		.verdict = j->verdict,
		.spf_cause = j->spf_cause,
		.dkim_cause = j->dkim_cause,
		.row = row,
	};
	if (!slice_is_absent(j->region) && !arena_copy(t->arena, j->region, &g->region))
		return false;
	t->group_count++;
	return true;
}

static bool count_in_group(struct tally *t, const struct judgement *j, const struct record *r,
			   size_t row)
{
	size_t i = 0;

	while (i < t->group_count && !same_group(&t->groups[i], j, r))
		i++;
	if (i == TALLY_MAX_GROUPS) {
		t->ungrouped += r->count;
		return true;
	}
	if (i == t->group_count && !add_group(t, j, r, row))
		return false;
	t->groups[i].messages += r->count;
	return true;
}

static const struct owner nobody;

bool tally_judge_row(const struct tally *t, size_t row, struct arena *arena, struct judged *judged)
{
	if (!streams_decode(t->rows, row, t->judge->domains, arena, &judged->stream))
		return false;
	judged->evidence = (struct evidence){
		.policy = &judged->stream.policy,
		.record = &judged->stream.record,
		.host = { HOST_NOT_LOOKED_UP, SLICE_ABSENT },
		.owner = &nobody,
	};
	judge_record(t->judge, &judged->evidence, &judged->judgement);
	return true;
}

struct remedy_subject tally_subject(const struct tally *t, const struct judged *judged)
{
	return (struct remedy_subject){ t->judge, &judged->evidence, &judged->judgement };
}

/* Mail that passes, and yet somebody should do something. Clears *told_out when the arena is full. */
static bool is_at_risk(struct tally *t, const struct judged *judged, bool *told_out)
{
	struct remedy_subject subject = tally_subject(t, judged);
	struct remedy remedy;

	if (judged->judgement.severity < SEVERITY_WARN)
		return false;
	*told_out = remedy_of(&subject, &t->scratch, &remedy);
	return *told_out && remedy.task;
}

static bool count_row(struct tally *t, size_t row, struct err *e)
{
	struct judged judged;
	const struct judgement *j = &judged.judgement;
	bool told = true;

	arena_reset(&t->scratch);
	if (!tally_judge_row(t, row, &t->scratch, &judged))
		return tally_arena_full(e);

	const struct record *r = &judged.stream.record;
	struct sender_row *s = find_sender(t, j);

	t->messages += r->count;
	t->passed += j->outcome_pass ? r->count : 0;
	t->spoofed += j->verdict == VERDICT_LIKELY_SPOOF ? r->count : 0;
	t->undetermined += j->verdict == VERDICT_UNDETERMINED ? r->count : 0;
	s->messages += r->count;
	s->passed += j->outcome_pass ? r->count : 0;
	s->spf_aligned += r->aligned.spf ? r->count : 0;
	s->dkim_aligned += r->aligned.dkim ? r->count : 0;
	if (j->outcome_pass && !is_at_risk(t, &judged, &told))
		return told || tally_arena_full(e);
	return count_in_group(t, j, r, row) || tally_arena_full(e);
}

enum sender_rank { RANK_FAILING, RANK_SPOOF, RANK_PASSING };

static enum sender_rank rank_of(const struct sender_row *s)
{
	if (s->passed == s->messages)
		return RANK_PASSING;
	return !s->service && s->unnamed == VERDICT_LIKELY_SPOOF ? RANK_SPOOF : RANK_FAILING;
}

/* Most failing mail first, then what the policy is for, then what only passes, by volume. */
static int compare_senders(const void *a, const void *b)
{
	const struct sender_row *x = a, *y = b;
	uint64_t fx = x->messages - x->passed, fy = y->messages - y->passed;

	if (rank_of(x) != rank_of(y))
		return rank_of(x) < rank_of(y) ? -1 : 1;
	if (fx != fy)
		return fx < fy ? 1 : -1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return (int)x->unnamed - (int)y->unnamed;
}

bool tally_group_is_spoof(const struct group *g)
{
	return g->verdict == VERDICT_LIKELY_SPOOF;
}

/* What can be mended first, by volume; spoofing, which the policy is for, last. */
static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (tally_group_is_spoof(x) != tally_group_is_spoof(y))
		return tally_group_is_spoof(x) ? 1 : -1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

const struct group *tally_main_group(const struct tally *t, const struct sender_row *s)
{
	for (size_t i = 0; i < t->group_count; i++) {
		const struct group *g = &t->groups[i];

		if (g->service == s->service &&
		    (g->service || tally_unnamed_kind(g->verdict) == s->unnamed))
			return g;
	}
	return NULL;
}

static bool count_rows(struct tally *t, struct err *e)
{
	for (size_t row = 0; row < rows_count(t->rows); row++) {
		if (!count_row(t, row, e))
			return false;
	}
	return true;
}

bool tally_count(struct tally *t, const struct judge *judge, const struct rows *rows,
		 struct arena *arena, struct err *e)
{
	*t = (struct tally){ .judge = judge, .rows = rows, .arena = arena };
	arena_init(&t->scratch, SCRATCH_BYTES);

	bool counted = count_rows(t, e);

	arena_release(&t->scratch);
	if (t->sender_count > 0)
		qsort(t->senders, t->sender_count, sizeof(*t->senders), compare_senders);
	if (t->group_count > 0)
		qsort(t->groups, t->group_count, sizeof(*t->groups), compare_groups);
	return counted;
}

void tally_release(struct tally *t)
{
	free(t->senders);
	free(t->groups);
}
