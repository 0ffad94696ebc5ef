/* SPDX-License-Identifier: MIT */
/*
 * Command lines by table: one row an option gives its parsing, its checking and its line of --help.
 * The manual page is held against the same rows by `make lint`.
 *
 *	struct ingest_options { struct common_options common; const char *then; };
 *	static const struct option options[] = {
 *		OPT_VALUE("--then", 0, "WORD", struct ingest_options, then, "what ..."),
 *		OPTIONS_END,
 *	};
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST };

/* Of an option that may stand several times: its values, in their order. */
struct option_list {
	const char **values; /* of the target, until options_release() */
	size_t count, capacity;
};

struct option {
	const char *name;     /* "--quiet" */
	const char *argument; /* "FILE" */
	const char *help;
	size_t offset; /* of a bool, a const char *, or a struct option_list */
	enum option_kind kind;
	char letter; /* 'q', or 0 */
};

/* clang-format off */
/* The offset does not compile when the member has another type than the option fills. */
#define OPT_MEMBER(type, member, wanted)                                                           \
	(offsetof(type, member) +                                                                  \
	 0 * sizeof(char[_Generic(((type *)0)->member, wanted: 1, default: -1)]))
#define OPT_FLAG(name, letter, type, member, help)                                                 \
	{ name, NULL, help, OPT_MEMBER(type, member, bool), OPTION_FLAG, letter }
#define OPT_VALUE(name, letter, argument, type, member, help)                                      \
	{ name, argument, help, OPT_MEMBER(type, member, const char *), OPTION_VALUE, letter }
#define OPT_LIST(name, letter, argument, type, member, help)                                       \
	{ name, argument, help, OPT_MEMBER(type, member, struct option_list), OPTION_LIST, letter }
#define OPTIONS_END { NULL, NULL, NULL, 0, OPTION_FLAG, 0 }
/* clang-format on */

struct arguments {
	const char **operands; /* NULL after the last; point into argv */
	size_t count;
};

/*
 * Options may stand anywhere before "--". Fills `target` by the tables, in which a name stands once.
 * Operands are written over the front of argv. ERR_USAGE with the nearest known name.
 */
MUST_USE bool options_parse(const struct option *const *tables, const char **argv, void *target,
			    struct arguments *arguments_out, struct err *e);

/* The value is borrowed. */
void option_list_add(struct option_list *list, const char *value);

/* Frees the lists in the target, whatever became of parsing. */
void options_release(const struct option *const *tables, void *target);

/* The tables' lines of --help. */
void options_describe(struct buf *out, const struct option *const *tables);

/* One word out of a list (ends with NULL): its index; ERR_USAGE names the choices. */
MUST_USE bool options_choose(const char *option, const char *value, const char *const *choices,
			     size_t *index_out, struct err *e);

/* A whole number from 1 on; its unit may stand behind it. */
struct option_number {
	const char *what, *unit, *example; /* "days", "d", "400d" */
	uint64_t most;
};

/* Leaves the number as it is where no value is given; ERR_USAGE. */
MUST_USE bool options_number(const char *option, const char *value,
			     const struct option_number *kind, uint64_t *number_out, struct err *e);

#endif
