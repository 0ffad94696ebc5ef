/* SPDX-License-Identifier: MIT */
#include "store/keys.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

/* Static, since one test fills hundreds. */
static const struct dkim_result dkim_results[] = {
	{ BYTES("example.com"), BYTES("s1"), { RESULT_PASS, BYTES("pass") }, { NULL, 0 } },
	{ BYTES("example.net"), BYTES("s2"), { RESULT_FAIL, BYTES("fail") }, BYTES("no key") },
};
static const struct spf_result spf_results[] = {
	{ BYTES("example.com"),
	  { SCOPE_MFROM, BYTES("mfrom") },
	  { RESULT_PASS, BYTES("pass") },
	  { NULL, 0 } },
};
static const struct override_reason reasons[] = {
	{ { REASON_LOCAL_POLICY, BYTES("local_policy") }, BYTES("arc=pass") },
};

static struct report a_report(void)
{
	return (struct report){
		.report_id = SLICE("id-1"),
		.begin = 1000000000,
		.end = 1000086400,
		.policy.domain = SLICE("example.com"),
	};
}

static struct published_policy a_policy(void)
{
	return (struct published_policy){
		.domain = SLICE("example.com"),
		.adkim = { MODE_RELAXED, SLICE("r") },
		.aspf = { MODE_STRICT, SLICE("s") },
		.p = { POLICY_REJECT, SLICE("reject") },
		.sp = { POLICY_NONE, SLICE("none") },
		.np = { POLICY_QUARANTINE, SLICE("quarantine") },
		.pct = 100,
		.fo = SLICE("1"),
		.testing = { FLAG_NO, SLICE("n") },
		.discovery = { DISCOVERY_PSL, SLICE("psl") },
	};
}

static struct record a_record(void)
{
	return (struct record){
		.ordinal = 1,
		.source_ip = { ADDRESS_V4, { 192, 0, 2, 1 } },
		.count = 5,
		.disposition = { DISPOSITION_NONE, SLICE("none") },
		.dkim = { RESULT_PASS, SLICE("pass") },
		.spf = { RESULT_FAIL, SLICE("fail") },
		.header_from = SLICE("example.com"),
		.envelope_from = SLICE("bounce.example.com"),
		.envelope_to = SLICE("example.org"),
		.reasons = reasons,
		.reason_count = COUNT_OF(reasons),
		.dkim_results = dkim_results,
		.dkim_count = COUNT_OF(dkim_results),
		.spf_results = spf_results,
		.spf_count = COUNT_OF(spf_results),
	};
}

static struct uuid key_of(const struct report *r, struct slice reporter)
{
	SCOPED(digest) struct digest *d = digest_new(1);

	return report_key(d, r, reporter);
}

Test(keys, of_reports_differ_with_each_part)
{
	struct report same = a_report();
	struct report id = same, domain = same, begin = same, end = same, moved = same;
	struct report no_id = same, empty_id = same, other = same;
	struct uuid keys[9];

	id.report_id = SLICE("id-2");
	domain.policy.domain = SLICE("example.net");
	begin.begin++;
	end.end++;
	moved.report_id = SLICE("id-1e"); /* a byte from one field to the next is no tie */
	moved.policy.domain = SLICE("xample.com");
	no_id.report_id = SLICE_ABSENT;
	empty_id.report_id = SLICE("");
	keys[0] = key_of(&same, SLICE("google.com"));
	keys[1] = key_of(&same, SLICE("yahoo.com"));
	keys[2] = key_of(&id, SLICE("google.com"));
	keys[3] = key_of(&domain, SLICE("google.com"));
	keys[4] = key_of(&begin, SLICE("google.com"));
	keys[5] = key_of(&end, SLICE("google.com"));
	keys[6] = key_of(&moved, SLICE("google.com"));
	keys[7] = key_of(&no_id, SLICE("google.com"));
	keys[8] = key_of(&empty_id, SLICE("google.com"));
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		for (size_t k = 0; k < i; k++)
			cr_expect(!uuid_equal(&keys[i], &keys[k]), "%zu is %zu", i, k);
	}

	other.org_name = SLICE("whatever it is called");
	other.email = SLICE("x@example.com");
	other.policy.pct = 7;

	struct uuid again = key_of(&other, SLICE("google.com"));

	cr_expect(uuid_equal(&again, &keys[0]), "nothing else counts");
}

