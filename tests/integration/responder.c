/* SPDX-License-Identifier: MIT */
/*
 * A name server for tests, on 127.0.0.1 and over UDP only, that does what a real one never would:
 *
 *	responder [DELAY-MS [LOG [ADDRESS=BEHAVIOUR ...]]]
 *
 * It prints its port, and answers until it is ended. Every address has a name that resolves back to it,
 * unless a behaviour says otherwise. Questions are written to LOG, one a line.
 */
#define _DEFAULT_SOURCE /* sockets with timespec */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "parser/address.h"

#include "base/banned.h"

#define DOMAIN   ".hosts.example.net"
#define NS_OF_MS UINT64_C(1000000)

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_PTR = 12, TYPE_AAAA = 28, CLASS_IN = 1 };
enum { SERVFAIL = 2, NXDOMAIN = 3, REFUSED = 5 };
enum { HEADER = 12, PACKET = 512, BACKLOG = 8192, RECEIVE_BUFFER = 4 << 20 };

#define BEHAVIOUR_LIST(X)                                                                          \
	X(GOOD, "good")                                                                            \
	X(SILENT, "silent")                                                                        \
	X(SECOND, "second") /* silent the first time */                                            \
	X(FAILING, "servfail")                                                                     \
	X(REFUSING, "refused")                                                                     \
	X(NAMELESS, "nxdomain")                                                                    \
	X(GARBAGE, "garbage")                                                                      \
	X(WRONG_ID, "wrong-id")             /* a good answer to another question's id */           \
	X(OTHER_QUESTION, "other-question") /* a good answer to something that was not asked */    \
	X(FORGED, "forged")                 /* both of these, and then the right one */            \
	X(OTHER_OWNER, "other-owner")       /* records that are not of the name asked for */       \
	X(OTHER_ALIAS, "other-alias")       /* the same by way of an alias of another name */      \
	X(CUT, "cut")                       /* a record that ends before its length */             \
	X(UNFORWARD, "forward-servfail")    /* the name is known, its address cannot be told */

ENUM_TABLE_DECLARE(behaviour, BEHAVIOUR_LIST);
ENUM_TABLE_DEFINE(behaviour, BEHAVIOUR_LIST)

struct rule {
	struct address address;
	enum behaviour behaviour;
	bool asked;
};

struct question {
	unsigned id, type;
	char name[256];
	struct address address; /* what it is about */
};

struct packet {
	uint64_t due;
	struct sockaddr_in to;
	size_t size;
	unsigned char bytes[PACKET];
};

struct responder {
	int socket;
	uint64_t delay; /* ns */
	FILE *log;
	struct rule *rules;
	size_t rule_count;
	struct packet *queue; /* a ring of BACKLOG */
	size_t first, count;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_OF_MS + (uint64_t)now.tv_nsec;
}

/* -- names and addresses */

/* "host-c6336401.hosts.example.net" */
static void name_of(const struct address *a, struct buf *name)
{
	buf_append_text(name, "host-");
	for (size_t i = 0; i < (a->family == ADDRESS_V4 ? 4 : 16); i++)
		buf_printf(name, "%02x", a->bytes[i]);
	buf_append_text(name, DOMAIN);
}

static unsigned hex_value(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, byte_lower(c));

	return at && c != '\0' ? (unsigned)(at - digits) : 0;
}

static struct address address_of_host(struct slice name)
{
	struct slice digits = slice_from_offset(slice_prefix(name, slice_find(name, '.')), 5);
	struct address a = { .family = digits.n == 8 ? ADDRESS_V4 : ADDRESS_V6 };

	for (size_t i = 0; i + 1 < digits.n && i < 32; i += 2)
		a.bytes[i / 2] =
			(unsigned char)(hex_value(digits.p[i]) << 4 | hex_value(digits.p[i + 1]));
	return a;
}

static struct address address_of_reverse(struct slice name)
{
	struct address a = { .family = ADDRESS_V6 };
	struct slice rest = name, label;

	if (slice_ends_with(name, SLICE(".in-addr.arpa"))) {
		a.family = ADDRESS_V4;
		for (size_t i = 4; i > 0 && slice_cut(&rest, '.', &label); i--) {
			uint64_t byte = 0;

			(void)!number_parse_u64(label, 0, 255, &byte);
			a.bytes[i - 1] = (unsigned char)byte;
		}
		return a;
	}
	for (size_t i = 32; i > 0 && slice_cut(&rest, '.', &label); i--)
		a.bytes[(i - 1) / 2] |=
			(unsigned char)(hex_value(label.p[0]) << (i % 2 == 0 ? 0 : 4));
	return a;
}

/* -- messages */

static void put16(struct buf *b, unsigned value)
{
	buf_append_byte(b, (char)(unsigned char)(value >> 8));
	buf_append_byte(b, (char)(unsigned char)value);
}

