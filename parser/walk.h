/* SPDX-License-Identifier: MIT */
/*
 * The way through a document's elements: where we are, which elements are the schema's, what text they
 * hold. Hands containers and leaves to the assembly, and notes what is odd. Knows of libxml2 no more
 * than its names.
 */
#ifndef PARSER_WALK_H
#define PARSER_WALK_H

#include "base/err.h"
#include "base/slice.h"
#include "parser/element_index.h"
#include "parser/limits.h"

struct assembly;

/* Text of one element; what comes after a cut is dropped whole. */
struct collected {
	char *bytes; /* ours, free(): LIMIT_TEXT_BYTES */
	size_t n;
	bool cut;
};

struct walk {
	struct assembly *assembly;  /* borrowed */
	struct element_index index; /* whoever has the dictionary fills it */
	enum element stack[LIMIT_XML_DEPTH + 1];
	size_t depth;
	uint64_t seen;                 /* rows that have come in the container they belong to */
	const xmlChar *root_namespace; /* whoever opens the root sets it */
	const struct element_row *last_metadata; /* row of the schema's order */

	bool mended; /* an element within a leaf is text that a mender took for markup */
	const struct element_row *leaf; /* the leaf whose text is collected */
	bool repeated;                  /* the leaf has come before: the first one counts */
	struct collected text, reason_text;
	struct slice first_texts
		[ELEMENT_MAX_ROWS]; /* of the report's own leaves, to tell whether they agree */
};

void walk_init(struct walk *w, struct assembly *assembly);
void walk_release(struct walk *w);

/* Back to the start, for another document or pass, which may be through what a mender wrote. */
void walk_rewind(struct walk *w, bool mended);

/* The element that we are in: EL_UNKNOWN in one that is skipped. */
static inline enum element walk_here(const struct walk *w)
{
	return w->stack[w->depth];
}

/* One level down, of LIMIT_XML_DEPTH at most, and up again. */
MUST_USE bool walk_open(struct walk *w, const xmlChar *name, const xmlChar *uri, struct err *e);
MUST_USE bool walk_close(struct walk *w, struct err *e);

void walk_text(struct walk *w, struct slice text);

#endif
