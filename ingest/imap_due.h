/* SPDX-License-Identifier: MIT */
/*
 * Mails of a folder that are going to be settled, in the order of their UIDs. Those that are settled alike are
 * settled together, by one command, when the first of them is asked for.
 */
#ifndef INGEST_IMAP_DUE_H
#define INGEST_IMAP_DUE_H

#include "ingest/imap_settle.h"
#include "ingest/settlement.h"

enum due_state { DUE, DUE_DONE, DUE_FAILED };

struct due {
	uint32_t uid;
	struct settlement settlement;
	enum due_state state;
	bool there;               /* where it is done: it was there */
	uint32_t to, to_validity; /* where it was moved to, if the server says so */
};

/* Zeroed it is empty. */
struct dues {
	struct due *list;
	size_t count, capacity;
};

void dues_release(struct dues *d);

/* Unless it is there; 0 is no mail. */
void dues_add(struct dues *d, uint32_t uid, const struct settlement *settlement);

/* NULL: there is none; valid until the next one is added or removed. */
struct due *dues_find(const struct dues *d, uint32_t uid);
void dues_remove(struct dues *d, struct due *due);

/* What one command settles. */
struct due_batch {
	struct settlement settlement;
	struct imap_settled mails[IMAP_SETTLED_AT_ONCE];
	size_t count;
	uint32_t validity; /* of where they were moved to */
};

/* The first of those that are settled like this one: whatever the order, few batches do for all. */
void dues_batch(const struct dues *d, const struct due *like, struct due_batch *batch_out);

/* What became of them. */
void dues_note(struct dues *d, const struct due_batch *batch, bool ok);

#endif
