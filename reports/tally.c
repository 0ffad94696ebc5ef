/* SPDX-License-Identifier: MIT */
#include "reports/tally.h"

#include <stdlib.h>

#include "base/memory.h"
#include "reports/answer.h"
#include "reports/labels.h"

#include "base/banned.h"

/* What one stream needs while it is judged; then it is forgotten. */
enum { SCRATCH_BYTES = 1 << 20 };

bool tally_arena_full(struct err *e)
{
	return answer_arena_full("ask about fewer days or one domain: --days, --domain", e);
}

static struct sender_row *find_sender(struct tally *t, const struct judgement *j)
{
	enum verdict unnamed = j->service ? VERDICT_ALIGNED_BOTH : verdict_unnamed_kind(j->verdict);

	for (size_t i = 0; i < t->sender_count; i++) {
		if (t->senders[i].service == j->service && t->senders[i].unnamed == unnamed)
			return &t->senders[i];
	}
	t->senders = memory_grow_array(t->senders, t->sender_count, &t->sender_capacity,
				       sizeof(*t->senders));
	t->senders[t->sender_count] =
		(struct sender_row){ .service = j->service, .unnamed = unnamed };
	return &t->senders[t->sender_count++];
}

static void count_sender(struct tally *t, const struct judgement *j, const struct record *r)
{
	struct sender_row *s = find_sender(t, j);

	s->messages += r->count;
	s->passed += j->outcome_pass ? r->count : 0;
	s->spf_aligned += j->aligned.spf ? r->count : 0;
	s->dkim_aligned += j->aligned.dkim ? r->count : 0;
	switch (r->disposition.value) {
	case DISPOSITION_NONE:
	case DISPOSITION_PASS:
		s->delivered += r->count;
		break;
	case DISPOSITION_QUARANTINE:
		s->quarantined += r->count;
		break;
	case DISPOSITION_REJECT:
		s->rejected += r->count;
		break;
	default: /* words of the reporter's own */
		break;
	}
}

/* What fails and is not set aside. A service that is known may have other customers who use the name. */
static void count_failing(struct tally *t, const struct judgement *j,
			  const struct decisions *window, uint64_t messages)
{
	if (j->outcome_pass)
		return;
	switch (j->verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_ALIGNED_SPF_ONLY:
		*(judgement_has(j, JUDGE_FLAG_ORG_DOMAIN_DIFFERS) ? &t->fixable : &t->unfixable) +=
			messages; /* else it is the reporter's fault */
		break;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
		t->fixable += messages;
		break;
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		*(window->ours ? &t->fixable : &t->unconfirmed) += messages;
		break;
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
		*(j->severity == SEVERITY_WARN ? &t->fixable : &t->unfixable) += messages;
		break;
	case VERDICT_UNKNOWN_SENDER:
		t->unidentified += messages;
		break;
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		break;
	}
}

static bool is_counted(const struct tally *t, const struct judged *judged)
{
	return judged->stream.record.count > 0 &&
		(slice_is_absent(t->only) ||
		 slice_equal(t->only, sender_id(judged->judgement.service))) &&
		(!t->visitor || t->visitor->takes(t->visitor->context, judged));
}

static bool count_row(struct tally *t, size_t row, struct err *e)
{
	const struct tally_visitor *v = t->visitor;
	struct judged judged;

	arena_reset(&t->scratch);
	if (!judged_row(t->judge, t->rows, row, &t->scratch, &judged))
		return tally_arena_full(e);
	if (!is_counted(t, &judged))
		return true;

	const struct decisions window = sightings_decide(t->sightings, &judged);

	count_sender(t, &judged.judgement, &judged.stream.record);
	count_failing(t, &judged.judgement, &window, judged.stream.record.count);
	if (!groups_count(&t->groups, &judged.subject, &window) ||
	    (v && !v->counted(v->context, &judged, row, t->groups.latest)))
		return tally_arena_full(e);
	return true;
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

bool tally_is_of(const struct group *g, const struct sender_row *s)
{
	return g->service == s->service &&
		(g->service || verdict_unnamed_kind(g->verdict) == s->unnamed);
}

const struct group *tally_main_group(const struct tally *t, const struct sender_row *s)
{
	for (size_t i = 0; i < t->groups.count; i++) {
		const struct group *g = &t->groups.list[i];

		if (tally_is_of(g, s))
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

static bool count_and_sort(struct tally *t, struct arena *arena, struct err *e)
{
	groups_init(&t->groups, arena);
	t->groups.all = t->visitor != NULL;
	arena_init(&t->scratch, SCRATCH_BYTES);

	bool counted = count_rows(t, e);

	arena_release(&t->scratch);
	if (t->sender_count > 0)
		qsort(t->senders, t->sender_count, sizeof(*t->senders), compare_senders);
	groups_sort(&t->groups);
	return counted;
}

bool tally_count_of(struct tally *t, const struct judge *judge, const struct rows *rows,
		    struct slice sender, struct arena *arena, struct err *e)
{
	struct sightings *own = sightings_new();

	*t = (struct tally){
		.judge = judge, .rows = rows, .sightings = own, .own = own, .only = sender
	};
	return sightings_gather(own, judge, rows, e) && count_and_sort(t, arena, e);
}

bool tally_count_some(struct tally *t, const struct judge *judge, const struct rows *rows,
		      const struct tally_visitor *visitor, struct arena *arena, struct err *e)
{
	*t = (struct tally){
		.judge = judge,
		.rows = rows,
		.sightings = visitor->sightings,
		.visitor = visitor,
	};
	return count_and_sort(t, arena, e);
}

void tally_release(struct tally *t)
{
	sightings_free(t->own);
	free(t->senders);
	groups_release(&t->groups);
}
