/* SPDX-License-Identifier: MIT */
#include "store/rehearsal.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "store/claims.h"
#include "store/facts.h"
#include "store/keys.h"
#include "store/known.h"

#include "base/banned.h"

/* A report of the open message, or one that this run would have stored. */
struct rehearsed {
	struct uuid key;
	unsigned char content[DIGEST_SIZE];
	uint64_t records, mails;
	bool taken; /* of an entry in the table: there is one */
};

struct rehearsal {
	struct ledger ledger;
	struct sink sink;
	struct connection *connection; /* borrowed; NULL: no database */
	int64_t latest_day, first_kept_day;
	bool asked; /* for the first kept day */
	struct digest *digest;

	/* the open report */
	struct buf reporter, policy;
	struct rehearsed report;
	struct content content;

	/* the reports of the open message */
	struct rehearsed *reports;
	size_t report_count, report_capacity;

	/* those that would be stored: open addressing, never more than half full */
	struct rehearsed *table;
	size_t table_count, table_size;
};

static struct rehearsal *of_sink(struct sink *s)
{
	return (struct rehearsal *)(void *)((char *)s - offsetof(struct rehearsal, sink));
}

static struct rehearsal *of_ledger(struct ledger *l)
{
	return (struct rehearsal *)(void *)((char *)l - offsetof(struct rehearsal, ledger));
}

/* -- the table */

/* Where the key is, or may be put. Its last bytes are of a digest, and spread by themselves. */
static struct rehearsed *table_slot(struct rehearsed *table, size_t size, const struct uuid *key)
{
	size_t at;

	memcpy(&at, key->bytes + UUID_SIZE - sizeof(at), sizeof(at));
	for (at &= size - 1; table[at].taken && !uuid_equal(&table[at].key, key);)
		at = (at + 1) & (size - 1);
	return &table[at];
}

static void grow_table(struct rehearsal *r)
{
	size_t size = r->table_size ? r->table_size * 2 : 1024;
	struct rehearsed *table = memory_zeroed(size, sizeof(*table));

	for (size_t i = 0; i < r->table_size; i++) {
		if (r->table[i].taken)
			*table_slot(table, size, &r->table[i].key) = r->table[i];
	}
	free(r->table);
	r->table = table;
	r->table_size = size;
}

/* -- the sink */

static bool rehearsal_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct rehearsal *r = of_sink(sink);

	if (!report_day_check(report_day(report), r->latest_day, e))
		return false;
	buf_clear(&r->reporter);
	reporter_append(&r->reporter, report);
	buf_clear(&r->policy);
	stream_policy_append(&r->policy, &report->policy);
	r->report = (struct rehearsed){
		.key = report_key(r->digest, report, buf_slice(&r->reporter)),
	};
	r->content = (struct content){ 0 };
	return true;
}

static bool rehearsal_record(struct sink *sink, const struct report *report UNUSED,
			     const struct record *record, struct err *e UNUSED)
{
	struct rehearsal *r = of_sink(sink);
	struct uuid stream = stream_key(r->digest, buf_slice(&r->policy), record);

	content_add(&r->content, r->digest, &stream, record);
	r->report.records++;
	r->report.mails += record->count;
	return true;
}

static bool rehearsal_end(struct sink *sink, const struct report *report UNUSED,
			  struct err *e UNUSED)
{
	struct rehearsal *r = of_sink(sink);

	content_bytes(&r->content, r->report.content);
	r->reports = memory_grow_array(r->reports, r->report_count, &r->report_capacity,
				       sizeof(*r->reports));
	r->reports[r->report_count++] = r->report;
	return true;
}

static void rehearsal_abort(struct sink *sink UNUSED, const struct report *report UNUSED,
			    const struct err *why UNUSED)
{
}

static const struct sink_ops sink_ops = {
	rehearsal_begin,
	rehearsal_record,
	rehearsal_end,
	rehearsal_abort,
};

/* -- the ledger */

static bool rehearsal_lookup(struct ledger *ledger, const struct message *const *messages,
			     size_t count, struct known_message *known, struct err *e)
{
	struct rehearsal *r = of_ledger(ledger);

	if (r->connection)
		return known_lookup(r->connection, ledger->retry, messages, count, known, e);
	for (size_t i = 0; i < count; i++) {
		known[i] = (struct known_message){ .state = LEDGER_NEW };
		memcpy(known[i].key, messages[i]->key, MESSAGE_KEY_SIZE);
	}
	return true;
}

/* Nothing is settled, so that nothing is to be made up for. */
static bool rehearsal_unsettled(struct ledger *ledger UNUSED, const char *source UNUSED,
				struct unsettled_message **messages_out, size_t *count_out,
				struct err *e UNUSED)
{
	*messages_out = NULL;
	*count_out = 0;
	return true;
}

static bool rehearsal_open(struct ledger *ledger, const struct message *message UNUSED,
			   struct err *e UNUSED)
{
	of_ledger(ledger)->report_count = 0;
	return true;
}

