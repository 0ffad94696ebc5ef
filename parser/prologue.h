/* SPDX-License-Identifier: MIT */
/* What the beginning of a document says of it: its encoding, its declaration, its namespace. */
#ifndef PARSER_PROLOGUE_H
#define PARSER_PROLOGUE_H

#include <libxml/parser.h>

#include "base/slice.h"
#include "parser/quirks.h"

#define NAMESPACE_RFC9990 "urn:ietf:params:xml:ns:dmarc-2.0"
#define NAMESPACE_DRAFT   "http://dmarc.org/dmarc-xml/0.1"

/* To be asked when the root opens. mark: the document's first bytes, four at least where it has them. */
void prologue_note(const xmlParserCtxt *xml, struct slice mark, struct quirks *quirks);

/* Whose namespace it is. */
enum quirk namespace_quirk(struct slice uri);

#endif
