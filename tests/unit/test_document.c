/* SPDX-License-Identifier: MIT */
#include "ingest/document.h"

#include "base/buf.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

Test(document, is_known_by_its_first_bytes)
{
	static const struct {
		const char *name;
		struct slice head;
		enum document_kind want;
	} cases[] = {
		{ "nothing", BYTES(""), DOCUMENT_EMPTY },
		{ "absent", { NULL, 0 }, DOCUMENT_EMPTY },
		{ "blanks", BYTES(" \r\n\t"), DOCUMENT_EMPTY },
		{ "a mark and nothing", BYTES("\xef\xbb\xbf"), DOCUMENT_EMPTY },
		{ "NULs", BYTES("\0\0\0\0"), DOCUMENT_EMPTY },
		{ "bare root", BYTES("<feedback>"), DOCUMENT_REPORT },
		{ "root in capitals", BYTES("<FEEDBACK>"), DOCUMENT_REPORT },
		{ "declaration", BYTES("<?xml version=\"1.0\"?>\n<feedback>"), DOCUMENT_REPORT },
		{ "blanks in front", BYTES("\r\n <feedback>"), DOCUMENT_REPORT },
		{ "mark in front", BYTES("\xef\xbb\xbf<feedback>"), DOCUMENT_REPORT },
		{ "mark and blanks", BYTES("\xef\xbb\xbf\n<feedback>"), DOCUMENT_REPORT },
		{ "prefix", BYTES("<d:feedback xmlns:d=\"urn:x\">"), DOCUMENT_REPORT },
		{ "wrapper", BYTES("<wrap><feedback>"), DOCUMENT_REPORT },
		{ "comment", BYTES("<!-- x --><feedback>"), DOCUMENT_REPORT },
		{ "UTF-16, little", BYTES("\xff\xfe<\0f\0e\0e\0d\0b\0a\0c\0k\0"), DOCUMENT_REPORT },
		{ "UTF-16, big", BYTES("\xfe\xff\0<\0f\0e\0e\0d\0b\0a\0c\0k"), DOCUMENT_REPORT },
		{ "UTF-16, no mark", BYTES("<\0f\0e\0e\0d\0b\0a\0c\0k\0"), DOCUMENT_REPORT },
		{ "other root", BYTES("<?xml version=\"1.0\"?><rss/>"), DOCUMENT_XML },
		{ "feedback as text", BYTES("<rss>feedback</rss>"), DOCUMENT_XML },
		{ "HTML", BYTES("<!DOCTYPE html><p>feedback"), DOCUMENT_OTHER },
		{ "HTML that names it", BYTES("<HTML><feedback>"), DOCUMENT_OTHER },
		{ "text before it", BYTES("see <feedback>"), DOCUMENT_OTHER },
		{ "text", BYTES("Hello"), DOCUMENT_OTHER },
		{ "TLS report", BYTES("{\"organization-name\":\"x\"}"), DOCUMENT_TLS_REPORT },
		{ "TLS report, spread", BYTES("{\n \"Organization-Name\" : 1"),
		  DOCUMENT_TLS_REPORT },
		{ "TLS report, its name far behind",
		  BYTES(" \n{ \"policies\": [ { \"policy-string\": []"), DOCUMENT_TLS_REPORT },
		{ "and behind a mark", BYTES("\xEF\xBB\xBF{\"report-id\": 1, \"date-range\": 2"),
		  DOCUMENT_TLS_REPORT },
		{ "one key of many", BYTES("{\"report-id\": 1, \"policy\": 2"), DOCUMENT_OTHER },
		{ "a list", BYTES("[\"report-id\", \"date-range\"]"), DOCUMENT_OTHER },
		{ "JSON behind text", BYTES("x {\"report-id\": 1, \"date-range\": 2"),
		  DOCUMENT_OTHER },
		{ "other JSON", BYTES("{\"a\":1}"), DOCUMENT_OTHER },
		{ "TNEF", BYTES("\x78\x9f\x3e\x22\x01\x00"), DOCUMENT_TNEF },
		{ "TNEF, cut", BYTES("\x78\x9f\x3e"), DOCUMENT_OTHER },
		{ "placeholder", BYTES("unused"), DOCUMENT_PLACEHOLDER },
		{ "placeholder, line", BYTES("Unused\r\n"), DOCUMENT_PLACEHOLDER },
		{ "more than it", BYTES("unused space"), DOCUMENT_OTHER },
		{ "gzip", BYTES("\x1f\x8b\x08"), DOCUMENT_OTHER },
		{ "OLE", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), DOCUMENT_OLE },
		{ "OLE, cut", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A"), DOCUMENT_OTHER },
		{ "failure report", BYTES("Hello\nFeedback-Type: auth-failure\n"),
		  DOCUMENT_FAILURE_REPORT },
		{ "abuse report", BYTES("Feedback-Type: abuse\n"), DOCUMENT_OTHER },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_TEXT(slice_from(document_kind_text(document_sniff(cases[i].head))),
			    document_kind_text(cases[i].want), cases[i].name);
}

Test(document, is_known_by_no_more_than_its_head)
{
	static const size_t ends[] = { DOCUMENT_HEAD_BYTES, DOCUMENT_HEAD_BYTES + 1 };

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		SCOPED(buf) struct buf b = { 0 };

		buf_append_byte(&b, '<');
		while (b.n < ends[i] - 9)
			buf_append_byte(&b, 'x');
		buf_append_text(&b, "<feedback>");
		EXPECT_INT(document_sniff(buf_slice(&b)), i == 0 ? DOCUMENT_REPORT : DOCUMENT_XML,
			   i == 0 ? "the root ends with the head" : "the root ends behind it");
	}
}
