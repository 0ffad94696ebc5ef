/* SPDX-License-Identifier: MIT */
/* What is judged is remembered: once a combination, within bounds, and of no record that is gone. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "reports/combination.h"
#include "reports/memo.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

static struct judge judge;
static struct memo *memo;

static void setup(void)
{
	judge = judge_rows_open();
	memo = memo_new(&judge);
}

static void teardown(void)
{
	memo_free(memo);
	judge_rows_close(&judge);
}

TestSuite(memo, .init = setup, .fini = teardown);

/* A row whose text is on the heap, so that who looks at it when it is gone is found out. */
struct mail {
	char *from, *host, *spf, *dkim;
	struct judge_case c;
};

static char *copy(const char *text)
{
	return memory_copy(slice_from(text));
}

static void mail_build(struct mail *m, const struct judge_row *row)
{
	struct judge_row own = *row;

	*m = (struct mail){ copy(row->from), copy(row->host), copy(row->spf), copy(row->dkim),
			    .c = { .record = { .count = 0 } } };
	own.from = m->from;
	own.host = m->host;
	own.spf = m->spf;
	own.dkim = m->dkim;
	judge_case_build(&judge, &own, &m->c);
}

static void mail_release(struct mail *m)
{
	free(m->from);
	free(m->host);
	free(m->spf);
	free(m->dkim);
}

static void expect_same(const struct judgement *got, const struct judgement *want, const char *name)
{
	cr_expect_eq(got->service, want->service, "%s: service", name);
	cr_expect_eq(got->infrastructure, want->infrastructure, "%s: infrastructure", name);
	cr_expect_eq(got->last_hop, want->last_hop, "%s: last hop", name);
	cr_expect_eq(got->claimed, want->claimed, "%s: claimed", name);
	EXPECT_INT(got->path, want->path, name);
	EXPECT_INT(got->confidence, want->confidence, name);
	EXPECT_INT(got->spf_cause, want->spf_cause, name);
	EXPECT_INT(got->dkim_cause, want->dkim_cause, name);
	EXPECT_INT(got->verdict, want->verdict, name);
	EXPECT_INT(got->severity, want->severity, name);
	EXPECT_INT(got->flags, want->flags, name);
	EXPECT_INT(got->outcome_pass, want->outcome_pass, name);
	EXPECT_INT(got->region_likely, want->region_likely, name);
	EXPECT_INT(got->tenant_known, want->tenant_known, name);
	cr_expect_eq(got->spf, want->spf, "%s: the SPF result is not this record's", name);
	cr_expect_eq(got->dkim, want->dkim, "%s: the signature is not this record's", name);
	cr_expect_eq(got->tenant.p, want->tenant.p, "%s: the tenant is not this record's", name);
	cr_expect_eq(got->region.p, want->region.p, "%s: the Region is not this record's", name);
	EXPECT_BYTES(got->spf_domain, want->spf_domain, name);
	EXPECT_BYTES(got->other_signer, want->other_signer, name);
	EXPECT_BYTES(got->tenant, want->tenant, name);
	EXPECT_BYTES(got->region, want->region, name);
}

/* Judges a row that lives no longer than this, from memory and anew. */
static void judge_row(const struct judge_row *row, const char *name)
{
	struct mail mail;
	struct judgement got, want;

	mail_build(&mail, row);
	memo_judge(memo, &mail.c.evidence, &got);
	judge_record(&judge, &mail.c.evidence, &want);
	expect_same(&got, &want, name);
	mail_release(&mail);
}

static const struct judge_row rows[] = {
	{ "example.com", "a4-3.smtp-out.eu-west-1.amazonses.com", "amazonses.com pass",
	  .dkim = "amazonses.com x pass" },
	{ "example.com", NULL, "us-west-2.amazonses.com pass", .dkim = "evil.test a pass" },
	{ "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	  .dkim = "example.com a fail no key, mail.fabrikam.onmicrosoft.com selector1 pass" },
	{ "example.com", "web1.example.com", "example.com fail", .claim = "pass/fail" },
	{ "example.com", "?", NULL, .reasons = "local_policy arc=pass" },
};

Test(memo, judges_a_combination_once)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		judge_row(&rows[i], "first");
	EXPECT_INT(memo_judged(memo), COUNT_OF(rows), "first");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		judge_row(&rows[i], "again");
	EXPECT_INT(memo_judged(memo), COUNT_OF(rows), "again");
}

