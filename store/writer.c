/* SPDX-License-Identifier: MIT */
#include "store/writer.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/batch.h"
#include "store/claims.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/key_set.h"
#include "store/known.h"
#include "store/payload.h"

#include "base/banned.h"

/*
 * A transaction is worth its fixed cost from about here on; more would only cost memory. A message
 * beyond STREAM_BYTES does not wait until it is whole; from there on it is sent in pieces that a socket
 * takes, so that the server stores one while the next is parsed.
 */
enum {
	BATCH_MESSAGES = 512,
	BATCH_BYTES = 6 << 20,
	STREAM_BYTES = 1 << 20,
	PIECE_BYTES = 64 << 10,
};

/* Months from 2012 to the year 2111 whose partition is there for sure. */
enum { FIRST_YEAR = 2012, MONTHS = 1200 };

struct writer {
	struct ledger ledger;
	struct sink sink;
	struct connection *connection; /* borrowed */
	struct connection *side;       /* for what must not wait for a long transaction; ours */
	struct writer_settings settings;
	struct payload *payload;    /* of the open document; NULL: none is kept */
	const struct message *read; /* the open message, as its reader has it; borrowed */
	struct batch batch;
	struct key_set streams;
	struct digest *digest;
	bool months[MONTHS];
	size_t notified; /* messages of the batch that the listener was told of */

	bool message_open;

	/* the open report */
	bool report_open;
	struct uuid key;
	int64_t day;
	struct buf reporter, policy;
	struct report_totals totals;
	size_t rows_before; /* the buffer's end before it: where abort() goes back to */

	/* the open message streams: the connection is inside its transaction */
	bool streaming;
	bool copying;      /* and inside the COPY of the open report */
	bool message_lost; /* another process has it: read on, store nothing */
};

static struct writer *of_sink(struct sink *s)
{
	return (struct writer *)(void *)((char *)s - offsetof(struct writer, sink));
}

static struct writer *of_ledger(struct ledger *l)
{
	return (struct writer *)(void *)((char *)l - offsetof(struct writer, ledger));
}

static struct batch_message *open_message(struct writer *w)
{
	BUG_UNLESS(w->message_open);
	return &w->batch.messages[w->batch.message_count - 1];
}

static struct batch_report *open_report(struct writer *w)
{
	return &w->batch.reports[w->batch.report_count - 1];
}

/* The connection for statements of their own while the other one is inside a long transaction. */
static struct connection *side_connection(struct writer *w, struct err *e)
{
	if (!w->streaming)
		return w->connection;
	if (!w->side)
		w->side = connection_again(w->connection, e);
	return w->side;
}

/* -- whole batches */

static void notify(struct writer *w)
{
	struct ledger_listener *listener = w->ledger.listener;

	for (; w->notified < w->batch.message_count; w->notified++) {
		const struct batch_message *m = &w->batch.messages[w->notified];

		if (!m->committed)
			return;
		if (listener)
			listener->committed(listener, m->message.key, &m->verdict);
	}
}

static bool may_write(struct writer *w, struct err *e)
{
	struct ledger_listener *listener = w->ledger.listener;

	return !listener || listener->writing(listener, e);
}

/* All of the batch; no message is open. */
static bool write_batch(struct writer *w, struct err *e)
{
	bool ok = w->batch.message_count == 0 ||
		(batch_send_streams(&w->batch, w->connection, e) && may_write(w, e) &&
		 batch_write(&w->batch, w->connection, e));

	notify(w);
	if (ok && !w->batch.stripped)
		key_set_commit(&w->streams);
	else
		key_set_forget(&w->streams);
	batch_clear(&w->batch);
	w->notified = 0;
	return ok;
}

static bool write_batch_if_full(struct writer *w, struct err *e)
{
	const struct batch *b = &w->batch;

	if (b->message_count < BATCH_MESSAGES &&
	    b->rows.n + b->streams.n + b->report_rows.n + b->payloads.n < BATCH_BYTES)
		return true;
	return write_batch(w, e);
}

/* -- a message that streams */

/* The open report's own row, from what was read of it up to now. */
static void encode_open_report(struct writer *w, const struct report *report)
{
	struct batch_report *r = open_report(w);

	r->records = w->totals.records;
	r->mails = w->totals.messages;
	content_bytes(&w->totals.content, r->content);
	r->rows.n = w->batch.rows.n - r->rows.at;
	r->row.at = w->batch.report_rows.n;
	w->totals.origin = origin_of_report(w->settings.domains, &w->read->origin, report);
	encode_report(&w->batch.report_rows, &w->key, report, buf_slice(&w->reporter), &w->totals,
		      open_message(w)->message.key);
	r->row.n = w->batch.report_rows.n - r->row.at;
}

