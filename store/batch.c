/* SPDX-License-Identifier: MIT */
#include "store/batch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/claims.h"
#include "store/copy.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/payload.h"

#include "base/banned.h"

/* Two writers in each other's way are rare, since claims are sorted; three in a row are rarer. */
enum { MAX_TRIES = 6 };

void batch_clear(struct batch *b)
{
	for (size_t i = 0; i < b->message_count; i++)
		message_release(&b->messages[i].message);
	b->message_count = 0;
	b->report_count = 0;
	b->stripped = b->streams_sent = false;
	buf_clear(&b->streams);
	buf_clear(&b->report_rows);
	buf_clear(&b->rows);
	buf_clear(&b->payloads);
}

void batch_release(struct batch *b)
{
	batch_clear(b);
	buf_release(&b->streams);
	buf_release(&b->report_rows);
	buf_release(&b->rows);
	buf_release(&b->payloads);
	free(b->messages);
	free(b->reports);
	*b = (struct batch){ 0 };
}

struct batch_message *batch_add_message(struct batch *b)
{
	b->messages = memory_grow_array(b->messages, b->message_count, &b->message_capacity,
					sizeof(*b->messages));

	struct batch_message *m = &b->messages[b->message_count++];

	*m = (struct batch_message){
		.first_report = b->report_count,
		.end_report = b->report_count,
		.streams = { b->streams.n, 0 },
	};
	return m;
}

struct batch_report *batch_add_report(struct batch *b)
{
	b->reports = memory_grow_array(b->reports, b->report_count, &b->report_capacity,
				       sizeof(*b->reports));

	struct batch_report *r = &b->reports[b->report_count++];

	*r = (struct batch_report){
		.message = b->message_count - 1,
		.row = { b->report_rows.n, 0 },
		.rows = { b->rows.n, 0 },
		.payload = { b->payloads.n, 0 },
		.claim = CLAIM_NOT_MADE,
	};
	return r;
}

void batch_keep_last(struct batch *b)
{
	struct batch_message kept = b->messages[b->message_count - 1];
	size_t reports = b->report_count - kept.first_report;

	for (size_t i = 0; i + 1 < b->message_count; i++)
		message_release(&b->messages[i].message);
	memmove(b->reports, b->reports + kept.first_report, reports * sizeof(*b->reports));
	for (size_t j = 0; j < reports; j++)
		b->reports[j].message = 0;
	buf_drop_front(&b->streams, kept.streams.at);
	kept.streams.at = 0;
	kept.end_report -= kept.first_report;
	kept.first_report = 0;
	b->messages[0] = kept;
	b->message_count = 1;
	b->report_count = reports;
}

/* -- one transaction */

/* Rows that lie together, of reports that were won; from *place on, which goes on behind them. */
static bool next_rows(const struct batch *b, size_t *place, size_t end, struct span *rows_out)
{
	struct span rows = { 0 };

	for (; *place < end; (*place)++) {
		const struct batch_report *r = &b->reports[*place];
		bool won = r->claim == CLAIM_WON && r->rows.n > 0;

		if (rows.n > 0 && (!won || r->rows.at != rows.at + rows.n))
			break;
		if (won && rows.n == 0)
			rows.at = r->rows.at;
		if (won)
			rows.n += r->rows.n;
	}
	*rows_out = rows;
	return rows.n > 0;
}

static bool copy_rows(const struct range *range, struct connection *c, struct err *e)
{
	const struct batch *b = range->batch;
	size_t first = b->messages[range->first].first_report;
	size_t end = b->messages[range->end - 1].end_report;
	struct span rows;

	if (!next_rows(b, &first, end, &rows))
		return true;
	if (!batch_copy_begin(c, e))
		return false;
	do {
		if (!connection_copy_put(c, batch_span(&b->rows, rows), e))
			return false;
	} while (next_rows(b, &first, end, &rows));
	return connection_copy_end(c, e);
}

static bool copy_payloads(const struct range *range, struct connection *c, struct err *e)
{
	const struct batch *b = range->batch;
	SCOPED(buf) struct buf rows = { 0 };

	for (size_t j = b->messages[range->first].first_report;
	     j < b->messages[range->end - 1].end_report; j++) {
		if (b->reports[j].claim == CLAIM_WON)
			buf_append(&rows, batch_span(&b->payloads, b->reports[j].payload));
	}
	return rows.n == 0 || payload_copy_rows(c, buf_slice(&rows), e);
}

static bool insert_streams(const struct range *range, struct connection *c, struct err *e)
{
	const struct batch *b = range->batch;
	const struct span first = b->messages[range->first].streams;
	const struct span last = b->messages[range->end - 1].streams;
	const struct span all = { first.at, last.at + last.n - first.at };

	return b->streams_sent || all.n == 0 ||
		facts_insert_streams(c, batch_span(&b->streams, all), e);
}

