/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

/* Most keys are shorter than this: one call into libcrypto then makes a digest, instead of forty. */
enum { PENDING_BYTES = 1024 };

struct digest {
	EVP_MD *algorithm; /* by libcrypto, EVP_MD_free(): fetched once, which costs more than a hash */
	EVP_MD_CTX *context; /* by libcrypto, EVP_MD_CTX_free() */
	uint8_t version;
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
}

static void append(struct digest *d, const void *bytes, size_t n)
{
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
	must(EVP_DigestInit_ex(d->context, d->algorithm, NULL));
	append(d, &d->version, 1);
}

struct digest *digest_new(uint8_t version)
{
	struct digest *d = memory_zeroed(1, sizeof(*d));

	d->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	d->context = EVP_MD_CTX_new();
	d->version = version;
	BUG_UNLESS(d->algorithm && d->context);
	start(d);
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->context);
	EVP_MD_free(d->algorithm);
	free(d);
}

void digest_add_u64(struct digest *d, uint64_t value)
{
	unsigned char bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(value >> (56 - 8 * i));
	append(d, bytes, sizeof(bytes));
}

void digest_add(struct digest *d, struct slice field)
{
	digest_add_u64(d, slice_is_absent(field) ? UINT64_MAX : field.n);
	if (field.n > 0)
		append(d, field.p, field.n);
}

void digest_take(struct digest *d, unsigned char bytes[static DIGEST_SIZE])
{
	flush(d);
	must(EVP_DigestFinal_ex(d->context, bytes, NULL));
	start(d);
}
