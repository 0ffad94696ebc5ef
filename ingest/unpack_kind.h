/* SPDX-License-Identifier: MIT */
/* What a document is by its first bytes, also where these are in another order than usual. */
#ifndef INGEST_UNPACK_KIND_H
#define INGEST_UNPACK_KIND_H

#include "ingest/document.h"

/* As document_sniff(); of a TLS report any two of its keys are enough. */
enum document_kind unpack_kind(struct slice head);

#endif
