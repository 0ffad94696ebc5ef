/* SPDX-License-Identifier: MIT */
#include "ingest/summary.h"

#include "base/text.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void add(struct summary *s, const char *name, enum outcome outcome, const char *why)
{
	char locator[64];
	struct verdict_of_message verdict = { .outcome = outcome };
	struct message m = { .locator = locator };

	cr_assert(text_format(locator, sizeof(locator), "%s", name));
	if (why)
		err_set(&verdict.reason, ERR_INPUT, "%s", why);
	summary_add(s, &m, &verdict);
}

static void expect_faults(const struct summary *s, const char *want, const char *name)
{
	SCOPED(buf) struct buf lines = { 0 };

	summary_append_faults(&lines, s, false);
	EXPECT_TEXT(buf_slice(&lines), want, name);
}

#define POINTER "'ruamill report problems' lists them all\n"

Test(summary, groups_faults_by_reason)
{
	SCOPED(summary) struct summary *s = summary_new();

	expect_faults(s, "", "nothing came");
	add(s, "whole", OUTCOME_STORED, NULL);
	add(s, "again", OUTCOME_DUPLICATE, NULL);
	add(s, "part again", OUTCOME_DUPLICATE, "cut off");
	add(s, "bounce", OUTCOME_NOT_A_REPORT, "bounce");
	expect_faults(s, "", "nothing is wrong");
	add(s, "a", OUTCOME_BROKEN, "line 7: no end");
	add(s, "b", OUTCOME_TOO_LARGE, "line 7: no end");
	expect_faults(s,
		      "to look at:\n"
		      "  1 broken: line 7: no end\n      a\n"
		      "  1 too large: line 7: no end\n      b\n" POINTER,
		      "two outcomes");
	add(s, "c", OUTCOME_BROKEN, "line 12: no end");
	add(s, "d", OUTCOME_BROKEN, "line 12: no ending");
	add(s, "e", OUTCOME_CONFLICTING, NULL);
	add(s, "f", OUTCOME_STORED, "cut off");
	add(s, "g", OUTCOME_TOO_LARGE, "line 8: no end");
	add(s, "h", OUTCOME_TOO_LARGE, "line 9: no end");
	expect_faults(s,
		      "to look at:\n"
		      "  3 too large: line 7: no end\n      b, g, and 1 more\n"
		      "  2 broken: line 7: no end\n      a, c\n"
		      "  1 broken: line 12: no ending\n      d\n"
		      "  1 conflicting\n      e\n"
		      "  1 stored in part: cut off\n      f\n" POINTER,
		      "all kinds");
}

Test(summary, names_no_list_that_was_not_written)
{
	SCOPED(summary) struct summary *s = summary_new();
	SCOPED(buf) struct buf lines = { 0 };

	add(s, "a", OUTCOME_BROKEN, "no end");
	summary_append_faults(&lines, s, true);
	EXPECT_TEXT(buf_slice(&lines), "to look at:\n  1 broken: no end\n      a\n", "rehearsal");
}

Test(summary, stays_within_a_screen)
{
	SCOPED(summary) struct summary *s = summary_new();
	SCOPED(buf) struct buf lines = { 0 };
	size_t count = 0;

	for (char c = 'a'; c <= 'z'; c++) {
		for (char d = 'a'; d <= 'z'; d++)
			add(s, "x", OUTCOME_BROKEN, (const char[]){ c, d, '\0' });
	}
	summary_append_faults(&lines, s, false);
	for (size_t i = 0; i < lines.n; i++)
		count += lines.p[i] == '\n';
	cr_expect_eq(count, 19);
	cr_expect(slice_ends_with(buf_slice(&lines),
				  SLICE("  1 broken: ah\n      x\n"
					"  668 for other reasons\n" POINTER)),
		  "%s", buf_text(&lines));
}

