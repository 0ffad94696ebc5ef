/* SPDX-License-Identifier: MIT */
/*
 * The text of one element becomes the value of one field: trimmed, folded, checked, and its raw
 * spelling kept where it differs. What cannot be read becomes "absent" and a quirk, never a guess.
 */
#ifndef PARSER_FIELDS_H
#define PARSER_FIELDS_H

#include "base/arena.h"
#include "base/err.h"
#include "parser/elements.h"
#include "parser/report.h"

/* Raw spellings collected for one report or one record. */
struct raw_list {
	struct raw_field *fields; /* in the arena */
	size_t count, capacity;
};

struct field_target {
	struct arena *arena;
	void *owner; /* the struct that row->offset counts from; NULL: what belongs to it is dropped */
	size_t index; /* of that struct in its list, for the raw field's name */
	struct raw_list *raw;
	struct quirks *quirks;
};

/* False when the arena's cap is reached. */
MUST_USE bool field_assign(const struct field_target *target, const struct element_row *row,
			   struct slice text);

#endif
