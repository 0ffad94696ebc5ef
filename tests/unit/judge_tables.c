/* SPDX-License-Identifier: MIT */
#include "tests/unit/judge_tables.h"

#include <criterion/criterion.h>

#include "base/buf.h"

#include "base/banned.h"

static void append_sender(struct buf *b, const char *before, const struct sender *sender)
{
	buf_printf(b, "%s%.*s", before, SLICE_ARG(sender->id));
}

/* The service, its infrastructure where that is another, the last hop where it is neither. */
static void append_service(struct buf *b, const struct judgement *j)
{
	if (j->service)
		append_sender(b, "", j->service);
	else
		buf_append_text(b, "-");
	if (j->infrastructure && j->infrastructure != j->service)
		append_sender(b, " on ", j->infrastructure);
	if (j->last_hop && j->last_hop != j->service && j->last_hop != j->infrastructure)
		append_sender(b, " via ", j->last_hop);
}

static void append_flags(struct buf *b, const struct judgement *j)
{
	for (int flag = 0; flag < judge_flag_count; flag++) {
		if (judgement_has(j, (enum judge_flag)flag))
			buf_printf(b, " %s", judge_flag_text((enum judge_flag)flag));
	}
}

static const char *dmarc_of(const struct judgement *j)
{
	if (j->dmarc_pass == j->outcome_pass)
		return j->dmarc_pass ? "pass" : "fail";
	return j->dmarc_pass ? "pass, counts as fail" : "fail, counts as pass";
}

static void describe(struct buf *b, const struct judgement *j, const struct judge_want *w)
{
	append_service(b, j);
	buf_printf(b, "; %s; %s; %s; %s;", path_text(j->path), spf_cause_text(j->spf_cause),
		   dkim_cause_text(j->dkim_cause), verdict_text(j->verdict));
	append_flags(b, j);
	if (w->grades)
		buf_printf(b, "; %s/%s", agreement_text(j->aligned.dkim_agreement),
			   agreement_text(j->aligned.spf_agreement));
	if (w->dmarc)
		buf_printf(b, "; %s", dmarc_of(j));
	if (w->severity)
		buf_printf(b, "; %s", severity_text(j->severity));
}

static void describe_want(struct buf *b, const struct judge_want *w)
{
	buf_printf(b, "%s; %s; %s; %s; %s;", w->service, w->path, w->spf, w->dkim, w->verdict);
	if (w->flags)
		buf_printf(b, " %s", w->flags);
	if (w->grades)
		buf_printf(b, "; %s", w->grades);
	if (w->dmarc)
		buf_printf(b, "; %s", w->dmarc);
	if (w->severity)
		buf_printf(b, "; %s", w->severity);
}

/* Is the row judged as it should be? Both sides are left as text. */
static bool row_fits(const struct judge *judge, const struct judge_test *test, struct buf *got,
		     struct buf *want, struct judge_case *c, struct judgement *j)
{
	buf_clear(got);
	buf_clear(want);
	*j = judge_row_judge(judge, &test->row, c);
	describe(got, j, &test->want);
	describe_want(want, &test->want);
	return slice_equal(buf_slice(got), buf_slice(want));
}

void judge_table_check(const struct judge_table *table)
{
	struct judge judge = judge_rows_open();
	SCOPED(buf) struct buf got = { 0 };
	SCOPED(buf) struct buf want = { 0 };
	struct judge_case c;
	struct judgement j;

	for (size_t i = 0; i < table->count; i++)
		cr_expect(row_fits(&judge, &table->tests[i], &got, &want, &c, &j),
			  "%s:\n got  %s\n want %s", table->tests[i].name, buf_text(&got),
			  buf_text(&want));
	judge_rows_close(&judge);
}

static void count(const struct judgement *j, const struct judge_want *w,
		  struct judge_coverage *coverage)
{
	coverage->rows++;
	coverage->spf[j->spf_cause]++;
	coverage->dkim[j->dkim_cause]++;
	coverage->verdicts[j->verdict]++;
	coverage->paths[j->path]++;
	for (size_t flag = 0; flag < judge_flag_count; flag++)
		coverage->flags[flag] += judgement_has(j, (enum judge_flag)flag);
	coverage->dkim_grades[j->aligned.dkim_agreement] += w->grades != NULL;
	coverage->spf_grades[j->aligned.spf_agreement] += w->grades != NULL;
	coverage->severities[j->severity] += w->severity != NULL;
}

void judge_table_cover(const struct judge *judge, const struct judge_table *table,
		       struct judge_coverage *coverage)
{
	SCOPED(buf) struct buf got = { 0 };
	SCOPED(buf) struct buf want = { 0 };
	struct judge_case c;
	struct judgement j;

	for (size_t i = 0; i < table->count; i++) {
		const struct judge_test *test = &table->tests[i];

		if (row_fits(judge, test, &got, &want, &c, &j))
			count(&j, &test->want, coverage);
	}
}
