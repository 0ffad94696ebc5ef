/* SPDX-License-Identifier: MIT */
#include "reports/rollup.h"

#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "reports/hosts.h"
#include "reports/judging.h"
#include "reports/origins.h"
#include "reports/streams.h"
#include "store/keys.h"
#include "store/locks.h"
#include "store/tray.h"

#include "base/banned.h"

/*
 * Days are taken together until they have so many records: one after the other they would cost more than
 * their records do, and all at once the server's memory.
 */
enum { RECORDS_AT_ONCE = 1000000, DAYS_AT_ONCE = 400 };

/* How long to wait for another process, and how often to look. */
enum { PATIENCE_MS = 5000, PAUSE_MS = 50 };

static const struct tray rolled_reports = TRAY("rolled_report", "report_key", "report_key uuid");
/* hosts_classify() looks into it, too. */
static const struct tray rolled_hosts =
	TRAY("rolled_host", "address, policy_domain, first_day, last_day, messages, newest",
	     "address inet, policy_domain text, first_day date, last_day date, messages bigint, "
	     "newest text");

/* -- days */

/* As an array and its ends, for the statements below: $1, $2, $3. */
struct days {
	struct buf array;
	char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
	size_t count;
	uint64_t records;
};

static const char dirty_query[] = "select distinct day::text from dmarc.dirty_day order by 1";
static const char records_reported[] =
	"select coalesce(sum(records), 0)::bigint from dmarc.report "
	"where key >= dmarc.first_key($1::date) and key < dmarc.first_key($1::date + 1)";

static void days_clear(struct days *d)
{
	buf_clear(&d->array);
	d->count = 0;
	d->records = 0;
}

static void days_add(struct days *d, struct slice day, uint64_t records)
{
	buf_append_byte(&d->array, d->count == 0 ? '{' : ',');
	buf_append(&d->array, day);
	if (d->count == 0)
		BUG_UNLESS(slice_to_cstr(day, d->first, sizeof(d->first)));
	BUG_UNLESS(slice_to_cstr(day, d->last, sizeof(d->last)));
	d->count++;
	d->records += records;
}

static bool days_are_enough(const struct days *d)
{
	return d->count == DAYS_AT_ONCE || d->records >= RECORDS_AT_ONCE;
}

/* -- the statements of one transaction */

static const char take_marks[] =
	"with gone as (delete from dmarc.dirty_day where day = any ($1::date[]) returning report_key) "
	"insert into pg_temp.rolled_report select report_key from gone where report_key is not null";

static const char forget_daily[] = "delete from dmarc.daily where day = any ($1::date[])";

/* Records r of reports p: the bounds find either by index, since keys begin with their day. */
#define OF_DAYS                                                                                    \
	"r.day = any ($1::date[]) and r.day between $2::date and $3::date "                        \
	"and r.report_key >= dmarc.first_key($2::date) "                                           \
	"and r.report_key < dmarc.first_key($3::date + 1) "                                        \
	"and p.key >= dmarc.first_key($2::date) and p.key < dmarc.first_key($3::date + 1)"

/* As dmarc.saturated(), which the server would call for each row: this is part of the query. */
#define LARGEST_SUM "9223372036854775807"

static const char add_up_days[] =
	"insert into dmarc.daily (day, stream_key, host_class, reporter, messages, records) "
	"select r.day, r.stream_key, coalesce(h.class, ''), p.reporter, "
	"least(sum(r.count), " LARGEST_SUM ")::bigint, count(*) "
	"from dmarc.record r join dmarc.report p on p.key = r.report_key "
	"left join dmarc.host h on h.address = r.source_ip "
	"where " OF_DAYS " group by 1, 2, 3, 4";

/*
 * Whose an address is, its newest record tells, and of that day the largest: whatever the order in which
 * reports come, it is the same one. The largest of a text is found without sorting: a number of the day
 * and the count, of 17 digits until the year 2219, and the stream's key, of 36 characters.
 */
#define NEWEST_RECORD                                                                              \
	"max((((r.day - date '1970-01-01')::bigint << 40 | least(r.count, 1099511627775))::text "  \
	"|| r.stream_key::text) collate \"C\")"
