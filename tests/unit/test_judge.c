/* SPDX-License-Identifier: MIT */
/* One row a case: what a report says, and what must be made of it. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "parser/limits.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

#define B32_A "ob2ngm2abcdefghijklmnopqrstuvwxy"
#define B32_B "ihchhvubuqgjsxyuhssfvqohv7z3u4hn"

struct want {
	const char *
		service; /* "kaizen", "kaizen on amazon-ses", "mailchimp via cloudflare-email-routing" */
	const char *path;
	const char *spf, *dkim;
	const char *verdict;
	const char *flags; /* all of them, with blanks; NULL: host-not-looked-up aside, none */
};

struct judge_test {
	const char *name;
	struct judge_row row;
	struct want want;
};

static void append_sender(struct buf *b, const char *before, const struct sender *sender)
{
	buf_printf(b, "%s%.*s", before, SLICE_ARG(sender->id));
}

/* The service, its infrastructure where that is another, the last hop where it is neither. */
static void append_service(struct buf *b, const struct judgement *j)
{
	if (j->service)
		append_sender(b, "", j->service);
	else
		buf_append_text(b, "-");
	if (j->infrastructure && j->infrastructure != j->service)
		append_sender(b, " on ", j->infrastructure);
	if (j->last_hop && j->last_hop != j->service && j->last_hop != j->infrastructure)
		append_sender(b, " via ", j->last_hop);
}

static void append_flags(struct buf *b, const struct judgement *j)
{
	for (int flag = 0; flag < judge_flag_count; flag++) {
		if (!judgement_has(j, (enum judge_flag)flag) ||
		    flag == (int)JUDGE_FLAG_HOST_NOT_LOOKED_UP)
			continue;
		buf_printf(b, " %s", judge_flag_text((enum judge_flag)flag));
	}
}

static void describe(struct buf *b, const struct judgement *j)
{
	append_service(b, j);
	buf_printf(b, "; %s; %s; %s; %s;", path_text(j->path), spf_cause_text(j->spf_cause),
		   dkim_cause_text(j->dkim_cause), verdict_text(j->verdict));
	append_flags(b, j);
}

static void describe_want(struct buf *b, const struct want *w)
{
	buf_printf(b, "%s; %s; %s; %s; %s;", w->service, w->path, w->spf, w->dkim, w->verdict);
	if (w->flags)
		buf_printf(b, " %s", w->flags);
}

static void check_rows(const struct judge_test *tests, size_t count)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < count; i++) {
		SCOPED(buf) struct buf got = { 0 };
		SCOPED(buf) struct buf want = { 0 };
		struct judge_case c;
		struct judgement j = judge_row_judge(&judge, &tests[i].row, &c);

		describe(&got, &j);
		describe_want(&want, &tests[i].want);
		cr_expect_str_eq(buf_text(&got), buf_text(&want), "%s:\n got  %s\n want %s",
				 tests[i].name, buf_text(&got), buf_text(&want));
	}
	judge_rows_close(&judge);
}