/* On the side: they are to be there before the commit, not before the rows. */
static bool send_streams(struct writer *w, struct err *e)
{
	struct connection *side = side_connection(w, e);

	if (!side)
		return false;
	if (open_message(w)->streams.n == 0 || w->message_lost)
		return true;
	if (!facts_insert_streams(side, buf_slice(&w->batch.streams), e))
		return false;
	if (!w->batch.stripped)
		key_set_commit(&w->streams);
	return true;
}

/* The rows of the open report, in a COPY that stays open until its end. */
static bool send_rows(struct writer *w, struct err *e)
{
	const struct batch_report *r = open_report(w);

	if (w->message_lost || r->claim != CLAIM_WON || r->rows.n == 0)
		return true;
	if (!w->copying && !batch_copy_begin(w->connection, e))
		return false;
	w->copying = true;
	return batch_copy_rows(&w->batch, r, w->connection, e);
}

static bool end_rows(struct writer *w, struct err *e)
{
	bool copying = TAKE(w->copying, false);

	return !copying || connection_copy_end(w->connection, e);
}

static void forget_sent(struct writer *w)
{
	struct batch *b = &w->batch;

	buf_clear(&b->streams);
	open_message(w)->streams = (struct span){ 0, 0 };
	buf_clear(&b->rows);
	buf_clear(&b->payloads);
	for (size_t j = 0; j < b->report_count; j++)
		b->reports[j].rows = b->reports[j].payload = (struct span){ 0, 0 };
	w->rows_before = 0;
}

/* Sends what has gathered of the open message, and forgets it. */
static bool send_piece(struct writer *w, struct err *e)
{
	struct batch *b = &w->batch;
	bool ok = send_streams(w, e);

	/* the reports before the open one are whole */
	for (size_t j = 0; ok && j + 1 < b->report_count && !w->message_lost; j++)
		ok = batch_copy_report(b, &b->reports[j], w->connection, e);
	if (ok && b->report_count > 0)
		ok = w->report_open ? send_rows(w, e)
				    : batch_copy_report(b, open_report(w), w->connection, e);
	forget_sent(w);
	return ok;
}

/* A report inside a streaming message can be taken back alone. */
static bool claim_streaming_report(struct writer *w, struct err *e)
{
	return w->message_lost ||
		(connection_execute(w->connection, "savepoint report", NULL, 0, e) &&
		 claim_one_report(&w->batch, open_report(w), w->connection, e));
}

/* The closed messages before the open one are written, so that it is alone in its transaction. */
static bool write_others(struct writer *w, struct err *e)
{
	bool ok = batch_write_others(&w->batch, w->connection, e);

	notify(w);
	batch_keep_last(&w->batch);
	w->notified = 0;
	return ok;
}

static bool claim_all_reports(struct writer *w, struct err *e)
{
	struct batch *b = &w->batch;

	for (size_t j = 0; j + w->report_open < b->report_count; j++) {
		if (!w->message_lost && !claim_one_report(b, &b->reports[j], w->connection, e))
			return false;
	}
	return !w->report_open || claim_streaming_report(w, e);
}

static bool start_streaming(struct writer *w, const struct report *report, struct err *e)
{
	bool won = false;

	encode_open_report(w, report);
	if (!may_write(w, e) || !write_others(w, e) ||
	    !facts_begin_claims(w->connection, message_is_settled_later(&open_message(w)->message),
				e))
		return false;
	w->streaming = true;
	if (!claim_one_message(open_message(w), w->connection, &won, e))
		return false;
	w->message_lost = !won;
	return claim_all_reports(w, e) && send_piece(w, e);
}

static void stop_streaming(struct writer *w)
{
	if (w->streaming)
		connection_attempt(w->connection, "rollback"); /* a COPY that is open ends by it */
	w->streaming = false;
	w->copying = false;
	w->message_lost = false;
}

/* What the open message has gathered. */
static size_t own_bytes(const struct writer *w)
{
	const struct batch *b = &w->batch;
	const struct batch_message *m = &b->messages[b->message_count - 1];
	size_t rows_at =
		m->first_report < b->report_count ? b->reports[m->first_report].rows.at : b->rows.n;

	return b->rows.n - rows_at + b->streams.n - m->streams.at;
}

static bool send_if_much(struct writer *w, const struct report *report, struct err *e)
{
	struct batch_report *r = open_report(w);

	if (own_bytes(w) < (w->streaming ? PIECE_BYTES : STREAM_BYTES))
		return true;
	if (!w->streaming)
		return start_streaming(w, report, e);
	r->rows.n = w->batch.rows.n - r->rows.at;
	return send_piece(w, e);
}

