/* SPDX-License-Identifier: MIT */
/*
 * Reads one document of a message once more, for a parser that wants it again: the message is walked
 * from its start, all that is not the document is unpacked as far as needed and dropped. So nothing has
 * to be kept of documents that are read once.
 */
#ifndef INGEST_REREAD_H
#define INGEST_REREAD_H

#include <stdint.h>

#include "base/err.h"

struct parser;

/* Both count from 1, the documents within their part, in the order they were found. */
struct document_place {
	unsigned part, document;
};

/*
 * Pushes the document's bytes to the parser. What walking took is added to *spent, which counts for
 * the whole message; ERR_LIMIT past LIMIT_REREAD_BYTES. An error is not yet told to the parser, unless
 * it is the parser's own.
 */
MUST_USE bool reread_document(int fd, struct document_place place, struct parser *parser,
			      uint64_t *spent, struct err *e);

#endif
