/* SPDX-License-Identifier: MIT */
#include "parser/vocabulary.h"

#include "parser/message.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

/* Every value has a word of its own, and the word finds the value. */
#define ROUND_TRIP(tag)                                                                            \
	do {                                                                                       \
		for (int i = 0; i < tag##_count; i++) {                                            \
			struct slice word = slice_from(tag##_text((enum tag)i));                   \
			enum tag found = (enum tag)77;                                             \
                                                                                                   \
			cr_assert(!slice_is_absent(word), #tag " %d has no word", i);              \
			cr_assert(tag##_find(word, &found), #tag " %d is not found", i);           \
			EXPECT_INT(found, i, #tag);                                                \
		}                                                                                  \
	} while (0)

Test(vocabulary, gives_every_value_back)
{
	ROUND_TRIP(result);
	ROUND_TRIP(disposition);
	ROUND_TRIP(policy);
	ROUND_TRIP(mode);
	ROUND_TRIP(scope);
	ROUND_TRIP(reason);
	ROUND_TRIP(flag);
	ROUND_TRIP(discovery);
	ROUND_TRIP(agreement);
	ROUND_TRIP(quirk);
	ROUND_TRIP(outcome);
	ROUND_TRIP(err_kind);
}

static const struct word_table *const tables[] = {
	&spf_result_words, &dkim_result_words, &claimed_result_words, &disposition_words,
	&policy_words,     &mode_words,        &scope_words,          &reason_words,
	&flag_words,       &discovery_words,
};

Test(vocabulary, begins_with_absent_and_ends_with_other)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		const struct word_table *table = tables[i];

		cr_assert(table->count > 2, "table %zu", i);
		EXPECT_TEXT(table->texts[0], "", "absent");
		EXPECT_TEXT(table->texts[table->count - 1], "?", "other");
		for (size_t j = 1; j + 1 < table->count; j++) {
			struct word word;

			cr_expect(word_fold(table, table->texts[j], &word) == WORD_KNOWN);
			EXPECT_INT(word.value, j, table->texts[j].p);
			EXPECT_TEXT(word.text, table->texts[j].p, "its own word");
		}
	}
	EXPECT_INT(spf_result_words.count, result_count, "results");
	EXPECT_INT(disposition_words.count, disposition_count, "dispositions");
	EXPECT_INT(policy_words.count, policy_count, "policies");
	EXPECT_INT(mode_words.count, mode_count, "modes");
	EXPECT_INT(scope_words.count, scope_count, "scopes");
	EXPECT_INT(reason_words.count, reason_count, "reasons");
	EXPECT_INT(flag_words.count, flag_count, "flags");
	EXPECT_INT(discovery_words.count, discovery_count, "discovery methods");
}

Test(vocabulary, has_no_alias_that_is_a_word)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		for (const struct word_alias *a = tables[i]->aliases; a->word.p; a++) {
			struct word word;

			EXPECT_INT(word_fold(tables[i], a->word, &word), WORD_ALIASED, a->word.p);
			cr_expect(a->value > 0 && a->value < (int)tables[i]->count - 1, "%s",
				  a->word.p);
		}
	}
}

