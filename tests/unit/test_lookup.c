/* SPDX-License-Identifier: MIT */
/* The resolver without a network: who is asked, what replies say, and what follows from them. */
#include "parser/address.h"
#include "reports/lookup_servers.h"
#include "reports/lookup_steps.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static struct address address_of(const char *text)
{
	struct address a;

	cr_assert(address_parse(slice_from(text), &a) != ADDRESS_UNREADABLE, "%s", text);
	return a;
}

/* -- servers */

static const struct {
	const char *given, *want; /* want NULL: refused */
} servers[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "192.0.2.1:53", "192.0.2.1" },
	{ "192.0.2.1:5353", "192.0.2.1:5353" },
	{ "2001:db8::1", "[2001:db8::1]" },
	{ "[2001:db8::1]", "[2001:db8::1]" },
	{ "[2001:db8::1]:5353,127.0.0.1:1", "[2001:db8::1]:5353,127.0.0.1:1" },
	{ "", NULL },
	{ ",", NULL },
	{ "192.0.2.1,", NULL },
	{ "192.0.2.1:", NULL },
	{ "192.0.2.1:0", NULL },
	{ "192.0.2.1:65536", NULL },
	{ "192.0.2.1:53x", NULL },
	{ "[2001:db8::1", NULL },
	{ "[2001:db8::1]53", NULL },
	{ "[2001:db8::1]:", NULL },
	{ "fe80::1%eth0", NULL },
	{ "192.0.2.1 ", NULL },
	{ "dns.example.net", NULL },
	{ "127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1",
	  NULL },
};

Test(lookup, servers)
{
	for (size_t i = 0; i < COUNT_OF(servers); i++) {
		SCOPED(buf) struct buf text = { 0 };
		struct lookup_servers list;
		struct err e = ERR_INIT;
		bool ok = lookup_servers_parse(slice_from(servers[i].given), &list, &e);

		EXPECT_INT(ok, servers[i].want != NULL, servers[i].given);
		EXPECT_INT(e.kind, ok ? ERR_NONE : ERR_USAGE, servers[i].given);
		if (!ok)
			continue;
		lookup_servers_append(&text, &list);
		EXPECT_TEXT(buf_slice(&text), servers[i].want, servers[i].given);
	}
}

static const struct {
	const char *servers;
	bool here;
} places[] = {
	{ "127.0.0.1", true },  { "127.0.0.53,[::1]:5353", true }, { "127.0.0.1,192.0.2.1", false },
	{ "192.0.2.1", false }, { "2001:db8::1", false },
};

Test(lookup, servers_on_this_machine)
{
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct lookup_servers list;
		struct err e = ERR_INIT;

		cr_assert(lookup_servers_parse(slice_from(places[i].servers), &list, &e));
		EXPECT_INT(lookup_servers_are_here(&list), places[i].here, places[i].servers);
	}
}

/* -- replies */

/* Names stand whole in each record, or as a pointer: "@" is the question's. */
struct reply {
	struct buf bytes;
	unsigned answers;
};

static void put16(struct buf *b, unsigned value)
{
	buf_append_byte(b, (char)(unsigned char)(value >> 8));
	buf_append_byte(b, (char)(unsigned char)value);
}

static void put_name(struct buf *b, const char *name)
{
	struct slice rest = slice_from(name), label;

	if (strcmp(name, "@") == 0) {
		put16(b, 0xC00C);
		return;
	}
	while (slice_cut(&rest, '.', &label)) {
		buf_append_byte(b, (char)(unsigned char)label.n);
		buf_append(b, label);
	}
	buf_append_byte(b, '\0');
}

static struct reply begin(const char *question)
{
	struct reply r = { 0 };

	buf_append(&r.bytes, slice_of("\0\1\x85\x80\0\1\0\0\0\0\0\0", 12));
	put_name(&r.bytes, question);
	buf_append(&r.bytes, slice_of("\0\1\0\1", 4));
	return r;
}

