/* SPDX-License-Identifier: MIT */
#include "store/claims.h"

#include "base/bug.h"
#include "base/timestamp.h"
#include "store/encode.h"
#include "store/facts.h"
#include "store/key_order.h"

#include "base/banned.h"

static size_t first_report_of(const struct range *range)
{
	return range->batch->messages[range->first].first_report;
}

static size_t end_report_of(const struct range *range)
{
	return range->batch->messages[range->end - 1].end_report;
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

bool claim_messages(const struct range *range, struct connection *c, bool *lost, struct err *e)
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
 * Before the database is asked: of the reports with one key the first stands for all. All claims start
 * as lost ones; those that are won are told by the database.
 */
static void choose_claimants(struct batch *b, const struct key_order *order, struct buf *reports)
{
	for (size_t i = 0; i < order->count;) {
		const struct batch_report *first = &b->reports[order->entries[i].place];

		buf_append(reports, batch_span(&b->report_rows, first->row));
		for (size_t end = key_order_end(order, i); i < end; i++)
			b->reports[order->entries[i].place].claim = CLAIM_DUPLICATE;
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

static enum claim compare(const struct batch *b, const struct batch_report *r,
			  const unsigned char *content, const unsigned char *message)
{
	if (memcmp(r->content, content, DIGEST_SIZE) != 0)
		return CLAIM_CONFLICT;
	return memcmp(b->messages[r->message].message.key, message, MESSAGE_KEY_SIZE) == 0
		? CLAIM_KEPT
		: CLAIM_DUPLICATE;
}

static void judge_by_content(struct batch *b, const struct key_order *order,
			     const struct rows *stored)
{
	for (size_t row = 0; row < rows_count(stored); row++) {
		struct uuid key = row_uuid(stored, row);
		unsigned char content[DIGEST_SIZE], message[MESSAGE_KEY_SIZE];
		size_t first = key_order_find(order, key.bytes);

		BUG_UNLESS(first < order->count);

		size_t end = key_order_end(order, first);

		row_bytes(stored, row, 1, content, sizeof(content));
		row_bytes(stored, row, 2, message, sizeof(message));
		for (size_t i = first; i < end; i++) {
			struct batch_report *r = &b->reports[order->entries[i].place];

			r->claim = compare(b, r, content, message);
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

bool claim_reports(const struct range *range, const bool *lost, struct connection *c, struct err *e)
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
	return judge_lost_claims(b, first_report_of(range), end_report_of(range), c, e);
}

static bool insert_conflicts(const struct batch *b, size_t first, size_t end, struct connection *c,
			     struct err *e)
{
	SCOPED(buf) struct buf reports = { 0 };

	for (size_t j = first; j < end; j++) {
		if (b->reports[j].claim == CLAIM_CONFLICT)
			buf_append(&reports, batch_span(&b->report_rows, b->reports[j].row));
	}
	return reports.n == 0 || facts_insert_conflicts(c, buf_slice(&reports), e);
}

/* -- verdicts */

static enum outcome outcome_of_claims(const struct batch *b, const struct batch_message *m)
{
	enum outcome outcome = OUTCOME_DUPLICATE;

	for (size_t j = m->first_report; j < m->end_report; j++) {
		if (b->reports[j].claim == CLAIM_WON || b->reports[j].claim == CLAIM_KEPT)
			return OUTCOME_STORED;
		if (b->reports[j].claim == CLAIM_CONFLICT)
			outcome = OUTCOME_CONFLICTING;
		if (b->reports[j].claim == CLAIM_TOO_OLD && outcome == OUTCOME_DUPLICATE)
			outcome = OUTCOME_TOO_OLD;
	}
	return outcome;
}

void claim_note_too_old(struct verdict_of_message *v, const struct uuid *report)
{
	char day[DATE_TEXT_SIZE];

	if (v->reason.kind != ERR_NONE)
		return;
	date_format(uuid_day(report), day);
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
			claim_note_too_old(v, &b->reports[j].key);
		if (b->reports[j].claim != CLAIM_WON)
			continue;
		v->reports++;
		v->records += b->reports[j].records;
		v->mails += b->reports[j].mails;
	}
}

/* The messages were claimed as stored; those whose reports were there before are told otherwise. */
bool claim_outcomes(const struct range *range, const bool *lost, struct connection *c,
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
	return insert_conflicts(range->batch, first_report_of(range), end_report_of(range), c, e) &&
		(messages.n == 0 || facts_update_messages(c, buf_slice(&messages), e));
}

/* -- a message that is written by and by */

bool claim_one_message(struct batch_message *m, struct connection *c, bool *won_out, struct err *e)
{
	struct batch single = { .messages = m, .message_count = 1 };
	struct range range = { &single, 0, 1 };
	bool lost = false;
	bool ok = claim_messages(&range, c, &lost, e);

	*won_out = !lost;
	return ok;
}

bool claim_one_report(struct batch *b, struct batch_report *r, struct connection *c, struct err *e)
{
	SCOPED(rows) struct rows *answer = NULL;

	if (!facts_claim_reports(c, batch_span(&b->report_rows, r->row), &answer, e))
		return false;
	r->claim = CLAIM_DUPLICATE;
	if (rows_count(answer) == 1)
		r->claim = rows_boolean(answer, 0, 1) ? CLAIM_WON : CLAIM_TOO_OLD;
	return true;
}

bool claim_end_message(struct batch *b, struct batch_message *m, struct connection *c,
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
