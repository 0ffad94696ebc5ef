/* SPDX-License-Identifier: MIT */
#include "parser/vocabulary.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(result, RESULT_LIST)
ENUM_TABLE_DEFINE(disposition, DISPOSITION_LIST)
ENUM_TABLE_DEFINE(policy, POLICY_LIST)
ENUM_TABLE_DEFINE(mode, MODE_LIST)
ENUM_TABLE_DEFINE(scope, SCOPE_LIST)
ENUM_TABLE_DEFINE(reason, REASON_LIST)
ENUM_TABLE_DEFINE(flag, FLAG_LIST)
ENUM_TABLE_DEFINE(discovery, DISCOVERY_LIST)
ENUM_TABLE_DEFINE(agreement, AGREEMENT_LIST)

/* The words once more, with their lengths: they are compared for every record. */
#define WORD_SLICE(symbol, text) { text, sizeof(text) - 1 },
static const struct slice result_slices[] = { RESULT_LIST(WORD_SLICE) };
static const struct slice disposition_slices[] = { DISPOSITION_LIST(WORD_SLICE) };
static const struct slice policy_slices[] = { POLICY_LIST(WORD_SLICE) };
static const struct slice mode_slices[] = { MODE_LIST(WORD_SLICE) };
static const struct slice scope_slices[] = { SCOPE_LIST(WORD_SLICE) };
static const struct slice reason_slices[] = { REASON_LIST(WORD_SLICE) };
static const struct slice flag_slices[] = { FLAG_LIST(WORD_SLICE) };
static const struct slice discovery_slices[] = { DISCOVERY_LIST(WORD_SLICE) };

#define ALIAS(word, value)                                                                         \
	{                                                                                          \
		{ word, sizeof(word) - 1 }, value                                                  \
	}
#define NO_MORE                                                                                    \
	{                                                                                          \
		{ NULL, 0 }, 0                                                                     \
	}

static const struct word_alias no_aliases[] = { NO_MORE };

/* "unknown" and "error" are the names of RFC 4408 for what RFC 7208 calls permerror and temperror. */
static const struct word_alias spf_aliases[] = {
	ALIAS("hardfail", RESULT_FAIL),
	ALIAS("unknown", RESULT_PERMERROR),
	ALIAS("error", RESULT_TEMPERROR),
	NO_MORE,
};

/* A DKIM "unknown" stays unknown: taken for permerror it would read as a missing key. */
static const struct word_alias dkim_aliases[] = { ALIAS("hardfail", RESULT_FAIL), NO_MORE };

static const struct word_alias mode_aliases[] = {
	ALIAS("relaxed", MODE_RELAXED),
	ALIAS("strict", MODE_STRICT),
	NO_MORE,
};

static const struct word_alias flag_aliases[] = {
	ALIAS("no", FLAG_NO),
	ALIAS("yes", FLAG_YES),
	NO_MORE,
};

#define WORD_TABLE(tag, aliases)                                                                   \
	{                                                                                          \
		tag##_slices, COUNT_OF(tag##_slices), aliases                                      \
	}

const struct word_table spf_result_words = WORD_TABLE(result, spf_aliases);
const struct word_table dkim_result_words = WORD_TABLE(result, dkim_aliases);
const struct word_table claimed_result_words = WORD_TABLE(result, dkim_aliases);
const struct word_table disposition_words = WORD_TABLE(disposition, no_aliases);
const struct word_table policy_words = WORD_TABLE(policy, no_aliases);
const struct word_table mode_words = WORD_TABLE(mode, mode_aliases);
const struct word_table scope_words = WORD_TABLE(scope, no_aliases);
const struct word_table reason_words = WORD_TABLE(reason, no_aliases);
const struct word_table flag_words = WORD_TABLE(flag, flag_aliases);
const struct word_table discovery_words = WORD_TABLE(discovery, no_aliases);

/* Few words of one length begin alike. */
static inline bool begins_alike(struct slice word, struct slice text)
{
	return word.n == text.n && word.p[0] == byte_lower(text.p[0]);
}

static inline bool same_word(struct slice word, struct slice text)
{
	return begins_alike(word, text) && slice_equal_icase(word, text);
}

enum word_fold word_fold(const struct word_table *table, struct slice text, struct word *word_out)
{
	int other = (int)table->count - 1;

	if (text.n == 0) {
		*word_out = (struct word){ 0, SLICE_ABSENT };
		return WORD_KNOWN;
	}
	for (int value = 1; value < other; value++) {
		struct slice word = table->texts[value];

		if (!begins_alike(word, text))
			continue;

		bool exact = memcmp(word.p, text.p, word.n) == 0;

		if (!exact && !slice_equal_icase(word, text))
			continue;
		*word_out = (struct word){ value, word };
		return exact ? WORD_KNOWN : WORD_SPELLED;
	}
	for (const struct word_alias *alias = table->aliases; alias->word.p; alias++) {
		if (same_word(alias->word, text)) {
			*word_out = (struct word){ alias->value, table->texts[alias->value] };
			return WORD_ALIASED;
		}
	}
	*word_out = (struct word){ other, text };
	return WORD_UNKNOWN;
}
