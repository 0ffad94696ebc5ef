/* SPDX-License-Identifier: MIT */
#include "ingest/prescan.h"

#include "base/buf.h"
#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

#define HEAD  "From: a@example.com\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=\"b\"\n\n"

struct scanned {
	struct err e;
	struct prescan_counts counts;
	bool is_mail;
	uint64_t start;
	struct buf repairs; /* "hyphen 7 " and so on */
};

static struct scanned scan(struct slice mail, size_t piece)
{
	static const char *const names[] = { "hyphen", "no-parts", "boundary=" };
	SCOPED(prescan) struct prescan *p = prescan_new();
	struct scanned s = { .e = ERR_INIT };
	bool ok = true;
	size_t count;

	for (; ok && mail.n > 0; mail = slice_from_offset(mail, piece))
		ok = prescan_push(p, slice_prefix(mail, piece), &s.e);
	ok = ok && prescan_finish(p, &s.e);
	cr_expect(ok == (s.e.kind == ERR_NONE), "false without an error: %s", s.e.what);
	s.counts = prescan_counts(p);
	s.is_mail = prescan_is_mail(p);
	s.start = prescan_start(p);

	const struct repair *repairs = prescan_repairs(p, &count);

	for (size_t i = 0; i < count; i++)
		buf_printf(&s.repairs, "%s%.*s %llu ", names[repairs[i].kind],
			   SLICE_ARG(repairs[i].boundary), (unsigned long long)repairs[i].offset);
	return s;
}

static void expect_limit(const struct buf *mail, const char *what, const char *name)
{
	static const size_t pieces[] = { SIZE_MAX, 4096, 61 };

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct scanned s = scan(buf_slice(mail), pieces[i]);

		EXPECT_INT(s.e.kind, what ? ERR_LIMIT : ERR_NONE, name);
		if (what)
			cr_expect(slice_contains_icase(slice_from(s.e.what), slice_from(what)),
				  "%s: %s", name, s.e.what);
		buf_release(&s.repairs);
	}
}

static struct buf text(const char *begin)
{
	struct buf b = { 0 };

	buf_append_text(&b, begin);
	return b;
}

static void append_times(struct buf *b, const char *line, uint64_t times)
{
	while (times-- > 0)
		buf_append_text(b, line);
}

Test(prescan, counts_boundary_lines)
{
	SCOPED(buf) struct buf at = text(MIXED);
	SCOPED(buf) struct buf past = text(MIXED);

	append_times(&at, "--b\n\n", LIMIT_MIME_BOUNDARY_LINES - 1);
	append_times(&at, "--b--\n", 1);
	expect_limit(&at, NULL, "at the limit");
	append_times(&past, "--b\n\n", LIMIT_MIME_BOUNDARY_LINES + 1);
	expect_limit(&past, "boundary lines", "past it");
}

Test(prescan, counts_boundaries)
{
	SCOPED(buf) struct buf mail = text(HEAD);

	for (unsigned i = 0; i < LIMIT_MIME_BOUNDARY_LINES; i++)
		buf_printf(&mail, "Content-Type: multipart/mixed; boundary=b%u\n", i);
	expect_limit(&mail, NULL, "at the limit");
	buf_append_text(&mail, "Content-Type: multipart/mixed; boundary=one-more\n");
	expect_limit(&mail, "boundaries", "past it");
}

