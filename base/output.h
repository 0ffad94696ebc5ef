/* SPDX-License-Identifier: MIT */
/*
 * Data: what a command was asked for, to stdout or to the file of -o. Buffered; errors stick and are
 * told once, by output_finish(), as status 74. A file appears whole or not at all.
 */
#ifndef BASE_OUTPUT_H
#define BASE_OUTPUT_H

#include <stdio.h>

#include "base/err.h"
#include "base/slice.h"

struct output {
	FILE *stream;
	char *path;      /* NULL: stdout */
	char *temporary; /* renamed to path by output_finish() */
	int error;       /* errno of the first write that failed */
	bool colours;    /* are wanted; false until somebody says so */
};

/* path NULL means stdout. */
MUST_USE bool output_open(struct output *out, const char *path, struct err *e);

void output_write(struct output *out, struct slice bytes);
void output_text(struct output *out, const char *text);
void output_printf(struct output *out, const char *format, ...) PRINTF_LIKE(2, 3);

/* False with ERR_OUTPUT once a write has failed: there is no use in going on. */
MUST_USE bool output_check(const struct output *out, struct err *e);

/* So that data and talk come in their order where both go to a terminal, and NDJSON line by line. */
void output_flush(struct output *out);

bool output_is_terminal(const struct output *out);

/* Columns of the terminal; 80 where it is none, or too narrow for any table. */
unsigned output_width(const struct output *out);

/* Writes what is left and puts the file in its place. Once. */
MUST_USE bool output_finish(struct output *out, struct err *e);

/* Drops the unfinished file. Fine after output_finish() too. */
void output_release(struct output *out);

#endif
