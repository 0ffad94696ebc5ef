/* SPDX-License-Identifier: MIT */
/*
 * A line to a server on this machine that is as slow as one to a far away:
 *
 *	delay PORT MS
 *
 * It prints a port of its own. What comes there goes on to PORT, and back, each way MS later and as fast
 * as ever, until it is ended.
 */
#define _GNU_SOURCE /* ppoll, accept4 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"

#include "base/banned.h"

#define NS_OF_MS INT64_C(1000000)
#define NS_OF_S  INT64_C(1000000000)

/* On the way at a time: who sends more waits. */
enum { LANE_BYTES = 16 << 20, PIECE_BYTES = 64 << 10, PAIRS = 64 };

/* Zero bytes: the end. */
struct piece {
	struct piece *next;
	int64_t due;
	size_t n, sent;
	char bytes[];
};

/* One way. */
struct lane {
	int from, to;
	struct piece *first, **last;
	size_t held;
	bool ended; /* nothing more comes */
	bool over;  /* nor goes on */
};

struct pair {
	struct lane there, back;
};

struct line {
	int listener;
	uint16_t port;
	int64_t delay;
	struct pair *pairs[PAIRS];
	size_t count;
};

static int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_OF_S + now.tv_nsec;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

static void append(struct lane *l, const char *bytes, size_t n, int64_t due)
{
	struct piece *piece = memory_zeroed(1, sizeof(*piece) + n);

	piece->due = due;
	piece->n = n;
	memcpy(piece->bytes, bytes, n);
	*l->last = piece;
	l->last = &piece->next;
	l->held += n;
}

static void drop_first(struct lane *l)
{
	struct piece *piece = l->first;

	l->first = piece->next;
	if (!l->first)
		l->last = &l->first;
	l->held -= piece->n;
	free(piece);
}

static void take_in(struct lane *l, int64_t delay)
{
	char bytes[PIECE_BYTES];
	ssize_t got = recv(l->from, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	l->ended = got <= 0;
	append(l, bytes, got > 0 ? (size_t)got : 0, now_ns() + delay);
}

/* False where it takes no more at the moment. */
static bool send_piece(struct lane *l, struct piece *piece)
{
	ssize_t sent;

	if (piece->n == 0) {
		(void)shutdown(l->to, SHUT_WR);
		l->over = true;
		return true;
	}
	sent = send(l->to, piece->bytes + piece->sent, piece->n - piece->sent,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	l->ended = l->over = sent < 0;
	piece->sent += sent > 0 ? (size_t)sent : 0;
	return l->over || piece->sent == piece->n;
}

static void send_due(struct lane *l)
{
	while (l->first && !l->over && l->first->due <= now_ns() && send_piece(l, l->first))
		drop_first(l);
}

static void release(struct pair *p)
{
	while (p->there.first)
		drop_first(&p->there);
	while (p->back.first)
		drop_first(&p->back);
	(void)close(p->there.from);
	(void)close(p->there.to);
	free(p);
}

static void lane_init(struct lane *l, int from, int to)
{
	*l = (struct lane){ .from = from, .to = to };
	l->last = &l->first;
}

static void take_caller(struct line *line)
{
	struct sockaddr_in at = loopback(line->port);
	int caller = accept4(line->listener, NULL, NULL, SOCK_CLOEXEC);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (caller < 0 || server < 0 || line->count == PAIRS ||
	    connect(server, (struct sockaddr *)&at, sizeof(at)) != 0) {
		(void)close(caller);
		(void)close(server);
		return;
	}
	(void)setsockopt(caller, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

	struct pair *p = memory_zeroed(1, sizeof(*p));

	lane_init(&p->there, caller, server);
	lane_init(&p->back, server, caller);
	line->pairs[line->count++] = p;
}

/* What is waited for on one lane: bytes that come, or room for those that are due. */
static void look_at(const struct lane *l, struct pollfd *from, struct pollfd *to, int64_t *wake)
{
	if (!l->ended && l->held < LANE_BYTES)
		from->events |= POLLIN;
	if (!l->first || l->over)
		return;
	if (l->first->due <= now_ns())
		to->events |= POLLOUT;
	else if (l->first->due < *wake)
		*wake = l->first->due;
}

static void wait_for_any(const struct line *line, struct pollfd *polled)
{
	int64_t far = now_ns() + 3600 * NS_OF_S, wake = far, rest;

	polled[0] = (struct pollfd){ .fd = line->listener, .events = POLLIN };
	for (size_t i = 0; i < line->count; i++) {
		const struct pair *p = line->pairs[i];
		struct pollfd *caller = &polled[1 + 2 * i], *server = caller + 1;

		*caller = (struct pollfd){ .fd = p->there.from };
		*server = (struct pollfd){ .fd = p->there.to };
		look_at(&p->there, caller, server, &wake);
		look_at(&p->back, server, caller, &wake);

		/* one that has hung up would be told for ever */
		caller->fd = caller->events ? caller->fd : -1;
		server->fd = server->events ? server->fd : -1;
	}
	rest = wake - now_ns();
	rest = rest < 0 ? 0 : rest;

	struct timespec timeout = { (time_t)(rest / NS_OF_S), (long)(rest % NS_OF_S) };

	if (ppoll(polled, 1 + 2 * line->count, &timeout, NULL) <= 0) {
		for (size_t i = 0; i < 1 + 2 * line->count; i++)
			polled[i].revents = 0;
	}
}

static void serve_pair(struct pair *p, const struct pollfd *polled, int64_t delay)
{
	if ((polled[0].events & POLLIN) && polled[0].revents)
		take_in(&p->there, delay);
	if ((polled[1].events & POLLIN) && polled[1].revents)
		take_in(&p->back, delay);
	send_due(&p->there);
	send_due(&p->back);
}

static void serve(struct line *line)
{
	struct pollfd polled[1 + 2 * PAIRS];

	for (;;) {
		size_t kept = 0;

		wait_for_any(line, polled);
		for (size_t i = 0; i < line->count; i++) {
			struct pair *p = line->pairs[i];

			serve_pair(p, &polled[1 + 2 * i], line->delay);
			if (p->there.over && p->back.over)
				release(p);
			else
				line->pairs[kept++] = p;
		}
		line->count = kept;
		if (polled[0].revents)
			take_caller(line);
	}
}

static bool open_listener(struct line *line)
{
	struct sockaddr_in at = loopback(0);
	socklen_t size = sizeof(at);

	line->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (line->listener < 0 || bind(line->listener, (struct sockaddr *)&at, size) != 0 ||
	    listen(line->listener, PAIRS) != 0 ||
	    getsockname(line->listener, (struct sockaddr *)&at, &size) != 0)
		return false;
	(void)printf("%u\n", ntohs(at.sin_port));
	return fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
	struct line line = { 0 };
	uint64_t port, ms;

	if (argc != 3 || !number_parse_u64(slice_from(argv[1]), 1, UINT16_MAX, &port) ||
	    !number_parse_u64(slice_from(argv[2]), 0, 60000, &ms)) {
		log_line(LOG_LEVEL_ERROR, "usage: delay PORT MS");
		return 64;
	}
	line.port = (uint16_t)port;
	line.delay = (int64_t)ms * NS_OF_MS;
	if (!open_listener(&line))
		return 71;
	serve(&line);
}
