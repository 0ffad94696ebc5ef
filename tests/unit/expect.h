/* SPDX-License-Identifier: MIT */
/* Expectations that name their case and show both sides. */
#ifndef TESTS_UNIT_EXPECT_H
#define TESTS_UNIT_EXPECT_H

#include <criterion/criterion.h>
#include <stdint.h>

#include "base/slice.h"

/* SLICE() for static tables, which take no compound literal. */
#define BYTES(literal)                                                                             \
	{                                                                                          \
		"" literal, sizeof(literal) - 1                                                    \
	}

/* want NULL: the slice must be absent. */
#define EXPECT_TEXT(got, want, name)                                                               \
	do {                                                                                       \
		struct slice got_ = (got);                                                         \
		const char *want_ = (want);                                                        \
		cr_expect(slice_equal(got_, slice_from(want_)) &&                                  \
				  slice_is_absent(got_) == (want_ == NULL),                        \
			  "%s: %s is '%.*s', not '%s'", (name), #got, SLICE_ARG(got_),             \
			  want_ ? want_ : "(absent)");                                             \
	} while (0)

/* For bytes that hold NULs. */
#define EXPECT_BYTES(got, want, name)                                                              \
	do {                                                                                       \
		struct slice got_ = (got), want_ = (want);                                         \
		cr_expect(slice_equal(got_, want_), "%s: %s is '%.*s' (%zu), not '%.*s' (%zu)",    \
			  (name), #got, SLICE_ARG(got_), got_.n, SLICE_ARG(want_), want_.n);       \
	} while (0)

#define EXPECT_INT(got, want, name)                                                                \
	do {                                                                                       \
		int64_t got_ = (int64_t)(got), want_ = (int64_t)(want);                            \
		cr_expect(got_ == want_, "%s: %s is %lld, not %lld", (name), #got,                 \
			  (long long)got_, (long long)want_);                                      \
	} while (0)

#endif
