/* SPDX-License-Identifier: MIT */
#include "base/scram.h"

#include "base/base64.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

/* The example of RFC 7677. */
#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define THEIR NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define FIRST "r=" THEIR ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"

Test(scram, keeps_to_its_rfc)
{
	SCOPED(buf) struct buf first = { 0 };
	SCOPED(buf) struct buf last = { 0 };
	struct scram s;
	struct err e = ERR_INIT;

	scram_init(&s, NONCE);
	scram_begin(&s, "user", &first);
	EXPECT_TEXT(buf_slice(&first), "n,,n=user,r=" NONCE, "first");
	cr_assert(scram_answer(&s, SLICE("pencil"), SLICE(FIRST), &last, &e), "%s", e.what);
	EXPECT_TEXT(buf_slice(&last),
		    "c=biws,r=" THEIR ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "last");
	cr_expect(scram_is_proof(&s, SLICE("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
	cr_expect(!scram_is_proof(&s, SLICE("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
	cr_expect(!scram_is_proof(&s, SLICE("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4")));
	cr_expect(!scram_is_proof(&s, SLICE("v=")));
	cr_expect(!scram_is_proof(&s, SLICE("")));
	cr_expect(!scram_is_proof(&s, SLICE("e=invalid-proof")));
	scram_release(&s);
}

Test(scram, makes_names_and_nonces)
{
	SCOPED(buf) struct buf first = { 0 };
	SCOPED(buf) struct buf second = { 0 };
	struct scram s;

	scram_init(&s, NULL);
	scram_begin(&s, "a,b=c", &first);
	scram_release(&s);
	cr_expect(slice_starts_with(buf_slice(&first), SLICE("n,,n=a=2Cb=3Dc,r=")));
	scram_init(&s, NULL);
	scram_begin(&s, "a,b=c", &second);
	scram_release(&s);
	EXPECT_INT(first.n, second.n, "length");
	cr_expect(!slice_equal(buf_slice(&first), buf_slice(&second)), "a nonce came twice");
}

Test(scram, answers_only_what_it_should)
{
	static const char *const bad[][2] = {
		{ "", "not one of SCRAM" },
		{ "r=" THEIR, "not one of SCRAM" },
		{ "m=x," FIRST, "not one of SCRAM" },
		{ "r=" THEIR ",s=,i=4096", "not one of SCRAM" },
		{ "r=" THEIR ",s=W22Z,i=", "iterations" },
		{ "r=" THEIR ",s=W2*Z,i=4096", "not one of SCRAM" },
		{ "r=" NONCE ",s=W22Z,i=4096", "does not answer us" },
		{ "r=x" THEIR ",s=W22Z,i=4096", "does not answer us" },
		{ "r=" THEIR ",s=W22Z,i=4095", "iterations" },
		{ "r=" THEIR ",s=W22Z,i=1000001", "iterations" },
		{ "r=" THEIR ",s=W22Z,i=-1", "iterations" },
	};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		SCOPED(buf) struct buf message = { 0 };
		struct scram s;
		struct err e = ERR_INIT;

		scram_init(&s, NONCE);
		scram_begin(&s, "user", &message);
		cr_expect(!scram_answer(&s, SLICE("x"), slice_from(bad[i][0]), &message, &e), "%s",
			  bad[i][0]);
		EXPECT_INT(e.kind, ERR_CONFIG, bad[i][0]);
		cr_expect(strstr(e.what, bad[i][1]), "%s: %s", bad[i][0], e.what);
		scram_release(&s);
	}
}

struct decoding {
	const char *text, *bytes; /* NULL: it is none */
};

Test(base64, is_decoded)
{
	static const struct decoding cases[] = {
		{ "", "" },
		{ "YQ==", "a" },
		{ "YWI=", "ab" },
		{ "YWJj", "abc" },
		{ "+/+/", "\xfb\xff\xbf" },
		{ "YWJjZA==", "abcd" },
		{ "Y", NULL },
		{ "YQ=", NULL },
		{ "Y===", NULL },
		{ "YQ==YQ==", NULL },
		{ "====", NULL },
		{ "YW=j", NULL },
		{ "YW\nj", NULL },
		{ "YQ-_", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf b = { 0 };
		bool good = base64_decode(&b, slice_from(cases[i].text));

		EXPECT_INT(good, cases[i].bytes != NULL, cases[i].text);
		if (good)
			EXPECT_TEXT(buf_slice(&b), cases[i].bytes, cases[i].text);
	}
}
