/* SPDX-License-Identifier: MIT */
/*
 * Enums and their words from one list, so that neither can miss a value the other has:
 *
 *	#define COLOUR_LIST(X) X(COLOUR_RED, "red") X(COLOUR_BLUE, "blue")
 *	ENUM_TABLE_DECLARE(colour, COLOUR_LIST);         in the header
 *	ENUM_TABLE_DEFINE(colour, COLOUR_LIST)           in one .c
 *
 * gives enum colour, colour_count, colour_text(COLOUR_RED) and colour_find(slice, &value).
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/slice.h"

#define ENUM_TABLE_SYMBOL_(symbol, text) symbol,
#define ENUM_TABLE_TEXT_(symbol, text)   text,
#define ENUM_TABLE_ONE_(symbol, text)    +1

#define ENUM_TABLE_DECLARE(tag, LIST)                                                              \
	enum tag { LIST(ENUM_TABLE_SYMBOL_) };                                                     \
	enum { tag##_count = 0 LIST(ENUM_TABLE_ONE_) };                                            \
	const char *tag##_text(enum tag value);                                                    \
	bool tag##_find(struct slice text, enum tag *value_out)

#define ENUM_TABLE_DEFINE(tag, LIST)                                                               \
	static const char *const tag##_texts[] = { LIST(ENUM_TABLE_TEXT_) };                       \
	const char *tag##_text(enum tag value)                                                     \
	{                                                                                          \
		return tag##_texts[value];                                                         \
	}                                                                                          \
	bool tag##_find(struct slice text, enum tag *value_out)                                    \
	{                                                                                          \
		size_t found;                                                                      \
                                                                                                   \
		if (!table_find_text(text, tag##_texts, COUNT_OF(tag##_texts), &found))            \
			return false;                                                              \
		*value_out = (enum tag)found;                                                      \
		return true;                                                                       \
	}

/* Index of the text in an array of words; exact, bytes as bytes. */
bool table_find_text(struct slice text, const char *const *texts, size_t count, size_t *index_out);

#endif