static void add(struct reply *r, const char *owner, unsigned type, struct slice data)
{
	put_name(&r->bytes, owner);
	put16(&r->bytes, type);
	buf_append(&r->bytes, slice_of("\0\1\0\0\0\x3c", 6));
	put16(&r->bytes, (unsigned)data.n);
	buf_append(&r->bytes, data);
	r->bytes.p[7] = (char)(unsigned char)++r->answers;
}

enum { A = 1, CNAME = 5, PTR = 12, TXT = 16, AAAA = 28 };

static void add_name(struct reply *r, const char *owner, unsigned type, const char *name)
{
	SCOPED(buf) struct buf data = { 0 };

	put_name(&data, name);
	add(r, owner, type, buf_slice(&data));
}

#define QUESTION "1.2.0.192.in-addr.arpa"

/* All names, blanks between. */
static void expect_names(struct reply *r, const char *want, const char *name)
{
	SCOPED(buf) struct buf got = { 0 };
	struct reply_names names;

	if (!reply_read_names(buf_slice(&r->bytes), SLICE(QUESTION), &names))
		buf_append_text(&got, "unreadable");
	else
		for (size_t i = 0; i < names.count; i++)
			buf_printf(&got, "%s%s", i == 0 ? "" : " ", names.names[i]);
	EXPECT_TEXT(buf_slice(&got), want, name);
	buf_release(&r->bytes);
}

Test(lookup, names_in_order)
{
	static const char *const given[] = { "mx.example.net", "MX.Example.NET", "b.example.net",
					     "a.example.net", "under_score.example.net" };
	struct reply r = begin(QUESTION);

	for (size_t i = 0; i < COUNT_OF(given); i++)
		add_name(&r, i % 2 == 0 ? "@" : QUESTION, PTR, given[i]);
	expect_names(&r, "a.example.net b.example.net mx.example.net under_score.example.net",
		     "names");
}

Test(lookup, what_is_no_host_name)
{
	static const char *const given[] = { "localhost",       "192.0.2.1",
					     "mx.example.123",  "",
					     "a b.example.net", "\x1b[31m.example.net",
					     "a\\.example.net", "\xc3\xa4.example.net",
					     " a.example.net" };

	for (size_t i = 0; i < COUNT_OF(given); i++) {
		struct reply r = begin(QUESTION);

		add_name(&r, "@", PTR, given[i]);
		expect_names(&r, "", given[i]);
	}
}

Test(lookup, of_many_names_the_first)
{
	struct reply r = begin(QUESTION);

	for (int i = 0; i < 100; i++) {
		char name[] = "n00.example.net";
		int number = (i * 37) % 100; /* each once */

		name[1] = (char)('0' + number / 10);
		name[2] = (char)('0' + number % 10);
		add_name(&r, "@", PTR, name);
	}
	expect_names(&r,
		     "n00.example.net n01.example.net n02.example.net n03.example.net "
		     "n04.example.net n05.example.net n06.example.net n07.example.net",
		     "many");
}

Test(lookup, aliases)
{
	struct reply r = begin(QUESTION);

	/* in any order, and through letters of another case */
	add_name(&r, "1.0/26.2.0.192.in-addr.arpa", PTR, "mx.example.net");
	add_name(&r, "1.0/25.2.0.192.IN-ADDR.arpa", CNAME, "1.0/26.2.0.192.in-addr.arpa");
	add_name(&r, "@", CNAME, "1.0/25.2.0.192.in-addr.arpa");
	expect_names(&r, "mx.example.net", "a chain");

	r = begin(QUESTION);
	add_name(&r, "@", CNAME, "b.example.net");
	add_name(&r, "b.example.net", CNAME, QUESTION);
	add_name(&r, "c.example.net", PTR, "mx.example.net");
	expect_names(&r, "", "a circle");

	r = begin(QUESTION);
	add_name(&r, "other.example.net", CNAME, "b.example.net");
	add_name(&r, "b.example.net", PTR, "mx.example.net");
	expect_names(&r, "", "of another name");

	r = begin(QUESTION);
	add_name(&r, "2.2.0.192.in-addr.arpa", PTR, "mx.example.net");
	add(&r, "@", TXT, SLICE("\4text"));
	expect_names(&r, "", "other records");
}

