/* SPDX-License-Identifier: MIT */
#include "parser/origin.h"

#include "base/buf.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(origin, .init = domains_setup, .fini = domains_teardown);

Test(origin, of_a_report)
{
	static const struct {
		const char *from, *org_name, *email;
		enum origin origin;
	} cases[] = {
		/* what real ones look like */
		{ "google.com", "google.com", "noreply-dmarc-support@google.com", ORIGIN_FITS },
		{ "google.com", "Google Inc.", "noreply-dmarc-support@google.com", ORIGIN_FITS },
		{ "microsoft.com", "Enterprise Outlook", "dmarcreport@microsoft.com", ORIGIN_FITS },
		{ "microsoft.com", "Outlook.com", "dmarcreport@microsoft.com", ORIGIN_FITS },
		{ "dmarc.yahoo.com", "Yahoo", "dmarchelp@yahooinc.com", ORIGIN_FITS },
		{ "dmarc.yahoo.com", "Yahoo! Inc.", "postmaster@dmarc.yahoo.com", ORIGIN_FITS },
		{ "abuse.aol.com", "AOL", "abuse_dmarc@abuse.aol.com", ORIGIN_FITS },
		{ "amazonses.com", "AMAZON-SES", "postmaster@amazonses.com", ORIGIN_FITS },
		{ "eu-1.mimecastreport.com", "Mimecast", "no-reply@eu-1.mimecastreport.com",
		  ORIGIN_FITS },
		{ "eu-1.mimecastreport.com", "mimecast.org", "no-reply@eu-1.mimecastreport.com",
		  ORIGIN_FITS },
		{ "sicher.web.de", "WEB.DE", "noreply-dmarc@sicher.web.de", ORIGIN_FITS },
		{ "sicher.gmx.net", "GMX", "noreply-dmarc@sicher.gmx.net", ORIGIN_FITS },
		{ "corp.mail.ru", "Mail.Ru", "dmarc_support@corp.mail.ru", ORIGIN_FITS },
		{ "fastmaildmarc.com", "Fastmail Pty Ltd", "reports@fastmaildmarc.com",
		  ORIGIN_FITS },
		{ "kddi.com", "kddi.com", "dmarc-report@kddi.com", ORIGIN_FITS },
		{ "yahoo.co.jp", "yahoo.co.jp", "postmaster@yahoo.co.jp", ORIGIN_FITS },
		/* of others one of the two is enough */
		{ "post.spedition.example", "spedition.example", "x@elsewhere.example",
		  ORIGIN_FITS },
		{ "gateway.example", "customer.example", "dmarc@reports.gateway.example",
		  ORIGIN_FITS },
		{ "werke-musterstaedt.example", "Gemeindewerke Musterst\xC3\xA4\x64t",
		  "postmaster@werke-musterstaedt.example", ORIGIN_FITS },
		{ "xn--bcher-kva.example", "B\xC3\xBC\x63her.example", NULL, ORIGIN_FITS },
		{ "reporter.example", "Reporter", "\"a@b\" <x@reporter.example>", ORIGIN_FITS },
		{ "other.example", "Reporter", "x@reporter.example", ORIGIN_DOES_NOT_FIT },
		{ "other.example", "reporter.example", "x@reporter.example", ORIGIN_DOES_NOT_FIT },
		{ "other.example", "reporter.example", NULL, ORIGIN_DOES_NOT_FIT },
		{ "other.co.uk", "reporter.co.uk", "x@reporter.co.uk", ORIGIN_DOES_NOT_FIT },
		/* in another's name */
		{ "evil.example", "google.com", "noreply-dmarc-support@google.com",
		  ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "google.com", "x@evil.example", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "mail.Google.com.", "x@evil.example", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", " GOOGLE  Reports", "x@evil.example", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "google", "x@evil.example", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "Enterprise Outlook", "x@evil.example", ORIGIN_DOES_NOT_FIT },
		{ "google.com.evil.example", "google.com", "x@google.com", ORIGIN_DOES_NOT_FIT },
		{ "microsoft.com", "google.com", "x@microsoft.com", ORIGIN_DOES_NOT_FIT },
		/* another word is another name */
		{ "evil.example", "Googleplex", "x@evil.example", ORIGIN_FITS },
		/* nothing to go by */
		{ NULL, "google.com", "x@google.com", ORIGIN_NOT_KNOWN },
		{ "", "google.com", "x@google.com", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "unknown", NULL, ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "", "", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "evil", "evil.example", ORIGIN_DOES_NOT_FIT },
		{ "evil.example", "x", "a@", ORIGIN_DOES_NOT_FIT },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct mail_origin mail = { .from_domain = (char *)(uintptr_t)cases[i].from };
		const struct report report = { .org_name = slice_from(cases[i].org_name),
					       .email = slice_from(cases[i].email) };
		enum origin origin = origin_of_report(domains, &mail, &report);

		cr_expect(origin == cases[i].origin, "%zu: From %s of %s: %s", i,
			  cases[i].from ? cases[i].from : "nobody", cases[i].org_name,
			  origin_text(origin));
	}
}

Test(origin, a_trusted_server_has_its_say)
{
	static const struct {
		const char *from;
		enum proof proof;
		enum origin origin;
	} cases[] = {
		{ "google.com", PROOF_PASS, ORIGIN_AUTHENTICATED },
		{ "google.com", PROOF_NONE, ORIGIN_FITS },
		{ "google.com", PROOF_FAIL, ORIGIN_FAILED },
		{ "evil.example", PROOF_PASS, ORIGIN_DOES_NOT_FIT },
		{ "evil.example", PROOF_NONE, ORIGIN_DOES_NOT_FIT },
		{ "evil.example", PROOF_FAIL, ORIGIN_FAILED },
		{ NULL, PROOF_NOT_TOLD, ORIGIN_NOT_KNOWN },
	};
	const struct report report = { .org_name = SLICE("google.com") };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct mail_origin mail = { .from_domain = (char *)(uintptr_t)cases[i].from,
						  .proof = cases[i].proof };

		EXPECT_INT(origin_of_report(domains, &mail, &report), cases[i].origin,
			   proof_text(cases[i].proof));
	}
}

