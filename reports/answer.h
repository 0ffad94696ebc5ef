/* SPDX-License-Identifier: MIT */
/*
 * The answer to a question, before anybody decides how it looks: headline, typed columns, rows, and
 * findings with what to do. A new question makes one of these; the renderers know no question.
 */
#ifndef REPORTS_ANSWER_H
#define REPORTS_ANSWER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/output.h"
#include "reports/finding.h"

enum column_kind {
	COLUMN_TEXT,
	COLUMN_BOOLEAN, /* the number is 1 or 0 */
	COLUMN_COUNT,
	COLUMN_SHARE, /* number of total, shown as a percentage */
	COLUMN_RATE,  /* so many a day; the number is in hundredths */
};

/* What a cell means, for terminals that have colours. */
enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARN, TONE_BAD };

struct column {
	const char *name;  /* for programs: "spf_aligned"; NULL: not for them */
	const char *title; /* for people: "SPF"; NULL: too much for a table */
	const char
		*part_of; /* of a share that rows fill: the name of the column that is its total */
	enum column_kind kind;
	enum tone tone; /* of a number that is not 0 */

	/*
	 * In a table: up to which width it takes what it needs, where not all columns can; 0: all of it,
	 * but the first column gives way. It is there on terminals from one width on, and below another.
	 */
	unsigned least;
	unsigned from_width, below_width;
	bool made; /* its cells are made by the question's own code, not by its query */
};

struct cell {
	struct slice text; /* COLUMN_TEXT; may hold what a report said */
	uint64_t number, total;
	bool absent; /* of a number: there is none */
	enum tone tone;
};

/* A total, for programs; people read it in the headline. */
struct figure {
	const char *name;
	uint64_t number;
};

struct answer {
	const char *question; /* "senders" */
	struct slice since, until;
	const struct slice *headline;
	size_t headline_count;
	const struct figure *figures;
	size_t figure_count;
	const struct column *columns;
	size_t column_count;
	const struct cell *cells; /* row after row */
	size_t row_count;
	uint64_t not_shown;        /* rows beyond these */
	const struct slice *notes; /* for people: what the table had no room for, numbered from 1 */
	size_t note_count;
	unsigned notes_below;          /* of a terminal that is wider the table says it; 0: never */
	const struct slice *footnotes; /* for people: how the table is to be read, and more */
	size_t footnote_count;
	const struct finding *findings;
	size_t finding_count;
	uint64_t findings_not_shown;
};

#define ANSWER_FORMAT_LIST(X) X(ANSWER_TABLE, "table") X(ANSWER_CSV, "csv") X(ANSWER_JSON, "json")
ENUM_TABLE_DECLARE(answer_format, ANSWER_FORMAT_LIST);

/* width: columns of the terminal, for the table. Write errors stick to the output. */
void answer_print(const struct answer *a, enum answer_format format, unsigned width,
		  struct output *out);

/* It does not fit in memory: says that, and what to ask instead. Always false. */
bool answer_arena_full(const char *remedy, struct err *e);

/* One line after the other, in the arena, without those that are empty; false when it is full. */
MUST_USE bool answer_lines(const struct buf *texts, size_t count, struct arena *arena,
			   const struct slice **lines_out, size_t *count_out);

/* The number of a note, from 1; it is added where it is not among the last ones. Of an empty one 0. */
size_t answer_note(struct slice *notes, size_t *count, struct slice note);

/* The renderers that answer_print() chooses among. */
void answer_print_table(const struct answer *a, unsigned width, struct output *out);
void answer_print_csv(const struct answer *a, struct output *out);
void answer_print_json(const struct answer *a, struct output *out);

#endif
