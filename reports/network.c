/* SPDX-License-Identifier: MIT */
#include "reports/network.h"

#include "base/number.h"
#include "parser/address.h"

#include "base/banned.h"

/* What reports decorate addresses with (brackets, names, zones) has no place here. */
static bool is_bare(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = byte_lower(text.p[i]);

		if (!byte_is_digit(c) && c != '.' && c != ':' && (c < 'a' || c > 'f'))
			return false;
	}
	return text.n > 0;
}

/* The byte of a mask of `bits` bits. */
static unsigned char mask_byte(unsigned bits, size_t at)
{
	unsigned before = (unsigned)at * 8;

	if (bits <= before)
		return 0;
	unsigned cut = bits - before >= 8 ? 0 : 8 - (bits - before);

	return (unsigned char)(0xFFU << cut & 0xFFU);
}

static bool same_prefix(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	for (size_t i = 0; i < 16; i++) {
		if ((a[i] ^ b[i]) & mask_byte(bits, i))
			return false;
	}
	return true;
}

static bool has_bits_behind(const struct network *n)
{
	for (size_t i = 0; i < 16; i++) {
		if (n->bytes[i] & (unsigned char)~mask_byte(n->bits, i))
			return true;
	}
	return false;
}

bool network_parse(struct slice text, struct network *network_out, struct err *e)
{
	size_t slash = slice_find(text, '/');
	struct slice before = slice_prefix(text, slash);
	struct address address;
	struct network n = { 0 };

	if (!is_bare(before) || address_parse(before, &address) == ADDRESS_UNREADABLE)
		return err_set(e, ERR_CONFIG, "not an address: \"%.*s\"", SLICE_ARG(before));

	uint64_t most = address.family == ADDRESS_V4 ? 32 : 128, bits = most;

	if (slash < text.n && !number_parse_u64(slice_from_offset(text, slash + 1), 0, most, &bits))
		return err_set(e, ERR_CONFIG, "not a length of 0 to %d behind the slash: \"%.*s\"",
			       (int)most, SLICE_ARG(text));
	n.family = address.family;
	n.bits = (unsigned char)bits;
	memcpy(n.bytes, address.bytes, sizeof(n.bytes));
	if (has_bits_behind(&n))
		return err_set(e, ERR_CONFIG, "not the first address of its network: \"%.*s\"",
			       SLICE_ARG(text));
	*network_out = n;
	return true;
}

struct address network_first(const struct network *network)
{
	struct address first = { .family = network->family };

	memcpy(first.bytes, network->bytes, sizeof(first.bytes));
	return first;
}

void network_append(struct buf *text, const struct network *network)
{
	const struct address first = network_first(network);
	char address[ADDRESS_TEXT_SIZE];

	address_format(&first, address);
	buf_printf(text, "%s/%u", address, (unsigned)network->bits);
}

bool network_has(const struct network *network, const struct address *address)
{
	return network->family == address->family &&
		same_prefix(network->bytes, address->bytes, network->bits);
}

bool network_overlaps(const struct network *a, const struct network *b)
{
	unsigned bits = a->bits < b->bits ? a->bits : b->bits;

	return a->family == b->family && same_prefix(a->bytes, b->bytes, bits);
}

int network_compare(const struct network *a, const struct network *b)
{
	if (a->family != b->family)
		return (int)a->family - (int)b->family;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
