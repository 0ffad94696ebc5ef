/* SPDX-License-Identifier: MIT */
#include "ingest/document.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(document_kind, DOCUMENT_KIND_LIST)

/*
 * The head without a byte order mark and without NULs (UTF-16 then reads like ASCII): where there are
 * any, a copy in the array.
 */
static struct slice plain_text(struct slice head, char array[static DOCUMENT_HEAD_BYTES])
{
	size_t n = 0;

	if (slice_starts_with(head, SLICE("\xEF\xBB\xBF")))
		head = slice_from_offset(head, 3);
	else if (slice_starts_with(head, SLICE("\xFF\xFE")) ||
		 slice_starts_with(head, SLICE("\xFE\xFF")))
		head = slice_from_offset(head, 2);
	head = slice_prefix(head, DOCUMENT_HEAD_BYTES);
	if (slice_find(head, '\0') == head.n)
		return slice_trim(head);
	for (size_t i = 0; i < head.n; i++) {
		if (head.p[i] != '\0')
			array[n++] = head.p[i];
	}
	return slice_trim(slice_of(array, n));
}

static bool is_html(struct slice text)
{
	return slice_starts_with_icase(text, SLICE("<!doctype html")) ||
		slice_starts_with_icase(text, SLICE("<html"));
}

/* Something stands before the XML, but what follows is no prose about it. */
static bool is_report_in_disorder(struct slice text)
{
	return slice_contains_icase(text, SLICE("<feedback")) &&
		slice_contains_icase(text, SLICE("<report_metadata>")) &&
		slice_contains_icase(text, SLICE("<org_name>"));
}

static const struct {
	struct slice magic;
	enum document_kind kind;
} magics[] = {
	{ { "\x78\x9F\x3E\x22", 4 }, DOCUMENT_TNEF },
	{ { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 }, DOCUMENT_OLE },
};

/* What programs write that send failure reports as mere text, and what stands in all others. */
static const struct slice failure_phrases[] = {
	{ "feedback-type: auth-failure", 27 },
	{ "authentication failure report for an email", 42 },
	{ "authentication-failure report for an email", 42 },
	{ "a message claiming to be from you has failed", 44 },
};

static bool is_failure_report(struct slice text)
{
	for (size_t i = 0; i < COUNT_OF(failure_phrases); i++) {
		if (slice_contains_icase(text, failure_phrases[i]))
			return true;
	}
	return false;
}

/* RFC 8460 4.4: by any two of its other keys, too, since the name may stand behind thousands of bytes. */
static bool is_tls_report(struct slice text)
{
	static const struct slice keys[] = {
		{ "\"report-id\"", 11 },
		{ "\"date-range\"", 12 },
		{ "\"policies\"", 10 },
		{ "\"policy-string\"", 15 },
	};
	unsigned found = 0;

	if (text.p[0] != '{')
		return false;
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		found += slice_contains_icase(text, keys[i]);
	return found >= 2 || slice_contains_icase(text, SLICE("\"organization-name\""));
}

static enum document_kind sniff_text(struct slice text)
{
	if (is_report_in_disorder(text))
		return DOCUMENT_REPORT;
	return is_failure_report(text) ? DOCUMENT_FAILURE_REPORT : DOCUMENT_OTHER;
}

enum document_kind document_sniff(struct slice head)
{
	UNINITIALISED char array[DOCUMENT_HEAD_BYTES];
	struct slice text = plain_text(head, array);

	if (text.n == 0)
		return DOCUMENT_EMPTY;
	for (size_t i = 0; i < COUNT_OF(magics); i++) {
		if (slice_starts_with(head, magics[i].magic))
			return magics[i].kind;
	}
	if (slice_equal_icase(text, SLICE("unused")))
		return DOCUMENT_PLACEHOLDER;
	if (is_tls_report(text))
		return DOCUMENT_TLS_REPORT;
	if (is_html(text))
		return DOCUMENT_OTHER;
	if (text.p[0] != '<')
		return sniff_text(text);
	/* the root may carry a prefix, and a wrapper may stand before it */
	if (slice_contains_icase(text, SLICE("<feedback")) ||
	    slice_contains_icase(text, SLICE(":feedback")))
		return DOCUMENT_REPORT;
	return DOCUMENT_XML;
}

bool document_begins_with_markup(struct slice head)
{
	UNINITIALISED char array[DOCUMENT_HEAD_BYTES];

	return slice_starts_with(plain_text(head, array), SLICE("<"));
}

bool document_is_unsupported(enum document_kind kind)
{
	return kind == DOCUMENT_TLS_REPORT || kind == DOCUMENT_FAILURE_REPORT ||
		kind == DOCUMENT_TNEF || kind == DOCUMENT_OLE;
}
