/* SPDX-License-Identifier: MIT */
#include "store/facts.h"

#include "base/timestamp.h"
#include "store/encode.h"
#include "store/given.h"
#include "store/locks.h"

#include "base/banned.h"

/*
 * Rows are sorted by key before they are claimed: two writers then wait for each other in one
 * direction only. "on conflict do nothing" waits for the other's commit, and its rows are not ours.
 */

#define STREAM  "dmarc.given_stream"
#define REPORT  "dmarc.given_report"
#define MESSAGE "dmarc.given_message"
#define SETTLED "dmarc.given_settled"

#define GIVEN_STREAMS GIVEN(STREAM)
#define GIVEN_REPORTS "given as (select * from " GIVEN(REPORT) ")"
#define GIVEN_SETTLED "timed as (select *, now() as now from " GIVEN(SETTLED) ")"

/* What is to be updated has its time with it: where tables are spread over machines, an update may not ask. */
#define GIVEN_MESSAGES                                                                             \
	"timed as (select *, now() as now, case when settled then now() end as settled_at "        \
	"from " GIVEN(MESSAGE) ")"

/* What a later version may make something, or more, of. */
#define FAILED                                                                                     \
	"(m.outcome in ('broken', 'too large', 'too old', 'invalid date') or "                     \
	"m.outcome in ('stored', 'duplicate', 'conflicting') and m.reason is not null)"

static bool query_with(struct connection *c, const char *sql, const char *value,
		       struct rows **rows_out, struct err *e)
{
	const char *values[] = { value };

	return connection_query(c, sql, values, COUNT_OF(values), rows_out, e);
}

/* Some later commit waits, and then this one is on the disk as well. */
#define BEGIN_ASIDE "begin; set local synchronous_commit = off"

bool facts_ensure_month(struct connection *c, int64_t day, struct err *e)
{
	char text[DATE_TEXT_SIZE];
	const char *values[] = { text };

	date_format(day, text);

	bool ok = connection_execute(c, BEGIN_ASIDE, NULL, 0, e) &&
		connection_execute(c, "select dmarc.ensure_month($1::date)", values, 1, e);

	return connection_end(c, ok, e);
}

/*
 * A stream comes before the records that need it, by whichever session, and is not given again: while one that
 * counts on it is there nobody may take it for one that nothing needs.
 */
static bool keep_streams(struct connection *c, struct err *e)
{
	static const char keep[] = "select pg_advisory_lock_shared(" LOCK_STREAMS ")";

	return connection_once(c, keep, e);
}

/*
 * A lock of its own, which "prune" takes alone when it closes days. "read committed", or what it did
 * before we had the lock would not be seen.
 */
#define BEGIN_CLAIMS                                                                               \
	"begin; set transaction isolation level read committed; "                                  \
	"select pg_advisory_xact_lock_shared(" LOCK_RETENTION ")"

bool facts_begin_claims(struct connection *c, bool wait_for_disk, struct err *e)
{
	static const char waits[] = BEGIN_CLAIMS;
	static const char goes_on[] = BEGIN_CLAIMS "; set local synchronous_commit = off";

	return keep_streams(c, e) &&
		connection_execute(c, wait_for_disk ? waits : goes_on, NULL, 0, e);
}

bool facts_insert_streams(struct connection *c, struct slice rows, struct err *e)
{
	static const char sql[] = "insert into dmarc.stream (" ENCODE_STREAM_COLUMNS ") "
				  "select " ENCODE_STREAM_COLUMNS " from " GIVEN_STREAMS " "
				  "order by key on conflict (key) do nothing";
	SCOPED(rows) struct rows *ignored = NULL;
	bool ok = keep_streams(c, e) && connection_execute(c, BEGIN_ASIDE, NULL, 0, e) &&
		given_query_often(c, sql, STREAM, rows, &ignored, e);

	return connection_end(c, ok, e);
}

bool facts_claim_messages(struct connection *c, struct slice messages, struct rows **won_out,
			  struct err *e)
{
	static const char sql[] =
		"with " GIVEN_MESSAGES " insert into dmarc.message "
		"(key, source, locator, message_id, from_domain, authentication, signer, size, "
		"outcome, reason, settled_at) "
		"select key, source, locator, message_id, from_domain, authentication, signer, "
		"size, outcome, reason, settled_at "
		"from timed where not again order by key on conflict (key) do nothing "
		"returning encode(key, 'hex')";

	return given_query_often(c, sql, MESSAGE, messages, won_out, e);
}

/* Who waits for a row sees it as the other one left it, and lets go when it has not failed again. */
bool facts_claim_again(struct connection *c, struct slice messages, struct rows **won_out,
		       struct err *e)
{
	static const char sql[] =
		"with " GIVEN_MESSAGES
		" update dmarc.message m set source = x.source, locator = x.locator, "
		"message_id = x.message_id, from_domain = x.from_domain, "
		"authentication = x.authentication, signer = x.signer, "
		"size = x.size, outcome = x.outcome, "
		"reason = x.reason, attempts = m.attempts + 1, retried_at = x.now, "
		"settled_at = x.settled_at, settlement = null "
		"from timed x where x.again and x.key = m.key and " FAILED
		" returning encode(m.key, 'hex')";