/* Whole it is read, and cut off anywhere it is not, unless it ends between two records. */
Test(lookup, cut_off_replies)
{
	struct reply r = begin(QUESTION);
	struct reply_names names;

	add_name(&r, "@", CNAME, "alias.example.net");
	add_name(&r, "alias.example.net", PTR, "mx.example.net");
	cr_expect(reply_read_names(buf_slice(&r.bytes), SLICE(QUESTION), &names));
	EXPECT_INT(names.count, 1, "whole");
	for (size_t n = 0; n < r.bytes.n; n++)
		cr_expect(!reply_read_names(slice_of(r.bytes.p, n), SLICE(QUESTION), &names),
			  "%zu of %zu bytes", n, r.bytes.n);
	buf_release(&r.bytes);
}

Test(lookup, name_that_points_at_itself)
{
	struct reply r = begin(QUESTION);

	add(&r, "@", PTR, SLICE("\xc0\x00"));
	r.bytes.p[r.bytes.n - 1] = (char)(unsigned char)(r.bytes.n - 2);
	expect_names(&r, "unreadable", "a pointer at itself");
}

static const struct {
	const char *address;
	unsigned type;
	struct slice data;
	bool found;
} addresses[] = {
	{ "192.0.2.1", A, BYTES("\xc0\0\2\1"), true },
	{ "192.0.2.1", A, BYTES("\xc0\0\2\2"), false },
	{ "192.0.2.1", A, BYTES("\xc0\0\2"), false },
	{ "192.0.2.1", A, BYTES("\xc0\0\2\1\0"), false },
	{ "192.0.2.1", TXT, BYTES("\xc0\0\2\1"), false },
	{ "192.0.2.1", AAAA, BYTES("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1"), false },
	{ "2001:db8::1", AAAA, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), true },
	{ "2001:db8::1", AAAA, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"), false },
	{ "2001:db8::1", A, BYTES("\x20\1\x0d\xb8"), false },
};

Test(lookup, addresses)
{
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		struct address address = address_of(addresses[i].address);
		struct reply r = begin("mx.example.net");
		bool found;

		add(&r, "other.example.net", addresses[i].type, addresses[i].data);
		cr_expect(reply_find_address(buf_slice(&r.bytes), SLICE("mx.example.net"), &address,
					     &found) &&
				  !found,
			  "another name, %zu", i);
		add(&r, "@", addresses[i].type, addresses[i].data);
		cr_expect(reply_find_address(buf_slice(&r.bytes), SLICE("MX.example.net"), &address,
					     &found),
			  "row %zu", i);
		EXPECT_INT(found, addresses[i].found, addresses[i].address);
		buf_release(&r.bytes);
	}
}

/* -- steps */

/* The reply to the step's question: records of type PTR for each word, or of type A. */
static bool answer(struct lookup_steps *s, const char *words)
{
	struct lookup_question q;
	struct slice rest = slice_from(words), word;

	lookup_steps_question(s, &q);

	struct reply r = begin(q.name);

	while (slice_cut(&rest, ' ', &word)) {
		char text[64];

		cr_assert(slice_to_cstr(word, text, sizeof(text)));
		if (q.type == PTR)
			add_name(&r, "@", PTR, text);
		else
			add(&r, "@", A,
			    slice_of((const char *)s->address.bytes,
				     strcmp(text, "it") == 0 ? 4 : 3));
	}

	bool done = lookup_steps_answer(s, LOOKUP_REPLY, buf_slice(&r.bytes));

	buf_release(&r.bytes);
	return done;
}

