/* SPDX-License-Identifier: MIT */
#include "base/reader.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const struct slice bytes15 =
	BYTES("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\xff");

Test(reader, reads_little_endian)
{
	struct reader r = reader_over(bytes15);

	EXPECT_INT(reader_u8(&r), 0x01, "u8");
	EXPECT_INT(reader_u16le(&r), 0x0302, "u16");
	EXPECT_INT(reader_u32le(&r), 0x07060504, "u32");
	EXPECT_INT(reader_left(&r), 8, "left");
	EXPECT_INT(reader_u64le(&r), (int64_t)0xff0e0d0c0b0a0908, "u64");
	EXPECT_INT(reader_left(&r), 0, "left at the end");
	cr_expect(!r.failed);
}

Test(reader, reads_big_endian)
{
	struct reader r = reader_over(slice_prefix(bytes15, 7));

	EXPECT_INT(reader_u16be(&r), 0x0102, "u16");
	EXPECT_INT(reader_u32be(&r), 0x03040506, "u32");
	cr_expect(!r.failed);
	EXPECT_INT(reader_u16be(&r), 0, "one is left");
	cr_expect(r.failed);
}

Test(reader, fails_at_each_truncation_and_stays_failed)
{
	for (size_t n = 0; n <= bytes15.n; n++) {
		struct reader r = reader_over(slice_prefix(bytes15, n));

		EXPECT_INT(reader_u8(&r), n >= 1 ? 0x01 : 0, "u8");
		EXPECT_INT(reader_u16le(&r), n >= 3 ? 0x0302 : 0, "u16");
		EXPECT_INT(reader_u32le(&r), n >= 7 ? 0x07060504 : 0, "u32");
		EXPECT_INT(reader_u64le(&r), n >= 15 ? (int64_t)0xff0e0d0c0b0a0908 : 0, "u64");
		cr_expect(r.failed == (n < 15), "%zu bytes", n);
	}
}

Test(reader, reads_nothing_once_failed)
{
	struct reader r = reader_over(SLICE("\x01\x02\x03"));

	EXPECT_INT(reader_u32le(&r), 0, "too few");
	EXPECT_INT(reader_u8(&r), 0, "though a byte is left");
	EXPECT_TEXT(reader_bytes(&r, 1), NULL, "though a byte is left");
	EXPECT_TEXT(reader_bytes(&r, 0), NULL, "not even nothing");
	cr_expect(r.failed);
}

Test(reader, takes_bytes_up_to_the_end)
{
	struct reader r = reader_over(SLICE("a\0cdef"));

	EXPECT_BYTES(reader_bytes(&r, 3), SLICE("a\0c"), "three");
	reader_skip(&r, 1);
	EXPECT_TEXT(reader_bytes(&r, 2), "ef", "the last two");
	EXPECT_TEXT(reader_bytes(&r, 0), "", "nothing is there still");
	cr_expect(!r.failed, "all were there");
	reader_skip(&r, 1);
	cr_expect(r.failed, "one past the end");
}

Test(reader, is_not_tricked_by_lengths)
{
	static const size_t lengths[] = { 4, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1 };

	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct reader r = reader_over(SLICE("abc"));

		(void)reader_u8(&r);
		reader_skip(&r, lengths[i]);
		cr_expect(r.failed, "length %zu", lengths[i]);
		EXPECT_INT(reader_left(&r), 2, "the cursor has not moved");
	}
}

Test(reader, takes_an_absent_slice)
{
	struct reader r = reader_over(SLICE_ABSENT);

	EXPECT_INT(reader_left(&r), 0, "left");
	EXPECT_INT(reader_bytes(&r, 0).n, 0, "nothing of nothing");
	cr_expect(!r.failed, "nothing was asked for");
	EXPECT_INT(reader_u8(&r), 0, "u8");
	cr_expect(r.failed);
}