	return given_query_often(c, sql, MESSAGE, messages, won_out, e);
}

/* What is won makes its day dirty: the roll-ups do not know of it yet. */
bool facts_claim_reports(struct connection *c, struct slice reports, struct rows **answers_out,
			 struct err *e)
{
	static const char sql[] =
		"with " GIVEN_REPORTS ", won as (insert into dmarc.report (" ENCODE_REPORT_COLUMNS
		") "
		"select " ENCODE_REPORT_COLUMNS " from given "
		"where day >= (select dmarc.first_kept_day()) "
		"order by key on conflict (key) do nothing returning key, day), "
		"marked as (insert into dmarc.dirty_day (day, report_key) "
		"select day, key from won) "
		"select key::text, true from won union all "
		"select g.key::text, false from given g where g.day < (select dmarc.first_kept_day()) "
		"and g.key not in (select key from dmarc.report "
		"where key in (select key from given))";

	return given_query_often(c, sql, REPORT, reports, answers_out, e);
}

bool facts_report_contents(struct connection *c, const char *keys, struct rows **rows_out,
			   struct err *e)
{
	return query_with(c,
			  "select key::text, encode(content, 'hex'), encode(message_key, 'hex') "
			  "from dmarc.report "
			  "where key = any ($1::uuid[])",
			  keys, rows_out, e);
}

/* A database of an earlier version has no closed days. */
bool facts_first_kept_day(struct connection *c, int64_t *day_out, struct err *e)
{
	SCOPED(rows) struct rows *known = NULL;
	SCOPED(rows) struct rows *day = NULL;

	*day_out = INT64_MIN;
	if (!connection_query(c, "select to_regprocedure('dmarc.first_kept_day()') is not null",
			      NULL, 0, &known, e))
		return false;
	if (!rows_boolean(known, 0, 0))
		return true;
	if (!connection_query(c, "select dmarc.first_kept_day() - date '1970-01-01'", NULL, 0, &day,
			      e))
		return false;
	*day_out = rows_integer(day, 0, 0);
	return true;
}

bool facts_insert_conflicts(struct connection *c, struct slice reports, struct err *e)
{
	static const char sql[] = "with " GIVEN_REPORTS " insert into dmarc.report_conflict "
				  "(report_key, message_key, records, messages, content) "
				  "select key, message_key, records, messages, content from given "
				  "order by key on conflict do nothing";

	return given_execute(c, sql, REPORT, reports, e);
}

bool facts_complete_report(struct connection *c, struct slice report, struct err *e)
{
	static const char sql[] =
		"with " GIVEN_REPORTS
		" update dmarc.report r set errors = x.errors, quirks = x.quirks, "
		"records = x.records, messages = x.messages, content = x.content "
		"from given x where r.key = x.key";

	return given_execute(c, sql, REPORT, report, e);
}

bool facts_update_messages(struct connection *c, struct slice messages, struct err *e)
{
	static const char sql[] =
		"with " GIVEN_MESSAGES
		" update dmarc.message m set outcome = x.outcome, reason = x.reason, "
		"message_id = x.message_id, from_domain = x.from_domain, "
		"authentication = x.authentication, signer = x.signer, "
		"settled_at = x.settled_at "
		"from timed x where m.key = x.key";

	return given_execute(c, sql, MESSAGE, messages, e);
}

/* Two joins rather than an "or": each by its own index. What is gone and comes up again is not gone. */
bool facts_lookup_messages(struct connection *c, const char *keys, struct rows **rows_out,
			   struct err *e)
{
	return query_with(
		c,
		"select encode(asked, 'hex'), encode(key, 'hex'), "
		"settled_at is not null and settlement is distinct from 'gone', "
		"outcome::text, reason is not null, " FAILED " from ("
		"select m.key as asked, m.* from dmarc.message m where m.key = any ($1::bytea[]) "
		"union all "
		"select m.place_key, m.* from dmarc.message m where m.place_key = any ($1::bytea[])"
		") as m",
		keys, rows_out, e);
}

bool facts_unsettled_messages(struct connection *c, const char *source, struct rows **rows_out,
			      struct err *e)
{
	return query_with(c,
			  "select encode(key, 'hex'), locator, size, outcome::text, "
			  "reason is not null from dmarc.message "
			  "where source = $1 and settled_at is null order by key",
			  source, rows_out, e);
}

/* Of two that settle one message, the one that finds it gone has nothing to say. */
bool facts_settle_messages(struct connection *c, struct slice settled, struct err *e)
{
	static const char sql[] =
		"with " GIVEN_SETTLED
		" update dmarc.message m set settled_at = coalesce(m.settled_at, x.now), "
		"settlement = x.settlement, source = coalesce(x.source, m.source), "
		"locator = coalesce(x.locator, m.locator), "
		"place_key = coalesce(x.place_key, m.place_key) "
		"from timed x where m.key = x.key "
		"and (m.settled_at is null or x.settlement is distinct from 'gone')";

	return given_execute(c, sql, SETTLED, settled, e);
}
