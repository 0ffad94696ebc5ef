/* SPDX-License-Identifier: MIT */
/*
 * A document: what is left when a mail's part is decoded and every layer of packing is off. The
 * unpacker finds documents and pushes their bytes to a receiver.
 */
#ifndef INGEST_DOCUMENT_H
#define INGEST_DOCUMENT_H

#include "base/err.h"
#include "base/slice.h"
#include "parser/quirks.h"

/* What a document's first bytes say it is. */
#define DOCUMENT_KIND_LIST(X)                                                                      \
	X(DOCUMENT_OTHER, "something else")                                                        \
	X(DOCUMENT_REPORT, "aggregate report")                                                     \
	X(DOCUMENT_XML, "other XML")                                                               \
	X(DOCUMENT_TLS_REPORT, "TLS report")                                                       \
	X(DOCUMENT_FAILURE_REPORT, "failure report (RUF)")                                         \
	X(DOCUMENT_TNEF, "TNEF (winmail.dat)")                                                     \
	X(DOCUMENT_OLE, "Outlook message (.msg) or another OLE file")                              \
	X(DOCUMENT_PLACEHOLDER, "placeholder")                                                     \
	X(DOCUMENT_EMPTY, "empty")
ENUM_TABLE_DECLARE(document_kind, DOCUMENT_KIND_LIST);

/* So many of a document's first bytes are enough to know it by. */
enum { DOCUMENT_HEAD_BYTES = 4096 };

enum document_kind document_sniff(struct slice head);

/* A report of another kind, or what hides one: named, and left where it is. */
bool document_is_unsupported(enum document_kind kind);

/* Behind a byte order mark and blanks. */
bool document_begins_with_markup(struct slice head);

struct receiver;

/* A call that returns false has ended the document by itself: no abort() follows for it. */
struct receiver_ops {
	/* packed: it came out of an archive, so somebody meant it to be a report. */
	bool (*begin)(struct receiver *r, enum document_kind kind, bool packed, struct err *e);
	bool (*bytes)(struct receiver *r, struct slice bytes, struct err *e);
	bool (*end)(struct receiver *r, struct err *e);

	/* The document that was begun ends here, unfinished; why says what was wrong around it. */
	void (*abort)(struct receiver *r, const struct err *why);

	/* An oddity of the packing, of the document that is open or of the next one. */
	void (*quirk)(struct receiver *r, enum quirk quirk);
};

/* First member of every receiver. */
struct receiver {
	const struct receiver_ops *ops;
};

#endif
