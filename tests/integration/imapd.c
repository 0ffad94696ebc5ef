/* SPDX-License-Identifier: MIT */
/*
 * An IMAP server for tests, on 127.0.0.1, that says and does what a real one never would:
 *
 *	imapd SCRIPT LOG [CERTIFICATE-AND-KEY]
 *
 * It prints its port, serves one connection after the other until it is ended, and writes to LOG what it is
 * sent, one line each. The script is of rules. A line `when GLOB` begins one, for commands without their tags
 * that match it, or for CONNECT; `once GLOB` is for the first of them only. The first rule that matches
 * counts, and its lines are done in turn:
 *
 *	< TEXT      says a line; $ is the tag of the command, \r \n \0 and \\ are such bytes
 *	= TEXT      the same without an end of line
 *	mail FILE   says a literal with what is in the file
 *	many N TEXT says the line so many times
 *	flood TEXT  says it, without an end of line, until the client has had enough
 *	drip TEXT   says a byte of it now and then, over and over, until the client has had enough
 *	tls         becomes secure
 *	stall       says nothing more until the client goes away
 *	drop        closes the connection in an orderly way
 *	reset       and in none
 *	meet FIFO   waits until somebody has opened the FIFO for writing, and closed it again
 *
 * For a command that no rule is for it says BAD.
 */
#define _DEFAULT_SOURCE /* sockets */
#include <arpa/inet.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"

#include "base/banned.h"

enum { SCRIPT_BYTES = 1 << 20, MAIL_BYTES = 64 << 20, LINE_BYTES = 1 << 20, DRIP_MS = 50 };

#define STEP_LIST(X)                                                                               \
	X(STEP_SAY, "<")                                                                           \
	X(STEP_SAY_ON, "=")                                                                        \
	X(STEP_MAIL, "mail")                                                                       \
	X(STEP_MANY, "many")                                                                       \
	X(STEP_FLOOD, "flood")                                                                     \
	X(STEP_DRIP, "drip")                                                                       \
	X(STEP_TLS, "tls")                                                                         \
	X(STEP_STALL, "stall")                                                                     \
	X(STEP_DROP, "drop")                                                                       \
	X(STEP_RESET, "reset")                                                                     \
	X(STEP_MEET, "meet")
ENUM_TABLE_DECLARE(step, STEP_LIST);
ENUM_TABLE_DEFINE(step, STEP_LIST)

struct line {
	enum step step;
	char *text;
};

struct rule {
	char *glob;
	bool once, used;
	struct line *lines;
	size_t count, capacity;
};

struct server {
	struct rule *rules;
	size_t count, capacity;
	SSL_CTX *tls;
	FILE *log;
	int listening;
};

struct connection {
	struct server *server;
	int socket;
	SSL *ssl;         /* NULL: in the clear */
	struct buf input; /* that is no whole line yet */
	struct buf tag;
	bool over;
};

/* --- the script ---------------------------------------------------------------------------------- */

static bool not_a_step(struct slice line)
{
	log_line(LOG_LEVEL_ERROR, "not a line of a script: %.*s", SLICE_ARG(line));
	return false;
}

static bool add_line(struct server *s, struct slice line)
{
	struct slice rest = line, word;
	struct rule *rule = s->count > 0 ? &s->rules[s->count - 1] : NULL;
	enum step step;

	if (!slice_cut(&rest, ' ', &word))
		return not_a_step(line);
	if (slice_equal(word, SLICE("when")) || slice_equal(word, SLICE("once"))) {
		s->rules = memory_grow_array(s->rules, s->count, &s->capacity, sizeof(*s->rules));
		s->rules[s->count++] =
			(struct rule){ .glob = memory_copy(rest), .once = word.p[0] == 'o' };
		return true;
	}
	if (!rule || !step_find(word, &step))
		return not_a_step(line);
	rule->lines =
		memory_grow_array(rule->lines, rule->count, &rule->capacity, sizeof(*rule->lines));
	rule->lines[rule->count++] = (struct line){ step, memory_copy(rest) };
	return true;
}