#define NEWEST_NUMBER "left(n.newest, -36)::bigint"
#define NEWEST_STREAM "right(n.newest, 36)::uuid"

/*
 * Each report is added once: it has one mark, which is gone with this transaction. Nobody else writes
 * to the table, so that what is there can be told from what is new: "on conflict" costs twice as much.
 */
static const char add_up_hosts[] =
	"insert into pg_temp.rolled_host (address, policy_domain, first_day, last_day, messages, newest) "
	"select r.source_ip, p.policy_domain, min(r.day), max(r.day), "
	"least(sum(r.count), " LARGEST_SUM ")::bigint, " NEWEST_RECORD " "
	"from pg_temp.rolled_report n join dmarc.report p on p.key = n.report_key "
	"join dmarc.record r on r.report_key = p.key and r.day = p.day "
	"where r.source_ip is not null and " OF_DAYS " group by 1, 2";

static const char add_hosts[] =
	"with known as (update dmarc.host_seen h set "
	"first_day = least(h.first_day, n.first_day), last_day = greatest(h.last_day, n.last_day), "
	"messages = least(h.messages::numeric + n.messages, " LARGEST_SUM ")::bigint, "
	"newest = greatest(h.newest, " NEWEST_NUMBER "), "
	"stream_key = case when (h.newest, h.stream_key) > (" NEWEST_NUMBER ", " NEWEST_STREAM ") "
	"then h.stream_key else " NEWEST_STREAM " end "
	"from pg_temp.rolled_host n "
	"where h.address = n.address and h.policy_domain = n.policy_domain "
	"returning h.address, h.policy_domain) "
	"insert into dmarc.host_seen "
	"(address, policy_domain, first_day, last_day, messages, newest, stream_key) "
	"select address, policy_domain, first_day, last_day, messages, " NEWEST_NUMBER
	", " NEWEST_STREAM " "
	"from pg_temp.rolled_host n "
	"where not exists (select from known k "
	"where k.address = n.address and k.policy_domain = n.policy_domain)";

static const char new_pairs[] = JUDGING_OF(
	"select distinct stream_key, host_class from dmarc.daily d where day = any ($1::date[]) "
	"and not exists (select from dmarc.judgement j where j.stream_key = d.stream_key "
	"and j.host_class = d.host_class)");

static const char forget_senders[] = "delete from dmarc.daily_sender where day = any ($1::date[])";

static const char sort_by_sender[] =
	"insert into dmarc.daily_sender (day, policy_domain, header_from, reporter, sender, path, "
	"spf_cause, dkim_cause, verdict, severity, disposition, spf_aligned, dkim_aligned, "
	"outcome_pass, remedy_key, own_envelope, overridden, contradicts, messages, records) "
	"select d.day, s.policy_domain, s.header_from, d.reporter, j.service, j.path, j.spf_cause, "
	"j.dkim_cause, j.verdict, j.severity, s.disposition, j.spf_aligned, j.dkim_aligned, "
	"j.outcome_pass, j.remedy_key, coalesce(j.mailfrom = s.header_from "
	"or right(j.mailfrom, length(s.header_from) + 1) = '.' || s.header_from, false), "
	"s.reason_types && array['forwarded', 'trusted_forwarder', 'mailing_list'] "
	"or s.reason_notes @> array['arc-pass'], "
	"'contradicts' in (j.spf_agreement, j.dkim_agreement), "
	"least(sum(d.messages), " LARGEST_SUM ")::bigint, sum(d.records)::bigint "
	"from dmarc.daily d join dmarc.stream s on s.key = d.stream_key "
	"join dmarc.judgement j on j.stream_key = d.stream_key and j.host_class = d.host_class "
	"where d.day = any ($1::date[]) "
	"group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18";

static const char forget_reports[] = "delete from dmarc.daily_report where day = any ($1::date[])";

