/* SPDX-License-Identifier: MIT */
#include "store/lookup.h"

#include "base/bug.h"
#include "store/facts.h"
#include "store/keys.h"

#include "base/banned.h"

static enum ledger_state state_of_row(const struct ledger *ledger, const struct rows *rows,
				      size_t row)
{
	if (ledger->retry && rows_boolean(rows, row, 2))
		return LEDGER_AGAIN;
	return rows_boolean(rows, row, 1) ? LEDGER_DONE : LEDGER_UNSETTLED;
}

bool lookup_messages(const struct ledger *ledger, struct connection *c,
		     const struct message *const *messages, size_t count, enum ledger_state *states,
		     struct err *e)
{
	SCOPED(buf) struct buf keys = { 0 };
	SCOPED(rows) struct rows *rows = NULL;

	buf_append_byte(&keys, '{');
	for (size_t i = 0; i < count; i++) {
		states[i] = LEDGER_NEW;
		buf_append_text(&keys, i == 0 ? "\"\\\\x" : ",\"\\\\x");
		hex_append(&keys, messages[i]->key, MESSAGE_KEY_SIZE);
		buf_append_byte(&keys, '"');
	}
	buf_append_byte(&keys, '}');
	if (!facts_lookup_messages(c, keys.p, &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		unsigned char key[MESSAGE_KEY_SIZE];

		BUG_UNLESS(hex_parse(rows_text(rows, row, 0), key, sizeof(key)));
		for (size_t i = 0; i < count; i++) {
			if (memcmp(messages[i]->key, key, sizeof(key)) == 0)
				states[i] = state_of_row(ledger, rows, row);
		}
	}
	return true;
}