Test(prescan, counts_header_lines)
{
	SCOPED(buf) struct buf at = text(HEAD);
	SCOPED(buf) struct buf parts = text(MIXED);
	SCOPED(buf) struct buf mails = text(HEAD "Content-Type: message/rfc822\n\n");

	append_times(&at, "a:\n", LIMIT_MIME_HEADER_LINES / 2);
	append_times(&at, " b\n", LIMIT_MIME_HEADER_LINES / 2 - 1);
	expect_limit(&at, NULL, "at the limit");
	append_times(&at, " b\n", 1);
	expect_limit(&at, "header lines", "past it");
	append_times(&parts, "--b\na:\n\n", 1);
	append_times(&parts, "--b\n", 1);
	append_times(&parts, "a:\n", LIMIT_MIME_HEADER_LINES);
	expect_limit(&parts, "header lines", "of parts");
	append_times(&mails, "Content-Type: message/rfc822\n\n", LIMIT_MIME_HEADER_LINES - 2);
	expect_limit(&mails, NULL, "of mails in mails, at the limit");
	append_times(&mails, "a:\n", 1);
	expect_limit(&mails, "header lines", "of mails in mails, past it");
}

/* In a digest GMime makes a mail of a part that does not say what it is; here, of one in that, too. */
Test(prescan, counts_the_mails_of_a_digest)
{
#define DIGEST(type) HEAD "Content-Type: multipart/digest; boundary=b\n\n--b\n" type "\n--b--\n"
	static const struct {
		const char *mail;
		unsigned headers;
	} cases[] = {
		{ DIGEST(""), 4 },
		{ DIGEST("Content-Type: text/plain\n"), 4 },
		{ DIGEST("Content-Type: multipart/mixed\n"), 2 },
		{ DIGEST("Content-Type: multipart\n"), 4 },
		{ DIGEST("Content-Type: multipart/\n"), 4 },
		{ DIGEST("Content-Type: multipart\316--=_mi\n"), 4 },
		{ DIGEST("Content-Type: multipart/mixed\nContent-Type: multipart\n"), 4 },
	};
#undef DIGEST

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scanned s = scan(slice_from(cases[i].mail), SIZE_MAX);

		EXPECT_INT(s.counts.headers, cases[i].headers, cases[i].mail);
		buf_release(&s.repairs);
	}
}

Test(prescan, measures_headers)
{
	SCOPED(buf) struct buf line = text("X: ");
	SCOPED(buf) struct buf all = text(MIXED);

	append_times(&line, "x", LIMIT_MIME_LINE - line.n);
	expect_limit(&line, NULL, "a line at the limit");
	append_times(&line, "x", 1);
	expect_limit(&line, "header line", "a line past it");

	for (unsigned i = 0; i < 33; i++) {
		buf_append_text(&all, "--b\nX: ");
		append_times(&all, "x", (60 << 10));
		buf_append_text(&all, "\n\n");
	}
	expect_limit(&all, NULL, "all headers together");
	buf_append_text(&all, "--b\nX: ");
	append_times(&all, "x", LIMIT_MIME_LINE - 3);
	buf_append_text(&all, "\nX: ");
	append_times(&all, "x", LIMIT_MIME_LINE - 3);
	expect_limit(&all, "headers of the mail are too large", "past the limit of all");
}

Test(prescan, measures_the_header_of_a_part)
{
	SCOPED(buf) struct buf part = { 0 };

	for (unsigned i = 0; i < LIMIT_MIME_PART_HEADER >> 10; i++) {
		buf_append_text(&part, "X: ");
		append_times(&part, "x", (1 << 10) - 4);
		buf_append_text(&part, "\n");
	}
	EXPECT_INT(part.n, LIMIT_MIME_PART_HEADER, "size");
	expect_limit(&part, NULL, "at the limit");
	buf_append_text(&part, "X");
	expect_limit(&part, "headers of the mail are too large", "past it");
}

Test(prescan, leaves_a_body_as_it_is)
{
	SCOPED(buf) struct buf line = text(MIXED "--b\nContent-Type: text/xml\n\n");
	SCOPED(buf) struct buf lines = text(MIXED "--b\nContent-Type: text/plain\n\n");
	SCOPED(buf)
	struct buf mail = text(HEAD "Content-Type: message/rfc822\n"
				    "Content-Transfer-Encoding: BASE64\n\n");

	append_times(&line, "<a>--</a>", LIMIT_MIME_LINE);
	expect_limit(&line, NULL, "one long line of XML");
	append_times(&lines, "-- \n--\n--c\n", LIMIT_MIME_HEADER_LINES);
	expect_limit(&lines, NULL, "lines that look like boundaries and are none");
	append_times(&mail, "UmVjZWl2ZWQ6\n", LIMIT_MIME_HEADER_LINES);
	expect_limit(&mail, NULL, "an encoded mail is a body");
}

