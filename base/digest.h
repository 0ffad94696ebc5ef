/* SPDX-License-Identifier: MIT */
/*
 * SHA-256 over fields, each with its length in front, so that ("ab", "c") and ("a", "bc") differ. Keys
 * made of content let any number of ingesters agree without asking each other.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdint.h>

#include "base/buf.h"
#include "base/scope.h"
#include "base/slice.h"

enum { DIGEST_SIZE = 32 };

struct digest;

/* The version byte keeps keys of another making apart. */
struct digest *digest_new(uint8_t version);
void digest_free(struct digest *d);
SCOPE_DEFINE(digest, struct digest *, digest_free);

/* An absent slice and an empty one are two different fields. */
void digest_add(struct digest *d, struct slice field);
void digest_add_u64(struct digest *d, uint64_t value);

/* Fields that many inputs begin with or share are put together once, and added as they are. */
void digest_append_field(struct buf *fields, struct slice field);
void digest_append_u64(struct buf *fields, uint64_t value);
void digest_add_fields(struct digest *d, struct slice fields);

/* The result so far; starts over with the version it was made with. */
void digest_take(struct digest *d, unsigned char bytes[static DIGEST_SIZE]);

/* The same, for what is likely to come again: the results of some hundred inputs are remembered. */
void digest_take_frequent(struct digest *d, unsigned char bytes[static DIGEST_SIZE]);

#endif