/* Rows of facts_report_contents() for the reports of the open message; no rows without a database. */
static bool ask_database(struct rehearsal *r, struct rows **rows_out, struct err *e)
{
	SCOPED(buf) struct buf keys = { 0 };

	if (!r->connection || r->report_count == 0)
		return true;
	if (!r->asked && !facts_first_kept_day(r->connection, &r->first_kept_day, e))
		return false;
	r->asked = true;
	for (size_t i = 0; i < r->report_count; i++) {
		char text[UUID_TEXT_SIZE];

		uuid_format(&r->reports[i].key, text);
		buf_printf(&keys, "%s%s", i == 0 ? "{" : ",", text);
	}
	buf_append_byte(&keys, '}');
	return facts_report_contents(r->connection, keys.p, rows_out, e);
}

/* The same report of another message; of this one it was stored by an earlier run. */
static enum outcome compare(const struct rehearsed *report, const unsigned char *content, bool own)
{
	if (memcmp(report->content, content, DIGEST_SIZE) != 0)
		return OUTCOME_CONFLICTING;
	return own ? OUTCOME_STORED : OUTCOME_DUPLICATE;
}

static bool find_stored(const struct rows *stored, const struct rehearsed *report,
			const struct message *m, enum outcome *outcome_out)
{
	for (size_t row = 0; stored && row < rows_count(stored); row++) {
		unsigned char content[DIGEST_SIZE], message[MESSAGE_KEY_SIZE];
		struct uuid key;

		BUG_UNLESS(uuid_parse(rows_text(stored, row, 0), &key) &&
			   hex_parse(rows_text(stored, row, 1), content, sizeof(content)) &&
			   hex_parse(rows_text(stored, row, 2), message, sizeof(message)));
		if (!uuid_equal(&key, &report->key))
			continue;
		*outcome_out =
			compare(report, content, memcmp(message, m->key, MESSAGE_KEY_SIZE) == 0);
		return true;
	}
	return false;
}

/* What would become of one that the database does not have. */
static enum outcome rehearse_new(struct rehearsal *r, const struct rehearsed *report)
{
	if (r->asked && uuid_day(&report->key) < r->first_kept_day)
		return OUTCOME_TOO_OLD;
	if (r->table_count * 2 >= r->table_size)
		grow_table(r);

	struct rehearsed *slot = table_slot(r->table, r->table_size, &report->key);

	if (slot->taken)
		return compare(report, slot->content, false);
	*slot = *report;
	slot->taken = true;
	r->table_count++;
	return OUTCOME_STORED;
}

/* The best that becomes of one of its reports is what becomes of the message. */
static void rehearse_message(struct rehearsal *r, const struct rows *stored,
			     const struct message *m, struct verdict_of_message *verdict)
{
	static const int weight[outcome_count] = {
		[OUTCOME_STORED] = 3,
		[OUTCOME_CONFLICTING] = 2,
		[OUTCOME_TOO_OLD] = 1,
	};

	verdict->outcome = OUTCOME_DUPLICATE;
	for (size_t i = 0; i < r->report_count; i++) {
		const struct rehearsed *report = &r->reports[i];
		enum outcome outcome;
		bool before = find_stored(stored, report, m, &outcome);

		if (!before)
			outcome = rehearse_new(r, report);
		if (weight[outcome] > weight[verdict->outcome])
			verdict->outcome = outcome;
		if (outcome == OUTCOME_TOO_OLD)
			claim_note_too_old(verdict, &report->key);
		if (before || outcome != OUTCOME_STORED)
			continue;
		verdict->reports++;
		verdict->records += report->records;
		verdict->mails += report->mails;
	}
}

static bool rehearsal_close(struct ledger *ledger, const struct message *message,
			    const struct verdict_of_message *verdict, struct err *e)
{
	struct rehearsal *r = of_ledger(ledger);
	struct verdict_of_message final = *verdict;
	SCOPED(rows) struct rows *stored = NULL;

	if (verdict->outcome == OUTCOME_STORED) {
		if (!ask_database(r, &stored, e))
			return false;
		rehearse_message(r, stored, message, &final);
	}
	if (ledger->listener)
		ledger->listener->committed(ledger->listener, message->key, &final);
	return true;
}

static bool rehearsal_flush(struct ledger *ledger UNUSED, struct err *e UNUSED)
{
	return true;
}

static bool rehearsal_settled(struct ledger *ledger UNUSED,
			      const struct settled_message *settled UNUSED, size_t count UNUSED,
			      struct err *e UNUSED)
{
	return true;
}

static const struct ledger_ops ledger_ops = {
	rehearsal_lookup, rehearsal_unsettled, rehearsal_open,
	rehearsal_close,  rehearsal_flush,     rehearsal_settled,
};

struct rehearsal *rehearsal_new(struct connection *c, int64_t latest_day)
{
	struct rehearsal *r = memory_zeroed(1, sizeof(*r));

	r->sink.ops = &sink_ops;
	r->ledger = (struct ledger){ .ops = &ledger_ops, .sink = &r->sink };
	r->connection = c;
	r->latest_day = latest_day;
	r->digest = digest_new(KEYS_VERSION);
	return r;
}

void rehearsal_free(struct rehearsal *r)
{
	if (!r)
		return;
	digest_free(r->digest);
	buf_release(&r->reporter);
	buf_release(&r->policy);
	free(r->reports);
	free(r->table);
	free(r);
}

struct ledger *rehearsal_ledger(struct rehearsal *r)
{
	return &r->ledger;
}
