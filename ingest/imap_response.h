/* SPDX-License-Identifier: MIT */
/*
 * What an IMAP server sends, out of bytes as they come: responses, and literals that may be large. The
 * server is not trusted: nothing is allocated because it announces it, and every length has a bound. The
 * words of a response are read by a cursor, which counts parentheses and does not recurse.
 */
#ifndef INGEST_IMAP_RESPONSE_H
#define INGEST_IMAP_RESPONSE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/table.h"

/*
 * A response with the literals that are kept in it. Ours are asked for so that they stay below half of
 * that: see IMAP_SEARCH_WINDOW.
 */
#define IMAP_RESPONSE_BYTES (UINT64_C(64) << 10)

/* A literal that is kept: the name of a mailbox. Only bodies are longer, and those are passed on. */
#define IMAP_KEPT_BYTES UINT64_C(4096)

/* Literals in one response; a body comes alone. */
#define IMAP_LITERALS 16

/* Parentheses in parentheses; FETCH and LIST have two. */
#define IMAP_DEPTH 32

#define IMAP_STATUS_LIST(X)                                                                        \
	X(IMAP_DATA, "") /* no status: data, or a continuation */                                  \
	X(IMAP_OK, "OK")                                                                           \
	X(IMAP_NO, "NO")                                                                           \
	X(IMAP_BAD, "BAD")                                                                         \
	X(IMAP_PREAUTH, "PREAUTH")                                                                 \
	X(IMAP_BYE, "BYE")
ENUM_TABLE_DECLARE(imap_status, IMAP_STATUS_LIST);

/* Borrowed from the parser, until the listener returns. */
struct imap_response {
	struct slice tag; /* "*": untagged, "+": the server waits for more */
	enum imap_status status;
	struct slice word; /* "FETCH", "OK", ... */
	bool numbered;     /* * 12 FETCH */
	uint32_t number;   /* 0 where it is not */
	struct slice code; /* of a status: "UIDVALIDITY 7", without its brackets; absent */
	struct slice rest; /* what is behind: text for people, or data for a cursor */
};

struct imap_listener;

/* Each may refuse: then the connection is of no use any more. */
struct imap_listener_ops {
	/* The body of a mail begins, of so many bytes. */
	bool (*body)(struct imap_listener *l, uint64_t size, struct err *e);
	bool (*bytes)(struct imap_listener *l, struct slice bytes, struct err *e);
	bool (*response)(struct imap_listener *l, const struct imap_response *r, struct err *e);
};

/* First member of every listener. */
struct imap_listener {
	const struct imap_listener_ops *ops;
};

struct imap_parser {
	struct imap_listener *listener; /* borrowed */
	struct buf text;                /* of the response that is under way */
	size_t line;                    /* where its last line begins in it */
	uint64_t literal;               /* bytes that are still to come */
	bool streamed;                  /* to the listener, and not to the text */
	unsigned literals;
	bool deaf; /* lines that are no response are passed over, and there are no literals */
};

void imap_parser_init(struct imap_parser *p, struct imap_listener *listener);
void imap_parser_release(struct imap_parser *p);

/* Bytes as they come, whole or in pieces. ERR_INPUT for what no server may send; then no more. */
MUST_USE bool imap_parser_push(struct imap_parser *p, struct slice bytes, struct err *e);

enum imap_token_kind {
	IMAP_TOKEN_END,
	IMAP_TOKEN_ATOM,   /* with what is in brackets: BODY[HEADER.FIELDS (DATE)] */
	IMAP_TOKEN_STRING, /* the text as it was sent; see imap_append_string() */
	IMAP_TOKEN_NIL,
	IMAP_TOKEN_OPEN,
	IMAP_TOKEN_CLOSE,
	IMAP_TOKEN_BODY,   /* was passed on */
	IMAP_TOKEN_BINARY, /* a literal8 */
	IMAP_TOKEN_WRONG,  /* and so is everything behind it */
};

struct imap_token {
	enum imap_token_kind kind;
	struct slice text;
	bool quoted;
};

struct imap_cursor {
	struct slice rest;
	unsigned depth;
};

static inline struct imap_cursor imap_cursor_over(struct slice data)
{
	return (struct imap_cursor){ data, 0 };
}

struct imap_token imap_next(struct imap_cursor *c);

/* Passes over one value: a word, or all of a list. False where it is wrong, or nothing is there. */
MUST_USE bool imap_skip(struct imap_cursor *c, struct imap_token first);

/* The bytes of a string, without what quotes them. */
void imap_append_string(struct buf *b, const struct imap_token *string);

/* Is it this atom, in whatever case? */
bool imap_is_atom(const struct imap_token *token, struct slice word);

/* A number of up to 32 bits that is not zero: a UID, a UIDVALIDITY. */
MUST_USE bool imap_number(struct slice text, uint32_t *number_out);

#endif
