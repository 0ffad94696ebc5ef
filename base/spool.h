/* SPDX-License-Identifier: MIT */
/* Bytes kept for a second look: in memory while they are so few, in an unlinked file beyond that. */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

struct spool {
	uint64_t most; /* in memory */
	struct buf memory;
	int fd; /* -1: all in memory */
	uint64_t size;
};

#define SPOOL_INIT(limit) ((struct spool){ .most = (limit), .fd = -1 })

MUST_USE bool spool_append(struct spool *s, struct slice bytes, struct err *e);

/* Up to n bytes from an offset; fewer at the end; -1 on an error. */
ssize_t spool_read(const struct spool *s, char *bytes, size_t n, uint64_t offset, struct err *e);
void spool_release(struct spool *s);

#endif
