/* SPDX-License-Identifier: MIT */
#include "reports/field.h"

#include "base/number.h"

#include "base/banned.h"

uint64_t field_number(struct slice text)
{
	uint64_t number;

	return number_parse_u64(text, 0, UINT64_MAX, &number) ? number : UINT64_MAX;
}

bool field_copy(struct arena *arena, struct slice text, struct slice *copy_out)
{
	*copy_out = SLICE_ABSENT;
	return slice_is_absent(text) || arena_copy(arena, text, copy_out);
}
