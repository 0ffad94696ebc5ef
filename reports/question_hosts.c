/* SPDX-License-Identifier: MIT */
/*
 * "Which addresses send in our name, since when, and whose are they?" From the view hosts: all that is shown
 * is added up first, and only for what is shown it is asked who sends.
 */
#include "reports/amounts.h"
#include "reports/labels.h"
#include "reports/question.h"

#include "base/banned.h"

enum { WIDE = 120 };

enum host_column {
	COLUMN_ADDRESS,
	COLUMN_ADDRESSES,
	COLUMN_NAME,
	COLUMN_STATE,
	COLUMN_NETWORK,
	COLUMN_COUNTRY,
	COLUMN_SENDER_NAME,
	COLUMN_SENDER,
	COLUMN_MESSAGES,
	COLUMN_FIRST_DAY,
	COLUMN_LAST_DAY,
	COLUMNS,
};

static const struct column columns[] = {
	[COLUMN_ADDRESS] = { .name = "address", .title = "ADDRESS", .least = 15 },
	[COLUMN_ADDRESSES] = { .name = "addresses", .kind = COLUMN_COUNT },
	[COLUMN_NAME] = { .name = "name", .title = "NAME", .least = 10 },
	[COLUMN_STATE] = { .name = "state" },
	[COLUMN_NETWORK] = { .name = "network" },
	[COLUMN_COUNTRY] = { .name = "country" },
	[COLUMN_SENDER_NAME] = { .name = "sender_name",
				 .title = "SENDER",
				 .made = true,
				 .least = 10 },
	[COLUMN_SENDER] = { .name = "sender", .made = true },
	[COLUMN_MESSAGES] = { .name = "messages", .title = "MESSAGES", .kind = COLUMN_COUNT },
	[COLUMN_FIRST_DAY] = { .name = "first_day", .title = "FIRST" },
	[COLUMN_LAST_DAY] = { .name = "last_day", .title = "LAST" },
};
_Static_assert(COUNT_OF(columns) == COLUMNS, "every column is described");

/* What one row stands for: an address, or all of a /64, the least that one customer gets of IPv6. */
#define PLACE(address, grouped)                                                                    \
	"case when " grouped " and family(" address ") = 6 "                                       \
	"then network(set_masklen(" address ", 64))::inet else " address " end"

/* What the answer is about, of the view. */
#define ASKED                                                                                      \
	"not is_foreign and last_day >= $1::date and first_day <= $2::date "                       \
	"and ($4::text is null or sender = $4) and " QUESTION_OF_DOMAIN("policy_domain")

/* An address may have sent as several domains: first all of it comes together, then what its place has. */
static const char query[] =
	"with seen as materialized (select address, name, state, network, country, "
	"sum(messages) as messages, min(first_day) as first_day, max(last_day) as last_day "
	"from dmarc.hosts where " ASKED " group by 1, 2, 3, 4, 5) "
	"select abbrev(p.place) as address, p.addresses, p.name, p.state, p.network, p.country, "
	"p.messages, p.first_day::text, p.last_day::text from ("
	"select " PLACE(
		"address",
		"$5") " as place, count(*) as addresses, max(name) as name, "
		      "max(state) as state, max(network) as network, max(country) as country, "
		      "sum(messages) as messages, min(first_day) as first_day, max(last_day) as last_day "
		      "from seen group by 1) as p";

/* Whose the newest mail of each place is that is shown; in the order of the places. */
static const char senders_query[] =
	"with main as (select distinct on (place) place, sender, sender_name, verdict from ("
	"select " PLACE(
		"address",
		"$5::boolean") " as place, * from dmarc.hosts where " ASKED
			       ") as h where place = any ($6::inet[]) "
			       "order by place, last_day desc, messages desc, address, policy_domain) "
			       "select m.sender, m.sender_name, m.verdict "
			       "from unnest($6::inet[]) with ordinality as p(place, number) left join main m using (place) "
			       "order by p.number";

