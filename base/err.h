/* SPDX-License-Identifier: MIT */
/*
 * An error is a value: what happened, where, and what to do about it, in fixed arrays, so that being
 * out of memory cannot break the telling. Functions that can fail take a `struct err *` last, return
 * false, and leave it untouched on success. Callers add where they were, from the inside out:
 *
 *	err_set(e, ERR_INPUT, "unexpected end of the gzip stream");
 *	err_where(e, "attachment 2");
 *	err_where(e, "inbox/new/17.mail");      now: inbox/new/17.mail: attachment 2
 *
 * Only the top prints: `ruamill: what: where: what to do`.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/buf.h"
#include "base/table.h"

/* The kind decides who goes on: input and limit set one message aside, all others end the run. */
#define ERR_KIND_LIST(X)                                                                           \
	X(ERR_NONE, "none")                                                                        \
	X(ERR_INPUT, "input")       /* somebody sent what cannot be used */                        \
	X(ERR_DATE, "date")         /* a period that no report can have */                         \
	X(ERR_LIMIT, "limit")       /* a bound was reached: not broken, only too much */           \
	X(ERR_USAGE, "usage")       /* the command line is wrong */                                \
	X(ERR_NO_INPUT, "no input") /* a named input does not exist or cannot be read */           \
	X(ERR_OUTPUT, "output")     /* what was made could not be written */                       \
	X(ERR_UNREACHABLE,                                                                         \
	  "try again")            /* database or mailbox is away: nothing is wrong with us */      \
	X(ERR_REFUSED, "refused") /* the database refused a value: one message's fault */          \
	X(ERR_INTERRUPTED, "interrupted") /* by a signal, between two messages */                  \
	X(ERR_CONFIG, "configuration")

ENUM_TABLE_DECLARE(err_kind, ERR_KIND_LIST);

struct err {
	enum err_kind kind;
	char what[480];
	char where[320];
	char remedy[320];
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		.kind = ERR_NONE                                                                   \
	}

/* All return false, so that a function can end with `return err_set(...)`. Too long is cut with "...". */
bool err_set(struct err *e, enum err_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
bool err_where(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);
bool err_remedy(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);

/* `what: strerror(number)`; the kind is the caller's. */
bool err_set_errno(struct err *e, enum err_kind kind, int number, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* Appends "what: where: remedy" without the parts that are empty. Not yet made harmless. */
void err_append(struct buf *b, const struct err *e);

/* Is this one message's own fault, so that the ones after it may go on? */
static inline bool err_is_of_message(const struct err *e)
{
	return e->kind == ERR_INPUT || e->kind == ERR_DATE || e->kind == ERR_LIMIT ||
		e->kind == ERR_REFUSED;
}

#endif
