/* SPDX-License-Identifier: MIT */
/* Source addresses in the spellings that reporters use. */
#ifndef PARSER_ADDRESS_H
#define PARSER_ADDRESS_H

#include "parser/report.h"

/* How the text stands to the address in it. */
enum address_spelling {
	ADDRESS_PLAIN, /* as address_format() would write it */
	ADDRESS_OTHER,
	ADDRESS_UNREADABLE, /* no address can be read: ADDRESS_NONE */
};

/*
 * IPv4 and IPv6, with brackets, a zone, a name in parentheses behind it, or IPv4 mapped into IPv6
 * (which becomes IPv4).
 */
enum address_spelling address_parse(struct slice text, struct address *address_out);

#endif
