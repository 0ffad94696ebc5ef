/* SPDX-License-Identifier: MIT */
#include "ingest/ledger_none.h"

#include "base/banned.h"

static bool none_lookup(struct ledger *ledger UNUSED, const struct message *const *messages,
			size_t count, struct known_message *known, struct err *e UNUSED)
{
	for (size_t i = 0; i < count; i++) {
		known[i] = (struct known_message){ .state = LEDGER_NEW };
		memcpy(known[i].key, messages[i]->key, MESSAGE_KEY_SIZE);
	}
	return true;
}

static bool none_unsettled(struct ledger *ledger UNUSED, const char *source UNUSED,
			   struct unsettled_message **messages_out, size_t *count_out,
			   struct err *e UNUSED)
{
	*messages_out = NULL;
	*count_out = 0;
	return true;
}

static bool none_open(struct ledger *ledger UNUSED, const struct message *message UNUSED,
		      struct err *e UNUSED)
{
	return true;
}

static bool none_close(struct ledger *ledger, const struct message *message,
		       const struct verdict_of_message *verdict, struct err *e UNUSED)
{
	if (ledger->listener)
		ledger->listener->committed(ledger->listener, message->key, verdict);
	return true;
}

static bool none_flush(struct ledger *ledger UNUSED, struct err *e UNUSED)
{
	return true;
}

static bool none_settled(struct ledger *ledger UNUSED, const struct settled_message *settled UNUSED,
			 size_t count UNUSED, struct err *e UNUSED)
{
	return true;
}

static const struct ledger_ops none_ops = {
	none_lookup, none_unsettled, none_open, none_close, none_flush, none_settled,
};

struct ledger ledger_none(struct sink *sink)
{
	return (struct ledger){ .ops = &none_ops, .sink = sink };
}
