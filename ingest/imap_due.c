/* SPDX-License-Identifier: MIT */
#include "ingest/imap_due.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/imap_uid.h"

#include "base/banned.h"

void dues_release(struct dues *d)
{
	free(d->list);
	*d = (struct dues){ 0 };
}

static size_t position_of(const struct dues *d, uint32_t uid)
{
	return imap_uid_position(d->list, d->count, sizeof(*d->list), uid);
}

struct due *dues_find(const struct dues *d, uint32_t uid)
{
	size_t at = position_of(d, uid);

	return at < d->count && d->list[at].uid == uid ? &d->list[at] : NULL;
}

void dues_add(struct dues *d, uint32_t uid, const struct settlement *settlement)
{
	size_t at = position_of(d, uid);

	if (uid == 0 || dues_find(d, uid))
		return;
	d->list = memory_grow_array(d->list, d->count, &d->capacity, sizeof(*d->list));
	memmove(d->list + at + 1, d->list + at, (d->count - at) * sizeof(*d->list));
	d->list[at] = (struct due){ .uid = uid, .settlement = *settlement };
	d->count++;
}

void dues_remove(struct dues *d, struct due *due)
{
	d->count--;
	memmove(due, due + 1, (size_t)(d->list + d->count - due) * sizeof(*due));
}

static bool is_same(const struct settlement *a, const struct settlement *b)
{
	return a->action == b->action &&
		(a->action != SETTLE_MOVE || strcmp(a->folder, b->folder) == 0);
}

void dues_batch(const struct dues *d, const struct due *like, struct due_batch *batch_out)
{
	struct due_batch *b = batch_out;

	b->settlement = like->settlement;
	b->validity = 0;
	b->count = 0;
	for (size_t i = 0; i < d->count && b->count < IMAP_SETTLED_AT_ONCE; i++) {
		const struct due *due = &d->list[i];

		if (due->state == DUE && is_same(&due->settlement, &b->settlement))
			b->mails[b->count++] = (struct imap_settled){ .uid = due->uid };
	}
}

void dues_note(struct dues *d, const struct due_batch *batch, bool ok)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct imap_settled *mail = &batch->mails[i];
		struct due *due = dues_find(d, mail->uid);

		if (!due)
			continue;
		due->state = ok ? DUE_DONE : DUE_FAILED;
		due->there = mail->there;
		due->to = mail->to;
		due->to_validity = batch->validity;
	}
}