Test(prescan, measures_loose_text)
{
	SCOPED(buf) struct buf before = text(MIXED);
	SCOPED(buf) struct buf behind = text(MIXED "--b\n\n--b--\n");
	SCOPED(buf) struct buf none = { 0 };

	append_times(&before, "1234567\n", LIMIT_MIME_LOOSE / 8);
	buf_append(&none, buf_slice(&before));
	buf_append_text(&none, "12345\n");
	expect_limit(&none, NULL, "without a part it is no loose text");
	buf_append_text(&before, "--b\n");
	expect_limit(&before, NULL, "before the first part, at the limit");
	append_times(&behind, "1234567\n", LIMIT_MIME_LOOSE / 8);
	expect_limit(&behind, NULL, "behind the last, at the limit");
	buf_append_text(&behind, "\n");
	expect_limit(&behind, "text between its parts", "behind the last, past it");
	buf_append_text(&none, "--b\n");
	expect_limit(&none, "text between its parts", "before the first part, past it");
}

Test(prescan, bounds_its_own_work)
{
	SCOPED(buf) struct buf mail = text(HEAD);

	for (unsigned i = 0; i < 250; i++)
		buf_printf(&mail, "Content-Type: multipart/mixed; boundary=%u\n", i);
	buf_append_text(&mail, "\n");
	append_times(&mail, "--x\n", LIMIT_MIME_COMPARISONS / 250);

	struct scanned s = scan(buf_slice(&mail), SIZE_MAX);

	EXPECT_INT(s.e.kind, ERR_NONE, "at the limit");
	buf_release(&s.repairs);
	buf_append_text(&mail, "--x\n");
	s = scan(buf_slice(&mail), SIZE_MAX);
	EXPECT_INT(s.e.kind, ERR_LIMIT, "past it");
	buf_release(&s.repairs);
}

