/* SPDX-License-Identifier: MIT */
#include "parser/quirks.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(quirk, QUIRK_LIST)

#define ODD(meaning)                                                                               \
	{                                                                                          \
		meaning, false                                                                     \
	}
#define USUAL(meaning)                                                                             \
	{                                                                                          \
		meaning, true                                                                      \
	}

/* clang-format off */
static const struct {
	const char *meaning;
	bool usual;
} notes[quirk_count] = {
	[QUIRK_DECLARED_TYPE_WRONG] = ODD("the attachment is of another type than it is called"),
	[QUIRK_GZIP_TRAILING_BYTES] = ODD("stray bytes follow the gzip data"),
	[QUIRK_NESTED_ARCHIVE] = ODD("an archive inside an archive"),
	[QUIRK_SEVERAL_REPORTS] = USUAL("not the only report of its mail"),
	[QUIRK_FORWARDED_MESSAGE] = USUAL("it came in a forwarded mail"),
	[QUIRK_RECOVERED_XML] = ODD("broken XML was mended"),
	[QUIRK_INVALID_UTF8] = ODD("bytes that are not of its encoding were replaced"),
	[QUIRK_INVALID_CHARACTER] = ODD("characters that XML forbids were replaced"),
	[QUIRK_UNDECLARED_ENCODING] = ODD("not UTF-8, and no encoding is named: taken for windows-1252"),
	[QUIRK_WRAPPED_FEEDBACK] = ODD("another element stands before the report or around it"),
	[QUIRK_BROKEN_PROLOGUE] = ODD("what stands before the report is no XML"),
	[QUIRK_UNESCAPED_MARKUP] = ODD("a bare < or & was taken for text"),
	[QUIRK_MISMATCHED_TAGS] = ODD("tags are missing, or do not match"),
	[QUIRK_TRUNCATED] = ODD("the report is cut off: its last records are missing"),
	[QUIRK_TRAILING_CONTENT] = ODD("something follows the report"),
	[QUIRK_NO_XML_DECLARATION] = USUAL("no XML declaration"),
	[QUIRK_BYTE_ORDER_MARK] = USUAL("a byte order mark"),
	[QUIRK_OTHER_ENCODING] = USUAL("another encoding than UTF-8"),
	[QUIRK_RFC9990_NAMESPACE] = USUAL("the namespace of RFC 9990"),
	[QUIRK_DRAFT_NAMESPACE] = USUAL("the namespace of the drafts before RFC 7489"),
	[QUIRK_OTHER_NAMESPACE] = ODD("a namespace that no standard has"),
	[QUIRK_ROOT_ATTRIBUTES] = USUAL("attributes or namespaces on the root element"),
	[QUIRK_UNEXPECTED_ATTRIBUTE] = ODD("an attribute that no standard has"),
	[QUIRK_NO_VERSION] = USUAL("no version"),
	[QUIRK_ODD_VERSION] = USUAL("another version than 1.0"),
	[QUIRK_EXTENSION_ELEMENT] = USUAL("elements of an extension, which were skipped"),
	[QUIRK_UNKNOWN_ELEMENT] = ODD("elements that no standard has, which were skipped"),
	[QUIRK_STRAY_TEXT] = ODD("text between elements, which was skipped"),
	[QUIRK_PADDED_TEXT] = USUAL("blanks around a value"),
	[QUIRK_CDATA] = USUAL("a CDATA section"),
	[QUIRK_EMPTY_ELEMENT] = USUAL("an element with nothing in it"),
	[QUIRK_REPEATED_ELEMENT] = ODD("an element came twice: the first one counts"),
	[QUIRK_CONFLICTING_ELEMENT] = ODD("the second one says something else"),
	[QUIRK_RETIRED_ELEMENT] = USUAL("elements that are out of use"),
	[QUIRK_TEXT_CUT] = ODD("a text was too long, and was cut"),
	[QUIRK_RESULTS_CUT] = ODD("a list was too long, and was cut"),
	[QUIRK_MANY_RECORDS] = USUAL("more than 100,000 records"),
	[QUIRK_RECORD_BEFORE_METADATA] = ODD("records stand before what they belong to"),
	[QUIRK_UNUSUAL_ORDER] = ODD("the metadata are in another order than in the standards"),
	[QUIRK_NO_ORG_NAME] = ODD("the reporter gives no name: his mail domain stands for it"),
	[QUIRK_ORG_NAME_SPELLING] = USUAL("the reporter's name has capitals or blanks"),
	[QUIRK_NO_REPORT_ID] = ODD("no report id"),
	[QUIRK_ODD_REPORT_ID] = USUAL("the report id holds one of @ $ < >"),
	[QUIRK_ODD_TIMESTAMP] = ODD("a time that is no whole number of seconds"),
	[QUIRK_LONG_PERIOD] = ODD("the period is longer than 26 hours"),
	[QUIRK_PERIOD_OVER_A_DAY] = USUAL("the period is longer than a day"),
	[QUIRK_SHORT_PERIOD] = ODD("the period is shorter than an hour"),
	[QUIRK_EMPTY_PERIOD] = ODD("the period ends when it begins"),
	[QUIRK_REPORTER_ERRORS] = ODD("the reporter tells of errors"),
	[QUIRK_MODES_NOT_SENT] = USUAL("no adkim or no aspf: relaxed"),
	[QUIRK_PCT_NOT_SENT] = USUAL("no pct: 100"),
	[QUIRK_SP_NOT_SENT] = USUAL("no sp: as p"),
	[QUIRK_NP_IN_OLD_SCHEMA] = USUAL("np in a report of an older form"),
	[QUIRK_POLICY_DOMAIN_UNRELATED] = ODD("the policy is of a domain unrelated to From"),
	[QUIRK_NO_RECORDS] = ODD("no records"),
	[QUIRK_BAD_ADDRESS] = ODD("an address that cannot be read"),
	[QUIRK_NO_ADDRESS] = ODD("a record without an address"),
	[QUIRK_ADDRESS_SPELLING] = ODD("an address was spelled in an unusual form"),
	[QUIRK_BAD_COUNT] = ODD("a number of messages that cannot be read: taken for 0"),
	[QUIRK_ZERO_COUNT] = ODD("a record of no messages"),
	[QUIRK_BAD_DOMAIN] = ODD("a name that no domain can have"),
	[QUIRK_DOMAIN_SPELLING] = USUAL("a domain with capitals, a dot at its end, or not in ASCII"),
	[QUIRK_NO_HEADER_FROM] = ODD("a record without a From domain"),
	[QUIRK_NO_ENVELOPE_FROM] = USUAL("no envelope sender"),
	[QUIRK_NO_ENVELOPE_TO] = USUAL("no recipient domain"),
	[QUIRK_ENVELOPE_SPELLING] = ODD("an address where a domain belongs"),
	[QUIRK_IDENTITIES_ALIAS] = ODD("identities in place of identifiers"),
	[QUIRK_UNKNOWN_WORD] = ODD("a word that no standard has: it counts neither as pass nor as fail"),
	[QUIRK_LEGACY_WORD] = ODD("an older word for a result"),
	[QUIRK_WORD_SPELLING] = USUAL("a word with capitals"),
	[QUIRK_DISPOSITION_PASS] = USUAL("disposition pass"),
	[QUIRK_CLAIM_NOT_PASS_OR_FAIL] = ODD("a verdict other than pass and fail"),
	[QUIRK_NO_CLAIM] = ODD("no verdict on SPF or on DKIM"),
	[QUIRK_EMPTY_REASON] = ODD("a reason without a type"),
	[QUIRK_REASON_TEXT] = ODD("a reason that is only text: taken for its type"),
	[QUIRK_REASON_COMMENT] = USUAL("comments on reasons"),
	[QUIRK_NO_POLICY_EVALUATED] = ODD("a record without the reporter's verdict"),
	[QUIRK_NO_AUTH_RESULTS] = ODD("a record without results"),
	[QUIRK_EMPTY_RESULT] = ODD("a result without a domain or without a word"),
	[QUIRK_SEVERAL_SIGNATURES] = USUAL("records with several signatures"),
	[QUIRK_SEVERAL_SPF_RESULTS] = USUAL("records with several SPF results"),
	[QUIRK_NO_SELECTOR] = USUAL("a signature without its selector"),
	[QUIRK_NO_SCOPE] = USUAL("SPF results that do not say of which name"),
	[QUIRK_HELO_SCOPE] = USUAL("SPF results of HELO names"),
	[QUIRK_CLAIM_UNSUPPORTED] = ODD("the reporter says pass, and lists nothing that passes"),
	[QUIRK_CLAIM_CONTRADICTED] = ODD("the reporter's verdict contradicts his results"),
	[QUIRK_DISPOSITION_AGAINST_CLAIM] = ODD("the reporter says pass, and did not deliver"),
	[QUIRK_OVERRIDE_UNEXPLAINED] = ODD("the policy was not applied, without a word why"),
};
/* clang-format on */

const char *quirk_meaning(enum quirk quirk)
{
	return notes[quirk].meaning;
}

bool quirk_is_usual(enum quirk quirk)
{
	return notes[quirk].usual;
}
