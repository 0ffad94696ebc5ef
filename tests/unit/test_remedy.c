/* SPDX-License-Identifier: MIT */
/* What people are told to do: the words that must be there, and those that must never be. */
#include "reports/remedy.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "parser/address.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

enum { REMEDY_MEMORY = 1 << 20, WORDS_MAX = 8 };

/* "SPF record: bounce.example.com. MX ...", a line each. */
static void print_remedy(struct buf *b, const struct remedy *remedy)
{
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];

		buf_printf(b, "%s %s: %.*s\n", remedy_part_text(line->part),
			   remedy_kind_text(line->kind), SLICE_ARG(line->text));
	}
}

struct remedy_test {
	const char *name;
	struct judge_row row;
	bool task;
	const char *has[WORDS_MAX];
	const char *lacks[WORDS_MAX];
};

static void check_remedy(const struct judge *judge, const struct remedy_test *test)
{
	SCOPED(buf) struct buf text = { 0 };
	struct judge_case c;
	const struct judgement j = judge_row_judge(judge, &test->row, &c);
	const struct remedy_subject subject = { judge, &c.evidence, &j };
	struct remedy remedy;
	struct arena arena;

	if (test->row.host)
		cr_assert(address_parse(SLICE("192.0.2.25"), &c.record.source_ip) == ADDRESS_PLAIN);
	arena_init(&arena, REMEDY_MEMORY);
	cr_assert(remedy_of(&subject, &arena, &remedy), "%s: no memory", test->name);
	print_remedy(&text, &remedy);
	cr_expect_eq(remedy.task, test->task, "%s: task is %d:\n%s", test->name, remedy.task,
		     buf_text(&text));
	for (size_t i = 0; i < WORDS_MAX && test->has[i]; i++)
		cr_expect(strstr(buf_text(&text), test->has[i]), "%s: without '%s':\n%s",
			  test->name, test->has[i], buf_text(&text));
	for (size_t i = 0; i < WORDS_MAX && test->lacks[i]; i++)
		cr_expect(!strstr(buf_text(&text), test->lacks[i]), "%s: with '%s':\n%s",
			  test->name, test->lacks[i], buf_text(&text));
	arena_release(&arena);
}

#define ON_SES "a7-12.smtp-out.eu-west-1.amazonses.com"
#define BY_SES "eu-west-1.amazonses.com pass"