static void put_name(struct buf *b, struct slice name)
{
	struct slice rest = name, label;

	while (slice_cut(&rest, '.', &label)) {
		buf_append_byte(b, (char)(unsigned char)label.n);
		buf_append(b, label);
	}
	buf_append_byte(b, '\0');
}

static void put_header(struct buf *b, unsigned id, unsigned rcode, unsigned answers)
{
	put16(b, id);
	put16(b, 0x8580 | rcode);
	put16(b, 1);
	put16(b, answers);
	put16(b, 0);
	put16(b, 0);
}

static void put_question(struct buf *b, struct slice name, unsigned type)
{
	put_name(b, name);
	put16(b, type);
	put16(b, CLASS_IN);
}

static void put_record(struct buf *b, struct slice owner, unsigned type, struct slice data)
{
	put_name(b, owner);
	put16(b, type);
	put16(b, CLASS_IN);
	put16(b, 0);
	put16(b, 60);
	put16(b, (unsigned)data.n);
	buf_append(b, data);
}

static void put_name_record(struct buf *b, struct slice owner, unsigned type, struct slice name)
{
	SCOPED(buf) struct buf data = { 0 };

	put_name(&data, name);
	put_record(b, owner, type, buf_slice(&data));
}

static bool parse_question(struct slice packet, struct question *q)
{
	const unsigned char *p = (const unsigned char *)packet.p;
	size_t at = HEADER, n = 0;

	if (packet.n < HEADER + 5)
		return false;
	q->id = (unsigned)(p[0] << 8 | p[1]);
	while (at < packet.n && p[at] != 0) {
		size_t label = p[at++];

		if (label > 63 || at + label >= packet.n || n + label + 2 > sizeof(q->name))
			return false;
		if (n > 0)
			q->name[n++] = '.';
		for (; label > 0; label--)
			q->name[n++] = byte_lower(packet.p[at++]);
	}
	q->name[n] = '\0';
	if (at + 5 > packet.n)
		return false;
	q->type = (unsigned)(p[at + 1] << 8 | p[at + 2]);
	q->address =
		(q->type == TYPE_PTR ? address_of_reverse : address_of_host)(slice_from(q->name));
	return true;
}

/* -- answers */

static void send_later(struct responder *r, const struct sockaddr_in *to, struct slice bytes)
{
	struct packet *p = &r->queue[(r->first + r->count) % BACKLOG];

	if (r->count == BACKLOG || bytes.n > PACKET)
		return;
	*p = (struct packet){ .due = now_ns() + r->delay, .to = *to, .size = bytes.n };
	memcpy(p->bytes, bytes.p, bytes.n);
	r->count++;
}

/* The record that answers: owned by this name. */
static void put_answer(struct buf *b, const struct question *q, struct slice owner)
{
	SCOPED(buf) struct buf name = { 0 };
	bool v4 = q->address.family == ADDRESS_V4;

	name_of(&q->address, &name);
	if (q->type == TYPE_PTR)
		put_name_record(b, owner, TYPE_PTR, buf_slice(&name));
	else
		put_record(b, owner, q->type,
			   slice_of((const char *)q->address.bytes, v4 ? 4 : 16));
}

static void answer_good(struct buf *b, const struct question *q, unsigned id, struct slice name)
{
	put_header(b, id, 0, 1);
	put_question(b, name, q->type);
	put_answer(b, q, name);
}

static void answer_error(struct buf *b, const struct question *q, unsigned rcode)
{
	put_header(b, q->id, rcode, 0);
	put_question(b, slice_from(q->name), q->type);
}

static void answer_other_alias(struct buf *b, const struct question *q)
{
	put_header(b, q->id, 0, 2);
	put_question(b, slice_from(q->name), q->type);
	put_name_record(b, SLICE("other.example.net"), TYPE_CNAME, SLICE("alias.example.net"));
	put_answer(b, q, SLICE("alias.example.net"));
}

/* All but silence, forgery and plain good answers. */
static void answer_badly(struct buf *b, const struct question *q, enum behaviour behaviour)
{
	struct slice name = slice_from(q->name);

	switch (behaviour) {
	case FAILING:
	case UNFORWARD:
		answer_error(b, q, SERVFAIL);
		break;
	case REFUSING:
		answer_error(b, q, REFUSED);
		break;
	case NAMELESS:
		answer_error(b, q, NXDOMAIN);
		break;
	case GARBAGE:
		buf_append_text(b, "this is no message of DNS, but long enough for one");
		break;
	case WRONG_ID:
		answer_good(b, q, q->id ^ 1, name);
		break;
	case OTHER_QUESTION:
		answer_good(b, q, q->id, SLICE("other.example.net"));
		break;
	case OTHER_OWNER:
		put_header(b, q->id, 0, 1);
		put_question(b, name, q->type);
		put_answer(b, q, SLICE("other.example.net"));
		break;
	case OTHER_ALIAS:
		answer_other_alias(b, q);
		break;
	default:
		answer_good(b, q, q->id, name);
		b->n -= behaviour == CUT ? 3 : 0;
	}
}