static bool read_script(struct server *s, const char *path)
{
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;
	struct slice rest, line;

	if (!file_read_all(path, SCRIPT_BYTES, &text, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return false;
	}
	rest = buf_slice(&text);
	while (slice_cut(&rest, '\n', &line)) {
		if (line.n > 0 && !add_line(s, line))
			return false;
	}
	return true;
}

/* --- bytes --------------------------------------------------------------------------------------- */

static void say(struct connection *c, struct slice bytes)
{
	while (bytes.n > 0 && !c->over) {
		int n = bytes.n < 65536 ? (int)bytes.n : 65536;
		ssize_t sent = c->ssl ? SSL_write(c->ssl, bytes.p, n)
				      : send(c->socket, bytes.p, (size_t)n, MSG_NOSIGNAL);

		c->over = sent <= 0;
		bytes = slice_from_offset(bytes, sent > 0 ? (size_t)sent : 0);
	}
}

static void hear(struct connection *c)
{
	char bytes[4096];
	ssize_t got = c->ssl ? SSL_read(c->ssl, bytes, (int)sizeof(bytes))
			     : recv(c->socket, bytes, sizeof(bytes), 0);

	c->over = got <= 0 || c->input.n > LINE_BYTES;
	if (!c->over)
		buf_append(&c->input, slice_of(bytes, (size_t)got));
}

/* False: the client has gone away. */
static bool next_line(struct connection *c, struct buf *line)
{
	size_t n;

	while ((n = slice_find(buf_slice(&c->input), '\n')) == c->input.n) {
		if (c->over)
			return false;
		hear(c);
	}
	buf_clear(line);
	buf_append(line, slice_prefix(buf_slice(&c->input), n > 0 ? n - 1 : 0));
	buf_drop_front(&c->input, n + 1);
	return true;
}

/* --- steps --------------------------------------------------------------------------------------- */

static void append_escape(struct buf *b, char c)
{
	static const char from[] = "rn0", to[] = "\r\n\0";
	const char *at = strchr(from, c);

	buf_append_byte(b, at && c != '\0' ? to[at - from] : c);
}

static void append_text(struct buf *b, const struct connection *c, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '$')
			buf_append(b, buf_slice(&c->tag));
		else if (*text == '\\' && text[1] != '\0')
			append_escape(b, *++text);
		else
			buf_append_byte(b, *text);
	}
}

static void say_text(struct connection *c, const char *text, const char *end, uint64_t times)
{
	SCOPED(buf) struct buf line = { 0 };

	append_text(&line, c, text);
	buf_append_text(&line, end);
	for (uint64_t i = 0; i < times && !c->over; i++)
		say(c, buf_slice(&line));
}

static void say_many(struct connection *c, const char *text)
{
	struct slice rest = slice_from(text), number;
	uint64_t times = 0;

	if (slice_cut(&rest, ' ', &number) && number_parse_u64(number, 1, UINT32_MAX, &times))
		say_text(c, rest.p, "\r\n", times);
}

