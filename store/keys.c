/* SPDX-License-Identifier: MIT */
#include "store/keys.h"

#include "base/bug.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "parser/limits.h"
#include "parser/remarks.h"

#include "base/banned.h"

void uuid_format(const struct uuid *u, char text[static UUID_TEXT_SIZE])
{
	const unsigned char *b = u->bytes;

	BUG_UNLESS(
		text_format(text, UUID_TEXT_SIZE,
			    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
			    b[11], b[12], b[13], b[14], b[15]));
}

static int hex_digit(char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(struct slice text, unsigned char *bytes, size_t n)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(text.p[2 * i]), low = hex_digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool uuid_parse(struct slice text, struct uuid *u_out)
{
	char digits[2 * UUID_SIZE];
	struct uuid u;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '-')
			continue;
		if (n == sizeof(digits))
			return false;
		digits[n++] = text.p[i];
	}
	if (!hex_parse(slice_of(digits, n), u.bytes, UUID_SIZE))
		return false;
	*u_out = u;
	return true;
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->bytes, b->bytes, UUID_SIZE) == 0;
}

void hex_append(struct buf *b, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	buf_reserve(b, 2 * n);
	for (size_t i = 0; i < n; i++) {
		buf_append_byte(b, digits[bytes[i] >> 4]);
		buf_append_byte(b, digits[bytes[i] & 15]);
	}
}

void reporter_append(struct buf *b, const struct report *report)
{
	struct slice name = utf8_prefix(slice_trim(report->org_name), LIMIT_NAME_BYTES);

	for (size_t i = 0; i < name.n; i++)
		buf_append_byte(b, byte_lower(name.p[i]));
}

int64_t report_day(const struct report *report)
{
	return timestamp_to_days(report->begin + (report->end - report->begin) / 2);
}

bool report_day_check(int64_t day, int64_t latest, struct err *e)
{
	char text[DATE_TEXT_SIZE];

	if (day <= latest)
		return true;
	date_format(day, text);
	return err_set(e, ERR_DATE, "its day lies in the future: %s", text);
}

/* Byte order is written out: keys and digests are the same on every machine. */
static void put_big_endian(unsigned char *bytes, size_t n, uint64_t value)
{
	for (size_t i = n; i > 0; i--, value >>= 8)
		bytes[i - 1] = (unsigned char)value;
}

static uint64_t get_big_endian(const unsigned char *bytes, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | bytes[i];
	return value;
}

int64_t uuid_day(const struct uuid *report)
{
	return (int64_t)get_big_endian(report->bytes, 4);
}

struct uuid report_key(struct digest *d, const struct report *report, struct slice reporter)
{
	unsigned char bytes[DIGEST_SIZE];
	struct uuid key;

	digest_add(d, reporter);
	digest_add(d, report->report_id);
	digest_add(d, report->policy.domain);
	digest_add_u64(d, (uint64_t)report->begin);
	digest_add_u64(d, (uint64_t)report->end);
	digest_take(d, bytes);
	/* the day in front keeps inserts at the right edge of the index */
	put_big_endian(key.bytes, 4, (uint64_t)report_day(report));
	memcpy(key.bytes + 4, bytes, UUID_SIZE - 4);
	return key;
}

struct slice reason_note(const struct override_reason *reason)
{
	static const struct slice notes[] = {
		[ARC_UNSAID] = { NULL, 0 },
		[ARC_PASSES] = { "arc-pass", 8 },
		[ARC_FAILS] = { "arc-fail", 8 },
		[ARC_OTHER] = { "other", 5 },
	};

	return notes[remark_on_arc(reason->comment)];
}

struct slice dkim_hint(const struct dkim_result *dkim)
{
	return remark_names_key(dkim->human_result) ? SLICE("key") : SLICE_ABSENT;
}

void stream_policy_append(struct buf *fields, const struct published_policy *p)
{
	const struct word *words[] = { &p->adkim, &p->aspf,    &p->p,        &p->sp,
				       &p->np,    &p->testing, &p->discovery };

	digest_append_field(fields, p->domain);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		digest_append_field(fields, words[i]->text);
	digest_append_u64(fields, (uint64_t)(int64_t)p->pct);
}

static void add_results(struct digest *d, const struct record *r)
{
	digest_add_u64(d, r->dkim_count);
	for (size_t i = 0; i < r->dkim_count; i++) {
		digest_add(d, r->dkim_results[i].domain);
		digest_add(d, r->dkim_results[i].selector);
		digest_add(d, r->dkim_results[i].result.text);
		digest_add(d, dkim_hint(&r->dkim_results[i]));
	}
	digest_add_u64(d, r->spf_count);
	for (size_t i = 0; i < r->spf_count; i++) {
		digest_add(d, r->spf_results[i].domain);
		digest_add(d, r->spf_results[i].scope.text);
		digest_add(d, r->spf_results[i].result.text);
	}
	digest_add_u64(d, r->reason_count);
	for (size_t i = 0; i < r->reason_count; i++) {
		digest_add(d, r->reasons[i].type.text);
		digest_add(d, reason_note(&r->reasons[i]));
	}
}

struct uuid stream_key(struct digest *d, struct slice policy, const struct record *r)
{
	unsigned char bytes[DIGEST_SIZE];
	struct uuid key;

	digest_add_fields(d, policy);
	digest_add(d, r->header_from);
	digest_add(d, r->envelope_from);
	digest_add(d, r->disposition.text);
	digest_add(d, r->dkim.text);
	digest_add(d, r->spf.text);
	add_results(d, r);
	digest_take_frequent(d, bytes);
	memcpy(key.bytes, bytes, UUID_SIZE);
	return key;
}

void content_add(struct content *c, struct digest *d, const struct uuid *stream,
		 const struct record *r)
{
	unsigned char bytes[DIGEST_SIZE];

	digest_add(d, slice_of((const char *)stream->bytes, UUID_SIZE));
	digest_add(d, slice_of((const char *)r->source_ip.bytes, sizeof(r->source_ip.bytes)));
	digest_add_u64(d, r->source_ip.family);
	digest_add_u64(d, r->count);
	digest_add(d, r->envelope_to);
	digest_take(d, bytes);
	for (size_t i = 0; i < COUNT_OF(c->sums); i++)
		c->sums[i] += get_big_endian(bytes + i * sizeof(c->sums[0]), sizeof(c->sums[0]));
}

void content_bytes(const struct content *c, unsigned char bytes[static DIGEST_SIZE])
{
	_Static_assert(sizeof(c->sums) == DIGEST_SIZE, "the sums are the digest");
	for (size_t i = 0; i < COUNT_OF(c->sums); i++)
		put_big_endian(bytes + i * sizeof(c->sums[0]), sizeof(c->sums[0]), c->sums[i]);
}
