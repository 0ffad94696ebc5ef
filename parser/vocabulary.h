/* SPDX-License-Identifier: MIT */
/*
 * The words of a report, folded. Each enum begins with ABSENT ("not sent") and ends with OTHER, a
 * word we do not know: it is kept as it came and never taken for a pass or a fail.
 */
#ifndef PARSER_VOCABULARY_H
#define PARSER_VOCABULARY_H

#include <stdint.h>

#include "base/table.h"

/* A folded value and its word: the table's for a known one, the sender's own in lower case for OTHER,
 * the absent slice for ABSENT. */
struct word {
	int value;
	struct slice text;
};

#define RESULT_LIST(X)                                                                             \
	X(RESULT_ABSENT, "")                                                                       \
	X(RESULT_NONE, "none")                                                                     \
	X(RESULT_PASS, "pass")                                                                     \
	X(RESULT_FAIL, "fail")                                                                     \
	X(RESULT_SOFTFAIL, "softfail")                                                             \
	X(RESULT_NEUTRAL, "neutral")                                                               \
	X(RESULT_TEMPERROR, "temperror")                                                           \
	X(RESULT_PERMERROR, "permerror")                                                           \
	X(RESULT_POLICY, "policy")                                                                 \
	X(RESULT_OTHER, "?")
ENUM_TABLE_DECLARE(result, RESULT_LIST);

#define DISPOSITION_LIST(X)                                                                        \
	X(DISPOSITION_ABSENT, "")                                                                  \
	X(DISPOSITION_NONE, "none")                                                                \
	X(DISPOSITION_QUARANTINE, "quarantine")                                                    \
	X(DISPOSITION_REJECT, "reject")                                                            \
	X(DISPOSITION_PASS, "pass")                                                                \
	X(DISPOSITION_OTHER, "?")
ENUM_TABLE_DECLARE(disposition, DISPOSITION_LIST);

#define POLICY_LIST(X)                                                                             \
	X(POLICY_ABSENT, "")                                                                       \
	X(POLICY_NONE, "none")                                                                     \
	X(POLICY_QUARANTINE, "quarantine")                                                         \
	X(POLICY_REJECT, "reject")                                                                 \
	X(POLICY_OTHER, "?")
ENUM_TABLE_DECLARE(policy, POLICY_LIST);

#define MODE_LIST(X)                                                                               \
	X(MODE_ABSENT, "")                                                                         \
	X(MODE_RELAXED, "r")                                                                       \
	X(MODE_STRICT, "s")                                                                        \
	X(MODE_OTHER, "?")
ENUM_TABLE_DECLARE(mode, MODE_LIST);

#define SCOPE_LIST(X)                                                                              \
	X(SCOPE_ABSENT, "")                                                                        \
	X(SCOPE_MFROM, "mfrom")                                                                    \
	X(SCOPE_HELO, "helo")                                                                      \
	X(SCOPE_OTHER, "?")
ENUM_TABLE_DECLARE(scope, SCOPE_LIST);

#define REASON_LIST(X)                                                                             \
	X(REASON_ABSENT, "")                                                                       \
	X(REASON_FORWARDED, "forwarded")                                                           \
	X(REASON_SAMPLED_OUT, "sampled_out")                                                       \
	X(REASON_TRUSTED_FORWARDER, "trusted_forwarder")                                           \
	X(REASON_MAILING_LIST, "mailing_list")                                                     \
	X(REASON_LOCAL_POLICY, "local_policy")                                                     \
	X(REASON_POLICY_TEST_MODE, "policy_test_mode")                                             \
	X(REASON_OTHER_STATED, "other")                                                            \
	X(REASON_OTHER, "?")
ENUM_TABLE_DECLARE(reason, REASON_LIST);

#define FLAG_LIST(X) X(FLAG_ABSENT, "") X(FLAG_NO, "n") X(FLAG_YES, "y") X(FLAG_OTHER, "?")
ENUM_TABLE_DECLARE(flag, FLAG_LIST);

#define DISCOVERY_LIST(X)                                                                          \
	X(DISCOVERY_ABSENT, "")                                                                    \
	X(DISCOVERY_PSL, "psl")                                                                    \
	X(DISCOVERY_TREEWALK, "treewalk")                                                          \
	X(DISCOVERY_OTHER, "?")
ENUM_TABLE_DECLARE(discovery, DISCOVERY_LIST);

/* What the reporter claimed, held against what the evidence shows. */
#define AGREEMENT_LIST(X)                                                                          \
	X(AGREEMENT_NONE, "none") /* nothing was claimed */                                        \
	X(AGREEMENT_AGREES, "agrees")                                                              \
	X(AGREEMENT_UNSUPPORTED, "unsupported") /* claimed a pass that nothing listed explains */  \
	X(AGREEMENT_CONTRADICTS, "contradicts")
ENUM_TABLE_DECLARE(agreement, AGREEMENT_LIST);

/*
 * How a reporter's word becomes a value: the enum's own words, then the aliases older reporters use.
 * The first value is ABSENT, the last OTHER.
 */
struct word_alias {
	struct slice word;
	int value;
};

struct word_table {
	const struct slice *texts;
	size_t count;
	const struct word_alias *aliases; /* ends with an absent word */
};

extern const struct word_table spf_result_words, dkim_result_words, claimed_result_words;
extern const struct word_table disposition_words, policy_words, mode_words, scope_words;
extern const struct word_table reason_words, flag_words, discovery_words;

/* What happened on the way from text to word; SPELLED: it is known, and has capitals. */
enum word_fold { WORD_KNOWN, WORD_SPELLED, WORD_ALIASED, WORD_UNKNOWN };

/*
 * Sets the value alone where the text, in any case, is a known word; empty text is ABSENT. The text of
 * an unknown word is borrowed as it is: the caller keeps it, in lower case.
 */
enum word_fold word_fold(const struct word_table *table, struct slice text, struct word *word_out);

#endif
