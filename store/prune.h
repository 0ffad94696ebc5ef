/* SPDX-License-Identifier: MIT */
/*
 * What is kept how long: drops the detail of whole months, and of what is older still the roll-ups and
 * keys too. A day whose detail is gone is closed, so that nothing is counted twice. May run at any time,
 * beside ingestion and other prunes.
 */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include "base/timestamp.h"
#include "store/connection.h"

/* Not asked for. */
#define PRUNE_NOTHING INT64_MIN

/* Days since 1970; the first that is kept of each kind. The first two are the first of a month. */
struct prune_bounds {
	int64_t detail;
	int64_t all; /* not after `detail` */
	int64_t payload;
};

/* The first of the month that a day falls in: months are kept whole. */
int64_t prune_month(int64_t day);

/* One line of what there is to go. */
struct prune_item {
	const char *what;           /* "records" */
	char month[DATE_TEXT_SIZE]; /* of detail: the first of its month; else empty */
	int64_t rows;
	int64_t bytes;
};

struct prune_listener {
	void (*item)(struct prune_listener *l, const struct prune_item *item);
	/* Something is left for the next time, and why. */
	void (*left)(struct prune_listener *l, const char *why);
};

/* Tells what prune_run() would find to do. */
MUST_USE bool prune_look(struct connection *c, const struct prune_bounds *bounds,
			 struct prune_listener *listener, struct err *e);

/*
 * Does it. *late_out: reports came for days that are to be closed and are not rolled up yet; nothing was
 * done, and it is to be tried again when they are. What is done is done, also when it is cut short.
 */
MUST_USE bool prune_run(struct connection *c, const struct prune_bounds *bounds,
			struct prune_listener *listener, bool *late_out, struct err *e);

#endif