static const char add_up_reports[] =
	"insert into dmarc.daily_report (day, policy_domain, reporter, org_name, email, "
	"p, sp, np, pct, testing, adkim, aspf, quirks, has_errors, origin, "
	"end_at, reports, records, messages) "
	"select day, policy_domain, reporter, org_name, email, p, sp, np, pct, testing, adkim, aspf, "
	"quirks, errors is not null, origin, "
	"max(end_at), count(*), sum(records)::bigint, sum(messages) "
	"from dmarc.report where day = any ($1::date[]) "
	"and key >= dmarc.first_key($2::date) and key < dmarc.first_key($3::date + 1) "
	"group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15";

static bool on_days(struct connection *c, const struct days *days, const char *sql, struct err *e)
{
	const char *values[] = { days->array.p };

	return connection_execute(c, sql, values, COUNT_OF(values), e);
}

/*
 * Whole days are read, and what belongs to them is looked up in tables of it. Of days that were stored
 * a moment ago the server has no statistics: it would take them for few rows, and look for each of many
 * through all.
 */
static bool between_days(struct connection *c, const struct days *days, const char *sql,
			 struct err *e)
{
	const char *values[] = { days->array.p, days->first, days->last };

	return connection_execute(c, "set local enable_nestloop = off", NULL, 0, e) &&
		connection_execute(c, sql, values, COUNT_OF(values), e) &&
		connection_execute(c, "set local enable_nestloop = on", NULL, 0, e);
}

static bool judge_new(const struct rollup *r, const struct days *days, struct err *e)
{
	const char *values[] = { days->array.p };
	const struct judging judging = { r->connection, r->judge, r->version };
	uint64_t judged;

	return judging_run(&judging, new_pairs, values, COUNT_OF(values), &judged, e);
}

static bool roll_up_inside(const struct rollup *r, const struct days *days, struct err *e)
{
	struct connection *c = r->connection;

	return on_days(c, days, take_marks, e) && between_days(c, days, add_up_hosts, e) &&
		hosts_classify(c, r->judge, e) && connection_execute(c, add_hosts, NULL, 0, e) &&
		on_days(c, days, forget_daily, e) && between_days(c, days, add_up_days, e) &&
		judge_new(r, days, e) && on_days(c, days, forget_senders, e) &&
		on_days(c, days, sort_by_sender, e) && on_days(c, days, forget_reports, e) &&
		between_days(c, days, add_up_reports, e);
}

static bool begin(struct connection *c, struct err *e)
{
	/* a batch of days is sorted in memory, and not on the disk */
	return tray_make(c, &rolled_reports, e) && tray_make(c, &rolled_hosts, e) &&
		hosts_ready(c, e) && judging_ready(c, e) &&
		connection_execute(c, "begin; set local work_mem = '128MB'", NULL, 0, e);
}

static bool roll_up_days(const struct rollup *r, const struct days *days, struct err *e)
{
	struct connection *c = r->connection;
	bool ok = begin(c, e) && roll_up_inside(r, days, e);

	return connection_end(c, ok, e);
}

/* -- all that is dirty */

static bool stopped(struct err *e)
{
	err_set(e, ERR_INTERRUPTED, "stopped by a signal");
	return err_remedy(e, "what was stored is stored; the next run judges the rest");
}

static void tell(const struct rollup *r, uint64_t done, uint64_t total, const char *what)
{
	if (r->progress)
		r->progress(r->context, done, total, what);
}

static bool number_of(struct connection *c, const char *sql, const char *const *values,
		      size_t count, uint64_t *number_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, sql, values, count, &rows, e))
		return false;
	*number_out = (uint64_t)rows_integer(rows, 0, 0);
	return true;
}

static bool add_day(const struct rollup *r, struct slice day, const char *records_of,
		    struct days *days, struct err *e)
{
	char text[DATE_TEXT_SIZE];
	const char *values[] = { text };
	uint64_t records;

	BUG_UNLESS(slice_to_cstr(day, text, sizeof(text)));
	if (!number_of(r->connection, records_of, values, COUNT_OF(values), &records, e))
		return false;
	days_add(days, day, records);
	return true;
}

/*
 * Rows of days, so many at a time. Each is asked for its records by itself, which goes by an index: a join
 * with ranges of keys would be spread over machines as a whole table.
 */
static bool on_each_batch(const struct rollup *r, const struct rows *rows, const char *records_of,
			  bool (*work)(const struct rollup *r, const struct days *days,
				       struct err *e),
			  struct err *e)
{
	struct days days = { 0 };
	bool ok = true;