Test(origin, a_report_that_was_handed_on)
{
	static const struct {
		const char *from;
		enum proof proof;
		enum origin origin;
	} cases[] = {
		{ "office.example.com", PROOF_NOT_TOLD, ORIGIN_NOT_KNOWN },
		{ "example.com", PROOF_PASS, ORIGIN_NOT_KNOWN },
		{ "example.com", PROOF_FAIL, ORIGIN_FAILED },
		{ "evil.example", PROOF_PASS, ORIGIN_DOES_NOT_FIT },
		{ "", PROOF_NOT_TOLD, ORIGIN_DOES_NOT_FIT },
		{ "google.com", PROOF_NOT_TOLD, ORIGIN_FITS },
	};
	struct report report = { .org_name = SLICE("google.com"),
				 .policy = { .domain = SLICE("example.com") } };

	quirks_add(&report.quirks, QUIRK_FORWARDED_MESSAGE);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct mail_origin mail = { .from_domain = (char *)(uintptr_t)cases[i].from,
						  .proof = cases[i].proof };

		EXPECT_INT(origin_of_report(domains, &mail, &report), cases[i].origin,
			   cases[i].from);
	}
}

Test(origin, domains_are_folded_or_dropped)
{
	static const struct {
		struct slice given;
		const char *want;
	} cases[] = {
		{ { "Example.COM", 11 }, "example.com" },
		{ { "example.com.", 12 }, "example.com" },
		{ { "b\xC3\xBC\x63her.example", 15 }, "xn--bcher-kva.example" },
		{ { "localhost", 9 }, "" },
		{ { "[192.0.2.1]", 11 }, "" },
		{ { "a b.example", 11 }, "" },
		{ { "a\x1b[31m.example", 14 }, "" },
		{ { "a\xff.example", 10 }, "" },
		{ { "a\0b.example", 11 }, "" },
		{ { "", 0 }, "" },
		{ { NULL, 0 }, "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct mail_origin o = { 0 };

		mail_origin_set_from(&o, cases[i].given);
		EXPECT_TEXT(slice_from(o.from_domain), cases[i].want, cases[i].want);
		mail_origin_release(&o);
	}
}

Test(origin, a_domain_at_the_limit_and_past_it)
{
	for (size_t n = 252; n <= 256; n++) {
		struct mail_origin o = { 0 };
		char name[300];

		for (size_t i = 0; i < n; i++)
			name[i] = i % 60 == 59 ? '.' : 'a';
		mail_origin_set_from(&o, slice_of(name, n));
		EXPECT_INT(strlen(o.from_domain) > 0, n <= 253, "kept");
		mail_origin_release(&o);
	}
}
