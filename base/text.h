/* SPDX-License-Identifier: MIT */
/*
 * Text into fixed arrays, and foreign text made harmless.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* False when the result does not fit; the array then holds an empty string. */
MUST_USE bool text_format(char *array, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);
MUST_USE bool text_copy(char *array, size_t size, struct slice s);

/*
 * Decodes one UTF-8 character at the front of s. Returns its length and sets *point_out; a byte that
 * starts no valid character (overlong, surrogate, past U+10FFFF, cut off) counts as one, U+FFFD.
 * s must not be empty.
 */
size_t utf8_decode(struct slice s, uint32_t *point_out);
void utf8_append(struct buf *b, uint32_t point);
bool utf8_is_valid(struct slice s);

/* At most max_bytes of s, not ending in the middle of a character. */
struct slice utf8_prefix(struct slice s, size_t max_bytes);

/* Characters that move the cursor, turn the writing direction, or cannot be seen. */
bool text_is_harmful(uint32_t point);

/*
 * Appends s so that no terminal, log reader or mail client can be steered by it: control characters,
 * bidirectional overrides and invisible characters become \x1b, \u202e and so on, bytes that are not
 * UTF-8 become U+FFFD. At most max_bytes of s are looked at, the cut marked by "...".
 */
void text_append_harmless(struct buf *b, struct slice s, size_t max_bytes);

/*
 * The known word nearest to a mistyped one, or NULL when none is near: for "did you mean". `words`
 * ends with NULL.
 */
const char *text_nearest(struct slice word, const char *const *words);

#endif
