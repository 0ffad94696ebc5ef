/* SPDX-License-Identifier: MIT */
#include "ingest/mail_kind.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(mail_kind, is_told_by_types)
{
	static const struct {
		const char *type;
		enum mail_kind kind;
	} cases[] = {
		{ "message/feedback-report", MAIL_FAILURE_REPORT },
		{ "Message/Delivery-Status", MAIL_BOUNCE },
		{ "message/global-delivery-status", MAIL_BOUNCE },
		{ "message/disposition-notification", MAIL_RECEIPT },
		{ "message/global-disposition-notification", MAIL_RECEIPT },
		{ "application/tlsrpt+gzip", MAIL_TLS_REPORT },
		{ "application/tlsrpt+json", MAIL_TLS_REPORT },
		{ "application/ms-tnef", MAIL_TNEF },
		{ "application/vnd.ms-tnef", MAIL_TNEF },
		{ "application/vnd.ms-outlook", MAIL_OUTLOOK },
		{ "application/vnd.ms-outlook-x", MAIL_ORDINARY },
		{ "text/plain", MAIL_ORDINARY },
		{ "", MAIL_ORDINARY },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(mail_kind_of_type(slice_from(cases[i].type)), cases[i].kind,
			   cases[i].type);
}

Test(mail_kind, is_told_by_the_type_of_a_report)
{
	static const struct {
		const char *type;
		enum mail_kind kind;
	} cases[] = {
		{ "feedback-report", MAIL_FAILURE_REPORT },
		{ "delivery-status", MAIL_BOUNCE },
		{ "DISPOSITION-NOTIFICATION", MAIL_RECEIPT },
		{ "tlsrpt", MAIL_TLS_REPORT },
		{ "other", MAIL_ORDINARY },
		{ NULL, MAIL_ORDINARY },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(mail_kind_of_report_type(slice_from(cases[i].type)), cases[i].kind,
			   cases[i].type ? cases[i].type : "absent");
}

static enum mail_kind kind_of(const char *name, const char *value)
{
	for (size_t i = 0; mail_kind_field(i); i++) {
		if (slice_equal_icase(slice_from(name), slice_from(mail_kind_field(i))))
			return mail_kind_of_field(i, slice_from(value));
	}
	return MAIL_ORDINARY;
}

Test(mail_kind, is_told_by_the_header)
{
	static const struct {
		const char *name, *value;
		enum mail_kind kind;
	} cases[] = {
		{ "Auto-Submitted", "auto-replied (vacation)", MAIL_AUTO_REPLY },
		{ "Auto-Submitted", "auto-generated", MAIL_ORDINARY },
		{ "Auto-Submitted", "no", MAIL_ORDINARY },
		{ "X-Autoreply", "yes", MAIL_AUTO_REPLY },
		{ "X-Autorespond", "", MAIL_AUTO_REPLY },
		{ "Precedence", "auto_reply", MAIL_AUTO_REPLY },
		{ "Precedence", "bulk", MAIL_ORDINARY },
		{ "From", "Mail System <MAILER-DAEMON@mx.example>", MAIL_BOUNCE },
		{ "From", "dmarc@reporter.example", MAIL_ORDINARY },
		{ "X-Failed-Recipients", "a@example.com", MAIL_BOUNCE },
		{ "TLS-Report-Domain", "example.com", MAIL_TLS_REPORT },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(kind_of(cases[i].name, cases[i].value), cases[i].kind, cases[i].value);
}

Test(mail_kind, is_unsupported_if_it_reports_or_hides_something)
{
	static const bool want[mail_kind_count] = {
		[MAIL_FAILURE_REPORT] = true,
		[MAIL_TLS_REPORT] = true,
		[MAIL_TNEF] = true,
		[MAIL_OUTLOOK] = true,
	};

	for (int kind = 0; kind < mail_kind_count; kind++)
		cr_expect(mail_kind_is_unsupported((enum mail_kind)kind) == want[kind], "%s",
			  mail_kind_text((enum mail_kind)kind));
}