static void say_mail(struct connection *c, const char *path)
{
	SCOPED(buf) struct buf bytes = { 0 };
	SCOPED(buf) struct buf length = { 0 };
	struct err e = ERR_INIT;

	if (!file_read_all(path, MAIL_BYTES, &bytes, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		c->over = true;
		return;
	}
	buf_printf(&length, "{%zu}\r\n", bytes.n);
	say(c, buf_slice(&length));
	say(c, buf_slice(&bytes));
}

static void drip(struct connection *c, const char *text)
{
	SCOPED(buf) struct buf bytes = { 0 };

	append_text(&bytes, c, text);
	for (size_t i = 0; !c->over && bytes.n > 0; i++) {
		say(c, slice_of(bytes.p + i % bytes.n, 1));
		(void)poll(NULL, 0, DRIP_MS);
	}
}

static void become_secure(struct connection *c)
{
	c->ssl = SSL_new(c->server->tls);
	if (!c->ssl || SSL_set_fd(c->ssl, c->socket) != 1 || SSL_accept(c->ssl) != 1)
		c->over = true;
}

static void stall(struct connection *c)
{
	while (!c->over) {
		hear(c);
		buf_clear(&c->input);
	}
}

static void reset(struct connection *c)
{
	const struct linger at_once = { .l_onoff = 1 };

	(void)setsockopt(c->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	c->over = true;
}

static void drop(struct connection *c)
{
	(void)shutdown(c->socket, SHUT_WR);
	stall(c);
}

static void meet(const char *path)
{
	struct err e = ERR_INIT;
	SCOPED(fd) int fd = file_open(path, &e);
	char byte;

	while (fd >= 0 && read(fd, &byte, 1) > 0)
		;
}

static void take_step(struct connection *c, const struct line *line)
{
	switch (line->step) {
	case STEP_SAY:
		say_text(c, line->text, "\r\n", 1);
		break;
	case STEP_SAY_ON:
		say_text(c, line->text, "", 1);
		break;
	case STEP_MAIL:
		say_mail(c, line->text);
		break;
	case STEP_MANY:
		say_many(c, line->text);
		break;
	case STEP_FLOOD:
		say_text(c, line->text, "", UINT64_MAX);
		break;
	case STEP_DRIP:
		drip(c, line->text);
		break;
	case STEP_TLS:
		become_secure(c);
		break;
	case STEP_STALL:
		stall(c);
		break;
	case STEP_DROP:
		drop(c);
		break;
	case STEP_RESET:
		reset(c);
		break;
	case STEP_MEET:
		meet(line->text);
		break;
	}
}

static void act(struct connection *c, const char *command)
{
	const struct server *s = c->server;
	struct rule *rule = NULL;

	for (size_t i = 0; i < s->count && !rule; i++) {
		if ((!s->rules[i].once || !s->rules[i].used) &&
		    fnmatch(s->rules[i].glob, command, 0) == 0)
			rule = &s->rules[i];
	}
	if (!rule) {
		say_text(c, "$ BAD what?", "\r\n", 1);
		return;
	}
	rule->used = true;
	for (size_t i = 0; i < rule->count && !c->over; i++)
		take_step(c, &rule->lines[i]);
}

/* --- connections --------------------------------------------------------------------------------- */

static void note(struct server *s, const char *line)
{
	(void)fprintf(s->log, "%s\n", line);
	(void)fflush(s->log);
}

static void converse(struct connection *c)
{
	SCOPED(buf) struct buf line = { 0 };

	note(c->server, "CONNECT");
	act(c, "CONNECT");
	while (!c->over && next_line(c, &line)) {
		size_t blank = slice_find(buf_slice(&line), ' ');
		struct slice command = slice_from_offset(buf_slice(&line), blank + 1);

		buf_clear(&c->tag);
		buf_append(&c->tag, slice_prefix(buf_slice(&line), blank));
		note(c->server, buf_text(&line));
		/* what has no tag is the answer to a question */
		act(c, command.n > 0 ? command.p : "ANSWER");
	}
}

static void serve(struct server *s)
{
	for (;;) {
		struct connection c = { .server = s, .socket = accept(s->listening, NULL, NULL) };

		if (c.socket < 0)
			continue;
		converse(&c);
		SSL_free(c.ssl);
		fd_close(c.socket);
		buf_release(&c.input);
		buf_release(&c.tag);
	}
}

static bool open_socket(struct server *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);

	s->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listening < 0 || bind(s->listening, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(s->listening, SOMAXCONN) != 0 ||
	    getsockname(s->listening, (struct sockaddr *)&at, &size) != 0)
		return false;
	(void)printf("%u\n", ntohs(at.sin_port));
	return fflush(stdout) == 0;
}

static bool use_certificate(struct server *s, const char *path)
{
	s->tls = SSL_CTX_new(TLS_server_method());
	return s->tls && SSL_CTX_use_certificate_chain_file(s->tls, path) == 1 &&
		SSL_CTX_use_PrivateKey_file(s->tls, path, SSL_FILETYPE_PEM) == 1;
}

int main(int argc, char **argv)
{
	struct server s = { .listening = -1 };

	(void)signal(SIGPIPE, SIG_IGN);
	if (argc < 3 || !read_script(&s, argv[1]))
		return 64;
	if (argc > 3 && !use_certificate(&s, argv[3]))
		return 66;
	s.log = fopen(argv[2], "a");
	if (!s.log)
		return 74;
	if (!open_socket(&s))
		return 71;
	serve(&s);
}
