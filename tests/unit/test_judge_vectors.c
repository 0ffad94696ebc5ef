/* SPDX-License-Identifier: MIT */
/* What real mail and its composed relatives must be made of, of the plainest cases. */
#include <criterion/criterion.h>

#include "tests/unit/judge_tables.h"

#include "base/banned.h"

#define B32_A "ob2ngm2abcdefghijklmnopqrstuvwxy"
#define B32_B "ihchhvubuqgjsxyuhssfvqohv7z3u4hn"

/* clang-format off */
static const struct judge_test vectors[] = {
	{ "1 SES done right",
	  { "urbackup.org", "a4-3.smtp-out.eu-west-1.amazonses.com", "bounce.urbackup.org pass",
	    "urbackup.org " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/pass" },
	  { "amazon-ses", "direct", "spf-aligned", "dkim-aligned", "aligned-both", .flags = NULL, "agrees/agrees", "pass" } },
	{ "2 SES, Easy DKIM only",
	  { "example.com", "a27-42.smtp-out.us-west-2.amazonses.com", "us-west-2.amazonses.com pass",
	    "example.com " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/fail" },
	  { "amazon-ses", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned",
	    "aligned-dkim-only", .flags = NULL, "agrees/agrees", "pass" } },
	{ "3 SES, nothing set up",
	  { "example.com", "a9-92.smtp-out.amazonses.com", "amazonses.com pass",
	    "amazonses.com " B32_B " pass", .claim = "fail/fail" },
	  { "amazon-ses", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", .flags = NULL, "agrees/agrees", "fail" } },
	{ "4 custom send domain under aspf=s",
	  { "oxfordstones.co.uk", "a90-129.smtp-out.eu-west-1.amazonses.com",
	    "email.oxfordstones.co.uk pass",
	    "oxfordstones.co.uk " B32_A " pass, amazonses.com " B32_B " pass", .claim = "pass/fail",
	    .policy = "adkim=s aspf=s" },
	  { "amazon-ses", "direct", "spf-strict-mismatch", "dkim-aligned", "aligned-dkim-only", .flags = NULL, "agrees/agrees", "pass" } },
	{ "6 Kaizen before the customer's DNS is done",
	  { "trust.example.org", "a3-4.smtp-out.eu-west-1.amazonses.com", "mailie.kaizenep.com pass",
	    "kaizenep.com " B32_A " pass, amazonses.com " B32_B " pass", .claim = "fail/fail" },
	  { "kaizen on amazon-ses", "direct", "spf-unaligned-default-mailfrom",
	    "dkim-unaligned-esp-signature", "sender-not-authenticated", .flags = NULL, "agrees/agrees", "fail" } },
	{ "7 SECUTIX done right",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com pass", "mosamuseum.com stxsel1 pass",
	    .claim = "pass/pass" },
	  { "secutix", "direct", "spf-aligned", "dkim-aligned", "aligned-both", .flags = NULL, "agrees/agrees", "pass" } },
	{ "8 SECUTIX, include missing, signing not enabled",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com softfail", .claim = "fail/fail" },
	  { "secutix", "direct", "spf-fail", "dkim-missing", "sender-not-authenticated", .flags = NULL, "agrees/agrees", "fail" } },
	{ "9 SpotMe's Mandrill leg without its two CNAMEs",
	  { "events.example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", .flags = NULL, "agrees/agrees", "fail" } },
	{ "11 Google Workspace, DKIM key never set up",
	  { "example.com", "mail-lf1-f47.google.com", "example.com pass",
	    "example-com.20230601.gappssmtp.com 20230601 pass", .claim = "fail/pass" },
	  { "google-workspace", "direct", "spf-aligned", "dkim-unaligned-esp-signature",
	    "aligned-spf-only", .flags = NULL, "agrees/agrees", "pass" } },
	{ "13 Mailchimp done right",
	  { "example.com", "mail148.suw18.rsgsv.net", "mail148.suw18.rsgsv.net pass",
	    "mcc.mcsv.net k1 pass, example.com k3 pass", .claim = "pass/fail" },
	  { "mailchimp", "direct", "spf-unaligned-default-mailfrom", "dkim-aligned",
	    "aligned-dkim-only", .flags = NULL, "agrees/agrees", "pass" } },
	{ "14 the same mail forwarded by Cloudflare Email Routing",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.example.net pass",
	    "mcc.mcsv.net k1 pass, example.com k3 pass, cloudflare-email.net cf2024-1 pass, "
	    "friend.example.net cf2024-1 pass", .claim = "pass/fail" },
	  { "mailchimp via cloudflare-email-routing", "indirect", "spf-unaligned-forwarder",
	    "dkim-aligned", "forwarded-dkim-survived", .flags = NULL, "agrees/agrees", "pass" } },
	{ "15 Google mail forwarded by a third party's Microsoft 365, DKIM broken",
	  { "example.com", "mail-am6eur05on2061.outbound.protection.outlook.com", "example.com fail",
	    "example.com google fail", .claim = "fail/fail" },
	  { "microsoft-365", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken",
	    .flags = NULL, "agrees/agrees", "fail" } },
	{ "17 spoof: nothing passes, no name",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .policy = "p=reject",
	    .disposition = "reject" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "likely-spoof", .flags = NULL, "agrees/agrees", "fail" } },
	{ "19 own SPF record over 10 look-ups",
	  { "example.com", "mail-lf1-f47.google.com", "example.com permerror", "example.com google pass",
	    .claim = "pass/fail" },
	  { "google-workspace", "direct", "spf-permerror", "dkim-aligned", "aligned-dkim-only", .flags = NULL, "agrees/agrees", "pass" } },
	{ "21 reporter writes raw SPF into policy_evaluated",
	  { "example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/pass" },
	  { "mandrill", "direct", "spf-unaligned-default-mailfrom", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", .flags = "reporter-disagrees-spf", "agrees/contradicts", "fail" } },
	{ "24 adkim=s: parent signs for a subdomain From",
	  { "news.example.com", "mta-81-96.sparkpostmail.com", "sparkpostmail.com pass",
	    "example.com scph0717 pass", .claim = "fail/fail", .policy = "adkim=s" },
	  { "sparkpost", "direct", "spf-unaligned-default-mailfrom", "dkim-strict-mismatch",
	    "strict-mode-misalignment", .flags = NULL, "agrees/agrees", "fail" } },
};
/* clang-format on */

const struct judge_table judge_vectors = { vectors, COUNT_OF(vectors) };

Test(judge, vectors)
{
	judge_table_check(&judge_vectors);
}
