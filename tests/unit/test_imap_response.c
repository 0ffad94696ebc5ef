/* SPDX-License-Identifier: MIT */
#include "ingest/imap_response.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

/* Writes down what it hears. */
struct hearing {
	struct imap_listener listener;
	struct buf text;
};

static bool hear_body(struct imap_listener *l, uint64_t size, struct err *e UNUSED)
{
	buf_printf(&((struct hearing *)l)->text, "body %llu\n", (unsigned long long)size);
	return true;
}

static bool hear_bytes(struct imap_listener *l, struct slice bytes, struct err *e UNUSED)
{
	buf_append(&((struct hearing *)l)->text, bytes);
	return true;
}

static void hear_tokens(struct buf *b, struct slice data)
{
	static const char kinds[] = ".asn()b8!";
	struct imap_cursor c = imap_cursor_over(data);
	struct imap_token token;

	do {
		token = imap_next(&c);
		buf_printf(b, "%c", kinds[token.kind]);
		if (token.kind == IMAP_TOKEN_ATOM)
			buf_append(b, token.text);
		if (token.kind == IMAP_TOKEN_STRING || token.kind == IMAP_TOKEN_BINARY)
			imap_append_string(b, &token);
		buf_append_byte(b, ' ');
	} while (token.kind != IMAP_TOKEN_END && token.kind != IMAP_TOKEN_WRONG);
}

static bool hear_response(struct imap_listener *l, const struct imap_response *r,
			  struct err *e UNUSED)
{
	struct buf *b = &((struct hearing *)l)->text;

	buf_append(b, r->tag);
	if (r->status != IMAP_DATA)
		buf_printf(b, " %s [%.*s] %.*s", imap_status_text(r->status), SLICE_ARG(r->code),
			   SLICE_ARG(r->rest));
	else if (r->word.n > 0) {
		buf_printf(b, " %lu %.*s ", (unsigned long)r->number, SLICE_ARG(r->word));
		hear_tokens(b, r->rest);
	}
	buf_append_byte(b, '\n');
	return true;
}

static const struct imap_listener_ops hearing_ops = { hear_body, hear_bytes, hear_response };

struct case_of_response {
	const char *name;
	struct slice sent;
	const char *heard, *error; /* one of them */
};

static const struct case_of_response cases[] = {
	{ "tagged", BYTES("R1 OK [READ-WRITE] done\r\n"), "R1 OK [READ-WRITE] done\n", NULL },
	{ "without a text", BYTES("R1 NO\r\n"), "R1 NO [] \n", NULL },
	{ "bare line feeds", BYTES("* BYE see you\nR1 BAD x\n"), "* BYE [] see you\nR1 BAD [] x\n",
	  NULL },
	{ "a continuation", BYTES("+\r\n+ go {3}\r\n"), "+\n+\n", NULL },
	{ "a text that ends like a literal", BYTES("* OK hm {3}\r\n"), "* OK [] hm {3}\n", NULL },
	{ "numbers", BYTES("* 12 EXISTS\r\n* 0 RECENT\r\n"), "* 12 EXISTS . \n* 0 RECENT . \n",
	  NULL },
	{ "a number that is none", BYTES("* 99999999999 EXISTS\r\n"), "* 0 EXISTS . \n", NULL },
	{ "words", BYTES("* LIST (\\Noselect) \"/\" \"a \\\"b\\\\\"\r\n"),
	  "* 0 LIST ( a\\Noselect ) s/ sa \"b\\ . \n", NULL },
	{ "a name as a literal", BYTES("* LIST () NIL {3}\r\na)b\r\n"), "* 0 LIST ( ) n sa)b . \n",
	  NULL },
	{ "an empty one", BYTES("* LIST () NIL {0}\r\n\r\n"), "* 0 LIST ( ) n s . \n", NULL },
	{ "a section", BYTES("* 1 FETCH (BODY[HEADER.FIELDS (A B)]<0> NIL X[] 1)\r\n"),
	  "* 1 FETCH ( aBODY[HEADER.FIELDS (A B)]<0> n aX[] a1 ) . \n", NULL },
	{ "a body", BYTES("* 1 FETCH (BODY[] {5}\r\nab\0)\n UID 7)\r\n"), "body 5\nab", NULL },
	{ "a body before its end", BYTES("* 1 FETCH (UID 7 BODY[] {2}\r\nxy)\r\n"),
	  "body 2\nxy* 1 FETCH ( aUID a7 aBODY[] b ) . \n", NULL },
	{ "a literal8 is no body", BYTES("* 1 FETCH (BODY[] ~{2}\r\nxy)\r\n"),
	  "* 1 FETCH ( aBODY[] 8xy ) . \n", NULL },
	{ "nor is another section", BYTES("* 1 FETCH (BODY[1] {2}\r\nxy)\r\n"),
	  "* 1 FETCH ( aBODY[1] sxy ) . \n", NULL },
	{ "a body out of place", BYTES("* LIST (XBODY[] {2}\r\nxy)\r\n"),
	  "* 0 LIST ( aXBODY[] sxy ) . \n", NULL },
	{ "parentheses", BYTES("* X (((((((((((((((((((((((((((((((((1\r\n"),
	  "* 0 X ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ( ! \n", NULL },
	{ "one too few", BYTES("* X )\r\n"), "* 0 X ! \n", NULL },
	{ "a quote without an end", BYTES("* X \"a\\\"\r\n"), "* 0 X ! \n", NULL },
	{ "a bracket without an end", BYTES("* X a[b\r\n"), "* 0 X ! \n", NULL },
	{ "an empty line", BYTES("\r\n"), NULL, "no response" },
	{ "a word", BYTES("hello\r\n"), NULL, "no response" },
	{ "a tag without a status", BYTES("R1 FETCH\r\n"), NULL, "without a status" },
	{ "a zero byte", BYTES("* OK \0\r\n"), NULL, "zero byte" },
	{ "4 GiB that are a name", BYTES("* LIST () {4294967296}\r\n"), NULL, "nobody asked for" },
	{ "eleven digits", BYTES("* 1 FETCH (BODY[] {99999999999}\r\n"), NULL,
	  "no possible length" },
	{ "no digits", BYTES("* LIST {x}\r\n"), NULL, "no possible length" },
	{ "seventeen literals",
	  BYTES("* X {0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n"
		"{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n{0}\r\n"),
	  NULL, "too many literals" },
};

