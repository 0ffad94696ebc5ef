/* SPDX-License-Identifier: MIT */
#include "reports/hosts.h"

#include "base/bug.h"
#include "parser/address.h"
#include "reports/host_class.h"
#include "store/copy.h"
#include "store/tray.h"

#include "base/banned.h"

static const struct tray new_hosts = TRAY("new_host", "address, class", "address inet, class text");
enum { NEW_HOST_COLUMNS = 2 };

/* A class tells by an @ that a network is part of it. */
static const char addresses_rolled_up[] =
	"select host(a.address), coalesce(h.state, 'not looked up'), h.name, h.class "
	"from (select distinct address from pg_temp.rolled_host) as a "
	"left join dmarc.host h on h.address = a.address "
	"where a.address <<= any ($1::inet[]) or h.class like '%@%'";

/* In the order of all who change hosts, so that none waits for another in a ring. */
static const char insert_hosts[] = "with " TRAY_TAKEN(
	"new_host") ", seen as materialized (select distinct s.address from dmarc.host_seen s "
		    "where s.address in (select address from given)) "
		    "insert into dmarc.host as h (address, class, stale) "
		    "select g.address, g.class, s.address is not null "
		    "from given g left join seen s on s.address = g.address "
		    "order by g.address on conflict (address) do update set "
		    "class = excluded.class, stale = h.stale or excluded.stale";

static void append_element(struct buf *array, const struct network *n)
{
	if (array->n > 1)
		buf_append_byte(array, ',');
	network_append(array, n);
}

/* All networks that tell something, as an array of PostgreSQL's. */
static void append_networks(struct buf *array, const struct judge *judge)
{
	size_t count;
	const struct sender_range *ranges = catalogue_ranges(judge->catalogue, &count);

	buf_append_byte(array, '{');
	for (size_t i = 0; i < count; i++)
		append_element(array, &ranges[i].network);
	for (size_t i = 0; judge->owner && i < judge->owner->rule_count; i++) {
		if (judge->owner->rules[i].kind == RULE_BY_ADDRESS)
			append_element(array, &judge->owner->rules[i].network);
	}
	buf_append_byte(array, '}');
}

/* A row of address, state, name and class. */
struct known_host {
	struct address address;
	struct host host;
};

static struct known_host host_of(const struct rows *rows, size_t row)
{
	struct known_host known = { .host.name = rows_text(rows, row, 2) };

	BUG_UNLESS(address_parse(rows_text(rows, row, 0), &known.address) != ADDRESS_UNREADABLE);
	BUG_UNLESS(host_state_find(rows_text(rows, row, 1), &known.host.state));
	return known;
}

/* False when it has the class already. */
static bool append_class(struct buf *class, const struct judge *judge, const struct rows *rows,
			 size_t row, const struct known_host *known)
{
	host_class_append(class, judge, &known->address, &known->host);
	return !slice_equal(buf_slice(class), rows_text(rows, row, 3));
}

static void encode_new(struct buf *out, const struct judge *judge, const struct rows *rows,
		       size_t row)
{
	const struct known_host known = host_of(rows, row);
	SCOPED(buf) struct buf class = { 0 };

	if (!append_class(&class, judge, rows, row, &known))
		return;
	copy_row(out, NEW_HOST_COLUMNS);
	copy_address(out, &known.address);
	copy_text(out, buf_slice(&class));
}

bool hosts_ready(struct connection *c, struct err *e)
{
	return tray_make(c, &new_hosts, e);
}

