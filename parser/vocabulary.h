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

/* What happened on the way from text to word. */
enum word_fold { WORD_KNOWN, WORD_ALIASED, WORD_UNKNOWN };

/*
 * Sets the value alone where the text, in any case, is a known word; empty text is ABSENT. The text of
 * an unknown word is borrowed as it is: the caller keeps it, in lower case.
 */
enum word_fold word_fold(const struct word_table *table, struct slice text, struct word *word_out);

/* Oddities and repairs, one slug each, listed in `quirks` and counted per reporter. */
#define QUIRK_LIST(X)                                                                              \
	/* mail and container */                                                                   \
	X(QUIRK_DECLARED_TYPE_WRONG, "declared-type-wrong")                                        \
	X(QUIRK_GZIP_TRAILING_BYTES, "gzip-trailing-bytes")                                        \
	X(QUIRK_NESTED_ARCHIVE, "nested-archive")                                                  \
	X(QUIRK_SEVERAL_REPORTS, "several-reports")                                                \
	X(QUIRK_FORWARDED_MESSAGE, "forwarded-message")                                            \
	/* XML, mended in the recovering pass */                                                   \
	X(QUIRK_RECOVERED_XML, "recovered-xml")                                                    \
	X(QUIRK_INVALID_UTF8, "invalid-utf8")                                                      \
	X(QUIRK_INVALID_CHARACTER, "invalid-character")                                            \
	X(QUIRK_UNDECLARED_ENCODING, "undeclared-encoding")                                        \
	X(QUIRK_WRAPPED_FEEDBACK, "wrapped-feedback")                                              \
	X(QUIRK_BROKEN_PROLOGUE, "broken-prologue")                                                \
	X(QUIRK_UNESCAPED_MARKUP, "unescaped-markup")                                              \
	X(QUIRK_MISMATCHED_TAGS, "mismatched-tags")                                                \
	/* XML */                                                                                  \
	X(QUIRK_TRUNCATED, "truncated")                                                            \
	X(QUIRK_TRAILING_CONTENT, "trailing-content")                                              \
	X(QUIRK_NO_XML_DECLARATION, "no-xml-declaration")                                          \
	X(QUIRK_BYTE_ORDER_MARK, "byte-order-mark")                                                \
	X(QUIRK_OTHER_ENCODING, "other-encoding")                                                  \
	X(QUIRK_RFC9990_NAMESPACE, "rfc9990-namespace")                                            \
	X(QUIRK_DRAFT_NAMESPACE, "draft-namespace")                                                \
	X(QUIRK_OTHER_NAMESPACE, "other-namespace")                                                \
	X(QUIRK_ROOT_ATTRIBUTES, "root-attributes")                                                \
	X(QUIRK_UNEXPECTED_ATTRIBUTE, "unexpected-attribute")                                      \
	X(QUIRK_NO_VERSION, "no-version")                                                          \
	X(QUIRK_ODD_VERSION, "odd-version")                                                        \
	X(QUIRK_EXTENSION_ELEMENT, "extension-element")                                            \
	X(QUIRK_UNKNOWN_ELEMENT, "unknown-element")                                                \
	X(QUIRK_STRAY_TEXT, "stray-text")                                                          \
	X(QUIRK_PADDED_TEXT, "padded-text")                                                        \
	X(QUIRK_CDATA, "cdata")                                                                    \
	X(QUIRK_EMPTY_ELEMENT, "empty-element")                                                    \
	X(QUIRK_REPEATED_ELEMENT, "repeated-element")                                              \
	X(QUIRK_CONFLICTING_ELEMENT, "conflicting-element")                                        \
	X(QUIRK_RETIRED_ELEMENT, "retired-element")                                                \
	X(QUIRK_TEXT_CUT, "text-cut")                                                              \
	X(QUIRK_RESULTS_CUT, "results-cut")                                                        \
	X(QUIRK_MANY_RECORDS, "many-records")                                                      \
	/* metadata */                                                                             \
	X(QUIRK_RECORD_BEFORE_METADATA, "record-before-metadata")                                  \
	X(QUIRK_UNUSUAL_ORDER, "unusual-order")                                                    \
	X(QUIRK_NO_ORG_NAME, "no-org-name")                                                        \
	X(QUIRK_ORG_NAME_SPELLING, "org-name-spelling")                                            \
	X(QUIRK_NO_REPORT_ID, "no-report-id")                                                      \
	X(QUIRK_ODD_REPORT_ID, "odd-report-id")                                                    \
	X(QUIRK_ODD_TIMESTAMP, "odd-timestamp")                                                    \
	X(QUIRK_LONG_PERIOD, "long-period")                                                        \
	X(QUIRK_PERIOD_OVER_A_DAY, "period-over-a-day")                                            \
	X(QUIRK_SHORT_PERIOD, "short-period")                                                      \
	X(QUIRK_EMPTY_PERIOD, "empty-period")                                                      \
	X(QUIRK_REPORTER_ERRORS, "reporter-errors")                                                \
	/* published policy */                                                                     \
	X(QUIRK_MODES_NOT_SENT, "modes-not-sent")                                                  \
	X(QUIRK_PCT_NOT_SENT, "pct-not-sent")                                                      \
	X(QUIRK_SP_NOT_SENT, "sp-not-sent")                                                        \
	X(QUIRK_NP_IN_OLD_SCHEMA, "np-in-old-schema")                                              \
	X(QUIRK_POLICY_DOMAIN_UNRELATED, "policy-domain-unrelated")                                \
	/* record */                                                                               \
	X(QUIRK_NO_RECORDS, "no-records")                                                          \
	X(QUIRK_BAD_ADDRESS, "bad-address")                                                        \
	X(QUIRK_NO_ADDRESS, "no-address")                                                          \
	X(QUIRK_ADDRESS_SPELLING, "address-spelling")                                              \
	X(QUIRK_BAD_COUNT, "bad-count")                                                            \
	X(QUIRK_ZERO_COUNT, "zero-count")                                                          \
	X(QUIRK_BAD_DOMAIN, "bad-domain")                                                          \
	X(QUIRK_DOMAIN_SPELLING, "domain-spelling")                                                \
	X(QUIRK_NO_HEADER_FROM, "no-header-from")                                                  \
	X(QUIRK_NO_ENVELOPE_FROM, "no-envelope-from")                                              \
	X(QUIRK_NO_ENVELOPE_TO, "no-envelope-to")                                                  \
	X(QUIRK_ENVELOPE_SPELLING, "envelope-spelling")                                            \
	X(QUIRK_IDENTITIES_ALIAS, "identities-alias")                                              \
	X(QUIRK_UNKNOWN_WORD, "unknown-word")                                                      \
	X(QUIRK_LEGACY_WORD, "legacy-word")                                                        \
	X(QUIRK_WORD_SPELLING, "word-spelling")                                                    \
	X(QUIRK_DISPOSITION_PASS, "disposition-pass")                                              \
	X(QUIRK_CLAIM_NOT_PASS_OR_FAIL, "claim-not-pass-or-fail")                                  \
	X(QUIRK_NO_CLAIM, "no-claim")                                                              \
	X(QUIRK_EMPTY_REASON, "empty-reason")                                                      \
	X(QUIRK_REASON_TEXT, "reason-text")                                                        \
	X(QUIRK_REASON_COMMENT, "reason-comment")                                                  \
	X(QUIRK_NO_POLICY_EVALUATED, "no-policy-evaluated")                                        \
	/* results */                                                                              \
	X(QUIRK_NO_AUTH_RESULTS, "no-auth-results")                                                \
	X(QUIRK_EMPTY_RESULT, "empty-result")                                                      \
	X(QUIRK_SEVERAL_SIGNATURES, "several-signatures")                                          \
	X(QUIRK_SEVERAL_SPF_RESULTS, "several-spf-results")                                        \
	X(QUIRK_NO_SELECTOR, "no-selector")                                                        \
	X(QUIRK_NO_SCOPE, "no-scope")                                                              \
	X(QUIRK_HELO_SCOPE, "helo-scope")                                                          \
	/* the reporter against himself */                                                         \
	X(QUIRK_CLAIM_UNSUPPORTED, "claim-unsupported")                                            \
	X(QUIRK_CLAIM_CONTRADICTED, "claim-contradicted")                                          \
	X(QUIRK_DISPOSITION_AGAINST_CLAIM, "disposition-against-claim")                            \
	X(QUIRK_OVERRIDE_UNEXPLAINED, "override-unexplained")
ENUM_TABLE_DECLARE(quirk, QUIRK_LIST);

/* Do sound reports have it too? Good to count, and not worth a person's time. */
bool quirk_is_usual(enum quirk quirk);

struct quirks {
	uint64_t bits[2];
};

static inline void quirks_add(struct quirks *q, enum quirk quirk)
{
	q->bits[quirk / 64] |= UINT64_C(1) << (quirk % 64);
}

static inline bool quirks_have(const struct quirks *q, enum quirk quirk)
{
	return q->bits[quirk / 64] >> (quirk % 64) & 1;
}

static inline bool quirks_any(const struct quirks *q)
{
	return (q->bits[0] | q->bits[1]) != 0;
}

static inline void quirks_merge(struct quirks *q, const struct quirks *more)
{
	q->bits[0] |= more->bits[0];
	q->bits[1] |= more->bits[1];
}

#endif
