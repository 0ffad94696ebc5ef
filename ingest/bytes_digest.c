/* SPDX-License-Identifier: MIT */
#include "ingest/bytes_digest.h"

#include "base/file.h"

#include "base/banned.h"

/* A change of it changes the digests. */
enum { PIECE_BYTES = 64 * 1024 };

bool bytes_digest(struct digest *d, int fd, uint64_t at, uint64_t n, struct err *e)
{
	char piece[PIECE_BYTES];

	while (n > 0) {
		size_t want = n < sizeof(piece) ? (size_t)n : sizeof(piece);
		ssize_t got = file_read_at(fd, piece, want, (off_t)at, e);

		if (got < 0)
			return false;
		if (got == 0)
			break;
		digest_add(d, slice_of(piece, (size_t)got));
		at += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return true;
}
