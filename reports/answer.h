/* SPDX-License-Identifier: MIT */
/*
 * The answer to a question, before anybody decides how it looks: headline, typed columns, rows, and
 * findings with what to do. A new question makes one of these; the renderers know no question.
 */
#ifndef REPORTS_ANSWER_H
#define REPORTS_ANSWER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/output.h"
#include "reports/finding.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_COUNT,
	COLUMN_SHARE, /* number of total, shown as a percentage */
};

struct column {
	const char *name;  /* for programs: "spf_aligned"; NULL: not for them */
	const char *title; /* for people: "SPF"; NULL: too much for a table */
	enum column_kind kind;
};

struct cell {
	struct slice text; /* COLUMN_TEXT; may hold what a report said */
	uint64_t number, total;
	bool absent; /* of a number: there is none */
};

struct answer {
	const char *question; /* "senders" */
	struct slice since, until;
	const struct slice *headline;
	size_t headline_count;
	const struct column *columns;
	size_t column_count;
	const struct cell *cells; /* row after row */
	size_t row_count;
	const struct slice *notes; /* for people: what the table had no room for, numbered from 1 */
	size_t note_count;
	const struct finding *findings;
	size_t finding_count;
};

#define ANSWER_FORMAT_LIST(X) X(ANSWER_TABLE, "table") X(ANSWER_CSV, "csv") X(ANSWER_JSON, "json")
ENUM_TABLE_DECLARE(answer_format, ANSWER_FORMAT_LIST);

/* width: columns of the terminal, for the table. Write errors stick to the output. */
void answer_print(const struct answer *a, enum answer_format format, unsigned width,
		  struct output *out);

/* The renderers that answer_print() chooses among. */
void answer_print_table(const struct answer *a, unsigned width, struct output *out);
void answer_print_csv(const struct answer *a, struct output *out);
void answer_print_json(const struct answer *a, struct output *out);

#endif
