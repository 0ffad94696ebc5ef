/* SPDX-License-Identifier: MIT */
/* The rows of elements.h as a scan looks them up: by parent, and by pointers into libxml2's dictionary. */
#ifndef PARSER_ELEMENT_INDEX_H
#define PARSER_ELEMENT_INDEX_H

#include <libxml/tree.h>
#include <stdint.h>

#include "parser/elements.h"

enum { ELEMENT_MAX_ROWS = 64 };

struct element_index {
	const xmlChar *names[ELEMENT_MAX_ROWS]; /* of element_rows, in the dictionary */
	size_t first_row[EL_COUNT], end_row[EL_COUNT];

	/* A bit for each row, for sets of them; an alias has that of the row it stands for. */
	uint64_t bits[ELEMENT_MAX_ROWS];
	uint64_t child_bits[EL_COUNT];
};

/* dict: borrowed; its scan looks all names up in it. */
void element_index_init(struct element_index *x, xmlDictPtr dict);

/* The row of this local name, out of the dictionary, among the children of `parent`; or NULL. */
const struct element_row *element_index_find(const struct element_index *x, enum element parent,
					     const xmlChar *name);

#endif
