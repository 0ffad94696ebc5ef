/* SPDX-License-Identifier: MIT */
/* Records for the judge, written as short texts: one row of a test table each. */
#ifndef TESTS_JUDGE_ROWS_H
#define TESTS_JUDGE_ROWS_H

#include "base/arena.h"
#include "reports/judge.h"

/* All fields may be NULL, which means not sent, or the plainest case. */
struct judge_row {
	const char *from; /* header_from */
	const char
		*host; /* a confirmed name, "~name" unconfirmed, "?" not looked up, NULL no name */
	const char *spf;  /* "DOMAIN RESULT [SCOPE]", several with commas; "-" is an empty domain */
	const char *dkim; /* "DOMAIN SELECTOR RESULT [HUMAN RESULT]", several with commas */
	const char *claim; /* "DKIM/SPF" of policy_evaluated */
	const char
		*policy; /* "adkim=s aspf=s domain=D p=P sp=P np=P t=y pct=50 discovery=treewalk" */
	const char *disposition;
	const char *reasons;       /* "TYPE COMMENT", several with commas */
	const char *envelope_from; /* "-" is sent, but empty */
	const char *owned;         /* owned domains, with commas */
	const char *named;         /* the owner's word on which service it is, where one is seen */
};

enum { ROW_MAX = 8 };

/* The row as evidence; points into itself, so it must stay where it is. */
struct judge_case {
	struct published_policy policy;
	struct record record;
	struct dkim_result dkim[ROW_MAX];
	struct spf_result spf[ROW_MAX];
	struct override_reason reasons[ROW_MAX];
	struct slice owned[ROW_MAX];
	struct owner owner;
	struct evidence evidence;
};

/* The catalogue and the list of suffixes, loaded; ends the test where that fails. */
struct judge judge_rows_open(void);
void judge_rows_close(struct judge *judge);

/* Computes the record's alignment as well. */
void judge_case_build(const struct judge *judge, const struct judge_row *row,
		      struct judge_case *case_out);

struct judgement judge_row_judge(const struct judge *judge, const struct judge_row *row,
				 struct judge_case *case_out);

/* Calls back with some hundred thousand combinations of what reports hold, the same every time. */
void judge_rows_sweep(const struct judge *judge,
		      void (*each)(const struct judge *judge, const struct judge_row *row,
				   void *context),
		      void *context);

#endif
