/* SPDX-License-Identifier: MIT */
/* The exact bytes that PostgreSQL is sent. */
#include "store/copy.h"
#include "store/encode.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const struct uuid report_uuid = { "REPORT-KEY-16by." };
static const struct uuid stream_uuid = { "STREAM-KEY-16by." };

static void put_hex(struct buf *out, struct slice bytes)
{
	hex_append(out, (const unsigned char *)bytes.p, bytes.n);
}

/* The row up to the address and from the count on are alike in all cases. */
#define ROW_BEGIN                                                                                  \
	"\0\x08"                                                                                   \
	"\0\0\0\x10"                                                                               \
	"REPORT-KEY-16by."                                                                         \
	"\0\0\0\x04\0\0\x01\x02"                                                                   \
	"\0\0\0\x04\0\0\0\x01"
#define ROW_COUNT                                                                                  \
	"\0\0\0\x08\0\0\x01\0\0\0\0\x07"                                                           \
	"\0\0\0\x10"                                                                               \
	"STREAM-KEY-16by."
#define ADDRESS_192_0_2_1 "\0\0\0\x08\x02\x20\0\x04\xc0\0\x02\x01"
#define NULL_FIELD        "\xff\xff\xff\xff"

static void expect_row(const struct record *r, struct slice want, const char *name)
{
	SCOPED(buf) struct buf got = { 0 };
	SCOPED(buf) struct buf got_hex = { 0 };
	SCOPED(buf) struct buf want_hex = { 0 };

	encode_record(&got, &report_uuid, 10958, &stream_uuid, r);
	put_hex(&got_hex, buf_slice(&got));
	put_hex(&want_hex, want);
	EXPECT_BYTES(buf_slice(&got_hex), buf_slice(&want_hex), name);
}

static struct record a_record(void)
{
	return (struct record){
		.ordinal = 258,
		.count = (UINT64_C(1) << 40) + 7,
		.source_ip = { ADDRESS_V4, { 192, 0, 2, 1 } },
	};
}

Test(encode, writes_records_as_postgresql_reads_them)
{
	struct record r = a_record();

	expect_row(&r, SLICE(ROW_BEGIN ADDRESS_192_0_2_1 ROW_COUNT NULL_FIELD NULL_FIELD), "IPv4");
	r.envelope_to = SLICE("to.example");
	expect_row(&r,
		   SLICE(ROW_BEGIN ADDRESS_192_0_2_1 ROW_COUNT "\0\0\0\x0a"
							       "to.example" NULL_FIELD),
		   "envelope_to");
	r.envelope_to = SLICE("");
	expect_row(&r, SLICE(ROW_BEGIN ADDRESS_192_0_2_1 ROW_COUNT "\0\0\0\0" NULL_FIELD),
		   "empty is not null");
	r.envelope_to = SLICE_ABSENT;
	r.source_ip = (struct address){
		ADDRESS_V6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff }
	};
	expect_row(&r,
		   SLICE(ROW_BEGIN "\0\0\0\x14\x03\x80\0\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"
				   "\xff" ROW_COUNT NULL_FIELD NULL_FIELD),
		   "IPv6");
	r.source_ip = (struct address){ .family = ADDRESS_NONE };
	expect_row(&r, SLICE(ROW_BEGIN NULL_FIELD ROW_COUNT NULL_FIELD NULL_FIELD), "no address");
}

Test(encode, counts_days_from_2000)
{
	static const struct {
		int64_t day;
		struct slice want;
	} cases[] = {
		{ 10957, BYTES("\0\0\0\0") },
		{ 10956, BYTES("\xff\xff\xff\xff") },
		{ 0, BYTES("\xff\xff\xd5\x33") },
		{ 20000, BYTES("\0\0\x23\x53") },
	};
	struct record r = a_record();

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf got = { 0 };

		encode_record(&got, &report_uuid, cases[i].day, &stream_uuid, &r);
		cr_expect(slice_equal(slice_prefix(slice_from_offset(buf_slice(&got), 34), 4),
				      cases[i].want),
			  "day %lld", (long long)cases[i].day);
	}
}

static void expect_notes(const struct record *r, const char *json, const char *name)
{
	SCOPED(buf) struct buf want = { 0 };
	size_t length = 1 + strlen(json);

	buf_append(&want, SLICE(ROW_BEGIN ADDRESS_192_0_2_1 ROW_COUNT NULL_FIELD));
	buf_append(&want, SLICE("\0\0"));
	buf_append_byte(&want, (char)(unsigned char)(length >> 8));
	buf_append_byte(&want, (char)(unsigned char)length);
	buf_append_byte(&want, 1); /* the version of jsonb */
	buf_append_text(&want, json);
	expect_row(r, buf_slice(&want), name);
}

