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

bool address_parse(struct slice text, struct address *address_out)
{
	char array[ADDRESS_TEXT_SIZE];
	struct address a = { .family = ADDRESS_NONE };

	*address_out = a;
	if (!slice_to_cstr(strip_decoration(text), array, sizeof(array)))
		return false;
	if (inet_pton(AF_INET, array, a.bytes) == 1) {
		a.family = ADDRESS_V4;
	} else if (inet_pton(AF_INET6, array, a.bytes) == 1) {
		a.family = ADDRESS_V6;
		if (memcmp(a.bytes, mapped_prefix, sizeof(mapped_prefix)) == 0) {
			memmove(a.bytes, a.bytes + 12, 4);
			memset(a.bytes + 4, 0, 12);
			a.family = ADDRESS_V4;
		}
	} else {
		return false;
	}
	*address_out = a;
	return true;
}

void address_format(const struct address *a, char text[static ADDRESS_TEXT_SIZE])
{
	int family = a->family == ADDRESS_V4 ? AF_INET : AF_INET6;

	if (a->family == ADDRESS_NONE || !inet_ntop(family, a->bytes, text, ADDRESS_TEXT_SIZE))
		text[0] = '\0';
}
