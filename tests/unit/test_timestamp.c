/* SPDX-License-Identifier: MIT */
#include "base/timestamp.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const struct {
	int64_t days;
	struct date date;
	const char *text;
} dates[] = {
	{ 0, { 1970, 1, 1 }, "1970-01-01" },       { -1, { 1969, 12, 31 }, "1969-12-31" },
	{ 31, { 1970, 2, 1 }, "1970-02-01" },      { 11016, { 2000, 2, 29 }, "2000-02-29" },
	{ 11017, { 2000, 3, 1 }, "2000-03-01" },   { 19782, { 2024, 2, 29 }, "2024-02-29" },
	{ 20088, { 2024, 12, 31 }, "2024-12-31" }, { 20089, { 2025, 1, 1 }, "2025-01-01" },
	{ -25509, { 1900, 2, 28 }, "1900-02-28" }, { -25508, { 1900, 3, 1 }, "1900-03-01" },
	{ 15340, { 2012, 1, 1 }, "2012-01-01" },   { 47540, { 2100, 2, 28 }, "2100-02-28" },
	{ 47541, { 2100, 3, 1 }, "2100-03-01" },   { 2932896, { 9999, 12, 31 }, "9999-12-31" },
	{ 2932897, { 10000, 1, 1 }, "-" },         { -719162, { 1, 1, 1 }, "0001-01-01" },
	{ -719163, { 0, 12, 31 }, "0000-12-31" },  { -719528, { 0, 1, 1 }, "0000-01-01" },
	{ -719529, { -1, 12, 31 }, "-" },
};

Test(timestamp, counts_days_both_ways)
{
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct date d = date_from_days(dates[i].days);
		char text[DATE_TEXT_SIZE];

		EXPECT_INT(d.year, dates[i].date.year, dates[i].text);
		EXPECT_INT(d.month, dates[i].date.month, dates[i].text);
		EXPECT_INT(d.day, dates[i].date.day, dates[i].text);
		EXPECT_INT(date_to_days(dates[i].date), dates[i].days, dates[i].text);
		date_format(dates[i].days, text);
		cr_expect_str_eq(text, dates[i].text);
	}
}

Test(timestamp, walks_through_the_calendar_without_a_gap)
{
	static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct date want = { 1, 1, 1 };

	for (int64_t days = -719162; want.year < 2401; days++) {
		struct date d = date_from_days(days);
		bool leap = want.year % 4 == 0 && (want.year % 100 != 0 || want.year % 400 == 0);

		cr_assert(d.year == want.year && d.month == want.month && d.day == want.day,
			  "day %lld", (long long)days);
		cr_assert(date_to_days(d) == days, "day %lld", (long long)days);
		if (++want.day > lengths[want.month - 1] + (leap && want.month == 2)) {
			want.day = 1;
			want.month++;
		}
		if (want.month == 13) {
			want.month = 1;
			want.year++;
		}
	}
}

