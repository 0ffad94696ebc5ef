/* SPDX-License-Identifier: MIT */
#include "parser/elements.h"

#include "base/buf.h"
#include "parser/limits.h"
#include "parser/report.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

Test(elements, keeps_the_rows_of_a_parent_together)
{
	bool seen[EL_COUNT] = { false };

	for (size_t i = 0; i < element_row_count; i++) {
		enum element parent = element_rows[i].parent;

		cr_expect(!seen[parent] || element_rows[i - 1].parent == parent,
			  "%s stands apart from its siblings", element_rows[i].name);
		seen[parent] = true;
	}
}

Test(elements, names_each_child_once)
{
	for (size_t i = 0; i < element_row_count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct element_row *a = &element_rows[i], *b = &element_rows[j];

			cr_expect(a->parent != b->parent || strcmp(a->name, b->name) != 0,
				  "%s is there twice", a->name);
		}
	}
}

Test(elements, reaches_every_container_from_the_root)
{
	for (int element = EL_FEEDBACK; element < EL_LEAF; element++) {
		bool found = false;

		for (size_t i = 0; i < element_row_count; i++)
			found = found || element_rows[i].element == (enum element)element;
		cr_expect(found, "container %d has no row", element);
	}
	for (size_t i = 0; i < element_row_count; i++) {
		cr_expect(element_rows[i].parent < EL_LEAF, "%s is below a leaf",
			  element_rows[i].name);
		cr_expect(element_rows[i].element > element_rows[i].parent,
			  "%s opens what it is in: depth has no bound", element_rows[i].name);
	}
}

Test(elements, gives_every_leaf_a_kind_and_every_word_its_table)
{
	for (size_t i = 0; i < element_row_count; i++) {
		const struct element_row *row = &element_rows[i];

		cr_expect((row->element == EL_LEAF) == (row->kind != FIELD_NONE), "%s", row->name);
		cr_expect((row->kind == FIELD_WORD) == (row->words != NULL), "%s", row->name);
		cr_expect(row->alias_quirk >= -1 && row->alias_quirk < quirk_count, "%s",
			  row->name);
	}
}

static bool has_place(const struct element_row *row)
{
	return row->kind != FIELD_NONE && row->kind != FIELD_RETIRED;
}

Test(elements, gives_no_two_leaves_one_place)
{
	for (size_t i = 0; i < element_row_count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct element_row *a = &element_rows[i], *b = &element_rows[j];

			if (!has_place(a) || !has_place(b))
				continue;
			cr_expect(a->owner != b->owner || a->offset != b->offset,
				  "%s and %s share a place", a->name, b->name);
		}
	}
}

static const struct element_row *find(enum element parent, const char *name)
{
	for (size_t i = 0; i < element_row_count; i++) {
		if (element_rows[i].parent == parent && strcmp(element_rows[i].name, name) == 0)
			return &element_rows[i];
	}
	cr_assert_fail("no row %s", name);
	return NULL;
}

Test(elements, takes_a_bare_reason_for_its_first_row)
{
	for (size_t i = 0; i < element_row_count; i++) {
		if (element_rows[i].parent != EL_REASON)
			continue;
		cr_expect_str_eq(element_rows[i].name, "type");
		return;
	}
}

Test(elements, names_fields_as_the_output_does)
{
	static const struct {
		enum element parent;
		const char *name;
		size_t index;
		const char *want;
	} cases[] = {
		{ EL_METADATA, "report_id", 0, "report_id" },
		{ EL_DATE_RANGE, "begin", 0, "begin" },
		{ EL_POLICY, "p", 0, "policy.p" },
		{ EL_POLICY, "domain", 3, "policy.domain" },
		{ EL_IDENTIFIERS, "header_from", 9, "header_from" },
		{ EL_EVALUATED, "dkim", 0, "dkim" },
		{ EL_REASON, "type", 2, "reasons[2].type" },
		{ EL_DKIM, "result", 0, "dkim[0].result" },
		{ EL_DKIM, "domain", LIMIT_DKIM_RESULTS - 1, "dkim[99].domain" },
		{ EL_SPF, "scope", 1, "spf[1].scope" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };

		element_field_name(&b, find(cases[i].parent, cases[i].name), cases[i].index);
		EXPECT_TEXT(buf_slice(&b), cases[i].want, "name");
	}
}
