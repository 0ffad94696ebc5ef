/* SPDX-License-Identifier: MIT */
/* Tables of records and of what the judge must make of them; each file test_judge_*.c has its own. */
#ifndef TESTS_JUDGE_TABLES_H
#define TESTS_JUDGE_TABLES_H

#include "tests/unit/judge_rows.h"

struct judge_want {
	const char *
		service; /* "kaizen", "kaizen on amazon-ses", "mailchimp via cloudflare-email-routing" */
	const char *path;
	const char *spf, *dkim;
	const char *verdict;
	const char *flags;    /* all of them, with blanks; NULL: none */
	const char *grades;   /* "DKIM/SPF"; NULL: not looked at */
	const char *dmarc;    /* "pass", "fail"; "fail, counts as pass"; NULL: not looked at */
	const char *severity; /* NULL: not looked at */
};

struct judge_test {
	const char *name;
	struct judge_row row;
	struct judge_want want;
};

struct judge_table {
	const struct judge_test *tests;
	size_t count;
};

/* All there are, for who wants to see what they cover. */
#define JUDGE_TABLES(X)                                                                            \
	X(judge_vectors)                                                                           \
	X(judge_traps)                                                                             \
	X(judge_attributions)                                                                      \
	X(judge_spf_causes)                                                                        \
	X(judge_dkim_causes)                                                                       \
	X(judge_paths)                                                                             \
	X(judge_verdicts)                                                                          \
	X(judge_grades)                                                                            \
	X(judge_flags)

#define JUDGE_TABLE_DECLARE(table) extern const struct judge_table table;
JUDGE_TABLES(JUDGE_TABLE_DECLARE)

/* Fails the test for each row that is judged otherwise. */
void judge_table_check(const struct judge_table *table);

/* How many rows are judged as they should be, per value they want. */
struct judge_coverage {
	size_t rows;
	size_t spf[spf_cause_count], dkim[dkim_cause_count], verdicts[verdict_count];
	size_t flags[judge_flag_count], dkim_grades[agreement_count], spf_grades[agreement_count];
	size_t paths[path_count], severities[severity_count];
};

void judge_table_cover(const struct judge *judge, const struct judge_table *table,
		       struct judge_coverage *coverage);

#endif
