/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

/*
 * Most keys are shorter than this: one call into libcrypto then makes a digest, instead of forty. Of
 * those that come again the shorter ones are remembered, in as much memory as a cache of the processor.
 */
enum { PENDING_BYTES = 1024, REMEMBERED_BYTES = 608, REMEMBERED_INPUTS = 512 };

struct remembered {
	size_t length; /* 0: none; an input has at least its version */
	unsigned char input[REMEMBERED_BYTES];
	unsigned char result[DIGEST_SIZE];
};

struct digest {
	EVP_MD *algorithm; /* by libcrypto, EVP_MD_free(): fetched once, which costs more than a hash */
	EVP_MD_CTX *context;           /* by libcrypto, EVP_MD_CTX_free() */
	struct remembered *remembered; /* NULL until there is one */
	uint8_t version;
	bool flushed; /* pending is not all of the input */
	size_t pending_length;
	unsigned char pending[PENDING_BYTES];
};

/* libcrypto fails here only for want of memory or of SHA-256 itself. */
static void must(int ok)
{
	BUG_UNLESS(ok == 1);
}

static void flush(struct digest *d)
{
	must(EVP_DigestUpdate(d->context, d->pending, d->pending_length));
	d->pending_length = 0;
	d->flushed = true;
}

static void append(struct digest *d, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	if (n > PENDING_BYTES - d->pending_length)
		flush(d);
	if (n > PENDING_BYTES) {
		must(EVP_DigestUpdate(d->context, bytes, n));
		return;
	}
	memcpy(d->pending + d->pending_length, bytes, n);
	d->pending_length += n;
}

static void start(struct digest *d)
{
	if (d->flushed)
		must(EVP_DigestInit_ex(d->context, d->algorithm, NULL));
	d->flushed = false;
	d->pending_length = 0;
	append(d, &d->version, 1);
}

struct digest *digest_new(uint8_t version)
{
	struct digest *d = memory_zeroed(1, sizeof(*d));

	d->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	d->context = EVP_MD_CTX_new();
	d->version = version;
	BUG_UNLESS(d->algorithm && d->context);
	d->flushed = true; /* the context has never been readied */
	start(d);
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->context);
	EVP_MD_free(d->algorithm);
	free(d->remembered);
	free(d);
}

/* A number as it is digested, on every machine. */
struct number {
	unsigned char bytes[8];
};

static struct number number_of(uint64_t value)
{
	return (struct number){ {
		(unsigned char)(value >> 56),
		(unsigned char)(value >> 48),
		(unsigned char)(value >> 40),
		(unsigned char)(value >> 32),
		(unsigned char)(value >> 24),
		(unsigned char)(value >> 16),
		(unsigned char)(value >> 8),
		(unsigned char)value,
	} };
}

/* What stands in front of a field. */
static struct number length_of(struct slice field)
{
	return number_of(slice_is_absent(field) ? UINT64_MAX : field.n);
}

void digest_add_u64(struct digest *d, uint64_t value)
{
	const struct number number = number_of(value);

	append(d, number.bytes, sizeof(number.bytes));
}

/* PERF: a record has some thirty fields: in one step where there is room. */
void digest_add(struct digest *d, struct slice field)
{
	const struct number length = length_of(field);
	const size_t room = PENDING_BYTES - d->pending_length;
	unsigned char *to = d->pending + d->pending_length;

	if (field.n > room || room - field.n < sizeof(length)) {
		append(d, length.bytes, sizeof(length.bytes));
		append(d, field.p, field.n);
		return;
	}
	memcpy(to, length.bytes, sizeof(length.bytes));
	if (field.n > 0)
		memcpy(to + sizeof(length.bytes), field.p, field.n);
	d->pending_length += sizeof(length.bytes) + field.n;
}

void digest_append_field(struct buf *fields, struct slice field)
{
	const struct number length = length_of(field);

	buf_append(fields, slice_of((const char *)length.bytes, sizeof(length.bytes)));
	buf_append(fields, field);
}

void digest_append_u64(struct buf *fields, uint64_t value)
{
	const struct number number = number_of(value);

	buf_append(fields, slice_of((const char *)number.bytes, sizeof(number.bytes)));
}

void digest_add_fields(struct digest *d, struct slice fields)
{
	append(d, fields.p, fields.n);
}

void digest_take(struct digest *d, unsigned char bytes[static DIGEST_SIZE])
{
	flush(d);
	must(EVP_DigestFinal_ex(d->context, bytes, NULL));
	start(d);
}

/* Good enough to spread inputs; each is compared in full. */
static uint64_t mixed(uint64_t hash, const unsigned char *input, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, input, n < sizeof(word) ? n : sizeof(word));
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

/* PERF: in four lanes, none of which waits for another's product. */
static size_t slot_of(const unsigned char *input, size_t n)
{
	enum { LANES = 4, WORD = sizeof(uint64_t), STRIDE = LANES * WORD };
	uint64_t hash[LANES] = { n };
	size_t i = 0;

	for (; i + STRIDE <= n; i += STRIDE) {
		for (size_t lane = 0; lane < LANES; lane++)
			hash[lane] = mixed(hash[lane], input + i + lane * WORD, WORD);
	}
	for (; i < n; i += WORD)
		hash[0] = mixed(hash[0], input + i, n - i);
	for (size_t lane = 1; lane < LANES; lane++)
		hash[0] = mixed(hash[0], (const unsigned char *)&hash[lane], WORD);
	return hash[0] % REMEMBERED_INPUTS;
}

void digest_take_frequent(struct digest *d, unsigned char bytes[static DIGEST_SIZE])
{
	struct remembered *r;

	if (d->flushed || d->pending_length > REMEMBERED_BYTES) {
		digest_take(d, bytes);
		return;
	}
	if (!d->remembered)
		d->remembered = memory_zeroed(REMEMBERED_INPUTS, sizeof(*d->remembered));
	r = &d->remembered[slot_of(d->pending, d->pending_length)];
	if (r->length == d->pending_length && memcmp(r->input, d->pending, r->length) == 0) {
		memcpy(bytes, r->result, DIGEST_SIZE);
		start(d);
		return;
	}
	r->length = d->pending_length;
	memcpy(r->input, d->pending, r->length);
	digest_take(d, r->result);
	memcpy(bytes, r->result, DIGEST_SIZE);
}
