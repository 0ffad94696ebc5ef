/* SPDX-License-Identifier: MIT */
/* Logging in by SCRAM to a server that answers the nonce it gets: a script could not know it. */
#include "base/base64.h"
#include "ingest/imap_login.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

/* What it says to each line; %n is the nonce, and what is in <> becomes base64. */
struct server {
	struct imap_transport transport;
	const char *const *says;
	struct buf sent, out;
	struct buf nonce;
};

static bool server_open(struct imap_transport *t UNUSED, struct err *e UNUSED)
{
	return true;
}

/* The nonce is what follows r= in the first message. */
static void hear_nonce(struct server *s, struct slice line)
{
	const struct slice begin = SLICE("R2 AUTHENTICATE SCRAM-SHA-256 ");
	SCOPED(buf) struct buf message = { 0 };

	if (!slice_starts_with(line, begin) ||
	    !base64_decode(&message, slice_from_offset(line, begin.n)))
		return;
	for (struct slice rest = buf_slice(&message); rest.n > 0;
	     rest = slice_from_offset(rest, 1)) {
		if (slice_starts_with(rest, SLICE("r="))) {
			buf_append(&s->nonce, slice_from_offset(rest, 2));
			return;
		}
	}
}

static void say(struct server *s, const char *text)
{
	SCOPED(buf) struct buf hidden = { 0 };
	struct buf *to = &s->out;

	for (; *text != '\0'; text++) {
		if (*text == '<') {
			to = &hidden;
		} else if (*text == '>') {
			to = &s->out;
			base64_append(to, buf_slice(&hidden));
			buf_clear(&hidden);
		} else if (*text == '%') {
			text++;
			buf_append(to, buf_slice(&s->nonce));
		} else {
			buf_append_byte(to, *text);
		}
	}
}

static bool server_send(struct imap_transport *t, struct slice bytes, struct err *e UNUSED)
{
	struct server *s = (struct server *)t;

	buf_append(&s->sent, bytes);
	if (slice_starts_with(bytes, SLICE("R0 ")))
		return true;
	hear_nonce(s, slice_trim(bytes));
	if (*s->says)
		say(s, *s->says++);
	return true;
}

static ssize_t server_receive(struct imap_transport *t, char *bytes, size_t n, struct err *e UNUSED)
{
	struct server *s = (struct server *)t;
	struct slice piece = slice_prefix(buf_slice(&s->out), n);

	memcpy(bytes, piece.p, piece.n);
	buf_drop_front(&s->out, piece.n);
	return (ssize_t)piece.n;
}

static void server_shut(struct imap_transport *t UNUSED)
{
}

static void server_back_off(struct imap_transport *t UNUSED, unsigned attempts UNUSED)
{
}

static const struct imap_transport_ops server_ops = {
	.open = server_open,
	.send = server_send,
	.receive = server_receive,
	.shut = server_shut,
	.back_off = server_back_off,
};

static bool give_secret(struct imap_credentials *c UNUSED, struct buf *secret, struct err *e UNUSED)
{
	buf_append_text(secret, "pencil");
	return true;
}

struct dialogue {
	const char *name;
	bool secure;
	enum err_kind kind;
	const char *error; /* NULL: it is in */
	const char *says[8];
};

#define CAN    "* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN\r\nR1 OK x\r\n"
#define FIRST  "+ <r=%nx,s=W22Z,i=4096>\r\n"
#define FORGED "+ <v=" PROOF ">\r\n"
#define PROOF  "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static const struct dialogue dialogues[] = {
	{ "a signature that is wrong", true, ERR_CONFIG, "does not prove", { CAN, FIRST, FORGED } },
	{ "none at all", true, ERR_CONFIG, "does not prove", { CAN, FIRST, "R2 OK in\r\n" } },
	{ "not even a question", true, ERR_CONFIG, "does not prove", { CAN, "R2 OK in\r\n" } },
	{ "an error and OK all the same",
	  true,
	  ERR_CONFIG,
	  "does not prove",
	  { CAN, FIRST, "+ <e=other-error>\r\n", "R2 OK in\r\n" } },
	{ "no base64", true, ERR_CONFIG, "cannot be used", { CAN, "+ hello!\r\n" } },
	{ "another's nonce", true, ERR_CONFIG, "answer us", { CAN, "+ <r=x,s=W22Z,i=4096>\r\n" } },
	{ "few iterations", true, ERR_CONFIG, "iterations", { CAN, "+ <r=%nx,s=W22Z,i=1>\r\n" } },
	{ "refused in the clear: no PLAIN behind it",
	  false,
	  ERR_CONFIG,
	  "refuses to log in: no",
	  { CAN, FIRST, "+ <e=invalid-proof>\r\n", "R2 NO no\r\n" } },
	{ "refused within TLS: PLAIN may do",
	  true,
	  ERR_NONE,
	  NULL,
	  { CAN, "R2 NO no\r\n", "R3 OK in\r\n", "* CAPABILITY IMAP4rev1\r\nR4 OK x\r\n",
	    "* LIST () \"/\" \"\"\r\nR5 OK x\r\n" } },
};

Test(imap_scram, is_not_talked_into_anything, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(dialogues); i++) {
		const struct dialogue *d = &dialogues[i];
		struct imap_credentials credentials = { "user", false, give_secret };
		struct server server = { .transport = { &server_ops, d->secure, false },
					 .says = d->says };
		struct imap_session s;
		struct err e = ERR_INIT;

		imap_session_init(&s, &server.transport, "mail.example");

		bool in = imap_connect(&s, &e) && imap_login(&s, &credentials, &e);

		EXPECT_INT(in, !d->error, d->name);
		EXPECT_INT(e.kind, d->kind, d->name);
		cr_expect(!d->error || strstr(e.what, d->error), "%s: %s", d->name, e.what);
		cr_expect(!*server.says, "%s: it is not asked for '%s'", d->name,
			  *server.says ? *server.says : "");
		/* AHVzZXIAcGVuY2ls: \0user\0pencil */
		EXPECT_INT(slice_contains_icase(buf_slice(&server.sent), SLICE("AHVzZXIAcGVuY2ls")),
			   in, d->name);
		imap_session_release(&s);
		buf_release(&server.sent);
		buf_release(&server.out);
		buf_release(&server.nonce);
	}
}