	for (size_t row = 0; ok && row < rows_count(rows); row++) {
		ok = add_day(r, rows_text(rows, row, 0), records_of, &days, e);
		if (!ok || (row + 1 < rows_count(rows) && !days_are_enough(&days)))
			continue;
		buf_append_byte(&days.array, '}');
		ok = interrupt_requested() ? stopped(e) : work(r, &days, e);
		days_clear(&days);
		tell(r, row + 1, rows_count(rows), "days");
	}
	buf_release(&days.array);
	return ok;
}

/* A day whose detail is pruned has its roll-up for good: from what is left it cannot be made again. */
static const char forget_closed[] =
	"delete from dmarc.dirty_day where day < dmarc.first_kept_day()";

/* Until there is nothing: others may go on storing. */
static bool roll_up_dirty(const struct rollup *r, struct err *e)
{
	if (!connection_execute(r->connection, forget_closed, NULL, 0, e))
		return false;
	for (;;) {
		SCOPED(rows) struct rows *rows = NULL;

		if (!connection_query(r->connection, dirty_query, NULL, 0, &rows, e))
			return false;
		if (rows_count(rows) == 0)
			return true;
		if (!on_each_batch(r, rows, records_reported, roll_up_days, e))
			return false;
	}
}

/* -- one at a time */

static bool try_lock(struct connection *c, bool *locked_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, "select pg_try_advisory_lock(" LOCK_ROLLUP ")", NULL, 0, &rows, e))
		return false;
	*locked_out = rows_boolean(rows, 0, 0);
	return true;
}

/* A short pause; a signal ends it early. */
static void pause_a_little(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

	(void)nanosleep(&pause, NULL);
}

/*
 * Somebody who is at it will not take long, or has died and the server has not noticed: to wait a moment
 * finishes the day's work in most cases.
 */
static bool lock_soon(struct connection *c, bool *locked_out, struct err *e)
{
	*locked_out = false;
	for (int waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
		if (!try_lock(c, locked_out, e) || *locked_out || interrupt_requested())
			break;
		pause_a_little();
	}
	return e->kind == ERR_NONE;
}

static bool unlock(struct connection *c, struct err *e)
{
	return connection_execute(c, "select pg_advisory_unlock(" LOCK_ROLLUP ")", NULL, 0, e);
}

bool rollup_is_due(struct connection *c, bool *due_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, "select dmarc.is_unfinished()", NULL, 0, &rows, e))
		return false;
	*due_out = rows_boolean(rows, 0, 0);
	return true;
}

/* Where it is available: the server then notices by itself that a client has died in the middle of it. */
static const char notice_death[] = "set client_connection_check_interval = '1s'";

/*
 * Whoever finds the lock taken for long leaves: his marks were committed before, and who holds it looks
 * for marks once more when he has let go.
 */
bool rollup_run(const struct rollup *r, struct err *e)
{
	bool locked = true, dirty = true;

	connection_attempt(r->connection, notice_death);
	while (dirty) {
		if (!lock_soon(r->connection, &locked, e))
			return false;
		if (!locked)
			return true;

		bool ok = roll_up_dirty(r, e);

		if (!ok) {
			connection_attempt(r->connection,
					   "select pg_advisory_unlock(" LOCK_ROLLUP ")");
			return false;
		}
		if (!unlock(r->connection, e) || !rollup_is_due(r->connection, &dirty, e))
			return false;
	}
	return true;
}

/* -- all anew */

/* As far as the last transaction came: each takes so many pairs as PAGE says. */
struct place {
	char key[UUID_TEXT_SIZE];
	char *class; /* ours, free() */
};

#define PAGE                                                                                       \
	"select stream_key, host_class from dmarc.judgement "                                      \
	"where (stream_key, host_class) > ($1::uuid, $2::text) "                                   \
	"order by stream_key, host_class limit 20000"

static const char old_pairs[] = JUDGING_OF(PAGE);
static const char end_of_page[] = "select stream_key::text, host_class from (" PAGE ") as page "
				  "order by stream_key desc, host_class desc limit 1";
