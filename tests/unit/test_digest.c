/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include "base/buf.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void expect_digest(struct digest *d, const char *want, const char *name)
{
	unsigned char bytes[DIGEST_SIZE];
	SCOPED(buf) struct buf hex = { 0 };

	digest_take(d, bytes);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		buf_printf(&hex, "%02x", bytes[i]);
	EXPECT_TEXT(buf_slice(&hex), want, name);
}

/* Keys are stored: these values, made with another implementation of SHA-256, must never change. */
Test(digest, keeps_its_values)
{
	static const struct {
		const char *name;
		uint8_t version;
		struct slice fields[2];
		size_t count;
		const char *want;
	} cases[] = {
		{ "nothing",
		  1,
		  { { NULL, 0 } },
		  0,
		  "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a" },
		{ "another version",
		  2,
		  { { NULL, 0 } },
		  0,
		  "dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986" },
		{ "two fields",
		  1,
		  { BYTES("ab"), BYTES("c") },
		  2,
		  "32f20ce494bad9d43949b1e71782116e024950ee44109d747203c0a20faf18b9" },
		{ "an empty field",
		  1,
		  { BYTES("") },
		  1,
		  "a536aa3cede6ea3c1f3e0357c3c60e0f216a8c89b853df13b29daa8f85065dfb" },
		{ "an absent field",
		  1,
		  { { NULL, 0 } },
		  1,
		  "1272f520cf7ca5cf117a0b5a3116518371bf20fb7fac043ac1be568b8c55b96c" },
	};
	SCOPED(digest) struct digest *other = digest_new(1);
	SCOPED(buf) struct buf fields = { 0 };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(digest) struct digest *d = digest_new(cases[i].version);

		for (size_t j = 0; j < cases[i].count; j++)
			digest_add(d, cases[i].fields[j]);
		expect_digest(d, cases[i].want, cases[i].name);
	}
	digest_add(other, SLICE("a\0b"));
	digest_add_u64(other, 0x0102030405060708);
	expect_digest(other, "f337dab3207d6b7402d9c261c984c36ff26819871813257fee3629b028410754",
		      "a NUL, and a number with its high byte first");
	digest_append_field(&fields, SLICE("a\0b"));
	digest_append_u64(&fields, 0x0102030405060708);
	digest_add_fields(other, buf_slice(&fields));
	expect_digest(other, "f337dab3207d6b7402d9c261c984c36ff26819871813257fee3629b028410754",
		      "the same, put together before");
}

Test(digest, keeps_fields_apart)
{
	static const struct slice rows[][3] = {
		{ BYTES("ab"), BYTES("c"), BYTES("") },   { BYTES("a"), BYTES("bc"), BYTES("") },
		{ BYTES("abc"), BYTES(""), BYTES("") },   { BYTES(""), BYTES("abc"), BYTES("") },
		{ BYTES(""), BYTES(""), BYTES("abc") },   { { NULL, 0 }, BYTES("abc"), BYTES("") },
		{ BYTES("abc"), { NULL, 0 }, BYTES("") }, { BYTES("abc\0"), BYTES(""), BYTES("") },
	};
	unsigned char digests[COUNT_OF(rows)][DIGEST_SIZE];
	SCOPED(digest) struct digest *d = digest_new(1);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t j = 0; j < COUNT_OF(rows[i]); j++)
			digest_add(d, rows[i][j]);
		digest_take(d, digests[i]);
		for (size_t j = 0; j < i; j++)
			cr_expect(memcmp(digests[i], digests[j], DIGEST_SIZE) != 0,
				  "rows %zu and %zu have one digest", i, j);
	}
}

Test(digest, starts_over_when_taken)
{
	SCOPED(digest) struct digest *d = digest_new(7);
	SCOPED(digest) struct digest *fresh = digest_new(7);
	unsigned char first[DIGEST_SIZE], again[DIGEST_SIZE], want[DIGEST_SIZE];

	digest_take(fresh, want);
	digest_add(d, SLICE("something"));
	digest_take(d, first);
	digest_take(d, again);
	cr_expect(memcmp(again, want, DIGEST_SIZE) == 0, "the version is in it again");
	cr_expect(memcmp(first, want, DIGEST_SIZE) != 0, "what was added counted");
	digest_free(NULL);
}

/* Remembered or not, short or long, twice or after another: the same as without remembering. */
Test(digest, remembers_nothing_wrong)
{
	static const size_t lengths[] = {
		0, 1, 7, 8, 9, 500, 591, 592, 599, 600, 1015, 1016, 5000
	};
	SCOPED(digest) struct digest *plain = digest_new(1);
	SCOPED(digest) struct digest *frequent = digest_new(1);
	char text[5000];

	memset(text, 'x', sizeof(text));
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT_OF(lengths); i++) {
			unsigned char want[DIGEST_SIZE], got[DIGEST_SIZE];

			digest_add(plain, slice_of(text, lengths[i]));
			digest_take(plain, want);
			digest_add(frequent, slice_of(text, lengths[i]));
			digest_take_frequent(frequent, got);
			cr_expect(memcmp(got, want, sizeof(want)) == 0, "round %d, %zu bytes",
				  round, lengths[i]);
		}
	}
}

Test(digest, tells_many_inputs_apart)
{
	SCOPED(digest) struct digest *plain = digest_new(1);
	SCOPED(digest) struct digest *frequent = digest_new(1);

	for (uint64_t i = 0; i < 20000; i++) {
		unsigned char want[DIGEST_SIZE], got[DIGEST_SIZE];

		digest_add_u64(plain, i % 3000);
		digest_take(plain, want);
		digest_add_u64(frequent, i % 3000);
		digest_take_frequent(frequent, got);
		cr_assert(memcmp(got, want, sizeof(want)) == 0, "%llu", (unsigned long long)i);
	}
}
