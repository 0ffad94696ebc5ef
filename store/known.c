/* SPDX-License-Identifier: MIT */
#include "store/known.h"

#include "base/bug.h"
#include "base/memory.h"
#include "base/number.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/key_order.h"

#include "base/banned.h"

/* The columns from `outcome` on: outcome, and whether there is a reason. */
static enum ending row_ending(const struct rows *rows, size_t row, size_t column)
{
	enum outcome outcome;

	BUG_UNLESS(outcome_find(rows_text(rows, row, column), &outcome));
	return outcome_ending(outcome, rows_boolean(rows, row, column + 1));
}

static void row_key(const struct rows *rows, size_t row, size_t column,
		    unsigned char key[MESSAGE_KEY_SIZE])
{
	BUG_UNLESS(hex_parse(rows_text(rows, row, column), key, MESSAGE_KEY_SIZE));
}

static enum ledger_state row_state(const struct rows *rows, size_t row, bool retry)
{
	if (retry && rows_boolean(rows, row, 5))
		return LEDGER_AGAIN;
	return rows_boolean(rows, row, 2) ? LEDGER_DONE : LEDGER_UNSETTLED;
}

static void note_known(struct known_message *known, const struct rows *rows, size_t row, bool retry)
{
	row_key(rows, row, 1, known->key);
	known->state = row_state(rows, row, retry);
	known->ending = row_ending(rows, row, 3);
}

/* A message that was listed twice is known twice. */
static void note_rows(const struct rows *rows, bool retry, const struct key_order *order,
		      struct known_message *known)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		unsigned char asked[MESSAGE_KEY_SIZE];

		row_key(rows, row, 0, asked);

		size_t first = key_order_find(order, asked);

		BUG_UNLESS(first < order->count);

		size_t end = key_order_end(order, first);

		for (size_t i = first; i < end; i++)
			note_known(&known[order->entries[i].place], rows, row, retry);
	}
}

bool known_lookup(struct connection *c, bool retry, const struct message *const *messages,
		  size_t count, struct known_message *known, struct err *e)
{
	SCOPED(buf) struct buf keys = { 0 };
	SCOPED(key_order) struct key_order order = { 0 };
	SCOPED(rows) struct rows *rows = NULL;

	buf_append_byte(&keys, '{');
	for (size_t i = 0; i < count; i++) {
		known[i] = (struct known_message){ .state = LEDGER_NEW };
		memcpy(known[i].key, messages[i]->key, MESSAGE_KEY_SIZE);
		buf_append_text(&keys, i == 0 ? "\"\\\\x" : ",\"\\\\x");
		hex_append(&keys, messages[i]->key, MESSAGE_KEY_SIZE);
		buf_append_byte(&keys, '"');
		key_order_add(&order, messages[i]->key, MESSAGE_KEY_SIZE, i);
	}
	buf_append_byte(&keys, '}');
	if (!facts_lookup_messages(c, keys.p, &rows, e))
		return false;
	key_order_sort(&order);
	note_rows(rows, retry, &order, known);
	return true;
}

static struct unsettled_message unsettled_of(const struct rows *rows, size_t row,
					     const char *source)
{
	struct unsettled_message u = { 0 };

	row_key(rows, row, 0, u.message.key);
	memcpy(u.message.place_key, u.message.key, MESSAGE_KEY_SIZE);
	u.message.source = memory_copy(slice_from(source));
	u.message.locator = memory_copy(rows_text(rows, row, 1));
	BUG_UNLESS(number_parse_u64(rows_text(rows, row, 2), 0, UINT64_MAX, &u.message.size));
	u.ending = row_ending(rows, row, 3);
	return u;
}

bool known_unsettled(struct connection *c, const char *source,
		     struct unsettled_message **messages_out, size_t *count_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!facts_unsettled_messages(c, source, &rows, e))
		return false;
	*count_out = rows_count(rows);
	*messages_out = memory_zeroed(*count_out + 1, sizeof(**messages_out));
	for (size_t row = 0; row < *count_out; row++)
		(*messages_out)[row] = unsettled_of(rows, row, source);
	return true;
}

bool known_settle(struct connection *c, const struct settled_message *settled, size_t count,
		  struct err *e)
{
	SCOPED(buf) struct buf rows = { 0 };

	for (size_t i = 0; i < count; i++)
		encode_settled(&rows, &settled[i]);
	return count == 0 || facts_settle_messages(c, buf_slice(&rows), e);
}
