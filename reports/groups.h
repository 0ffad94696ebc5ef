/* SPDX-License-Identifier: MIT */
/*
 * Judged mail added up: how much passes, and for what does not, one group for each sender, From domain
 * and pair of causes, with what to do about it. The findings of `report` and of `show` are these.
 */
#ifndef REPORTS_GROUPS_H
#define REPORTS_GROUPS_H

#include "base/arena.h"
#include "reports/decisions.h"
#include "reports/finding.h"

/*
 * Groups that are told apart; what comes later than that is counted, not listed. Without a bound
 * whoever invents From domains makes the answer endless.
 */
enum { GROUPS_MAX = 300 };

/* One paragraph. Its texts lie in the arena. */
struct group {
	const struct sender *service;
	struct slice header_from;
	enum verdict verdict;
	enum spf_cause spf_cause;
	enum dkim_cause dkim_cause;
	struct slice region;
	struct slice account; /* of a service's customer: see account.h; empty where none is told */
	struct slice
		subject; /* the name that the texts are about: see groups.c; absent where none */
	uint64_t messages;
	size_t order;         /* by its first mail, which stands for the others */
	struct remedy remedy; /* of that */
};

struct groups {
	struct arena *arena;
	struct arena scratch;
	struct group *list;
	size_t count, capacity;
	uint64_t messages, passed, spoofed, undetermined;
	uint64_t ungrouped; /* failing, and in none of the groups */
	bool all;           /* groups what passes, too, whether it asks for something or not */
	size_t latest;      /* the order of the group that was counted in last; GROUPS_MAX: none */
};

/* The arena is borrowed and must outlive them. */
void groups_init(struct groups *g, struct arena *arena);
void groups_release(struct groups *g);

/*
 * Counts the messages of the subject's record, and puts what fails, or passes and yet asks for
 * something, into its group. `window` says what other mail does; NULL: there is none to ask. Keeps nothing
 * of either. False when the arena is full: then the totals count the record, and no group.
 */
MUST_USE bool groups_count(struct groups *g, const struct remedy_subject *subject,
			   const struct decisions *window);

/* What can be mended first, by volume; spoofing, which the policy is for, last. */
void groups_sort(struct groups *g);

/* A finding for each group, in the arena; false when it is full. */
MUST_USE bool groups_findings(const struct groups *g, struct arena *arena,
			      const struct finding **findings_out, size_t *count_out);

/* "46.2 % of those that count pass DMARC. Set aside: ...", and how much is not listed. */
void groups_append_shares(struct buf *text, const struct groups *g);

#endif
