/* SPDX-License-Identifier: MIT */
#include "store/encode.h"

#include "base/json.h"
#include "base/text.h"
#include "parser/limits.h"

#include "base/banned.h"

/* Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts. */
enum { POSTGRES_EPOCH_DAYS = 10957 };

/* Of the wire form of inet; they are PostgreSQL's own, not the system's AF_ numbers. */
enum { INET_V4 = 2, INET_V6 = 3, INET_NOT_CIDR = 0, JSONB_VERSION = 1 };

const char encode_copy_statement[] =
	"copy dmarc.record (report_key, ordinal, day, source_ip, count, stream_key, envelope_to, notes) "
	"from stdin (format binary)";

enum { RECORD_COLUMNS = 8 };

struct slice encode_copy_header(void)
{
	return SLICE("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0");
}

struct slice encode_copy_trailer(void)
{
	return SLICE("\377\377");
}

/* All eight bytes are put and n of them kept: that is one instruction, and a loop of n is many. */
static inline void put_integer(struct buf *out, size_t n, uint64_t value)
{
	char bytes[8];

	value <<= 64 - 8 * n;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(unsigned char)(value >> (56 - 8 * i));
	buf_append(out, slice_of(bytes, n));
}

static void put_field(struct buf *out, struct slice bytes)
{
	if (slice_is_absent(bytes)) {
		put_integer(out, 4, UINT32_MAX); /* -1: null */
		return;
	}
	put_integer(out, 4, bytes.n);
	buf_append(out, bytes);
}

static void put_integer_field(struct buf *out, size_t n, uint64_t value)
{
	put_integer(out, 4, n);
	put_integer(out, n, value);
}

static void put_uuid_field(struct buf *out, const struct uuid *u)
{
	put_field(out, slice_of((const char *)u->bytes, UUID_SIZE));
}

static void put_day_field(struct buf *out, int64_t day)
{
	put_integer_field(out, 4, (uint64_t)(day - POSTGRES_EPOCH_DAYS));
}

static void put_address_field(struct buf *out, const struct address *a)
{
	bool v4 = a->family == ADDRESS_V4;
	size_t n = v4 ? 4 : 16;

	if (a->family == ADDRESS_NONE) {
		put_field(out, SLICE_ABSENT);
		return;
	}
	put_integer(out, 4, 4 + n);
	put_integer(out, 1, v4 ? INET_V4 : INET_V6);
	put_integer(out, 1, n * 8);
	put_integer(out, 1, INET_NOT_CIDR);
	put_integer(out, 1, n);
	buf_append(out, slice_of((const char *)a->bytes, n));
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

/* The length of a field, now that it is all there. */
static void end_field(struct buf *out, size_t length_at)
{
	size_t length = out->n - length_at - 4;

	for (size_t i = 0; i < 4; i++)
		out->p[length_at + i] = (char)(unsigned char)(length >> (24 - 8 * i));
}

static void put_notes_field(struct buf *out, const struct record *r)
{
	size_t length_at = out->n;
	struct json j = json_into(out);

	if (!has_notes(r)) {
		put_field(out, SLICE_ABSENT);
		return;
	}
	put_integer(out, 4, 0); /* the length, once it is known */
	put_integer(out, 1, JSONB_VERSION);
	json_notes(&j, r);
	end_field(out, length_at);
}

void encode_record(struct buf *out, const struct uuid *report, int64_t day,
		   const struct uuid *stream, const struct record *r)
{
	put_integer(out, 2, RECORD_COLUMNS);
	put_uuid_field(out, report);
	put_integer_field(out, 4, r->ordinal);
	put_day_field(out, day);
	put_address_field(out, &r->source_ip);
	put_integer_field(out, 8, r->count);
	put_uuid_field(out, stream);
	put_field(out, r->envelope_to);
	put_notes_field(out, r);
}

enum { STREAM_COLUMNS = 24, TEXT_OID = 25 };

/* The head of a text[] of one dimension; its length is set when its elements are there. */
static size_t begin_array(struct buf *out, size_t count)
{
	size_t length_at = out->n;

	put_integer(out, 4, 0);
	put_integer(out, 4, count > 0); /* dimensions */
	put_integer(out, 4, 1);         /* some may be null */
	put_integer(out, 4, TEXT_OID);
	if (count > 0) {
		put_integer(out, 4, count);
		put_integer(out, 4, 1); /* of the first element */
	}
	return length_at;
}

/* A column that lists the expression for each i below count. */
#define PUT_ARRAY(out, count, expression)                                                          \
	do {                                                                                       \
		size_t length_at_ = begin_array((out), (count));                                   \
                                                                                                   \
		for (size_t i = 0; i < (count); i++)                                               \
			put_field((out), (expression));                                            \
		end_field((out), length_at_);                                                      \
	} while (0)

static void put_policy_fields(struct buf *out, const struct published_policy *p)
{
	put_field(out, p->domain);
	put_field(out, p->adkim.text);
	put_field(out, p->aspf.text);
	put_field(out, p->p.text);
	put_field(out, p->sp.text);
	put_field(out, p->np.text);
	if (p->pct >= 0)
		put_integer_field(out, 2, (uint64_t)p->pct);
	else
		put_field(out, SLICE_ABSENT);
	put_field(out, p->testing.text);
	put_field(out, p->discovery.text);
}

void encode_stream(struct buf *out, const struct uuid *key, const struct published_policy *policy,
		   const struct record *r)
{
	put_integer(out, 2, STREAM_COLUMNS);
	put_uuid_field(out, key);
	put_policy_fields(out, policy);
	put_field(out, r->header_from);
	put_field(out, r->envelope_from);
	put_field(out, r->disposition.text);
	put_field(out, r->dkim.text);
	put_field(out, r->spf.text);
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

enum { REPORT_COLUMNS = 28, MESSAGE_COLUMNS = 9, SETTLED_COLUMNS = 5 };

static void put_bytes_field(struct buf *out, const unsigned char *bytes, size_t n)
{
	put_field(out, slice_of((const char *)bytes, n));
}

static void put_boolean_field(struct buf *out, bool value)
{
	put_integer_field(out, 1, value);
}

/* The database refuses what is not UTF-8, and a file may have any name. */
static void put_text_field(struct buf *out, struct slice text)
{
	size_t length_at = out->n;

	if (slice_is_absent(text) || utf8_is_valid(text)) {
		put_field(out, text);
		return;
	}
	put_integer(out, 4, 0);
	while (text.n > 0) {
		uint32_t point;
		size_t length = utf8_decode(text, &point);

		utf8_append(out, point);
		text = slice_from_offset(text, length);
	}
	end_field(out, length_at);
}

static void put_time_field(struct buf *out, int64_t seconds)
{
	int64_t since = seconds - POSTGRES_EPOCH_DAYS * INT64_C(86400);

	put_integer_field(out, 8, (uint64_t)(since * 1000000));
}

/* numeric: digits to the base of 10,000, the highest first, the weight of which is given. */
static void put_numeric_field(struct buf *out, uint64_t value)
{
	enum { BASE = 10000, MAX_DIGITS = 5 };
	unsigned digits[MAX_DIGITS];
	size_t count = 0, length_at = out->n;

	for (; value > 0; value /= BASE)
		digits[count++] = (unsigned)(value % BASE);
	put_integer(out, 4, 0);
	put_integer(out, 2, count);
	put_integer(out, 2, count > 0 ? count - 1 : 0);
	put_integer(out, 2, 0); /* the sign: positive */
	put_integer(out, 2, 0); /* digits behind the point */
	while (count > 0)
		put_integer(out, 2, digits[--count]);
	end_field(out, length_at);
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
	size_t length_at = begin_array(out, quirks_count(quirks));

	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(quirks, (enum quirk)quirk))
			put_field(out, slice_from(quirk_text((enum quirk)quirk)));
	}
	end_field(out, length_at);
}