Test(encode, writes_notes_of_what_there_is)
{
	struct override_reason reasons[] = { { .comment = SLICE("a \"comment\"") },
					     { .comment = SLICE_ABSENT } };
	struct dkim_result dkim[] = { { .human_result = SLICE("") },
				      { .human_result = SLICE("no key") } };
	struct spf_result spf[] = { { .human_result = SLICE("spf text") } };
	struct raw_field raw[] = { { SLICE("header_from"), SLICE("Example.COM") },
				   { SLICE("dkim[0].result"), SLICE("Pass\n") } };
	struct record none = a_record(), comments, all;

	none.reasons = reasons + 1;
	none.reason_count = 1;
	none.dkim_results = dkim;
	none.dkim_count = 1;
	expect_row(&none, SLICE(ROW_BEGIN ADDRESS_192_0_2_1 ROW_COUNT NULL_FIELD NULL_FIELD),
		   "texts that are empty");
	comments = a_record();
	comments.reasons = reasons;
	comments.reason_count = 2;
	expect_notes(&comments, "{\"comments\":[\"a \\\"comment\\\"\",null]}", "comments");
	all = comments;
	all.dkim_results = dkim;
	all.dkim_count = 2;
	all.spf_results = spf;
	all.spf_count = 1;
	all.raw = raw;
	all.raw_count = 2;
	expect_notes(&all,
		     "{\"comments\":[\"a \\\"comment\\\"\",null],\"dkim\":[\"\",\"no key\"],"
		     "\"spf\":[\"spf text\"],\"raw\":{\"header_from\":\"Example.COM\","
		     "\"dkim[0].result\":\"Pass\\n\"}}",
		     "all");
}

Test(encode, writes_the_length_of_long_notes)
{
	SCOPED(buf) struct buf text = { 0 };
	SCOPED(buf) struct buf json = { 0 };
	struct override_reason reason;
	struct record r = a_record();

	for (int i = 0; i < 1000; i++)
		buf_append_byte(&text, 'x');
	reason = (struct override_reason){ .comment = buf_slice(&text) };
	r.reasons = &reason;
	r.reason_count = 1;
	buf_printf(&json, "{\"comments\":[\"%s\"]}", buf_text(&text));
	expect_notes(&r, buf_text(&json), "long");
}

Test(encode, frames_a_copy)
{
	EXPECT_BYTES(copy_header(), SLICE("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"), "header");
	EXPECT_INT(copy_header().n, 19, "header");
	EXPECT_BYTES(copy_trailer(), SLICE("\xff\xff"), "trailer");
}

#define STREAM_BEGIN                                                                               \
	"\0\x18"                                                                                   \
	"\0\0\0\x10"                                                                               \
	"STREAM-KEY-16by."
#define TEXT(length, text) "\0\0\0" length text
/* A text[] of one dimension, from its length to the index of its first element. */
#define ARRAY(length, count)                                                                       \
	"\0\0\0" length "\0\0\0\x01\0\0\0\x01\0\0\0\x19\0\0\0" count "\0\0\0\x01"
#define NO_ELEMENTS "\0\0\0\x0c\0\0\0\0\0\0\0\x01\0\0\0\x19"

