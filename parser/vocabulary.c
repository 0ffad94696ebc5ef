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
ENUM_TABLE_DEFINE(quirk, QUIRK_LIST)

static const struct word_alias no_aliases[] = { { NULL, 0 } };

/* "unknown" and "error" are the names of RFC 4408 for what RFC 7208 calls permerror and temperror. */
static const struct word_alias spf_aliases[] = {
	{ "hardfail", RESULT_FAIL },
	{ "unknown", RESULT_PERMERROR },
	{ "error", RESULT_TEMPERROR },
	{ NULL, 0 },
};

/* A DKIM "unknown" stays unknown: taken for permerror it would read as a missing key. */
static const struct word_alias dkim_aliases[] = {
	{ "hardfail", RESULT_FAIL },
	{ NULL, 0 },
};

static const struct word_alias mode_aliases[] = {
	{ "relaxed", MODE_RELAXED },
	{ "strict", MODE_STRICT },
	{ NULL, 0 },
};

static const struct word_alias flag_aliases[] = {
	{ "no", FLAG_NO },
	{ "yes", FLAG_YES },
	{ NULL, 0 },
};

#define WORD_TABLE(tag, aliases)                                                                   \
	{                                                                                          \
		tag##_texts, COUNT_OF(tag##_texts), aliases                                        \
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

static struct word word_of(const struct word_table *table, int value)
{
	return (struct word){ value, slice_from(table->texts[value]) };
}

enum word_fold word_fold(const struct word_table *table, struct slice lower, struct word *word_out)
{
	int other = (int)table->count - 1;

	if (lower.n == 0) {
		*word_out = (struct word){ 0, SLICE_ABSENT };
		return WORD_KNOWN;
	}
	for (int value = 1; value < other; value++) {
		if (slice_equal(lower, slice_from(table->texts[value]))) {
			*word_out = word_of(table, value);
			return WORD_KNOWN;
		}
	}
	for (const struct word_alias *alias = table->aliases; alias->word; alias++) {
		if (slice_equal(lower, slice_from(alias->word))) {
			*word_out = word_of(table, alias->value);
			return WORD_ALIASED;
		}
	}
	*word_out = (struct word){ other, lower };
	return WORD_UNKNOWN;
}
