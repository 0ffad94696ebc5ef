/* SPDX-License-Identifier: MIT */
#include "parser/quirks.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(quirks, make_a_set)
{
	cr_assert((size_t)quirk_count <= sizeof(((struct quirks *)0)->bits) * 8);
	for (int i = 0; i < quirk_count; i++) {
		struct quirks q = { 0 }, merged = { 0 };

		quirks_add(&q, (enum quirk)i);
		quirks_add(&merged, QUIRK_TEXT_CUT);
		quirks_merge(&merged, &q);
		for (int j = 0; j < quirk_count; j++) {
			EXPECT_INT(quirks_have(&q, (enum quirk)j), i == j, "alone");
			EXPECT_INT(quirks_have(&merged, (enum quirk)j),
				   i == j || j == QUIRK_TEXT_CUT, "merged");
		}
	}
}

/* Slugs are stored and queried: lower case, words joined by a hyphen. */
Test(quirks, are_spelled_as_slugs)
{
	for (int i = 0; i < quirk_count; i++) {
		const char *text = quirk_text((enum quirk)i);

		cr_expect(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text),
			  "%s", text);
	}
}

/* For people, in a line of a table: short, and no sentence. */
Test(quirks, all_have_a_meaning)
{
	for (int i = 0; i < quirk_count; i++) {
		struct slice meaning = slice_from(quirk_meaning((enum quirk)i));

		cr_assert(meaning.n > 0, "%s", quirk_text((enum quirk)i));
		cr_expect(meaning.n <= 66 && meaning.p[meaning.n - 1] != '.', "%s", meaning.p);
		for (int j = 0; j < i; j++)
			cr_expect(!slice_equal(meaning, slice_from(quirk_meaning((enum quirk)j))),
				  "%s says the same as %s", quirk_text((enum quirk)i),
				  quirk_text((enum quirk)j));
	}
}

Test(quirks, of_sound_reports_are_usual)
{
	cr_expect(quirk_is_usual(QUIRK_NO_VERSION));
	cr_expect(quirk_is_usual(QUIRK_SEVERAL_SIGNATURES));
	cr_expect(!quirk_is_usual(QUIRK_RECOVERED_XML));
	cr_expect(!quirk_is_usual(QUIRK_TRUNCATED));
	cr_expect(!quirk_is_usual(QUIRK_CLAIM_CONTRADICTED));
}