static struct rule *rule_of(struct responder *r, const struct address *address)
{
	for (size_t i = 0; i < r->rule_count; i++) {
		if (memcmp(&r->rules[i].address, address, sizeof(*address)) == 0)
			return &r->rules[i];
	}
	return NULL;
}

static void answer_by(struct responder *r, const struct question *q, enum behaviour behaviour,
		      const struct sockaddr_in *from)
{
	SCOPED(buf) struct buf b = { 0 };

	answer_badly(&b, q, behaviour);
	send_later(r, from, buf_slice(&b));
}

static void answer(struct responder *r, const struct question *q, const struct sockaddr_in *from)
{
	struct rule *rule = rule_of(r, &q->address);
	enum behaviour behaviour = rule ? rule->behaviour : GOOD;

	if (behaviour == SILENT || (behaviour == SECOND && !rule->asked)) {
		if (rule)
			rule->asked = true;
		return;
	}
	if (behaviour == UNFORWARD && q->type == TYPE_PTR)
		behaviour = GOOD;
	if (behaviour == FORGED) {
		answer_by(r, q, WRONG_ID, from);
		answer_by(r, q, OTHER_QUESTION, from);
	}
	answer_by(r, q, behaviour, from);
}

/* -- the loop */

static void take_questions(struct responder *r)
{
	char packet[PACKET];
	struct sockaddr_in from;
	struct question q;

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(r->socket, packet, sizeof(packet), MSG_DONTWAIT,
				     (struct sockaddr *)&from, &size);

		if (n < 0)
			return;
		if (!parse_question(slice_of(packet, (size_t)n), &q))
			continue;
		if (r->log) {
			(void)fprintf(r->log, "%u %s\n", q.type, q.name);
			(void)fflush(r->log);
		}
		answer(r, &q, &from);
	}
}

static void send_due(struct responder *r)
{
	while (r->count > 0 && r->queue[r->first].due <= now_ns()) {
		const struct packet *p = &r->queue[r->first];

		(void)!sendto(r->socket, p->bytes, p->size, 0, (const struct sockaddr *)&p->to,
			      sizeof(p->to));
		r->first = (r->first + 1) % BACKLOG;
		r->count--;
	}
}

static void serve(struct responder *r)
{
	struct pollfd polled = { .fd = r->socket, .events = POLLIN };

	for (;;) {
		uint64_t now = now_ns();
		int wait = -1;

		if (r->count > 0) {
			uint64_t due = r->queue[r->first].due;

			wait = due <= now ? 0 : (int)((due - now) / NS_OF_MS) + 1;
		}
		if (poll(&polled, 1, wait) > 0)
			take_questions(r);
		send_due(r);
	}
}

static bool open_socket(struct responder *r)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);
	int buffer = RECEIVE_BUFFER;

	r->socket = socket(AF_INET, SOCK_DGRAM, 0);
	if (r->socket < 0 || bind(r->socket, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    getsockname(r->socket, (struct sockaddr *)&at, &size) != 0)
		return false;
	(void)setsockopt(r->socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	(void)printf("%u\n", ntohs(at.sin_port));
	return fflush(stdout) == 0;
}

static bool parse_rule(const char *text, struct rule *rule)
{
	struct slice rest = slice_from(text);
	size_t equal = slice_find(rest, '=');

	return address_parse(slice_prefix(rest, equal), &rule->address) != ADDRESS_UNREADABLE &&
		behaviour_find(slice_from_offset(rest, equal + 1), &rule->behaviour);
}

int main(int argc, char **argv)
{
	struct responder r = { 0 };
	uint64_t ms = 0;

	r.rules = memory_zeroed((size_t)argc + 1, sizeof(*r.rules));
	r.queue = memory_zeroed(BACKLOG, sizeof(*r.queue));
	if (argc > 1 && !number_parse_u64(slice_from(argv[1]), 0, 60000, &ms))
		return 64;
	r.delay = ms * NS_OF_MS;
	if (argc > 2 && !(r.log = fopen(argv[2], "a")))
		return 74;
	for (int i = 3; i < argc; i++) {
		if (!parse_rule(argv[i], &r.rules[r.rule_count++])) {
			log_line(LOG_LEVEL_ERROR, "not a behaviour: %s", argv[i]);
			return 64;
		}
	}
	if (!open_socket(&r))
		return 71;
	serve(&r);
}
