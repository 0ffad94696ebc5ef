/* SPDX-License-Identifier: MIT */
#include "reports/lookup_channels.h"

#include <sys/select.h> /* ares.h takes its types for granted */

#include <ares.h>
#include <ares_nameser.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/memory.h"

#include "base/banned.h"

/* A channel has a socket for UDP and one for TCP. */
enum { SOCKETS = LOOKUP_SERVERS * ARES_GETSOCK_MAXNUM };

struct channels {
	ares_channel channels[LOOKUP_SERVERS]; /* ours, ares_destroy() */
	size_t count;
	size_t in_flight;
	struct ask_list answered;
};

void ask_list_add(struct ask_list *list, struct ask *ask)
{
	ask->next = NULL;
	if (!list->first)
		list->end = &list->first;
	*list->end = ask;
	list->end = &ask->next;
}

struct ask *ask_list_take(struct ask_list *list)
{
	struct ask *ask = list->first;

	if (ask)
		list->first = ask->next;
	return ask;
}

/* -- opening */

/* A single time a server, and its refusals are replies: both are ours to weigh. No search list, no file. */
static bool open_channel(ares_channel *channel_out, const struct lookup_server *server,
			 unsigned timeout_ms)
{
	struct ares_options options = { .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
						ARES_FLAG_NOCHECKRESP,
					.timeout = (int)timeout_ms,
					.tries = 1,
					.ndots = 0 };
	struct ares_addr_port_node node = { .udp_port = (int)server->port,
					    .tcp_port = (int)server->port };
	bool v4 = server->address.family == ADDRESS_V4;

	node.family = v4 ? AF_INET : AF_INET6;
	memcpy(&node.addr, server->address.bytes, v4 ? 4 : 16);
	if (ares_init_options(channel_out, &options,
			      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
				      ARES_OPT_NDOTS) != ARES_SUCCESS)
		return false;
	if (ares_set_servers_ports(*channel_out, &node) == ARES_SUCCESS)
		return true;
	ares_destroy(*channel_out);
	return false;
}

struct channels *channels_open(const struct lookup_servers *servers, unsigned timeout_ms,
			       struct err *e)
{
	struct channels *c = memory_zeroed(1, sizeof(*c));
	bool ok = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS;

	for (size_t i = 0; ok && i < servers->count; i++) {
		ok = open_channel(&c->channels[i], &servers->servers[i], timeout_ms);
		if (ok)
			c->count++;
	}
	if (ok)
		return c;
	channels_close(c);
	err_set(e, ERR_CONFIG, "c-ares cannot be set up");
	return NULL;
}

void channels_close(struct channels *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		ares_destroy(c->channels[i]);
	ares_library_cleanup();
	free(c);
}

/* -- asking */

static enum ask_outcome outcome_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return ASK_REPLY;
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
		return ASK_NOTHING;
	case ARES_ETIMEOUT:
	case ARES_ECONNREFUSED:
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION:
		return ASK_SILENCE;
	default:
		return ASK_REFUSED;
	}
}

/* Called out of the library, perhaps while it is asked: so it only takes down what came. */
static void on_reply(void *context, int status, int timeouts UNUSED, unsigned char *bytes,
		     int length)
{
	struct ask *ask = context;

	ask->outcome = outcome_of(status);
	buf_clear(&ask->reply);
	if (bytes && length > 0)
		buf_append(&ask->reply, slice_of((const char *)bytes, (size_t)length));
	ask->channels->in_flight--;
	ask_list_add(&ask->channels->answered, ask);
}

void channels_ask(struct channels *c, size_t server, struct ask *ask)
{
	ask->channels = c;
	c->in_flight++;
	ares_query(c->channels[server], ask->question.name, C_IN, ask->question.type, on_reply,
		   ask);
}

size_t channels_in_flight(const struct channels *c)
{
	return c->in_flight;
}

struct ask *channels_answered(struct channels *c)
{
	return ask_list_take(&c->answered);
}

/* -- waiting */

/* The sockets of one channel; how many. */
static nfds_t add_sockets(ares_channel channel, struct pollfd *polled)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	unsigned bits = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t n = 0;

	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		bool reads = (bits & 1U << i) != 0;
		bool writes = (bits & 1U << (i + ARES_GETSOCK_MAXNUM)) != 0;

		if (reads || writes)
			polled[n++] = (struct pollfd){
				.fd = sockets[i],
				.events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)),
			};
	}
	return n;
}

/* Until the next time is over, rounded up. */
static int time_left(ares_channel channel, int most_ms)
{
	struct timeval most = { most_ms / 1000, most_ms % 1000 * 1000L }, left;
	const struct timeval *t = ares_timeout(channel, &most, &left);

	return (int)(t->tv_sec * 1000 + (t->tv_usec + 999) / 1000);
}

static void process(ares_channel channel, const struct pollfd *polled, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++) {
		bool readable = (polled[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
		bool writable = (polled[i].revents & POLLOUT) != 0;

		if (readable || writable)
			ares_process_fd(channel, readable ? polled[i].fd : ARES_SOCKET_BAD,
					writable ? polled[i].fd : ARES_SOCKET_BAD);
	}
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void channels_wait(struct channels *c, int most_ms)
{
	struct pollfd polled[SOCKETS];
	nfds_t counts[LOOKUP_SERVERS], total = 0, at = 0;

	if (c->answered.first)
		most_ms = 0;
	for (size_t i = 0; i < c->count; i++) {
		counts[i] = add_sockets(c->channels[i], polled + total);
		total += counts[i];
		most_ms = time_left(c->channels[i], most_ms);
	}
	if (poll(polled, total, most_ms) < 0)
		total = 0;
	for (size_t i = 0; i < c->count; at += counts[i++])
		process(c->channels[i], polled + at, total > 0 ? counts[i] : 0);
}
