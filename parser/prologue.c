/* SPDX-License-Identifier: MIT */
#include "parser/prologue.h"

#include "base/banned.h"

/* libxml2 leaves `standalone` at this where there was no declaration. */
enum { NOT_DECLARED = -1 };

enum quirk namespace_quirk(struct slice uri)
{
	if (slice_equal(uri, SLICE(NAMESPACE_RFC9990)))
		return QUIRK_RFC9990_NAMESPACE;
	return slice_equal(uri, SLICE(NAMESPACE_DRAFT)) ? QUIRK_DRAFT_NAMESPACE
							: QUIRK_OTHER_NAMESPACE;
}

static bool is_utf16_mark(struct slice mark)
{
	return slice_starts_with(mark, SLICE("\xFE\xFF")) ||
		slice_starts_with(mark, SLICE("\xFF\xFE"));
}

static bool is_ascii_or_utf8(struct slice encoding)
{
	return encoding.n == 0 || slice_equal_icase(encoding, SLICE("UTF-8")) ||
		slice_equal_icase(encoding, SLICE("US-ASCII"));
}

void prologue_note(const xmlParserCtxt *xml, struct slice mark, struct quirks *quirks)
{
	const xmlChar *name = xml->encoding ? xml->encoding : xml->input->encoding;
	/* UTF-16 without a mark shows by the NULs beside its first characters */
	bool wide = is_utf16_mark(mark) || slice_find(mark, '\0') < mark.n;

	if (xml->input->standalone == NOT_DECLARED)
		quirks_add(quirks, QUIRK_NO_XML_DECLARATION);
	if (is_utf16_mark(mark) || slice_starts_with(mark, SLICE("\xEF\xBB\xBF")))
		quirks_add(quirks, QUIRK_BYTE_ORDER_MARK);
	if (wide || !is_ascii_or_utf8(slice_from((const char *)name)))
		quirks_add(quirks, QUIRK_OTHER_ENCODING);
}
