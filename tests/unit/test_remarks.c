/* SPDX-License-Identifier: MIT */
#include "parser/remarks.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(remarks, tells_what_is_said_of_arc)
{
	static const struct {
		const char *comment;
		enum arc_remark want;
	} cases[] = {
		{ "", ARC_UNSAID },
		{ " \t", ARC_UNSAID },
		{ "arc=pass as[1].d=example.com", ARC_PASSES },
		{ "dmarc=fail ARC=Pass", ARC_PASSES },
		{ "arc=fail", ARC_FAILS },
		{ "x arc=none", ARC_FAILS },
		{ "arc=fail, then arc=pass", ARC_PASSES },
		{ "mailing list", ARC_OTHER },
		{ "arc=", ARC_OTHER },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(remark_on_arc(slice_from(cases[i].comment)), cases[i].want,
			   cases[i].comment);
	EXPECT_INT(remark_on_arc(SLICE_ABSENT), ARC_UNSAID, "absent");
}

Test(remarks, knows_a_key_that_is_named)
{
	static const char *const named[] = { "no key for signature", "Key not available",
					     "the key was REVOKED", "no key" };
	static const char *const others[] = { "", "body hash did not verify", "nokey", "key" };

	for (size_t i = 0; i < COUNT_OF(named); i++)
		EXPECT_INT(remark_names_key(slice_from(named[i])), true, named[i]);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		EXPECT_INT(remark_names_key(slice_from(others[i])), false, others[i]);
	EXPECT_INT(remark_names_key(SLICE_ABSENT), false, "absent");
}

/* What is stored of a text is read back as one of these. */
Test(remarks, knows_its_own_texts)
{
	EXPECT_INT(remark_on_arc(SLICE(REMARK_ARC_PASSES)), ARC_PASSES, REMARK_ARC_PASSES);
	EXPECT_INT(remark_on_arc(SLICE(REMARK_ARC_FAILS)), ARC_FAILS, REMARK_ARC_FAILS);
	EXPECT_INT(remark_names_key(SLICE(REMARK_NO_KEY)), true, REMARK_NO_KEY);
}
