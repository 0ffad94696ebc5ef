/* SPDX-License-Identifier: MIT */
#include "parser/domain.h"

#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

#define X10      "xxxxxxxxxx"
#define LABEL_63 X10 X10 X10 X10 X10 X10 "xxx"
#define NAME_253 LABEL_63 "." LABEL_63 "." LABEL_63 "." X10 X10 X10 X10 X10 X10 "x"

Test(domain, has_one_spelling)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *want;
		bool valid;
	} cases[] = {
		{ "plain", BYTES("example.com"), "example.com", true },
		{ "capitals", BYTES("Mail.EXAMPLE.Com"), "mail.example.com", true },
		{ "trailing dot", BYTES("example.com."), "example.com", true },
		{ "blanks around", BYTES(" \texample.com\r\n"), "example.com", true },
		{ "dot, then a blank", BYTES("example.com. "), "example.com", true },
		{ "one label", BYTES("localhost"), "localhost", true },
		{ "service name", BYTES("_dmarc.example.com"), "_dmarc.example.com", true },
		{ "digits and hyphens", BYTES("1-2.3-4.com"), "1-2.3-4.com", true },
		{ "A-label", BYTES("XN--BCHER-KVA.example"), "xn--bcher-kva.example", true },
		{ "U-label",
		  BYTES("b\xc3\xbc"
			"cher.example"),
		  "xn--bcher-kva.example", true },
		{ "U-label in capitals",
		  BYTES("B\xc3\x9c"
			"CHER.Example."),
		  "xn--bcher-kva.example", true },
		{ "sharp s is a letter", BYTES("fa\xc3\x9f.de"), "xn--fa-hia.de", true },
		{ "decomposed",
		  BYTES("bu\xcc\x88"
			"cher.example"),
		  "xn--bcher-kva.example", true },
		{ "ideographic full stop",
		  BYTES("\xe4\xbe\x8b\xe3\x80\x82"
			"com"),
		  "xn--fsq.com", true },
		{ "ideographic stop at the end", BYTES("\xe4\xbe\x8b.com\xe3\x80\x82"),
		  "xn--fsq.com", true },
		{ "full width", BYTES("\xef\xbd\x81.com"), "a.com", true },
		{ "empty", BYTES(""), "", false },
		{ "absent", { NULL, 0 }, "", false },
		{ "only a dot", BYTES("."), "", false },
		{ "two dots", BYTES(".."), ".", false },
		{ "two dots at the end", BYTES("example.com.."), "example.com.", false },
		{ "empty label", BYTES("a..b"), "a..b", false },
		{ "dot in front", BYTES(".com"), ".com", false },
		{ "blank inside", BYTES("Exam ple.com"), "exam ple.com", false },
		{ "star", BYTES("*.example.com"), "*.example.com", false },
		{ "address", BYTES("user@example.com"), "user@example.com", false },
		{ "bytes that are not UTF-8", BYTES("A\xff.com"), "a\xff.com", false },
		{ "what IDNA refuses",
		  BYTES("\xe2\x80\x8f"
			"A.com"),
		  "\xe2\x80\x8f"
		  "a.com",
		  false },
		{ "longest label", BYTES(LABEL_63 ".com"), LABEL_63 ".com", true },
		{ "a label too long", BYTES("x" LABEL_63 ".com"), "x" LABEL_63 ".com", false },
		{ "longest name", BYTES(NAME_253), NAME_253, true },
		{ "longest name with a dot", BYTES(NAME_253 "."), NAME_253, true },
		{ "a name too long",
		  BYTES("a." LABEL_63 "." LABEL_63 "." LABEL_63 "." X10 X10 X10 X10 X10 X10),
		  "a." LABEL_63 "." LABEL_63 "." LABEL_63 "." X10 X10 X10 X10 X10 X10, false },
	};
	struct arena arena;

	arena_init(&arena, 1 << 16);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice got = SLICE_ABSENT;
		bool valid = !cases[i].valid;

		cr_assert(domain_normalise(&arena, cases[i].text, &got, &valid), "%s",
			  cases[i].name);
		EXPECT_TEXT(got, cases[i].want, cases[i].name);
		EXPECT_INT(valid, cases[i].valid, cases[i].name);
		cr_expect(got.p != cases[i].text.p, "%s is borrowed", cases[i].name);
	}
	arena_release(&arena);
}

Test(domain, keeps_a_nul_as_it_came)
{
	struct arena arena;
	struct slice got = SLICE_ABSENT;
	bool valid = true;

	arena_init(&arena, 1024);
	cr_assert(domain_normalise(&arena, SLICE("a\0\xc3\xa4.com"), &got, &valid));
	EXPECT_BYTES(got, SLICE("a\0\xc3\xa4.com"), "a NUL hides nothing from us");
	cr_expect(!valid);
	arena_release(&arena);
}

