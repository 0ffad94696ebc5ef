/* SPDX-License-Identifier: MIT */
/*
 * "Which addresses send in our name, since when, and whose are they?" From the view hosts, which knows no
 * senders: those are asked of the records of the day on which an address was seen last.
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

/* An address may have sent as several domains: first all of it comes together, then what its place has. */
static const char query[] =
	"with sending as materialized (select distinct source_ip from dmarc.records "
	"where $4::text is not null and sender = $4 and day between $1 and $2 "
	"and report_key >= dmarc.first_key($1) and report_key < dmarc.first_key($2 + 1)), "
	"seen as materialized (select address, name, state, network, country, "
	"sum(messages) as messages, min(first_day) as first_day, max(last_day) as last_day "
	"from dmarc.hosts where last_day >= $1 and first_day <= $2 "
	"and " QUESTION_OF_DOMAIN(
		"policy_domain") " group by 1, 2, 3, 4, 5) "
				 "select abbrev(p.place) as address, p.addresses, p.name, p.state, p.network, p.country, "
				 "p.messages, p.first_day::text, p.last_day::text from ("
				 "select " PLACE(
					 "address",
					 "$5") " as place, count(*) as addresses, max(name) as name, "
					       "max(state) as state, max(network) as network, max(country) as country, "
					       "sum(messages) as messages, min(first_day) as first_day, max(last_day) as last_day "
					       "from seen where $4::text is null or address in (select source_ip from sending) "
					       "group by 1) as p";

/*
 * Whose most mail of each place was, on the days given; in the order of the places. Keys of reports begin
 * with their day: between those of the first day and of the last the index finds the records.
 */
static const char senders_query[] = "with told as (select " PLACE(
	"source_ip",
	"$5::boolean") " as place, sender, sender_name, "
		       "verdict, sum(messages) as messages from dmarc.records where day = any ($1::date[]) "
		       "and report_key >= dmarc.first_key($6::date) and report_key < dmarc.first_key($7::date + 1) "
		       "and ($4::text is null or sender = $4) and " QUESTION_OF_DOMAIN(
			       "policy_domain") " "
						"and " PLACE(
							"source_ip",
							"$5::boolean") " = any ($2::inet[]) group by 1, 2, 3, 4), "
								       "main as (select distinct on (place) place, sender, sender_name, verdict from told "
								       "order by place, messages desc, sender, verdict) "
								       "select m.sender, m.sender_name, m.verdict "
								       "from unnest($2::inet[]) with ordinality as p(place, number) left join main m using (place) "
								       "order by p.number";

/* "{a,b}" of a column's words, which are addresses or days: none needs quoting, none is missing. */
static void append_array(struct buf *array, const struct asked *asked, const struct answer *a,
			 enum host_column column)
{
	buf_append_byte(array, '{');
	for (size_t i = 0; i < a->row_count; i++) {
		if (i > 0)
			buf_append_byte(array, ',');
		buf_append(array, asked->cells[i * COLUMNS + column].text);
	}
	buf_append_byte(array, '}');
}

/* Days as text are in the order of time; the arena's copies are terminated. */
static void find_days(const struct asked *asked, const struct answer *a, const char **first_out,
		      const char **last_out)
{
	struct slice first = asked->cells[COLUMN_LAST_DAY].text, last = first;

	for (size_t i = 1; i < a->row_count; i++) {
		struct slice day = asked->cells[i * COLUMNS + COLUMN_LAST_DAY].text;

		if (slice_compare(day, first) < 0)
			first = day;
		if (slice_compare(last, day) < 0)
			last = day;
	}
	*first_out = first.p;
	*last_out = last.p;
}

static bool query_senders(const struct asked *asked, const struct answer *a, struct rows **rows_out,
			  struct err *e)
{
	SCOPED(buf) struct buf days = { 0 };
	SCOPED(buf) struct buf places = { 0 };

	append_array(&days, asked, a, COLUMN_LAST_DAY);
	append_array(&places, asked, a, COLUMN_ADDRESS);

	const struct question_filter *f = asked->filter;
	const char *values[] = { buf_text(&days),
				 buf_text(&places),
				 f->domain,
				 f->sender,
				 f->group_ipv6 ? "true" : "false",
				 NULL,
				 NULL };

	find_days(asked, a, &values[5], &values[6]);

	return connection_query(asked->connection, senders_query, values, COUNT_OF(values),
				rows_out, e);
}

/* Where its detail is pruned nothing is known of a sender any more. */
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
		buf_append_text(&foot,
				"MESSAGES are all since FIRST; SENDER is who most came from on "
				"LAST.");
	if (is_any_without_name(asked, a))
		buf_append_text(&foot, " Names come with 'ruamill hosts'.");
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