/* clang-format off */
static const struct remedy_test tests[] = {
	{ "SES with nothing set up",
	  { "example.com", "a9-92.smtp-out.eu-west-1.amazonses.com", "eu-west-1.amazonses.com pass",
	    "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "DKIM record: TOKEN1._domainkey.example.com. CNAME TOKEN1.dkim.amazonses.com.\n",
	    "DKIM record: TOKEN3._domainkey.example.com",
	    "SPF record: bounce.example.com. MX 10 feedback-smtp.eu-west-1.amazonses.com.\n",
	    "SPF record: bounce.example.com. TXT \"v=spf1 include:amazonses.com ~all\"\n",
	    "May be one of the services that send through Amazon SES: Kaizen risr/advance, Xtremepush",
	    "XMPie XES", "expected form", "One is enough for all Regions: publish only one of them" },
	  { "likely us-east-1", " mail.example.com" } },
	{ "SES by its bare envelope alone",
	  { "example.com", "?", "amazonses.com pass", "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "feedback-smtp.us-east-1.amazonses.com", "likely us-east-1" }, { NULL } },
	{ "SES in a Region whose DKIM targets carry its name",
	  { "example.com", NULL, "af-south-1.amazonses.com pass", "amazonses.com x pass",
	    .claim = "fail/fail" }, true,
	  { "CNAME TOKEN1.dkim.af-south-1.amazonses.com.\n" }, { NULL } },
	{ "SES with no Region told",
	  { "example.com", NULL, NULL, "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "Turn on Easy DKIM for example.com" }, { "feedback-smtp" } },
	{ "SES done right",
	  { "urbackup.org", "a4-3.smtp-out.eu-west-1.amazonses.com", "bounce.urbackup.org pass",
	    "urbackup.org x pass, amazonses.com y pass", .claim = "pass/pass" }, false,
	  { "Nothing to do" }, { "record:", "text:" } },
	{ "SES with DKIM alone: optional",
	  { "example.com", "a27-42.smtp-out.us-west-2.amazonses.com", "us-west-2.amazonses.com pass",
	    "example.com x pass, amazonses.com y pass", .claim = "pass/fail" }, false,
	  { "DMARC passes on DKIM", "Optional. Only if you run this SES account; with XMPie XES it ends "
	    "bounce and complaint tracking.", "us-west-2" },
	  { "DKIM record:" } },
	{ "the SPF record of an envelope host on SES is gone",
	  { "example.com", "a4-3.smtp-out.eu-west-1.amazonses.com", "mf.example.com none",
	    "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "SPF record: mf.example.com. TXT \"v=spf1 include:amazonses.com ~all\"",
	    "Publish what Amazon SES needs on mf.example.com", "name every other sender" },
	  { "bounce.example.com.", " MX 10" } },
	{ "Kaizen",
	  { "trust.example.org", "a3-4.smtp-out.eu-west-1.amazonses.com", "mailie.kaizenep.com pass",
	    "kaizenep.com x pass, amazonses.com y pass", .claim = "fail/fail" }, true,
	  { "Step 4 is not done", "records that Kaizen generates for trust.example.org",
	    "(step 6): optional, and strongly recommended", "From was switched before the MAIL FROM was",
	    "SPF record: bounce.trust.example.org. MX 10 feedback-smtp.eu-west-1.amazonses.com.",
	    "the expected form only: use the single one that Kaizen supplies",
	    "no-reply@kaizenep.com is of its own domain" },
	  { "mail.trust.example.org", "TOKEN1", "May be one of" } },
	{ "SpotMe's Mandrill leg",
	  { "events.example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/fail" }, true,
	  { "DKIM record: mte1._domainkey.events.example.com. CNAME dkim1.mandrillapp.com.",
	    "DKIM record: mte2._domainkey.events.example.com. CNAME dkim2.mandrillapp.com.",
	    "DKIM record: events.example.com. TXT \"mandrill_verify.KEY\"", "SpotMe Backstage Emailing",
	    "SPF record: bounce.events.example.com. CNAME TARGET.", "TARGET: Settings > Tracking" },
	  { "CNAME mandrillapp.com", "DMARC1" } },
	{ "SpotMe itself: the include is a gate",
	  { "example.com", "x.spotme.com", "spotme.com pass", "spotme.com s pass", .claim = "fail/fail" },
	  true,
	  { "SPF gate, does not align: example.com. TXT \"v=spf1 include:_spf.spotme.com ~all\"",
	    "you have one, leave it" },
	  { "SPF record:", "v=DMARC1" } },
	{ "SECUTIX",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com softfail", .claim = "fail/fail" }, true,
	  { "stxsel1._domainkey.mosamuseum.com. CNAME sel1-CODE._domainkey.dkim.secutix.com.",
	    "stxsel2._domainkey.mosamuseum.com. CNAME sel2-CODE", "CODE: your institution code",
	    "service support request: signing starts only then",
	    "SPF record: mosamuseum.com. TXT \"v=spf1 include:spf.secutix.com ~all\"",
	    "A domain has one SPF record: merge", "network, which is all that is known" },
	  { "bounce." } },
	{ "a signature that claims SECUTIX",
	  { "mosamuseum.com", NULL, "mosamuseum.com fail", "mosamuseum.com stxsel1 fail",
	    .claim = "fail/fail" }, false,
	  { "The selector stxsel1 claims SECUTIX" }, { "record:" } },
	{ "a signature broken at the source asks before anything is published",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "sendgrid.net pass",
	    "example.com s1 fail, sendgrid.info smtpapi pass", .claim = "fail/fail" }, true,
	  { "s1._domainkey.example.com passes anywhere in the same week", "If it passes nowhere" },
	  { "DKIM record:", "DKIM text" } },
	{ "an agency's SendGrid account",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "sendgrid.net pass",
	    "agency.test s1 pass, sendgrid.info smtpapi pass", .claim = "fail/fail" }, true,
	  { "is authenticated for agency.test, not for example.com: add example.com there" }, { NULL } },
	{ "the envelope of another customer of Mailgun's",
	  { "example.com", "m1.mailgun.net", "mg.agency.test pass", "mg.agency.test pdk1 pass",
	    .claim = "fail/fail" }, true,
	  { "mg.agency.test is the envelope of another domain that sends with Mailgun (Sinch): no record of "
	    "yours aligns it", "with an envelope under example.com if Mailgun (Sinch) offers one" },
	  { "not in the catalogue", "SPF record:" } },
	{ "Mailchimp done right: SPF is not worth a word of advice",
	  { "example.com", "mail148.suw18.rsgsv.net", "mail148.suw18.rsgsv.net pass",
	    "mcc.mcsv.net k1 pass, example.com k3 pass", .claim = "pass/fail" }, false,
	  { "Nothing to do: DMARC does not need it" }, { "record:", "text:" } },
	{ "Zendesk's include is a gate too",
	  { "example.com", NULL, "x.zendesk.com pass", "zendesk.com zendesk1 pass", .claim = "fail/fail" },
	  true, { "SPF gate, does not align: example.com. TXT \"v=spf1 include:mail.zendesk.com ~all\"" },
	  { "?all" } },
	{ "Google Workspace without its key",
	  { "example.com", "mail-lf1-f47.google.com", "example.com pass",
	    "example-com.20230601.gappssmtp.com 20230601 pass", .claim = "fail/pass" }, true,
	  { "google._domainkey.example.com. TXT \"KEY\"", "Start authentication" }, { "SPF record:" } },
	{ "Microsoft 365 by its machine alone",
	  { "example.com", "x.outbound.protection.outlook.com", "example.com fail", .claim = "fail/fail" },
	  true,
	  { "Microsoft 365 / Exchange Online or Outlook.com / Hotmail (consumer)'s network",
	    "only if you use it", "selector1-example-com._domainkey.TENANT" }, { NULL } },
	{ "somebody's Microsoft 365",
	  { "example.com", "x.outbound.protection.outlook.com", "fabrikam.test pass",
	    "fabrikam.onmicrosoft.com selector1 pass", .claim = "fail/fail" }, false,
	  { "not known to be yours (fabrikam.onmicrosoft.com)", "Publish nothing for it" },
	  { "record:", "text:" } },
	{ "somebody's Google, told by a signature",
	  { "example.com", NULL, NULL, "fabrikam-test.20230601.gappssmtp.com 20230601 pass",
	    .claim = "fail/fail" }, false,
	  { "(fabrikam.test) is not known to be yours: publish nothing for it" }, { "record:", "text:" } },
	{ "a private account at Gmail, which is nobody's domain",
	  { "example.com", "mail-x.google.com", "gmail.com pass", "gmail.com 20230601 pass",
	    .claim = "fail/fail" }, false,
	  { "Publish nothing for it: no record aligns it", "let it send through the mail service of "
	    "example.com instead" }, { "record:", "text:", "your domains", "tenant" } },
	{ "an invitation",
	  { "example.com", "mail-x.google.com", "calendar-server.bounces.google.com pass",
	    "google.com 20230601 pass", .claim = "fail/fail" }, false,
	  { "An invitation or a reply to one" }, { "record:", "text:" } },
	{ "forwarded, DKIM broken",
	  { "example.com", "x.outbound.protection.outlook.com", "example.com fail",
	    "example.com google fail", .claim = "fail/fail" }, false,
	  { "Probably forwarded", "DNS is not at fault", "never list a forwarder" },
	  { "record:", "text:", "include:" } },
	{ "a way that is not told, and a signature that was broken before it",
	  { "example.com", "?", "em12.example.com none", "example.com s1 permerror, sendgrid.info smtpapi pass",
	    .claim = "fail/fail" }, false,
	  { "Sent by Twilio SendGrid, and the signature of example.com was broken at its source",
	    "the key is missing, old or cut short", "If em12.example.com is the envelope host of a service" },
	  { "record:", "orwarded", "direct route", "never list a forwarder" } },
	{ "forwarded, never signed",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.test pass", .claim = "fail/fail" }, true,
	  { "Sign with d=example.com at the source" }, { "record:", "include:" } },
	{ "forwarded, signed by the service only: its advice, but no SPF",
	  { "example.com", NULL, "example.com fail", "mandrillapp.com mte1 pass", .claim = "fail/fail",
	    .reasons = "forwarded" }, true,
	  { "DKIM record: mte1._domainkey.example.com" }, { "SPF record:", "SPF text" } },
	{ "forwarded by somebody's account: no advice on it",
	  { "example.com", NULL, "example.com fail", "fabrikam.onmicrosoft.com selector1 pass",
	    .claim = "fail/fail", .reasons = "forwarded" }, true,
	  { "Sign with d=example.com at the source" }, { "record:", "Defender" } },
	{ "forwarded and fine",
	  { "example.com", "a0-7.email.cloudflare.net", "friend.test pass", "example.com k3 pass",
	    .claim = "pass/fail" }, false,
	  { "Nothing to do, and nothing to add to SPF" }, { "record:", "text:" } },
	{ "a spoof",
	  { "example.com", NULL, "example.com fail", .claim = "fail/fail" }, false,
	  { "Nothing identifies this mail", "what p=reject is for", "check these addresses once" },
	  { "record:", "text:", "look it up" } },
	{ "a spoof whose host was not looked up",
	  { "example.com", "?", "example.com fail", .claim = "fail/fail" }, false,
	  { "look it up first" }, { "record:", "text:" } },
	{ "strict DKIM: the mode is the owner's to relax",
	  { "news.example.com", NULL, NULL, "example.com x pass", .claim = "fail/fail",
	    .policy = "adkim=s domain=example.com" }, true,
	  { "Take adkim=s out of the DMARC record of example.com", "or sign with d=news.example.com" },
	  { "record:", "v=DMARC1" } },
	{ "a server of ours",
	  { "example.com", "web1.example.com", "example.com fail", .claim = "fail/fail" }, true,
	  { "a server and not a customer line", "web1.example.com", "Sign its mail with d=example.com",
	    "Add its address (ip4:192.0.2.25) to the SPF record of example.com" }, { "record:" } },
	{ "a server of ours, and a broken record: an address in it changes nothing",
	  { "example.com", "web1.example.com", "example.com permerror", .claim = "fail/fail" }, true,
	  { "The SPF record of example.com is broken", "Mend it first", "Sign its mail" },
	  { "record:", "Add its address" } },
	{ "a server of ours, and no record at all",
	  { "example.com", "web1.example.com", "example.com none", .claim = "fail/fail" }, true,
	  { "example.com has no SPF record", "name every sender of example.com in it, this server "
	    "(ip4:192.0.2.25) among them" }, { "record:", "Add its address" } },
	{ "a server of ours with a foreign envelope",
	  { "example.com", "web1.example.com", "other.test fail", .claim = "fail/fail" }, true,
	  { "Let it send with an envelope of example.com" }, { "record:", "record of other.test" } },
	{ "a server of ours whose signature is broken",
	  { "example.com", "web1.example.com", "example.com fail", "example.com s fail",
	    .claim = "fail/fail" }, true,
	  { "The signature of example.com (selector s) arrived broken", "The server signs already",
	    "see that its key is the published one" }, { "record:", "Sign its mail" } },
	{ "a gateway",
	  { "example.com", "mx0a-1.pphosted.com", "example.com fail", .claim = "fail/fail" }, true,
	  { "If mx0a-1.pphosted.com is your own gateway", "it is a recipient's: add nothing" },
	  { "record:" } },
	{ "a broken SPF record",
	  { "example.com", "mail-lf1-f47.google.com", "example.com permerror", "example.com google pass",
	    .claim = "pass/fail" }, true, { "more than 10 look-ups" }, { "record:" } },
	{ "a route that SPF does not list, and DKIM that passes",
	  { "example.com", "mail-lf1-f47.google.com", "example.com fail", "example.com google pass",
	    .claim = "pass/fail" }, false,
	  { "add only what you run", "SPF record: example.com. TXT \"v=spf1 include:_spf.google.com ~all\"" },
	  { NULL } },
	{ "a route of a domain without SPF, and DKIM that passes: no first record without the rest",
	  { "example.com", "mail-lf1-f47.google.com", "example.com none", "example.com google pass",
	    .claim = "pass/fail" }, false,
	  { "Before the first SPF record of a domain, name every other sender in it",
	    "SPF record: example.com. TXT \"v=spf1 include:_spf.google.com ~all\"" }, { NULL } },
	{ "passed for a reason that is not listed",
	  { "example.com", NULL, "sendgrid.net pass", "sendgrid.net x pass", .claim = "pass/fail" }, false,
	  { "what made it pass is not listed" }, { "record:", "text:" } },
	{ "the boundary by DNS is another",
	  { "news.example.com", NULL, NULL, "example.com a pass", .claim = "fail/fail" }, false,
	  { "Publish a DMARC record at example.com (without psd=n below it)" }, { "v=DMARC1" } },
	{ "SES and aspf=s: no record aligns its envelope",
	  { "example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail",
	    .policy = "aspf=s" }, true,
	  { "DKIM record: TOKEN1._domainkey.example.com.", "aspf=s takes no envelope but example.com itself",
	    "take aspf=s out of the DMARC record of example.com and leave the rest of it as it is" },
	  { "SPF record:", "SPF text" } },
	{ "SES that falls back to its own envelope",
	  { "example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "If other mail of this kind has an envelope under example.com, the MX record of that host is "
	    "missing or wrong", "falls back to eu-west-1.amazonses.com" }, { NULL } },
	{ "Kaizen, which the owner has named, with nothing set up",
	  { "example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail", .named = "kaizen" }, true,
	  { "Step 4 is not done", "This alone makes DMARC pass", "the expected form only",
	    "SPF record: bounce.example.com. MX 10 feedback-smtp.eu-west-1.amazonses.com.",
	    "SPF record: bounce.example.com. TXT \"v=spf1 include:amazonses.com ~all\"" },
	  { "DKIM record:", "May be one of", " mail.example.com" } },
	{ "Kaizen with DKIM alone",
	  { "example.com", ON_SES, BY_SES, "example.com x pass, amazonses.com y pass",
	    .claim = "pass/fail", .named = "kaizen" }, false,
	  { "Steps 5 and 6 are optional and not done; Kaizen strongly recommends them as a second leg" },
	  { "DKIM record:", "Step 4 is not done" } },
	{ "Kaizen's envelope host without its SPF record",
	  { "example.com", ON_SES, "mf.example.com softfail", "amazonses.com x pass",
	    .claim = "fail/fail", .named = "kaizen" }, true,
	  { "The SPF record of mf.example.com does not list this address (softfail)",
	    "SPF record: mf.example.com. TXT \"v=spf1 include:amazonses.com ~all\"" },
	  { "bounce.example.com", "SPF record: example.com." } },
	{ "Kaizen and aspf=s",
	  { "example.com", ON_SES, "mf.example.com pass", "amazonses.com x pass", .claim = "fail/fail",
	    .policy = "aspf=s", .named = "kaizen" }, true,
	  { "mf.example.com aligns in relaxed mode only: take aspf=s out", "or rely on DKIM",
	    "publish the DKIM records that Kaizen generates" }, { "SPF record:" } },
	{ "Xtremepush on SES: support issues the records",
	  { "oxfordstones.co.uk", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail", .named = "xtremepush-ses" }, true,
	  { "such as email.oxfordstones.co.uk, and give it with the From address to Xtremepush support",
	    "It must keep pointing to Xtremepush", "MX 10 feedback-smtp.eu-west-1.amazonses.com.",
	    "use the ones they give", "TOKEN._domainkey.oxfordstones.co.uk",
	    "add From addresses only when they have confirmed" },
	  { "record:" } },
	{ "Xtremepush on SES under aspf=s, which the guide's set-up does not pass",
	  { "oxfordstones.co.uk", ON_SES, "email.oxfordstones.co.uk pass",
	    "oxfordstones.co.uk x pass, amazonses.com y pass", .claim = "pass/fail",
	    .policy = "adkim=s aspf=s" }, false,
	  { "SPF passes for email.oxfordstones.co.uk, but aspf=s wants oxfordstones.co.uk itself" },
	  { "record:" } },
	{ "Xtremepush's own platform",
	  { "oxfordstones.co.uk", NULL, "x.xtremepush.com pass", .claim = "fail/fail" }, true,
	  { "Own delivery platform: choose a custom send subdomain",
	    "Own delivery platform: publish the DKIM record Xtremepush support gives" },
	  { "record:" } },
	{ "SECUTIX with its own envelope",
	  { "mosamuseum.com", NULL, "secutix.com pass", .claim = "fail/fail" }, true,
	  { "The envelope secutix.com is not yours: no record on your domain aligns it. DKIM carries DMARC.",
	    "DKIM record: stxsel1._domainkey.mosamuseum.com. CNAME sel1-CODE._domainkey.dkim.secutix.com.",
	    "Only one of the two selectors is in use at a time" },
	  { "SPF record:", "spf.secutix.com" } },
	{ "SECUTIX done right",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com pass", "mosamuseum.com stxsel1 pass",
	    .claim = "pass/pass" }, false, { "Nothing to do." }, { "record:", "text:" } },
	{ "SECUTIX by its machine, and its signature broken",
	  { "mosamuseum.com", "mail10.secutix.com", "mosamuseum.com pass", "mosamuseum.com stxsel2 permerror",
	    .claim = "fail/pass" }, false,
	  { "The selector stxsel2 claims SECUTIX", "a placeholder in it was never replaced",
	    "or it is not published" }, { "record:" } },
	{ "XMPie XES as it is meant to be",
	  { "example.com", ON_SES, BY_SES, "example.com x pass, amazonses.com y pass",
	    .claim = "pass/fail", .named = "xmpie-xes" }, false,
	  { "for XES that is the supported set-up", "gives no analytics",
	    "Gmail and Yahoo do not require it" },
	  { "record:", "text:", "Give SES" } },
	{ "XMPie XES before its domain is verified",
	  { "example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail", .named = "xmpie-xes" }, true,
	  { "E-mail support@xmpie.com with the domain example.com", "the DKIM records they send",
	    "reads Verified", "up to 10 domains", "Not recommended" },
	  { "record:", "CNAME", "TXT", "falls back" } },
	{ "XMPie XES with the custom MAIL FROM that costs",
	  { "example.com", ON_SES, "mf.example.com pass", "example.com x pass, amazonses.com y pass",
	    .claim = "pass/pass", .named = "xmpie-xes" }, false,
	  { "Nothing to do.", "XMPie no longer tracks complaints and hard bounces" },
	  { "record:" } },
	{ "SpotMe by Amazon SES",
	  { "example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail", .named = "spotme" }, true,
	  { "It left through Amazon SES, one of several that SpotMe Backstage Emailing sends through",
	    "DKIM record: TOKEN3._domainkey.example.com. CNAME TOKEN3.dkim.amazonses.com.",
	    "DKIM record: mte2._domainkey.example.com. CNAME dkim2.mandrillapp.com.",
	    "DKIM record: example.com. TXT \"mandrill_verify.KEY\"",
	    "SPF gate, does not align: example.com. TXT \"v=spf1 include:_spf.spotme.com ~all\"",
	    "so the include does not align these messages; the DKIM records do", "allow-list it",
	    "you have one, leave it" },
	  { "SPF record:" } },
	{ "SpotMe by Mandrill",
	  { "example.com", "mail187-3.suw11.mandrillapp.com", "mandrillapp.com pass",
	    "mandrillapp.com mte1 pass", .claim = "fail/fail", .named = "spotme" }, true,
	  { "It left through Mailchimp Transactional (Mandrill)", "DKIM record: mte1._domainkey.example.com." },
	  { "SPF record:" } },
	{ "an envelope host of SendGrid's that leads nowhere",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "em1234.example.com none",
	    "sendgrid.info smtpapi pass", .claim = "fail/fail" }, true,
	  { "SPF record: em1234.example.com. CNAME uNNNN.wlNNN.sendgrid.net." }, { "emNNNN" } },
	{ "an envelope host with an SPF record of its own, where SendGrid wants an alias",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "em1234.example.com softfail",
	    "sendgrid.info smtpapi pass", .claim = "fail/fail" }, true,
	  { "SPF record: em1234.example.com. CNAME uNNNN.wlNNN.sendgrid.net.", "It stands alone" },
	  { "merge" } },
	{ "somebody else's tenant with our envelope: its include would let him pass",
	  { "example.com", "x.outbound.protection.outlook.com", "example.com softfail",
	    "fabrikam.onmicrosoft.com selector1-fabrikam-onmicrosoft-com pass", .claim = "fail/fail" }, false,
	  { "every account of Microsoft 365 / Exchange Online would pass with it" }, { "record:", "text:", "spf.protection" } },
	{ "our tenant, not yet in SPF",
	  { "example.com", "x.outbound.protection.outlook.com", "example.com softfail",
	    "contoso.onmicrosoft.com selector1-contoso-onmicrosoft-com pass", .claim = "fail/fail",
	    .owned = "contoso.onmicrosoft.com" }, true,
	  { "SPF record: example.com. TXT \"v=spf1 include:spf.protection.outlook.com ~all\"",
	    "A domain has one SPF record: merge" }, { NULL } },
	{ "a service that signs below From, and adkim=s",
	  { "example.com", NULL, "sandbox1.mailgun.org pass", "sandbox1.mailgun.org smtp pass",
	    .claim = "fail/fail", .policy = "adkim=s" }, true,
	  { "signs with a name below example.com, which adkim=s does not take" }, { "DKIM record:" } },
	{ "the parent's signature under adkim=s, and how to sign at its service",
	  { "news.example.com", NULL, "sparkpostmail.com pass", "example.com scph0717 pass",
	    .claim = "fail/fail", .policy = "adkim=s domain=example.com" }, true,
	  { "Take adkim=s out of the DMARC record of example.com",
	    "DKIM record: scphMMYY._domainkey.news.example.com. TXT" }, { "SPF record:" } },
	{ "Salesforce, whose envelope would cost",
	  { "example.com", NULL, "a.b.na1.bnc.salesforce.com pass", .claim = "fail/fail" }, true,
	  { "Prefer DKIM", "the SPF record of example.com includes _spf.salesforce.com",
	    "no longer handles bounces", "DKIM record: SELECTOR1._domainkey.example.com." },
	  { "SPF record:" } },
	{ "what only hearsay knows prints no record",
	  { "example.com", NULL, "x.mktomail.com pass", "mktomail.com m1 pass", .claim = "fail/fail" }, true,
	  { "Admin > Email > SPF/DKIM", "include:mktomail.com does not align" }, { "record:" } },
	{ "DKIM passed for a signature that is not listed",
	  { "example.com", "o1.outbound-mail.sendgrid.net", "example.com pass", "sendgrid.info smtpapi pass",
	    .claim = "pass/pass" }, false,
	  { "The reporter says that DKIM passed, and what did is not listed" }, { "record:", "text:" } },
	{ "SPF passed by what is not listed, beside DKIM",
	  { "example.com", "mail-lf1-f47.google.com", "example.com fail", "example.com google pass",
	    .claim = "pass/pass" }, false,
	  { "The reporter says that SPF passed, and what did is not listed" }, { "record:", "text:" } },
	{ "an exception, and what the receiver says of it",
	  { "example.com", NULL, "example.com fail", "example.com x fail", .claim = "fail/fail",
	    .reasons = "local_policy arc=pass as[1].d={from}" }, false,
	  { "The receiver made an exception: local_policy, \"arc=pass as[1].d={from}\"" }, { "record:" } },
	{ "failed, and by its evidence it passes",
	  { "example.com", NULL, "example.com pass", "example.com x pass", .claim = "fail/fail" }, false,
	  { "The reporter failed it all the same" }, { "record:" } },
	{ "a From domain that is no name",
	  { "a b.example.com", ON_SES, BY_SES, "amazonses.com x pass", .claim = "fail/fail" }, true,
	  { "is no name that the records could stand under in DNS" }, { "record:" } },
	{ "an own other domain",
	  { "example.com", NULL, "example.org pass", "example.org x pass", .claim = "fail/fail",
	    .owned = "example.org" }, true,
	  { "Sent by another of your domains", "Set up signing with d=example.com",
	    "Set the envelope or sending domain to example.com" }, { "record:" } },
};
/* clang-format on */

