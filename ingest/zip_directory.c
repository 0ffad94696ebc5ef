/* SPDX-License-Identifier: MIT */
#include "ingest/zip_directory.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/reader.h"

#include "base/banned.h"

/*
 * APPNOTE.TXT 4.3.16: end of central directory record
 *	signature(4) disk(2) directory disk(2) entries here(2) entries(2) size(4) offset(4) comment(2)
 * 4.3.15: zip64 locator, right before it
 *	signature(4) disk(4) offset of the zip64 record(8) disks(4)
 * 4.3.14: zip64 record
 *	signature(4) size(8) made by(2) needed(2) disk(4) directory disk(4) entries here(8) entries(8)
 */
enum { END_SIZE = 22, LOCATOR_SIZE = 20, ZIP64_SIZE = 40, ENTRIES_IN_ZIP64 = 0xFFFF };

static const struct slice end_signature = { "PK\x05\x06", 4 };
static const struct slice locator_signature = { "PK\x06\x07", 4 };
static const struct slice zip64_signature = { "PK\x06\x06", 4 };

static bool zip64_count(const struct spool *zip, struct slice locator, uint64_t *count_out,
			struct err *e)
{
	char record[ZIP64_SIZE];
	struct reader r = reader_over(locator);

	if (!slice_equal(reader_bytes(&r, 4), locator_signature))
		return false;
	(void)reader_u32le(&r);

	uint64_t offset = reader_u64le(&r);

	if (r.failed || offset > zip->size ||
	    spool_read(zip, record, sizeof(record), offset, e) != (ssize_t)sizeof(record))
		return false;
	r = reader_over(slice_of(record, sizeof(record)));
	if (!slice_equal(reader_bytes(&r, 4), zip64_signature))
		return false;
	reader_skip(&r, 8 + 2 + 2 + 4 + 4 + 8);
	*count_out = reader_u64le(&r);
	return !r.failed;
}

/* Reads the record at `at`; false when it is none. */
static bool end_count(const struct spool *zip, struct slice tail, size_t at, uint64_t *count_out,
		      struct err *e)
{
	struct reader r = reader_over(slice_from_offset(tail, at));
	uint64_t count64 = 0;

	if (!slice_equal(reader_bytes(&r, 4), end_signature))
		return false;
	reader_skip(&r, 2 + 2 + 2);
	*count_out = reader_u16le(&r);
	reader_skip(&r, 4 + 4 + 2);
	if (r.failed)
		return false;
	if (at >= LOCATOR_SIZE &&
	    zip64_count(zip, slice_of(tail.p + at - LOCATOR_SIZE, LOCATOR_SIZE), &count64, e) &&
	    (count64 > *count_out || *count_out == ENTRIES_IN_ZIP64))
		*count_out = count64;
	return true;
}

bool zip_count_members(const struct spool *zip, uint64_t *count_out, struct err *e)
{
	size_t length = zip->size < ZIP_END_BYTES ? (size_t)zip->size : ZIP_END_BYTES;
	SCOPED(buf) struct buf bytes = { 0 };

	buf_reserve(&bytes, length);

	ssize_t got = spool_read(zip, bytes.p, length, zip->size - length, e);

	if (got < 0)
		return false;

	struct slice tail = slice_of(bytes.p, (size_t)got);

	bool found = false;

	/* a comment may hold a record of its own, to say less than there is: the largest counts */
	*count_out = 0;
	for (size_t at = tail.n; at >= END_SIZE; at--) {
		uint64_t count = 0;

		if (!end_count(zip, tail, at - END_SIZE, &count, e))
			continue;
		found = true;
		*count_out = count > *count_out ? count : *count_out;
	}
	return found || err_set(e, ERR_INPUT, "the zip has no end record, as if cut off");
}
