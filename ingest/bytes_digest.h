/* SPDX-License-Identifier: MIT */
/* Bytes of a file as fields of a digest, in pieces that do not depend on how they came. */
#ifndef INGEST_BYTES_DIGEST_H
#define INGEST_BYTES_DIGEST_H

#include "base/digest.h"
#include "base/err.h"

/* n bytes, or fewer where the file ends. */
MUST_USE bool bytes_digest(struct digest *d, int fd, uint64_t at, uint64_t n, struct err *e);

#endif
