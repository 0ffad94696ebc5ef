/* SPDX-License-Identifier: MIT */
/* Did it come straight from its sender? */
#include <criterion/criterion.h>

#include "tests/unit/judge_tables.h"

#include "base/banned.h"

/* clang-format off */
static const struct judge_test paths[] = {
	{ "rewritten envelope and broken signature at Microsoft",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "example.com google fail, fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit",
	    "forwarded-broken", .flags = NULL } },
	{ "rewritten envelope, told by the tenant's signature alone",
	  { "example.com", NULL, "fabrikam.com pass",
	    "example.com google pass, fabrikam.onmicrosoft.com selector1 pass", .claim = "pass/fail" },
	  { "microsoft-365", "indirect", "spf-unaligned-forwarder", "dkim-aligned",
	    "forwarded-dkim-survived", .flags = NULL } },
	{ "the same without a signature of ours: an account somewhere",
	  { "example.com", "mail-x.outbound.protection.outlook.com", "fabrikam.com pass",
	    "fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail" },
	  { "microsoft-365", "direct", "spf-unaligned-other-domain", "dkim-unaligned-esp-signature",
	    "unknown-sender", .flags = NULL } },
	{ "a private account forwards",
	  { "example.com", "mail-x.google.com", "gmail.com pass", "example.com a fail", .claim = "fail/fail" },
	  { "gmail", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit", "forwarded-broken",
	    .flags = NULL } },
	{ "reason forwarded",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail", .reasons = "forwarded" },
	  { "-", "indirect", "spf-fail", "dkim-missing", "forwarded-broken", .flags = "override" } },
	{ "reason mailing_list",
	  { "example.com", NULL, "lists.example.net pass", "example.com a fail", .claim = "fail/fail",
	    .reasons = "mailing_list" },
	  { "-", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit", "mailing-list",
	    .flags = "override" } },
	{ "arc=pass in a comment",
	  { "example.com", NULL, "example.net pass", .claim = "fail/fail",
	    .reasons = "local_policy arc=pass as.1.example.net" },
	  { "-", "indirect", "spf-unaligned-other-domain", "dkim-missing", "forwarded-broken", .flags = "override" } },
	{ "arc=fail in a comment is the noise of a filter",
	  { "example.com", NULL, "example.net pass", .claim = "fail/fail", .reasons = "local_policy arc=fail" },
	  { "-", "unknown", "spf-unaligned-other-domain", "dkim-missing", "unknown-sender", .flags = NULL } },
	{ "a list by its envelope",
	  { "example.com", "mx.groups.io", "groups.io pass", "example.com a fail", .claim = "fail/fail" },
	  { "- via groups-io", "indirect", "spf-unaligned-forwarder", "dkim-broken-in-transit",
	    "mailing-list", .flags = NULL } },
	{ "signed by one service, handed over by another",
	  { "example.com", "mta.zoho.eu", "example.com fail", "mcc.mcsv.net k1 pass", .claim = "fail/fail" },
	  { "mailchimp via zoho-mail", "indirect", "spf-fail", "dkim-unaligned-esp-signature",
	    "forwarded-broken", .flags = NULL } },
	{ "kept envelope from outside the service's network",
	  { "example.com", NULL, "mandrillapp.com fail", "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "indirect", "spf-nonpass-other-domain", "dkim-unaligned-esp-signature",
	    "forwarded-broken", .flags = NULL } },
	{ "the same is silent while the name was not looked up",
	  { "example.com", "?", "mandrillapp.com fail", "mandrillapp.com mte1 pass", .claim = "fail/fail" },
	  { "mandrill", "unknown", "spf-nonpass-other-domain", "dkim-unaligned-esp-signature",
	    "sender-not-authenticated", .flags = "host-not-looked-up" } },
	{ "a broken signature and failing SPF: a forwarder nobody lists",
	  { "example.com", "mail.university.test", "example.com softfail", "example.com a fail",
	    .claim = "fail/fail" },
	  { "-", "indirect", "spf-fail", "dkim-broken-in-transit", "forwarded-broken", .flags = NULL } },
	{ "a server under our domain",
	  { "example.com", "web1.example.com", "example.com fail", .claim = "fail/fail" },
	  { "-", "direct", "spf-fail", "dkim-missing", "own-server-not-authorised", .flags = NULL } },
	{ "a server under an owned domain",
	  { "example.com", "web1.example.org", "example.com fail", .claim = "fail/fail",
	    .owned = "example.org" },
	  { "-", "unknown", "spf-fail", "dkim-missing", "own-server-not-authorised", .flags = NULL } },
	{ "a gateway that SPF does not list",
	  { "example.com", "mx0a-00123456.pphosted.com", "example.com softfail", .claim = "fail/fail" },
	  { "- via proofpoint", "unknown", "spf-fail", "dkim-missing", "own-server-not-authorised", .flags = NULL } },
	{ "no evidence at all", { "example.com", NULL, .claim = "fail/fail" },
	  { "-", "unknown", "spf-absent", "dkim-missing", "undetermined", .flags = "auth-results-missing" } },
};
/* clang-format on */

const struct judge_table judge_paths = { paths, COUNT_OF(paths) };

Test(judge, paths)
{
	judge_table_check(&judge_paths);
}
