/* SPDX-License-Identifier: MIT */
#include "reports/explain_store.h"

#include "base/timestamp.h"
#include "reports/field.h"

#include "base/banned.h"

/* Between the items of a list: nothing in it holds this, since XML 1.0 has no control characters. */
#define SEPARATOR     '\x1F'
#define SQL_SEPARATOR "e'\\x1f'"

static bool copy_text(struct arena *arena, const struct rows *rows, size_t row, size_t column,
		      struct slice *text_out)
{
	return field_copy(arena, rows_text(rows, row, column), text_out);
}

static uint64_t number_at(const struct rows *rows, size_t row, size_t column)
{
	return field_number(rows_text(rows, row, column));
}

/* --- days ---------------------------------------------------------------------------------------- */

/* By the index, from its end: the fewer days, the sooner there. */
static const char records_of_days[] =
	"select d.day::text, sum(d.records)::bigint from dmarc.daily d "
	"where d.day between greatest($1::date, (select dmarc.first_kept_day())) and $2::date "
	"group by d.day order by d.day desc limit $3::integer";

/* Days are asked for in steps: in most cases the first few have records enough. */
enum { DAYS_AT_FIRST = 8, DAYS_STEP = 8 };

/* Takes days until they have so many records; false in *more_out where they have. */
static void take_days(struct explanation *x, const struct rows *rows, uint64_t records,
		      bool *more_out)
{
	uint64_t sum = 0;

	x->looked = x->looked_at_part = false;
	*more_out = true;
	for (size_t row = 0; row < rows_count(rows); row++) {
		int64_t day = 0;

		sum += (uint64_t)rows_integer(rows, row, 1);
		if (!date_parse(rows_text(rows, row, 0), &day) || (x->looked && sum > records)) {
			x->looked_at_part = true;
			*more_out = false;
			break;
		}
		if (!x->looked)
			x->looked_until = day;
		x->looked_since = day;
		x->looked = true;
	}
}

bool explain_choose_days(struct explanation *x, struct connection *c, int64_t since, int64_t until,
			 uint64_t records, struct err *e)
{
	char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
	bool more = true;

	date_format(since, first);
	date_format(until, last);
	for (int64_t limit = DAYS_AT_FIRST; more; limit *= DAYS_STEP) {
		SCOPED(buf) struct buf most = { 0 };
		SCOPED(rows) struct rows *rows = NULL;

		buf_printf(&most, "%lld", (long long)limit);

		const char *values[] = { first, last, buf_text(&most) };

		if (!connection_query(c, records_of_days, values, COUNT_OF(values), &rows, e))
			return false;
		take_days(x, rows, records, &more);
		more = more && rows_count(rows) == (size_t)limit;
	}
	return true;
}

/* The days that were chosen, for statements on records r of reports p: see rollup.c. */
struct chosen {
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
};

#define IN_CHOSEN(since, until)                                                                    \
	"r.day between " since "::date and " until "::date "                                       \
	"and r.report_key >= dmarc.first_key(" since "::date) "                                    \
	"and r.report_key < dmarc.first_key(" until "::date + 1) "                                 \
	"and p.key >= dmarc.first_key(" since "::date) "                                           \
	"and p.key < dmarc.first_key(" until "::date + 1) "

static struct chosen chosen_days(const struct explanation *x)
{
	struct chosen chosen = { "", "" };

	date_format(x->looked_since, chosen.since);
	date_format(x->looked_until, chosen.until);
	return chosen;
}

/* --- records of streams -------------------------------------------------------------------------- */

void stream_keys_add(struct stream_keys *k, const struct stream_seen *seen)
{
	if (k->count++ > 0) {
		buf_append_byte(&k->keys, SEPARATOR);
		buf_append_byte(&k->classes, SEPARATOR);
	}
	buf_append(&k->keys, seen->key);
	buf_append(&k->classes, seen->host_class);
}

void stream_keys_release(struct stream_keys *k)
{
	buf_release(&k->keys);
	buf_release(&k->classes);
}

/* A single class that is empty makes an empty list of classes: null stands for it. */
#define KEYS                                                                                       \
	"keys as materialized (select k.key, coalesce(k.class, '') as class, k.n "                 \
	"from unnest(string_to_array($1, " SQL_SEPARATOR ")::uuid[], "                             \
	"string_to_array($2, " SQL_SEPARATOR ")) with ordinality as k (key, class, n)) "

