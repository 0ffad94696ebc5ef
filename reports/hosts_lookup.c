/* SPDX-License-Identifier: MIT */
#include "reports/hosts_lookup.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/address.h"

#include "base/banned.h"

/*
 * Storing looks for the days an address sent mail on, which reads all records: so not too often. Names
 * are at most as long as DNS allows.
 */
enum {
	STORED_AT_ONCE = 10000,
	STORED_AFTER_MS = 30 * 1000,
	NAMES_BYTES = STORED_AT_ONCE * 512,
	TOLD_EVERY = 100,
};

/* -- which */

/* They mean another machine in each network, and whoever reports them means one in his own. */
#define LOCAL_NETWORKS                                                                             \
	"'{0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,"           \
	"192.168.0.0/16,224.0.0.0/3,::/127,fc00::/7,fe80::/9,ff00::/8}'::inet[]"

/* rank: 0 never asked, 1 nobody could tell, 2 known for long. */
static const char waiting_query[] =
	"select host(address), rank = 2, count(*) over () from ("
	"select s.address, max(s.last_day) as last_day, sum(s.messages) as messages, "
	"case when h.looked_up_at is null then 0 when h.state = 'not looked up' then 1 else 2 end as rank "
	"from dmarc.host_seen s left join dmarc.host h on h.address = s.address "
	"where not s.address <<= any (" LOCAL_NETWORKS ") "
	"and (h.looked_up_at is null or h.state = 'not looked up' "
	"or ($2::integer > 0 and h.looked_up_at < now() - make_interval(days => $2::integer) "
	"and s.last_day >= (h.looked_up_at at time zone 'UTC')::date)) "
	"group by s.address, h.looked_up_at, h.state) as w "
	"order by rank, last_day desc, messages desc, address limit $1::integer";

static const char local_query[] = "select count(distinct address) from dmarc.host_seen "
				  "where address <<= any (" LOCAL_NETWORKS ")";

static bool count_local(struct hosts_waiting *w, struct connection *c, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, local_query, NULL, 0, &rows, e))
		return false;
	w->local = (uint64_t)rows_integer(rows, 0, 0);
	return true;
}

bool hosts_waiting_find(struct hosts_waiting *w, struct connection *c,
			const struct hosts_wanted *wanted, struct err *e)
{
	char limit[16], days[16];
	const char *values[] = { limit, days };

	*w = (struct hosts_waiting){ 0 };
	BUG_UNLESS(text_format(limit, sizeof(limit), "%u", wanted->limit) &&
		   text_format(days, sizeof(days), "%u", wanted->refresh_days));
	if (!count_local(w, c, e) ||
	    !connection_query(c, waiting_query, values, COUNT_OF(values), &w->rows, e))
		return false;
	w->count = rows_count(w->rows);
	w->total = w->count > 0 ? (uint64_t)rows_integer(w->rows, 0, 2) : 0;
	return true;
}

void hosts_waiting_release(struct hosts_waiting *w)
{
	rows_free(w->rows);
	*w = (struct hosts_waiting){ 0 };
}

/* -- what comes of it */

struct session {
	struct lookup_client client; /* first, so that one leads to the other */
	const struct hosts_lookup *lookup;
	struct hosts_found *total;
	size_t next; /* row */
	struct named_host *found;
	size_t count, capacity;
	struct arena names; /* of those found */
	int64_t stored_ms;
};

static bool next(struct lookup_client *client, struct lookup_subject *subject_out)
{
	struct session *s = (struct session *)client;
	const struct hosts_waiting *w = s->lookup->waiting;

	if (s->next == w->count)
		return false;
	subject_out->number = s->next++;
	BUG_UNLESS(address_parse(rows_text(w->rows, subject_out->number, 0),
				 &subject_out->address) != ADDRESS_UNREADABLE);
	return true;
}

static bool store(struct session *s, struct err *e)
{
	const struct hosts_lookup *l = s->lookup;
	bool ok = hosts_store(l->connection, l->judge, s->found, s->count, e);

	s->count = 0;
	arena_reset(&s->names);
	s->stored_ms = clock_ms();
	return ok;
}

static void keep(struct session *s, const struct address *address, const struct host *host)
{
	struct named_host *f;

	s->found = memory_grow_array(s->found, s->count, &s->capacity, sizeof(*s->found));
	f = &s->found[s->count++];
	*f = (struct named_host){ *address, { host->state, SLICE_ABSENT } };
	if (!slice_is_absent(host->name))
		BUG_UNLESS(arena_copy(&s->names, host->name, &f->host.name));
}

/* What was known before is kept where nobody can tell of it any more. */
static bool found(struct lookup_client *client, const struct lookup_subject *subject,
		  const struct host *host, struct err *e)
{
	struct session *s = (struct session *)client;
	const struct hosts_waiting *w = s->lookup->waiting;

	s->total->by_state[host->state]++;
	s->total->asked++;
	if (host->state != HOST_NOT_LOOKED_UP || !rows_boolean(w->rows, subject->number, 1))
		keep(s, &subject->address, host);
	if (s->lookup->progress && s->total->asked % TOLD_EVERY == 0)
		s->lookup->progress(s->total->asked, w->count);
	if (s->count < STORED_AT_ONCE && clock_ms() - s->stored_ms < STORED_AFTER_MS)
		return true;
	return store(s, e);
}

/* What was learned is kept, whatever ended the run; the first error is the one that is told. */
static bool store_rest(struct session *s, bool ok, struct err *e)
{
	struct err other = ERR_INIT;

	return store(s, ok ? e : &other) && ok;
}

bool hosts_lookup_run(const struct hosts_lookup *l, struct hosts_found *found_out, struct err *e)
{
	struct session s = {
		.client = { next, found }, .lookup = l, .total = found_out, .stored_ms = clock_ms()
	};
	bool ok;

	*found_out = (struct hosts_found){ 0 };
	arena_init(&s.names, NAMES_BYTES);
	ok = lookup_run(l->settings, &s.client, e);
	ok = store_rest(&s, ok, e);
	arena_release(&s.names);
	free(s.found);
	return ok;
}
