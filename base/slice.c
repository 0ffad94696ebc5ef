/* SPDX-License-Identifier: MIT */
#include "base/slice.h"

#include "base/banned.h"

bool slice_equal_icase(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (byte_lower(a.p[i]) != byte_lower(b.p[i]))
			return false;
	}
	return true;
}

bool slice_starts_with_icase(struct slice s, struct slice prefix)
{
	return s.n >= prefix.n && slice_equal_icase(slice_of(s.p, prefix.n), prefix);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.n < b.n ? a.n : b.n;
	int order = common > 0 ? memcmp(a.p, b.p, common) : 0;

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

size_t slice_find(struct slice s, char c)
{
	const char *found = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return found ? (size_t)(found - s.p) : s.n;
}

/* At a place where c, the needle's first byte in one of its spellings, stands. */
static bool contains_from(struct slice s, char c, struct slice needle)
{
	while (s.n >= needle.n) {
		size_t at = slice_find(s, c);

		s = slice_from_offset(s, at);
		if (slice_starts_with_icase(s, needle))
			return true;
		s = slice_from_offset(s, 1);
	}
	return false;
}

bool slice_contains_icase(struct slice s, struct slice needle)
{
	if (needle.n == 0)
		return true;

	char c = needle.p[0];
	char other = byte_is_letter(c) ? (char)(c ^ 0x20) : c;

	return contains_from(s, c, needle) || (other != c && contains_from(s, other, needle));
}

struct slice slice_from_offset(struct slice s, size_t offset)
{
	if (offset >= s.n)
		return slice_of(s.p ? s.p + s.n : NULL, 0);
	return slice_of(s.p + offset, s.n - offset);
}

bool slice_cut(struct slice *rest, char c, struct slice *field_out)
{
	if (slice_is_absent(*rest))
		return false;

	size_t at = slice_find(*rest, c);

	*field_out = slice_of(rest->p, at);
	*rest = at == rest->n ? SLICE_ABSENT : slice_from_offset(*rest, at + 1);
	return true;
}

bool slice_to_cstr(struct slice s, char *array, size_t size)
{
	if (s.n >= size || slice_find(s, '\0') < s.n)
		return false;
	if (s.n > 0)
		memcpy(array, s.p, s.n);
	array[s.n] = '\0';
	return true;
}