Test(summary, makes_names_harmless)
{
	SCOPED(summary) struct summary *s = summary_new();

	add(s, "a\nruamill: b\x1b[2J", OUTCOME_BROKEN, "no\n end");
	expect_faults(
		s, "to look at:\n  1 broken: no\\x0a end\n      a\\x0aruamill: b\\x1b[2J\n" POINTER,
		"line ends");
}

/* Of each only what a message of it has to be found by. */
Test(summary, names_say_where_a_message_is)
{
	static struct {
		char source[32], locator[32];
		const char *want;
	} cases[] = {
		{ "maildir:/srv/a", "new/1", "/srv/a/new/1" },
		{ "maildir:/srv/b", "new/1", "/srv/b/new/1" },
		{ "folder:/srv/c", "/srv/c/1.xml", "/srv/c/1.xml" },
		{ "mbox:/srv/d", "/srv/d:49", "/srv/d:49" },
		{ "standard input", "standard input", "standard input" },
		{ "imaps://u@h/INBOX", "1/2", "imaps://u@h/INBOX: 1/2" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(summary) struct summary *s = summary_new();
		SCOPED(buf) struct buf want = { 0 };
		const struct message m = { .source = cases[i].source, .locator = cases[i].locator };
		const struct verdict_of_message broken = { .outcome = OUTCOME_BROKEN };

		summary_add(s, &m, &broken);
		buf_printf(&want, "to look at:\n  1 broken\n      %s\n" POINTER, cases[i].want);
		expect_faults(s, want.p, cases[i].source);
	}
}

Test(summary, counts_other_kinds_by_name)
{
	SCOPED(summary) struct summary *s = summary_new();
	SCOPED(buf) struct buf lines = { 0 };

	summary_append_kinds(&lines, s);
	cr_expect_eq(lines.n, 0);
	add(s, "a", OUTCOME_UNSUPPORTED_KIND, "TLS report");
	add(s, "b", OUTCOME_NOT_A_REPORT, NULL);
	add(s, "c", OUTCOME_UNSUPPORTED_KIND, "TLS report");
	add(s, "d", OUTCOME_BROKEN, "TLS report");
	summary_append_kinds(&lines, s);
	EXPECT_TEXT(buf_slice(&lines), "other kinds: 2 TLS report, 1 mail without a report\n",
		    "kinds");
}

Test(summary, tells_totals)
{
	static const struct {
		const char *name;
		struct pipeline_totals totals;
		bool rehearsal;
		const char *want;
	} cases[] = {
		{ "nothing", { 0 }, false, "0 messages: nothing there\n" },
		{ "known",
		  { .listed = 3, .known = 3 },
		  false,
		  "3 messages: 3 known from before\n" },
		{ "all",
		  { .listed = 9,
		    .known = 1,
		    .unreadable = 2,
		    .retried = 4,
		    .outcomes = { [OUTCOME_STORED] = 5, [OUTCOME_BROKEN] = 1 },
		    .reports = 6,
		    .records = 70,
		    .mails = 800 },
		  false,
		  "9 messages: 5 stored, 1 broken, 1 known from before, 2 unreadable\n"
		  "tried again: 4 that had failed before\n"
		  "new: 6 reports, 70 records on 800 mails\n" },
		{ "unreadable",
		  { .listed = 1, .unreadable = 1 },
		  false,
		  "1 messages: 1 unreadable\n" },
		{ "rehearsal",
		  { .listed = 2,
		    .retried = 1,
		    .outcomes = { [OUTCOME_STORED] = 2 },
		    .reports = 2,
		    .records = 3,
		    .mails = 4 },
		  true,
		  "2 messages would be: 2 stored\n"
		  "would be tried again: 1 that had failed before\n"
		  "would be new: 2 reports, 3 records on 4 mails\n" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf lines = { 0 };

		summary_append_totals(&lines, &cases[i].totals, cases[i].rehearsal);
		EXPECT_TEXT(buf_slice(&lines), cases[i].want, cases[i].name);
	}
}