static void expect_case(const struct case_of_response *c, size_t piece)
{
	struct hearing h = { .listener.ops = &hearing_ops };
	struct imap_parser p;
	struct err e = ERR_INIT;
	bool ok = true;

	imap_parser_init(&p, &h.listener);
	for (size_t at = 0; ok && at < c->sent.n; at += piece)
		ok = imap_parser_push(&p, slice_prefix(slice_from_offset(c->sent, at), piece), &e);
	cr_expect(ok == !c->error, "%s: %s", c->name, e.what);
	if (c->error)
		cr_expect(strstr(e.what, c->error), "%s: %s", c->name, e.what);
	else
		cr_expect(slice_starts_with(buf_slice(&h.text), slice_from(c->heard)), "%s: '%s'",
			  c->name, buf_text(&h.text));
	imap_parser_release(&p);
	buf_release(&h.text);
}

Test(imap_response, reads_what_servers_send, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		expect_case(&cases[i], 1);
		expect_case(&cases[i], 3);
		expect_case(&cases[i], cases[i].sent.n);
	}
}

Test(imap_response, has_lines_of_some_length, .timeout = 60)
{
	struct hearing h = { .listener.ops = &hearing_ops };
	struct imap_parser p;
	struct err e = ERR_INIT;
	uint64_t n = 0;

	imap_parser_init(&p, &h.listener);
	while (n <= IMAP_RESPONSE_BYTES && imap_parser_push(&p, SLICE("*"), &e))
		n++;
	EXPECT_INT(n, IMAP_RESPONSE_BYTES, "bytes");
	cr_expect(strstr(e.what, "without an end"));
	imap_parser_release(&p);
	buf_release(&h.text);
}

Test(imap_response, passes_over_rubbish_when_told_to, .timeout = 60)
{
	struct hearing h = { .listener.ops = &hearing_ops };
	struct imap_parser p;
	struct err e = ERR_INIT;

	imap_parser_init(&p, &h.listener);
	p.deaf = true;
	cr_expect(
		imap_parser_push(&p, SLICE("ISTS\r\n\r\n* 1 FETCH (BODY[] {3}\r\nR1 OK x\r\n"), &e),
		"%s", e.what);
	EXPECT_TEXT(buf_slice(&h.text), "* 1 FETCH ( aBODY[] ! \nR1 OK [] x\n", "deaf");
	imap_parser_release(&p);
	buf_release(&h.text);
}
