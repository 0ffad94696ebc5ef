/* SPDX-License-Identifier: MIT */
/*
 * The parts of a message: the leaves of a mail, decoded; or the file as its only part, where that is a
 * report or an archive itself.
 */
#ifndef INGEST_PARTS_H
#define INGEST_PARTS_H

#include "ingest/mime.h"

/*
 * Told apart by content, from a seekable descriptor; as often as it is called, in the same order.
 * summary_out is set also when the walk is ended early. ERR_NO_INPUT: the file cannot be read.
 */
MUST_USE bool parts_walk(int fd, struct mime_listener *listener, struct mime_summary *summary_out,
			 struct err *e);

#endif
