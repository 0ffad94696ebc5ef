/* SPDX-License-Identifier: MIT */
#include "reports/groups.h"

#include <stdlib.h>

#include "base/memory.h"
#include "reports/account.h"
#include "reports/amounts.h"
#include "reports/field.h"
#include "reports/labels.h"

#include "base/banned.h"

/* One remedy that is worked out only to see whether it asks for anything. */
enum { SCRATCH_BYTES = 1 << 20 };

void groups_init(struct groups *g, struct arena *arena)
{
	*g = (struct groups){ .arena = arena };
	arena_init(&g->scratch, SCRATCH_BYTES);
}

void groups_release(struct groups *g)
{
	arena_release(&g->scratch);
	free(g->list);
	*g = (struct groups){ 0 };
}

/*
 * What to publish may hang on a name that the causes do not tell: the envelope host without a record, or
 * the key that fails. Of the two the first, since one mail has one of each.
 */
static struct slice subject_of(const struct judgement *j)
{
	static const uint32_t of_spf = 1U << SPF_FAIL | 1U << SPF_NEUTRAL | 1U << SPF_NONE |
		1U << SPF_PERMERROR | 1U << SPF_STRICT_MISMATCH;
	static const uint32_t of_key = 1U << DKIM_KEY_ERROR | 1U << DKIM_BROKEN_AT_SOURCE |
		1U << DKIM_TEMPERROR | 1U << DKIM_NOT_ACCEPTED;

	if (of_spf >> j->spf_cause & 1)
		return j->spf_domain;
	return of_key >> j->dkim_cause & 1 && j->dkim ? j->dkim->selector : SLICE_ABSENT;
}

/* One piece of mail on its way into a group. */
struct counted {
	const struct remedy_subject *subject;
	const struct decisions *window;
	struct slice account;
};

static bool same_group(const struct group *g, const struct counted *c)
{
	const struct judgement *j = c->subject->judgement;
	const struct record *r = c->subject->evidence->record;

	/* there is one thing to say of all spoofing, whomever it pretends to be */
	if (j->verdict == VERDICT_LIKELY_SPOOF)
		return g->verdict == j->verdict;
	return g->service == j->service && g->verdict == j->verdict &&
		g->spf_cause == j->spf_cause && g->dkim_cause == j->dkim_cause &&
		slice_equal(g->header_from, r->header_from) && slice_equal(g->region, j->region) &&
		slice_equal(g->account, c->account) && slice_equal(g->subject, subject_of(j));
}

/* Adds a group to the end; false when the arena is full. */
static bool add_group(struct groups *g, const struct counted *c)
{
	const struct judgement *j = c->subject->judgement;
	struct group group = {
		.service = j->service,
		.verdict = j->verdict,
		.spf_cause = j->spf_cause,
		.dkim_cause = j->dkim_cause,
		.order = g->count,
	};

	if (!field_copy(g->arena, c->subject->evidence->record->header_from, &group.header_from) ||
	    !arena_copy(g->arena, c->account, &group.account) ||
	    !field_copy(g->arena, j->region, &group.region) ||
	    !field_copy(g->arena, subject_of(j), &group.subject) ||
	    !remedy_in_window(c->subject, c->window, g->arena, &group.remedy))
		return false;
	g->list = memory_grow_array(g->list, g->count, &g->capacity, sizeof(*g->list));
	g->list[g->count++] = group;
	return true;
}

static bool count_in_group(struct groups *g, const struct remedy_subject *subject,
			   const struct decisions *window)
{
	const struct record *r = subject->evidence->record;
	SCOPED(buf) struct buf account = { 0 };
	size_t i = 0;

	account_append(&account, subject);

	const struct counted c = { subject, window, buf_slice(&account) };

	while (i < g->count && !same_group(&g->list[i], &c))
		i++;
	if (i == GROUPS_MAX) {
		g->ungrouped += r->count;
		g->latest = GROUPS_MAX;
		return true;
	}
	if (i == g->count && !add_group(g, &c))
		return false;
	g->list[i].messages += r->count;
	g->latest = i;
	return true;
}