Test(memo, tells_apart_what_is_judged_apart)
{
	static const struct {
		const char *name;
		struct judge_row row;
		bool same; /* as the first */
	} cases[] = {
		{ "the first",
		  { "a.test", "a9-92.smtp-out.amazonses.com", .spf = "b.test pass mfrom" },
		  false },
		{ "another host of the same machines",
		  { "a.test", "a122-1.smtp-out.amazonses.com", .spf = "b.test pass mfrom" },
		  true },
		{ "another Region",
		  { "a.test", "a4-3.smtp-out.eu-west-1.amazonses.com", .spf = "b.test pass mfrom" },
		  false },
		{ "one more Region",
		  { "a.test", "a4-3.smtp-out.us-west-2.amazonses.com", .spf = "b.test pass mfrom" },
		  false },
		{ "a name not confirmed",
		  { "a.test", "~a9-92.smtp-out.amazonses.com", .spf = "b.test pass mfrom" },
		  false },
		{ "no name", { "a.test", NULL, .spf = "b.test pass mfrom" }, false },
		{ "not looked up", { "a.test", "?", .spf = "b.test pass mfrom" }, false },
		{ "nobody's machine",
		  { "a.test", "mx.c.test", .spf = "b.test pass mfrom" },
		  false },
		{ "a machine of From's",
		  { "a.test", "mx.a.test", .spf = "b.test pass mfrom" },
		  false },
		{ "another From", { "a.b.test", NULL, .spf = "b.test pass mfrom" }, false },
		{ "another scope", { "a.test", NULL, .spf = "b.test pass helo" }, false },
		{ "another domain", { "a.test", NULL, .spf = "c.test pass mfrom" }, false },
		{ "another claim",
		  { "a.test", NULL, "b.test pass mfrom", .claim = "fail/pass" },
		  false },
		{ "another policy",
		  { "a.test", NULL, "b.test pass mfrom", .policy = "p=reject" },
		  false },
		{ "another mode",
		  { "a.test", NULL, "b.test pass mfrom", .policy = "aspf=s" },
		  false },
		{ "another percentage",
		  { "a.test", NULL, "b.test pass mfrom", .policy = "pct=1" },
		  false },
		{ "another disposition",
		  { "a.test", NULL, "b.test pass mfrom", .disposition = "reject" },
		  false },
		{ "a reason",
		  { "a.test", NULL, "b.test pass mfrom", .reasons = "forwarded" },
		  false },
		{ "a comment",
		  { "a.test", NULL, "b.test pass mfrom", .reasons = "forwarded x" },
		  false },
		{ "an empty envelope",
		  { "a.test", NULL, "b.test pass mfrom", .envelope_from = "-" },
		  false },
		{ "a signature",
		  { "a.test", NULL, "b.test pass mfrom", .dkim = "a.test s pass" },
		  false },
		{ "another selector",
		  { "a.test", NULL, "b.test pass mfrom", .dkim = "a.test t pass" },
		  false },
		{ "another human result",
		  { "a.test", NULL, "b.test pass mfrom", .dkim = "a.test t pass ok" },
		  false },
		{ "another owner",
		  { "a.test", NULL, "b.test pass mfrom", .owned = "b.test" },
		  false },
	};
	/* owners are told apart by where they are */
	static struct judge_case c[COUNT_OF(cases)];
	static struct owner nobody;
	struct judgement j;
	uint64_t judged = 0;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		judge_case_build(&judge, &cases[i].row, &c[i]);
		if (!cases[i].row.owned)
			c[i].evidence.owner = &nobody;
		memo_judge(memo, &c[i].evidence, &j);
		judged += !cases[i].same;
		EXPECT_INT(memo_judged(memo), judged, cases[i].name);
	}
}

/* Every record distinct: each is judged, what is remembered stays bounded, and right. */
Test(memo, forgets_what_is_too_much)
{
	struct judge_row row = { .from = "example.com", .spf = "example.com fail", .dkim = NULL };
	char dkim[64];

	for (size_t i = 0; i < 3 * MEMO_COMBINATIONS; i++) {
		struct judge_case c;
		struct judgement got, want;

		cr_assert(text_format(dkim, sizeof(dkim), "amazonses.com s%zu pass", i));
		row.dkim = dkim;
		judge_case_build(&judge, &row, &c);
		memo_judge(memo, &c.evidence, &got);
		judge_record(&judge, &c.evidence, &want);
		if (i % 1000 == 0)
			expect_same(&got, &want, dkim);
	}
	EXPECT_INT(memo_judged(memo), 3 * MEMO_COMBINATIONS, "all of them");
	judge_row(&rows[0], "after it");
	judge_row(&rows[0], "after it");
	EXPECT_INT(memo_judged(memo), 3 * MEMO_COMBINATIONS + 1, "after it");
}