static const char count_pairs[] = "select count(*) from dmarc.judgement";

static bool find_end(struct connection *c, const struct place *from, struct place *end_out,
		     bool *any_out, struct err *e)
{
	const char *values[] = { from->key, from->class };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, end_of_page, values, COUNT_OF(values), &rows, e))
		return false;
	*any_out = rows_count(rows) > 0;
	if (!*any_out)
		return true;
	BUG_UNLESS(slice_to_cstr(rows_text(rows, 0, 0), end_out->key, sizeof(end_out->key)));
	end_out->class = memory_copy(rows_text(rows, 0, 1));
	return true;
}

static bool rejudge_page(const struct rollup *r, const struct place *from, uint64_t *judged,
			 struct err *e)
{
	const char *values[] = { from->key, from->class };
	const struct judging judging = { r->connection, r->judge, r->version };
	bool ok = begin(r->connection, e) &&
		judging_run(&judging, old_pairs, values, COUNT_OF(values), judged, e);

	return connection_end(r->connection, ok, e);
}

static bool rejudge_pairs(const struct rollup *r, struct err *e)
{
	struct place at = { "00000000-0000-0000-0000-000000000000", memory_copy(SLICE("")) };
	uint64_t total = 0, done = 0;
	bool any = true;
	bool ok = number_of(r->connection, count_pairs, NULL, 0, &total, e);

	while (ok && any) {
		struct place end = { 0 };
		uint64_t judged = 0;

		ok = interrupt_requested() ? stopped(e)
					   : find_end(r->connection, &at, &end, &any, e) &&
				(!any || rejudge_page(r, &at, &judged, e));
		done += judged;
		tell(r, done, total, "kinds of mail");
		if (!ok || !any)
			continue;
		free(at.class);
		at = end;
	}
	free(at.class);
	return ok;
}

/* A report without records has a day, too. */
static const char all_days[] =
	"select day::text from (select day from dmarc.daily union select day from dmarc.daily_report) as d "
	"order by 1";
static const char records_rolled_up[] =
	"select coalesce(sum(records), 0)::bigint from dmarc.daily where day = $1::date";

static bool sort_days(const struct rollup *r, const struct days *days, struct err *e)
{
	struct connection *c = r->connection;
	bool ok = begin(c, e) && on_days(c, days, forget_senders, e) &&
		on_days(c, days, sort_by_sender, e) && on_days(c, days, forget_reports, e) &&
		between_days(c, days, add_up_reports, e);

	return connection_end(c, ok, e);
}

static bool sort_all_days(const struct rollup *r, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	return connection_query(r->connection, all_days, NULL, 0, &rows, e) &&
		on_each_batch(r, rows, records_rolled_up, sort_days, e);
}

/* What no day refers to any more. */
static const char forget_orphans[] =
	"with needed as (select distinct stream_key, host_class from dmarc.daily) "
	"delete from dmarc.judgement j where not exists (select from needed n "
	"where n.stream_key = j.stream_key and n.host_class = j.host_class); "
	"delete from dmarc.remedy r where not exists (select from dmarc.judgement j "
	"where j.remedy_key = r.key); "
	"delete from dmarc.host where state = 'not looked up' and class = '' "
	"and network is null and country is null";

static bool rejudge_locked(const struct rollup *r, struct err *e)
{
	return hosts_reclassify(r->connection, r->judge, e) && roll_up_dirty(r, e) &&
		rejudge_pairs(r, e) && origins_rejudge(r->connection, r->judge->domains, e) &&
		sort_all_days(r, e) &&
		connection_execute(r->connection, forget_orphans, NULL, 0, e);
}

bool rollup_rejudge(const struct rollup *r, struct err *e)
{
	struct connection *c = r->connection;

	connection_attempt(c, notice_death);
	if (!connection_execute(c, "select pg_advisory_lock(" LOCK_ROLLUP ")", NULL, 0, e))
		return false;
	if (!rejudge_locked(r, e)) {
		connection_attempt(c, "select pg_advisory_unlock(" LOCK_ROLLUP ")");
		return false;
	}
	/* what others stored meanwhile they have left to us */
	return unlock(c, e) && rollup_run(r, e);
}
