/* SPDX-License-Identifier: MIT */
/* Quirks as a line of slugs, for comparing. */
#ifndef TESTS_UNIT_QUIRK_LIST_H
#define TESTS_UNIT_QUIRK_LIST_H

#include "base/buf.h"
#include "parser/vocabulary.h"

/* "unknown-word zero-count", in the order of the vocabulary. */
static inline struct buf quirk_list(struct quirks quirks)
{
	struct buf list = { 0 };

	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(&quirks, (enum quirk)quirk))
			buf_printf(&list, "%s%s", list.n > 0 ? " " : "",
				   quirk_text((enum quirk)quirk));
	}
	return list;
}

#endif
