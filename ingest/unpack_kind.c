/* SPDX-License-Identifier: MIT */
#include "ingest/unpack_kind.h"

#include "base/banned.h"

/* RFC 8460 4.4. The key that document_sniff() goes by may stand behind thousands of bytes. */
static const struct slice tls_keys[] = {
	{ "\"report-id\"", 11 },
	{ "\"date-range\"", 12 },
	{ "\"policies\"", 10 },
	{ "\"policy-string\"", 15 },
};

static bool is_tls_report(struct slice head)
{
	const struct slice mark = SLICE("\xEF\xBB\xBF");
	struct slice text = slice_skip_blanks(
		slice_from_offset(head, slice_starts_with(head, mark) ? mark.n : 0));
	unsigned keys = 0;

	if (text.n == 0 || text.p[0] != '{')
		return false;
	for (size_t i = 0; i < COUNT_OF(tls_keys); i++)
		keys += slice_contains_icase(text, tls_keys[i]);
	return keys >= 2;
}

enum document_kind unpack_kind(struct slice head)
{
	enum document_kind kind = document_sniff(head);

	head = slice_prefix(head, DOCUMENT_HEAD_BYTES);
	return kind == DOCUMENT_OTHER && is_tls_report(head) ? DOCUMENT_TLS_REPORT : kind;
}
