/* SPDX-License-Identifier: MIT */
#include "parser/address.h"

#include <arpa/inet.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(address, reads_what_reporters_write)
{
	static const struct {
		struct slice text;
		int family;
		const char *shown;
	} cases[] = {
		{ BYTES("192.0.2.1"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("0.0.0.0"), ADDRESS_V4, "0.0.0.0" },
		{ BYTES("255.255.255.255"), ADDRESS_V4, "255.255.255.255" },
		{ BYTES(" 192.0.2.1\n"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("[192.0.2.1]"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("192.0.2.1 (mail.example.com)"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("192.0.2.1\t(mail.example.com)"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("[192.0.2.1] (mail)"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("::ffff:192.0.2.1"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("::FFFF:c000:0201"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("0:0:0:0:0:ffff:192.0.2.1"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("[::ffff:192.0.2.1]"), ADDRESS_V4, "192.0.2.1" },
		{ BYTES("::fffe:192.0.2.1"), ADDRESS_V6, "::fffe:c000:201" },
		{ BYTES("::1:ffff:192.0.2.1"), ADDRESS_V6, "::1:ffff:c000:201" },
		{ BYTES("2001:db8::1"), ADDRESS_V6, "2001:db8::1" },
		{ BYTES("2001:DB8:0:0:0:0:0:1"), ADDRESS_V6, "2001:db8::1" },
		{ BYTES("2001:0db8:0000:0001:0000:0000:0000:0001"), ADDRESS_V6, "2001:db8:0:1::1" },
		{ BYTES("2001:db8:0:1:1:1:1:1"), ADDRESS_V6, "2001:db8:0:1:1:1:1:1" },
		{ BYTES("2001:0:0:1:0:0:0:1"), ADDRESS_V6, "2001:0:0:1::1" },
		{ BYTES("2001:db8:0:0:1:0:0:1"), ADDRESS_V6, "2001:db8::1:0:0:1" },
		{ BYTES("::"), ADDRESS_V6, "::" },
		{ BYTES("::1"), ADDRESS_V6, "::1" },
		{ BYTES("fe80::1%eth0"), ADDRESS_V6, "fe80::1" },
		{ BYTES("[fe80::1%eth0]"), ADDRESS_V6, "fe80::1" },
		{ BYTES("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"), ADDRESS_V6,
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
		{ BYTES("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555"), ADDRESS_NONE, "" },
		{ BYTES(""), ADDRESS_NONE, "" },
		{ { NULL, 0 }, ADDRESS_NONE, "" },
		{ BYTES("[]"), ADDRESS_NONE, "" },
		{ BYTES("["), ADDRESS_NONE, "" },
		{ BYTES("]"), ADDRESS_NONE, "" },
		{ BYTES("%"), ADDRESS_NONE, "" },
		{ BYTES("unknown"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.256"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.1.5"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.1/32"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.1\0"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.1, 192.0.2.2"), ADDRESS_NONE, "" },
		{ BYTES("0x7f.1"), ADDRESS_NONE, "" },
		{ BYTES("2001:db8:::1"), ADDRESS_NONE, "" },
		{ BYTES("1:2:3:4:5:6:7:8:9"), ADDRESS_NONE, "" },
		{ BYTES("2001:db8::g"), ADDRESS_NONE, "" },
		{ BYTES("[2001:db8::1"), ADDRESS_NONE, "" },
		{ BYTES("192.0.2.1]"), ADDRESS_NONE, "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct address a = { .family = 77 };
		char shown[ADDRESS_TEXT_SIZE] = "before";
		const char *name = cases[i].text.p ? cases[i].text.p : "(absent)";
		bool good = address_parse(cases[i].text, &a) != ADDRESS_UNREADABLE;

		address_format(&a, shown);
		EXPECT_INT(good, cases[i].family != ADDRESS_NONE, name);
		EXPECT_INT(a.family, cases[i].family, name);
		EXPECT_TEXT(slice_from(shown), cases[i].shown, name);
	}
}

/* What is spelled otherwise than it is shown has a raw spelling worth keeping. */
Test(address, tells_a_plain_spelling)
{
	static const struct {
		struct slice text;
		enum address_spelling spelling;
	} cases[] = {
		{ BYTES("192.0.2.1"), ADDRESS_PLAIN },
		{ BYTES("0.0.0.0"), ADDRESS_PLAIN },
		{ BYTES("255.249.199.99"), ADDRESS_PLAIN },
		{ BYTES("2001:db8::1"), ADDRESS_PLAIN },
		{ BYTES("[192.0.2.1]"), ADDRESS_OTHER },
		{ BYTES("::ffff:192.0.2.1"), ADDRESS_OTHER },
		{ BYTES("2001:DB8::1"), ADDRESS_OTHER },
		{ BYTES("192.0.02.1"), ADDRESS_UNREADABLE },
		{ BYTES("1.2.3"), ADDRESS_UNREADABLE },
		{ BYTES("1.2.3."), ADDRESS_UNREADABLE },
		{ BYTES("1.2.3.4."), ADDRESS_UNREADABLE },
		{ BYTES("1..3.4"), ADDRESS_UNREADABLE },
		{ BYTES("1.2.3.1000"), ADDRESS_UNREADABLE },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct address a;

		EXPECT_INT(address_parse(cases[i].text, &a), cases[i].spelling, cases[i].text.p);
	}
}

/* Addresses are compared and stored as 16 bytes whatever the family. */
Test(address, leaves_no_rest_behind_four_bytes)
{
	static const struct slice texts[] = { BYTES("192.0.2.1"), BYTES("::ffff:192.0.2.1") };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct address a, want = { ADDRESS_V4, { 192, 0, 2, 1 } };

		memset(&a, 0xAA, sizeof(a));
		cr_assert(address_parse(texts[i], &a) != ADDRESS_UNREADABLE);
		cr_expect(memcmp(a.bytes, want.bytes, sizeof(a.bytes)) == 0, "case %zu", i);
	}
}

/* Every pattern of groups that are zero, short and long: the text is that of inet_ntop(). */
Test(address, shows_any_row_of_zeros)
{
	static const unsigned char groups[][2] = { { 0, 0 }, { 0, 0x7 }, { 0xAB, 0xCD } };
	enum { KINDS = COUNT_OF(groups), PATTERNS = 6561 };

	for (int pattern = 0; pattern < PATTERNS; pattern++) {
		struct address a = { .family = ADDRESS_V6 };
		char shown[ADDRESS_TEXT_SIZE], wanted[ADDRESS_TEXT_SIZE];
		int rest = pattern;

		for (size_t i = 0; i < sizeof(a.bytes); i += 2, rest /= KINDS)
			memcpy(a.bytes + i, groups[rest % KINDS], 2);
		cr_assert(inet_ntop(AF_INET6, a.bytes, wanted, sizeof(wanted)));
		address_format(&a, shown);
		EXPECT_TEXT(slice_from(shown), wanted, wanted);
	}
}

Test(address, shows_nothing_for_none)
{
	struct address none = { .family = ADDRESS_NONE, .bytes = { 1, 2, 3, 4 } };
	char shown[ADDRESS_TEXT_SIZE] = "before";

	address_format(&none, shown);
	cr_expect_str_eq(shown, "");
}
