/* SPDX-License-Identifier: MIT */
/*
 * A slice is bytes that belong to somebody else: a pointer and a length, no terminator.
 *
 * `p == NULL` means absent ("not sent"), which is not the same as empty (`p != NULL, n == 0`).
 * Comparisons treat bytes as bytes; the "_icase" forms fold ASCII letters only, since every
 * name compared this way is an A-label or a protocol word.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/compiler.h"

struct slice {
	const char *p;
	size_t n;
};

#define SLICE_ABSENT   ((struct slice){ NULL, 0 })
#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })

/* For printf: "%.*s", SLICE_ARG(s). Sinks bound and clean the text, callers need not. */
#define SLICE_ARG(s) (int)((s).n > 4096 ? 4096 : (s).n), ((s).p ? (s).p : "")

static inline struct slice slice_of(const char *p, size_t n)
{
	return (struct slice){ p, n };
}

/* A NULL string becomes the absent slice. */
static inline struct slice slice_from(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

static inline bool slice_is_absent(struct slice s)
{
	return s.p == NULL;
}

/* Everything from offset on; empty when the offset lies past the end. */
struct slice slice_from_offset(struct slice s, size_t offset);

static inline struct slice slice_prefix(struct slice s, size_t n)
{
	return slice_of(s.p, n < s.n ? n : s.n);
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool slice_starts_with(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n && slice_equal(slice_of(s.p, prefix.n), prefix);
}

static inline bool slice_ends_with(struct slice s, struct slice suffix)
{
	return s.n >= suffix.n && slice_equal(slice_from_offset(s, s.n - suffix.n), suffix);
}

bool slice_equal_icase(struct slice a, struct slice b);
bool slice_starts_with_icase(struct slice s, struct slice prefix);

/* Byte order, shorter first: fit for sorting and bsearch. */
int slice_compare(struct slice a, struct slice b);

/* Offset of the first c, or s.n where there is none. */
size_t slice_find(struct slice s, char c);
bool slice_contains_icase(struct slice s, struct slice needle);

/*
 * Cuts the text before the first c off the front of *rest, which then starts behind it. Returns
 * false when *rest is used up, so `a,b,` gives "a", "b", "".
 */
bool slice_cut(struct slice *rest, char c, struct slice *field_out);

/*
 * A terminated copy for a library that needs one. False where the text does not fit or holds a NUL,
 * which would make the library see another text than we did.
 */
MUST_USE bool slice_to_cstr(struct slice s, char *array, size_t size);

static inline bool byte_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without the ASCII blanks (space, tab, CR, LF, VT, FF) in front. */
static inline struct slice slice_skip_blanks(struct slice s)
{
	while (s.n > 0 && byte_is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

/* Without those at either end. */
static inline struct slice slice_trim(struct slice s)
{
	s = slice_skip_blanks(s);
	while (s.n > 0 && byte_is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static inline bool byte_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool byte_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char byte_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

#endif
