/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"

#include "base/banned.h"

struct digest {
	EVP_MD_CTX *context; /* by libcrypto, EVP_MD_CTX_free() */
	uint8_t version;
};

/* libcrypto fails here only for want of memory or of SHA-256 itself. */
static void must(int ok)
{
	BUG_UNLESS(ok == 1);
}

static void start(struct digest *d)
{
	must(EVP_DigestInit_ex(d->context, EVP_sha256(), NULL));
	must(EVP_DigestUpdate(d->context, &d->version, 1));
}

struct digest *digest_new(uint8_t version)
{
	struct digest *d = memory_zeroed(1, sizeof(*d));

	d->context = EVP_MD_CTX_new();
	d->version = version;
	BUG_UNLESS(d->context);
	start(d);
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->context);
	free(d);
}

void digest_add_u64(struct digest *d, uint64_t value)
{
	unsigned char bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(value >> (56 - 8 * i));
	must(EVP_DigestUpdate(d->context, bytes, sizeof(bytes)));
}

void digest_add(struct digest *d, struct slice field)
{
	digest_add_u64(d, slice_is_absent(field) ? UINT64_MAX : field.n);
	if (field.n > 0)
		must(EVP_DigestUpdate(d->context, field.p, field.n));
}

void digest_take(struct digest *d, unsigned char bytes[static DIGEST_SIZE])
{
	must(EVP_DigestFinal_ex(d->context, bytes, NULL));
	start(d);
}
