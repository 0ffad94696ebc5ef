/* SPDX-License-Identifier: MIT */
#include "ingest/authentication.h"

#include "base/buf.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static const char *const servers[] = { "mx.example.com", "relay.example.net" };
static const struct trust trust = { servers, COUNT_OF(servers) };

static void expect(const char *name, struct slice value, enum proof proof, const char *signer)
{
	struct authentication a;
	bool trusted = authentication_read(value, &trust, domains, SLICE("dmarc.yahoo.com"), &a);

	EXPECT_INT(a.proof, proof, name);
	EXPECT_INT(trusted, proof != PROOF_NOT_TOLD, name);
	EXPECT_TEXT(slice_from(a.signer), signer, name);
}

struct field {
	const char *name, *value;
	enum proof proof;
	const char *signer;
};

static void expect_all(const struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect(fields[i].name, slice_from(fields[i].value), fields[i].proof,
		       fields[i].signer);
}

TestSuite(authentication, .init = domains_setup, .fini = domains_teardown);

Test(authentication, is_of_a_trusted_server_only)
{
	static const struct field fields[] = {
		{ "ours", "mx.example.com; dmarc=pass", PROOF_PASS, "" },
		{ "the second", "relay.example.net; dmarc=pass", PROOF_PASS, "" },
		{ "in capitals", "MX.Example.COM; dmarc=pass", PROOF_PASS, "" },
		{ "quoted", "\"mx.example.com\"; dmarc=pass", PROOF_PASS, "" },
		{ "behind a comment", "(a (b\\) c) d) mx.example.com; dmarc=pass", PROOF_PASS, "" },
		{ "with a version", "mx.example.com 1; dmarc=pass", PROOF_PASS, "" },
		{ "with a version in a comment", "mx.example.com (x;y) 1 ; dmarc=pass", PROOF_PASS,
		  "" },
		{ "folded", "\r\n\tmx.example.com\r\n ;\r\n\tdmarc\r\n = \r\n pass\r\n", PROOF_PASS,
		  "" },
		{ "another", "mx.example.org; dmarc=pass", PROOF_NOT_TOLD, "" },
		{ "one below it", "a.mx.example.com; dmarc=pass", PROOF_NOT_TOLD, "" },
		{ "one that begins so", "mx.example.com.evil.example; dmarc=pass", PROOF_NOT_TOLD,
		  "" },
		{ "one whose comment says so", "evil.example (mx.example.com); dmarc=pass",
		  PROOF_NOT_TOLD, "" },
		{ "none", "; dmarc=pass", PROOF_NOT_TOLD, "" },
		{ "empty", "", PROOF_NOT_TOLD, "" },
		{ "a comment only", "(mx.example.com", PROOF_NOT_TOLD, "" },
		{ "a comment without end", "((((mx.example.com; dmarc=pass", PROOF_NOT_TOLD, "" },
		{ "a result at its place", "spf=pass smtp.mailfrom=yahoo.com", PROOF_NOT_TOLD, "" },
	};

	expect_all(fields, COUNT_OF(fields));
}

Test(authentication, dmarc_decides)
{
	static const struct field fields[] = {
		{ "pass", "mx.example.com; dmarc=pass (p=reject) header.from=dmarc.yahoo.com",
		  PROOF_PASS, "" },
		{ "fail against spf",
		  "mx.example.com; dmarc=fail header.from=dmarc.yahoo.com; "
		  "spf=pass smtp.mailfrom=yahoo.com",
		  PROOF_FAIL, "" },
		{ "of another domain is none",
		  "mx.example.com; dmarc=pass header.from=evil.example", PROOF_NONE, "" },
		{ "of the organisation is none either",
		  "mx.example.com; dmarc=pass header.from=yahoo.com", PROOF_NONE, "" },
		{ "the first counts", "mx.example.com; dmarc=fail; dmarc=pass", PROOF_FAIL, "" },
		{ "none leaves it to others",
		  "mx.example.com; dmarc=none header.from=dmarc.yahoo.com; "
		  "dkim=pass header.d=yahoo.com",
		  PROOF_PASS, "yahoo.com" },
		{ "temperror too", "mx.example.com; dmarc=temperror", PROOF_NONE, "" },
		{ "a guess is no word",
		  "mx.example.com; dmarc=bestguesspass header.from=dmarc.yahoo.com", PROOF_NONE,
		  "" },
		{ "with the signer",
		  "mx.example.com; dkim=pass header.i=@dmarc.yahoo.com header.s=s2048 "
		  "header.b=\"ab;c\"; dmarc=pass header.from=DMARC.Yahoo.com",
		  PROOF_PASS, "dmarc.yahoo.com" },
	};

	expect_all(fields, COUNT_OF(fields));
}