/* "{a,b}": addresses need no quoting, and none is missing. */
static void append_places(struct buf *array, const struct asked *asked, const struct answer *a)
{
	buf_append_byte(array, '{');
	for (size_t i = 0; i < a->row_count; i++) {
		if (i > 0)
			buf_append_byte(array, ',');
		buf_append(array, asked->cells[i * COLUMNS + COLUMN_ADDRESS].text);
	}
	buf_append_byte(array, '}');
}

static bool query_senders(const struct asked *asked, const struct answer *a, struct rows **rows_out,
			  struct err *e)
{
	const struct question_filter *f = asked->filter;
	SCOPED(buf) struct buf places = { 0 };

	append_places(&places, asked, a);

	const char *values[] = {
		f->since,         f->until, f->domain, f->sender, f->group_ipv6 ? "true" : "false",
		buf_text(&places)
	};

	return connection_query(asked->connection, senders_query, values, COUNT_OF(values),
				rows_out, e);
}

/* Of addresses that were seen last before that was kept nothing is known of a sender. */
static bool fill_sender(const struct asked *asked, const struct rows *rows, size_t row)
{
	struct cell *cells = asked->cells + row * COLUMNS;
	struct slice id = rows_text(rows, row, 0), name = rows_text(rows, row, 1);
	enum verdict verdict;

	if (!slice_is_absent(id))
		return arena_copy(asked->arena, id, &cells[COLUMN_SENDER].text) &&
			arena_copy(asked->arena, slice_is_absent(name) ? id : name,
				   &cells[COLUMN_SENDER_NAME].text);
	if (verdict_find(rows_text(rows, row, 2), &verdict))
		cells[COLUMN_SENDER_NAME].text = label_of_sender(NULL, verdict);
	return true;
}

static bool fill_senders(const struct asked *asked, const struct answer *a, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (a->row_count == 0)
		return true;
	if (!query_senders(asked, a, &rows, e))
		return false;
	for (size_t i = 0; i < rows_count(rows) && i < a->row_count; i++) {
		if (!fill_sender(asked, rows, i))
			return question_arena_full(e);
	}
	return true;
}

/* -- above and below the table */

static bool is_any_without_name(const struct asked *asked, const struct answer *a)
{
	for (size_t i = 0; i < a->row_count; i++) {
		if (slice_equal(asked->cells[i * COLUMNS + COLUMN_STATE].text,
				SLICE("not looked up")))
			return true;
	}
	return false;
}

static bool fill_texts(const struct asked *asked, struct answer *a)
{
	uint64_t places = a->row_count + a->not_shown;
	SCOPED(buf) struct buf head = { 0 };
	SCOPED(buf) struct buf foot = { 0 };

	if (places == 0)
		buf_append_text(&head, "No address");
	else
		number_append_grouped(&head, places);
	if (places > 0)
		buf_append_text(&head, places == 1 ? " address" : " addresses");
	if (asked->filter->group_ipv6)
		buf_append_text(&head, places == 1 ? " or /64 of IPv6" : " and /64s of IPv6");
	buf_printf(&head, " sent mail from %s to %s.", asked->filter->since, asked->filter->until);
	if (places > 0)
		buf_append_text(
			&foot,
			"MESSAGES are all since FIRST; SENDER is who sent the largest record "
			"of LAST.");
	if (is_any_without_name(asked, a))
		buf_append_text(&foot, " Names come with 'ruamill hosts lookup'.");
	return answer_lines(&head, 1, asked->arena, &a->headline, &a->headline_count) &&
		answer_lines(&foot, 1, asked->arena, &a->footnotes, &a->footnote_count);
}

static bool complete(const struct asked *asked, struct answer *a, struct err *e)
{
	if (!fill_senders(asked, a, e))
		return false;
	return fill_texts(asked, a) || question_arena_full(e);
}

const struct question question_hosts = {
	.name = "hosts",
	.columns = columns,
	.column_count = COLUMNS,
	.query = query,
	.order = "messages desc, address",
	.sum = "messages",
	.complete = complete,
};
