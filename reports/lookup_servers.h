/* SPDX-License-Identifier: MIT */
/* The name servers that are asked: as somebody named them, or those of the system. */
#ifndef REPORTS_LOOKUP_SERVERS_H
#define REPORTS_LOOKUP_SERVERS_H

#include "base/err.h"
#include "parser/report.h"

/* Systems have three at most. */
enum { LOOKUP_SERVERS = 8, LOOKUP_PORT = 53 };

struct lookup_server {
	struct address address;
	unsigned port;
};

struct lookup_servers {
	size_t count; /* at least one */
	struct lookup_server servers[LOOKUP_SERVERS];
};

/* "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53", "2001:db8::1", several with commas between. ERR_USAGE. */
MUST_USE bool lookup_servers_parse(struct slice text, struct lookup_servers *servers_out,
				   struct err *e);

/* Of /etc/resolv.conf. ERR_CONFIG. */
MUST_USE bool lookup_servers_of_system(struct lookup_servers *servers_out, struct err *e);

/* Are all of them on this machine? */
bool lookup_servers_are_here(const struct lookup_servers *servers);

/* For people, in the form that is parsed. */
void lookup_servers_append(struct buf *text, const struct lookup_servers *servers);

#endif