Test(encode, writes_streams_with_all_columns)
{
	struct published_policy p = { .domain = SLICE("example.com"), .pct = 50 };
	struct override_reason reasons[] = { { .type = { REASON_OTHER, SLICE("odd\"") },
					       .comment = SLICE("arc=pass") } };
	struct dkim_result dkim[] = {
		{ SLICE("a.example"), SLICE("s1"), { RESULT_PASS, SLICE("pass") }, SLICE_ABSENT },
		{ SLICE("b.example"),
		  SLICE_ABSENT,
		  { RESULT_FAIL, SLICE("fail") },
		  SLICE("no key") },
	};
	struct spf_result spf[] = { { .domain = SLICE("c.example"),
				      .scope = { SCOPE_MFROM, SLICE("mfrom") },
				      .result = { RESULT_NONE, SLICE("none") } } };
	struct record r = {
		.header_from = SLICE("example.com"),
		.envelope_from = SLICE(""),
		.disposition = { DISPOSITION_NONE, SLICE("none") },
		.dkim = { RESULT_PASS, SLICE("pass") },
		.reasons = reasons,
		.reason_count = 1,
		.dkim_results = dkim,
		.dkim_count = 2,
		.spf_results = spf,
		.spf_count = 1,
	};
	SCOPED(buf) struct buf out = { 0 };

	p.p = (struct word){ POLICY_REJECT, SLICE("reject") };
	encode_stream(&out, &stream_uuid, &p, &r);
	EXPECT_BYTES(
		buf_slice(&out),
		SLICE(STREAM_BEGIN TEXT("\x0b", "example.com")
			      NULL_FIELD NULL_FIELD TEXT("\x06", "reject") NULL_FIELD NULL_FIELD
		      "\0\0\0\x02\0\x32" NULL_FIELD NULL_FIELD TEXT("\x0b", "example.com")
			      TEXT("\0", "") TEXT("\x04", "none") TEXT("\x04", "pass")
				      NULL_FIELD ARRAY("\x1c", "\x01") TEXT("\x04", "odd\"")
					      ARRAY("\x20", "\x01") TEXT("\x08", "arc-pass")
		      /* DKIM */
		      ARRAY("\x2e", "\x02") TEXT("\x09", "a.example") TEXT("\x09", "b.example")
			      ARRAY("\x1e", "\x02") TEXT("\x02", "s1") NULL_FIELD ARRAY(
				      "\x24", "\x02") TEXT("\x04", "pass") TEXT("\x04", "fail")
				      ARRAY("\x1f", "\x02") NULL_FIELD TEXT("\x03", "key")
		      /* SPF */
		      ARRAY("\x21", "\x01") TEXT("\x09", "c.example") ARRAY("\x1d", "\x01")
			      TEXT("\x05", "mfrom") ARRAY("\x1c", "\x01") TEXT("\x04", "none")),
		"stream");
	buf_clear(&out);
	p.pct = -1;
	r = (struct record){ 0 };
	encode_stream(&out, &stream_uuid, &p, &r);
	EXPECT_BYTES(
		buf_slice(&out),
		SLICE(STREAM_BEGIN TEXT("\x0b", "example.com") NULL_FIELD NULL_FIELD TEXT(
			"\x06", "reject") NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD
			      NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD NO_ELEMENTS
				      NO_ELEMENTS NO_ELEMENTS NO_ELEMENTS NO_ELEMENTS NO_ELEMENTS
					      NO_ELEMENTS NO_ELEMENTS NO_ELEMENTS),
		"an empty one");
}

#define BYTES32 "0123456789abcdef0123456789abcdef"

/* A numeric: how many digits to the base of 10,000, the weight of the first, no sign, no scale. */
#define NUMERIC(length, digits, weight) "\0\0\0" length "\0" digits "\0" weight "\0\0\0\0"

Test(encode, writes_reports_with_all_columns)
{
	struct report report = {
		.org_name = SLICE("Google.com"),
		.report_id = SLICE_ABSENT,
		.begin = 946684800, /* 2000-01-01, from which PostgreSQL counts */
		.end = 946684801,
		.policy = { .domain = SLICE("example.com"), .pct = -1, .fo = SLICE("1:d") },
	};
	struct report_totals totals = { .records = 2, .messages = 20003, .origin = ORIGIN_FITS };
	unsigned char content[DIGEST_SIZE], message_key[] = BYTES32;
	SCOPED(buf) struct buf out = { 0 };
	SCOPED(buf) struct buf want = { 0 };

	content_bytes(&totals.content, content);
	encode_report(&out, &report_uuid, &report, SLICE("google.com"), &totals, message_key);
	buf_append(&want,
		   SLICE("\0\x1d\0\0\0\x10REPORT-KEY-16by."
			 "\0\0\0\x04\0\0\0\0" TEXT("\x0a", "google.com") TEXT("\x0a", "Google.com")
				 NULL_FIELD NULL_FIELD TEXT("\0", "")));
	buf_append(&want,
		   SLICE("\0\0\0\x08\0\0\0\0\0\0\0\0"
			 "\0\0\0\x08\0\0\0\0\0\x0f\x42\x40"));
	buf_append(&want,
		   SLICE(NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD TEXT("\x0b", "example.com")
				 NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD
					 NULL_FIELD NULL_FIELD TEXT("\x03", "1:d") NO_ELEMENTS));
	buf_append(&want,
		   SLICE("\0\0\0\x08\0\0\0\0\0\0\0\x02" NUMERIC("\x0c", "\x02",
								"\x01") "\0\x02\0\x03"));
	buf_append(&want, SLICE("\0\0\0\x20"));
	buf_append(&want, slice_of((const char *)content, sizeof(content)));
	buf_append(&want, SLICE("\0\0\0\x20" BYTES32));
	buf_append(&want, SLICE(TEXT("\x04", "fits")));
	EXPECT_BYTES(buf_slice(&out), buf_slice(&want), "report");
}