#define RECORDS_OF_KEYS                                                                            \
	"from keys k join dmarc.record r on r.stream_key = k.key "                                 \
	"join dmarc.report p on p.key = r.report_key "                                             \
	"left join dmarc.host h on h.address = r.source_ip "                                       \
	"where coalesce(h.class, '') = k.class and " IN_CHOSEN("$3", "$4")

/*
 * Of mail that nobody knows, steady, small and daily senders come first: they are more likely to be a
 * script of the owner's than a burst is.
 */
static const char addresses_query[] =
	"with " KEYS ", sums as (select r.source_ip, sum(r.count) as messages, "
	"count(distinct r.day) as days, count(distinct p.reporter) as reporters, "
	"min(r.day) as first_day, max(r.day) as last_day " RECORDS_OF_KEYS
	"and r.source_ip is not null group by 1) "
	"select host(s.source_ip), h.name, s.messages, s.days, s.reporters, s.first_day, "
	"s.last_day, count(*) over () from sums s "
	"left join dmarc.host h on h.address = s.source_ip and h.state = 'confirmed' "
	"order by case when $5::boolean then s.messages * s.days * s.reporters else s.messages end "
	"desc, s.source_ip limit $6::integer";

static bool fill_address(struct explain_address *a, const struct rows *rows, size_t row,
			 struct arena *arena)
{
	a->messages = number_at(rows, row, 2);
	a->days = number_at(rows, row, 3);
	a->reporters = number_at(rows, row, 4);
	return copy_text(arena, rows, row, 0, &a->address) &&
		copy_text(arena, rows, row, 1, &a->name) &&
		copy_text(arena, rows, row, 5, &a->first_day) &&
		copy_text(arena, rows, row, 6, &a->last_day);
}

static bool fill_addresses(struct explanation *x, const struct rows *rows, struct arena *arena)
{
	size_t count = rows_count(rows);

	x->addresses = arena_alloc(arena, (count + 1) * sizeof(*x->addresses));
	x->address_count = count;
	x->address_total = count > 0 ? number_at(rows, 0, 7) : 0;
	for (size_t row = 0; x->addresses && row < count; row++) {
		if (!fill_address(&x->addresses[row], rows, row, arena))
			return false;
	}
	return x->addresses != NULL;
}

bool explain_addresses(struct explanation *x, struct connection *c, const struct stream_keys *keys,
		       struct arena *arena, struct err *e)
{
	const struct chosen chosen = chosen_days(x);
	bool spoofed = x->target->kind == TARGET_UNNAMED && x->target->unnamed == UNNAMED_SPOOFED;
	SCOPED(buf) struct buf most = { 0 };
	SCOPED(rows) struct rows *rows = NULL;

	if (!x->looked || keys->count == 0)
		return true;
	buf_printf(&most, "%d", (int)EXPLAIN_ADDRESSES);

	const char *values[] = { keys->keys.p,
				 keys->classes.p,
				 chosen.since,
				 chosen.until,
				 spoofed ? "true" : "false",
				 buf_text(&most) };

	return connection_query(c, addresses_query, values, COUNT_OF(values), &rows, e) &&
		(fill_addresses(x, rows, arena) || tally_arena_full(e));
}

static const char examples_query[] =
	"with " KEYS "select distinct on (k.n) k.n - 1, host(r.source_ip), h.name, p.reporter, "
	"r.day::text, r.count " RECORDS_OF_KEYS
	"order by k.n, r.day desc, r.count desc, r.source_ip, r.report_key, r.ordinal";

static bool fill_example(struct explain_kind *kind, const struct rows *rows, size_t row,
			 struct arena *arena)
{
	kind->example_count = number_at(rows, row, 5);
	return copy_text(arena, rows, row, 1, &kind->example_address) &&
		copy_text(arena, rows, row, 2, &kind->example_host) &&
		copy_text(arena, rows, row, 3, &kind->example_reporter) &&
		copy_text(arena, rows, row, 4, &kind->example_day);
}

bool explain_examples(struct explanation *x, struct connection *c, const struct stream_keys *keys,
		      struct arena *arena, struct err *e)
{
	const struct chosen chosen = chosen_days(x);
	const char *values[] = { keys->keys.p, keys->classes.p, chosen.since, chosen.until };
	SCOPED(rows) struct rows *rows = NULL;

