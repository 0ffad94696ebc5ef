/* SPDX-License-Identifier: MIT */
#include "ingest/zip_directory.h"

#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void put_little_endian(struct buf *b, size_t n, uint64_t value)
{
	for (size_t i = 0; i < n; i++, value >>= 8)
		buf_append_byte(b, (char)(unsigned char)value);
}

static void put_end(struct buf *b, uint16_t entries, struct slice comment)
{
	buf_append_text(b, "PK\x05\x06");
	put_little_endian(b, 4, 0);
	put_little_endian(b, 2, entries);
	put_little_endian(b, 2, entries);
	put_little_endian(b, 8, 0);
	put_little_endian(b, 2, comment.n);
	buf_append(b, comment);
}

static void put_zip64(struct buf *b, uint64_t entries)
{
	buf_append_text(b, "PK\x06\x06");
	put_little_endian(b, 8, 44);
	put_little_endian(b, 4, 0x002D002D);
	put_little_endian(b, 8, 0);
	put_little_endian(b, 8, entries);
	put_little_endian(b, 8, entries);
	put_little_endian(b, 16, 0);
}

static void put_locator(struct buf *b, uint64_t offset)
{
	buf_append_text(b, "PK\x06\x07");
	put_little_endian(b, 4, 0);
	put_little_endian(b, 8, offset);
	put_little_endian(b, 4, 1);
}

enum { NO_END = -1 };

static void expect_count(struct slice bytes, int64_t want, const char *name)
{
	struct spool zip = SPOOL_INIT(LIMIT_ARCHIVE_IN_MEMORY);
	struct err e = ERR_INIT;
	uint64_t count = 77;

	cr_assert(spool_append(&zip, bytes, &e));

	bool ok = zip_count_members(&zip, &count, &e);

	cr_expect(ok == (want != NO_END), "%s: %s", name, e.what);
	if (ok)
		EXPECT_INT(count, want, name);
	else
		EXPECT_INT(e.kind, ERR_INPUT, name);
	spool_release(&zip);
}

Test(zip_directory, counts_what_the_end_record_says)
{
	static const uint16_t counts[] = { 0, 1, 64, 65, 256, 65534, 65535 };

	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		SCOPED(buf) struct buf b = { 0 };

		put_end(&b, counts[i], SLICE(""));
		expect_count(buf_slice(&b), counts[i], "alone");
		for (size_t n = 4; n < b.n; n++)
			expect_count(slice_prefix(buf_slice(&b), n), NO_END, "cut");
		put_end(&b, counts[i], SLICE("a comment"));
		expect_count(buf_slice(&b), counts[i], "with a comment");
	}
	expect_count(SLICE("PK\x03\x04 and no end"), NO_END, "none");
}

Test(zip_directory, finds_it_in_front_of_the_longest_comment)
{
	static char comment[65535];
	SCOPED(buf) struct buf b = { 0 };

	buf_append_text(&b, "PK\x03\x04");
	put_end(&b, 3, slice_of(comment, sizeof(comment)));
	expect_count(buf_slice(&b), 3, "longest");
	for (int i = 0; i < 21; i++)
		buf_append_byte(&b, 'x');
	expect_count(buf_slice(&b), NO_END, "further away");
}

Test(zip_directory, believes_the_largest_of_several)
{
	SCOPED(buf) struct buf fake = { 0 };
	SCOPED(buf) struct buf b = { 0 };
	SCOPED(buf) struct buf reverse = { 0 };

	put_end(&fake, 1, SLICE(""));
	put_end(&b, 900, buf_slice(&fake));
	expect_count(buf_slice(&b), 900, "a comment that says less");
	buf_clear(&fake);
	put_end(&fake, 900, SLICE(""));
	put_end(&reverse, 1, buf_slice(&fake));
	expect_count(buf_slice(&reverse), 900, "a comment that says more");
}

Test(zip_directory, follows_zip64)
{
	static const struct {
		const char *name;
		uint64_t in_zip64, offset;
		uint16_t in_end;
		int64_t want;
	} cases[] = {
		{ "as it should be", 900000, 5, 65535, 900000 },
		{ "the end says that it does not know", 3, 5, 65535, 3 },
		{ "the end says less", 900000, 5, 1, 900000 },
		{ "the end says more", 3, 5, 7, 7 },
		{ "points elsewhere", 900000, 4, 7, 7 },
		{ "points past the end", 900000, 1 << 20, 7, 7 },
		{ "points at the very end", 900000, UINT64_MAX, 7, 7 },
		{ "a count past all signs", INT64_MAX, 5, 7, INT64_MAX },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		buf_append_text(&b, "bytes");
		put_zip64(&b, cases[i].in_zip64);
		put_locator(&b, cases[i].offset);
		put_end(&b, cases[i].in_end, SLICE(""));
		expect_count(buf_slice(&b), cases[i].want, cases[i].name);
	}
}

Test(zip_directory, needs_the_locator_right_before_the_end)
{
	SCOPED(buf) struct buf b = { 0 };

	put_zip64(&b, 900);
	put_locator(&b, 0);
	buf_append_byte(&b, 'x');
	put_end(&b, 7, SLICE(""));
	expect_count(buf_slice(&b), 7, "a byte between");
}
