/* SPDX-License-Identifier: MIT */
#include "store/encode.h"

#include "base/json.h"
#include "parser/limits.h"
#include "store/copy.h"

#include "base/banned.h"

/* Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts. */
enum { POSTGRES_EPOCH_DAYS = 10957 };

enum { JSONB_VERSION = 1 };

const char encode_copy_statement[] =
	"copy dmarc.record (report_key, ordinal, day, source_ip, count, stream_key, envelope_to, notes) "
	"from stdin (format binary)";

enum { RECORD_COLUMNS = 8 };

static void put_day_field(struct buf *out, int64_t day)
{
	copy_integer(out, 4, (uint64_t)(day - POSTGRES_EPOCH_DAYS));
}

/* key: [expression for each i below count] */
#define JSON_LIST(j, key, count, expression)                                                       \
	do {                                                                                       \
		json_key((j), (key));                                                              \
		json_array_begin(j);                                                               \
		for (size_t i = 0; i < (count); i++)                                               \
			json_string((j), (expression));                                            \
		json_array_end(j);                                                                 \
	} while (0)

/* The free texts of a record, a list for each kind. */
static size_t comment_count(const struct record *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->reason_count; i++)
		count += r->reasons[i].comment.n > 0;
	return count;
}

static size_t dkim_text_count(const struct record *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->dkim_count; i++)
		count += r->dkim_results[i].human_result.n > 0;
	return count;
}

static size_t spf_text_count(const struct record *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->spf_count; i++)
		count += r->spf_results[i].human_result.n > 0;
	return count;
}

static bool has_notes(const struct record *r)
{
	return r->raw_count + comment_count(r) + dkim_text_count(r) + spf_text_count(r) > 0;
}

static void json_raw_at(struct json *j, const char *key, const struct record *r)
{
	json_key(j, key);
	json_object_begin(j);
	for (size_t i = 0; i < r->raw_count; i++) {
		json_key_slice(j, r->raw[i].field);
		json_string(j, r->raw[i].text);
	}
	json_object_end(j);
}

/* Kinds without a text are left out: disks are full of records. */
static void json_notes(struct json *j, const struct record *r)
{
	json_object_begin(j);
	if (comment_count(r) > 0)
		JSON_LIST(j, "comments", r->reason_count, r->reasons[i].comment);
	if (dkim_text_count(r) > 0)
		JSON_LIST(j, "dkim", r->dkim_count, r->dkim_results[i].human_result);
	if (spf_text_count(r) > 0)
		JSON_LIST(j, "spf", r->spf_count, r->spf_results[i].human_result);
	if (r->raw_count > 0)
		json_raw_at(j, "raw", r);
	json_object_end(j);
}

static void put_notes_field(struct buf *out, const struct record *r)
{
	size_t length_at = out->n;
	struct json j = json_into(out);

	if (!has_notes(r)) {
		copy_field(out, SLICE_ABSENT);
		return;
	}
	copy_number(out, 4, 0); /* the length, once it is known */
	copy_number(out, 1, JSONB_VERSION);
	json_notes(&j, r);
	copy_end(out, length_at);
}

void encode_record(struct buf *out, const struct uuid *report, int64_t day,
		   const struct uuid *stream, const struct record *r)
{
	copy_row(out, RECORD_COLUMNS);
	copy_uuid(out, report);
	copy_integer(out, 4, r->ordinal);
	put_day_field(out, day);
	copy_address(out, &r->source_ip);
	copy_integer(out, 8, r->count);
	copy_uuid(out, stream);
	copy_field(out, r->envelope_to);
	put_notes_field(out, r);
}

enum { STREAM_COLUMNS = 24 };

/* A column that lists the expression for each i below count. */
#define PUT_ARRAY(out, count, expression)                                                          \
	do {                                                                                       \
		size_t length_at_ = copy_array((out), (count));                                    \
                                                                                                   \
		for (size_t i = 0; i < (count); i++)                                               \
			copy_field((out), (expression));                                           \
		copy_end((out), length_at_);                                                       \
	} while (0)

static void put_policy_fields(struct buf *out, const struct published_policy *p)
{
	copy_field(out, p->domain);
	copy_field(out, p->adkim.text);
	copy_field(out, p->aspf.text);
	copy_field(out, p->p.text);
	copy_field(out, p->sp.text);
	copy_field(out, p->np.text);
	if (p->pct >= 0)
		copy_integer(out, 2, (uint64_t)p->pct);
	else
		copy_field(out, SLICE_ABSENT);
	copy_field(out, p->testing.text);
	copy_field(out, p->discovery.text);
}

void encode_stream(struct buf *out, const struct uuid *key, const struct published_policy *policy,
		   const struct record *r)
{
	copy_row(out, STREAM_COLUMNS);
	copy_uuid(out, key);
	put_policy_fields(out, policy);
	copy_field(out, r->header_from);
	copy_field(out, r->envelope_from);
	copy_field(out, r->disposition.text);
	copy_field(out, r->dkim.text);
	copy_field(out, r->spf.text);
	PUT_ARRAY(out, r->reason_count, r->reasons[i].type.text);
	PUT_ARRAY(out, r->reason_count, reason_note(&r->reasons[i]));
	PUT_ARRAY(out, r->dkim_count, r->dkim_results[i].domain);
	PUT_ARRAY(out, r->dkim_count, r->dkim_results[i].selector);
	PUT_ARRAY(out, r->dkim_count, r->dkim_results[i].result.text);
	PUT_ARRAY(out, r->dkim_count, dkim_hint(&r->dkim_results[i]));
	PUT_ARRAY(out, r->spf_count, r->spf_results[i].domain);
	PUT_ARRAY(out, r->spf_count, r->spf_results[i].scope.text);
	PUT_ARRAY(out, r->spf_count, r->spf_results[i].result.text);
}

