/* SPDX-License-Identifier: MIT */
/* Who sent it: the owner's rules, ranges of addresses, and names that try to look like others. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "reports/knowledge.h"
#include "reports/trial.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

/* What is asked, in the words of `senders test`; lists with blanks between. */
struct question {
	const char *name;
	const char *from, *ip;
	const char *host; /* "~NAME" unconfirmed, "?" not looked up */
	const char *spf, *dkim;
	const char *owned, *rules;
	const char *want; /* "SERVICE on INFRASTRUCTURE via LAST HOP; PATH; CONFIDENCE; VERDICT" */
};

static void set(struct trial *t, trial_setter *setter, struct slice text)
{
	struct err e = ERR_INIT;

	cr_assert(setter(t, text, &e), "%.*s: %s", SLICE_ARG(text), e.what);
}

static void add_all(struct trial *t, trial_setter *setter, const char *list)
{
	struct slice rest = slice_from(list), item;

	while (slice_cut(&rest, ' ', &item))
		set(t, setter, item);
}

static void make_up(struct trial *t, const struct question *q)
{
	trial_init(t);
	set(t, trial_set_from, slice_from(q->from ? q->from : "example.com"));
	set(t, trial_set_address, slice_from(q->ip ? q->ip : "203.0.113.9"));
	add_all(t, trial_add_spf, q->spf);
	add_all(t, trial_add_dkim, q->dkim);
	if (!q->host)
		return;
	if (q->host[0] == '?') {
		t->host.state = HOST_NOT_LOOKED_UP;
		return;
	}
	set(t, trial_set_host, slice_from(q->host + (q->host[0] == '~')));
	if (q->host[0] == '~')
		t->host.state = HOST_UNCONFIRMED;
}

static void learn(struct knowledge *k, const struct question *q)
{
	struct slice rest = slice_from(q->owned), item;
	struct err e = ERR_INIT;

	while (slice_cut(&rest, ' ', &item))
		cr_assert(knowledge_own(k, item, &e), "%s: %s", q->name, e.what);
	rest = slice_from(q->rules);
	while (slice_cut(&rest, ' ', &item))
		cr_assert(knowledge_add_rule_text(k, item, &e), "%s: %s", q->name, e.what);
}

static void describe(struct buf *b, const struct judgement *j)
{
	struct slice service = j->service ? j->service->id : SLICE("-");

	buf_append(b, service);
	if (j->infrastructure && j->infrastructure != j->service)
		buf_printf(b, " on %.*s", SLICE_ARG(j->infrastructure->id));
	if (j->last_hop)
		buf_printf(b, " via %.*s", SLICE_ARG(j->last_hop->id));
	buf_printf(b, "; %s; %s; %s", path_text(j->path), confidence_text(j->confidence),
		   verdict_text(j->verdict));
}

static void ask(struct judge *judge, const struct question *q)
{
	SCOPED(buf) struct buf got = { 0 };
	struct knowledge knowledge;
	struct judgement j;
	struct trial trial;

	knowledge_init(&knowledge, judge->catalogue, judge->domains);
	learn(&knowledge, q);
	make_up(&trial, q);

	const struct owner owner = knowledge_owner(&knowledge);

	judge->owner = &owner;

	const struct evidence evidence = trial_evidence(&trial, judge);

	judge_record(judge, &evidence, &j);
	describe(&got, &j);
	cr_expect_str_eq(buf_text(&got), q->want, "%s:\n got  %s\n want %s", q->name,
			 buf_text(&got), q->want);
	judge->owner = NULL;
	trial_release(&trial);
	knowledge_release(&knowledge);
}

static void ask_all(const struct question *questions, size_t count)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < count; i++)
		ask(&judge, &questions[i]);
	judge_rows_close(&judge);
}

#define SES_HOST  "a4-3.smtp-out.eu-west-1.amazonses.com"
#define M365_HOST "x.outbound.protection.outlook.com"

