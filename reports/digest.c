/* SPDX-License-Identifier: MIT */
#include "reports/digest.h"

#include "base/bug.h"
#include "base/text.h"

#include "base/banned.h"

/* Whoever invents more names gains nothing: those with most mail are compared. */
#define TASKS_MOST "5000"

static const char tasks_query[] =
	"select * from ("
	"select coalesce(f.sender, '') as sender, coalesce(f.header_from, '') as header_from, f.verdict, "
	"min(f.sender_name) as sender_name, "
	"(array_agg(f.spf_cause order by f.messages desc))[1] as spf_cause, "
	"(array_agg(f.dkim_cause order by f.messages desc))[1] as dkim_cause, "
	"sum(f.messages)::bigint as messages "
	"from dmarc.failures f "
	"where not f.is_foreign and f.day > (select dmarc.newest_day()) - $1::integer "
	"and f.verdict in ('sender-not-authenticated', 'own-server-not-authorised', "
	"'strict-mode-misalignment', 'unknown-sender') "
	"and not exists (select from dmarc.senders s where s.id = f.sender and s.acknowledged) "
	"group by 1, 2, 3 order by messages desc, 1, 2, 3 limit " TASKS_MOST ") as t "
	"order by sender collate \"C\", header_from collate \"C\", verdict collate \"C\"";

bool digest_find_tasks(struct digest_tasks *tasks, struct connection *c, unsigned days,
		       struct err *e)
{
	char text[16];
	const char *values[] = { text };

	*tasks = (struct digest_tasks){ 0 };
	BUG_UNLESS(text_format(text, sizeof(text), "%u", days));
	return connection_query(c, tasks_query, values, COUNT_OF(values), &tasks->rows, e);
}

void digest_tasks_release(struct digest_tasks *tasks)
{
	rows_free(tasks->rows);
	*tasks = (struct digest_tasks){ 0 };
}

static const char standing_query[] =
	"with n as materialized (select dmarc.newest_day() as newest) "
	"select (newest - 29)::text, newest::text, coalesce(sum(messages), 0)::bigint, "
	"coalesce(sum(messages - spoofed - undetermined), 0)::bigint, coalesce(sum(passed), 0)::bigint "
	"from n left join dmarc.senders_daily on not is_foreign "
	"and day between (select newest - 29 from n) and (select newest from n) "
	"where newest is not null group by newest";

bool digest_find_standing(struct digest_standing *standing, struct connection *c, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	*standing = (struct digest_standing){ 0 };
	if (!connection_query(c, standing_query, NULL, 0, &rows, e))
		return false;
	if (rows_count(rows) == 0)
		return true;
	standing->messages = (uint64_t)rows_integer(rows, 0, 2);
	standing->counted = (uint64_t)rows_integer(rows, 0, 3);
	standing->passed = (uint64_t)rows_integer(rows, 0, 4);
	/* from 2012 on, and not after tomorrow */
	BUG_UNLESS(text_copy(standing->since, DATE_TEXT_SIZE, rows_text(rows, 0, 0)) &&
		   text_copy(standing->until, DATE_TEXT_SIZE, rows_text(rows, 0, 1)));
	return true;
}
