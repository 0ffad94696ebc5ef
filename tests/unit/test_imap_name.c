/* SPDX-License-Identifier: MIT */
#include "ingest/imap_name.h"

#include "base/base64.h"
#include "ingest/imap_url.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static void expect_mailbox(const char *folder, char delimiter, const char *want)
{
	SCOPED(buf) struct buf b = { 0 };
	struct err e = ERR_INIT;
	bool good = imap_append_mailbox(&b, slice_from(folder), delimiter, &e);

	cr_expect(good == (want != NULL), "%s: %s", folder, e.what);
	if (good && want)
		EXPECT_TEXT(buf_slice(&b), want, folder);
}

Test(imap_name, writes_mailboxes)
{
	expect_mailbox("INBOX", '/', "INBOX");
	expect_mailbox("INBOX/Archive", '.', "INBOX.Archive");
	expect_mailbox("INBOX/Archive", '\0', "INBOX/Archive");
	expect_mailbox("a&b", '/', "a&-b");
	/* the example of RFC 3501 */
	expect_mailbox("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		       '/', "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
	expect_mailbox("Entw\xc3\xbcrfe", '/', "Entw&APw-rfe");
	expect_mailbox("\xf0\x9f\x93\xab", '/', "&2D3c6w-");
	expect_mailbox("", '/', NULL);
	expect_mailbox("a*", '/', NULL);
	expect_mailbox("a\r\nb", '/', NULL);
	expect_mailbox("\xff", '/', NULL);
	expect_mailbox("/a", '/', NULL);
	expect_mailbox("a/", '/', NULL);
}

Test(imap_name, writes_sets)
{
	static const uint32_t uids[] = { 1, 2, 3, 7, 9, 10, 4294967295u };
	SCOPED(buf) struct buf b = { 0 };

	imap_append_set(&b, uids, COUNT_OF(uids));
	EXPECT_TEXT(buf_slice(&b), "1:3,7,9:10,4294967295", "set");
	buf_clear(&b);
	imap_append_set(&b, uids, 1);
	EXPECT_TEXT(buf_slice(&b), "1", "one");
}

/* want: the UIDs, and "!" where it turns out to be no set. */
static void expect_set(const char *text, const char *want)
{
	struct imap_set set = { .rest = slice_from(text) };
	SCOPED(buf) struct buf b = { 0 };
	uint32_t uid;
	int more;

	while ((more = imap_set_next(&set, &uid)) > 0 && b.n < 100)
		buf_printf(&b, "%lu ", (unsigned long)uid);
	if (more < 0)
		buf_append_text(&b, "!");
	EXPECT_TEXT(slice_prefix(buf_slice(&b), strlen(want)), want, text);
}

Test(imap_name, reads_sets)
{
	expect_set("1:3,7", "1 2 3 7 ");
	expect_set("3:1", "1 2 3 ");
	expect_set("4294967294:4294967295", "4294967294 4294967295 ");
	expect_set("1:4294967295", "1 2 3 4 5 6 ");
	expect_set("1,,2", "1 !");
	expect_set("0", "!");
	expect_set("1:*", "!");
	expect_set("4294967296", "!");
}

Test(imap_name, quotes)
{
	SCOPED(buf) struct buf b = { 0 };

	cr_expect(imap_append_quoted(&b, SLICE("p\"w\\1")));
	EXPECT_TEXT(buf_slice(&b), "\"p\\\"w\\\\1\"", "quoted");
	cr_expect(!imap_append_quoted(&b, SLICE("a\r\nb")));
	cr_expect(!imap_append_quoted(&b, SLICE("\xc3\xbc")));
}

Test(imap_name, has_base64)
{
	static const char *const pairs[][2] = {
		{ "", "" },        { "f", "Zg==" },        { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "\xff\xfe", "//4=" }
	};

	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		SCOPED(buf) struct buf b = { 0 };

		base64_append(&b, slice_from(pairs[i][0]));
		EXPECT_TEXT(slice_from(buf_text(&b)), pairs[i][1], "base64");
	}
}

/* want: how it is known; NULL: it is refused. */
static void expect_url(const char *text, const char *want, unsigned port, bool loopback)
{
	struct imap_url url;
	struct err e = ERR_INIT;
	SCOPED(buf) struct buf b = { 0 };
	bool good = imap_url_parse(slice_from(text), &url, &e);

	cr_expect(good == (want != NULL), "%s: %s", text, e.what);
	if (good && want) {
		imap_url_append(&b, &url, url.folder);
		EXPECT_TEXT(buf_slice(&b), want, text);
		EXPECT_INT(url.port, port, text);
		EXPECT_INT(imap_url_is_loopback(&url), loopback, text);
	}
	imap_url_release(&url);
}

Test(imap_name, reads_urls)
{
	expect_url("imaps://rua@Mail.Example.org", "imap://rua@mail.example.org/INBOX", 993, false);
	expect_url("imap://a@b@mail.example.org/inbox", "imap://a@b@mail.example.org/INBOX", 143,
		   false);
	expect_url("imaps://a%40b@h:994/Reports/DMARC%20rua", "imap://a@b@h:994/Reports/DMARC rua",
		   994, false);
	expect_url("imaps://a@[::1]:1993/x", "imap://a@[::1]:1993/x", 1993, true);
	expect_url("imap://a@127.0.0.2", "imap://a@127.0.0.2/INBOX", 143, true);
	expect_url("imap://a@localhost", "imap://a@localhost/INBOX", 143, true);
	expect_url("imap://a@127.0.0.1.example.org", "imap://a@127.0.0.1.example.org/INBOX", 143,
		   false);
	expect_url("imaps://host/x", NULL, 0, false);
	expect_url("imaps://user:secret@host/x", NULL, 0, false);
	expect_url("imaps://a@host:0/x", NULL, 0, false);
	expect_url("imaps://a@host:66000", NULL, 0, false);
	expect_url("imaps://a@-host", NULL, 0, false);
	expect_url("imaps://a@ho st", NULL, 0, false);
	expect_url("imaps://a%0d%0ab@host", NULL, 0, false);
	expect_url("imaps://a%0@host", NULL, 0, false);
	expect_url("imaps://a@host/%ff", NULL, 0, false);
	expect_url("imaps://@host/x", NULL, 0, false);
	cr_expect(imap_url_is(SLICE("IMAPS://x")) && !imap_url_is(SLICE("imapx://x")) &&
		  !imap_url_is(SLICE("Maildir")));
}