/* clang-format off */
static const struct question by_rule[] = {
	{ "MAIL FROM host: the evidence is what it runs on",
	  .host = SES_HOST, .spf = "bounce.example.com=pass", .dkim = "amazonses.com:x=pass example.com:y=pass",
	  .rules = "mailfrom=bounce.example.com=kaizen",
	  .want = "kaizen on amazon-ses via amazon-ses; direct; high; aligned-both" },
	{ "a stranger's failing MAIL FROM does not count",
	  .spf = "bounce.example.com=fail", .rules = "mailfrom=bounce.example.com=kaizen",
	  .want = "-; unknown; none; likely-spoof" },
	{ "a failing one from the service's machines does",
	  .host = SES_HOST, .spf = "bounce.example.com=none", .rules = "mailfrom=bounce.example.com=kaizen",
	  .want = "kaizen on amazon-ses via amazon-ses; direct; high; sender-not-authenticated" },
	{ "the very host only",
	  .spf = "a.bounce.example.com=pass", .rules = "mailfrom=bounce.example.com=kaizen",
	  .want = "-; direct; none; aligned-spf-only" },
	{ "a HELO name is no MAIL FROM",
	  .spf = "bounce.example.com=pass/helo", .rules = "mailfrom=bounce.example.com=kaizen",
	  .want = "-; unknown; none; own-server-not-authorised" },
	{ "an envelope elsewhere that the owner knows is no forwarder's",
	  .host = M365_HOST, .spf = "crm.test=pass", .dkim = "example.com:a=fail", .rules = "mailfrom=crm.test=our-crm",
	  .want = "our-crm via microsoft-365; direct; high; sender-not-authenticated" },
	{ "while a stranger's is",
	  .host = M365_HOST, .spf = "crm.test=pass", .dkim = "example.com:a=fail",
	  .want = "microsoft-365 via microsoft-365; indirect; low; forwarded-broken" },
	{ "selector of a signature of ours",
	  .host = SES_HOST, .spf = "amazonses.com=pass", .dkim = "amazonses.com:x=pass example.com:tok1=pass",
	  .rules = "selector=tok1=spotme",
	  .want = "spotme on amazon-ses via amazon-ses; direct; high; aligned-dkim-only" },
	{ "selectors in any case",
	  .dkim = "example.com:TOK1=pass", .rules = "selector=tok1=our-crm",
	  .want = "our-crm; unknown; high; aligned-dkim-only" },
	{ "anybody may choose our selector for his own domain",
	  .dkim = "evil.test:tok1=pass", .rules = "selector=tok1=our-crm",
	  .want = "-; unknown; none; unknown-sender" },
	{ "but not for an owned one",
	  .dkim = "example.org:tok1=pass", .owned = "example.org", .rules = "selector=tok1=our-crm",
	  .want = "our-crm; unknown; high; sender-not-authenticated" },
	{ "a failing signature with our selector does not count",
	  .spf = "example.com=fail", .dkim = "example.com:tok1=fail", .rules = "selector=tok1=our-crm",
	  .want = "-; indirect; none; forwarded-broken" },
	{ "d= of a signature that passes",
	  .dkim = "crm.test:s=pass", .rules = "dkim=crm.test=our-crm",
	  .want = "our-crm; unknown; high; sender-not-authenticated" },
	{ "the very d= only",
	  .dkim = "eu.crm.test:s=pass", .rules = "dkim=crm.test=our-crm",
	  .want = "-; unknown; none; unknown-sender" },
	{ "an address always counts, and makes the way direct",
	  .ip = "192.0.2.7", .spf = "example.com=fail", .dkim = "example.com:stxsel1=fail",
	  .rules = "ip=192.0.2.7=secutix",
	  .want = "secutix via secutix; direct; high; sender-not-authenticated" },
	{ "a network", .ip = "192.0.2.200", .spf = "example.com=fail", .rules = "ip=192.0.2.128/25=our-crm",
	  .want = "our-crm via our-crm; direct; high; sender-not-authenticated" },
	{ "its end", .ip = "192.0.2.127", .spf = "example.com=fail", .rules = "ip=192.0.2.128/25=our-crm",
	  .want = "-; unknown; none; likely-spoof" },
	{ "a network of IPv6", .ip = "2001:db8:7::9", .spf = "example.com=fail", .rules = "ip=2001:db8::/32=our-crm",
	  .want = "our-crm via our-crm; direct; high; sender-not-authenticated" },
	{ "the longest prefix counts",
	  .ip = "192.0.2.7", .rules = "ip=192.0.2.0/24=one ip=192.0.2.7=two ip=192.0.2.0/28=three",
	  .want = "two via two; direct; high; sender-not-authenticated" },
	{ "everything", .ip = "2001:db8::1", .rules = "ip=::/0=six ip=0.0.0.0/0=four",
	  .want = "six via six; direct; high; sender-not-authenticated" },
	{ "the address of a host that is called otherwise",
	  .ip = "192.0.2.7", .host = "o1.outbound-mail.sendgrid.net", .spf = "example.com=fail",
	  .rules = "ip=192.0.2.7=our-crm",
	  .want = "our-crm on sendgrid via our-crm; direct; high; sender-not-authenticated" },
	{ "a signature tells the sender, an address who passed it on",
	  .ip = "192.0.2.7", .dkim = "example.com:tok1=pass", .rules = "ip=192.0.2.7=relay selector=tok1=our-crm",
	  .want = "our-crm via relay; indirect; high; forwarded-dkim-survived" },
	{ "a gateway of ours, by its address, is not the sender",
	  .ip = "192.0.2.7", .spf = "example.com=pass", .dkim = "contoso.onmicrosoft.com:selector1=pass",
	  .rules = "ip=192.0.2.7=proofpoint",
	  .want = "microsoft-365 via proofpoint; direct; high; aligned-spf-only" },
	{ "a rule wins over a signature of the catalogue",
	  .spf = "mandrillapp.com=pass", .dkim = "mandrillapp.com:mte1=pass example.com:mte1=pass",
	  .rules = "selector=mte1=spotme",
	  .want = "spotme on mandrill; direct; high; aligned-dkim-only" },
	{ "a rule whose mechanism passes counts before one that is only corroborated",
	  .host = SES_HOST, .spf = "bounce.example.com=pass", .dkim = "example.com:tok1=fail",
	  .rules = "selector=tok1=kaizen mailfrom=bounce.example.com=spotme",
	  .want = "spotme on amazon-ses via amazon-ses; direct; high; aligned-spf-only" },
	{ "an account at a mailbox provider that the owner names is his",
	  .host = M365_HOST, .spf = "fabrikam.com=pass", .dkim = "fabrikam.onmicrosoft.com:selector1=pass",
	  .rules = "mailfrom=fabrikam.com=microsoft-365",
	  .want = "microsoft-365 via microsoft-365; direct; high; sender-not-authenticated" },
	{ "and one that nobody names is not known",
	  .host = M365_HOST, .spf = "fabrikam.com=pass", .dkim = "fabrikam.onmicrosoft.com:selector1=pass",
	  .want = "microsoft-365 via microsoft-365; direct; high; unknown-sender" },
	{ "a mailbox provider's machine may as well have passed our service's mail on",
	  .host = "mail-lf1-f47.google.com", .spf = "example.com=fail", .dkim = "example.com:tok1=pass",
	  .rules = "selector=tok1=our-crm",
	  .want = "our-crm via google-workspace; indirect; high; forwarded-dkim-survived" },
	{ "a display name and another case are of the catalogue",
	  .dkim = "example.com:tok1=pass", .rules = "selector=tok1=Resend",
	  .want = "resend; unknown; high; aligned-dkim-only" },
	{ "the first of two alike counts",
	  .dkim = "example.com:tok1=pass", .rules = "selector=tok1=one selector=tok1=two",
	  .want = "one; unknown; high; aligned-dkim-only" },
};