bool batch_send_streams(struct batch *b, struct connection *c, struct err *e)
{
	struct err why = ERR_INIT;

	if (b->streams.n == 0)
		return true;
	b->streams_sent = facts_insert_streams(c, buf_slice(&b->streams), &why);
	if (b->streams_sent || why.kind == ERR_REFUSED || connection_should_retry(c))
		return true;
	*e = why;
	return false;
}

/*
 * A mail may be moved or deleted only once what it brought is on the disk. One that stays where it is
 * would only be read again, if the machine went down at once: the end of the run waits for the disk.
 */
static bool must_wait_for_disk(const struct range *range)
{
	for (size_t i = range->first; i < range->end; i++) {
		if (message_is_settled_later(&range->batch->messages[i].message))
			return true;
	}
	return false;
}

/*
 * The verdicts are changed along the way, and must be as they were if the transaction fails: the
 * range may be tried again.
 */
static bool write_transaction(const struct range *range, struct connection *c, struct err *e)
{
	struct batch *b = range->batch;
	size_t count = range->end - range->first;
	struct verdict_of_message *before = memory_zeroed(count, sizeof(*before));
	bool *lost = memory_zeroed(count, sizeof(*lost));

	for (size_t i = 0; i < count; i++)
		before[i] = b->messages[range->first + i].verdict;

	bool ok = facts_begin_claims(c, must_wait_for_disk(range), e) &&
		claim_messages(range, c, lost, e) && claim_reports(range, lost, c, e) &&
		copy_rows(range, c, e) && copy_payloads(range, c, e) &&
		claim_outcomes(range, lost, c, e);

	ok = connection_end(c, ok, e);
	for (size_t i = 0; i < count; i++) {
		if (!ok)
			b->messages[range->first + i].verdict = before[i];
		b->messages[range->first + i].committed = ok;
	}
	free(before);
	free(lost);
	return ok;
}

/* Streams go before, in a transaction of their own: an orphan is harmless, a long lock is not. */
static bool write_once(const struct range *range, struct connection *c, struct err *e)
{
	return insert_streams(range, c, e) && write_transaction(range, c, e);
}

/* A message with a value that the database refuses keeps its place in the ledger and loses the rest. */
static void strip_message(struct batch_message *m, const struct err *why)
{
	m->verdict = (struct verdict_of_message){ .outcome = OUTCOME_BROKEN };
	err_set(&m->verdict.reason, ERR_INPUT, "refused by the database: %s", why->what);
	m->end_report = m->first_report;
	m->streams.n = 0;
}

static bool write_range(struct range range, struct connection *c, struct err *e)
{
	struct err why = ERR_INIT;
	bool ok = false;

	for (int tries = 0; tries < MAX_TRIES && !ok; tries++) {
		ok = write_once(&range, c, &why);
		if (!ok && !connection_should_retry(c))
			break;
	}
	if (ok)
		return true;
	if (why.kind != ERR_REFUSED) {
		*e = why;
		return false;
	}

	size_t count = range.end - range.first;
	size_t middle = range.first + count / 2;

	if (count == 1) {
		struct batch_message *m = &range.batch->messages[range.first];

		if (m->end_report ==
		    m->first_report) { /* stripped already: the ledger's own row is refused */
			*e = why;
			return err_where(e, "%s", m->message.locator);
		}
		strip_message(m, &why);
		range.batch->stripped = true;
		return write_range(range, c, e);
	}
	return write_range((struct range){ range.batch, range.first, middle }, c, e) &&
		write_range((struct range){ range.batch, middle, range.end }, c, e);
}

bool batch_write(struct batch *b, struct connection *c, struct err *e)
{
	return b->message_count == 0 || write_range((struct range){ b, 0, b->message_count }, c, e);
}

bool batch_write_others(struct batch *b, struct connection *c, struct err *e)
{
	return b->message_count == 1 ||
		write_range((struct range){ b, 0, b->message_count - 1 }, c, e);
}

/* -- a message that is too large to wait */

bool batch_copy_begin(struct connection *c, struct err *e)
{
	return connection_copy_begin(c, encode_copy_statement, e);
}

bool batch_copy_rows(const struct batch *b, const struct batch_report *r, struct connection *c,
		     struct err *e)
{
	return connection_copy_put(c, batch_span(&b->rows, r->rows), e);
}

bool batch_copy_report(const struct batch *b, const struct batch_report *r, struct connection *c,
		       struct err *e)
{
	if (r->claim != CLAIM_WON)
		return true;
	return (r->rows.n == 0 ||
		(batch_copy_begin(c, e) && batch_copy_rows(b, r, c, e) &&
		 connection_copy_end(c, e))) &&
		(r->payload.n == 0 ||
		 payload_copy_rows(c, batch_span(&b->payloads, r->payload), e));
}

bool batch_complete_report(const struct batch *b, const struct batch_report *r,
			   struct connection *c, struct err *e)
{
	return facts_complete_report(c, batch_span(&b->report_rows, r->row), e);
}
