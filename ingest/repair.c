/* SPDX-License-Identifier: MIT */
#include "ingest/repair.h"

#include "base/file.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

/* What stands at a repair's offset instead of so many bytes that were there. */
static const struct {
	struct slice text;
	unsigned replaces;
} changes[] = {
	[REPAIR_HYPHEN] = { { "-", 1 }, 0 },
	/* "xultipart/mixed" is nothing that has parts */
	[REPAIR_NO_PARTS] = { { "x", 1 }, 1 },
	[REPAIR_BOUNDARY] = { { "; boundary=", 11 }, 0 },
};

bool prescan_file(struct prescan *p, int fd, struct err *e)
{
	UNINITIALISED char piece[PIECE_BYTES];
	off_t offset = 0;
	ssize_t got;

	while ((got = file_read_at(fd, piece, sizeof(piece), offset, e)) > 0) {
		if (!prescan_push(p, slice_of(piece, (size_t)got), e))
			return false;
		offset += got;
	}
	return got == 0 && prescan_finish(p, e);
}

/* From one offset to the other, or to the end. */
static bool copy_range(int from, int to, uint64_t begin, uint64_t end, struct err *e)
{
	char piece[PIECE_BYTES];

	while (begin < end) {
		size_t wanted = end - begin < sizeof(piece) ? (size_t)(end - begin) : sizeof(piece);
		ssize_t got = file_read_at(from, piece, wanted, (off_t)begin, e);

		if (got <= 0)
			return got == 0;
		if (!file_write_temporary(to, slice_of(piece, (size_t)got), e))
			return false;
		begin += (uint64_t)got;
	}
	return true;
}

static bool write_change(int to, const struct repair *r, struct err *e)
{
	const struct slice quote = { "\"", r->boundary.n > 0 };

	return file_write_temporary(to, changes[r->kind].text, e) &&
		file_write_temporary(to, quote, e) && file_write_temporary(to, r->boundary, e) &&
		file_write_temporary(to, quote, e);
}

static bool copy_mended(int from, int to, const struct repair *repairs, size_t count, struct err *e)
{
	uint64_t done = 0;

	for (size_t i = 0; i < count; i++) {
		if (!copy_range(from, to, done, repairs[i].offset, e) ||
		    !write_change(to, &repairs[i], e))
			return false;
		done = repairs[i].offset + changes[repairs[i].kind].replaces;
	}
	return copy_range(from, to, done, UINT64_MAX, e);
}

int repair_copy(int fd, const struct repair *repairs, size_t count, struct err *e)
{
	SCOPED(fd) int copy = file_temporary(e);

	if (copy < 0 || !copy_mended(fd, copy, repairs, count, e))
		return -1;
	return TAKE(copy, -1);
}
