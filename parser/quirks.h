/* SPDX-License-Identifier: MIT */
/*
 * What was odd about a report, and what was repaired. Each has a slug, listed in `quirks` of what is
 * shown, stored with the report and counted per reporter: so they may be added to, and never renamed.
 */
#ifndef PARSER_QUIRKS_H
#define PARSER_QUIRKS_H

#include <stdint.h>

#include "base/table.h"

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

/* What it says of the report, in a few words, for people. */
const char *quirk_meaning(enum quirk quirk);

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
