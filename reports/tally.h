/* SPDX-License-Identifier: MIT */
/*
 * Streams out of the database, judged and added up: per sending service, and per group of mail that
 * fails for the same reasons, with what the rest of the window says of it. What a question says about it
 * is the question's.
 */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include "base/arena.h"
#include "reports/groups.h"
#include "reports/judged.h"
#include "reports/sightings.h"

/* One line of the table: a service, or those that cannot be named, by what they amount to. */
struct sender_row {
	const struct sender *service;
	enum verdict unnamed; /* of mail without a service */
	uint64_t messages, passed, spf_aligned, dkim_aligned;
	uint64_t delivered, quarantined, rejected; /* as reporters say; not all do */
};

struct tally {
	const struct judge *judge;
	const struct rows *rows;
	const struct sightings *sightings; /* of all mail that decisions go by */
	struct arena scratch;
	struct sender_row *senders;
	size_t sender_count, sender_capacity;
	struct groups groups; /* the totals of all mail, too */
	struct slice only;    /* the sender that is asked about, by its id; absent: all */
	uint64_t fixable, unconfirmed, unfixable, unidentified; /* failing, and not set aside */
	const struct tally_visitor *visitor;                    /* NULL: all rows count */
	struct sightings *own;                                  /* where nobody lent any */
};

/*
 * Judge, rows and arena are borrowed and must outlive it. Counts the rows of one sender, absent: of all,
 * and sorts what it found.
 */
MUST_USE bool tally_count_of(struct tally *t, const struct judge *judge, const struct rows *rows,
			     struct slice sender, struct arena *arena, struct err *e);

/* Which of the rows are to be counted, what they are judged by, and who is told of each that was. */
struct tally_visitor {
	const struct sightings *sightings; /* of all mail that decisions are to go by */
	bool (*takes)(void *context, const struct judged *judged);
	/* group: by its order; GROUPS_MAX where it is in none. False when the arena is full. */
	bool (*counted)(void *context, const struct judged *judged, size_t row, size_t group);
	void *context;
};

/* The same of some rows, of all senders, whether they pass or not. The visitor is borrowed as well. */
MUST_USE bool tally_count_some(struct tally *t, const struct judge *judge, const struct rows *rows,
			       const struct tally_visitor *visitor, struct arena *arena,
			       struct err *e);
void tally_release(struct tally *t);

/* The answer does not fit in memory: says what to ask instead. */
bool tally_arena_full(struct err *e);

bool tally_is_of(const struct group *g, const struct sender_row *s);

/* The group that stands for a sender: its largest; NULL where nothing of it fails. */
const struct group *tally_main_group(const struct tally *t, const struct sender_row *s);

#endif