bool hosts_classify(struct connection *c, const struct judge *judge, struct err *e)
{
	SCOPED(buf) struct buf networks = { 0 };
	SCOPED(buf) struct buf hosts = { 0 };
	SCOPED(rows) struct rows *rows = NULL;
	const char *values[1];

	append_networks(&networks, judge);
	values[0] = networks.p;
	if (!connection_query(c, addresses_rolled_up, values, COUNT_OF(values), &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		encode_new(&hosts, judge, rows, row);
	return hosts.n == 0 ||
		(tray_fill(c, &new_hosts, buf_slice(&hosts), e) &&
		 connection_execute(c, insert_hosts, NULL, 0, e));
}

/* -- by the rules of today */

/* asked: somebody was asked for the name just now. */
static const struct tray changed_hosts =
	TRAY("changed_host", "address, state, name, class, asked",
	     "address inet primary key, state text, name text, class text, asked boolean");
enum { CHANGED_HOST_COLUMNS = 5 };

/*
 * Pages of what is known, and of what has become worth knowing: the addresses behind $1. Apart, since few are new
 * in most cases, and to look for them with each page of the others would be to go through all that were seen.
 */
#define PAGE "order by address limit 20000"
static const char known_page[] = "select host(address), state, name, class, stale from dmarc.host "
				 "where address > $1::inet " PAGE;
static const char new_page[] =
	"select host(s.address), 'not looked up', null, '', false from dmarc.host_seen s "
	"where s.address > $1::inet and s.address <<= any ($2::inet[]) "
	"and not exists (select from dmarc.host h where h.address = s.address) "
	"group by s.address " PAGE;

/* In the order of addresses it stands before all of them. */
static const char before_all[] = "0.0.0.0/0";

/* Storing looks for days through all records: it waits until so many have changed, and then holds a page more. */
enum { STORED_AT_ONCE = 50000 };

/* Days whose detail is there are added up anew; others keep the classes they were added up by. */
static const char mark_days[] =
	"insert into dmarc.dirty_day (day) select distinct r.day from dmarc.record r "
	"where r.source_ip in (select n.address from pg_temp.changed_host n "
	"left join dmarc.host h on h.address = n.address "
	"where h.stale or n.class is distinct from coalesce(h.class, ''))";

static const char change_hosts[] = "with " TRAY_TAKEN(
	"changed_host") " insert into dmarc.host as h (address, state, name, class, looked_up_at) "
			"select address, state, name, class, case when asked then now() end "
			"from given order by address on conflict (address) do update set state = excluded.state, "
			"name = excluded.name, class = excluded.class, stale = false, "
			"looked_up_at = coalesce(excluded.looked_up_at, h.looked_up_at)";

static void encode_changed(struct buf *out, const struct address *address, const struct host *host,
			   struct slice class, bool asked)
{
	copy_row(out, CHANGED_HOST_COLUMNS);
	copy_address(out, address);
	copy_field(out, slice_from(host_state_text(host->state)));
	copy_text(out, host->name);
	copy_text(out, class);
	copy_boolean(out, asked);
}

static bool store_changed(struct connection *c, struct slice hosts, struct err *e)
{
	bool ok = tray_make(c, &changed_hosts, e) && connection_execute(c, "begin", NULL, 0, e) &&
		tray_fill(c, &changed_hosts, hosts, e) &&
		connection_execute(c, mark_days, NULL, 0, e) &&
		connection_execute(c, change_hosts, NULL, 0, e);

	return connection_end(c, ok, e);
}

/* All of them by the rules of today. */
struct renewal {
	struct connection *connection;
	const struct judge *judge;
	struct buf networks;
	struct buf hosts; /* that are to be stored */
	size_t count;
};

static void renew(struct renewal *r, const struct rows *rows, size_t row)
{
	const struct known_host known = host_of(rows, row);
	SCOPED(buf) struct buf class = { 0 };

	if (!append_class(&class, r->judge, rows, row, &known) && !rows_boolean(rows, row, 4))
		return;
	encode_changed(&r->hosts, &known.address, &known.host, buf_slice(&class), false);
	r->count++;
}

static bool store_renewed(struct renewal *r, size_t least, struct err *e)
{
	bool ok;

	if (r->count < least)
		return true;
	ok = store_changed(r->connection, buf_slice(&r->hosts), e);
	buf_clear(&r->hosts);
	r->count = 0;
	return ok;
}

static bool renew_page(struct renewal *r, const char *page, size_t value_count,
		       char after[static ADDRESS_TEXT_SIZE], bool *any_out, struct err *e)
{
	const char *values[] = { after, r->networks.p };
	SCOPED(rows) struct rows *rows = NULL;
	size_t count;

	if (!connection_query(r->connection, page, values, value_count, &rows, e))
		return false;
	count = rows_count(rows);
	for (size_t row = 0; row < count; row++)
		renew(r, rows, row);
	*any_out = count > 0;
	if (count > 0)
		BUG_UNLESS(slice_to_cstr(rows_text(rows, count - 1, 0), after, ADDRESS_TEXT_SIZE));
	return store_renewed(r, STORED_AT_ONCE, e);
}

static bool renew_pages(struct renewal *r, const char *page, size_t value_count, struct err *e)
{
	char after[ADDRESS_TEXT_SIZE];
	bool any = true, ok = true;

	BUG_UNLESS(slice_to_cstr(slice_from(before_all), after, sizeof(after)));
	while (ok && any)
		ok = renew_page(r, page, value_count, after, &any, e);
	return ok && store_renewed(r, 1, e);
}

bool hosts_reclassify(struct connection *c, const struct judge *judge, struct err *e)
{
	struct renewal r = { .connection = c, .judge = judge };
	bool ok;

	append_networks(&r.networks, judge);
	ok = renew_pages(&r, known_page, 1, e) && renew_pages(&r, new_page, 2, e);
	buf_release(&r.networks);
	buf_release(&r.hosts);
	return ok;
}

bool hosts_store(struct connection *c, const struct judge *judge, const struct named_host *hosts,
		 size_t count, struct err *e)
{
	SCOPED(buf) struct buf rows = { 0 };

	for (size_t i = 0; i < count; i++) {
		SCOPED(buf) struct buf class = { 0 };

		host_class_append(&class, judge, &hosts[i].address, &hosts[i].host);
		encode_changed(&rows, &hosts[i].address, &hosts[i].host, buf_slice(&class), true);
	}
	return count == 0 || store_changed(c, buf_slice(&rows), e);
}
