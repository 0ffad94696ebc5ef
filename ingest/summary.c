/* SPDX-License-Identifier: MIT */
#include "ingest/summary.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* So that it stays within a screen; a name is a path at worst. */
enum { FAULTS_TOLD = 8, NAMES_TOLD = 2, REASON_BYTES = 200, NAME_BYTES = 200 };

/* Kinds of fault are few; whoever makes up more of them gains nothing. */
enum { GROUPS_MAX = 64 };

/* Messages of one outcome and one reason; reasons that differ in numbers only are one. */
struct group {
	enum outcome outcome;
	char *reason; /* of the first one */
	char *names[NAMES_TOLD];
	uint64_t count;
	size_t number; /* in the order they came */
};

struct summary {
	struct group groups[GROUPS_MAX];
	size_t group_count;
	uint64_t others; /* messages that came when there were as many groups as fit */
};

struct summary *summary_new(void)
{
	return memory_zeroed(1, sizeof(struct summary));
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->group_count; i++) {
		free(s->groups[i].reason);
		for (int n = 0; n < NAMES_TOLD; n++)
			free(s->groups[i].names[n]);
	}
	free(s);
}

/* -- groups */

static const char *skip_digits(const char *p)
{
	while (byte_is_digit(*p))
		p++;
	return p;
}

/* "line 12: ..." and "line 7: ..." say the same. */
static bool same_reason(const char *a, const char *b)
{
	while (*a && *b) {
		if (byte_is_digit(*a) && byte_is_digit(*b)) {
			a = skip_digits(a);
			b = skip_digits(b);
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}

static struct group *find_group(struct summary *s, enum outcome outcome, const char *reason)
{
	for (size_t i = 0; i < s->group_count; i++) {
		struct group *g = &s->groups[i];

		if (g->outcome == outcome && same_reason(g->reason, reason))
			return g;
	}
	if (s->group_count == GROUPS_MAX)
		return NULL;
	s->groups[s->group_count] = (struct group){
		.outcome = outcome,
		.reason = memory_copy(slice_from(reason)),
		.number = s->group_count,
	};
	return &s->groups[s->group_count++];
}

void summary_add(struct summary *s, const struct message *m,
		 const struct verdict_of_message *verdict)
{
	bool told = verdict->reason.kind != ERR_NONE;

	if (verdict->outcome == OUTCOME_STORED && !told)
		return;

	struct group *g = find_group(s, verdict->outcome, told ? verdict->reason.what : "");

	if (!g) {
		s->others++;
		return;
	}
	if (g->count < NAMES_TOLD)
		g->names[g->count] = source_place(m);
	g->count++;
}

/* -- text */

static void append_number(struct buf *line, uint64_t number)
{
	buf_printf(line, "%llu ", (unsigned long long)number);
}

static void append_count(struct buf *line, uint64_t *told, uint64_t count, const char *what)
{
	if (count == 0)
		return;
	buf_printf(line, "%s%llu %s", *told == 0 ? "" : ", ", (unsigned long long)count, what);
	*told += count;
}

/* "38 stored, 2 duplicate, 1 broken" */
static void append_counts(struct buf *line, const struct pipeline_totals *t)
{
	uint64_t told = 0;

	for (int i = 0; i < outcome_count; i++)
		append_count(line, &told, t->outcomes[i], outcome_text((enum outcome)i));
	append_count(line, &told, t->known, "known from before");
	append_count(line, &told, t->unreadable, "unreadable");
	/* the run broke off */
	if (t->listed > told)
		append_count(line, &told, t->listed - told, "not read");
}

void summary_append_totals(struct buf *lines, const struct pipeline_totals *t, bool rehearsal)
{
	append_number(lines, t->listed);
	buf_append_text(lines, rehearsal ? "messages would be: " : "messages: ");
	if (t->listed > 0)
		append_counts(lines, t);
	else
		buf_append_text(lines, "nothing there");
	buf_append_byte(lines, '\n');
	if (t->retried > 0)
		buf_printf(lines, "%s: %llu that had failed before\n",
			   rehearsal ? "would be tried again" : "tried again",
			   (unsigned long long)t->retried);
	if (t->unsettled > 0)
		buf_printf(lines,
			   "still to be moved, marked or deleted: %llu; the next run tries again\n",
			   (unsigned long long)t->unsettled);
	if (t->reports > 0)
		buf_printf(lines, "%s: %llu reports, %llu records on %llu mails\n",
			   rehearsal ? "would be new" : "new", (unsigned long long)t->reports,
			   (unsigned long long)t->records, (unsigned long long)t->mails);
}

/* One that nobody need look at, but its name is worth a word. */
static bool is_other_kind(const struct group *g)
{
	return g->outcome == OUTCOME_NOT_A_REPORT || g->outcome == OUTCOME_UNSUPPORTED_KIND;
}

void summary_append_kinds(struct buf *lines, const struct summary *s)
{
	const char *separator = "other kinds: ";

	for (size_t i = 0; i < s->group_count; i++) {
		const struct group *g = &s->groups[i];

		if (!is_other_kind(g))
			continue;
		buf_append_text(lines, separator);
		append_number(lines, g->count);
		if (g->reason[0] != '\0')
			text_append_harmless(lines, slice_from(g->reason), REASON_BYTES);
		else
			buf_append_text(lines, "mail without a report");
		separator = ", ";
	}
	if (separator[0] == ',')
		buf_append_byte(lines, '\n');
}

static bool is_fault(const struct group *g)
{
	return !is_other_kind(g) && g->outcome != OUTCOME_DUPLICATE;
}

static void append_fault(struct buf *lines, const struct group *g)
{
	buf_append_text(lines, "  ");
	append_number(lines, g->count);
	buf_append_text(lines,
			g->outcome == OUTCOME_STORED ? "stored in part" : outcome_text(g->outcome));
	if (g->reason[0] != '\0')
		buf_append_text(lines, ": ");
	text_append_harmless(lines, slice_from(g->reason), REASON_BYTES);
	buf_append_text(lines, "\n      ");
	for (uint64_t n = 0; n < g->count && n < NAMES_TOLD; n++) {
		buf_append_text(lines, n == 0 ? "" : ", ");
		text_append_harmless(lines, slice_from(g->names[n]), NAME_BYTES);
	}
	if (g->count > NAMES_TOLD)
		buf_printf(lines, ", and %llu more", (unsigned long long)(g->count - NAMES_TOLD));
	buf_append_byte(lines, '\n');
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

void summary_append_faults(struct buf *lines, const struct summary *s, bool rehearsal)
{
	struct group faults[GROUPS_MAX]; /* their texts borrowed */
	uint64_t untold = s->others;
	size_t count = 0;

	for (size_t i = 0; i < s->group_count; i++) {
		if (is_fault(&s->groups[i]))
			faults[count++] = s->groups[i];
	}
	if (count == 0)
		return;
	qsort(faults, count, sizeof(*faults), compare_groups);
	buf_append_text(lines, "to look at:\n");
	for (size_t i = 0; i < count; i++) {
		if (i < FAULTS_TOLD)
			append_fault(lines, &faults[i]);
		else
			untold += faults[i].count;
	}
	if (untold > 0)
		buf_printf(lines, "  %llu for other reasons\n", (unsigned long long)untold);
	if (!rehearsal)
		buf_append_text(lines, "'ruamill report problems' lists them all\n");
}
