/* SPDX-License-Identifier: MIT */
#include "parser/remarks.h"

#include "base/banned.h"

static bool says(struct slice text, const char *const *phrases)
{
	for (; *phrases; phrases++) {
		if (slice_contains_icase(text, slice_from(*phrases)))
			return true;
	}
	return false;
}

enum arc_remark remark_on_arc(struct slice comment)
{
	static const char *const passes[] = { REMARK_ARC_PASSES, NULL };
	static const char *const fails[] = { REMARK_ARC_FAILS, "arc=none", NULL };

	if (slice_trim(comment).n == 0)
		return ARC_UNSAID;
	if (says(comment, passes))
		return ARC_PASSES;
	return says(comment, fails) ? ARC_FAILS : ARC_OTHER;
}

bool remark_names_key(struct slice human_result)
{
	static const char *const phrases[] = { REMARK_NO_KEY, "not available", "revoked", NULL };

	return says(human_result, phrases);
}
