/* SPDX-License-Identifier: MIT */
/*
 * Questions that are answered from the database's views: each is a row of columns, a query, and what its
 * own code makes of the rows.
 */
#ifndef REPORTS_QUESTION_H
#define REPORTS_QUESTION_H

#include "base/timestamp.h"
#include "reports/answer.h"
#include "store/connection.h"

/* What is asked for. Names are as the database has them; NULL: all. */
struct question_filter {
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE]; /* days, both included */
	const char *domain;                                /* and all below it */
	const char *sender;                                /* its id */
	const char *sort; /* name of a column; NULL: in the question's own order */
	bool descending;
	uint64_t limit;  /* rows; 0: all */
	bool group_ipv6; /* addresses by their /64 */
};

/* Rows that are being made into an answer. */
struct asked {
	struct connection *connection;
	const struct question_filter *filter;
	struct arena *arena;
	struct cell *cells; /* those of the answer; what is made is still empty */
	uint64_t sum;       /* of all rows, those that are not shown too */
};

struct question {
	const char *name;
	const struct column *columns;
	size_t column_count;

	/*
	 * Has the columns that have a name and are not made. $1 to $6: since, until, domain, sender, whether
	 * addresses are grouped, how many rows at most. The answer's order and limit come with it.
	 */
	const char *query;
	const char *order; /* "messages desc, sender" */
	const char *sum;   /* the column whose sum is asked for */

	/* Fills the cells that are made, and gives the answer its texts. */
	bool (*complete)(const struct asked *asked, struct answer *a, struct err *e);
};

/* Of names in a query: is the column's domain the one that is asked for, or below it? */
#define QUESTION_OF_DOMAIN(column)                                                                 \
	"($3::text is null or right('.' || " column ", length($3) + 1) = '.' || $3)"

/* All in the arena. ERR_LIMIT when it is full. */
MUST_USE bool question_ask(const struct question *q, struct connection *c,
			   const struct question_filter *filter, struct arena *arena,
			   struct answer *answer_out, struct err *e);

/* The newest day with data, of a domain or of all; false in *any_out when there is none. */
MUST_USE bool question_newest_day(struct connection *c, const char *domain, bool *any_out,
				  int64_t *day_out, struct err *e);

/* Says that, and what to ask instead. */
bool question_arena_full(struct err *e);

/* A cell's text, in the arena. */
MUST_USE bool question_fill_text(const struct asked *asked, struct cell *cell,
				 const struct buf *text);

extern const struct question question_failures, question_domains, question_reporters,
	question_hosts;

#endif
