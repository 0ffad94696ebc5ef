/* SPDX-License-Identifier: MIT */
/* A mail looked over before GMime reads it, and a mended copy of one that GMime would misread. */
#ifndef INGEST_REPAIR_H
#define INGEST_REPAIR_H

#include "ingest/prescan.h"

/* Pushes a whole file through and finishes. */
MUST_USE bool prescan_file(struct prescan *p, int fd, struct err *e);

/* An unlinked file with the mail as it was meant; -1 on an error. The repairs are in order. */
int repair_copy(int fd, const struct repair *repairs, size_t count, struct err *e);

#endif
