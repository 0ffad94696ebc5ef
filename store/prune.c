/* SPDX-License-Identifier: MIT */
#include "store/prune.h"

#include <time.h>

#include "base/bug.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "store/locks.h"

#include "base/banned.h"

/* Who reads detail for longer than this is waited for by and by: behind us, everybody would wait. */
enum { LOCK_TRIES = 30, LOCK_PAUSE_SECONDS = 1 };
#define LOCK_TIMEOUT "2s"

int64_t prune_month(int64_t day)
{
	struct date date = date_from_days(day);

	date.day = 1;
	return date_to_days(date);
}

static int64_t next_month(int64_t day)
{
	return prune_month(prune_month(day) + 31);
}

static bool with_day(struct connection *c, const char *sql, int64_t day, struct rows **rows_out,
		     struct err *e)
{
	char text[DATE_TEXT_SIZE];
	const char *values[] = { text };

	date_format(day, text);
	return connection_query(c, sql, values, COUNT_OF(values), rows_out, e);
}

/*
 * -- what is older than all that is kept, each kind by itself
 *
 * Tables may be spread over machines, each by a key of its own. What is joined by another key is gathered
 * first, in a "with ... as materialized", and no more of it than there is to go.
 */

#define COUNT(table, condition)                                                                    \
	"select count(*) filter (where " condition "), count(*) from dmarc." table
#define OF_TABLE(name) .table = "dmarc." name, .vacuum = "vacuum (analyze) dmarc." name

/* Those of reports that are kept stay, and those that are to be settled. */
#define MESSAGES_TO_GO                                                                             \
	"with old as materialized (select key from dmarc.message "                                 \
	"where seen_at < $1::date and settled_at is not null), "                                   \
	"needed as materialized (select message_key from dmarc.report "                            \
	"where key >= dmarc.first_key($1::date) and message_key in (select key from old) "         \
	"union select message_key from dmarc.report_conflict "                                     \
	"where report_key >= dmarc.first_key($1::date) "                                           \
	"and message_key in (select key from old)), "                                              \
	"gone as materialized (select key from old except select message_key from needed) "

static const struct kind {
	const char *what;
	const char *table;
	const char *vacuum;
	const char *count; /* rows to go, all rows; $1: the first day that is kept */
	const char *first; /* the first day that has any; NULL: all go at once */
	const char
		*drop[2]; /* $1 and $2: from this day to before that one; all at once: before $1 */
} kinds[] = {
	{
		"days rolled up",
		OF_TABLE("daily"),
		COUNT("daily", "day < $1::date"),
		"select min(day) - date '1970-01-01' from dmarc.daily",
		{ "delete from dmarc.daily where day >= $1::date and day < $2::date" },
	},
	{
		"days by sender",
		OF_TABLE("daily_sender"),
		COUNT("daily_sender", "day < $1::date"),
		"select min(day) - date '1970-01-01' from dmarc.daily_sender",
		{ "delete from dmarc.daily_sender where day >= $1::date and day < $2::date" },
	},
	{
		"days by report",
		OF_TABLE("daily_report"),
		COUNT("daily_report", "day < $1::date"),
		"select min(day) - date '1970-01-01' from dmarc.daily_report",
		{ "delete from dmarc.daily_report where day >= $1::date and day < $2::date" },
	},
	{
		"reports",
		OF_TABLE("report"),
		COUNT("report", "day < $1::date"),
		"select day - date '1970-01-01' from dmarc.report order by key limit 1",
		{ "delete from dmarc.report_conflict where report_key >= dmarc.first_key($1::date) "
		  "and report_key < dmarc.first_key($2::date)",
		  "delete from dmarc.report where key >= dmarc.first_key($1::date) "
		  "and key < dmarc.first_key($2::date)" },
	},
	{
		"messages",
		OF_TABLE("message"),
		MESSAGES_TO_GO "select (select count(*) from gone), "
			       "(select count(*) from dmarc.message)",
		NULL,
		{ MESSAGES_TO_GO "delete from dmarc.message "
				 "where key in (select key from gone)" },
	},
	{
		"addresses",
		OF_TABLE("host_seen"),
		COUNT("host_seen", "last_day < $1::date"),
		NULL,
		{ "delete from dmarc.host_seen where last_day < $1::date",
		  "with needed as materialized (select s.address from dmarc.host_seen s "
		  "join dmarc.host h on h.address = s.address "
		  "where h.looked_up_at is null or h.looked_up_at < $1::date) "
		  "delete from dmarc.host h where (looked_up_at is null or looked_up_at < $1::date) "
		  "and not exists (select from needed n where n.address = h.address)" },
	},
};

static const struct kind payloads = {
	"payloads",
	OF_TABLE("payload"),
	COUNT("payload", "report_key < dmarc.first_key($1::date)"),
	"select ('x' || left(report_key::text, 8))::bit(32)::integer from dmarc.payload "
	"order by report_key limit 1",
	{ "delete from dmarc.payload where report_key >= dmarc.first_key($1::date) "
	  "and report_key < dmarc.first_key($2::date)" },
};