/* Long combinations fill the bytes before the count: that is a bound as well. */
Test(memo, forgets_what_is_too_long)
{
	enum { MANY = 2 * MEMO_BYTES / 1500 };
	static char long_name[1500];
	struct judge_row row = { .from = "example.com", .spf = "example.com fail", .dkim = NULL };

	for (size_t i = 0; i < MANY; i++) {
		cr_assert(
			text_format(long_name, sizeof(long_name), "x.test s%zu%01200d fail", i, 0));
		row.dkim = long_name;
		judge_row(&row, "long");
	}
	EXPECT_INT(memo_judged(memo), MANY, "long ones");
	judge_row(&row, "the last is known");
	EXPECT_INT(memo_judged(memo), MANY, "the last is known");
}

Test(memo, judges_each_time_what_is_longer_than_any)
{
	static char longest[COMBINATION_BYTES + 100];
	struct judge_row row = { .from = "example.com", .spf = "example.com fail" };

	cr_assert(text_format(longest, sizeof(longest), "x.test s%0*d pass", COMBINATION_BYTES, 0));
	row.dkim = longest;
	judge_row(&row, "longest");
	judge_row(&row, "longest");
	EXPECT_INT(memo_judged(memo), 2, "not remembered");
}

/* A signature whose combination falls on one of four places, the next after *i. */
static void find_together(struct judge_case *c, char dkim[static 64], size_t *i)
{
	enum { SLOTS = 2 * MEMO_COMBINATIONS };
	static const struct owner nobody;
	static struct combination combination;
	const struct judge_row row = { .from = "example.com",
				       .spf = "example.com fail",
				       .dkim = dkim };

	do {
		cr_assert(text_format(dkim, 64, "x.test s%zu pass", ++*i));
		judge_case_build(&judge, &row, c);
		c->evidence.owner = &nobody;
		combination_of(&judge, &c->evidence, &combination);
	} while (combination_hash(&combination) % SLOTS >= 4);
}

/* Who makes combinations that fall together gets no long searches, and right answers. */
Test(memo, bounds_the_search_among_those_that_fall_together)
{
	enum { TOGETHER = 40 };
	static struct judge_case cases[TOGETHER];
	static char dkim[TOGETHER][64];
	struct judgement got, want;
	size_t at = 0;

	for (size_t i = 0; i < TOGETHER; i++)
		find_together(&cases[i], dkim[i], &at);
	for (size_t i = 0; i < 3 * TOGETHER; i++) {
		const struct evidence *evidence = &cases[i % TOGETHER].evidence;

		judge_record(&judge, evidence, &want);
		memo_judge(memo, evidence, &got);
		expect_same(&got, &want, dkim[i % TOGETHER]);
		memo_judge(memo, evidence, &got);
		expect_same(&got, &want, dkim[i % TOGETHER]);
	}
	/* at once it is known again; when the others have come it is forgotten, but for a dozen */
	cr_expect_leq(memo_judged(memo), 3 * TOGETHER, "not remembered at all");
	cr_expect_geq(memo_judged(memo), 3 * TOGETHER - 2 * 12, "the search has no end");
}

/* What a service has published of its addresses tells its machines: of others it does not matter. */
Test(memo, tells_apart_only_the_ranges_of_addresses)
{
	static const struct {
		struct address address;
		uint64_t judged;
	} cases[] = {
		{ { ADDRESS_V4, { 54, 240, 1, 1 } }, 1 },
		{ { ADDRESS_V4, { 54, 240, 1, 2 } }, 1 },
		{ { ADDRESS_V4, { 192, 0, 2, 1 } }, 2 },
		{ { ADDRESS_V4, { 192, 0, 2, 99 } }, 2 },
		{ { ADDRESS_V4, { 54, 240, 33, 77 } }, 2 },
	};
	static struct judge_case c;
	const struct judge_row row = { .from = "example.com", .spf = "example.com fail" };

	judge_case_build(&judge, &row, &c);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct judgement got, want;

		c.record.source_ip = cases[i].address;
		judge_record(&judge, &c.evidence, &want);
		memo_judge(memo, &c.evidence, &got);
		expect_same(&got, &want, "range");
		EXPECT_INT(memo_judged(memo), cases[i].judged, "range");
	}
}
