/* SPDX-License-Identifier: MIT */
#include "reports/owner_store.h"

#include "base/bug.h"
#include "parser/address.h"
#include "reports/field.h"
#include "reports/streams.h"

#include "base/banned.h"

/* A single address is written without its length. */
static void append_network(struct buf *text, const struct network *n)
{
	const struct address first = network_first(n);
	char address[ADDRESS_TEXT_SIZE];

	if (n->bits < (n->family == ADDRESS_V4 ? 32 : 128)) {
		network_append(text, n);
		return;
	}
	address_format(&first, address);
	buf_append_text(text, address);
}

static const struct owner_rule *last_rule(const struct knowledge *k)
{
	BUG_UNLESS(k->rule_count > 0);
	return &k->rules[k->rule_count - 1];
}

static void append_value(struct buf *text, const struct owner_rule *rule)
{
	if (rule->kind == RULE_BY_ADDRESS)
		append_network(text, &rule->network);
	else
		buf_append(text, rule->name);
}

bool owner_store_rule(struct connection *c, const struct knowledge *knowledge, struct err *e)
{
	const struct owner_rule *rule = last_rule(knowledge);
	SCOPED(buf) struct buf value = { 0 };
	const char *values[] = { rule_kind_text(rule->kind), NULL, rule->sender->id.p };

	append_value(&value, rule);
	values[1] = buf_text(&value);
	return connection_execute(
		c,
		"insert into dmarc.sender_rule (kind, value, sender) values ($1, $2, $3) "
		"on conflict (kind, value) do update set sender = excluded.sender, "
		"added_by = excluded.added_by, added_at = excluded.added_at",
		values, COUNT_OF(values), e);
}

static const char *last_domain(const struct knowledge *k)
{
	BUG_UNLESS(k->owned_count > 0);
	return k->owned[k->owned_count - 1].p; /* the arena's copies are terminated */
}

bool owner_store_domain(struct connection *c, const struct knowledge *knowledge, struct err *e)
{
	const char *values[] = { last_domain(knowledge) };

	return connection_execute(c,
				  "insert into dmarc.owned_domain (domain) values ($1) "
				  "on conflict (domain) do nothing",
				  values, COUNT_OF(values), e);
}

/* A statement that returns a row for each that it has changed. */
static bool change_one(struct connection *c, const char *sql, const char *const *values,
		       size_t count, bool *changed_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, sql, values, count, &rows, e))
		return false;
	*changed_out = rows_count(rows) > 0;
	return true;
}

static bool is_none(const char *what, const char *name, const char *remedy, struct err *e)
{
	err_set(e, ERR_USAGE, "%s", what);
	err_where(e, "%s", name);
	err_remedy(e, "%s", remedy);
	return false;
}

bool owner_forget_rule(struct connection *c, const struct knowledge *knowledge, struct err *e)
{
	const struct owner_rule *rule = last_rule(knowledge);
	SCOPED(buf) struct buf value = { 0 };
	const char *values[] = { rule_kind_text(rule->kind), NULL };
	bool changed;

	append_value(&value, rule);
	values[1] = buf_text(&value);
	if (!change_one(c,
			"delete from dmarc.sender_rule where kind = $1 and value = $2 returning 1",
			values, COUNT_OF(values), &changed, e))
		return false;
	return changed ||
		is_none("there is no such rule", buf_text(&value),
			"'ruamill senders rules' lists them", e);
}

bool owner_forget_domain(struct connection *c, const struct knowledge *knowledge, struct err *e)
{
	const char *values[] = { last_domain(knowledge) };
	bool changed;

	if (!change_one(c, "delete from dmarc.owned_domain where domain = $1 returning 1", values,
			COUNT_OF(values), &changed, e))
		return false;
	return changed ||
		is_none("not among the owned domains", values[0],
			"'ruamill senders rules' lists them", e);
}

bool owner_foreign_domains(struct connection *c, uint64_t *count_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c,
			      "select count(distinct policy_domain) from dmarc.report "
			      "where not (" POLICY_DOMAIN_COUNTS("policy_domain") ")",
			      NULL, 0, &rows, e))
		return false;
	*count_out = (uint64_t)rows_integer(rows, 0, 0);
	return true;
}

/* A sender of the owner's own has no row until he says something of it. */
bool owner_acknowledge(struct connection *c, const char *sender, bool known, struct err *e)
{
	const char *values[] = { sender, known ? "true" : "false" };
	bool changed;

	if (!change_one(
		    c,
		    "insert into dmarc.sender as s (id, name, kind, status, shipped, acknowledged, "
		    "added_by, added_at) "
		    "select id, name, kind, status, shipped, $2::boolean, session_user, now() from ("
		    "select id, name, kind, status, shipped from dmarc.sender where id = $1 "
		    "union all select distinct sender, sender, 'saas', 'K', false "
		    "from dmarc.sender_rule where sender = $1 "
		    "and not exists (select from dmarc.sender where id = $1)) as known "
		    "on conflict (id) do update set acknowledged = excluded.acknowledged, "
		    "added_by = excluded.added_by, added_at = excluded.added_at returning 1",
		    values, COUNT_OF(values), &changed, e))
		return false;
	return changed ||
		is_none("neither a sender of the catalogue nor one of your own", sender,
			"'ruamill senders list' and 'ruamill senders rules' list them", e);
}

static const struct column columns[] = {
	{ .name = "kind", .title = "KIND" },      { .name = "value", .title = "VALUE" },
	{ .name = "sender", .title = "SENDER" },  { .name = "added_by", .title = "BY" },
	{ .name = "added_at", .title = "SINCE" },
};

static const char all_of_it[] =
	"select kind, value, sender, added_by, to_char(added_at, 'YYYY-MM-DD') "
	"from dmarc.sender_rule union all "
	"select 'owned', domain, null, added_by, to_char(added_at, 'YYYY-MM-DD') "
	"from dmarc.owned_domain union all "
	"select 'acknowledged', id, id, added_by, to_char(added_at, 'YYYY-MM-DD') "
	"from dmarc.sender where acknowledged order by 1, 2";

static bool copy_cell(const struct rows *rows, size_t row, size_t column, struct arena *arena,
		      struct cell *cell)
{
	*cell = (struct cell){ 0 };
	return field_copy(arena, rows_text(rows, row, column), &cell->text);
}

static bool copy_cells(const struct rows *rows, struct arena *arena, struct cell *cells)
{
	for (size_t i = 0; i < rows_count(rows) * COUNT_OF(columns); i++) {
		if (!copy_cell(rows, i / COUNT_OF(columns), i % COUNT_OF(columns), arena,
			       &cells[i]))
			return false;
	}
	return true;
}

bool owner_answer(struct connection *c, struct arena *arena, struct answer *answer_out,
		  struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, all_of_it, NULL, 0, &rows, e))
		return false;

	size_t cells_count = rows_count(rows) * COUNT_OF(columns);
	struct cell *cells = arena_alloc(arena, (cells_count + 1) * sizeof(*cells));
	struct slice *headline = arena_alloc(arena, sizeof(*headline));

	if (!cells || !headline || !copy_cells(rows, arena, cells)) {
		err_set(e, ERR_LIMIT, "there are too many rules for a list");
		return false;
	}
	*headline = rows_count(rows) > 0 ? SLICE("What you have said of senders and domains.")
					 : SLICE("Nothing yet: see 'ruamill senders add --help'.");
	*answer_out = (struct answer){
		.question = "rules",
		.headline = headline,
		.headline_count = 1,
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.cells = cells,
		.row_count = rows_count(rows),
	};
	return true;
}