static void put_errors_field(struct buf *out, const struct report *report)
{
	if (report->error_count == 0)
		put_field(out, SLICE_ABSENT);
	else
		PUT_ARRAY(out, report->error_count, report->errors[i]);
}

void encode_report(struct buf *out, const struct uuid *key, const struct report *report,
		   struct slice reporter, const struct report_totals *totals,
		   const unsigned char message_key[MESSAGE_KEY_SIZE])
{
	unsigned char content[DIGEST_SIZE];

	content_bytes(&totals->content, content);
	put_integer(out, 2, REPORT_COLUMNS);
	put_uuid_field(out, key);
	put_day_field(out, report_day(report));
	put_text_field(out, reporter);
	put_text_field(out, report->org_name);
	put_text_field(out, report->email);
	put_text_field(out, report->extra_contact_info);
	put_text_field(out, slice_is_absent(report->report_id) ? SLICE("") : report->report_id);
	put_time_field(out, report->begin);
	put_time_field(out, report->end);
	put_text_field(out, report->version);
	put_text_field(out, report->generator);
	put_text_field(out, report->namespace_uri);
	put_errors_field(out, report);
	put_policy_fields(out, &report->policy);
	put_text_field(out, report->policy.fo);
	put_quirks_field(out, &report->quirks);
	put_integer_field(out, 8, totals->records);
	put_numeric_field(out, totals->messages);
	put_bytes_field(out, content, sizeof(content));
	put_bytes_field(out, message_key, MESSAGE_KEY_SIZE);
}

static void put_reason_field(struct buf *out, const struct err *reason)
{
	SCOPED(buf) struct buf text = { 0 };

	if (reason->kind == ERR_NONE) {
		put_field(out, SLICE_ABSENT);
		return;
	}
	err_append(&text, reason);
	put_text_field(out, buf_slice(&text));
}

void encode_message(struct buf *out, const struct message *m,
		    const struct verdict_of_message *verdict)
{
	enum ending ending = outcome_ending(verdict->outcome, verdict->reason.kind != ERR_NONE);

	put_integer(out, 2, MESSAGE_COLUMNS);
	put_bytes_field(out, m->key, sizeof(m->key));
	put_text_field(out, slice_from(m->source));
	put_text_field(out, slice_from(m->locator));
	put_text_field(out, slice_prefix(slice_from(m->message_id), LIMIT_NAME_BYTES));
	put_integer_field(out, 8, m->size);
	put_field(out, slice_from(outcome_text(verdict->outcome)));
	put_reason_field(out, &verdict->reason);
	put_boolean_field(out, !m->settle_later[ending]);
	put_boolean_field(out, m->again);
}

void encode_settled(struct buf *out, const struct settled_message *s)
{
	/* one that is as good as the key would only make the index larger */
	bool moved = s->now.locator && memcmp(s->now.key, s->key, sizeof(s->key)) != 0;

	put_integer(out, 2, SETTLED_COLUMNS);
	put_bytes_field(out, s->key, sizeof(s->key));
	put_field(out, slice_from(s->settlement));
	put_text_field(out, s->now.locator ? slice_from(s->now.source) : SLICE_ABSENT);
	put_text_field(out, slice_from(s->now.locator));
	if (moved)
		put_bytes_field(out, s->now.key, sizeof(s->now.key));
	else
		put_field(out, SLICE_ABSENT);
}
