/* SPDX-License-Identifier: MIT */
#include "store/batch.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/copy.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/key_order.h"
#include "store/payload.h"

#include "base/banned.h"

/* Two writers in each other's way are rare, since claims are sorted; three in a row are rarer. */
enum { MAX_TRIES = 6 };

/* Messages [first, end) of a batch, and the reports they brought. */
struct range {
	struct batch *batch;
	size_t first, end;
};

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
		.row = { b->report_rows.n, 0 },
		.rows = { b->rows.n, 0 },
		.payload = { b->payloads.n, 0 },
		.claim = CLAIM_NOT_MADE,
	};
	return r;
}

static struct slice span_of(const struct buf *b, struct span span)
{
	return slice_of(b->p + span.at, span.n);
}

/* What the database returns of a key or digest has the form it was given; anything else is our bug. */
static void row_bytes(const struct rows *rows, size_t row, size_t column, unsigned char *bytes,
		      size_t n)
{
	BUG_UNLESS(hex_parse(rows_text(rows, row, column), bytes, n));
}

static struct uuid row_uuid(const struct rows *rows, size_t row)
{
	struct uuid u;

	BUG_UNLESS(uuid_parse(rows_text(rows, row, 0), &u));
	return u;
}

/* -- messages */

/* A message listed twice in one run is claimed once. */
static void mark_claimed(const struct key_order *messages, const struct rows *won, bool *lost)
{
	for (size_t row = 0; row < rows_count(won); row++) {
		unsigned char key[MESSAGE_KEY_SIZE];

		row_bytes(won, row, 0, key, sizeof(key));

		size_t found = key_order_find(messages, key);

		BUG_UNLESS(found < messages->count);
		lost[messages->entries[found].place] = false;
	}
}

static bool claim_messages(const struct range *range, struct connection *c, bool *lost,
			   struct err *e)
{
	SCOPED(buf) struct buf messages = { 0 };
	SCOPED(key_order) struct key_order order = { 0 };
	SCOPED(rows) struct rows *won = NULL;
	SCOPED(rows) struct rows *won_again = NULL;
	bool any_again = false;

	for (size_t i = range->first; i < range->end; i++) {
		const struct batch_message *m = &range->batch->messages[i];

		encode_message(&messages, &m->message, &m->verdict);
		key_order_add(&order, m->message.key, MESSAGE_KEY_SIZE, i - range->first);
		any_again |= m->message.again;
		lost[i - range->first] = true;
	}
	key_order_sort(&order);
	if (!facts_claim_messages(c, buf_slice(&messages), &won, e))
		return false;
	mark_claimed(&order, won, lost);
	if (!any_again)
		return true;
	if (!facts_claim_again(c, buf_slice(&messages), &won_again, e))
		return false;
	mark_claimed(&order, won_again, lost);
	return true;
}

/* -- reports */

static enum claim compare_content(const struct batch_report *r, const unsigned char *stored)
{
	return memcmp(r->content, stored, DIGEST_SIZE) == 0 ? CLAIM_DUPLICATE : CLAIM_CONFLICT;
}

static void add_report(struct key_order *order, const struct batch *b, size_t place)
{
	key_order_add(order, b->reports[place].key.bytes, UUID_SIZE, place);
}

/* Those of messages that are ours. */
static void order_reports(const struct range *range, const bool *lost, struct key_order *order)
{
	struct batch *b = range->batch;

	for (size_t i = range->first; i < range->end; i++) {
		const struct batch_message *m = &b->messages[i];

		for (size_t j = m->first_report; j < m->end_report; j++) {
			b->reports[j].claim = CLAIM_NOT_MADE;
			if (!lost[i - range->first])
				add_report(order, b, j);
		}
	}
	key_order_sort(order);
}

/*
 * Before the database is asked: of the reports with one key the first stands for all. Claims start
 * as lost ones; those that are won are told by the database.
 */
static void choose_claimants(struct batch *b, const struct key_order *order, struct buf *reports)
{
	for (size_t i = 0; i < order->count;) {
		struct batch_report *first = &b->reports[order->entries[i].place];
		size_t end = key_order_end(order, i);

		first->claim = CLAIM_DUPLICATE;
		buf_append(reports, span_of(&b->report_rows, first->row));
		for (i++; i < end; i++) {
			struct batch_report *r = &b->reports[order->entries[i].place];

			r->claim = compare_content(r, first->content);
		}
	}
}

/* A closed day is closed for all that have the key. */
static void mark_answered(struct batch *b, const struct key_order *order,
			  const struct rows *answers)
{
	for (size_t row = 0; row < rows_count(answers); row++) {
		struct uuid key = row_uuid(answers, row);
		bool won = rows_boolean(answers, row, 1);
		size_t first = key_order_find(order, key.bytes);

		BUG_UNLESS(first < order->count);

		size_t end = won ? first + 1 : key_order_end(order, first);

		for (size_t i = first; i < end; i++)
			b->reports[order->entries[i].place].claim = won ? CLAIM_WON : CLAIM_TOO_OLD;
	}
}