	if (!x->looked || keys->count == 0)
		return true;
	if (!connection_query(c, examples_query, values, COUNT_OF(values), &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		uint64_t kind = number_at(rows, row, 0);

		if (kind < x->kind_count && !fill_example(&x->kinds[kind], rows, row, arena))
			return tally_arena_full(e);
	}
	return true;
}

/* --- an address ---------------------------------------------------------------------------------- */

static const char host_query[] = "select state, name, network, country from dmarc.host "
				 "where address = $1::inet";

static const char seen_query[] =
	"select policy_domain, first_day::text, last_day::text, messages from dmarc.host_seen "
	"where address = $1::inet and ($2::text is null "
	"or right('.' || policy_domain, length($2) + 1) = '.' || $2 "
	"or right('.' || $2, length(policy_domain) + 1) = '.' || policy_domain) "
	"order by messages desc, policy_domain limit 1000";

static bool fill_domains(struct explanation *x, const struct rows *rows, struct arena *arena)
{
	size_t count = rows_count(rows);

	x->domains = arena_alloc(arena, (count + 1) * sizeof(*x->domains));
	x->domain_count = count;
	for (size_t row = 0; x->domains && row < count; row++) {
		struct explain_domain *d = &x->domains[row];

		d->messages = number_at(rows, row, 3);
		if (!copy_text(arena, rows, row, 0, &d->domain) ||
		    !copy_text(arena, rows, row, 1, &d->first_day) ||
		    !copy_text(arena, rows, row, 2, &d->last_day))
			return false;
	}
	return x->domains != NULL;
}

static void span_domains(struct explanation *x)
{
	for (size_t i = 0; i < x->domain_count; i++) {
		int64_t first = 0, last = 0;

		if (!date_parse(x->domains[i].first_day, &first) ||
		    !date_parse(x->domains[i].last_day, &last))
			continue;
		x->seen_first = i == 0 || first < x->seen_first ? first : x->seen_first;
		x->seen_last = i == 0 || last > x->seen_last ? last : x->seen_last;
	}
}

bool explain_host(struct explanation *x, struct connection *c, struct arena *arena, struct err *e)
{
	const char *values[] = { x->target->address, x->window.domain };
	SCOPED(rows) struct rows *host = NULL;
	SCOPED(rows) struct rows *seen = NULL;

	if (!connection_query(c, host_query, values, 1, &host, e) ||
	    !connection_query(c, seen_query, values, COUNT_OF(values), &seen, e))
		return false;
	if (rows_count(host) > 0 &&
	    (!copy_text(arena, host, 0, 0, &x->host_state) ||
	     !copy_text(arena, host, 0, 1, &x->host_name) ||
	     !copy_text(arena, host, 0, 2, &x->host_network) ||
	     !copy_text(arena, host, 0, 3, &x->host_country)))
		return tally_arena_full(e);
	if (!fill_domains(x, seen, arena))
		return tally_arena_full(e);
	span_domains(x);
	return true;
}

static const char records_query[] =
	"with counted as (select r.stream_key, coalesce(h.class, '') as host_class, p.reporter, "
	"sum(r.count) as messages, count(*) as records, min(r.day) as first_day, "
	"max(r.day) as last_day, count(distinct r.day) as days "
	"from dmarc.record r join dmarc.report p on p.key = r.report_key "
	"left join dmarc.host h on h.address = r.source_ip "
	"where r.source_ip = $1::inet and " IN_CHOSEN(
		"$2", "$3") "group by 1, 2, 3) "
			    "select " STREAMS_COLUMNS
			    ", c.messages, c.records, c.host_class, c.stream_key, c.reporter, "
			    "c.first_day, c.last_day, c.first_day, c.last_day, c.days "
			    "from counted c join dmarc.stream s on s.key = c.stream_key "
			    "where " STREAMS_OF_DOMAIN(
				    "$4") " order by c.messages desc, c.stream_key, c.reporter";

bool explain_records(struct explanation *x, struct connection *c, struct rows **rows_out,
		     struct err *e)
{
	const struct chosen chosen = chosen_days(x);
	const char *values[] = { x->target->address, chosen.since, chosen.until, x->window.domain };

	return connection_query(c, records_query, values, COUNT_OF(values), rows_out, e);
}