Test(authentication, signatures_and_envelopes_of_the_organisation_count)
{
	static const struct field fields[] = {
		{ "dkim", "mx.example.com; dkim=pass header.d=yahoo.com", PROOF_PASS, "yahoo.com" },
		{ "dkim with a version", "mx.example.com; dkim/1 = pass header.d=yahoo.com",
		  PROOF_PASS, "yahoo.com" },
		{ "one of several",
		  "mx.example.com; dkim=fail header.d=yahoo.com; dkim=pass header.d=esp.example; "
		  "dkim=pass reason=\"good; signature\" header.d=yahoo.com",
		  PROOF_PASS, "yahoo.com" },
		{ "d= before i=",
		  "mx.example.com; dkim=pass header.i=@evil.example header.d=yahoo.com", PROOF_PASS,
		  "yahoo.com" },
		{ "of somebody else",
		  "mx.example.com; dkim=pass header.d=evil.example; spf=pass "
		  "smtp.mailfrom=a@evil.example",
		  PROOF_NONE, "" },
		{ "spf", "mx.example.com; spf=pass smtp.mailfrom=bounce@mail.yahoo.com", PROOF_PASS,
		  "" },
		{ "spf with a quoted local part",
		  "mx.example.com; spf=pass smtp.mailfrom=\"a b@x\"@mail.yahoo.com.", PROOF_PASS,
		  "" },
		{ "spf of the HELO name says nothing",
		  "mx.example.com; spf=pass smtp.helo=mta.yahoo.com", PROOF_NONE, "" },
		{ "a failure of it", "mx.example.com; dkim=fail header.d=yahoo.com", PROOF_FAIL,
		  "" },
		{ "a soft one", "mx.example.com; spf=softfail smtp.mailfrom=x@yahoo.com",
		  PROOF_FAIL, "" },
		{ "a failure of another",
		  "mx.example.com; dkim=fail header.d=evil.example; spf=neutral "
		  "smtp.mailfrom=yahoo.com",
		  PROOF_NONE, "" },
		{ "a suffix is nobody's", "mx.example.com; dkim=pass header.d=com", PROOF_NONE,
		  "" },
		{ "other methods", "mx.example.com; iprev=pass policy.iprev=192.0.2.1; auth=pass",
		  PROOF_NONE, "" },
		{ "nothing was looked at", "mx.example.com; none", PROOF_NONE, "" },
		{ "nothing at all", "mx.example.com", PROOF_NONE, "" },
	};

	expect_all(fields, COUNT_OF(fields));
}

Test(authentication, cannot_be_forged_within_a_value)
{
	static const struct field fields[] = {
		{ "in a comment",
		  "mx.example.com; spf=none (dmarc=pass; dkim=pass "
		  "header.d=yahoo.com) smtp.mailfrom=x",
		  PROOF_NONE, "" },
		{ "in a nested comment",
		  "mx.example.com; spf=none (a(b) ; dmarc=pass) smtp.mailfrom=x", PROOF_NONE, "" },
		{ "in a quoted string",
		  "mx.example.com; spf=none smtp.mailfrom=\"; dmarc=pass\\\"; dmarc=pass\"@x",
		  PROOF_NONE, "" },
		{ "in a comment without end", "mx.example.com; spf=none (x ; dmarc=pass",
		  PROOF_NONE, "" },
		{ "in a string without end", "mx.example.com; spf=none x=\"y; dmarc=pass",
		  PROOF_NONE, "" },
		{ "as a property", "mx.example.com; spf=none dmarc=pass", PROOF_NONE, "" },
		{ "as a result word", "mx.example.com; dmarc=passed", PROOF_NONE, "" },
		{ "with nothing before the sign",
		  "mx.example.com; =pass; ==; ;;; = = =", PROOF_NONE, "" },
		{ "cut off behind a backslash", "mx.example.com; spf=none (\\", PROOF_NONE, "" },
		{ "cut off in a word", "mx.example.com; dmarc=", PROOF_NONE, "" },
	};

	expect_all(fields, COUNT_OF(fields));
}

/* A name that is too long is none, and what follows is read all the same. */
Test(authentication, words_are_bounded)
{
	for (size_t n = LIMIT_NAME_BYTES - 2; n <= LIMIT_NAME_BYTES + 2; n++) {
		static const char tail[] = ".yahoo.com";
		SCOPED(buf) struct buf value = { 0 };
		bool fits = n <= LIMIT_NAME_BYTES;

		buf_append_text(&value, "mx.example.com; dkim=pass header.d=");
		for (size_t i = 0; i < n - (sizeof(tail) - 1); i++)
			buf_append_byte(&value, i % 50 == 49 ? '.' : 'a');
		buf_append_text(&value, tail);
		buf_append_text(&value, "; dmarc=fail header.from=other.example");

		struct authentication a;

		cr_expect(authentication_read(buf_slice(&value), &trust, domains,
					      SLICE("dmarc.yahoo.com"), &a));
		EXPECT_INT(a.proof, fits ? PROOF_PASS : PROOF_NONE, "the proof");
		EXPECT_INT(strlen(a.signer), fits ? n : 0, "the signer");
	}
}

/* Cut anywhere, it is read without harm, and never to more than the whole says. */
Test(authentication, may_be_cut_anywhere)
{
	static const struct slice whole =
		BYTES("mx.example.com (c\\)d) 1; dkim=fail reason=\"a\\\"b\" header.d=yahoo.com; "
		      "spf=none smtp.mailfrom=\"x y\"@yahoo.com (z)");

	for (size_t n = 0; n < whole.n; n++) {
		struct authentication a;

		bool trusted = authentication_read(slice_prefix(whole, n), &trust, domains,
						   SLICE("dmarc.yahoo.com"), &a);

		cr_expect(a.proof != PROOF_PASS && trusted == (n >= 14), "%zu", n);
	}
}
