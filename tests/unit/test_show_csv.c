/* SPDX-License-Identifier: MIT */
#include "reports/show_csv.h"

#include "reports/judge.h"
#include "tests/unit/captured.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

static struct judge judge;

static void load(void)
{
	judge = judge_rows_open();
}

static void unload(void)
{
	judge_rows_close(&judge);
}

TestSuite(show_csv, .init = load, .fini = unload);

/* What one record of a report makes behind the line of names, without its CRLF. */
static void expect_line(const struct report *report, const struct record *record, const char *want,
			const char *name)
{
	struct captured c;
	struct show_csv csv;
	struct err e = ERR_INIT;

	captured_open(&c);
	show_csv_init(&csv, &c.out, &judge);

	size_t names = captured_text(&c).n;

	cr_assert(csv.sink.ops->begin(&csv.sink, report, &e));
	cr_assert(csv.sink.ops->record(&csv.sink, report, record, &e));
	cr_assert(csv.sink.ops->end(&csv.sink, report, &e));

	struct slice line = slice_from_offset(captured_text(&c), names);

	cr_expect(slice_ends_with(line, SLICE("\r\n")), "%s: the line's end", name);
	EXPECT_TEXT(slice_prefix(line, line.n - 2), want, name);
	show_csv_release(&csv);
	captured_close(&c);
}

Test(show_csv, begins_with_the_names)
{
	struct captured c;
	struct show_csv csv;

	captured_open(&c);
	show_csv_init(&csv, &c.out, &judge);
	EXPECT_TEXT(captured_text(&c),
		    "\"org_name\",\"report_id\",\"begin\",\"end\",\"policy_domain\",\"p\",\"sp\","
		    "\"np\",\"adkim\",\"aspf\",\"pct\",\"testing\",\"discovery_method\","
		    "\"source_ip\",\"count\",\"disposition\",\"dkim\",\"spf\",\"reasons\","
		    "\"header_from\",\"envelope_from\",\"envelope_to\",\"dkim_results\","
		    "\"spf_results\",\"dkim_aligned\",\"spf_aligned\",\"dmarc\","
		    "\"dkim_agreement\",\"spf_agreement\",\"sender\",\"infrastructure\","
		    "\"last_hop\",\"path\",\"confidence\",\"spf_cause\",\"dkim_cause\","
		    "\"verdict\",\"flags\"\r\n",
		    "names");
	show_csv_release(&csv);
	captured_close(&c);
}

Test(show_csv, leaves_empty_what_was_not_sent)
{
	const struct report report = { .org_name = SLICE("Org"), .policy = { .pct = -1 } };
	const struct record record = { .ordinal = 1 };

	expect_line(
		&report, &record,
		"\"Org\",\"\",\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00Z\",\"\",\"\",\"\","
		"\"\",\"\",\"\",\"\",\"\",\"\",\"\",0,\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
		"\"false\",\"false\",\"false\",\"none\",\"none\",\"\",\"\",\"\",\"unknown\","
		"\"none\",\"spf-absent\",\"dkim-missing\",\"undetermined\","
		"\"host-not-looked-up auth-results-missing\"",
		"nothing sent");
}

Test(show_csv, joins_lists)
{
	static const struct judge_row row = {
		.from = "example.com",
		.spf = "amazonses.com pass mfrom, example.com none helo",
		.dkim = "amazonses.com s1 pass, example.com s2 fail",
		.claim = "fail/fail",
		.policy = "p=reject adkim=s pct=50 t=y discovery=psl",
		.disposition = "none",
		.reasons = "forwarded by hand, local_policy arc=pass, other",
		.envelope_from = "-",
	};
	struct judge_case c;

	judge_case_build(&judge, &row, &c);
	c.record.count = 7;
	c.record.source_ip = (struct address){ ADDRESS_V4, { 192, 0, 2, 1 } };
	c.record.envelope_to = SLICE("=1+1");

	const struct report report = {
		.org_name = SLICE("\"Org\", Inc."),
		.report_id = SLICE("-1"),
		.begin = 1793491200,
		.end = 1793577599,
		.policy = c.policy,
	};

	expect_line(&report, &c.record,
		    "\"\"\"Org\"\", Inc.\",\"'-1\",\"2026-11-01T00:00:00Z\","
		    "\"2026-11-01T23:59:59Z\",\"example.com\",\"reject\",\"\",\"\",\"s\",\"\",50,"
		    "\"y\",\"psl\",\"192.0.2.1\",7,\"none\",\"fail\",\"fail\","
		    "\"forwarded:by hand; local_policy:arc=pass; other:\",\"example.com\",\"\","
		    "\"'=1+1\",\"amazonses.com:s1=pass example.com:s2=fail\","
		    "\"amazonses.com/mfrom=pass example.com/helo=none\",\"false\",\"false\","
		    "\"false\",\"agrees\",\"agrees\",\"amazon-ses\",\"amazon-ses\",\"\",\"direct\","
		    "\"high\",\"spf-unaligned-default-mailfrom\",\"dkim-broken-at-source\","
		    "\"sender-not-authenticated\",\"host-not-looked-up null-sender "
		    "override:forwarded override:local_policy override:other\"",
		    "lists");
}