static void judge_by_content(struct batch *b, const struct key_order *order,
			     const struct rows *stored)
{
	for (size_t row = 0; row < rows_count(stored); row++) {
		struct uuid key = row_uuid(stored, row);
		unsigned char content[DIGEST_SIZE];
		size_t first = key_order_find(order, key.bytes);

		BUG_UNLESS(first < order->count);

		size_t end = key_order_end(order, first);

		row_bytes(stored, row, 1, content, sizeof(content));
		for (size_t i = first; i < end; i++) {
			struct batch_report *r = &b->reports[order->entries[i].place];

			r->claim = compare_content(r, content);
		}
	}
}

/* What was not won is compared with what is stored: by us a moment ago, or by anybody before. */
static bool judge_lost_claims(struct batch *b, size_t first, size_t end, struct connection *c,
			      struct err *e)
{
	SCOPED(buf) struct buf keys = { 0 };
	SCOPED(key_order) struct key_order order = { 0 };
	SCOPED(rows) struct rows *stored = NULL;

	for (size_t j = first; j < end; j++) {
		char text[UUID_TEXT_SIZE];

		if (b->reports[j].claim != CLAIM_DUPLICATE)
			continue;
		uuid_format(&b->reports[j].key, text);
		buf_printf(&keys, "%s%s", keys.n == 0 ? "{" : ",", text);
		add_report(&order, b, j);
	}
	if (keys.n == 0)
		return true;
	buf_append_byte(&keys, '}');
	if (!facts_report_contents(c, keys.p, &stored, e))
		return false;
	key_order_sort(&order);
	judge_by_content(b, &order, stored);
	return true;
}

static bool claim_reports(const struct range *range, const bool *lost, struct connection *c,
			  struct err *e)
{
	struct batch *b = range->batch;
	SCOPED(buf) struct buf reports = { 0 };
	SCOPED(key_order) struct key_order order = { 0 };
	SCOPED(rows) struct rows *answers = NULL;

	order_reports(range, lost, &order);
	choose_claimants(b, &order, &reports);
	if (reports.n == 0)
		return true;
	if (!facts_claim_reports(c, buf_slice(&reports), &answers, e))
		return false;
	mark_answered(b, &order, answers);
	return judge_lost_claims(b, b->messages[range->first].first_report,
				 b->messages[range->end - 1].end_report, c, e);
}

static bool insert_conflicts(const struct batch *b, size_t first, size_t end, struct connection *c,
			     struct err *e)
{
	SCOPED(buf) struct buf reports = { 0 };

	for (size_t j = first; j < end; j++) {
		if (b->reports[j].claim == CLAIM_CONFLICT)
			buf_append(&reports, span_of(&b->report_rows, b->reports[j].row));
	}
	return reports.n == 0 || facts_insert_conflicts(c, buf_slice(&reports), e);
}

/* -- verdicts */

static enum outcome outcome_of_claims(const struct batch *b, const struct batch_message *m)
{
	enum outcome outcome = OUTCOME_DUPLICATE;

	for (size_t j = m->first_report; j < m->end_report; j++) {
		if (b->reports[j].claim == CLAIM_WON)
			return OUTCOME_STORED;
		if (b->reports[j].claim == CLAIM_CONFLICT)
			outcome = OUTCOME_CONFLICTING;
		if (b->reports[j].claim == CLAIM_TOO_OLD && outcome == OUTCOME_DUPLICATE)
			outcome = OUTCOME_TOO_OLD;
	}
	return outcome;
}

/* Also where its other reports were stored: it is not counted, and somebody may look for it. */
static void give_reason(struct verdict_of_message *v, const struct batch_report *too_old)
{
	char day[DATE_TEXT_SIZE];

	if (v->reason.kind != ERR_NONE)
		return;
	date_format(uuid_day(&too_old->key), day);
	err_set(&v->reason, ERR_DATE, "the detail of its day, %s, was pruned: the day is closed",
		day);
}

static void sum_up(const struct batch *b, struct batch_message *m, bool lost)
{
	struct verdict_of_message *v = &m->verdict;

	v->reports = v->records = v->mails = 0;
	v->claimed_elsewhere = lost;
	if (lost || v->outcome != OUTCOME_STORED) {
		v->outcome = lost ? OUTCOME_DUPLICATE : v->outcome;
		return;
	}
	v->outcome = outcome_of_claims(b, m);
	for (size_t j = m->first_report; j < m->end_report; j++) {
		if (b->reports[j].claim == CLAIM_TOO_OLD)
			give_reason(v, &b->reports[j]);
		if (b->reports[j].claim != CLAIM_WON)
			continue;
		v->reports++;
		v->records += b->reports[j].records;
		v->mails += b->reports[j].mails;
	}
}

