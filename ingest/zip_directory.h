/* SPDX-License-Identifier: MIT */
/*
 * A look at a zip's end record before a library builds its table: how many members does it say it
 * has? A zip of 900,000 members costs libzip 265 MB before the first one is seen.
 */
#ifndef INGEST_ZIP_DIRECTORY_H
#define INGEST_ZIP_DIRECTORY_H

#include "base/spool.h"

/* The end record and its zip64 twin stand in so many last bytes, the longest comment included. */
enum { ZIP_END_BYTES = 65535 + 22 + 20 };

/*
 * The largest member count that anything in the zip's last bytes that looks like an end record, or
 * the zip64 record it points to, speaks of. False: ERR_INPUT, there is none.
 */
MUST_USE bool zip_count_members(const struct spool *zip, uint64_t *count_out, struct err *e);

#endif