/* -- what there is one of a report or message */

enum { REPORT_COLUMNS = 29, MESSAGE_COLUMNS = 12, SETTLED_COLUMNS = 5 };

static void put_time_field(struct buf *out, int64_t seconds)
{
	int64_t since = seconds - POSTGRES_EPOCH_DAYS * INT64_C(86400);

	copy_integer(out, 8, (uint64_t)(since * 1000000));
}

static size_t quirks_count(const struct quirks *quirks)
{
	size_t count = 0;

	for (int quirk = 0; quirk < quirk_count; quirk++)
		count += quirks_have(quirks, (enum quirk)quirk);
	return count;
}

static void put_quirks_field(struct buf *out, const struct quirks *quirks)
{
	size_t length_at = copy_array(out, quirks_count(quirks));

	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(quirks, (enum quirk)quirk))
			copy_field(out, slice_from(quirk_text((enum quirk)quirk)));
	}
	copy_end(out, length_at);
}

static void put_errors_field(struct buf *out, const struct report *report)
{
	if (report->error_count == 0)
		copy_field(out, SLICE_ABSENT);
	else
		PUT_ARRAY(out, report->error_count, report->errors[i]);
}

void encode_report(struct buf *out, const struct uuid *key, const struct report *report,
		   struct slice reporter, const struct report_totals *totals,
		   const unsigned char message_key[MESSAGE_KEY_SIZE])
{
	unsigned char content[DIGEST_SIZE];

	content_bytes(&totals->content, content);
	copy_row(out, REPORT_COLUMNS);
	copy_uuid(out, key);
	put_day_field(out, report_day(report));
	copy_text(out, reporter);
	copy_text(out, report->org_name);
	copy_text(out, report->email);
	copy_text(out, report->extra_contact_info);
	copy_text(out, slice_is_absent(report->report_id) ? SLICE("") : report->report_id);
	put_time_field(out, report->begin);
	put_time_field(out, report->end);
	copy_text(out, report->version);
	copy_text(out, report->generator);
	copy_text(out, report->namespace_uri);
	put_errors_field(out, report);
	put_policy_fields(out, &report->policy);
	copy_text(out, report->policy.fo);
	put_quirks_field(out, &report->quirks);
	copy_integer(out, 8, totals->records);
	copy_numeric(out, totals->messages);
	copy_bytes(out, content, sizeof(content));
	copy_bytes(out, message_key, MESSAGE_KEY_SIZE);
	copy_field(out, slice_from(origin_text(totals->origin)));
}

static void put_reason_field(struct buf *out, const struct err *reason)
{
	SCOPED(buf) struct buf text = { 0 };

	if (reason->kind == ERR_NONE) {
		copy_field(out, SLICE_ABSENT);
		return;
	}
	err_append(&text, reason);
	copy_text(out, buf_slice(&text));
}

static void put_origin_fields(struct buf *out, const struct mail_origin *o)
{
	copy_field(out, slice_from(o->from_domain));
	if (o->proof == PROOF_NOT_TOLD)
		copy_field(out, SLICE_ABSENT);
	else
		copy_field(out, slice_from(proof_text(o->proof)));
	copy_text(out, slice_from(o->signer));
}

void encode_message(struct buf *out, const struct message *m,
		    const struct verdict_of_message *verdict)
{
	enum ending ending = outcome_ending(verdict->outcome, verdict->reason.kind != ERR_NONE);

	copy_row(out, MESSAGE_COLUMNS);
	copy_bytes(out, m->key, sizeof(m->key));
	copy_text(out, slice_from(m->source));
	copy_text(out, slice_from(m->locator));
	copy_text(out, slice_prefix(slice_from(m->message_id), LIMIT_NAME_BYTES));
	put_origin_fields(out, &m->origin);
	copy_integer(out, 8, m->size);
	copy_field(out, slice_from(outcome_text(verdict->outcome)));
	put_reason_field(out, &verdict->reason);
	copy_boolean(out, !m->settle_later[ending]);
	copy_boolean(out, m->again);
}

void encode_settled(struct buf *out, const struct settled_message *s)
{
	/* one that is as good as the key would only make the index larger */
	bool moved = s->now.locator && memcmp(s->now.key, s->key, sizeof(s->key)) != 0;

	copy_row(out, SETTLED_COLUMNS);
	copy_bytes(out, s->key, sizeof(s->key));
	copy_field(out, slice_from(s->settlement));
	copy_text(out, s->now.locator ? slice_from(s->now.source) : SLICE_ABSENT);
	copy_text(out, slice_from(s->now.locator));
	if (moved)
		copy_bytes(out, s->now.key, sizeof(s->now.key));
	else
		copy_field(out, SLICE_ABSENT);
}
