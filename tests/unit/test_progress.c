/* SPDX-License-Identifier: MIT */
#include "ingest/progress.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const struct {
	const char *name;
	struct progress_counts counts;
	const char *want;
} cases[] = {
	{ "the begin", { 0, 10, 0, 0, 0 }, "0 of 10 messages, 0 reports, 0 records" },
	{ "too early to judge", { 5, 10, 4, 9, 999 }, "5 of 10 messages, 4 reports, 9 records" },
	{ "nothing done yet", { 0, 10, 0, 0, 5000 }, "0 of 10 messages, 0 reports, 0 records" },
	{ "on the way",
	  { 1200, 10000, 1190, 36295, 3000 },
	  "1200 of 10000 messages (400/s), 0:22 left, 1190 reports, 36295 records" },
	{ "a part of a second is one",
	  { 9999, 10000, 1, 1, 1000 },
	  "9999 of 10000 messages (9999/s), 0:01 left, 1 reports, 1 records" },
	{ "the end",
	  { 10, 10, 10, 10, 2000 },
	  "10 of 10 messages (5/s), 0:00 left, 10 reports, 10 records" },
	{ "just below a minute",
	  { 1, 60, 0, 0, 1000 },
	  "1 of 60 messages (1/s), 0:59 left, 0 reports, 0 records" },
	{ "a minute",
	  { 1, 61, 0, 0, 1000 },
	  "1 of 61 messages (1/s), 1:00 left, 0 reports, 0 records" },
	{ "just below an hour",
	  { 1, 3600, 0, 0, 1000 },
	  "1 of 3600 messages (1/s), 59:59 left, 0 reports, 0 records" },
	{ "an hour",
	  { 1, 3601, 0, 0, 1000 },
	  "1 of 3601 messages (1/s), 1:00:00 left, 0 reports, 0 records" },
	{ "slow",
	  { 1, 101, 0, 0, 90000 },
	  "1 of 101 messages, 2:30:00 left, 0 reports, 0 records" },
	{ "more than was expected",
	  { 11, 10, 11, 22, 2000 },
	  "11 messages (5/s), 11 reports, 22 records" },
	{ "it is not known how many",
	  { 7, 0, 7, 7, 1000 },
	  "7 messages (7/s), 7 reports, 7 records" },
	{ "what does not fit is left out",
	  { 1234567, 9999999, 1234000, 123456789, 1000000 },
	  "1234567 of 9999999 messages (1234/s), 1:58:21 left, 1234000 reports" },
	{ "far too many",
	  { 1000000000000000, 1000000000000000, 1, 1, 1000 },
	  "1000000000000000 of 1000000000000000 messages (1000000000000000/s), 0:00 left" },
};

Test(progress, is_a_line_of_numbers)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf line = { 0 };

		progress_append(&line, &cases[i].counts, 79);
		EXPECT_TEXT(buf_slice(&line), cases[i].want, cases[i].name);
		cr_expect(line.n <= 79, "%s: too long", cases[i].name);
	}
}

Test(progress, takes_the_columns_there_are)
{
	static const struct {
		size_t columns;
		const char *want;
	} widths[] = {
		{ 100, "1200 of 10000 messages (400/s), 0:22 left, 1190 reports, 36295 records" },
		{ 69, "1200 of 10000 messages (400/s), 0:22 left, 1190 reports" },
		{ 40, "1200 of 10000 messages (400/s)" },
		{ 29, "0:22 left, 1190 reports" },
		{ 8, "" },
	};
	const struct progress_counts counts = { 1200, 10000, 1190, 36295, 3000 };

	for (size_t i = 0; i < COUNT_OF(widths); i++) {
		SCOPED(buf) struct buf line = { 0 };

		progress_append(&line, &counts, widths[i].columns);
		EXPECT_TEXT(buf_slice(&line), widths[i].want, "line");
	}
}