Test(vocabulary, folds_words)
{
	static const struct {
		const struct word_table *table;
		struct slice text;
		enum word_fold fold;
		int value;
		const char *word;
	} cases[] = {
		{ &spf_result_words, BYTES("pass"), WORD_KNOWN, RESULT_PASS, "pass" },
		{ &spf_result_words, BYTES("PaSS"), WORD_SPELLED, RESULT_PASS, "pass" },
		{ &spf_result_words, BYTES("HARDFAIL"), WORD_ALIASED, RESULT_FAIL, "fail" },
		{ &spf_result_words, BYTES("Bogus"), WORD_UNKNOWN, RESULT_OTHER, "Bogus" },
		{ &spf_result_words, BYTES(""), WORD_KNOWN, RESULT_ABSENT, NULL },
		{ &spf_result_words, { NULL, 0 }, WORD_KNOWN, RESULT_ABSENT, NULL },
		{ &spf_result_words, BYTES("hardfail"), WORD_ALIASED, RESULT_FAIL, "fail" },
		{ &spf_result_words, BYTES("unknown"), WORD_ALIASED, RESULT_PERMERROR,
		  "permerror" },
		{ &spf_result_words, BYTES("error"), WORD_ALIASED, RESULT_TEMPERROR, "temperror" },
		{ &spf_result_words, BYTES("passed"), WORD_UNKNOWN, RESULT_OTHER, "passed" },
		{ &spf_result_words, BYTES("pas"), WORD_UNKNOWN, RESULT_OTHER, "pas" },
		{ &spf_result_words, BYTES("?"), WORD_UNKNOWN, RESULT_OTHER, "?" },
		{ &dkim_result_words, BYTES("hardfail"), WORD_ALIASED, RESULT_FAIL, "fail" },
		{ &dkim_result_words, BYTES("unknown"), WORD_UNKNOWN, RESULT_OTHER, "unknown" },
		{ &dkim_result_words, BYTES("error"), WORD_UNKNOWN, RESULT_OTHER, "error" },
		{ &dkim_result_words, BYTES("invalid"), WORD_UNKNOWN, RESULT_OTHER, "invalid" },
		{ &claimed_result_words, BYTES("softfail"), WORD_KNOWN, RESULT_SOFTFAIL,
		  "softfail" },
		{ &claimed_result_words, BYTES("hardfail"), WORD_ALIASED, RESULT_FAIL, "fail" },
		{ &claimed_result_words, BYTES("unknown"), WORD_UNKNOWN, RESULT_OTHER, "unknown" },
		{ &disposition_words, BYTES("pass"), WORD_KNOWN, DISPOSITION_PASS, "pass" },
		{ &disposition_words, BYTES("delivered"), WORD_UNKNOWN, DISPOSITION_OTHER,
		  "delivered" },
		{ &policy_words, BYTES("pass"), WORD_UNKNOWN, POLICY_OTHER, "pass" },
		{ &policy_words, BYTES("reject"), WORD_KNOWN, POLICY_REJECT, "reject" },
		{ &policy_words, BYTES("r"), WORD_UNKNOWN, POLICY_OTHER, "r" },
		{ &mode_words, BYTES("r"), WORD_KNOWN, MODE_RELAXED, "r" },
		{ &mode_words, BYTES("relaxed"), WORD_ALIASED, MODE_RELAXED, "r" },
		{ &mode_words, BYTES("strict"), WORD_ALIASED, MODE_STRICT, "s" },
		{ &scope_words, BYTES("helo"), WORD_KNOWN, SCOPE_HELO, "helo" },
		{ &scope_words, BYTES("pra"), WORD_UNKNOWN, SCOPE_OTHER, "pra" },
		{ &reason_words, BYTES("other"), WORD_KNOWN, REASON_OTHER_STATED, "other" },
		{ &reason_words, BYTES("mailing list"), WORD_UNKNOWN, REASON_OTHER,
		  "mailing list" },
		{ &flag_words, BYTES("yes"), WORD_ALIASED, FLAG_YES, "y" },
		{ &flag_words, BYTES("no"), WORD_ALIASED, FLAG_NO, "n" },
		{ &discovery_words, BYTES("treewalk"), WORD_KNOWN, DISCOVERY_TREEWALK, "treewalk" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct word word = { 77, SLICE("before") };
		const char *name = cases[i].text.p ? cases[i].text.p : "(absent)";

		EXPECT_INT(word_fold(cases[i].table, cases[i].text, &word), cases[i].fold, name);
		EXPECT_INT(word.value, cases[i].value, name);
		EXPECT_TEXT(word.text, cases[i].word, name);
	}
}