Test(timestamp, formats_every_moment)
{
	static const struct {
		int64_t seconds, days;
		const char *text;
	} cases[] = {
		{ 0, 0, "1970-01-01T00:00:00Z" },
		{ -1, -1, "1969-12-31T23:59:59Z" },
		{ -86400, -1, "1969-12-31T00:00:00Z" },
		{ -86401, -2, "1969-12-30T23:59:59Z" },
		{ 86399, 0, "1970-01-01T23:59:59Z" },
		{ 86400, 1, "1970-01-02T00:00:00Z" },
		{ 1709211845, 19782, "2024-02-29T13:04:05Z" },
		{ TIMESTAMP_FIRST, 15340, "2012-01-01T00:00:00Z" },
		{ TIMESTAMP_LAST, 2932896, "9999-12-31T23:59:59Z" },
		{ TIMESTAMP_LAST + 1, 2932897, "-" },
		{ INT64_MAX, 106751991167300, "-" },
		{ INT64_MIN, -106751991167301, "-" },
		{ INT64_MIN + 1, -106751991167301, "-" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char text[TIMESTAMP_TEXT_SIZE];

		timestamp_format(cases[i].seconds, text);
		EXPECT_TEXT(slice_from(text), cases[i].text, "format");
		EXPECT_INT(timestamp_to_days(cases[i].seconds), cases[i].days, cases[i].text);
	}
}

Test(timestamp, formats_days_no_calendar_has)
{
	static const int64_t days[] = { INT64_MAX, INT64_MIN, INT64_MAX / 2, INT64_MIN / 2 };

	for (size_t i = 0; i < COUNT_OF(days); i++) {
		char text[DATE_TEXT_SIZE];

		date_format(days[i], text);
		cr_expect_str_eq(text, "-", "case %zu", i);
	}
}

Test(timestamp, parses_dates)
{
	static const struct {
		struct slice text;
		bool good;
		int64_t want;
	} cases[] = {
		{ BYTES("1970-01-01"), true, 0 },
		{ BYTES("2024-02-29"), true, 19782 },
		{ BYTES("2000-02-29"), true, 11016 },
		{ BYTES("9999-12-31"), true, 2932896 },
		{ BYTES("0001-01-01"), true, -719162 },
		{ BYTES("0000-12-31"), false, 0 },
		{ BYTES("2023-02-29"), false, 0 },
		{ BYTES("1900-02-29"), false, 0 },
		{ BYTES("2024-04-31"), false, 0 },
		{ BYTES("2024-12-32"), false, 0 },
		{ BYTES("2024-13-01"), false, 0 },
		{ BYTES("2024-00-01"), false, 0 },
		{ BYTES("2024-01-00"), false, 0 },
		{ BYTES("2024-1-01"), false, 0 },
		{ BYTES("2024/01/01"), false, 0 },
		{ BYTES("20240101"), false, 0 },
		{ BYTES("2024-01-01 "), false, 0 },
		{ BYTES("2024-01-01\0"), false, 0 },
		{ BYTES("-024-01-01"), false, 0 },
		{ BYTES("10000-01-01"), false, 0 },
		{ BYTES(""), false, 0 },
		{ { NULL, 0 }, false, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t days = 77;
		bool good = date_parse(cases[i].text, &days);

		cr_expect(good == cases[i].good, "%.*s", SLICE_ARG(cases[i].text));
		EXPECT_INT(days, good ? cases[i].want : 77, "days");
	}
}

Test(timestamp, parses_moments)
{
	static const struct {
		struct slice text;
		bool good;
		int64_t want;
	} cases[] = {
		{ BYTES("1970-01-01T00:00:00Z"), true, 0 },
		{ BYTES("1970-01-01 00:00:00"), true, 0 },
		{ BYTES("1970-01-01T00:00:00z"), true, 0 },
		{ BYTES("1969-12-31T23:59:59Z"), true, -1 },
		{ BYTES("2024-02-29T13:04:05Z"), true, 1709211845 },
		{ BYTES("2024-02-29T13:04:05.999Z"), true, 1709211845 },
		{ BYTES("2024-02-29T13:04:05."), true, 1709211845 },
		{ BYTES("2024-02-29T14:04:05+01:00"), true, 1709211845 },
		{ BYTES("2024-02-29T14:04:05+0100"), true, 1709211845 },
		{ BYTES("2024-02-29T07:34:05-05:30"), true, 1709211845 },
		{ BYTES("2024-02-29T13:04:05+00:00"), true, 1709211845 },
		{ BYTES("2024-02-29T13:04:60Z"), true, 1709211900 },
		{ BYTES("2024-02-29T23:59:59+23:59"), true, 1709164859 },
		{ BYTES("9999-12-31T23:59:59Z"), true, TIMESTAMP_LAST },
		{ BYTES("2024-02-29T24:00:00Z"), false, 0 },
		{ BYTES("2024-02-29T13:60:05Z"), false, 0 },
		{ BYTES("2024-02-29T13:04:61Z"), false, 0 },
		{ BYTES("2024-02-29T13:04Z"), false, 0 },
		{ BYTES("2024-02-29"), false, 0 },
		{ BYTES("2024-02-29t13:04:05Z"), false, 0 },
		{ BYTES("2024-02-30T13:04:05Z"), false, 0 },
		{ BYTES("2024-02-29T13:04:05Zjunk"), false, 0 },
		{ BYTES("2024-02-29T13:04:05+24:00"), false, 0 },
		{ BYTES("2024-02-29T13:04:05+01:60"), false, 0 },
		{ BYTES("2024-02-29T13:04:05+1"), false, 0 },
		{ BYTES("2024-02-29T13:04:05 Z"), false, 0 },
		{ BYTES(""), false, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t seconds = 77;
		bool good = timestamp_parse(cases[i].text, &seconds);

		cr_expect(good == cases[i].good, "%.*s", SLICE_ARG(cases[i].text));
		EXPECT_INT(seconds, good ? cases[i].want : 77, cases[i].text.p);
	}
}

Test(timestamp, refuses_each_truncation)
{
	const struct slice whole = SLICE("2024-02-29T13:04:05+01:00");
	int64_t value;

	for (size_t n = 0; n < whole.n; n++) {
		bool clock_complete = n == 19, zone_complete = n == 25;

		cr_expect(timestamp_parse(slice_prefix(whole, n), &value) ==
				  (clock_complete || zone_complete),
			  "moment of %zu bytes", n);
		cr_expect(date_parse(slice_prefix(whole, n), &value) == (n == 10),
			  "date of %zu bytes", n);
	}
}

Test(timestamp, gives_back_what_it_formats)
{
	for (int64_t seconds = -62135596800; seconds <= TIMESTAMP_LAST;
	     seconds += 86400 * 97 + 12347) {
		char text[TIMESTAMP_TEXT_SIZE];
		int64_t back = 0;

		timestamp_format(seconds, text);
		cr_assert(timestamp_parse(slice_from(text), &back) && back == seconds, "%s", text);
	}
}
