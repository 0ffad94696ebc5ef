/* SPDX-License-Identifier: MIT */
#include "store/facts.h"

#include "base/timestamp.h"
#include "store/encode.h"

#include "base/banned.h"

/*
 * Rows are sorted by key before they are claimed: two writers then wait for each other in one
 * direction only. "on conflict do nothing" waits for the other's commit, and its rows are not ours.
 */

#define REPORT_COLUMNS                                                                             \
	"key, day, reporter, org_name, email, extra_contact_info, report_id, begin_at, end_at, "   \
	"version, generator, namespace, errors, policy_domain, adkim, aspf, p, sp, np, pct, fo, "  \
	"testing, discovery_method, quirks, records, messages, content, message_key"

/* A JSON array read as rows of the table itself: the types are said once, in the schema. */
#define ROWS_OF(table) "jsonb_populate_recordset(null::dmarc." table ", $1::jsonb)"

/* The objects of encode_message() as rows. */
#define MESSAGES                                                                                   \
	"jsonb_to_recordset($1::jsonb) as x (key bytea, source text, locator text, "               \
	"message_id text, size bigint, outcome dmarc.outcome, reason text, settled boolean, "      \
	"again boolean)"

/* What a later version may make something of. */
#define FAILED "m.outcome in ('broken', 'too large', 'too old', 'invalid date')"

static bool execute_with(struct connection *c, const char *sql, struct slice json, struct err *e)
{
	const char *values[] = { json.p };

	return connection_execute(c, sql, values, COUNT_OF(values), e);
}

static bool query_with(struct connection *c, const char *sql, const char *value,
		       struct rows **rows_out, struct err *e)
{
	const char *values[] = { value };

	return connection_query(c, sql, values, COUNT_OF(values), rows_out, e);
}

bool facts_ensure_month(struct connection *c, int64_t day, struct err *e)
{
	char text[DATE_TEXT_SIZE];
	const char *values[] = { text };

	date_format(day, text);
	return connection_execute(c, "select dmarc.ensure_month($1::date)", values, 1, e);
}

/* A place of the session's own, which is empty between two transactions. */
static const char make_new_streams[] =
	"create temporary table new_stream (like dmarc.stream) on commit delete rows";

static bool copy_streams(struct connection *c, struct slice rows, struct err *e)
{
	return connection_copy_begin(c,
				     "copy pg_temp.new_stream (" ENCODE_STREAM_COLUMNS
				     ") from stdin (format binary)",
				     e) &&
		connection_copy_put(c, encode_copy_header(), e) &&
		connection_copy_put(c, rows, e) &&
		connection_copy_put(c, encode_copy_trailer(), e) && connection_copy_end(c, e);
}

bool facts_insert_streams(struct connection *c, struct slice rows, struct err *e)
{
	bool ok = connection_once(c, make_new_streams, e) &&
		connection_execute(c, "begin", NULL, 0, e) && copy_streams(c, rows, e) &&
		connection_execute(c,
				   "insert into dmarc.stream (" ENCODE_STREAM_COLUMNS ") "
				   "select " ENCODE_STREAM_COLUMNS " from pg_temp.new_stream "
				   "order by key on conflict (key) do nothing",
				   NULL, 0, e) &&
		connection_execute(c, "commit", NULL, 0, e);

	if (!ok)
		connection_attempt(c, "rollback");
	return ok;
}

bool facts_claim_messages(struct connection *c, struct slice messages, struct rows **won_out,
			  struct err *e)
{
	return query_with(c,
			  "insert into dmarc.message "
			  "(key, source, locator, message_id, size, outcome, reason, settled_at) "
			  "select key, source, locator, message_id, size, outcome, reason, "
			  "case when settled then now() end "
			  "from " MESSAGES " where not again "
			  "order by key on conflict (key) do nothing "
			  "returning encode(key, 'hex')",
			  messages.p, won_out, e);
}

/* Who waits for a row sees it as the other one left it, and lets go when it has not failed again. */
bool facts_claim_again(struct connection *c, struct slice messages, struct rows **won_out,
		       struct err *e)
{
	return query_with(c,
			  "with given as (select * from " MESSAGES " where again), "
			  "ours as (select m.key from dmarc.message m "
			  "where m.key in (select key from given) and " FAILED " "
			  "order by m.key for update) "
			  "update dmarc.message m set source = x.source, locator = x.locator, "
			  "message_id = x.message_id, size = x.size, outcome = x.outcome, "
			  "reason = x.reason, attempts = m.attempts + 1, retried_at = now(), "
			  "settled_at = case when x.settled then now() end, settlement = null "
			  "from given x where x.key = m.key and m.key in (select key from ours) "
			  "returning encode(m.key, 'hex')",
			  messages.p, won_out, e);
}

bool facts_claim_reports(struct connection *c, struct slice reports, struct rows **won_out,
			 struct err *e)
{
	return query_with(c,
			  "insert into dmarc.report (" REPORT_COLUMNS ") "
			  "select " REPORT_COLUMNS
			  " from " ROWS_OF("report") " "
						     "order by key on conflict (key) do nothing "
						     "returning key::text",
			  reports.p, won_out, e);
}

bool facts_report_contents(struct connection *c, const char *keys, struct rows **rows_out,
			   struct err *e)
{
	return query_with(c,
			  "select key::text, encode(content, 'hex') from dmarc.report "
			  "where key = any ($1::uuid[])",
			  keys, rows_out, e);
}

bool facts_insert_conflicts(struct connection *c, struct slice reports, struct err *e)
{
	return execute_with(c,
			    "insert into dmarc.report_conflict "
			    "(report_key, message_key, records, messages, content) "
			    "select key, message_key, records, messages, content from " ROWS_OF(
				    "report") " "
					      "order by key on conflict do nothing",
			    reports, e);
}

bool facts_complete_report(struct connection *c, struct slice report, struct err *e)
{
	return execute_with(c,
			    "update dmarc.report r set errors = x.errors, quirks = x.quirks, "
			    "records = x.records, messages = x.messages, content = x.content "
			    "from " ROWS_OF("report") " x where r.key = x.key",
			    report, e);
}

bool facts_update_messages(struct connection *c, struct slice messages, struct err *e)
{
	return execute_with(c,
			    "update dmarc.message m set outcome = x.outcome, reason = x.reason, "
			    "message_id = x.message_id, "
			    "settled_at = case when x.settled then now() end "
			    "from " MESSAGES " where m.key = x.key",
			    messages, e);
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
	return execute_with(c,
			    "update dmarc.message m set settled_at = coalesce(settled_at, now()), "
			    "settlement = x.settlement, source = coalesce(x.source, m.source), "
			    "locator = coalesce(x.locator, m.locator), "
			    "place_key = coalesce(x.place_key, m.place_key) "
			    "from jsonb_to_recordset($1::jsonb) as x (key bytea, settlement text, "
			    "source text, locator text, place_key bytea) where m.key = x.key "
			    "and (m.settled_at is null or x.settlement is distinct from 'gone')",
			    settled, e);
}
