/* SPDX-License-Identifier: MIT */
#include "reports/digest.h"

#include "tests/unit/captured.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void expect_printed(const struct digest *d, const char *want, const char *name)
{
	struct captured c;

	captured_open(&c);
	digest_print(d, &c.out);
	EXPECT_TEXT(captured_text(&c), want, name);
	captured_close(&c);
}

Test(digest, nothing_new_is_one_line)
{
	struct digest_source sources[] = { { .name = "a" }, { .name = "b" } };
	struct digest d = { .day = "2026-11-21", .sources = sources, .source_count = 1 };

	expect_printed(&d, "Nothing new from 1 source; there is no report yet.\n", "empty");
	d.source_count = 2;
	d.standing = (struct digest_standing){ "2026-10-23", "2026-11-21", 1, 1, 1 };
	expect_printed(&d, "Nothing new from 2 sources; 1 message, 100.0 % pass DMARC.\n", "one");
	d.standing = (struct digest_standing){ "2026-10-23", "2026-11-21", 1200, 1000, 999 };
	expect_printed(
		&d,
		"Nothing new from 2 sources; 1,200 messages, 99.9 % of those that count pass\n"
		"DMARC.\n",
		"many");
}

Test(digest, what_came_in_and_what_failed)
{
	struct digest_source sources[] = {
		{ .name = "one", .reports = 1, .messages = 1, .others = 1 },
		{ .name = "many",
		  .reports = 1000,
		  .messages = 2000000,
		  .duplicates = 1,
		  .broken = 2,
		  .unreadable = 3,
		  .others = 4 },
		{ .name = "none" },
		{ .name = "away" },
		{ .name = "cut", .duplicates = 2 },
	};
	struct digest_failure failure = { .what = "judging" };
	struct digest d = { .day = "2026-11-21",
			    .sources = sources,
			    .source_count = COUNT_OF(sources),
			    .failures = &failure,
			    .failure_count = 1,
			    .looked_up = 1,
			    .dropped = 1,
			    .interrupted = true };

	err_set(&sources[3].failure, ERR_UNREACHABLE, "no \x1b[31mroute");
	err_where(&sources[3].failure, "mail.example.org");
	err_set(&sources[4].failure, ERR_INPUT, "gone");
	err_set(&failure.error, ERR_UNREACHABLE, "too busy");
	expect_printed(
		&d,
		"What came in, 2026-11-21:\n"
		"  one: 1 report on 1 message, 1 other mail\n"
		"  many: 1,000 reports on 2,000,000 messages, 1 duplicate, 2 broken, 3\n"
		"    unreadable, 4 other mails\n"
		"  none: nothing new\n"
		"  away: failed\n"
		"  cut: 2 duplicates; then it failed\n"
		"\n"
		"What failed, and is tried again by the next run:\n"
		"  away: no \\x1b[31mroute: mail.example.org\n"
		"  cut: gone\n"
		"  judging: too busy\n"
		"  It was interrupted, and ended before it was done.\n"
		"\n"
		"What is broken is listed by 'ruamill report problems'.\n"
		"\n"
		"1 address was looked up, 0 have a confirmed name. What was older than wanted\n"
		"is gone.\n",
		"all");
}

Test(digest, each_thing_is_news)
{
	struct digest_source source = { .name = "a" };
	const struct digest plain = { .sources = &source, .source_count = 1 };
	struct digest d = plain;

	cr_expect(!digest_is_news(&d));
	d.looked_up = 1;
	cr_expect(digest_is_news(&d));
	d = plain;
	d.dropped = 1;
	cr_expect(digest_is_news(&d));
	d = plain;
	d.interrupted = true;
	cr_expect(digest_is_news(&d));
	d = plain;
	source.unreadable = 1;
	cr_expect(digest_is_news(&d));
	source.unreadable = 0;
	err_set(&source.failure, ERR_INPUT, "gone");
	cr_expect(digest_is_news(&d));
}