/* The messages were claimed as stored; those whose reports were there before are told otherwise. */
static bool correct_outcomes(const struct range *range, const bool *lost, struct connection *c,
			     struct err *e)
{
	SCOPED(buf) struct buf messages = { 0 };

	for (size_t i = range->first; i < range->end; i++) {
		struct batch_message *m = &range->batch->messages[i];
		enum outcome before = m->verdict.outcome;
		bool had_reason = m->verdict.reason.kind != ERR_NONE;

		sum_up(range->batch, m, lost[i - range->first]);
		if (!lost[i - range->first] &&
		    (m->verdict.outcome != before ||
		     (m->verdict.reason.kind != ERR_NONE) != had_reason))
			encode_message(&messages, &m->message, &m->verdict);
	}
	return messages.n == 0 || facts_update_messages(c, buf_slice(&messages), e);
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
		if (!connection_copy_put(c, span_of(&b->rows, rows), e))
			return false;
	} while (next_rows(b, &first, end, &rows));
	return batch_copy_end(c, e);
}

static bool copy_payloads(const struct range *range, struct connection *c, struct err *e)
{
	const struct batch *b = range->batch;
	SCOPED(buf) struct buf rows = { 0 };

	for (size_t j = b->messages[range->first].first_report;
	     j < b->messages[range->end - 1].end_report; j++) {
		if (b->reports[j].claim == CLAIM_WON)
			buf_append(&rows, span_of(&b->payloads, b->reports[j].payload));
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
		facts_insert_streams(c, span_of(&b->streams, all), e);
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
		insert_conflicts(b, b->messages[range->first].first_report,
				 b->messages[range->end - 1].end_report, c, e) &&
		correct_outcomes(range, lost, c, e);

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

/* -- a message that is too large to wait */

bool batch_claim_message(struct batch_message *m, struct connection *c, bool *won_out,
			 struct err *e)
{
	struct batch single = { .messages = m, .message_count = 1 };
	struct range range = { &single, 0, 1 };
	bool lost = false;
	bool ok = claim_messages(&range, c, &lost, e);

	*won_out = !lost;
	return ok;
}

bool batch_claim_report(struct batch *b, struct batch_report *r, struct connection *c,
			struct err *e)
{
	SCOPED(rows) struct rows *answer = NULL;

	if (!facts_claim_reports(c, span_of(&b->report_rows, r->row), &answer, e))
		return false;
	r->claim = CLAIM_DUPLICATE;
	if (rows_count(answer) == 1)
		r->claim = rows_boolean(answer, 0, 1) ? CLAIM_WON : CLAIM_TOO_OLD;
	return true;
}

bool batch_copy_begin(struct connection *c, struct err *e)
{
	return connection_copy_begin(c, encode_copy_statement, e) &&
		connection_copy_put(c, copy_header(), e);
}

bool batch_copy_rows(const struct batch *b, const struct batch_report *r, struct connection *c,
		     struct err *e)
{
	return connection_copy_put(c, span_of(&b->rows, r->rows), e);
}

bool batch_copy_end(struct connection *c, struct err *e)
{
	return connection_copy_put(c, copy_trailer(), e) && connection_copy_end(c, e);
}

bool batch_copy_report(const struct batch *b, const struct batch_report *r, struct connection *c,
		       struct err *e)
{
	if (r->claim != CLAIM_WON)
		return true;
	return (r->rows.n == 0 ||
		(batch_copy_begin(c, e) && batch_copy_rows(b, r, c, e) && batch_copy_end(c, e))) &&
		(r->payload.n == 0 || payload_copy_rows(c, span_of(&b->payloads, r->payload), e));
}

bool batch_complete_report(const struct batch *b, const struct batch_report *r,
			   struct connection *c, struct err *e)
{
	return facts_complete_report(c, span_of(&b->report_rows, r->row), e);
}

bool batch_finish_message(struct batch *b, struct batch_message *m, struct connection *c,
			  struct err *e)
{
	SCOPED(buf) struct buf row = { 0 };

	if (!judge_lost_claims(b, m->first_report, m->end_report, c, e) ||
	    !insert_conflicts(b, m->first_report, m->end_report, c, e))
		return false;
	/* it was claimed by its key alone: its outcome, reason and Message-ID are known now */
	sum_up(b, m, false);
	encode_message(&row, &m->message, &m->verdict);
	return facts_update_messages(c, buf_slice(&row), e);
}
