/* SPDX-License-Identifier: MIT */
#include "ingest/unpack_kind.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(unpack_kind, knows_a_tls_report_by_two_of_its_keys)
{
	static const struct {
		const char *head;
		enum document_kind kind;
	} cases[] = {
		{ "{\"organization-name\": 1", DOCUMENT_TLS_REPORT },
		{ " \n{ \"policies\": [ { \"policy-string\": []", DOCUMENT_TLS_REPORT },
		{ "\xEF\xBB\xBF{\"report-id\": 1, \"date-range\": 2", DOCUMENT_TLS_REPORT },
		{ "{\"report-id\": 1, \"x\": \"policies\"", DOCUMENT_TLS_REPORT },
		{ "{\"report-id\": 1, \"policy\": 2", DOCUMENT_OTHER },
		{ "[\"report-id\", \"date-range\"]", DOCUMENT_OTHER },
		{ "x {\"report-id\": 1, \"date-range\": 2", DOCUMENT_OTHER },
		{ "<feedback> {\"report-id\": 1, \"date-range\": 2", DOCUMENT_REPORT },
		{ "{", DOCUMENT_OTHER },
		{ "", DOCUMENT_EMPTY },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(unpack_kind(slice_from(cases[i].head)), cases[i].kind, cases[i].head);
}
