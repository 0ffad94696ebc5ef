/* SPDX-License-Identifier: MIT */
#include "reports/lookup_servers.h"

#include <sys/select.h> /* ares.h takes its types for granted */

#include <ares.h>
#include <string.h>
#include <sys/socket.h>

#include "base/number.h"
#include "parser/address.h"

#include "base/banned.h"

/* -- of a text */

static bool parse_port(struct slice text, unsigned *port_out)
{
	uint64_t port;

	if (!number_parse_u64(text, 1, UINT16_MAX, &port))
		return false;
	*port_out = (unsigned)port;
	return true;
}

/* The address in brackets, or before the only colon, or all of it. */
static bool split(struct slice text, struct slice *address_out, struct slice *port_out)
{
	size_t bracket = slice_find(text, ']'), colon = slice_find(text, ':');
	struct slice rest = slice_from_offset(text, bracket + 1);

	*address_out = text;
	*port_out = SLICE_ABSENT;
	if (slice_starts_with(text, SLICE("["))) {
		*address_out = slice_from_offset(slice_prefix(text, bracket), 1);
		if (bracket < text.n && rest.n > 0 && rest.p[0] == ':')
			*port_out = slice_from_offset(rest, 1);
		return bracket < text.n && (rest.n == 0 || !slice_is_absent(*port_out));
	}
	if (colon < text.n &&
	    slice_find(slice_from_offset(text, colon + 1), ':') + colon + 1 == text.n) {
		*address_out = slice_prefix(text, colon);
		*port_out = slice_from_offset(text, colon + 1);
	}
	return true;
}

static bool parse_server(struct slice text, struct lookup_server *server_out)
{
	struct slice address, port;

	server_out->port = LOOKUP_PORT;
	return split(text, &address, &port) &&
		(slice_is_absent(port) || parse_port(port, &server_out->port)) &&
		address_parse(address, &server_out->address) == ADDRESS_PLAIN;
}

bool lookup_servers_parse(struct slice text, struct lookup_servers *servers_out, struct err *e)
{
	struct slice rest = text, field;

	servers_out->count = 0;
	while (slice_cut(&rest, ',', &field)) {
		if (servers_out->count == LOOKUP_SERVERS) {
			err_set(e, ERR_USAGE, "more than %d name servers", LOOKUP_SERVERS);
			return false;
		}
		if (!parse_server(field, &servers_out->servers[servers_out->count++])) {
			err_set(e, ERR_USAGE, "not the address of a name server");
			err_where(e, "%.*s", SLICE_ARG(field));
			err_remedy(e,
				   "write it like 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53");
			return false;
		}
	}
	return servers_out->count > 0 || err_set(e, ERR_USAGE, "no name server is given");
}

/* -- of the system */

static void take_servers(const struct ares_addr_port_node *list, struct lookup_servers *servers_out)
{
	servers_out->count = 0;
	for (; list && servers_out->count < LOOKUP_SERVERS; list = list->next) {
		struct lookup_server *s = &servers_out->servers[servers_out->count++];
		bool v4 = list->family == AF_INET;

		*s = (struct lookup_server){ .port = LOOKUP_PORT };
		s->address.family = v4 ? ADDRESS_V4 : ADDRESS_V6;
		memcpy(s->address.bytes, &list->addr, v4 ? 4 : 16);
		if (list->udp_port > 0)
			s->port = (unsigned)list->udp_port;
	}
}

static bool read_system(struct lookup_servers *servers_out)
{
	struct ares_addr_port_node *list = NULL;
	ares_channel channel;

	if (ares_init(&channel) != ARES_SUCCESS)
		return false;
	servers_out->count = 0;
	if (ares_get_servers_ports(channel, &list) == ARES_SUCCESS) {
		take_servers(list, servers_out);
		ares_free_data(list);
	}
	ares_destroy(channel);
	return servers_out->count > 0;
}

bool lookup_servers_of_system(struct lookup_servers *servers_out, struct err *e)
{
	bool ok = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;

	if (ok) {
		ok = read_system(servers_out);
		ares_library_cleanup();
	}
	if (!ok) {
		err_set(e, ERR_CONFIG, "the system names no name server");
		err_where(e, "/etc/resolv.conf");
		err_remedy(e, "give one with --server");
	}
	return ok;
}

/* -- what is known of them */

static bool is_here(const struct address *a)
{
	static const unsigned char loopback_v6[16] = { [15] = 1 };

	if (a->family == ADDRESS_V4)
		return a->bytes[0] == 127;
	return memcmp(a->bytes, loopback_v6, sizeof(loopback_v6)) == 0;
}

bool lookup_servers_are_here(const struct lookup_servers *servers)
{
	for (size_t i = 0; i < servers->count; i++) {
		if (!is_here(&servers->servers[i].address))
			return false;
	}
	return true;
}

void lookup_servers_append(struct buf *text, const struct lookup_servers *servers)
{
	for (size_t i = 0; i < servers->count; i++) {
		const struct lookup_server *s = &servers->servers[i];
		char address[ADDRESS_TEXT_SIZE];

		address_format(&s->address, address);
		buf_printf(text, s->address.family == ADDRESS_V6 ? "%s[%s]" : "%s%s",
			   i == 0 ? "" : ",", address);
		if (s->port != LOOKUP_PORT)
			buf_printf(text, ":%u", s->port);
	}
}