Test(prescan, knows_boundary_lines)
{
	static const struct {
		const char *type, *line;
		bool is_boundary;
	} cases[] = {
		{ "multipart/mixed; boundary=b", "--b", true },
		{ "multipart/mixed; boundary=b", "--b \t\r", true },
		{ "multipart/mixed; boundary=b", "--b--", true },
		{ "multipart/mixed; boundary=b", "--bb", false },
		{ "multipart/mixed; boundary=b", " --b", false },
		{ "multipart/mixed; boundary=b", "-- b", false },
		{ "multipart/mixed; boundary=b", "--B", false },
		{ "Multipart/Mixed; BOUNDARY = \"b c\"; x=y", "--b c", true },
		{ "multipart/mixed;\n\tboundary=----=_b", "------=_b", true },
		{ "multipart/mixed; boundary=b c ; x=y", "--b c", true },
		{ "text/plain; boundary=b", "--b", true }, /* GMime does not; that is no harm */
		{ "text/plain", "--b", false },
		/* what only GMime can read */
		{ "multipart/mixed; boundary*0=b; boundary*1=c", "--bc", true },
		{ "multipart/mixed; boundary*=utf-8''%62", "--b", true },
		{ "multipart/mixed; boundary=\"=?utf-8?q?b?=\"", "--b", true },
		{ "multipart/mixed; boundary=\"\\b\"", "--b", true },
		{ "multipart/mixed; boundary=(c)b", "--b", true },
		{ "multipart/mixed; boundary=\n b", "--b", true },
		{ "multipart/mixed; boundary=\"b", "--b", true },
		{ "multipart/mixed; boundary=\xE4", "--b", true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf mail = { 0 };

		buf_printf(&mail, "Content-Type: %s\n\n%s\n", cases[i].type, cases[i].line);
		for (size_t piece = 1; piece < 8; piece++) {
			struct scanned s = scan(buf_slice(&mail), piece);

			EXPECT_INT(s.counts.boundary_lines, cases[i].is_boundary, cases[i].type);
			buf_release(&s.repairs);
		}
	}
}

/* GMime reads long lines in pieces of 4 KiB and may take each for a line. */
Test(prescan, finds_boundaries_in_long_lines)
{
	for (size_t length = 90; length < 3 * LIMIT_MIME_LINE; length += 997) {
		SCOPED(buf) struct buf mail = text(MIXED);

		append_times(&mail, "x", length);
		buf_append_text(&mail, "--b    \nX: y\n\n");

		struct scanned s = scan(buf_slice(&mail), 1000);

		cr_expect(s.counts.boundary_lines >= (length > 100), "length %zu", length);
		buf_release(&s.repairs);
	}
}

Test(prescan, tells_what_is_to_be_mended)
{
	static const struct {
		const char *name, *mail, *repairs;
	} cases[] = {
		{ "nothing", MIXED "--b\n\n", "" },
		{ "a hyphen", "ContentType: text/xml\n\n", "hyphen 7 " },
		{ "in capitals", "A: b\nCONTENTTYPE: text/xml\n\n", "hyphen 12 " },
		{ "not beside another", "ContentType: a/b\nContent-Type: text/xml\n\n", "" },
		{ "not in a body", "A: b\n\nContentType: text/xml\n", "" },
		{ "of a part",
		  "Content-Type: multipart/mixed; boundary=b\n\n--b\nContentType: a/b\n\n",
		  "hyphen 54 " },
		{ "no boundary", "Content-Type: multipart/mixed\n\nbody\n", "no-parts 14 " },
		{ "no line with it", "Content-Type: multipart/mixed; boundary=b\n\n--c\n",
		  "no-parts 14 " },
		{ "in the next line", "Content-Type:\n multipart/mixed\n\n", "no-parts 15 " },
		{ "both", "ContentType: multipart/mixed\n\nbody\n", "hyphen 7 no-parts 13 " },
		{ "a boundary",
		  "Content-Type: multipart/mixed\n\ntext\n--x y\nContent-Type: a/b\n\n",
		  "boundary=x y 29 " },
		{ "a boundary before parameters",
		  "Content-Type: multipart/mixed ; a=b\n\n--x\ncontent-id: 1\n\n--x--\n",
		  "boundary=x 29 " },
		{ "dashes, but no header",
		  "Content-Type: multipart/mixed\n\n--x\n\nContent-ID: a\n", "no-parts 14 " },
		{ "the end of a comment in XML",
		  "Content-Type: multipart/mixed\n\n<feedback>\n-->\n<a/>\n", "no-parts 14 " },
		{ "another than the declared one",
		  "Content-Type: multipart/mixed; boundary=b\n\n--c\nContent-Type: a/b\n\n",
		  "boundary=c 29 " },
		{ "not where the declared one is met",
		  "Content-Type: multipart/mixed; boundary=b\n\n--c\nContent-Type: a/b\n\n--b\n",
		  "" },
		{ "not where nobody knows",
		  "Content-Type: multipart/mixed; boundary=b; boundary*=c\n\n--d\nContent-Type: a\n\n",
		  "" },
		{ "none within quotes",
		  "Content-Type: multipart/mixed; Boundary=\"\"; a=b\n\n--c\nContent-Type: a/b\n\n",
		  "boundary=c 29 " },
		{ "none within quotes, and no line",
		  "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\n----\n", "no-parts 14 " },
		{ "none within quotes, beside one that nobody knows",
		  "Content-Type: multipart/mixed; boundary=\"\"; boundary*=c\n\nx",
		  "no-parts 14 " },
		{ "none within quotes, beside another",
		  "Content-Type: multipart/mixed; boundary=\"\"; boundary=b\n\nx", "" },
		{ "nobody knows", "Content-Type: multipart/mixed; boundary*=b\n\n", "" },
		{ "of a mail in a mail, with the same boundary",
		  "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
		  "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
		  "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t piece = 1; piece < 8; piece++) {
			struct scanned s = scan(slice_from(cases[i].mail), piece);

			EXPECT_TEXT(buf_slice(&s.repairs), cases[i].repairs, cases[i].name);
			cr_expect(s.is_mail, "%s: no mail", cases[i].name);
			buf_release(&s.repairs);
		}
	}
}

Test(prescan, wants_another_look_at_other_parts)
{
	static const struct {
		const char *boundary;
		bool as_declared, again;
	} cases[] = { { "b", false, true }, { "b", true, false }, { "\"\"", false, false } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(prescan) struct prescan *p = prescan_new();
		SCOPED(buf) struct buf mail = { 0 };
		struct err e = ERR_INIT;

		buf_printf(&mail,
			   "Content-Type: multipart/mixed; boundary=%s\n\n--c\nContent-Id: 1\n\n",
			   cases[i].boundary);
		if (cases[i].as_declared)
			prescan_take_as_declared(p);
		cr_assert(prescan_push(p, buf_slice(&mail), &e) && prescan_finish(p, &e));
		cr_expect(prescan_wants_another(p) == cases[i].again, "case %zu", i);
	}
}

Test(prescan, knows_what_is_no_mail)
{
	static const struct {
		const char *name;
		struct slice text;
		bool is_mail;
	} cases[] = {
		{ "nothing", BYTES(""), false },
		{ "a field", BYTES("a: b"), true },
		{ "blanks before the colon", BYTES("a \t: b"), true },
		{ "a blank in the name", BYTES("a b: c\n"), false },
		{ "no name", BYTES(": b\n"), false },
		{ "prose", BYTES("hello\na: b\n"), false },
		{ "an mbox line", BYTES("From a b c\na: b\n"), true },
		{ "only that", BYTES("From a b c\n"), false },
		{ "an empty line", BYTES("\n"), false },
		{ "a NUL", BYTES("a\0: b\n"), false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scanned s = scan(cases[i].text, SIZE_MAX);

		cr_expect(s.is_mail == cases[i].is_mail, "%s", cases[i].name);
		EXPECT_INT(s.e.kind, ERR_NONE, cases[i].name);
	}
}

Test(prescan, has_no_limits_for_what_is_no_mail)
{
	SCOPED(buf) struct buf table = text("a,b,c\n");

	append_times(&table, "1,2,3:\n", LIMIT_MIME_HEADER_LINES + 1);
	expect_limit(&table, NULL, "a table of numbers");
}

/* Empty lines before the header are no end of it, and no mail by themselves. */
Test(prescan, finds_the_mail_behind_empty_lines)
{
	static const struct {
		const char *mail;
		uint64_t start;
		bool is_mail;
	} cases[] = {
		{ HEAD "\n", 0, true },
		{ "\n" HEAD "\nx", 1, true },
		{ "\r\n\n\r\nFrom x\n" HEAD "\n", 5, true },
		{ "\n\ntext\n", 2, false },
		{ "\r\n\n", 3, false },
		{ "\n \n" HEAD, 1, false },
	};
	static const size_t pieces[] = { SIZE_MAX, 1, 3 };

	for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(pieces); i++) {
		size_t at = i / COUNT_OF(pieces);
		struct scanned s = scan(slice_from(cases[at].mail), pieces[i % COUNT_OF(pieces)]);

		EXPECT_INT(s.is_mail, cases[at].is_mail, cases[at].mail);
		EXPECT_INT(s.start, cases[at].start, cases[at].mail);
		buf_release(&s.repairs);
	}
}