/* What only those needed that are gone. Streams of facts that are not rolled up yet are needed by them. */
static const char *const unneeded[] = {
	"with needed as materialized (select distinct stream_key, host_class from dmarc.daily) "
	"delete from dmarc.judgement j where not exists (select from needed n "
	"where n.stream_key = j.stream_key and n.host_class = j.host_class)",
	"delete from dmarc.remedy r where not exists (select from dmarc.judgement j "
	"where j.remedy_key = r.key)",
	"with days as materialized (select day from dmarc.dirty_day), "
	"needed as materialized (select stream_key from dmarc.daily "
	"union select stream_key from dmarc.record where day in (select day from days)) "
	"delete from dmarc.stream s where not exists (select from needed n "
	"where n.stream_key = s.key)",
};

/* -- looking */

static const char months_query[] =
	"select m.month::text, dmarc.stored_bytes(format('dmarc.%I', m.name)::regclass) "
	"from dmarc.detail_months() m where m.month < $1::date order by 1";

static const char records_query[] =
	"select coalesce(sum(records), 0)::bigint from dmarc.report "
	"where key >= dmarc.first_key($1::date) "
	"and key < dmarc.first_key(($1::date + interval '1 month')::date)";

static bool look_at_month(struct connection *c, struct slice month, int64_t bytes,
			  struct prune_listener *l, struct err *e)
{
	SCOPED(rows) struct rows *records = NULL;
	struct prune_item item = { .what = "records", .bytes = bytes };
	const char *values[] = { item.month };

	BUG_UNLESS(text_copy(item.month, sizeof(item.month), month));
	if (!connection_query(c, records_query, values, COUNT_OF(values), &records, e))
		return false;
	item.rows = rows_integer(records, 0, 0);
	l->item(l, &item);
	return true;
}

/* Another prune may be at it: none is dropped while it is measured. */
static bool look_at_months(struct connection *c, int64_t before, struct prune_listener *l,
			   struct err *e)
{
	SCOPED(rows) struct rows *months = NULL;
	bool ok = connection_execute(c,
				     "begin transaction isolation level read committed; "
				     "select pg_advisory_xact_lock_shared(" LOCK_MONTHS ")",
				     NULL, 0, e) &&
		with_day(c, months_query, before, &months, e);

	if (!connection_end(c, ok, e))
		return false;
	for (size_t row = 0; row < rows_count(months); row++) {
		if (!look_at_month(c, rows_text(months, row, 0), rows_integer(months, row, 1), l,
				   e))
			return false;
	}
	return true;
}

static bool look_at_kind(struct connection *c, const struct kind *kind, int64_t before,
			 struct prune_listener *l, struct err *e)
{
	SCOPED(rows) struct rows *counts = NULL, *bytes = NULL;

	if (!with_day(c, kind->count, before, &counts, e))
		return false;

	int64_t gone = rows_integer(counts, 0, 0), all = rows_integer(counts, 0, 1);
	struct prune_item item = { .what = kind->what, .rows = gone };

	if (gone == 0)
		return true;
	if (!connection_query(c, "select dmarc.stored_bytes($1::regclass)", &kind->table, 1, &bytes,
			      e))
		return false;
	item.bytes = (int64_t)((double)rows_integer(bytes, 0, 0) * ((double)gone / (double)all));
	l->item(l, &item);
	return true;
}

bool prune_look(struct connection *c, const struct prune_bounds *b, struct prune_listener *l,
		struct err *e)
{
	if (b->detail != PRUNE_NOTHING && !look_at_months(c, b->detail, l, e))
		return false;
	for (size_t i = 0; b->all != PRUNE_NOTHING && i < COUNT_OF(kinds); i++) {
		if (!look_at_kind(c, &kinds[i], b->all, l, e))
			return false;
	}
	return b->payload == PRUNE_NOTHING || look_at_kind(c, &payloads, b->payload, l, e);
}

/* -- detail */

/* Inside the transaction that closes days: are there facts of them that are not rolled up? */
static bool look_for_marks(struct connection *c, int64_t before, bool *late_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!with_day(c,
		      "select exists (select from dmarc.dirty_day "
		      "where day >= dmarc.first_kept_day() and day < $1::date)",
		      before, &rows, e))
		return false;
	*late_out = rows_boolean(rows, 0, 0);
	return true;
}

/* Nobody who claims reports is under way, and none begins before we are through. */
static bool close_days(struct connection *c, int64_t before, bool *late_out, struct err *e)
{
	SCOPED(rows) struct rows *none = NULL;
	bool ok = connection_execute(c,
				     "begin transaction isolation level read committed; "
				     "set local lock_timeout = '" LOCK_TIMEOUT "'; "
				     "select pg_advisory_xact_lock(" LOCK_RETENTION ")",
				     NULL, 0, e) &&
		look_for_marks(c, before, late_out, e) &&
		(*late_out || with_day(c, "select dmarc.close_days($1::date)", before, &none, e));

	return connection_end(c, ok, e);
}

