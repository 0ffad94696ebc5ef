/* SPDX-License-Identifier: MIT */
#include "reports/show_table.h"

#include "base/text.h"
#include "tests/unit/captured.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

static struct judge judge;
static struct captured c;
static struct show_table t;
static struct report report;

static void open_all(void)
{
	judge = judge_rows_open();
	captured_open(&c);
	show_table_init(&t, &c.out, 80, &judge);
	report = (struct report){
		.org_name = SLICE("Org"),
		.report_id = SLICE("1"),
		.begin = 1793491200,
		.end = 1793577599,
		.policy = { .domain = SLICE("example.com"), .pct = -1 },
	};
}

static void close_all(void)
{
	captured_close(&c);
	judge_rows_close(&judge);
}

TestSuite(show_table, .init = open_all, .fini = close_all);

static void begin(void)
{
	struct err e = ERR_INIT;

	cr_assert(t.sink.ops->begin(&t.sink, &report, &e));
}

static void end(void)
{
	struct err e = ERR_INIT;

	cr_assert(t.sink.ops->end(&t.sink, &report, &e));
}

static const struct judge_row passes = { .from = "example.com",
					 .spf = "example.com pass",
					 .dkim = "example.com s pass" };
static const struct judge_row fails = { .from = "example.com",
					.spf = "amazonses.com pass",
					.dkim = "amazonses.com s pass" };

static void feed(const struct judge_row *row, uint64_t count)
{
	struct judge_case built;
	struct err e = ERR_INIT;

	judge_case_build(&judge, row, &built);
	built.record.count = count;
	built.record.source_ip = (struct address){ ADDRESS_V4, { 192, 0, 2, 1 } };
	cr_assert(t.sink.ops->record(&t.sink, &report, &built.record, &e));
}

static size_t times(struct slice text, const char *what)
{
	struct slice line;
	size_t count = 0;

	while (slice_cut(&text, '\n', &line))
		count += slice_contains_icase(line, slice_from(what));
	return count;
}

#define HEADING                                                                                    \
	"Reporter: Org, report 1\n"                                                                \
	"Domain: example.com\n"                                                                    \
	"Period: 2026-11-01T00:00:00Z to 2026-11-01T23:59:59Z\n\n"

Test(show_table, says_when_all_is_well)
{
	begin();
	feed(&passes, 1234);
	end();
	EXPECT_TEXT(captured_text(&c),
		    HEADING "MESSAGES SOURCE    FROM        SENDER SPF     DKIM    VERDICT\n"
			    "   1,234 192.0.2.1 example.com -      aligned aligned ok\n\n"
			    "1,234 messages in 1 record; all of it passes DMARC, nothing to do.\n",
		    "all passes");
}

Test(show_table, says_what_is_odd_and_where_it_breaks_off)
{
	const struct slice errors[] = { SLICE("no\x1b[31m DNS") };

	report.errors = errors;
	report.error_count = 1;
	begin();
	report.broken_off = SLICE("cut off: line 7");
	quirks_add(&report.quirks, QUIRK_TRUNCATED);
	quirks_add(&report.quirks, QUIRK_NO_RECORDS);
	quirks_add(&report.quirks, QUIRK_NO_VERSION); /* usual: not shown */
	end();
	EXPECT_TEXT(captured_text(&c),
		    "Reporter: Org, report 1\n"
		    "Domain: example.com\n"
		    "Period: 2026-11-01T00:00:00Z to 2026-11-01T23:59:59Z\n"
		    "Reporter's error: no\\x1b[31m DNS\n\n"
		    "The report breaks off here: cut off: line 7\n\n"
		    "0 messages in 0 records.\n\n"
		    "Odd about it:\n"
		    "  truncated: the report is cut off: its last records are missing\n"
		    "  no-records: no records\n",
		    "broken off");
}

Test(show_table, stops_where_a_report_fails)
{
	struct err e = ERR_INIT;

	begin();
	feed(&fails, 1);
	err_set(&e, ERR_LIMIT, "too much");
	t.sink.ops->abort(&t.sink, &report, &e);
	EXPECT_TEXT(captured_text(&c),
		    HEADING
		    "MESSAGES SOURCE    FROM        SENDER     SPF       DKIM      VERDICT\n"
		    "       1 192.0.2.1 example.com Amazon SES unaligned unaligned not set up\n\n"
		    "The report breaks off here: too much\n",
		    "aborted");
}

Test(show_table, repeats_its_titles_with_every_piece)
{
	static const struct {
		unsigned records;
		size_t titles;
	} cases[] = { { 0, 0 }, { 1, 1 }, { 499, 1 }, { 500, 1 }, { 501, 2 }, { 1000, 2 } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t before = captured_text(&c).n;

		begin();
		for (unsigned n = 0; n < cases[i].records; n++)
			feed(&passes, 1);
		end();

		struct slice text = slice_from_offset(captured_text(&c), before);

		EXPECT_INT(times(text, "VERDICT"), cases[i].titles, "titles");
		EXPECT_INT(times(text, "192.0.2.1"), cases[i].records, "rows");
	}
}

Test(show_table, tells_only_so_many_kinds_apart)
{
	begin();
	for (unsigned n = 0; n < GROUPS_MAX + 2; n++) {
		char from[64];
		struct judge_row row = fails;

		cr_assert(text_format(from, sizeof(from), "n%u.example.com", n));
		row.from = from;
		feed(&row, 2);
	}
	end();
	EXPECT_INT(times(captured_text(&c), "2 messages failing"), GROUPS_MAX, "findings");
	EXPECT_INT(times(captured_text(&c), "604 messages in 302 records; 0.0 %"), 1, "summary");
	EXPECT_INT(times(captured_text(&c), "too many kinds of it: 4 messages."), 1, "not listed");
}

Test(show_table, parts_reports_by_a_rule)
{
	show_table_init(&t, &c.out, 40, &judge);
	for (int i = 0; i < 3; i++) {
		begin();
		end();
	}
	EXPECT_INT(times(captured_text(&c), "----------------------------------------"), 2,
		   "rules");
	EXPECT_INT(times(captured_text(&c), "Reporter: Org"), 3, "reports");
}

Test(show_table, leaves_nothing_when_the_output_fails)
{
	struct err e = ERR_INIT;

	begin();
	c.out.error = 28;
	cr_expect_not(t.sink.ops->end(&t.sink, &report, &e));
	EXPECT_INT(e.kind, ERR_OUTPUT, "end");
	t.sink.ops->abort(&t.sink, &report, &e);
	e = (struct err)ERR_INIT;
	cr_expect_not(t.sink.ops->begin(&t.sink, &report, &e));
	EXPECT_INT(e.kind, ERR_OUTPUT, "begin");
}
