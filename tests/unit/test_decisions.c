/* SPDX-License-Identifier: MIT */
/* Decisions over a window: a row for each branch, and both sides of each threshold. */
#include "reports/decisions.h"

#include <criterion/criterion.h>

#include "base/banned.h"

/* clang-format off */
static const struct {
	struct key_seen seen;
	enum key_decision decision;
} keys[] = {
	{ { .passes = true, .last_pass = 100, .last_failure = 100, .direct_reporters = 2 }, KEY_RIGHT },
	{ { .passes = true, .last_pass = 100, .last_failure = 107, .direct_reporters = 2 }, KEY_RIGHT },
	{ { .passes = true, .last_pass = 100, .last_failure = 108, .direct_reporters = 2 }, KEY_WRONG },
	{ { .passes = true, .last_pass = 100, .last_failure = 108, .direct_reporters = 1 }, KEY_UNTOLD },
	/* it passes again: what failed before is mended, however long ago */
	{ { .passes = true, .last_pass = 130, .last_failure = 100, .direct_reporters = 2 }, KEY_RIGHT },
	{ { .passes = false, .last_failure = 3, .direct_reporters = 2 }, KEY_WRONG },
	{ { .passes = false, .last_failure = 3, .direct_reporters = 1 }, KEY_UNTOLD },
	{ { .passes = false, .last_failure = 3, .direct_reporters = 0 }, KEY_UNTOLD },
};

static const struct {
	struct lookup_seen seen;
	enum lookup_decision decision;
} lookups[] = {
	{ { .reporters = 1, .days = 1, .messages = 9, .all_mail = 1000 }, LOOKUP_IGNORED },
	{ { .reporters = 1, .days = 2, .messages = 9, .all_mail = 1000 }, LOOKUP_IGNORED },
	{ { .reporters = 1, .days = 1, .messages = 10, .all_mail = 1000 }, LOOKUP_UNTOLD },
	{ { .reporters = 1, .days = 2, .messages = 10, .all_mail = 1000 }, LOOKUP_UNTOLD },
	{ { .reporters = 1, .days = 3, .messages = 1, .all_mail = 1000 }, LOOKUP_OURS },
	{ { .reporters = 2, .days = 1, .messages = 1, .all_mail = 1000 }, LOOKUP_OURS },
	{ { .reporters = 1, .days = 1, .messages = 1, .all_mail = 1000, .never_passes = true }, LOOKUP_OURS },
	{ { .reporters = 1, .days = 1, .messages = 0, .all_mail = 0 }, LOOKUP_UNTOLD },
	{ { .reporters = 1, .days = 1, .messages = UINT64_MAX / 200, .all_mail = UINT64_MAX }, LOOKUP_IGNORED },
};

static const struct {
	struct fallback_seen seen;
	enum fallback_decision decision;
} fallbacks[] = {
	{ { .own_envelope = true, .signed_by_customer = true, .same_account = true }, FALLBACK_SEEN },
	{ { .own_envelope = true, .signed_by_customer = true, .same_account = false }, FALLBACK_NONE },
	{ { .own_envelope = true, .signed_by_customer = false }, FALLBACK_UNTOLD },
	{ { .own_envelope = false, .signed_by_customer = true }, FALLBACK_NONE },
	{ { .own_envelope = false, .signed_by_customer = false }, FALLBACK_NONE },
};

static const struct {
	struct unsigned_seen seen;
	enum unsigned_decision decision;
} signings[] = {
	{ { .signed_elsewhere = false, .listed = false }, UNSIGNED_UNTOLD },
	{ { .signed_elsewhere = false, .listed = true }, UNSIGNED_UNTOLD },
	{ { .signed_elsewhere = true, .listed = false }, UNSIGNED_NOT_LISTED },
	{ { .signed_elsewhere = true, .listed = true }, UNSIGNED_PARTLY },
};

static const struct {
	struct unseen_pass seen;
	enum unseen_decision decision;
} unseen[] = {
	{ { .copies_nothing = false, .fault_elsewhere = false }, UNSEEN_UNTOLD },
	{ { .copies_nothing = true, .fault_elsewhere = false }, UNSEEN_OMITTED },
	{ { .copies_nothing = true, .fault_elsewhere = true }, UNSEEN_FAULT },
	{ { .copies_nothing = false, .fault_elsewhere = true }, UNSEEN_FAULT },
};

static const struct {
	struct ownership_seen seen;
	bool ours;
} owners[] = {
	{ { .rule = false }, false },
	{ { .rule = true }, true },
	{ { .own_domain = true }, true },
	{ { .passes = true }, true },
	{ { .own_envelope = true }, true },
};
/* clang-format on */

#define CHECK(table, function, field)                                                              \
	do {                                                                                       \
		for (size_t i = 0; i < COUNT_OF(table); i++)                                       \
			cr_expect_eq(function(&(table)[i].seen), (table)[i].field,                 \
				     #table ": row %zu", i);                                       \
	} while (0)

Test(decisions, each_branch_and_both_sides_of_each_threshold)
{
	CHECK(keys, decide_key, decision);
	CHECK(lookups, decide_lookup, decision);
	CHECK(fallbacks, decide_fallback, decision);
	CHECK(signings, decide_unsigned, decision);
	CHECK(unseen, decide_unseen, decision);
	CHECK(owners, decide_ownership, ours);
}
