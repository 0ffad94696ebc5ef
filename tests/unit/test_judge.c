/* SPDX-License-Identifier: MIT */
/* What the judge says beside causes and verdict, and what its tables of records cover. */
#include <criterion/criterion.h>

#include "parser/limits.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_tables.h"

#include "base/banned.h"

Test(judge, region)
{
	static const struct {
		const char *name, *host, *spf, *region;
		bool likely;
	} rows[] = {
		{ "from the envelope", NULL, "us-west-2.amazonses.com pass", "us-west-2", false },
		{ "from the host", "a4-3.smtp-out.eu-west-1.amazonses.com", "b.example.com pass",
		  "eu-west-1", false },
		{ "from the host of the first Region", "a9-92.smtp-out.amazonses.com",
		  "amazonses.com pass", "us-east-1", false },
		{ "concluded from the bare envelope", "?", "amazonses.com pass", "us-east-1",
		  true },
		{ "an unconfirmed host tells nothing", "~a4-3.smtp-out.eu-west-1.amazonses.com",
		  "b.example.com pass", NULL, false },
	};
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct judge_row row = { "example.com", rows[i].host, rows[i].spf,
					       .dkim = "amazonses.com x pass" };
		struct judge_case c;
		struct judgement j = judge_row_judge(&judge, &row, &c);

		EXPECT_TEXT(j.region, rows[i].region, rows[i].name);
		EXPECT_INT(j.region_likely, rows[i].likely, rows[i].name);
	}
	judge_rows_close(&judge);
}

Test(judge, names_the_tenant_and_the_claimed_service)
{
	struct judge judge = judge_rows_open();
	struct judge_case c;
	struct judgement j;
	const struct judge_row plain = { "example.com", NULL, "fabrikam.com pass",
					 .dkim = "mail.fabrikam.onmicrosoft.com selector1 pass" };
	const struct judge_row dashed = {
		"example.com", NULL, "example.com pass",
		.dkim = "example-com.20230601.gappssmtp.com 20230601 pass"
	};
	const struct judge_row claimed = { "example.com", NULL, "example.com fail",
					   .dkim = "example.com stxsel1 fail" };

	j = judge_row_judge(&judge, &plain, &c);
	EXPECT_TEXT(j.tenant, "fabrikam.onmicrosoft.com", "plain");
	EXPECT_INT(j.tenant_known, false, "plain");
	j = judge_row_judge(&judge, &dashed, &c);
	EXPECT_TEXT(j.tenant, "example-com", "dashed");
	EXPECT_INT(j.tenant_known, true, "dashed");
	j = judge_row_judge(&judge, &claimed, &c);
	cr_assert(j.claimed && !j.service, "a selector claims, and names nobody");
	EXPECT_TEXT(j.claimed->id, "secutix", "claimed");
	judge_rows_close(&judge);
}

/* A record with more signatures than we look at must be judged by the first of them. */
Test(judge, bounds_the_signatures)
{
	static struct dkim_result many[LIMIT_DKIM_RESULTS + 50];
	struct judge judge = judge_rows_open();
	struct judge_case c;
	struct judgement j;
	const struct judge_row row = { .from = "example.com", .spf = "example.com fail" };

	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = (struct dkim_result){
			.domain = SLICE("mandrillapp.com"),
			.selector = SLICE("mte1"),
			.result = { RESULT_PASS, SLICE("pass") },
		};
	judge_case_build(&judge, &row, &c);
	c.record.dkim_results = many;
	c.record.dkim_count = COUNT_OF(many);
	judge_record(&judge, &c.evidence, &j);
	cr_assert(j.service);
	EXPECT_TEXT(j.service->id, "mandrill", "many signatures");
	judge_rows_close(&judge);
}

Test(judge, which_reasons_override)
{
	static const struct {
		const char *comment;
		int type;
		bool overrides;
	} rows[] = {
		{ NULL, REASON_FORWARDED, true },
		{ NULL, REASON_LOCAL_POLICY, false },
		{ "", REASON_LOCAL_POLICY, false },
		{ "arc=none", REASON_LOCAL_POLICY, false },
		{ "ARC=FAIL as.0", REASON_LOCAL_POLICY, false },
		{ "arc=pass", REASON_LOCAL_POLICY, true },
		{ "sender is on a list of ours", REASON_LOCAL_POLICY, true },
		{ NULL, REASON_ABSENT, false },
		{ NULL, REASON_OTHER, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct override_reason reason = {
			.type = { .value = rows[i].type },
			.comment = slice_from(rows[i].comment),
		};

		cr_expect_eq(judge_reason_overrides(&reason), rows[i].overrides, "row %zu", i);
	}
}

/* --- what the tables cover ---------------------------------------------------------------------- */

#define EXPECT_COVERED(counts, tag)                                                                \
	do {                                                                                       \
		for (int i_ = 0; i_ < tag##_count; i_++)                                           \
			cr_expect((counts)[i_] > 0, "no row of the tables shows " #counts ": %s",  \
				  tag##_text((enum tag)i_));                                       \
	} while (0)

Test(judge, tables_show_every_value)
{
	static const struct judge_table *const tables[] = {
#define JUDGE_TABLE_ADDRESS(table) &(table),
		JUDGE_TABLES(JUDGE_TABLE_ADDRESS)
	};
	struct judge judge = judge_rows_open();
	struct judge_coverage seen = { 0 };

	for (size_t i = 0; i < COUNT_OF(tables); i++)
		judge_table_cover(&judge, tables[i], &seen);
	judge_rows_close(&judge);
	cr_expect_geq(seen.rows, 96, "only %zu rows", seen.rows);
	EXPECT_COVERED(seen.spf, spf_cause);
	EXPECT_COVERED(seen.dkim, dkim_cause);
	EXPECT_COVERED(seen.verdicts, verdict);
	EXPECT_COVERED(seen.flags, judge_flag);
	EXPECT_COVERED(seen.dkim_grades, agreement);
	EXPECT_COVERED(seen.spf_grades, agreement);
	EXPECT_COVERED(seen.paths, path);
	EXPECT_COVERED(seen.severities, severity);
}
