/* SPDX-License-Identifier: MIT */
/*
 * Tag soup into tokens. Where XML has a rule that the text breaks, a token is what its writer most
 * likely meant: a '<' that begins nothing is a character. Only the tokens are told, not whether they
 * fit together.
 */
#ifndef PARSER_SOUP_H
#define PARSER_SOUP_H

#include "base/slice.h"

enum soup_kind {
	SOUP_MORE,        /* none: what is left may be the beginning of one */
	SOUP_TEXT,        /* without a '<'; no reference is cut in two */
	SOUP_LITERAL,     /* a piece of a CDATA section */
	SOUP_BRACKET,     /* a '<' that begins nothing */
	SOUP_START,       /* <name ...> */
	SOUP_EMPTY,       /* <name ... /> */
	SOUP_END,         /* </name ...> */
	SOUP_DECLARATION, /* <?xml ...>, with or without the second question mark */
	SOUP_IGNORED,     /* a piece of a comment or of a processing instruction; a tag cut off */
	SOUP_DOCTYPE,     /* its beginning */
	SOUP_TOO_LONG,    /* a tag past LIMIT_XML_TOKEN_BYTES */
};

struct soup_token {
	enum soup_kind kind;
	struct slice bytes;      /* all of it */
	struct slice name;       /* of a tag: qualified, at most LIMIT_NAME_BYTES */
	struct slice attributes; /* of a tag: all between its name and its closing bracket */
};

/* Where it stands: zero at the beginning. */
struct soup {
	const struct soup_section *open; /* the comment or the like that has not ended yet */
};

/*
 * The token at the front of *text, which then starts behind it; borrowed from *text. `final`: no more
 * text follows, so there is SOUP_MORE only when *text is used up.
 */
struct soup_token soup_next(struct soup *s, struct slice *text, bool final);

/* Length of the qualified name that s begins with, 0 if it begins with none. */
size_t soup_name_length(struct slice s);

/* Length of the reference that s begins with, to a character that XML allows or knows by name; or 0. */
size_t soup_reference_length(struct slice s);

#endif
