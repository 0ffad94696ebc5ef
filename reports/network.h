/* SPDX-License-Identifier: MIT */
/* A network of addresses, or a single one: what a rule and the catalogue's ranges are made of. */
#ifndef REPORTS_NETWORK_H
#define REPORTS_NETWORK_H

#include "base/buf.h"
#include "base/err.h"
#include "parser/report.h"

struct network {
	unsigned char family; /* ADDRESS_V4 or ADDRESS_V6 */
	unsigned char bits;
	unsigned char bytes[16]; /* of its first address */
};

/* "192.0.2.0/24", "2001:db8::/32", or one address alone. ERR_CONFIG; the caller may call it usage. */
MUST_USE bool network_parse(struct slice text, struct network *network_out, struct err *e);

/* Its first address, and its text: that one with its length behind it. */
struct address network_first(const struct network *network);
void network_append(struct buf *text, const struct network *network);

bool network_has(const struct network *network, const struct address *address);

/* Has either an address of the other? */
bool network_overlaps(const struct network *a, const struct network *b);

/* By family, then by first address: fit for sorting and bsearch. */
int network_compare(const struct network *a, const struct network *b);

#endif