static const struct question by_range[] = {
	{ "an address of SES that was not looked up",
	  .ip = "54.240.9.92", .host = "?", .spf = "example.com=fail",
	  .want = "amazon-ses via amazon-ses; direct; low; sender-not-authenticated" },
	{ "the last address of a range", .ip = "54.240.127.255", .host = "?", .spf = "example.com=fail",
	  .want = "amazon-ses via amazon-ses; direct; low; sender-not-authenticated" },
	{ "the first behind it", .ip = "54.240.128.0", .host = "?", .spf = "example.com=fail",
	  .want = "-; unknown; none; likely-spoof" },
	{ "the last before one", .ip = "54.239.255.255", .host = "?", .spf = "example.com=fail",
	  .want = "-; unknown; none; likely-spoof" },
	{ "the same bytes in IPv6", .ip = "36f0:95c::", .host = "?", .spf = "example.com=fail",
	  .want = "-; unknown; none; likely-spoof" },
	{ "a confirmed name tells more than an address",
	  .ip = "54.240.9.92", .host = "mail1.mandrillapp.com", .spf = "example.com=fail",
	  .want = "mandrill via mandrill; direct; low; sender-not-authenticated" },
	{ "a selector is corroborated by an address",
	  .ip = "54.240.9.92", .dkim = "agency.test:resend=pass",
	  .want = "resend on amazon-ses via amazon-ses; direct; high; sender-not-authenticated" },
};

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NAME_192 LABEL_63 "." LABEL_63 "." LABEL_63 "."