/* Mail that passes, and yet somebody should do something. Clears *told_out when the arena is full. */
static bool is_at_risk(struct groups *g, const struct remedy_subject *subject,
		       const struct decisions *window, bool *told_out)
{
	struct remedy remedy;

	if (subject->judgement->severity < SEVERITY_WARN &&
	    !(window && window->fallback == FALLBACK_SEEN))
		return false;
	arena_reset(&g->scratch);
	*told_out = remedy_in_window(subject, window, &g->scratch, &remedy);
	return *told_out && remedy.task;
}

bool groups_count(struct groups *g, const struct remedy_subject *subject,
		  const struct decisions *window)
{
	const struct judgement *j = subject->judgement;
	uint64_t messages = subject->evidence->record->count;
	bool told = true;

	g->messages += messages;
	if (j->outcome_pass)
		g->passed += messages;
	else if (j->verdict == VERDICT_LIKELY_SPOOF)
		g->spoofed += messages;
	else if (j->verdict == VERDICT_UNDETERMINED)
		g->undetermined += messages;
	if (j->outcome_pass && !g->all && !is_at_risk(g, subject, window, &told))
		return told;
	return count_in_group(g, subject, window);
}

static bool is_spoof(const struct group *g)
{
	return g->verdict == VERDICT_LIKELY_SPOOF;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (is_spoof(x) != is_spoof(y))
		return is_spoof(x) ? 1 : -1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void groups_sort(struct groups *g)
{
	if (g->count > 0)
		qsort(g->list, g->count, sizeof(*g->list), compare_groups);
}

/* "(us-east-1; selector abc; envelope mf.example.com)" */
static void append_account(struct buf *text, const struct group *g)
{
	if (g->region.n + g->account.n == 0)
		return;
	buf_append_text(text, " (");
	buf_append(text, g->region);
	buf_append_text(text, g->region.n > 0 && g->account.n > 0 ? "; " : "");
	buf_append(text, g->account);
	buf_append_byte(text, ')');
}

static void append_heading(struct buf *text, const struct group *g)
{
	buf_append(text, label_of_sender(g->service, g->verdict));
	if (!is_spoof(g)) {
		buf_append_text(text, ", From ");
		buf_append(text, g->header_from.n > 0 ? g->header_from : SLICE("(none)"));
	}
	append_account(text, g);
	buf_append_text(text, ": ");
	number_append_grouped(text, g->messages);
	buf_append_text(text, g->messages == 1 ? " message" : " messages");
	buf_append_text(text,
			g->verdict == VERDICT_ALIGNED_SPF_ONLY ||
					g->verdict == VERDICT_ALIGNED_DKIM_ONLY
				? " at risk"
				: " failing");
}

static bool fill_finding(const struct group *g, struct arena *arena, struct finding *f)
{
	SCOPED(buf) struct buf heading = { 0 };

	append_heading(&heading, g);
	*f = (struct finding){
		.sender = sender_id(g->service),
		.header_from = g->header_from,
		.verdict = slice_from(verdict_text(g->verdict)),
		.spf_cause = slice_from(spf_cause_text(g->spf_cause)),
		.dkim_cause = slice_from(dkim_cause_text(g->dkim_cause)),
		.messages = g->messages,
		.remedy = g->remedy,
	};
	return arena_copy(arena, buf_slice(&heading), &f->heading);
}

bool groups_findings(const struct groups *g, struct arena *arena,
		     const struct finding **findings_out, size_t *count_out)
{
	struct finding *findings = arena_alloc(arena, (g->count + 1) * sizeof(*findings));

	if (!findings)
		return false;
	for (size_t i = 0; i < g->count; i++) {
		if (!fill_finding(&g->list[i], arena, &findings[i]))
			return false;
	}
	*findings_out = findings;
	*count_out = g->count;
	return true;
}

void groups_append_shares(struct buf *text, const struct groups *g)
{
	share_append(text, g->passed, g->messages - g->spoofed - g->undetermined, SHARE_TENTHS);
	buf_append_text(text, " of those that count pass DMARC.");
	if (g->spoofed + g->undetermined > 0) {
		buf_append_text(text, " Set aside: ");
		number_append_grouped(text, g->spoofed);
		buf_append_text(text, " likely spoofed, ");
		number_append_grouped(text, g->undetermined);
		buf_append_text(text, " undetermined.");
	}
	if (g->ungrouped > 0) {
		buf_append_text(text, " Not listed, since there are too many kinds of it: ");
		number_append_grouped(text, g->ungrouped);
		buf_append_text(text, " messages.");
	}
}
