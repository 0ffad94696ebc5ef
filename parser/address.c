/* SPDX-License-Identifier: MIT */
#include "parser/address.h"

#include <arpa/inet.h>

#include "base/banned.h"

_Static_assert(ADDRESS_TEXT_SIZE >= INET6_ADDRSTRLEN, "an address must fit its text");

static const unsigned char mapped_prefix[12] = { [10] = 0xFF, [11] = 0xFF };

/* "[fe80::1%eth0]" and "192.0.2.1 (mail.example.com)" to the address alone. */
static struct slice strip_decoration(struct slice text)
{
	text = slice_trim(text);
	for (size_t at = 0; at < text.n; at++) {
		if (byte_is_blank(text.p[at]))
			text.n = at;
	}
	if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
		text = slice_of(text.p + 1, text.n - 2);
	return slice_prefix(text, slice_find(text, '%'));
}

/* The one plain spelling of IPv4, which nearly all have: four numbers without leading zeros. */
static bool parse_plain_v4(struct slice text, unsigned char bytes[static 4])
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		size_t start = at;
		unsigned value = 0;

		while (at < text.n && at - start < 3 && byte_is_digit(text.p[at]))
			value = value * 10 + (unsigned)(text.p[at++] - '0');
		if (at == start || value > 255 || (at - start > 1 && text.p[start] == '0'))
			return false;
		bytes[i] = (unsigned char)value;
		if (i < 3 && (at == text.n || text.p[at++] != '.'))
			return false;
	}
	return at == text.n;
}

static bool parse_any(struct slice text, struct address *a)
{
	char array[ADDRESS_TEXT_SIZE];

	if (!slice_to_cstr(strip_decoration(text), array, sizeof(array)))
		return false;
	if (inet_pton(AF_INET, array, a->bytes) == 1) {
		a->family = ADDRESS_V4;
		return true;
	}
	if (inet_pton(AF_INET6, array, a->bytes) != 1)
		return false;
	a->family = ADDRESS_V6;
	if (memcmp(a->bytes, mapped_prefix, sizeof(mapped_prefix)) == 0) {
		memmove(a->bytes, a->bytes + 12, 4);
		memset(a->bytes + 4, 0, 12);
		a->family = ADDRESS_V4;
	}
	return true;
}

enum address_spelling address_parse(struct slice text, struct address *address_out)
{
	struct address a = { .family = ADDRESS_V4 };
	char shown[ADDRESS_TEXT_SIZE];

	*address_out = (struct address){ .family = ADDRESS_NONE };
	if (parse_plain_v4(text, a.bytes)) {
		*address_out = a;
		return ADDRESS_PLAIN;
	}
	a = (struct address){ .family = ADDRESS_NONE };
	if (!parse_any(text, &a))
		return ADDRESS_UNREADABLE;
	*address_out = a;
	address_format(&a, shown);
	return slice_equal(text, slice_from(shown)) ? ADDRESS_PLAIN : ADDRESS_OTHER;
}

enum { GROUPS = 8 };

/* Groups [first, end) are left out, the longest row of zeros; none where it is a single one. */
struct gap {
	size_t first, end;
};

static unsigned group_of(const unsigned char *bytes, size_t i)
{
	return (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
}

static struct gap longest_gap(const unsigned char *bytes)
{
	struct gap longest = { GROUPS, GROUPS + 1 };
	struct gap gap = { 0, 0 };

	for (size_t i = 0; i < GROUPS; i++) {
		if (group_of(bytes, i) != 0)
			gap.first = i + 1;
		gap.end = i + 1;
		if (gap.end - gap.first > longest.end - longest.first)
			longest = gap;
	}
	return longest;
}

static char *put_group(char *to, unsigned group)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift > 0 && group >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*to++ = digits[group >> shift & 15];
	return to;
}

/* PERF: inet_ntop() does it by nine sprintf(), and every record has an address. */
static void format_v6(const unsigned char *bytes, char *to)
{
	const struct gap gap = longest_gap(bytes);

	for (size_t i = 0; i < GROUPS; i++) {
		if (i == gap.first) {
			*to++ = ':';
			i = gap.end;
		}
		if (i > 0)
			*to++ = ':';
		if (i < GROUPS)
			to = put_group(to, group_of(bytes, i));
	}
	*to = '\0';
}

/* The last four bytes of such an address are shown as IPv4. */
static bool may_hold_v4(const struct address *a)
{
	static const unsigned char zeros[10] = { 0 };

	return memcmp(a->bytes, zeros, sizeof(zeros)) == 0;
}

void address_format(const struct address *a, char text[static ADDRESS_TEXT_SIZE])
{
	int family = a->family == ADDRESS_V4 ? AF_INET : AF_INET6;

	if (a->family == ADDRESS_V6 && !may_hold_v4(a))
		format_v6(a->bytes, text);
	else if (a->family == ADDRESS_NONE || !inet_ntop(family, a->bytes, text, ADDRESS_TEXT_SIZE))
		text[0] = '\0';
}