Test(domain, fails_when_the_arena_is_full)
{
	static const struct slice names[] = { BYTES("example.com"),
					      BYTES("b\xc3\xbc"
						    "cher.example") };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct arena arena;
		struct slice got;
		bool valid;

		arena_init(&arena, 8);
		cr_expect(!domain_normalise(&arena, names[i], &got, &valid), "case %zu", i);
		arena_release(&arena);
	}
}

Test(domain, finds_the_organisation)
{
	static const struct {
		const char *name, *organisation;
	} cases[] = {
		{ "example.com", "example.com" },
		{ "a.b.example.com", "example.com" },
		{ "example.co.uk", "example.co.uk" },
		{ "mail.example.co.uk", "example.co.uk" },
		{ "co.uk", "co.uk" },
		{ "com", "com" },
		{ "localhost", "localhost" },
		{ "a.unlisted-tld", "a.unlisted-tld" },
		{ "b.a.unlisted-tld", "a.unlisted-tld" },
		{ "github.io", "github.io" },
		{ "someone.github.io", "someone.github.io" },
		{ "pages.someone.github.io", "someone.github.io" },
		{ "a.b.kawasaki.jp", "a.b.kawasaki.jp" },
		{ "c.a.b.kawasaki.jp", "a.b.kawasaki.jp" },
		{ "mail.city.kawasaki.jp", "city.kawasaki.jp" },
		{ "a.xn--p1ai", "a.xn--p1ai" },
		{ "b.a.xn--55qx5d.cn", "a.xn--55qx5d.cn" },
		{ "", "" },
	};
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *d = domains_load(&e);

	cr_assert_not_null(d, "%s", e.what);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct slice name = slice_from(cases[i].name);
		struct slice got = domain_organisation(d, name);

		EXPECT_TEXT(got, cases[i].organisation, cases[i].name);
		cr_expect(got.p + got.n == name.p + name.n, "%s: no tail of the name",
			  cases[i].name);
	}
}

Test(domain, is_its_own_organisation_when_too_long_or_odd)
{
	static const char long_name[LIMIT_NAME_BYTES + 6] = ".co.uk";
	const struct slice odd[] = { slice_of(long_name, sizeof(long_name)), SLICE("a\0b.com"),
				     SLICE_ABSENT };
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *d = domains_load(&e);

	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		struct slice got = domain_organisation(d, odd[i]);

		cr_expect(got.p == odd[i].p && got.n == odd[i].n, "case %zu", i);
		cr_expect(!domain_is_icann_suffix(d, odd[i]), "case %zu", i);
	}
}

Test(domain, has_organisations_up_to_the_longest_name)
{
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *d = domains_load(&e);
	char name[LIMIT_NAME_BYTES + 1];

	for (size_t n = LIMIT_NAME_BYTES; n <= LIMIT_NAME_BYTES + 1; n++) {
		memset(name, 'a', sizeof(name));
		memcpy(name, "x.", 2);
		memcpy(name + n - 4, ".com", 4);

		struct slice whole = slice_of(name, n);

		EXPECT_INT(domain_organisation(d, whole).n, n > LIMIT_NAME_BYTES ? n : n - 2,
			   "length");
	}
}

Test(domain, knows_suffixes_of_registries)
{
	static const struct {
		const char *name;
		bool suffix;
	} cases[] = {
		{ "com", true },           { "co.uk", true },      { "gov.uk", true },
		{ "example.com", false },  { "github.io", false }, { "city.kawasaki.jp", false },
		{ "b.kawasaki.jp", true }, { "", false },
	};
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *d = domains_load(&e);

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(domain_is_icann_suffix(d, slice_from(cases[i].name)), cases[i].suffix,
			   cases[i].name);
}

Test(domain, is_under_on_label_boundaries)
{
	static const struct {
		const char *domain, *parent;
		bool want;
	} cases[] = {
		{ "example.com", "example.com", true },
		{ "a.example.com", "example.com", true },
		{ "a.b.example.com", "example.com", true },
		{ "badexample.com", "example.com", false },
		{ "example.com", "a.example.com", false },
		{ "example.com", "", false },
		{ "", "", false },
		{ "", "com", false },
		{ "com", "com", true },
		{ "example.org", "example.com", false },
		{ ".example.com", "example.com", true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		EXPECT_INT(
			domain_is_under(slice_from(cases[i].domain), slice_from(cases[i].parent)),
			cases[i].want, cases[i].domain);
	cr_expect(!domain_is_under(SLICE("a"), SLICE_ABSENT), "absent parent");
	cr_expect(!domain_is_under(SLICE_ABSENT, SLICE("a")), "absent domain");
}

Test(domain, says_which_list_it_uses)
{
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *d = domains_load(&e);
	struct slice version = slice_from(domains_version(d));

	cr_expect(slice_starts_with(version, SLICE("public suffix list ")), "%.*s",
		  SLICE_ARG(version));
	domains_free(NULL);
}