Test(remedy, says_what_to_do)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(tests); i++)
		check_remedy(&judge, &tests[i]);
	judge_rows_close(&judge);
}

/* --- sentences --------------------------------------------------------------------------------- */

Test(remedy, sentences)
{
	struct judge judge = judge_rows_open();
	struct judge_case c;
	const struct judge_row row = { "example.com", .spf = "amazonses.com pass",
				       .dkim = "amazonses.com x pass" };
	const struct judgement j = judge_row_judge(&judge, &row, &c);
	const struct remedy_subject subject = { &judge, &c.evidence, &j };
	struct arena arena;
	struct slice text;

	arena_init(&arena, REMEDY_MEMORY);
	cr_assert(remedy_spf_sentence(&subject, &arena, &text));
	EXPECT_TEXT(text,
		    "SPF passes for amazonses.com, Amazon SES's own envelope, so it never aligns",
		    "SPF");
	cr_assert(remedy_dkim_sentence(&subject, &arena, &text));
	EXPECT_TEXT(text, "DKIM passes for amazonses.com only, the service's own signature",
		    "DKIM");
	cr_assert(remedy_verdict_sentence(&subject, &arena, &text));
	EXPECT_TEXT(text, "Sent by Amazon SES, which is not set up to send as example.com",
		    "verdict");
	arena_release(&arena);
	judge_rows_close(&judge);
}

