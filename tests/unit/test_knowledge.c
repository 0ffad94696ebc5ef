/* SPDX-License-Identifier: MIT */
/* What an owner may say, what is made of it, and what is wrong with the rest. */
#include "reports/knowledge.h"

#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

#define LONG_80 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhh"

Test(knowledge, takes_rules)
{
	static const struct {
		const char *text;
		enum rule_kind kind;
		const char *name; /* of rules by name */
		unsigned bits;    /* of rules by address */
		const char *sender;
	} rows[] = {
		{ "mailfrom=bounce.example.com=kaizen", RULE_BY_MAILFROM, "bounce.example.com", 0,
		  "kaizen" },
		{ "mailfrom=Bounce.EXAMPLE.com.=Kaizen", RULE_BY_MAILFROM, "bounce.example.com", 0,
		  "kaizen" },
		{ "spf=bounce.example.com=our-crm", RULE_BY_MAILFROM, "bounce.example.com", 0,
		  "our-crm" },
		{ "dkim=crm.test=Our CRM = the old one", RULE_BY_DKIM, "crm.test", 0,
		  "Our CRM = the old one" },
		{ "d=b\xc3\xbc"
		  "cher.example=amazon ses",
		  RULE_BY_DKIM, "xn--bcher-kva.example", 0, "amazon-ses" },
		{ "selector=Tok1=kaizen risr/advance", RULE_BY_SELECTOR, "Tok1", 0, "kaizen" },
		{ "ip=192.0.2.0/24=our-crm", RULE_BY_ADDRESS, NULL, 24, "our-crm" },
		{ "ip=192.0.2.1=our-crm", RULE_BY_ADDRESS, NULL, 32, "our-crm" },
		{ "network=2001:DB8::/32=our-crm", RULE_BY_ADDRESS, NULL, 32, "our-crm" },
		{ "address=2001:db8::1=" LONG_80, RULE_BY_ADDRESS, NULL, 128, LONG_80 },
		{ "ip=0.0.0.0/0=our-crm", RULE_BY_ADDRESS, NULL, 0, "our-crm" },
		{ "ip=::ffff:192.0.2.1=our-crm", RULE_BY_ADDRESS, NULL, 32, "our-crm" },
		{ "ip=192.0.2.1=proofpoint", RULE_BY_ADDRESS, NULL, 32, "proofpoint" },
	};
	struct judge judge = judge_rows_open();
	struct knowledge k;

	knowledge_init(&k, judge.catalogue, judge.domains);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err e = ERR_INIT;

		cr_assert(knowledge_add_rule_text(&k, slice_from(rows[i].text), &e), "%s: %s",
			  rows[i].text, e.what);

		const struct owner owner = knowledge_owner(&k);
		const struct owner_rule *rule = &owner.rules[i];

		EXPECT_INT(owner.rule_count, i + 1, rows[i].text);
		EXPECT_INT(rule->kind, rows[i].kind, rows[i].text);
		EXPECT_TEXT(rule->name, rows[i].name, rows[i].text);
		EXPECT_INT(rule->network.bits, rows[i].bits, rows[i].text);
		EXPECT_TEXT(rule->sender->id, rows[i].sender, rows[i].text);
	}
	cr_expect_eq(k.rules[2].sender, k.rules[6].sender, "one name, one sender");
	knowledge_release(&k);
	judge_rows_close(&judge);
}