Test(encode, writes_numbers_of_any_size)
{
	static const struct {
		uint64_t messages;
		struct slice want;
	} cases[] = {
		{ 0, BYTES(NUMERIC("\x08", "\0", "\0")) },
		{ 9999, BYTES(NUMERIC("\x0a", "\x01", "\0") "\x27\x0f") },
		{ 10000, BYTES(NUMERIC("\x0c", "\x02", "\x01") "\0\x01\0\0") },
		{ UINT64_MAX,
		  BYTES(NUMERIC("\x12", "\x05",
				"\x04") "\x07\x34\x1a\x58\x02\xe1\x03\xbb\x06\x4f") },
	};
	const struct report report = { .org_name = SLICE("x") };
	unsigned char message_key[] = BYTES32;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct report_totals totals = { .messages = cases[i].messages };
		SCOPED(buf) struct buf out = { 0 };

		encode_report(&out, &report_uuid, &report, SLICE("x"), &totals, message_key);

		/* the two digests and "not known" stand behind it */
		struct slice front = slice_prefix(buf_slice(&out), out.n - (size_t)(2 * 36 + 13));

		cr_expect(slice_ends_with(front, cases[i].want), "%llu",
			  (unsigned long long)cases[i].messages);
	}
}

Test(encode, writes_messages_whatever_their_names)
{
	struct message m = { .key = BYTES32,
			     .source = (char[]){ "dir" },
			     .locator = (char[]){ "a\xff" },
			     .size = 7 };
	struct verdict_of_message verdict = { .outcome = OUTCOME_BROKEN };
	SCOPED(buf) struct buf out = { 0 };

	m.settle_later[ENDING_FAULTY] = true;
	err_set(&verdict.reason, ERR_INPUT, "why");
	encode_message(&out, &m, &verdict);
	EXPECT_BYTES(buf_slice(&out),
		     SLICE("\0\x0c\0\0\0\x20" BYTES32 TEXT("\x03", "dir") TEXT(
			     "\x04", "a\xef\xbf\xbd") NULL_FIELD NULL_FIELD NULL_FIELD NULL_FIELD
			   "\0\0\0\x08\0\0\0\0\0\0\0\x07" TEXT("\x06", "broken")
				   TEXT("\x03", "why") "\0\0\0\x01\0"
						       "\0\0\0\x01\0"),
		     "broken, to be moved");
	buf_clear(&out);
	m.origin = (struct mail_origin){ (char[]){ "a.example" }, (char[]){ "b" }, PROOF_PASS };
	encode_message(&out, &m, &verdict);
	EXPECT_BYTES(slice_of(out.p + 53, 35),
		     SLICE(NULL_FIELD TEXT("\x09", "a.example") TEXT("\x04", "pass")
				   TEXT("\x01", "b") "\0\0\0\x08\0"),
		     "with an origin");
	buf_clear(&out);
	m.again = true;
	encode_message(&out, &m, &(struct verdict_of_message){ .outcome = OUTCOME_STORED });
	cr_expect(slice_ends_with(buf_slice(&out),
				  SLICE(TEXT("\x06", "stored") NULL_FIELD "\0\0\0\x01\x01"
									  "\0\0\0\x01\x01")));
}

Test(encode, writes_where_messages_lie_now)
{
	struct settled_message s = { .key = BYTES32, .settlement = "move" };
	SCOPED(buf) struct buf out = { 0 };

	encode_settled(&out, &s);
	EXPECT_BYTES(buf_slice(&out),
		     SLICE("\0\x05\0\0\0\x20" BYTES32 TEXT("\x04", "move")
				   NULL_FIELD NULL_FIELD NULL_FIELD),
		     "where it was");
	buf_clear(&out);
	s.now = (struct place){ .source = (char[]){ "dir" }, .locator = (char[]){ "b" } };
	memcpy(s.now.key, "X", 1);
	encode_settled(&out, &s);
	cr_expect(slice_ends_with(slice_prefix(buf_slice(&out), out.n - 31),
				  SLICE(TEXT("\x03", "dir") TEXT("\x01", "b") "\0\0\0\x20X")));
	buf_clear(&out);
	memcpy(s.now.key, s.key, sizeof(s.key));
	encode_settled(&out, &s);
	cr_expect(slice_ends_with(buf_slice(&out),
				  SLICE(TEXT("\x03", "dir") TEXT("\x01", "b") NULL_FIELD)),
		  "no second key that is as good as the first");
}