static const struct question look_alikes[] = {
	{ "a suffix in the middle",
	  .host = "a1.amazonses.com.evil.test", .spf = "amazonses.com.evil.test=pass", .dkim = "amazonses.com.evil.test:s=pass",
	  .want = "-; unknown; none; unknown-sender" },
	{ "not on a label boundary", .spf = "notamazonses.com=pass", .dkim = "not-amazonses.com:s=pass",
	  .want = "-; unknown; none; unknown-sender" },
	{ "upper case and a dot at the end",
	  .host = "A9-92.SMTP-OUT.AmazonSES.COM.", .spf = "AMAZONSES.com.=pass", .dkim = "AmazonSES.com.:S=pass",
	  .want = "amazon-ses via amazon-ses; direct; high; sender-not-authenticated" },
	{ "From in upper case with a dot at the end",
	  .from = "EXAMPLE.Com.", .spf = "bounce.example.com=pass", .dkim = "example.com:s=pass",
	  .want = "-; direct; none; aligned-both" },
	{ "an IDN and its A-label",
	  .from = "b\xc3\xbc" "cher.example", .spf = "xn--bcher-kva.example=pass", .dkim = "B\xc3\x9c" "CHER.example:s=pass",
	  .want = "-; direct; none; aligned-both" },
	{ "Cyrillic letters that look like amazonses.com",
	  .spf = "\xd0\xb0mazonses.com=pass", .dkim = "xn--mazonses-2fg.com:s=pass",
	  .want = "-; unknown; none; unknown-sender" },
	{ "253 bytes, the longest name there is",
	  .spf = NAME_192 LABEL_63 ".amazonses.com=pass", .want = "-; unknown; none; unknown-sender" },
	{ "a long name that can be",
	  .spf = NAME_192 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.amazonses.com=pass",
	  .want = "amazon-ses; direct; high; sender-not-authenticated" },
	{ "one byte more, 254, can not",
	  .spf = NAME_192 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.amazonses.com=pass",
	  .want = "-; unknown; none; unknown-sender" },
	{ "a public suffix as From aligns with nothing below it",
	  .from = "co.uk", .spf = "example.co.uk=pass", .dkim = "example.co.uk:s=pass",
	  .want = "-; unknown; none; unknown-sender" },
	{ "but with itself", .from = "co.uk", .spf = "co.uk=pass", .want = "-; direct; none; aligned-spf-only" },
	{ "From of one label", .from = "localhost", .spf = "localhost=pass", .dkim = "other:s=pass",
	  .want = "-; direct; none; aligned-spf-only" },
	{ "an empty d= and an empty domain", .spf = "=pass", .dkim = ":s=pass",
	  .want = "-; unknown; none; undetermined" },
	{ "a name that does not resolve back",
	  .host = "~a9-92.smtp-out.amazonses.com", .spf = "example.com=fail", .want = "-; unknown; none; likely-spoof" },
	{ "one under our domain that does not",
	  .host = "~mx.example.com", .spf = "example.com=fail", .want = "-; unknown; none; likely-spoof" },
	{ "one that was not looked up", .host = "?", .spf = "example.com=fail", .want = "-; unknown; none; likely-spoof" },
	{ "a domain like an owned one", .spf = "notexample.org=pass", .owned = "example.org",
	  .want = "-; unknown; none; unknown-sender" },
	{ "an owned domain, and what is below it", .spf = "mail.example.org=pass", .owned = "EXAMPLE.org.",
	  .want = "-; unknown; none; sender-not-authenticated" },
};
/* clang-format on */

Test(attribution, the_owners_rules)
{
	ask_all(by_rule, COUNT_OF(by_rule));
}

Test(attribution, ranges_of_addresses)
{
	ask_all(by_range, COUNT_OF(by_range));
}

Test(attribution, names_that_look_like_others)
{
	ask_all(look_alikes, COUNT_OF(look_alikes));
}

/* The same every time, whatever came before: nothing is remembered. */
Test(attribution, is_the_same_in_any_order)
{
	struct judge judge = judge_rows_open();

	for (size_t i = COUNT_OF(by_rule); i > 0; i--)
		ask(&judge, &by_rule[i - 1]);
	for (size_t i = COUNT_OF(look_alikes); i > 0; i--)
		ask(&judge, &look_alikes[i - 1]);
	judge_rows_close(&judge);
}
