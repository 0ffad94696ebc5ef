/* SPDX-License-Identifier: MIT */
#include "reports/task_line.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(task_line, says_what_to_do_about_each_kind)
{
	static const struct {
		enum verdict verdict;
		enum spf_cause spf;
		enum dkim_cause dkim;
		bool failing;
		const char *want;
	} cases[] = {
		{ VERDICT_ALIGNED_BOTH, SPF_ALIGNED, DKIM_ALIGNED, false, "" },
		{ VERDICT_ALIGNED_DKIM_ONLY, SPF_FAIL, DKIM_ALIGNED, true,
		  "Nothing to publish: the reporter failed what passes by its own results" },
		{ VERDICT_ALIGNED_SPF_ONLY, SPF_ALIGNED, DKIM_MISSING, false,
		  "Turn on DKIM signing as a.test at Acme: forwarding breaks SPF" },
		{ VERDICT_SENDER_NOT_AUTHENTICATED, SPF_UNALIGNED_DEFAULT_MAILFROM,
		  DKIM_UNALIGNED_ESP_SIGNATURE, true, "Turn on DKIM signing as a.test at Acme" },
		{ VERDICT_SENDER_NOT_AUTHENTICATED, SPF_FAIL, DKIM_KEY_ERROR, true,
		  "Look at the DKIM key of a.test at Acme" },
		{ VERDICT_STRICT_MODE_MISALIGNMENT, SPF_FAIL, DKIM_STRICT_MISMATCH, true,
		  "Take adkim=s out of the DMARC record, or sign as a.test" },
		{ VERDICT_STRICT_MODE_MISALIGNMENT, SPF_STRICT_MISMATCH, DKIM_MISSING, true,
		  "Take aspf=s out of the DMARC record" },
		{ VERDICT_STRICT_MODE_MISALIGNMENT, SPF_STRICT_MISMATCH, DKIM_STRICT_MISMATCH, true,
		  "Take adkim=s and aspf=s out of the DMARC record, or sign as a.test" },
		{ VERDICT_FORWARDED_BROKEN, SPF_FAIL, DKIM_BROKEN_IN_TRANSIT, true,
		  "Nothing: it was changed on the way" },
		{ VERDICT_FORWARDED_BROKEN, SPF_NONE, DKIM_BROKEN_AT_SOURCE, true,
		  "Look at the DKIM key of a.test at Acme" },
		{ VERDICT_FORWARDED_BROKEN, SPF_FAIL, DKIM_MISSING, true,
		  "Sign it at its source as a.test: forwarded copies then survive" },
		{ VERDICT_OWN_SERVER_NOT_AUTHORISED, SPF_FAIL, DKIM_MISSING, true,
		  "Let the server sign, and list it in SPF, if it is yours" },
		{ VERDICT_OWN_SERVER_NOT_AUTHORISED, SPF_PERMERROR, DKIM_BROKEN_AT_SOURCE, true,
		  "Look at the server's DKIM key, and mend the SPF record, if it is yours" },
		{ VERDICT_UNKNOWN_SENDER, SPF_UNALIGNED_OTHER_DOMAIN, DKIM_MISSING, true,
		  "Find out who it is; publish nothing before" },
		{ VERDICT_UNDETERMINED, SPF_ABSENT, DKIM_UNREPORTED, true,
		  "Nothing: the reporter does not say enough" },
		{ VERDICT_LIKELY_SPOOF, SPF_FAIL, DKIM_MISSING, true,
		  "Nothing: p=reject is for this" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct task_subject subject = {
			.verdict = cases[i].verdict,
			.spf_cause = cases[i].spf,
			.dkim_cause = cases[i].dkim,
			.service = SLICE("Acme"),
			.header_from = SLICE("a.test"),
			.failing = cases[i].failing,
		};
		SCOPED(buf) struct buf line = { 0 };

		task_line_append(&line, &subject);
		EXPECT_TEXT(buf_slice(&line), cases[i].want, verdict_text(cases[i].verdict));
		EXPECT_INT(task_line_is_work(&subject),
			   line.n > 0 && strncmp(cases[i].want, "Nothing", 7) != 0, cases[i].want);
	}
}

/* Total: every verdict that fails says something, whatever its causes, and nothing is left open in it. */
Test(task_line, knows_every_kind)
{
	for (unsigned v = 0; v < verdict_count; v++) {
		for (unsigned d = 0; d < dkim_cause_count; d++) {
			const struct task_subject subject = {
				.verdict = (enum verdict)v,
				.spf_cause = SPF_FAIL,
				.dkim_cause = (enum dkim_cause)d,
				.failing = true,
			};
			SCOPED(buf) struct buf line = { 0 };

			task_line_append(&line, &subject);
			EXPECT_INT(line.n > 10, true, verdict_text(subject.verdict));
			EXPECT_INT(slice_find(buf_slice(&line), '{'), line.n,
				   verdict_text(subject.verdict));
		}
	}
}
