/* SPDX-License-Identifier: MIT */
#include "ingest/leftovers.h"

#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

bool leftovers_load(struct leftovers *l, struct ledger *ledger, const char *source, struct err *e)
{
	*l = (struct leftovers){ 0 };
	if (!ledger->ops->unsettled(ledger, source, &l->messages, &l->count, e))
		return false;
	l->listed = memory_zeroed(l->count + 1, sizeof(*l->listed));
	return true;
}

void leftovers_release(struct leftovers *l)
{
	for (size_t i = 0; i < l->count; i++)
		message_release(&l->messages[i].message);
	free(l->messages);
	free(l->listed);
	*l = (struct leftovers){ 0 };
}

static int compare_key(const void *key, const void *message)
{
	return memcmp(key, ((const struct unsettled_message *)message)->message.key,
		      MESSAGE_KEY_SIZE);
}

void leftovers_cross_off(struct leftovers *l, const unsigned char key[MESSAGE_KEY_SIZE])
{
	const struct unsettled_message *found = l->count == 0
		? NULL
		: bsearch(key, l->messages, l->count, sizeof(*l->messages), compare_key);

	if (found)
		l->listed[found - l->messages] = true;
}

size_t leftovers_next(const struct leftovers *l, size_t *at,
		      const struct unsettled_message **messages, size_t most)
{
	size_t count = 0;

	for (; *at < l->count && count < most; ++*at) {
		if (!l->listed[*at])
			messages[count++] = &l->messages[*at];
	}
	return count;
}
