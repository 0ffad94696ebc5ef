/* SPDX-License-Identifier: MIT */
/* Addresses of one class are judged alike, and their class says how. */
#include "parser/address.h"
#include "reports/host_class.h"
#include "reports/knowledge.h"
#include "tests/unit/expect.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

static struct judge judge;
static struct knowledge knowledge;
static struct owner owner;

static void setup(void)
{
	static const char *const rules[] = { "ip=192.0.2.0/24=acme", "ip=192.0.2.0/30=bmce",
					     "ip=2001:db8::/32=acme" };
	struct err e = ERR_INIT;

	judge = judge_rows_open();
	knowledge_init(&knowledge, judge.catalogue, judge.domains);
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		cr_assert(knowledge_add_rule_text(&knowledge, slice_from(rules[i]), &e));
	owner = knowledge_owner(&knowledge);
	judge.owner = &owner;
}

static void teardown(void)
{
	knowledge_release(&knowledge);
	judge_rows_close(&judge);
}

TestSuite(host_class, .init = setup, .fini = teardown);

static struct address address_of(const char *text)
{
	struct address a;

	cr_assert(address_parse(slice_from(text), &a) != ADDRESS_UNREADABLE, "%s", text);
	return a;
}

static const struct {
	const char *address;
	enum host_state state;
	const char *name;
	const char *class;
} cases[] = {
	{ "203.0.113.9", HOST_NOT_LOOKED_UP, NULL, "" },
	{ "203.0.113.9", HOST_NO_NAME, NULL, "none" },
	{ "203.0.113.9", HOST_UNCONFIRMED, "mx.example.org", "unconfirmed example.org" },
	{ "203.0.113.9", HOST_CONFIRMED, "mx.mail.example.co.uk", "confirmed example.co.uk" },
	/* the machine does not matter, the Region does */
	{ "203.0.113.9", HOST_CONFIRMED, "a7-12.smtp-out.eu-west-1.amazonses.com",
	  "confirmed smtp-out.eu-west-1.amazonses.com" },
	/* a name that looks like the catalogue's is somebody's */
	{ "203.0.113.9", HOST_CONFIRMED, "a.notamazonses.com", "confirmed notamazonses.com" },
	/* a network: any of its addresses says the same */
	{ "54.240.7.14", HOST_NOT_LOOKED_UP, NULL, "@54.240.0.0" },
	{ "54.240.63.255", HOST_NO_NAME, NULL, "none @54.240.0.0" },
	{ "192.0.2.3", HOST_NOT_LOOKED_UP, NULL, "@192.0.2.0" },
	/* its first address is in a rule of its own, and so stands for that */
	{ "192.0.2.77", HOST_NOT_LOOKED_UP, NULL, "@192.0.2.77" },
	{ "2001:db8:1::5", HOST_CONFIRMED, "mx.example.org", "confirmed example.org @2001:db8::" },
};

static struct host host_of(size_t i)
{
	return (struct host){ cases[i].state, slice_from(cases[i].name) };
}

Test(host_class, says_what_judging_looks_at)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct address address = address_of(cases[i].address);
		const struct host host = host_of(i);
		SCOPED(buf) struct buf class = { 0 };

		host_class_append(&class, &judge, &address, &host);
		EXPECT_BYTES(buf_slice(&class), slice_from(cases[i].class), cases[i].address);
	}
}

static struct judgement judged_from(const struct address *address, const struct host *host)
{
	static struct judge_case c;
	const struct judge_row row = { .from = "example.com", .spf = "example.com fail" };
	struct judgement j;

	judge_case_build(&judge, &row, &c);
	c.record.source_ip = *address;
	c.evidence.host = *host;
	c.evidence.owner = &owner;
	judge_record(&judge, &c.evidence, &j);
	return j;
}

Test(host_class, is_judged_like_its_addresses)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct address address = address_of(cases[i].address);
		const struct host host = host_of(i);
		struct host of_class;
		struct address member;

		cr_assert(host_class_parse(slice_from(cases[i].class), &of_class, &member));

		const struct judgement want = judged_from(&address, &host);
		const struct judgement got = judged_from(&member, &of_class);

		cr_expect(got.service == want.service, "%s: service", cases[i].class);
		cr_expect(got.last_hop == want.last_hop, "%s: last hop", cases[i].class);
		EXPECT_INT(got.path, want.path, cases[i].class);
		EXPECT_INT(got.verdict, want.verdict, cases[i].class);
		EXPECT_INT(got.flags, want.flags, cases[i].class);
		EXPECT_BYTES(got.region, want.region, cases[i].class);
	}
}

/* Nobody is to list the first address of a network for the whole of it. */
Test(host_class, tells_whose_address_is_not_the_machines)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct address seen = address_of(cases[i].address);
		struct address member;
		struct host host;

		cr_assert(host_class_parse(slice_from(cases[i].class), &host, &member));
		if (member.family == ADDRESS_NONE)
			continue;

		bool other = memcmp(&member, &seen, sizeof(seen)) != 0;

		cr_expect_eq(host_class_stands_in(&judge, &member), other, "%s", cases[i].class);
		cr_expect(!host_class_stands_in(&judge, &seen), "%s", cases[i].address);
	}
}

Test(host_class, of_another_version_is_none)
{
	static const char *const odd[] = { "gone", "gone @192.0.2.1", "@not an address",
					   "confirmed example.org @" };
	struct host host;
	struct address address;

	for (size_t i = 0; i < COUNT_OF(odd); i++)
		cr_expect(!host_class_parse(slice_from(odd[i]), &host, &address), "%s", odd[i]);
}