/* -- the sink */

static bool ensure_month(struct writer *w, struct err *e)
{
	struct date date = date_from_days(w->day);
	size_t month = (size_t)(date.year - FIRST_YEAR) * 12 + date.month - 1;

	if (month < MONTHS && w->months[month])
		return true;

	struct connection *c = side_connection(w, e);

	if (!c || !facts_ensure_month(c, w->day, e))
		return false;
	if (month < MONTHS)
		w->months[month] = true;
	return true;
}

static bool writer_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct writer *w = of_sink(sink);

	w->day = report_day(report);
	if (!report_day_check(w->day, w->settings.latest_day, e) || !ensure_month(w, e))
		return false;
	buf_clear(&w->reporter);
	reporter_append(&w->reporter, report);
	buf_clear(&w->policy);
	stream_policy_append(&w->policy, &report->policy);
	w->key = report_key(w->digest, report, buf_slice(&w->reporter));
	w->totals = (struct report_totals){ 0 };
	w->rows_before = w->batch.rows.n;
	batch_add_report(&w->batch)->key = w->key;
	w->report_open = true;
	if (!w->streaming)
		return true;
	encode_open_report(w, report);
	return claim_streaming_report(w, e);
}

static bool writer_record(struct sink *sink, const struct report *report,
			  const struct record *record, struct err *e)
{
	struct writer *w = of_sink(sink);
	struct buf *streams = &w->batch.streams;
	struct uuid stream = stream_key(w->digest, buf_slice(&w->policy), record);

	content_add(&w->totals.content, w->digest, &stream, record);
	w->totals.records++;
	w->totals.messages += record->count;
	if (key_set_add(&w->streams, &stream)) {
		encode_stream(streams, &stream, &report->policy, record);
		open_message(w)->streams.n = streams->n - open_message(w)->streams.at;
	}
	encode_record(&w->batch.rows, &w->key, w->day, &stream, record);
	return send_if_much(w, report, e);
}

/* Its document has been read to its end. One that is large does not wait either. */
static bool end_payload(struct writer *w, const struct report *report, struct err *e)
{
	struct batch_report *r = open_report(w);

	if (!payload_finish(w->payload, e))
		return false;
	if (payload_is_large(w->payload))
		return w->streaming || start_streaming(w, report, e);
	if (w->streaming)
		return true;
	r->payload.at = w->batch.payloads.n;
	if (!payload_encode(w->payload, &r->key, &w->batch.payloads, e))
		return false;
	r->payload.n = w->batch.payloads.n - r->payload.at;
	return true;
}

static bool writer_end(struct sink *sink, const struct report *report, struct err *e)
{
	struct writer *w = of_sink(sink);

	if (w->payload && !end_payload(w, report, e))
		return false;
	encode_open_report(w, report);
	open_message(w)->end_report = w->batch.report_count;
	if (w->streaming && (!send_piece(w, e) || !end_rows(w, e)))
		return false;
	w->report_open = false;
	if (!w->streaming || w->message_lost || open_report(w)->claim != CLAIM_WON)
		return true;

	return batch_complete_report(&w->batch, open_report(w), w->connection, e) &&
		(!w->payload || payload_copy(w->payload, &w->key, w->connection, e));
}

/* As if the report had never begun. Its streams may stay: an orphan is harmless. */
static void writer_abort(struct sink *sink, const struct report *report UNUSED,
			 const struct err *why UNUSED)
{
	struct writer *w = of_sink(sink);

	if (!w->report_open)
		return;
	w->report_open = false;
	w->copying = false; /* a COPY that is open ends by the next statement */
	if (w->streaming && !w->message_lost)
		connection_attempt(w->connection, "rollback to savepoint report");
	w->batch.rows.n = w->rows_before;
	w->batch.payloads.n = open_report(w)->payload.at;
	w->batch.report_count--;
}

static void writer_document_begin(struct sink *sink)
{
	payload_begin(of_sink(sink)->payload);
}

static bool writer_document_bytes(struct sink *sink, struct slice bytes, struct err *e)
{
	return payload_add(of_sink(sink)->payload, bytes, e);
}

static const struct document_ops document_ops = { writer_document_begin, writer_document_bytes };

static const struct sink_ops sink_ops = { writer_begin, writer_record, writer_end, writer_abort };

/* -- the ledger */

