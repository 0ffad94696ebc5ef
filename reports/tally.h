/* SPDX-License-Identifier: MIT */
/*
 * Streams judged and added up: per sending service, and per group of mail that fails for the same
 * reasons. What a question says about it is the question's.
 */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include "base/arena.h"
#include "reports/remedy.h"
#include "reports/streams.h"

/*
 * Groups that are told apart. Streams come largest first, so what finds no place is small; without a
 * bound whoever invents From domains makes the answer endless.
 */
enum { TALLY_MAX_GROUPS = 300 };

/* One line of the table: a service, or those that cannot be named, by what they amount to. */
struct sender_row {
	const struct sender *service;
	enum verdict unnamed; /* of mail without a service */
	uint64_t messages, passed, spf_aligned, dkim_aligned;
};

/* One paragraph: mail of one sender and From domain that fails for the same reasons. */
struct group {
	const struct sender *service;
	struct slice header_from;
	enum verdict verdict;
	enum spf_cause spf_cause;
	enum dkim_cause dkim_cause;
	struct slice region;
	uint64_t messages;
	size_t row; /* of its largest stream, which stands for the others */
	struct remedy remedy;
};

struct tally {
	const struct judge *judge;
	const struct rows *rows;
	struct arena *arena;
	struct arena scratch;
	struct sender_row *senders;
	size_t sender_count, sender_capacity;
	struct group *groups;
	size_t group_count, group_capacity;
	uint64_t messages, passed, spoofed, undetermined;
	uint64_t ungrouped; /* failing, and in none of the groups */
};

/* The judgement of a row's stream. All of it lies in the arena it was made in, and in the rows. */
struct judged {
	struct stream stream;
	struct evidence evidence;
	struct judgement judgement;
};

/* False when the arena is full. */
MUST_USE bool tally_judge_row(const struct tally *t, size_t row, struct arena *arena,
			      struct judged *judged_out);
struct remedy_subject tally_subject(const struct tally *t, const struct judged *judged);

/* Judge, rows and arena are borrowed and must outlive it. Counts all rows and sorts what it found. */
MUST_USE bool tally_count(struct tally *t, const struct judge *judge, const struct rows *rows,
			  struct arena *arena, struct err *e);
void tally_release(struct tally *t);

/* The answer does not fit in memory: says what to ask instead. */
bool tally_arena_full(struct err *e);

/* Unnamed mail that passes is of one kind, whoever sent it: there is nothing to find out. */
enum verdict tally_unnamed_kind(enum verdict verdict);
bool tally_group_is_spoof(const struct group *g);

/* The group that stands for a sender: its largest; NULL where nothing of it fails. */
const struct group *tally_main_group(const struct tally *t, const struct sender_row *s);

#endif
