/* SPDX-License-Identifier: MIT */
/* Source addresses in the spellings that reporters use. */
#ifndef PARSER_ADDRESS_H
#define PARSER_ADDRESS_H

#include "parser/report.h"

/*
 * IPv4 and IPv6, with brackets, a zone, a name in parentheses behind it, or IPv4 mapped into IPv6
 * (which becomes IPv4). False, with ADDRESS_NONE, where no address can be read.
 */
bool address_parse(struct slice text, struct address *address_out);

#endif