static bool ledger_lookup(struct ledger *ledger, const struct message *const *messages,
			  size_t count, struct known_message *known, struct err *e)
{
	return known_lookup(of_ledger(ledger)->connection, ledger->retry, messages, count, known,
			    e);
}

static bool ledger_unsettled(struct ledger *ledger, const char *source,
			     struct unsettled_message **messages_out, size_t *count_out,
			     struct err *e)
{
	return known_unsettled(of_ledger(ledger)->connection, source, messages_out, count_out, e);
}

static void copy_message(struct message *copy, const struct message *m)
{
	*copy = *m;
	copy->source = memory_copy(slice_from(m->source));
	copy->locator = memory_copy(slice_from(m->locator));
	copy->message_id = NULL;
	copy->origin = (struct mail_origin){ 0 };
}

static bool ledger_open(struct ledger *ledger, const struct message *message, struct err *e UNUSED)
{
	struct writer *w = of_ledger(ledger);

	BUG_UNLESS(!w->message_open);
	copy_message(&batch_add_message(&w->batch)->message, message);
	w->read = message;
	key_set_next_owner(&w->streams);
	w->message_open = true;
	return true;
}

/* Nothing of the message is stored but its outcome. */
static void drop_contents(struct writer *w, struct batch_message *m)
{
	if (m->first_report < w->batch.report_count) {
		const struct batch_report *first = &w->batch.reports[m->first_report];

		w->batch.rows.n = first->rows.at;
		w->batch.payloads.n = first->payload.at;
	}
	w->batch.report_count = m->end_report = m->first_report;
}

static bool close_streaming(struct writer *w, struct batch_message *m, struct err *e)
{
	if (!w->message_lost &&
	    (!claim_end_message(&w->batch, m, w->connection, e) ||
	     !connection_execute(w->connection, "commit", NULL, 0, e))) {
		stop_streaming(w);
		return false;
	}
	if (w->message_lost)
		m->verdict = (struct verdict_of_message){ .outcome = OUTCOME_DUPLICATE,
							  .claimed_elsewhere = true };
	m->committed = true;
	w->streaming = w->streaming && w->message_lost;
	stop_streaming(w);
	notify(w);
	if (w->batch.stripped)
		key_set_forget(&w->streams);
	batch_clear(&w->batch);
	w->notified = 0;
	return true;
}

static bool ledger_close(struct ledger *ledger, const struct message *message,
			 const struct verdict_of_message *verdict, struct err *e)
{
	struct writer *w = of_ledger(ledger);
	struct batch_message *m = open_message(w);

	message_learn(&m->message, message);
	w->message_open = false;
	m->verdict = *verdict;
	m->end_report = w->batch.report_count;
	if (w->streaming && verdict->outcome == OUTCOME_STORED)
		return close_streaming(w, m, e);
	stop_streaming(w);
	if (verdict->outcome != OUTCOME_STORED)
		drop_contents(w, m);
	return write_batch_if_full(w, e);
}

static bool ledger_flush(struct ledger *ledger, struct err *e)
{
	struct writer *w = of_ledger(ledger);

	/* a message that was broken off by the world, not by itself, is as if never seen */
	if (w->message_open) {
		stop_streaming(w);
		drop_contents(w, open_message(w));
		message_release(&open_message(w)->message);
		w->batch.message_count--;
		w->batch.stripped = true; /* of its streams */
		w->message_open = false;
	}
	return write_batch(w, e);
}

static bool ledger_settled(struct ledger *ledger, const struct settled_message *settled,
			   size_t count, struct err *e)
{
	return known_settle(of_ledger(ledger)->connection, settled, count, e);
}

static const struct ledger_ops ledger_ops = {
	ledger_lookup, ledger_unsettled, ledger_open, ledger_close, ledger_flush, ledger_settled,
};

struct writer *writer_new(struct connection *c, struct writer_settings settings)
{
	struct writer *w = memory_zeroed(1, sizeof(*w));

	w->sink.ops = &sink_ops;
	w->ledger = (struct ledger){ .ops = &ledger_ops, .sink = &w->sink };
	w->connection = c;
	w->settings = settings;
	if (settings.store_payloads) {
		w->payload = payload_new();
		w->sink.documents = &document_ops;
	}
	w->digest = digest_new(KEYS_VERSION);
	key_set_init(&w->streams, settings.commons);
	return w;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	stop_streaming(w);
	connection_close(w->side);
	batch_release(&w->batch);
	payload_free(w->payload);
	key_set_release(&w->streams);
	digest_free(w->digest);
	buf_release(&w->reporter);
	buf_release(&w->policy);
	free(w);
}

struct ledger *writer_ledger(struct writer *w)
{
	return &w->ledger;
}
