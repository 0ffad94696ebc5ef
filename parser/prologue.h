/* SPDX-License-Identifier: MIT */
/* What the beginning of a document says of it: its encoding, its declaration, its namespace. */
#ifndef PARSER_PROLOGUE_H
#define PARSER_PROLOGUE_H

#include <libxml/parser.h>

#include "base/slice.h"
#include "parser/quirks.h"

/* To be asked when the root opens. mark: the document's first bytes, four at least where it has them. */
void prologue_note(const xmlParserCtxt *xml, struct slice mark, struct quirks *quirks);

/* Whose namespace it is. */
enum quirk namespace_quirk(struct slice uri);

#endif