/* A word a question: names of the reply, "it" and "else" for addresses, "-" nothing, "?" nobody could tell. */
static const struct {
	const char *replies[4];
	enum host_state state;
	const char *name;
} ways[] = {
	{ { "-" }, HOST_NO_NAME, NULL },
	{ { "?" }, HOST_NOT_LOOKED_UP, NULL },
	{ { "localhost" }, HOST_NO_NAME, NULL },
	{ { "mx.example.net", "it" }, HOST_CONFIRMED, "mx.example.net" },
	{ { "mx.example.net", "else" }, HOST_UNCONFIRMED, "mx.example.net" },
	{ { "mx.example.net", "-" }, HOST_UNCONFIRMED, "mx.example.net" },
	{ { "mx.example.net", "?" }, HOST_NOT_LOOKED_UP, NULL },
	{ { "b.example.net a.example.net", "else", "it" }, HOST_CONFIRMED, "b.example.net" },
	{ { "b.example.net a.example.net", "it" }, HOST_CONFIRMED, "a.example.net" },
	{ { "b.example.net a.example.net", "else", "-" }, HOST_UNCONFIRMED, "a.example.net" },
	{ { "b.example.net a.example.net", "?", "it" }, HOST_CONFIRMED, "b.example.net" },
	{ { "b.example.net a.example.net", "?", "else" }, HOST_NOT_LOOKED_UP, NULL },
	{ { "b.example.net a.example.net", "else", "?" }, HOST_NOT_LOOKED_UP, NULL },
};

Test(lookup, steps)
{
	struct address address = address_of("192.0.2.1");

	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct lookup_steps s;
		bool done = false;

		lookup_steps_begin(&s, &address);
		for (size_t n = 0; n < COUNT_OF(ways[i].replies) && ways[i].replies[n]; n++) {
			const char *reply = ways[i].replies[n];

			cr_expect(!done, "row %zu: over before reply %zu", i, n);
			if (strcmp(reply, "-") == 0)
				done = lookup_steps_answer(&s, LOOKUP_NOTHING, SLICE(""));
			else if (strcmp(reply, "?") == 0)
				done = lookup_steps_answer(&s, LOOKUP_FAILED, SLICE(""));
			else
				done = answer(&s, reply);
		}
		cr_expect(done, "row %zu: not over", i);
		EXPECT_INT(s.host.state, ways[i].state, ways[i].replies[0]);
		EXPECT_TEXT(s.host.name, ways[i].name, ways[i].replies[0]);
	}
}

Test(lookup, replies_that_cannot_be_read)
{
	struct address address = address_of("192.0.2.1");
	struct lookup_steps s;

	lookup_steps_begin(&s, &address);
	cr_expect(lookup_steps_answer(&s, LOOKUP_REPLY, SLICE("nonsense")));
	EXPECT_INT(s.host.state, HOST_NOT_LOOKED_UP, "names");

	lookup_steps_begin(&s, &address);
	cr_assert(!answer(&s, "mx.example.net"));
	cr_expect(lookup_steps_answer(&s, LOOKUP_REPLY, SLICE("nonsense")));
	EXPECT_INT(s.host.state, HOST_NOT_LOOKED_UP, "address");
}

static const struct {
	const char *address, *name;
} questions[] = {
	{ "192.0.2.1", "1.2.0.192.in-addr.arpa" },
	{ "255.10.0.9", "9.0.10.255.in-addr.arpa" },
	{ "2001:db8::567:89ab",
	  "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
};

Test(lookup, questions)
{
	for (size_t i = 0; i < COUNT_OF(questions); i++) {
		struct address address = address_of(questions[i].address);
		struct lookup_question q;
		struct lookup_steps s;

		lookup_steps_begin(&s, &address);
		lookup_steps_question(&s, &q);
		EXPECT_TEXT(slice_from(q.name), questions[i].name, questions[i].address);
		EXPECT_INT(q.type, PTR, questions[i].address);
		cr_assert(!answer(&s, "mx.example.net"));
		lookup_steps_question(&s, &q);
		EXPECT_TEXT(slice_from(q.name), "mx.example.net", questions[i].address);
		EXPECT_INT(q.type, address.family == ADDRESS_V4 ? A : AAAA, questions[i].address);
	}
}