/* Every cause and verdict has a sentence, and every placeholder in it is filled. */
Test(remedy, sentences_for_all)
{
	struct judge judge = judge_rows_open();
	struct judge_case c;
	const struct judge_row row = { "example.com", .spf = "amazonses.com pass" };
	struct judgement j = judge_row_judge(&judge, &row, &c);
	const struct remedy_subject subject = { &judge, &c.evidence, &j };
	struct arena arena;
	struct slice text;

	arena_init(&arena, REMEDY_MEMORY);
	for (int i = 0; i < spf_cause_count; i++) {
		j.spf_cause = (enum spf_cause)i;
		cr_assert(remedy_spf_sentence(&subject, &arena, &text) && text.n > 0);
		cr_expect_eq(slice_find(text, '{'), text.n, "%s", spf_cause_text(j.spf_cause));
	}
	for (int i = 0; i < dkim_cause_count; i++) {
		j.dkim_cause = (enum dkim_cause)i;
		cr_assert(remedy_dkim_sentence(&subject, &arena, &text) && text.n > 0);
		cr_expect_eq(slice_find(text, '{'), text.n, "%s", dkim_cause_text(j.dkim_cause));
	}
	for (int i = 0; i < verdict_count; i++) {
		j.verdict = (enum verdict)i;
		cr_assert(remedy_verdict_sentence(&subject, &arena, &text) && text.n > 0);
		cr_expect_eq(slice_find(text, '{'), text.n, "%s", verdict_text(j.verdict));
	}
	arena_release(&arena);
	judge_rows_close(&judge);
}

Test(remedy, an_arena_too_small_is_told)
{
	struct judge judge = judge_rows_open();
	struct judge_case c;
	const struct judge_row row = { "example.com", .spf = "amazonses.com pass" };
	const struct judgement j = judge_row_judge(&judge, &row, &c);
	const struct remedy_subject subject = { &judge, &c.evidence, &j };
	struct remedy remedy;
	size_t cap = 0;
	bool done = false;

	for (; !done && cap < REMEDY_MEMORY; cap += 64) {
		struct arena arena;

		arena_init(&arena, cap);
		done = remedy_of(&subject, &arena, &remedy);
		arena_release(&arena);
	}
	cr_expect(done && cap > 512, "done with %zu bytes", cap);
	judge_rows_close(&judge);
}