Test(knowledge, says_what_is_wrong)
{
	static const struct {
		const char *text, *what, *remedy;
	} rows[] = {
		{ "", "not a rule", "write it like" },
		{ "mailfrom", "not a rule", "write it like" },
		{ "mailfrom=bounce.example.com", "not a rule", "write it like" },
		{ "mailfrom=bounce.example.com=", "not a rule", "write it like" },
		{ "mailfrom==kaizen", "not a domain", "example.com" },
		{ "mailfrom=com=kaizen", "not a domain", "example.com" },
		{ "dkim=exa mple.com=kaizen", "not a domain", "example.com" },
		{ "selector==kaizen", "a selector is missing", "" },
		{ "host=a.example.com=kaizen", "not a kind of rule",
		  "selector, dkim, mailfrom, ip" },
		{ "ip=192.0.2.1/24=kaizen", "not the first address of its network",
		  "192.0.2.0/24" },
		{ "ip=192.0.2.0/33=kaizen", "not a length of 0 to 32", "192.0.2.0/24" },
		{ "ip=2001:db8::/129=kaizen", "not a length of 0 to 128", "192.0.2.0/24" },
		{ "ip=192.0.2.0/=kaizen", "not a length", "192.0.2.0/24" },
		{ "ip=192.0.2=kaizen", "not an address", "192.0.2.0/24" },
		{ "ip=[192.0.2.1]=kaizen", "not an address", "192.0.2.0/24" },
		{ "ip=fe80::1%eth0=kaizen", "not an address", "192.0.2.0/24" },
		{ "ip==kaizen", "not an address", "192.0.2.0/24" },
		{ "ip=192.0.2.1=kaizn", "not a sender of the catalogue", "did you mean kaizen?" },
		{ "ip=192.0.2.1=a\x1b[31m", "not a name of a sender", "" },
		{ "ip=192.0.2.1=a\xff", "not a name of a sender", "" },
		{ "ip=192.0.2.1= ", "not a name of a sender", "" },
		{ "ip=192.0.2.1=" LONG_80 "x", "not a name of a sender", "" },
		{ "selector=x=google-groups", "Google Groups passes mail on", "ip=ADDRESS=" },
	};
	struct judge judge = judge_rows_open();
	struct knowledge k;

	knowledge_init(&k, judge.catalogue, judge.domains);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err e = ERR_INIT;

		cr_expect(!knowledge_add_rule_text(&k, slice_from(rows[i].text), &e), "%s: taken",
			  rows[i].text);
		EXPECT_INT(e.kind, ERR_USAGE, rows[i].text);
		cr_expect(strstr(e.what, rows[i].what), "%s: '%s'", rows[i].text, e.what);
		cr_expect(strstr(e.remedy, rows[i].remedy), "%s: '%s'", rows[i].text, e.remedy);
	}
	EXPECT_INT(knowledge_owner(&k).rule_count, 0, "rules");
	knowledge_release(&k);
	judge_rows_close(&judge);
}

Test(knowledge, takes_domains_that_somebody_can_own)
{
	static const struct {
		const char *text, *domain; /* NULL: refused */
	} rows[] = {
		{ "example.org", "example.org" },
		{ "EXAMPLE.org.", "example.org" },
		{ "contoso.onmicrosoft.com", "contoso.onmicrosoft.com" },
		{ "b\xc3\xbc"
		  "cher.example",
		  "xn--bcher-kva.example" },
		{ "co.uk", NULL },
		{ "com", NULL },
		{ "", NULL },
		{ "*.example.org", NULL },
		{ "exa mple.org", NULL },
	};
	struct judge judge = judge_rows_open();
	struct knowledge k;
	size_t taken = 0;

	knowledge_init(&k, judge.catalogue, judge.domains);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err e = ERR_INIT;
		bool ok = knowledge_own(&k, slice_from(rows[i].text), &e);

		EXPECT_INT(ok, rows[i].domain != NULL, rows[i].text);
		EXPECT_INT(e.kind, ok ? ERR_NONE : ERR_USAGE, rows[i].text);
		if (ok)
			EXPECT_TEXT(knowledge_owner(&k).owned_domains[taken++], rows[i].domain,
				    rows[i].text);
	}
	knowledge_release(&k);
	judge_rows_close(&judge);
}

/* A machine that is the owner's by its address can be listed; one known otherwise cannot. */
Test(knowledge, lists_in_spf_what_has_an_address)
{
	struct judge judge = judge_rows_open();
	struct err e = ERR_INIT;
	struct knowledge k;

	knowledge_init(&k, judge.catalogue, judge.domains);
	cr_assert(knowledge_add_rule_text(&k, SLICE("dkim=crm.test=by-name"), &e));
	cr_assert(knowledge_add_rule_text(&k, SLICE("ip=192.0.2.1=by-address"), &e));
	cr_assert(knowledge_add_rule_text(&k, SLICE("ip=192.0.2.2=by-address"), &e));
	EXPECT_INT(k.rules[0].sender->advice_count, 0, "by name");
	EXPECT_INT(k.rules[1].sender->advice_count, 1, "by address");
	knowledge_release(&k);
	judge_rows_close(&judge);
}
