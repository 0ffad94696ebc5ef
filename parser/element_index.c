/* SPDX-License-Identifier: MIT */
#include "parser/element_index.h"

#include "base/bug.h"

#include "base/banned.h"

/* The row that an alias stands for comes before it. */
static uint64_t bit_of(const struct element_row *row)
{
	const struct element_row *own = row;

	if (row->alias_quirk >= 0 && row->kind == FIELD_NONE)
		for (own = element_rows;
		     own->parent != row->parent || own->element != row->element;)
			own++;
	return UINT64_C(1) << (own - element_rows);
}

void element_index_init(struct element_index *x, xmlDictPtr dict)
{
	BUG_UNLESS(element_row_count <= ELEMENT_MAX_ROWS);
	*x = (struct element_index){ 0 };
	for (size_t i = 0; i < element_row_count; i++) {
		const struct element_row *row = &element_rows[i];
		enum element parent = row->parent;

		if (x->end_row[parent] == 0)
			x->first_row[parent] = i;
		BUG_UNLESS(x->end_row[parent] == 0 || x->end_row[parent] == i);
		x->end_row[parent] = i + 1;
		x->names[i] = xmlDictLookup(dict, (const xmlChar *)row->name, -1);
		x->bits[i] = bit_of(row);
		x->child_bits[parent] |= x->bits[i];
	}
}

const struct element_row *element_index_find(const struct element_index *x, enum element parent,
					     const xmlChar *name)
{
	for (size_t i = x->first_row[parent]; i < x->end_row[parent]; i++) {
		if (x->names[i] == name)
			return &element_rows[i];
	}
	return NULL;
}
