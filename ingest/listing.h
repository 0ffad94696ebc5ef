/* SPDX-License-Identifier: MIT */
/*
 * The names in one folder, sorted, so that a run does not depend on the order a file system keeps
 * them in. Dot files are left out: they are never mail.
 */
#ifndef INGEST_LISTING_H
#define INGEST_LISTING_H

#include "base/buf.h"
#include "base/err.h"

struct listing {
	char **names; /* point into text */
	size_t count;
	struct buf text;
};

/* ERR_NO_INPUT when the folder cannot be read. */
MUST_USE bool listing_read(struct listing *l, const char *folder, struct err *e);
void listing_release(struct listing *l);

#endif
