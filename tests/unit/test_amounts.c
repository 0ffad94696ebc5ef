/* SPDX-License-Identifier: MIT */
#include "reports/amounts.h"

#include <stdio.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(amounts, groups_numbers)
{
	static const struct {
		uint64_t number;
		const char *want;
	} cases[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 1001, "1,001" },
		{ 12345, "12,345" },
		{ 999999, "999,999" },
		{ 1000000, "1,000,000" },
		{ 1234567, "1,234,567" },
		{ 1000000007, "1,000,000,007" },
		{ UINT64_MAX, "18,446,744,073,709,551,615" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		number_append_grouped(&b, cases[i].number);
		EXPECT_TEXT(buf_slice(&b), cases[i].want, "grouped");
	}
}

Test(amounts, rounds_shares_but_never_to_nothing_or_all)
{
	static const struct {
		uint64_t number, total;
		const char *whole, *tenths;
	} cases[] = {
		{ 0, 0, "-", "-" },
		{ 0, 1, "0 %", "0.0 %" },
		{ 1, 1, "100 %", "100.0 %" },
		{ 0, UINT64_MAX, "0 %", "0.0 %" },
		{ 1, UINT64_MAX, "1 %", "0.1 %" },
		{ UINT64_MAX - 1, UINT64_MAX, "99 %", "99.9 %" },
		{ UINT64_MAX, UINT64_MAX, "100 %", "100.0 %" },
		{ 1, 1000000, "1 %", "0.1 %" },
		{ 999999, 1000000, "99 %", "99.9 %" },
		{ 1, 3, "33 %", "33.3 %" },
		{ 2, 3, "67 %", "66.7 %" },
		{ 1, 2, "50 %", "50.0 %" },
		{ 1, 8, "13 %", "12.5 %" },
		{ 456, 1000, "46 %", "45.6 %" },
		{ 995, 1000, "99 %", "99.5 %" },
		{ 9995, 10000, "99 %", "99.9 %" },
		{ 4, 1000, "1 %", "0.4 %" },
		{ 15, 1000, "2 %", "1.5 %" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf whole = { 0 };
		SCOPED(buf) struct buf tenths = { 0 };
		char name[64];

		(void)snprintf(name, sizeof(name), "%llu of %llu",
			       (unsigned long long)cases[i].number,
			       (unsigned long long)cases[i].total);
		share_append(&whole, cases[i].number, cases[i].total, SHARE_WHOLE);
		share_append(&tenths, cases[i].number, cases[i].total, SHARE_TENTHS);
		EXPECT_TEXT(buf_slice(&whole), cases[i].whole, name);
		EXPECT_TEXT(buf_slice(&tenths), cases[i].tenths, name);
	}
}

Test(amounts, shows_rates_as_small_as_they_are)
{
	static const struct {
		uint64_t hundredths;
		const char *want;
	} cases[] = {
		{ 0, "0" },          { 1, "0.1" },       { 4, "0.1" },   { 5, "0.1" },
		{ 14, "0.1" },       { 15, "0.2" },      { 100, "1" },   { 223, "2.2" },
		{ 994, "9.9" },      { 995, "10" },      { 1049, "10" }, { 1050, "11" },
		{ 123456, "1,235" }, { 99950, "1,000" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		rate_append(&b, cases[i].hundredths);
		EXPECT_TEXT(buf_slice(&b), cases[i].want, "rate");
	}
}