Test(keys, of_reports_begin_with_the_day)
{
	static const struct {
		const char *name;
		int64_t begin, end;
		uint32_t day;
	} cases[] = {
		{ "the epoch", 0, 86399, 0 },
		{ "a day", 86400, 2 * 86400 - 1, 1 },
		{ "from noon to noon", 43200, 43200 + 86400, 1 },
		{ "from eleven to eleven", 39600, 39600 + 86398, 0 },
		{ "26 hours", 20000 * 86400LL - 3600, 20001 * 86400LL + 3600, 20000 },
		{ "no time at all", 20000 * 86400LL, 20000 * 86400LL, 20000 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct report r = a_report();

		r.begin = cases[i].begin;
		r.end = cases[i].end;

		struct uuid key = key_of(&r, SLICE("x"));
		const unsigned char *b = key.bytes;
		uint32_t day =
			(uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];

		EXPECT_INT(report_day(&r), cases[i].day, cases[i].name);
		EXPECT_INT(day, cases[i].day, cases[i].name);
	}
}

Test(keys, know_a_reporter_by_its_name)
{
	static const struct {
		struct slice name;
		const char *want;
	} cases[] = {
		{ BYTES("google.com"), "google.com" },
		{ BYTES(" \tEnterprise Outlook\r\n"), "enterprise outlook" },
		{ BYTES("M\xc3\x9cller GmbH"), "m\xc3\x9cller gmbh" },
		{ BYTES(""), "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct report r = { .org_name = cases[i].name };
		SCOPED(buf) struct buf b = { 0 };

		reporter_append(&b, &r);
		EXPECT_TEXT(buf_slice(&b), cases[i].want, "reporter");
	}
}

Test(keys, cut_a_reporter_to_what_an_index_takes)
{
	SCOPED(buf) struct buf name = { 0 };
	SCOPED(buf) struct buf b = { 0 };

	for (int i = 0; i < 200; i++)
		buf_append(&name, SLICE("\xc3\xa9"));

	struct report r = { .org_name = buf_slice(&name) };

	reporter_append(&b, &r);
	EXPECT_INT(b.n, 254, "not in the middle of a character");
	cr_expect(slice_starts_with(buf_slice(&name), buf_slice(&b)), "its beginning");
}

struct variants {
	struct uuid keys[64];
	size_t count;
};

static void add_variant(struct variants *v, const struct published_policy *p,
			const struct record *r)
{
	SCOPED(digest) struct digest *d = digest_new(1);
	SCOPED(buf) struct buf policy = { 0 };

	cr_assert(v->count < COUNT_OF(v->keys));
	stream_policy_append(&policy, p);
	v->keys[v->count++] = stream_key(d, buf_slice(&policy), r);
}

static void add_policies(struct variants *v)
{
	const struct published_policy base = a_policy();
	const struct record r = a_record();

	for (size_t i = 0; i < 10; i++) {
		struct published_policy p = base;
		struct word *const words[] = { &p.adkim, &p.aspf,    &p.p,        &p.sp,
					       &p.np,    &p.testing, &p.discovery };

		if (i < COUNT_OF(words))
			words[i]->text = SLICE("another");
		else if (i == 7)
			p.domain = SLICE("example.net");
		else
			p.pct = i == 8 ? -1 : 0;
		add_variant(v, &p, &r);
	}
}

static void add_records(struct variants *v)
{
	const struct published_policy p = a_policy();
	const struct record base = a_record();

	for (size_t i = 0; i < 9; i++) {
		struct record r = base;
		struct slice *const texts[] = { &r.header_from, &r.envelope_from,
						&r.disposition.text, &r.dkim.text, &r.spf.text };

		if (i < COUNT_OF(texts))
			*texts[i] = SLICE("another");
		else if (i == 5)
			r.envelope_from = SLICE("");
		else if (i == 6)
			r.dkim_count--;
		else if (i == 7)
			r.spf_count--;
		else
			r.reason_count--;
		add_variant(v, &p, &r);
	}
}

static void add_lists(struct variants *v)
{
	const struct published_policy p = a_policy();
	const struct record base = a_record();

	for (size_t i = 0; i < 10; i++) {
		struct record r = base;
		struct dkim_result dkim[] = { dkim_results[0], dkim_results[1] };
		struct spf_result spf[] = { spf_results[0] };
		struct override_reason why[] = { reasons[0] };
		struct slice *const texts[] = { &dkim[0].domain,      &dkim[0].selector,
						&dkim[0].result.text, &spf[0].domain,
						&spf[0].scope.text,   &spf[0].result.text,
						&why[0].type.text };

		r.dkim_results = dkim;
		r.spf_results = spf;
		r.reasons = why;
		if (i < COUNT_OF(texts)) {
			*texts[i] = SLICE("another");
		} else if (i == 7) {
			why[0].comment = SLICE("arc=fail");
		} else if (i == 8) {
			dkim[1].human_result = SLICE_ABSENT;
		} else {
			dkim[0] = dkim_results[1];
			dkim[1] = dkim_results[0];
		}
		add_variant(v, &p, &r);
	}
}

Test(keys, of_streams_differ_with_each_field)
{
	static struct variants v;
	const struct published_policy p = a_policy();
	const struct record r = a_record();

	add_variant(&v, &p, &r);
	add_policies(&v);
	add_records(&v);
	add_lists(&v);
	EXPECT_INT(v.count, 30, "variants");
	for (size_t i = 0; i < v.count; i++) {
		for (size_t k = 0; k < i; k++)
			cr_expect(!uuid_equal(&v.keys[i], &v.keys[k]), "%zu is %zu", i, k);
	}
}

Test(keys, of_streams_leave_out_what_is_not_of_the_stream)
{
	static struct variants v;
	struct published_policy p = a_policy();
	struct record r = a_record();
	struct dkim_result dkim[] = { dkim_results[0], dkim_results[1] };

	add_variant(&v, &p, &r);
	p.fo = SLICE("0");
	r.ordinal = 9;
	r.count = 9;
	r.source_ip = (struct address){ ADDRESS_V6, { 0x20, 1 } };
	r.envelope_to = SLICE_ABSENT;
	dkim[1].human_result = SLICE("the key was revoked");
	r.dkim_results = dkim;
	add_variant(&v, &p, &r);
	cr_expect(uuid_equal(&v.keys[0], &v.keys[1]));
}

static void content_of(const struct record *records, size_t count, bool reverse,
		       unsigned char bytes[static DIGEST_SIZE])
{
	static const struct uuid stream = { "a stream's key.." };
	SCOPED(digest) struct digest *d = digest_new(1);
	struct content c = { 0 };

	for (size_t i = 0; i < count; i++)
		content_add(&c, d, &stream, &records[reverse ? count - 1 - i : i]);
	content_bytes(&c, bytes);
}

Test(keys, of_content_are_free_of_order_and_notice_all_else)
{
	struct record records[3] = { a_record(), a_record(), a_record() };
	unsigned char want[DIGEST_SIZE], got[DIGEST_SIZE];

	records[1].count = 6;
	records[2].source_ip.bytes[3] = 2;
	content_of(records, 3, false, want);
	content_of(records, 3, true, got);
	cr_expect(memcmp(want, got, DIGEST_SIZE) == 0, "the other way round");
	content_of(records, 2, false, got);
	cr_expect(memcmp(want, got, DIGEST_SIZE) != 0, "one is missing");

	records[0].ordinal = 77;
	content_of(records, 3, false, got);
	cr_expect(memcmp(want, got, DIGEST_SIZE) == 0, "the ordinal is no content");
	for (int i = 0; i < 5; i++) {
		struct record changed[3] = { records[0], records[1], records[2] };

		if (i == 0)
			changed[1].count++;
		else if (i == 1)
			changed[1].source_ip.bytes[15] = 1;
		else if (i == 2)
			changed[1].source_ip.family = ADDRESS_V6;
		else if (i == 3)
			changed[1].envelope_to = SLICE_ABSENT;
		else
			changed[1] = changed[0];
		content_of(changed, 3, false, got);
		cr_expect(memcmp(want, got, DIGEST_SIZE) != 0, "change %d", i);
	}
}

Test(keys, of_content_count_duplicates)
{
	struct record records[3] = { a_record(), a_record(), a_record() };
	unsigned char bytes[4][DIGEST_SIZE];

	for (size_t n = 0; n < 4; n++) {
		content_of(records, n, false, bytes[n]);
		for (size_t k = 0; k < n; k++)
			cr_expect(memcmp(bytes[n], bytes[k], DIGEST_SIZE) != 0, "%zu is %zu times",
				  n, k);
	}
}

Test(keys, are_read_as_they_are_written)
{
	static const unsigned char bytes[UUID_SIZE] = { 0x00, 0x01, 0x9f, 0xa0, 0xff, 0x7f,
							0x80, 0x0a, 0xb0, 0xcd, 0xef, 0x12,
							0x34, 0x56, 0x78, 0x9a };
	struct uuid u, back;
	char text[UUID_TEXT_SIZE];
	SCOPED(buf) struct buf hex = { 0 };
	unsigned char again[UUID_SIZE];

	memcpy(u.bytes, bytes, UUID_SIZE);
	uuid_format(&u, text);
	cr_expect_str_eq(text, "00019fa0-ff7f-800a-b0cd-ef123456789a");
	cr_expect(uuid_parse(slice_from(text), &back) && uuid_equal(&u, &back), "with dashes");
	cr_expect(uuid_parse(SLICE("00019FA0FF7F800AB0CDEF123456789A"), &back) &&
			  uuid_equal(&u, &back),
		  "capitals without dashes");
	hex_append(&hex, bytes, UUID_SIZE);
	EXPECT_TEXT(buf_slice(&hex), "00019fa0ff7f800ab0cdef123456789a", "hex");
	cr_expect(hex_parse(buf_slice(&hex), again, UUID_SIZE) &&
			  memcmp(again, bytes, UUID_SIZE) == 0,
		  "hex and back");
	cr_expect(hex_parse(SLICE(""), again, 0), "no bytes");
	back.bytes[15] ^= 1;
	cr_expect(!uuid_equal(&u, &back), "the last bit counts");
}

Test(keys, are_refused_when_they_are_none)
{
	static const struct slice cases[] = {
		{ NULL, 0 },
		BYTES(""),
		BYTES("-"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef123456789"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef123456789ab"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef123456789g"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef12345678@a"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef12345678 a"),
		BYTES("00019fa0-ff7f-800a-b0cd-ef12345678\0a"),
		BYTES(" 00019fa0-ff7f-800a-b0cd-ef123456789a"),
		BYTES("{00019fa0-ff7f-800a-b0cd-ef123456789a}"),
	};
	unsigned char bytes[2];

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct uuid u = { "untouched......." };

		cr_expect(!uuid_parse(cases[i], &u), "case %zu", i);
		cr_expect(memcmp(u.bytes, "untouched.......", UUID_SIZE) == 0, "case %zu", i);
	}
	cr_expect(!hex_parse(SLICE("abc"), bytes, 2), "odd");
	cr_expect(!hex_parse(SLICE("abcdef"), bytes, 2), "too long");
	cr_expect(!hex_parse(SLICE("0x12"), bytes, 2), "0x");
	cr_expect(!hex_parse(SLICE("-1-2"), bytes, 2), "signs");
}

Test(keys, take_notes_in_place_of_free_text)
{
	static const struct {
		struct slice comment;
		const char *want;
	} cases[] = {
		{ { NULL, 0 }, NULL },
		{ BYTES(""), NULL },
		{ BYTES(" \n"), NULL },
		{ BYTES("arc=pass"), "arc-pass" },
		{ BYTES("ARC=Pass as.1.example.com"), "arc-pass" },
		{ BYTES("arc=fail"), "arc-fail" },
		{ BYTES("arc=none"), "arc-fail" },
		{ BYTES("arc=fail; earlier arc=pass"), "arc-pass" },
		{ BYTES("arc"), "other" },
		{ BYTES("Mailing list"), "other" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct override_reason reason = { .comment = cases[i].comment };

		EXPECT_TEXT(reason_note(&reason), cases[i].want, "note");
	}
}

Test(keys, take_a_hint_from_what_dkim_says)
{
	static const struct {
		struct slice text;
		const char *want;
	} cases[] = {
		{ { NULL, 0 }, NULL },
		{ BYTES(""), NULL },
		{ BYTES("no key for signature"), "key" },
		{ BYTES("No Key"), "key" },
		{ BYTES("key not available"), "key" },
		{ BYTES("key was REVOKED"), "key" },
		{ BYTES("body hash did not verify"), NULL },
		{ BYTES("nokey"), NULL },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct dkim_result dkim = { .human_result = cases[i].text };

		EXPECT_TEXT(dkim_hint(&dkim), cases[i].want, "hint");
	}
}

/* The first bytes of an input are gathered: wherever a field meets their end, it is digested the same. */
Test(keys, fields_of_any_length_are_digested)
{
	enum { MOST = 3000 };
	static char bytes[MOST];
	struct digest *d = digest_new(1);

	memset(bytes, 'x', sizeof(bytes));
	for (size_t n = 0; n<MOST; n += n> 900 && n < 1100 ? 1 : 41) {
		unsigned char whole[DIGEST_SIZE], fields[DIGEST_SIZE];
		SCOPED(buf) struct buf input = { 0 };

		digest_add(d, slice_of(bytes, n));
		digest_add(d, SLICE_ABSENT);
		digest_add(d, SLICE("last"));
		digest_take(d, fields);
		digest_append_field(&input, slice_of(bytes, n));
		digest_append_field(&input, SLICE_ABSENT);
		digest_append_field(&input, SLICE("last"));
		digest_add_fields(d, buf_slice(&input));
		digest_take(d, whole);
		cr_assert_arr_eq(fields, whole, DIGEST_SIZE, "%zu", n);
	}
	digest_free(d);
}
