/* SPDX-License-Identifier: MIT */
#include "base/table.h"

#include "base/banned.h"

bool table_find_text(struct slice text, const char *const *texts, size_t count, size_t *index_out)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_equal(text, slice_from(texts[i]))) {
			*index_out = i;
			return true;
		}
	}
	return false;
}
