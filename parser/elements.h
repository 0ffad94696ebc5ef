/* SPDX-License-Identifier: MIT */
/*
 * The elements of a report: one row each, with the place its text goes to. A new element, alias or
 * field is a new row here.
 */
#ifndef PARSER_ELEMENTS_H
#define PARSER_ELEMENTS_H

#include <stddef.h>

#include "parser/vocabulary.h"

enum element {
	EL_DOCUMENT, /* above the root */
	EL_FEEDBACK,
	EL_METADATA,
	EL_DATE_RANGE,
	EL_POLICY,
	EL_RECORD,
	EL_ROW,
	EL_EVALUATED,
	EL_REASON,
	EL_IDENTIFIERS,
	EL_AUTH_RESULTS,
	EL_DKIM,
	EL_SPF,
	EL_LEAF,    /* holds text, no children of ours */
	EL_UNKNOWN, /* and everything below it */
	EL_COUNT,
};

/* How the text of a leaf becomes a value. */
enum field_kind {
	FIELD_NONE,      /* a container */
	FIELD_TEXT,      /* trimmed */
	FIELD_REPORT_ID, /* trimmed, outer angle brackets too */
	FIELD_NAME,      /* trimmed, at most LIMIT_NAME_BYTES */
	FIELD_DOMAIN,
	FIELD_MAILBOX, /* a domain, or the domain of an address, or empty for <> */
	FIELD_WORD,
	FIELD_TIME,
	FIELD_PERCENT,
	FIELD_COUNT,
	FIELD_ADDRESS,
	FIELD_ERROR,   /* one more of the report's errors */
	FIELD_RETIRED, /* only its raw spelling is kept */
};

/* Which struct the offset counts from. */
enum field_owner {
	OWNER_REPORT,
	OWNER_POLICY,
	OWNER_RECORD,
	OWNER_REASON,
	OWNER_DKIM,
	OWNER_SPF,
	OWNER_COUNT,
};

struct element_row {
	const char *name;
	enum element parent;
	enum element element;
	enum field_kind kind;
	enum field_owner owner;
	size_t offset;
	const struct word_table *words; /* FIELD_WORD */
	int alias_quirk; /* enum quirk, for a name that is not the schema's own; else -1 */
};

/* Rows of one parent stand together. */
extern const struct element_row element_rows[];
extern const size_t element_row_count;

/* The name of a leaf in `raw`: "header_from", "policy.p", "dkim[0].result". index counts from 0. */
struct buf;
void element_field_name(struct buf *b, const struct element_row *row, size_t index);

#endif
