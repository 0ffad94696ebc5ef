/* SPDX-License-Identifier: MIT */
#include "reports/senders_store.h"

#include "base/digest.h"
#include "store/copy.h"
#include "store/given.h"

#include "base/banned.h"

#define SENDER_COLUMNS "id, name, kind, status"
enum { SENDER_COLUMN_COUNT = 4, FINGERPRINT_VERSION = 7 };

#define SENDER        "dmarc.given_sender"
#define GIVEN_SENDERS "given as (select * from " GIVEN(SENDER) ")"

/* What says the same is left alone: this runs after every ingestion. */
static const char publish_senders[] =
	"with " GIVEN_SENDERS ", gone as (delete from dmarc.sender s where s.shipped "
	"and not exists (select from given n where n.id = s.id)) "
	"insert into dmarc.sender as s (" SENDER_COLUMNS ") "
	"select " SENDER_COLUMNS " from given order by id "
	"on conflict (id) do update set name = excluded.name, kind = excluded.kind, "
	"status = excluded.status, shipped = true "
	"where (s.name, s.kind, s.status, s.shipped) "
	"is distinct from (excluded.name, excluded.kind, excluded.status, true)";

static void encode_senders(struct buf *out, const struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct sender *s = catalogue_at(catalogue, i);

		copy_row(out, SENDER_COLUMN_COUNT);
		copy_field(out, s->id);
		copy_field(out, s->name);
		copy_field(out, slice_from(sender_kind_text(s->kind)));
		copy_field(out, slice_from(sender_status_text(s->status)));
	}
}

bool senders_publish(struct connection *c, const struct catalogue *catalogue, struct err *e)
{
	SCOPED(buf) struct buf rows = { 0 };

	encode_senders(&rows, catalogue);
	return given_execute(c, publish_senders, SENDER, buf_slice(&rows), e);
}

/* A row that somebody wrote in SQL is checked like one from a command line. */
static bool bad_row(const char *table, struct err *e)
{
	e->kind = ERR_CONFIG;
	err_where(e, "%s", table);
	return false;
}

static bool load_domains(struct connection *c, struct knowledge *k, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, "select domain from dmarc.owned_domain order by domain", NULL, 0,
			      &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (!knowledge_own(k, rows_text(rows, row, 0), e))
			return bad_row("dmarc.owned_domain", e);
	}
	return true;
}

static bool load_rules(struct connection *c, struct knowledge *k, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c,
			      "select kind, value, sender from dmarc.sender_rule "
			      "order by kind, value",
			      NULL, 0, &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		enum rule_kind kind;

		if (!rule_kind_find(rows_text(rows, row, 0), &kind) ||
		    !knowledge_add_rule(k, kind, rows_text(rows, row, 1), rows_text(rows, row, 2),
					e))
			return bad_row("dmarc.sender_rule", e);
	}
	return true;
}

bool senders_load(struct connection *c, struct knowledge *knowledge, struct err *e)
{
	return load_domains(c, knowledge, e) && load_rules(c, knowledge, e);
}

static void add_owner(struct digest *d, const struct owner *owner)
{
	for (size_t i = 0; i < owner->owned_count; i++)
		digest_add(d, owner->owned_domains[i]);
	for (size_t i = 0; i < owner->rule_count; i++) {
		const struct owner_rule *rule = &owner->rules[i];

		digest_add_u64(d, (uint64_t)rule->kind);
		digest_add(d, rule->name);
		digest_add(
			d,
			slice_of((const char *)rule->network.bytes, sizeof(rule->network.bytes)));
		digest_add_u64(d, (uint64_t)rule->network.family << 8 | rule->network.bits);
		digest_add(d, rule->sender->id);
		digest_add(d, rule->sender->name);
	}
}

void judge_fingerprint(const struct judge *judge, const char *program,
		       char text[static FINGERPRINT_SIZE])
{
	SCOPED(digest) struct digest *d = digest_new(FINGERPRINT_VERSION);
	SCOPED(buf) struct buf hex = { 0 };
	unsigned char bytes[DIGEST_SIZE];

	digest_add(d, slice_from(program));
	digest_add(d, slice_from(catalogue_version(judge->catalogue)));
	digest_add(d, slice_from(domains_version(judge->domains)));
	if (judge->owner)
		add_owner(d, judge->owner);
	digest_take(d, bytes);
	hex_append(&hex, bytes, FINGERPRINT_SIZE / 2);
	memcpy(text, hex.p, FINGERPRINT_SIZE);
}