/* clang-format off */
static const struct judge_test vectors[] = {
	{ "1 SES done right",
	  { "urbackup.org", "a4-3.smtp-out.eu-west-1.amazonses.com", "bounce.urbackup.org pass",
	    "urbackup.org " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/pass" },
	  { "amazon-ses", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "2 SES, Easy DKIM only",
	  { "example.com", "a27-42.smtp-out.us-west-2.amazonses.com", "us-west-2.amazonses.com pass",
	    "example.com " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/fail" },
	  { "amazon-ses", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned",
	    "aligned-dkim-only", NULL } },
	{ "3 SES, nothing set up",
	  { "example.com", "a9-92.smtp-out.amazonses.com", "amazonses.com pass",
	    "amazonses.com " B32_B " pass", .claim = "fail/fail" },
	  { "amazon-ses", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", NULL } },
	{ "4 custom send domain under aspf=s",
	  { "oxfordstones.co.uk", "a90-129.smtp-out.eu-west-1.amazonses.com",
	    "email.oxfordstones.co.uk pass",
	    "oxfordstones.co.uk " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/fail",
	    .policy = "adkim=s aspf=s" },
	  { "amazon-ses", "direct", "spf-strict-mismatch", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "6 Kaizen before the customer's DNS is done",
	  { "trust.example.org", "a3-4.smtp-out.eu-west-1.amazonses.com", "mailie.kaizenep.com pass",
	    "kaizenep.com " B32_A " pass, amazonses.com " B32_B " pass", .claim = "fail/fail" },
	  { "kaizen on amazon-ses", "direct", "spf-unaligned-default-mailfrom",
	    "dkim-unaligned-esp-signature", "sender-not-authenticated", NULL } },
	{ "7 SECUTIX done right",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com pass", "mosamuseum.com stxsel1 pass",
	    .claim = "pass/pass" },
	  { "secutix", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "8 SECUTIX, include missing, signing not enabled",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com softfail", .claim = "fail/fail" },
	  { "secutix", "direct", "spf-fail", "dkim-missing", "sender-not-authenticated", NULL } },
	{ "9 SpotMe's Mandrill leg without its two CNAMEs",
	  { "events.example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", NULL } },
	{ "11 Google Workspace, DKIM key never set up",
	  { "example.com", "mail-lf1-f47.google.com", "example.com pass",
	    "example-com.20230601.gappssmtp.com 20230601 pass", .claim = "fail/pass" },
	  { "google-workspace", "direct", "spf-aligned", "dkim-unaligned-esp-signature",
	    "aligned-spf-only", NULL } },
	{ "13 Mailchimp done right",
	  { "example.com", "mail148.suw18.rsgsv.net", "mail148.suw18.rsgsv.net pass",
	    "mcc.mcsv.net k1 pass, example.com k3 pass", .claim = "pass/fail" },
	  { "mailchimp", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned",
	    "aligned-dkim-only", NULL } },
	{ "14 the same mail forwarded by Cloudflare Email Routing",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.example.net pass",
	    "mcc.mcsv.net k1 pass, example.com k3 pass, cloudflare-email.net cf2024-1 pass, "
	    "friend.example.net cf2024-1 pass", .claim = "pass/fail" },
	  { "mailchimp via cloudflare-email-routing", "indirect", "spf-unaligned-forwarder",
	    "dkim-aligned", "forwarded-dkim-survived", NULL } },
	{ "15 Google mail forwarded by a third party's Microsoft 365, DKIM broken",
	  { "example.com", "mail-am6eur05on2061.outbound.protection.outlook.com", "example.com fail",
	    "example.com google fail", .claim = "fail/fail" },
	  { "microsoft-365", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken",
	    NULL } },
	{ "17 spoof: nothing passes, no name",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject",
	    .disposition = "reject" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "19 own SPF record over 10 look-ups",
	  { "example.com", "mail-lf1-f47.google.com", "example.com permerror", "example.com google pass",
	    .claim = "pass/fail" },
	  { "google-workspace", "direct", "spf-permerror", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "21 reporter writes raw SPF into policy_evaluated",
	  { "example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/pass" },
	  { "mandrill", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", "reporter-disagrees-spf" } },
	{ "24 adkim=s: parent signs for a subdomain From",
	  { "news.example.com", "mta-81-96.sparkpostmail.com", "sparkpostmail.com pass",
	    "example.com scph0717 pass", .claim = "fail/fail", .policy = "adkim=s" },
	  { "sparkpost", "direct", "spf-unaligned-default-mailfrom", "dkim-strict-mismatch",
	    "strict-mode-misalignment", NULL } },
};
/* clang-format on */

Test(judge, vectors)
{
	check_rows(vectors, COUNT_OF(vectors));
}

/* clang-format off */
#define NOT_SET_UP "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature"

static const struct judge_test traps[] = {
	{ "suffix, not substring",
	  { "example.com", "a1.amazonses.com.evil.test", "amazonses.com.evil.test pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
	{ "suffix on a label boundary",
	  { "example.com", "mail.notamazonses.com", "notamazonses.com pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
	{ "suffix from the right: a customer's name inside SparkPost's",
	  { "example.com", "mta-174-81-113.atlassian.net.sparkpostmail.com", "sparkpostmail.com pass",
	    .claim = "fail/fail" },
	  { "sparkpost", "direct", "spf-unaligned-default-mailfrom", "dkim-missing",
	    "sender-not-authenticated", NULL } },
	{ "the longer suffix wins: SparkPost EU",
	  { "example.com", NULL, "eu.sparkpostmail.com pass", .claim = "fail/fail" },
	  { "sparkpost-eu", "direct", "spf-unaligned-default-mailfrom", "dkim-missing",
	    "sender-not-authenticated", NULL } },
	{ "one tenant of onmicrosoft.com is not another's owner",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail",
	    .owned = "contoso.onmicrosoft.com" },
	  { "microsoft-365", "direct", "spf-unaligned-other-domain", "dkim-unaligned-esp-signature",
	    "unknown-sender", NULL } },
	{ "the tenant that the owner added is his",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "contoso.onmicrosoft.com selector1 pass", .claim = "fail/fail",
	    .owned = "contoso.onmicrosoft.com" },
	  { "microsoft-365", "direct", "spf-unaligned-other-domain", "dkim-unaligned-own-other-domain",
	    "sender-not-authenticated", NULL } },
	{ "below a public suffix: the own name aligns",
	  { "oxfordstones.co.uk", NULL, "email.oxfordstones.co.uk pass", .claim = "fail/pass" },
	  { "-", "direct", "spf-aligned", "dkim-missing", "aligned-spf-only", NULL } },
	{ "below a public suffix: a neighbour does not",
	  { "oxfordstones.co.uk", NULL, "mail.rival.co.uk pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
	{ "a private suffix: two shops are two organisations",
	  { "store.myshopify.com", NULL, "other.myshopify.com pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
	{ "EC2 is not SES",
	  { "example.com", "ec2-192-0-2-1.eu-west-1.compute.amazonaws.com", "example.com fail",
	    .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "Google Cloud is not Workspace",
	  { "example.com", "1.2.0.192.bc.googleusercontent.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "Azure is not Microsoft 365",
	  { "example.com", "vm.westeurope.cloudapp.azure.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "OVH's rented servers are not OVH mail",
	  { "example.com", "vps-1.vps.ovh.net", "example.com fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "second signature beside an aligned one: Mandrill",
	  { "example.com", NULL, "mandrillapp.com pass", "mandrillapp.com mte1 pass, example.com mte1 pass",
	    .claim = "pass/fail" },
	  { "mandrill", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned", "aligned-dkim-only",
	    NULL } },
	{ "second signature beside an aligned one: SendGrid",
	  { "example.com", NULL, "em1.example.com pass", "example.com s1 pass, sendgrid.info smtpapi pass",
	    .claim = "pass/pass" },
	  { "sendgrid", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "second signature beside an aligned one: Postmark",
	  { "example.com", NULL, "pm.mtasv.net pass",
	    "example.com 20240101000000pm pass, pm.mtasv.net pm20240101 pass", .claim = "pass/fail" },
	  { "postmark", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned", "aligned-dkim-only",
	    NULL } },
	{ "second signature beside an aligned one: Fastmail",
	  { "example.com", NULL, "example.com pass", "example.com fm1 pass, messagingengine.com fm1 pass",
	    .claim = "pass/pass" },
	  { "fastmail", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "weak selector s1", { "example.com", NULL, NULL, "example.com s1 pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector k1", { "example.com", NULL, NULL, "example.com k1 pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector google", { "example.com", NULL, NULL, "example.com google pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector selector1",
	  { "example.com", NULL, NULL, "example.com selector1 pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector mail", { "example.com", NULL, NULL, "example.com mail pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector api", { "example.com", NULL, NULL, "example.com api pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector cm", { "example.com", NULL, NULL, "example.com cm pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "weak selector base32", { "example.com", NULL, NULL, "example.com " B32_A " pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "an unconfirmed name decides nothing",
	  { "example.com", "~a9-92.smtp-out.amazonses.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "an unconfirmed name under ours makes no server of ours",
	  { "example.com", "~mx.example.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "Campaign Monitor's family of domains",
	  { "example.com", "mail1.cmail19.com", "cmail7.com pass", "cmail23.com cm pass", .claim = "fail/fail" },
	  { "campaign-monitor", "direct", NOT_SET_UP, "sender-not-authenticated", NULL } },
	{ "a name that only looks like the family",
	  { "example.com", NULL, "cmailx.com pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
};

static const struct judge_test attributions[] = {
	{ "anybody may choose a selector: d=evil.test s=mte1",
	  { "example.com", NULL, "evil.test pass", "evil.test mte1 pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-unaligned-other-domain", "unknown-sender",
	    NULL } },
	{ "the same from Mandrill's machines: an account for somebody else",
	  { "example.com", "mail1.mandrillapp.com", "evil.test pass", "evil.test mte1 pass",
	    .claim = "fail/fail" },
	  { "mandrill", "direct", "spf-unaligned-other-domain", "dkim-unaligned-other-domain",
	    "sender-not-authenticated", NULL } },
	{ "a unique selector on our domain names the service: Resend on SES",
	  { "example.com", "a9-1.smtp-out.amazonses.com", "send.example.com pass",
	    "example.com resend pass, amazonses.com " B32_B " pass", .claim = "pass/pass" },
	  { "resend on amazon-ses", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "an application seen by its machines stands above what signed for it",
	  { "example.com", "mta1.atlassian.net", "sparkpostmail.com pass", "sparkpostmail.com scph0717 pass",
	    .claim = "fail/fail" },
	  { "atlassian on sparkpost", "direct", NOT_SET_UP, "sender-not-authenticated", NULL } },
	{ "a service before a mailbox provider that relays it",
	  { "example.com", NULL, "mandrillapp.com pass", "contoso.onmicrosoft.com selector1 pass",
	    .claim = "fail/fail" },
	  { "mandrill", "direct", NOT_SET_UP, "sender-not-authenticated", NULL } },
	{ "the machine does not outweigh a signature",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "example.com pass",
	    "contoso.onmicrosoft.com selector1 pass", .claim = "fail/pass" },
	  { "microsoft-365 via sendgrid", "direct", "spf-aligned", "dkim-unaligned-esp-signature",
	    "aligned-spf-only", NULL } },
	{ "gateway in front of a mailbox: an aligned envelope makes it direct",
	  { "example.com", "mx0a-00123456.pphosted.com", "example.com pass",
	    "contoso.onmicrosoft.com selector1 pass", .claim = "fail/pass" },
	  { "microsoft-365 via proofpoint", "direct", "spf-aligned", "dkim-unaligned-esp-signature",
	    "aligned-spf-only", NULL } },
	{ "a gateway is never the sender",
	  { "example.com", "mx0a-00123456.pphosted.com", "example.com pass", .claim = "fail/pass" },
	  { "- via proofpoint", "direct", "spf-aligned", "dkim-missing", "aligned-spf-only", NULL } },
	{ "a failing signature names nobody",
	  { "example.com", NULL, "example.com fail", "mandrillapp.com mte1 fail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-nonpass-other-domain", "likely-spoof", NULL } },
	{ "a failing envelope names nobody",
	  { "example.com", NULL, "mandrillapp.com softfail", .claim = "fail/fail" },
	  { "-", "unknown", "spf-nonpass-other-domain", "dkim-missing", "likely-spoof", NULL } },
	{ "a unique selector on a failing signature names nobody",
	  { "example.com", NULL, "example.com fail", "example.com stxsel1 fail", .claim = "fail/fail" },
	  { "-", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken", NULL } },
	{ "a host name shared by two mailbox providers makes no detour",
	  { "example.com", "mail-lf1-f47.google.com", "gmail.com pass", "gmail.com 20230601 pass",
	    .claim = "fail/fail" },
	  { "gmail", "direct", NOT_SET_UP, "unknown-sender", NULL } },
	{ "a host name shared with a forwarder names no sender",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.example.net pass", .claim = "fail/fail" },
	  { "- via cloudflare-email-routing", "indirect", "spf-unaligned-forwarder", "dkim-missing",
	    "forwarded-broken", NULL } },
	{ "unless its own signature does",
	  { "example.com", "a0-7.email.cloudflare.net", "cf-bounce.example.com pass",
	    "cloudflare-smtp.net cf2024-1 pass, example.com cf-bounce pass", .claim = "pass/pass" },
	  { "cloudflare-email-sending", "direct", "spf-aligned", "dkim-aligned", "aligned-both", NULL } },
	{ "of two that share a host name, the one that signed is meant",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.test pass",
	    "mcc.mcsv.net k1 pass, cloudflare-smtp.net cf2024-1 pass", .claim = "fail/fail" },
	  { "mailchimp via cloudflare-email-sending", "indirect", "spf-unaligned-other-domain",
	    "dkim-unaligned-esp-signature", "forwarded-broken", NULL } },
	{ "HELO of a null sender at Microsoft, whatever the scope says",
	  { "example.com", NULL, "nam04-mw2-obe.outbound.protection.outlook.com pass",
	    "contoso.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "direct", "spf-helo-only", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", "null-sender" } },
	{ "Google tenant of the same organisation",
	  { "news.example.com", "mail-x.google.com", "primary.test pass",
	    "example-com.20230601.gappssmtp.com 20230601 pass", .claim = "fail/fail" },
	  { "google-workspace", "direct", "spf-unaligned-other-domain", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", NULL } },
	{ "an invitation sent by Google for a user",
	  { "example.com", "mail-x.google.com", "calendar-server.bounces.google.com pass",
	    "google.com 20230601 pass", .claim = "fail/fail" },
	  { "google-workspace", "direct", NOT_SET_UP, "unknown-sender", NULL } },
	{ "Klaviyo on its own machines, though it may run on SendGrid",
	  { "example.com", "a.klaviyomail.com", "x.shared.klaviyomail.com pass", "klaviyomail.com k1 pass",
	    .claim = "fail/fail" },
	  { "klaviyo", "direct", NOT_SET_UP, "sender-not-authenticated", NULL } },
};

static const struct judge_test causes[] = {
	{ "no SPF element", { "example.com", NULL, NULL, "example.com a pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "an SPF element without a domain",
	  { "example.com", NULL, "- pass", "example.com a pass", .claim = "pass/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", NULL } },
	{ "HELO name of ours, claimed as pass",
	  { "example.com", NULL, "mx.example.com pass helo", .claim = "fail/pass" },
	  { "-", "direct", "spf-aligned", "dkim-missing", "aligned-spf-only", "null-sender" } },
	{ "HELO name of ours, not claimed as pass",
	  { "example.com", NULL, "mx.example.com pass helo", .claim = "fail/fail" },
	  { "-", "unknown", "spf-helo-only", "dkim-missing", "own-server-not-authorised", "null-sender" } },
	{ "HELO name of somebody",
	  { "example.com", NULL, "mx.example.net pass helo", .claim = "fail/fail" },
	  { "-", "unknown", "spf-helo-only", "dkim-missing", "unknown-sender", "null-sender" } },
	{ "the envelope counts before the HELO name",
	  { "example.com", NULL, "mx.example.com pass helo, example.com fail mfrom", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "the aligned pass counts before an unaligned one",
	  { "example.com", NULL, "amazonses.com pass, bounce.example.com pass", .claim = "fail/pass" },
	  { "-", "direct", "spf-aligned", "dkim-missing", "aligned-spf-only", NULL } },
	{ "strict SPF", { "example.com", NULL, "b.example.com pass", .claim = "fail/fail", .policy = "aspf=s" },
	  { "-", "direct", "spf-strict-mismatch", "dkim-missing", "strict-mode-misalignment", NULL } },
	{ "a word that is no mode means relaxed",
	  { "example.com", NULL, "b.example.com pass", .claim = "fail/pass", .policy = "aspf=x" },
	  { "-", "direct", "spf-aligned", "dkim-missing", "aligned-spf-only", NULL } },
	{ "envelope of another domain of the owner's",
	  { "example.com", NULL, "mail.example.org pass", .claim = "fail/fail", .owned = "example.org" },
	  { "-", "unknown", "spf-unaligned-own-other-domain", "dkim-missing", "sender-not-authenticated",
	    NULL } },
	{ "SPF temperror for somebody's domain",
	  { "example.com", NULL, "example.net temperror", .claim = "fail/fail" },
	  { "-", "unknown", "spf-temperror", "dkim-missing", "likely-spoof", NULL } },
	{ "SPF temperror for ours",
	  { "example.com", NULL, "example.com temperror", .claim = "fail/fail" },
	  { "-", "unknown", "spf-temperror", "dkim-missing", "undetermined", NULL } },
	{ "SPF neutral", { "example.com", NULL, "example.com neutral", .claim = "fail/fail" },
	  { "-", "unknown", "spf-neutral", "dkim-missing", "likely-spoof", NULL } },
	{ "SPF none on a name below ours", { "example.com", NULL, "x.example.com none", .claim = "fail/fail" },
	  { "-", "unknown", "spf-none", "dkim-missing", "likely-spoof", NULL } },
	{ "SPF policy", { "example.com", NULL, "example.com policy", .claim = "fail/fail" },
	  { "-", "unknown", "spf-policy", "dkim-missing", "likely-spoof", NULL } },
	{ "SPF word nobody knows", { "example.com", NULL, "example.net bestguess", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unrecognised", "dkim-missing", "likely-spoof", NULL } },
	{ "result none is no signature",
	  { "example.com", NULL, "example.com fail", "example.com a none", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "a result without a domain is not reported",
	  { "example.com", NULL, "example.com fail", "- a pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-fail", "dkim-unreported", "likely-spoof", NULL } },
	{ "a pass is claimed and no signature listed",
	  { "example.com", NULL, "example.com fail", .claim = "pass/fail" },
	  { "-", "unknown", "spf-fail", "dkim-unreported", "undetermined", "reporter-disagrees-dkim" } },
	{ "a pass is claimed and refuted",
	  { "example.com", NULL, "example.com fail", "example.com a fail", .claim = "pass/fail" },
	  { "-", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken",
	    "reporter-disagrees-dkim" } },
	{ "permerror alone: the key",
	  { "example.com", "mx.example.com", "example.com fail", "example.com a permerror",
	    .claim = "fail/fail" },
	  { "-", "direct", "spf-fail", "dkim-key-error", "own-server-not-authorised", NULL } },
	{ "permerror on another's signature too: this receiver calls every failure so",
	  { "example.com", "mx.example.com", "example.com fail",
	    "example.com a permerror, example.net b permerror", .claim = "fail/fail" },
	  { "-", "direct", "spf-fail", "dkim-broken-at-source", "own-server-not-authorised", NULL } },
	{ "the human result names the key, whatever the word",
	  { "example.com", NULL, "example.net pass", "example.com a fail no key for signature",
	    .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-key-error", "unknown-sender", NULL } },
	{ "broken, and the service's own signature beside it passes",
	  { "example.com", NULL, "example.com fail", "example.com s1 fail, sendgrid.net smtpapi pass",
	    .claim = "fail/fail" },
	  { "sendgrid", "indirect", "spf-fail", "dkim-broken-at-source", "forwarded-broken", NULL } },
	{ "broken, and a mailbox provider signed again: proves nothing",
	  { "example.com", NULL, "example.com fail",
	    "example.com a fail, contoso.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken", NULL } },
	{ "DKIM temperror before neutral",
	  { "example.com", NULL, "example.net pass", "example.com a temperror, example.com b neutral",
	    .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-temperror", "unknown-sender", NULL } },
	{ "DKIM neutral", { "example.com", NULL, "example.net pass", "example.com a neutral", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-not-accepted", "unknown-sender", NULL } },
	{ "DKIM policy, no SPF", { "example.com", NULL, NULL, "example.com a policy", .claim = "fail/fail" },
	  { "-", "unknown", "spf-absent", "dkim-not-accepted", "likely-spoof", NULL } },
	{ "DKIM word nobody knows",
	  { "example.com", NULL, "example.net pass", "example.com a unknown", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-unrecognised", "unknown-sender", NULL } },
	{ "signed for another domain of the owner's, beside the service's signature",
	  { "example.com", NULL, "sendgrid.net pass", "example.org s1 pass, sendgrid.info smtpapi pass",
	    .claim = "fail/fail", .owned = "example.org" },
	  { "sendgrid", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-own-other-domain",
	    "sender-not-authenticated", NULL } },
	{ "only the relay signed",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.example.net pass",
	    "cloudflare-email.net cf2024-1 pass", .claim = "fail/fail" },
	  { "- via cloudflare-email-routing", "indirect", "spf-unaligned-forwarder",
	    "dkim-unaligned-intermediary", "forwarded-broken", NULL } },
	{ "a forwarder told by its signature alone",
	  { "example.com", NULL, "friend.test pass", "cloudflare-email.net cf2024-1 pass",
	    .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-forwarder", "dkim-unaligned-intermediary", "unknown-sender",
	    NULL } },
	{ "no header_from aligns with nothing",
	  { NULL, NULL, "example.com pass", "example.com a pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-unaligned-other-domain", "unknown-sender",
	    NULL } },
	{ "tree walk: the policy's domain is the boundary",
	  { "a.news.example.com", NULL, "example.com pass", .claim = "fail/fail",
	    .policy = "domain=news.example.com discovery=treewalk" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
};

static const struct judge_test paths[] = {
	{ "rewritten envelope and broken signature at Microsoft",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "example.com google fail, fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit",
	    "forwarded-broken", NULL } },
	{ "rewritten envelope, told by the tenant's signature alone",
	  { "example.com", NULL, "fabrikam.com pass",
	    "example.com google pass, fabrikam.onmicrosoft.com selector1 pass", .claim = "pass/fail" },
	  { "microsoft-365", "indirect", "spf-unaligned-forwarder", "dkim-aligned",
	    "forwarded-dkim-survived", NULL } },
	{ "the same without a signature of ours: an account somewhere",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "direct", "spf-unaligned-other-domain", "dkim-unaligned-esp-signature",
	    "unknown-sender", NULL } },
	{ "a private account forwards",
	  { "example.com", "mail-x.google.com", "gmail.com pass", "example.com a fail", .claim = "fail/fail" },
	  { "gmail", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit", "forwarded-broken",
	    NULL } },
	{ "reason forwarded",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .reasons = "forwarded" },
	  { "-", "indirect", "spf-fail", "dkim-missing", "forwarded-broken", "override" } },
	{ "reason mailing_list",
	  { "example.com", NULL, "lists.example.net pass", "example.com a fail", .claim = "fail/fail",
	    .reasons = "mailing_list" },
	  { "-", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit", "mailing-list",
	    "override" } },
	{ "arc=pass in a comment",
	  { "example.com", NULL, "example.net pass", .claim = "fail/fail",
	    .reasons = "local_policy arc=pass as.1.example.net" },
	  { "-", "indirect", "spf-unaligned-other-domain", "dkim-missing", "forwarded-broken", "override" } },
	{ "arc=fail in a comment is the noise of a filter",
	  { "example.com", NULL, "example.net pass", .claim = "fail/fail", .reasons = "local_policy arc=fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", NULL } },
	{ "a list by its envelope",
	  { "example.com", "mx.groups.io", "groups.io pass", "example.com a fail", .claim = "fail/fail" },
	  { "- via groups-io", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit",
	    "mailing-list", NULL } },
	{ "signed by one service, handed over by another",
	  { "example.com", "mta.zoho.eu", "example.com fail", "mcc.mcsv.net k1 pass", .claim = "fail/fail" },
	  { "mailchimp via zoho-mail", "indirect", "spf-fail", "dkim-unaligned-esp-signature",
	    "forwarded-broken", NULL } },
	{ "kept envelope from outside the service's network",
	  { "example.com", NULL, "mandrillapp.com fail", "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "indirect", "spf-nonpass-other-domain", "dkim-unaligned-esp-signature",
	    "forwarded-broken", NULL } },
	{ "the same is silent while the name was not looked up",
	  { "example.com", "?", "mandrillapp.com fail", "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "unknown", "spf-nonpass-other-domain", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", NULL } },
	{ "a broken signature and failing SPF: a forwarder nobody lists",
	  { "example.com", "mail.university.test", "example.com softfail", "example.com a fail",
	    .claim = "fail/fail" },
	  { "-", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken", NULL } },
	{ "a server under our domain",
	  { "example.com", "web1.example.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "direct", "spf-fail", "dkim-missing", "own-server-not-authorised", NULL } },
	{ "a server under an owned domain",
	  { "example.com", "web1.example.org", "example.com fail", .claim = "fail/fail",
	    .owned = "example.org" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "own-server-not-authorised", NULL } },
	{ "a gateway that SPF does not list",
	  { "example.com", "mx0a-00123456.pphosted.com", "example.com softfail", .claim = "fail/fail" },
	  { "- via proofpoint", "unknown", "spf-fail", "dkim-missing", "own-server-not-authorised", NULL } },
	{ "no evidence at all", { "example.com", NULL, .claim = "fail/fail" },
	  { "-", "unknown", "spf-absent", "dkim-missing", "undetermined", "auth-results-missing" } },
};

static const struct judge_test flags[] = {
	{ "policy not applied",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject",
	    .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "policy-not-applied" } },
	{ "policy not applied, and a reason given",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject",
	    .disposition = "none", .reasons = "sampled_out" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "override" } },
	{ "one level milder is right below pct 100",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject pct=50",
	    .disposition = "quarantine" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "two levels are not",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject pct=50",
	    .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "policy-not-applied" } },
	{ "testing asks for one level less",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=quarantine t=y",
	    .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "a subdomain goes by sp",
	  { "a.example.com", NULL, "example.com fail", .claim = "fail/fail",
	    .policy = "domain=example.com p=reject sp=none", .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "a subdomain inherits p",
	  { "a.example.com", NULL, "example.com fail", .claim = "fail/fail",
	    .policy = "domain=example.com p=reject", .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "policy-not-applied" } },
	{ "a subdomain may not exist, and go by np",
	  { "a.example.com", NULL, "example.com fail", .claim = "fail/fail",
	    .policy = "domain=example.com p=reject np=none", .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "or exist, and go by a milder sp",
	  { "a.example.com", NULL, "example.com fail", .claim = "fail/fail",
	    .policy = "domain=example.com p=reject sp=none np=reject", .disposition = "none" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", NULL } },
	{ "the disposition pass of RFC 9990 is none",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=quarantine",
	    .disposition = "pass" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "policy-not-applied" } },
	{ "refused though it passed",
	  { "example.com", NULL, "example.com pass", "example.com a pass", .claim = "fail/pass",
	    .policy = "p=reject", .disposition = "reject" },
	  { "-", "direct", "spf-aligned", "dkim-aligned", "aligned-both",
	    "reporter-disagrees-dkim applied-without-cause" } },
	{ "the boundary by DNS may be another",
	  { "news.example.com", NULL, NULL, "example.com a pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only",
	    "reporter-disagrees-dkim org-domain-differs" } },
	{ "a pass at or below From is not about the boundary",
	  { "example.com", NULL, NULL, "a.example.com a pass", .claim = "fail/fail" },
	  { "-", "unknown", "spf-absent", "dkim-aligned", "aligned-dkim-only", "reporter-disagrees-dkim" } },
	{ "an empty envelope",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .envelope_from = "-" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "null-sender" } },
	{ "an unsupported claim for SPF",
	  { "example.com", NULL, "example.net fail", .claim = "fail/pass" },
	  { "-", "unknown", "spf-nonpass-other-domain", "dkim-missing", "likely-spoof",
	    "reporter-disagrees-spf" } },
	{ "an empty reason with a comment",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject",
	    .disposition = "none", .reasons = "- whitelisted sender" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", "override" } },
};
/* clang-format on */

Test(judge, traps_in_the_match_rules)
{
	check_rows(traps, COUNT_OF(traps));
}

Test(judge, attributions)
{
	check_rows(attributions, COUNT_OF(attributions));
}

Test(judge, causes)
{
	check_rows(causes, COUNT_OF(causes));
}

Test(judge, paths)
{
	check_rows(paths, COUNT_OF(paths));
}

Test(judge, flags)
{
	check_rows(flags, COUNT_OF(flags));
}

/* --- every combination ------------------------------------------------------------------------- */

static bool is_one_of(enum verdict verdict, uint32_t set)
{
	return set >> verdict & 1;
}

#define VERDICT_BIT(verdict) (UINT32_C(1) << (verdict))

/* The name of the first rule that a judgement breaks; NULL for none. */
static const char *broken_rule(const struct judge_case *c, const struct judgement *j)
{
	const uint32_t passing = VERDICT_BIT(VERDICT_ALIGNED_BOTH) |
		VERDICT_BIT(VERDICT_ALIGNED_DKIM_ONLY) | VERDICT_BIT(VERDICT_ALIGNED_SPF_ONLY) |
		VERDICT_BIT(VERDICT_FORWARDED_DKIM_SURVIVED);
	const uint32_t forwarded = VERDICT_BIT(VERDICT_FORWARDED_BROKEN) |
		VERDICT_BIT(VERDICT_FORWARDED_DKIM_SURVIVED);
	const uint32_t nameless = VERDICT_BIT(VERDICT_LIKELY_SPOOF) |
		VERDICT_BIT(VERDICT_UNDETERMINED) | VERDICT_BIT(VERDICT_OWN_SERVER_NOT_AUTHORISED);
	bool spf = j->spf_cause == SPF_ALIGNED, dkim = j->dkim_cause == DKIM_ALIGNED;
	const struct {
		const char *name;
		bool kept;
	} rules[] = {
		{ "causes in range",
		  (int)j->spf_cause < spf_cause_count && (int)j->dkim_cause < dkim_cause_count },
		{ "verdict in range", (int)j->verdict < verdict_count },
		{ "dmarc passes with an aligned leg only", j->dmarc_pass == (spf || dkim) },
		{ "a passing verdict with a pass only",
		  is_one_of(j->verdict, passing) == j->dmarc_pass },
		{ "both legs in aligned-both",
		  (j->verdict == VERDICT_ALIGNED_BOTH) == (spf && dkim) },
		{ "ok only for a pass", j->severity != SEVERITY_OK || j->dmarc_pass },
		{ "forwarded by an indirect path only",
		  !is_one_of(j->verdict, forwarded) || j->path == PATH_INDIRECT },
		{ "an aligned envelope makes it direct", !spf || j->path == PATH_DIRECT },
		{ "who passes on is no sender", !j->service || !sender_is_transit(j->service) },
		{ "a service has machines", !j->service == !j->infrastructure },
		{ "nobody is named by a nameless verdict",
		  !is_one_of(j->verdict, nameless) || !j->service },
		{ "confidence in somebody",
		  (j->confidence == CONFIDENCE_NONE) == (!j->service && !j->claimed) },
		{ "an SPF cause has a result", !j->spf == (j->spf_cause == SPF_ABSENT) },
		{ "a DKIM cause has a signature",
		  !j->dkim == (j->dkim_cause == DKIM_MISSING || j->dkim_cause == DKIM_UNREPORTED) },
		{ "the parser and the judge agree on DKIM", c->record.aligned.dkim == dkim },
		{ "the parser and the judge agree on SPF",
		  c->record.aligned.spf == spf || j->spf_cause == SPF_HELO_ONLY },
		{ "a claim without evidence is its own outcome",
		  j->outcome_pass == j->dmarc_pass ||
			  c->record.aligned.spf_agreement > AGREEMENT_AGREES ||
			  c->record.aligned.dkim_agreement > AGREEMENT_AGREES },
	};

	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		if (!rules[i].kept)
			return rules[i].name;
	}
	return NULL;
}

struct sweep_counts {
	size_t rows, broken;
	size_t spf[spf_cause_count], dkim[dkim_cause_count], verdicts[verdict_count];
	size_t paths[path_count];
};

static void count_row(const struct judge *judge, const struct judge_row *row, void *context)
{
	struct sweep_counts *counts = context;
	struct judge_case c;
	struct judgement j = judge_row_judge(judge, row, &c);
	const char *broken = broken_rule(&c, &j);

	counts->rows++;
	counts->spf[j.spf_cause]++;
	counts->dkim[j.dkim_cause]++;
	counts->verdicts[j.verdict]++;
	counts->paths[j.path]++;
	if (broken && counts->broken++ < 10) {
		SCOPED(buf) struct buf got = { 0 };

		describe(&got, &j);
		cr_expect_fail("%s: host %s, SPF %s, DKIM %s, claim %s, %s, reasons %s: %s", broken,
			       row->host ? row->host : "-", row->spf ? row->spf : "-",
			       row->dkim ? row->dkim : "-", row->claim ? row->claim : "-",
			       row->policy ? row->policy : "-", row->reasons ? row->reasons : "-",
			       buf_text(&got));
	}
}

Test(judge, every_combination_has_one_answer_that_agrees_with_itself)
{
	struct judge judge = judge_rows_open();
	struct sweep_counts counts = { .rows = 0 };

	judge_rows_sweep(&judge, count_row, &counts);
	judge_rows_close(&judge);
	cr_expect_geq(counts.rows, 200000, "only %zu combinations", counts.rows);
	cr_expect_eq(counts.broken, 0, "%zu combinations broke a rule", counts.broken);
	for (int i = 0; i < spf_cause_count; i++)
		cr_expect(counts.spf[i] > 0, "the sweep never saw %s",
			  spf_cause_text((enum spf_cause)i));
	for (int i = 0; i < dkim_cause_count; i++)
		cr_expect(counts.dkim[i] > 0, "the sweep never saw %s",
			  dkim_cause_text((enum dkim_cause)i));
	for (int i = 0; i < verdict_count; i++)
		cr_expect(counts.verdicts[i] > 0, "the sweep never saw %s",
			  verdict_text((enum verdict)i));
}

Test(judge, region)
{
	static const struct {
		const char *name, *host, *spf, *region;
		bool likely;
	} rows[] = {
		{ "from the envelope", NULL, "us-west-2.amazonses.com pass", "us-west-2", false },
		{ "from the host", "a4-3.smtp-out.eu-west-1.amazonses.com", "b.example.com pass",
		  "eu-west-1", false },
		{ "from the host of the first Region", "a9-92.smtp-out.amazonses.com",
		  "amazonses.com pass", "us-east-1", false },
		{ "concluded from the bare envelope", "?", "amazonses.com pass", "us-east-1",
		  true },
		{ "an unconfirmed host tells nothing", "~a4-3.smtp-out.eu-west-1.amazonses.com",
		  "b.example.com pass", NULL, false },
	};
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct judge_row row = { "example.com", rows[i].host, rows[i].spf,
					       .dkim = "amazonses.com x pass" };
		struct judge_case c;
		struct judgement j = judge_row_judge(&judge, &row, &c);

		EXPECT_TEXT(j.region, rows[i].region, rows[i].name);
		EXPECT_INT(j.region_likely, rows[i].likely, rows[i].name);
	}
	judge_rows_close(&judge);
}

Test(judge, outcome_and_severity)
{
	static const struct {
		const char *name;
		struct judge_row row;
		bool dmarc, outcome;
		enum severity severity;
	} rows[] = {
		{ "agreed pass",
		  { "example.com", NULL, "example.com pass", "example.com a pass",
		    .claim = "pass/pass" },
		  true,
		  true,
		  SEVERITY_OK },
		{ "nothing claimed",
		  { "example.com", .spf = "example.com pass", .dkim = "example.com a pass" },
		  true,
		  true,
		  SEVERITY_OK },
		{ "raw SPF copied: we count",
		  { "example.com", NULL, "sendgrid.net pass", NULL, .claim = "fail/pass" },
		  false,
		  false,
		  SEVERITY_FAIL },
		{ "a signature is not listed: the reporter counts",
		  { "example.com", NULL, "sendgrid.net pass", "sendgrid.net s pass",
		    .claim = "pass/fail" },
		  false,
		  true,
		  SEVERITY_NOTE },
		{ "the reporter failed what aligns: the reporter counts",
		  { "example.com", NULL, NULL, "example.com a pass", .claim = "fail/fail" },
		  true,
		  false,
		  SEVERITY_OK },
		{ "and refused it",
		  { "example.com", NULL, NULL, "example.com a pass", .claim = "fail/fail",
		    .policy = "p=reject", .disposition = "reject" },
		  true,
		  false,
		  SEVERITY_FAIL },
		{ "a broken SPF record is a warning at least",
		  { "example.com", NULL, "example.com permerror", "example.com a pass",
		    .claim = "pass/fail" },
		  true,
		  true,
		  SEVERITY_WARN },
		{ "SPF alone",
		  { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" },
		  true,
		  true,
		  SEVERITY_WARN },
		{ "a spoof",
		  { "example.com", NULL, "example.com fail", NULL, .claim = "fail/fail" },
		  false,
		  false,
		  SEVERITY_INFO },
		{ "forwarded unsigned: signing mends it",
		  { "example.com", NULL, "example.com fail", NULL, .claim = "fail/fail",
		    .reasons = "forwarded" },
		  false,
		  false,
		  SEVERITY_WARN },
		{ "forwarded and broken: nothing mends it",
		  { "example.com", NULL, "example.com fail", "example.com a fail",
		    .claim = "fail/fail" },
		  false,
		  false,
		  SEVERITY_FAIL },
	};
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judge_case c;
		struct judgement j = judge_row_judge(&judge, &rows[i].row, &c);

		EXPECT_INT(j.dmarc_pass, rows[i].dmarc, rows[i].name);
		EXPECT_INT(j.outcome_pass, rows[i].outcome, rows[i].name);
		cr_expect_str_eq(severity_text(j.severity), severity_text(rows[i].severity),
				 "%s: severity is %s", rows[i].name, severity_text(j.severity));
	}
	judge_rows_close(&judge);
}

Test(judge, names_the_tenant_and_the_claimed_service)
{
	struct judge judge = judge_rows_open();
	struct judge_case c;
	struct judgement j;
	const struct judge_row plain = { "example.com", NULL, "fabrikam.com pass",
					 .dkim = "mail.fabrikam.onmicrosoft.com selector1 pass" };
	const struct judge_row dashed = {
		"example.com", NULL, "example.com pass",
		.dkim = "example-com.20230601.gappssmtp.com 20230601 pass"
	};
	const struct judge_row claimed = { "example.com", NULL, "example.com fail",
					   .dkim = "example.com stxsel1 fail" };

	j = judge_row_judge(&judge, &plain, &c);
	EXPECT_TEXT(j.tenant, "fabrikam.onmicrosoft.com", "plain");
	EXPECT_INT(j.tenant_known, false, "plain");
	j = judge_row_judge(&judge, &dashed, &c);
	EXPECT_TEXT(j.tenant, "example-com", "dashed");
	EXPECT_INT(j.tenant_known, true, "dashed");
	j = judge_row_judge(&judge, &claimed, &c);
	cr_assert(j.claimed && !j.service, "a selector claims, and names nobody");
	EXPECT_TEXT(j.claimed->id, "secutix", "claimed");
	judge_rows_close(&judge);
}

/* A record with more signatures than we look at must be judged by the first of them. */
Test(judge, bounds_the_signatures)
{
	static struct dkim_result many[LIMIT_DKIM_RESULTS + 50];
	struct judge judge = judge_rows_open();
	struct judge_case c;
	struct judgement j;
	const struct judge_row row = { .from = "example.com", .spf = "example.com fail" };

	for (size_t i = 0; i < COUNT_OF(many); i++)
		many[i] = (struct dkim_result){
			.domain = SLICE("mandrillapp.com"),
			.selector = SLICE("mte1"),
			.result = { RESULT_PASS, SLICE("pass") },
		};
	judge_case_build(&judge, &row, &c);
	c.record.dkim_results = many;
	c.record.dkim_count = COUNT_OF(many);
	judge_record(&judge, &c.evidence, &j);
	cr_assert(j.service);
	EXPECT_TEXT(j.service->id, "mandrill", "many signatures");
	judge_rows_close(&judge);
}

Test(judge, which_reasons_override)
{
	static const struct {
		const char *comment;
		int type;
		bool overrides;
	} rows[] = {
		{ NULL, REASON_FORWARDED, true },
		{ NULL, REASON_LOCAL_POLICY, false },
		{ "", REASON_LOCAL_POLICY, false },
		{ "arc=none", REASON_LOCAL_POLICY, false },
		{ "ARC=FAIL as.0", REASON_LOCAL_POLICY, false },
		{ "arc=pass", REASON_LOCAL_POLICY, true },
		{ "sender is on a list of ours", REASON_LOCAL_POLICY, true },
		{ NULL, REASON_ABSENT, false },
		{ NULL, REASON_OTHER, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct override_reason reason = {
			.type = { .value = rows[i].type },
			.comment = slice_from(rows[i].comment),
		};

		cr_expect_eq(judge_reason_overrides(&reason), rows[i].overrides, "row %zu", i);
	}
}
