/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(number, parses_unsigned)
{
	static const struct {
		struct slice text;
		uint64_t min, max;
		bool good;
		uint64_t want;
	} cases[] = {
		{ BYTES("0"), 0, UINT64_MAX, true, 0 },
		{ BYTES("007"), 0, 10, true, 7 },
		{ BYTES("18446744073709551615"), 0, UINT64_MAX, true, UINT64_MAX },
		{ BYTES("18446744073709551616"), 0, UINT64_MAX, false, 0 },
		{ BYTES("18446744073709551625"), 0, UINT64_MAX, false, 0 },
		{ BYTES("99999999999999999999"), 0, UINT64_MAX, false, 0 },
		{ BYTES("184467440737095516150"), 0, UINT64_MAX, false, 0 },
		{ BYTES("000000000000000000000000000001"), 0, 1, true, 1 },
		{ BYTES("5"), 5, 5, true, 5 },
		{ BYTES("4"), 5, 9, false, 0 },
		{ BYTES("10"), 5, 9, false, 0 },
		{ BYTES(""), 0, 9, false, 0 },
		{ { NULL, 0 }, 0, 9, false, 0 },
		{ BYTES("-1"), 0, UINT64_MAX, false, 0 },
		{ BYTES("+1"), 0, 9, false, 0 },
		{ BYTES(" 1"), 0, 9, false, 0 },
		{ BYTES("1 "), 0, 9, false, 0 },
		{ BYTES("1\0"), 0, 9, false, 0 },
		{ BYTES("1e3"), 0, 9999, false, 0 },
		{ BYTES("0x10"), 0, 99, false, 0 },
		{ BYTES("1:"), 0, 99, false, 0 },
		{ BYTES("1/"), 0, 99, false, 0 },
		{ BYTES("\xd9\xa1"), 0, 99, false, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t value = 77;
		bool good = number_parse_u64(cases[i].text, cases[i].min, cases[i].max, &value);

		cr_expect(good == cases[i].good, "case %zu", i);
		cr_expect(value == (good ? cases[i].want : 77), "case %zu: %llu", i,
			  (unsigned long long)value);
	}
}

Test(number, parses_signed)
{
	static const struct {
		struct slice text;
		int64_t min, max;
		bool good;
		int64_t want;
	} cases[] = {
		{ BYTES("-1"), INT64_MIN, INT64_MAX, true, -1 },
		{ BYTES("0"), INT64_MIN, INT64_MAX, true, 0 },
		{ BYTES("-0"), INT64_MIN, INT64_MAX, true, 0 },
		{ BYTES("9223372036854775807"), INT64_MIN, INT64_MAX, true, INT64_MAX },
		{ BYTES("9223372036854775808"), INT64_MIN, INT64_MAX, false, 0 },
		{ BYTES("-9223372036854775808"), INT64_MIN, INT64_MAX, true, INT64_MIN },
		{ BYTES("-9223372036854775809"), INT64_MIN, INT64_MAX, false, 0 },
		{ BYTES("-5"), -5, 5, true, -5 },
		{ BYTES("-6"), -5, 5, false, 0 },
		{ BYTES("5"), -5, 5, true, 5 },
		{ BYTES("6"), -5, 5, false, 0 },
		{ BYTES("-"), -5, 5, false, 0 },
		{ BYTES("--1"), -5, 5, false, 0 },
		{ BYTES("+1"), -5, 5, false, 0 },
		{ BYTES("1-"), -5, 5, false, 0 },
		{ BYTES(""), -5, 5, false, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = 77;
		bool good = number_parse_i64(cases[i].text, cases[i].min, cases[i].max, &value);

		cr_expect(good == cases[i].good, "case %zu", i);
		EXPECT_INT(value, good ? cases[i].want : 77, "value");
	}
}