static bool stopped(struct err *e)
{
	err_set(e, ERR_INTERRUPTED, "stopped by a signal");
	return err_remedy(e, "what is gone is gone; run it again for the rest");
}

static bool close_days_at_last(struct connection *c, int64_t before, bool *late_out, struct err *e)
{
	const struct timespec pause = { .tv_sec = LOCK_PAUSE_SECONDS };
	struct err why = ERR_INIT;

	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		if (interrupt_requested())
			return stopped(e);
		if (tries > 0)
			(void)nanosleep(&pause, NULL);
		if (close_days(c, before, late_out, &why))
			return true;
		if (!connection_should_retry(c))
			break;
	}
	if (why.kind == ERR_CONFIG)
		err_remedy(&why, "run it as the owner of the tables");
	*e = why;
	return false;
}

/* -- rows */

static bool drop_between(struct connection *c, const struct kind *kind, int64_t from, int64_t to,
			 struct err *e)
{
	char first[DATE_TEXT_SIZE], behind[DATE_TEXT_SIZE];
	const char *values[] = { first, behind };
	bool ok = connection_execute(c, "begin", NULL, 0, e);

	date_format(from, first);
	date_format(to, behind);
	for (size_t i = 0; ok && i < COUNT_OF(kind->drop) && kind->drop[i]; i++)
		ok = connection_execute(c, kind->drop[i], values, kind->first ? 2 : 1, e);
	return connection_end(c, ok, e);
}

/* Month by month, each in a transaction of its own. *any_out: there was something. */
static bool drop_months(struct connection *c, const struct kind *kind, int64_t before,
			bool *any_out, struct err *e)
{
	for (;;) {
		SCOPED(rows) struct rows *first = NULL;

		if (!connection_query(c, kind->first, NULL, 0, &first, e))
			return false;
		if (rows_count(first) == 0 || slice_is_absent(rows_text(first, 0, 0)) ||
		    rows_integer(first, 0, 0) >= before)
			return true;
		if (interrupt_requested())
			return stopped(e);

		int64_t from = rows_integer(first, 0, 0), to = next_month(from);

		*any_out = true;
		if (!drop_between(c, kind, from, to < before ? to : before, e))
			return false;
	}
}

static bool drop_kind(struct connection *c, const struct kind *kind, int64_t before, struct err *e)
{
	bool any = !kind->first;

	if (interrupt_requested())
		return stopped(e);
	return (kind->first ? drop_months(c, kind, before, &any, e)
			    : drop_between(c, kind, before, before, e)) &&
		(!any || connection_execute(c, kind->vacuum, NULL, 0, e));
}

/* Streams that an ingestion has put there for facts to come look as if nothing needed them. */
static bool drop_unneeded(struct connection *c, struct prune_listener *l, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;
	bool ok = true;

	if (!connection_query(c, "select pg_try_advisory_lock(" LOCK_STREAMS ")", NULL, 0, &rows,
			      e))
		return false;
	if (!rows_boolean(rows, 0, 0)) {
		l->left(l,
			"an ingestion is under way: streams that nothing needs any more are "
			"left for the next time");
		return true;
	}
	for (size_t i = 0; ok && i < COUNT_OF(unneeded); i++)
		ok = connection_execute(c, unneeded[i], NULL, 0, e);
	connection_attempt(c, "select pg_advisory_unlock(" LOCK_STREAMS ")");
	return ok &&
		connection_execute(c,
				   "vacuum (analyze) dmarc.stream, dmarc.judgement, dmarc.remedy",
				   NULL, 0, e);
}

/* Nothing is forgotten of a day that is open: its reports could come again. */
static bool drop_rows(struct connection *c, int64_t before, struct prune_listener *l, struct err *e)
{
	SCOPED(rows) struct rows *kept = NULL;

	if (!connection_query(c, "select dmarc.first_kept_day() - date '1970-01-01'", NULL, 0,
			      &kept, e))
		return false;
	if (rows_integer(kept, 0, 0) < before)
		before = rows_integer(kept, 0, 0);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!drop_kind(c, &kinds[i], before, e))
			return false;
	}
	return drop_unneeded(c, l, e);
}

static bool run_locked(struct connection *c, const struct prune_bounds *b, struct prune_listener *l,
		       bool *late_out, struct err *e)
{
	if (b->detail != PRUNE_NOTHING && !close_days_at_last(c, b->detail, late_out, e))
		return false;
	if (*late_out)
		return true;
	if (b->all != PRUNE_NOTHING && !drop_rows(c, b->all, l, e))
		return false;
	return b->payload == PRUNE_NOTHING || drop_kind(c, &payloads, b->payload, e);
}

bool prune_run(struct connection *c, const struct prune_bounds *b, struct prune_listener *l,
	       bool *late_out, struct err *e)
{
	*late_out = false;
	if (!connection_execute(c, "select pg_advisory_lock(" LOCK_ROLLUP ")", NULL, 0, e))
		return false;

	bool ok = run_locked(c, b, l, late_out, e);

	connection_attempt(c, "select pg_advisory_unlock(" LOCK_ROLLUP ")");
	return ok;
}
