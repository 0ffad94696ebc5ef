/* SPDX-License-Identifier: MIT */
#include "ingest/imap_session.h"

#include <stdlib.h>

#include "ingest/imap_fetch.h"
#include "ingest/imap_login.h"
#include "ingest/imap_settle.h"
#include "tests/unit/expect.h"
#include "tests/unit/imap_script.h"

#include "base/banned.h"

enum { STEPS = 24 };

static void start(struct imap_session *s, struct imap_script *script, const char *name,
		  const char *const *steps)
{
	imap_script_init(script, name, steps);
	imap_session_init(s, &script->transport, "mail.example");
}

static void end(struct imap_session *s, struct imap_script *script)
{
	imap_session_release(s);
	imap_script_end(script);
}

/* An error that is expected, or none: NULL. */
static void expect_err(bool ok, const struct err *e, enum err_kind kind, const char *text,
		       const char *name)
{
	cr_expect(ok == !text, "%s: %s: %s", name, e->what, e->where);
	if (!text)
		return;
	EXPECT_INT(e->kind, kind, name);
	cr_expect(strstr(e->what, text) || strstr(e->remedy, text), "%s: %s: %s", name, e->what,
		  e->remedy);
}

/* --- logging in ---------------------------------------------------------------------------------- */

struct login {
	const char *name, *user, *secret;
	bool token, preauthenticated;
	enum err_kind kind;
	const char *error; /* NULL: it works */
	const char *steps[STEPS];
};

#define LOGGED_IN                                                                                  \
	"> R3 CAPABILITY", "< * CAPABILITY IMAP4rev1 MOVE UIDPLUS", "< R3 OK x",                   \
		"> R4 LIST \"\" \"\"", "< * LIST (\\Noselect) \".\" \"\"", "< R4 OK x"

static const struct login logins[] = {
	{ "PLAIN at once",
	  "us@example.org",
	  "p\"w\\1",
	  false,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 SASL-IR AUTH=GSSAPI AUTH=PLAIN",
	    "< R1 OK done", "> R2 AUTHENTICATE PLAIN AHVzQGV4YW1wbGUub3JnAHAid1wx",
	    "< * OK [ALERT] hello", "< R2 OK [CAPABILITY IMAP4rev1] in", LOGGED_IN } },
	{ "PLAIN when asked",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 AUTH=PLAIN", "< R1 OK x",
	    "> R2 AUTHENTICATE PLAIN", "< + ", "> AHUAcA==", "< R2 OK x", LOGGED_IN } },
	{ "LOGIN",
	  "u ser",
	  "p\"w",
	  false,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R1 OK x",
	    "> R2 LOGIN \"u ser\" \"p\\\"w\"", "< R2 OK x", LOGGED_IN } },
	{ "AUTH=LOGIN",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=LOGIN", "< R1 OK x",
	    "> R2 AUTHENTICATE LOGIN", "< + VXNlcm5hbWU6", "> dQ==", "< + UGFzc3dvcmQ6",
	    "> cA==", "< R2 OK x", LOGGED_IN } },
	{ "XOAUTH2",
	  "u",
	  "t",
	  true,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2",
	    "< R1 OK x", "> R2 AUTHENTICATE XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIHQBAQ==", "< R2 OK x",
	    LOGGED_IN } },
	{ "OAUTHBEARER",
	  "u",
	  "t",
	  true,
	  false,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER",
	    "< R1 OK x", "> R2 AUTHENTICATE OAUTHBEARER bixhPXUsAWF1dGg9QmVhcmVyIHQBAQ==",
	    "< R2 OK x", LOGGED_IN } },
	{ "a token that has ended",
	  "u",
	  "t",
	  true,
	  false,
	  ERR_CONFIG,
	  "AUTHENTICATE failed. (400)",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", "< R1 OK x",
	    "> R2 AUTHENTICATE XOAUTH2 dXNlcj11AWF1dGg9QmVhcmVyIHQBAQ==",
	    "< + eyJzdGF0dXMiOiI0MDAifQ==", "> ", "< R2 NO AUTHENTICATE failed." } },
	{ "a wrong password",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_CONFIG,
	  "check user and password",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R1 OK x", "> R2 LOGIN \"u\" \"p\"",
	    "< R2 NO [AUTHENTICATIONFAILED] no" } },
	{ "not now",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_UNREACHABLE,
	  "[UNAVAILABLE]",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R1 OK x", "> R2 LOGIN \"u\" \"p\"",
	    "< R2 NO [UNAVAILABLE] later" } },
	{ "no way in",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_CONFIG,
	  "--token-command",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2",
	    "< R1 OK x" } },
	{ "a password for LOGIN that is not ASCII",
	  "u",
	  "\xc3\xbc",
	  false,
	  false,
	  ERR_CONFIG,
	  "no way to log in",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R1 OK x" } },
	{ "PREAUTH",
	  "u",
	  "p",
	  false,
	  true,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R1 OK x", "> R2 CAPABILITY",
	    "< * CAPABILITY IMAP4rev1 MOVE UIDPLUS", "< R2 OK x", "> R3 LIST \"\" \"\"",
	    "< * LIST (\\Noselect) \".\" \"\"", "< R3 OK x" } },
	{ "what a library has swallowed",
	  "u",
	  "p",
	  false,
	  true,
	  ERR_NONE,
	  NULL,
	  { "> R1 CAPABILITY", "< ISTS", "< A002 OK stale", "< * 1 FETCH (BODY[] {3}",
	    "< * CAPABILITY IMAP4rev1", "< R1 OK x", "> R2 CAPABILITY",
	    "< * CAPABILITY IMAP4rev1 MOVE UIDPLUS", "< R2 OK x", "> R3 LIST \"\" \"\"",
	    "< * LIST (\\Noselect) \".\" \"\"", "< R3 OK x" } },
	{ "questions without an end",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_UNREACHABLE,
	  "on and on",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", "< R1 OK x",
	    "> R2 AUTHENTICATE PLAIN AHUAcA==", "< + ", "> *", "< + " } },
	{ "a server that ends it",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_UNREACHABLE,
	  "too many",
	  { "> R1 CAPABILITY", "< * BYE too many connections" } },
	{ "one that just goes",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_UNREACHABLE,
	  "closed the connection",
	  { "> R1 CAPABILITY", "< * CAPABILITY IMAP4rev1", "!" } },
	{ "the end of what was not begun",
	  "u",
	  "p",
	  false,
	  false,
	  ERR_UNREACHABLE,
	  "keep to IMAP",
	  { "> R1 CAPABILITY", "< R7 OK x" } },
};

struct known_secret {
	struct imap_credentials credentials;
	const char *secret;
};

static bool give_secret(struct imap_credentials *c, struct buf *secret, struct err *e UNUSED)
{
	buf_append_text(secret, ((struct known_secret *)c)->secret);
	return true;
}

static void expect_login(const struct login *l)
{
	struct known_secret k = { { l->user, l->token, give_secret }, l->secret };
	struct imap_script script;
	struct imap_session s;
	struct err e = ERR_INIT;
	bool in;

	start(&s, &script, l->name, l->steps);
	script.transport.preauthenticated = l->preauthenticated;
	in = imap_connect(&s, &e) && imap_login(&s, &k.credentials, &e);
	expect_err(in, &e, l->kind, l->error, l->name);
	cr_expect(!in || (s.can[IMAP_CAN_MOVE] && s.delimiter == '.'), "%s", l->name);
	EXPECT_INT(script.in_core, false, l->name);
	if (script.steps[0] && script.steps[0][0] == '!')
		script.steps++;
	end(&s, &script);
}

Test(imap_session, logs_in, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(logins); i++)
		expect_login(&logins[i]);
}

/* --- folders ------------------------------------------------------------------------------------- */

Test(imap_session, selects_and_lists, .timeout = 60)
{
	static const char *const steps[] = {
		"> R1 EXAMINE \"INBOX\"",
		"< * FLAGS (\\Seen)",
		"< * 3002 EXISTS",
		"< * 0 RECENT",
		"< * OK [UIDVALIDITY 77] ok",
		"< * OK [UIDNEXT 9000] ok",
		"< R1 OK [READ-ONLY] x",
		"> R2 UID SEARCH 3:3002 UNDELETED UNSEEN SINCE 1-Jan-2026",
		"< * 1 EXPUNGE",
		"< * SEARCH 9 7 8",
		"< R2 OK x",
		"> R3 UID SEARCH 1:2 UNDELETED UNSEEN SINCE 1-Jan-2026",
		"< * 4 FETCH (FLAGS (\\Seen))",
		"< * SEARCH 7 2 (MODSEQ 12)",
		"< R3 OK x",
		NULL
	};
	static const uint32_t want[] = { 2, 7, 8, 9 };
	const struct imap_criteria criteria = { 20454, true };
	struct imap_script script;
	struct imap_session s;
	struct err e = ERR_INIT;
	uint32_t *uids = NULL;
	size_t count = 0;

	start(&s, &script, "select", steps);
	cr_assert(imap_select(&s, SLICE("INBOX"), false, &e), "%s", e.what);
	EXPECT_INT(s.validity, 77, "validity");
	EXPECT_INT(s.writable, false, "writable");
	cr_assert(imap_search_all(&s, &criteria, &uids, &count, &e), "%s", e.what);
	EXPECT_INT(s.exists, 3001, "exists");
	EXPECT_INT(count, 4, "count");
	for (size_t i = 0; i < count; i++)
		EXPECT_INT(uids[i], want[i], "uid");
	free(uids);
	end(&s, &script);
}

struct selection {
	const char *name;
	enum err_kind kind;
	const char *error;
	const char *steps[STEPS];
};

static const struct selection selections[] = {
	{ "an empty folder",
	  ERR_NONE,
	  NULL,
	  { "> R1 SELECT \"x\"", "< * 0 EXISTS", "< * OK [UIDVALIDITY 1]", "< R1 OK x" } },
	{ "no such folder",
	  ERR_CONFIG,
	  "check its name",
	  { "> R1 SELECT \"x\"", "< R1 NO [NONEXISTENT] no" } },
	{ "throttled",
	  ERR_UNREACHABLE,
	  "[THROTTLED]",
	  { "> R1 SELECT \"x\"", "< R1 NO [THROTTLED] slow down" } },
	{ "without UIDVALIDITY",
	  ERR_CONFIG,
	  "UIDVALIDITY",
	  { "> R1 SELECT \"x\"", "< * 1 EXISTS", "< R1 OK x" } },
	{ "a UID that is none",
	  ERR_UNREACHABLE,
	  "UID that is none",
	  { "> R1 SELECT \"x\"", "< * 1 EXISTS", "< * OK [UIDVALIDITY 1]", "< R1 OK x",
	    "> R2 UID SEARCH 1:1 UNDELETED", "< * SEARCH 1 4294967296" } },
	{ "a server that waits", ERR_UNREACHABLE, "waits", { "> R1 SELECT \"x\"", "< + what?" } },
	{ "a mail that nobody wants",
	  ERR_UNREACHABLE,
	  "nobody asked for",
	  { "> R1 SELECT \"x\"", "< * 1 FETCH (BODY[] {3}" } },
};

Test(imap_session, tells_what_a_folder_is_not, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(selections); i++) {
		const struct imap_criteria criteria = { 0 };
		struct imap_script script;
		struct imap_session s;
		struct err e = ERR_INIT;
		uint32_t *uids = NULL;
		size_t count = 0;
		bool ok;

		start(&s, &script, selections[i].name, selections[i].steps);
		ok = imap_select(&s, SLICE("x"), true, &e) &&
			imap_search_all(&s, &criteria, &uids, &count, &e);
		expect_err(ok, &e, selections[i].kind, selections[i].error, selections[i].name);
		free(uids);
		end(&s, &script);
	}
}

Test(imap_session, loses_patience, .timeout = 60)
{
	const char *steps[5002];
	struct imap_script script;
	struct imap_session s;
	struct err e = ERR_INIT;

	for (size_t i = 1; i < COUNT_OF(steps); i++)
		steps[i] = "< * 1 EXISTS";
	steps[0] = "> R1 CAPABILITY";
	steps[COUNT_OF(steps) - 1] = NULL;
	start(&s, &script, "flood", steps);
	cr_expect(!imap_connect(&s, &e));
	EXPECT_INT(e.kind, ERR_UNREACHABLE, "kind");
	cr_expect(strstr(e.what, "more than anybody asked for"), "%s", e.what);
	cr_expect(script.steps > steps + 1000 && *script.steps, "a limit of its own");
	imap_session_release(&s);
	buf_release(&script.sent);
}

/* --- mails --------------------------------------------------------------------------------------- */

/* wanted: UIDs that are taken in turn; got: their bytes, "-" gone, "#" too large; or the error. */
struct fetching {
	const char *name;
	const char *got;
	enum err_kind kind;
	const char *error;
	uint32_t wanted[4];
	const char *steps[STEPS];
};

#define SIZES(set) "> R1 UID FETCH " set " (UID RFC822.SIZE)"

static const struct fetching fetchings[] = {
	{ "two",
	  "ab|cde|",
	  ERR_NONE,
	  NULL,
	  { 5, 6 },
	  { SIZES("5:6"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< * 2 FETCH (RFC822.SIZE 3 UID 6)",
	    "< R1 OK x", "> R2 UID FETCH 5:6 (UID BODY.PEEK[])", "< * 1 FETCH (UID 5 BODY[] {2}",
	    "< ab)", "< * 2 FETCH (BODY[] {3}", "< cde UID 6)", "< R2 OK x" } },
	{ "strings of every kind",
	  "a\"b||ab|",
	  ERR_NONE,
	  NULL,
	  { 5, 6, 7 },
	  { SIZES("5:7"), "< * 1 FETCH (UID 5 RFC822.SIZE 9)", "< * 2 FETCH (UID 6 RFC822.SIZE 9)",
	    "< * 3 FETCH (UID 7 RFC822.SIZE 9)", "< R1 OK x",
	    "> R2 UID FETCH 5:7 (UID BODY.PEEK[])", "< * 1 FETCH (UID 5 BODY[] \"a\\\"b\")",
	    "< * 2 FETCH (BODY[] NIL UID 6)", "< * 3 FETCH (X (1 (2)) BODY[] \"ab\" UID 7)",
	    "< R2 OK x" } },
	{ "what others do meanwhile",
	  "ab|-|",
	  ERR_NONE,
	  NULL,
	  { 5, 6 },
	  { SIZES("5:6"), "< * 2 FETCH (FLAGS (\\Seen))", "< * 1 FETCH (UID 5 RFC822.SIZE 2)",
	    "< * 9 FETCH (UID 6 RFC822.SIZE 3 FLAGS ())", "< R1 OK x",
	    "> R2 UID FETCH 5:6 (UID BODY.PEEK[])", "< * 2 EXPUNGE", "< * VANISHED 6",
	    "< * 44 EXISTS", "< * 1 FETCH (UID 5 BODY[] {2}", "< ab)", "< R2 OK x" } },
	{ "a size of none is gone", "-|", ERR_NONE, NULL, { 5 }, { SIZES("5"), "< R1 OK x" } },
	{ "a mail that nobody asked for, and one twice",
	  "ab|",
	  ERR_NONE,
	  NULL,
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< R1 OK x",
	    "> R2 UID FETCH 5 (UID BODY.PEEK[])", "< * 3 FETCH (UID 7 BODY[] {2}", "< xy)",
	    "< * 1 FETCH (UID 5 BODY[] {2}", "< ab)", "< * 1 FETCH (UID 5 BODY[] {2}", "< zz)",
	    "< R2 OK x" } },
	{ "one that is too large is not fetched",
	  "#|ab|",
	  ERR_NONE,
	  NULL,
	  { 5, 6 },
	  { SIZES("5:6"), "< * 1 FETCH (UID 5 RFC822.SIZE 99999999999)",
	    "< * 1 FETCH (UID 6 RFC822.SIZE 2)", "< R1 OK x", "> R2 UID FETCH 6 (UID BODY.PEEK[])",
	    "< * 1 FETCH (UID 6 BODY[] {2}", "< ab)", "< R2 OK x" } },
	{ "one that is refused takes no others along",
	  "ab|",
	  ERR_NO_INPUT,
	  "corrupt",
	  { 5, 6 },
	  { SIZES("5:6"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< * 1 FETCH (UID 6 RFC822.SIZE 2)",
	    "< R1 OK x", "> R2 UID FETCH 5:6 (UID BODY.PEEK[])", "< R2 NO corrupt",
	    "> R3 UID FETCH 5 (UID BODY.PEEK[])", "> R4 UID FETCH 6 (UID BODY.PEEK[])",
	    "< * 1 FETCH (UID 5 BODY[] {2}", "< ab)", "< R3 OK x", "< R4 NO corrupt" } },
	{ "throttled",
	  "",
	  ERR_UNREACHABLE,
	  "THROTTLED",
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< R1 OK x",
	    "> R2 UID FETCH 5 (UID BODY.PEEK[])", "< R2 NO [THROTTLED] wait" } },
	{ "a literal8",
	  "",
	  ERR_UNREACHABLE,
	  "no string",
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< R1 OK x",
	    "> R2 UID FETCH 5 (UID BODY.PEEK[])", "< * 1 FETCH (UID 5 BODY[] ~{2}", "< ab)" } },
	{ "4 GiB",
	  "",
	  ERR_UNREACHABLE,
	  "4294967296 bytes",
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH (UID 5 RFC822.SIZE 2)", "< R1 OK x",
	    "> R2 UID FETCH 5 (UID BODY.PEEK[])", "< * 1 FETCH (UID 5 BODY[] {4294967296}" } },
	{ "the end within a mail",
	  "",
	  ERR_UNREACHABLE,
	  "closed",
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH (UID 5 RFC822.SIZE 20)", "< R1 OK x",
	    "> R2 UID FETCH 5 (UID BODY.PEEK[])", "< * 1 FETCH (UID 5 BODY[] {20}",
	    "= only this" } },
	{ "no list",
	  "",
	  ERR_UNREACHABLE,
	  "cannot be read",
	  { 5 },
	  { SIZES("5"), "< * 1 FETCH UID 5" } },
};

static bool take(struct imap_fetch *f, uint32_t uid, struct buf *got, struct err *e)
{
	struct spool spool = SPOOL_INIT(0);
	uint64_t size = 0;
	char bytes[100];
	int taken = imap_fetch_take(f, uid, &size, &spool, e);

	if (taken < 0)
		return false;
	if (taken == 0)
		buf_append_text(got, "-");
	else if (size > 1000000)
		buf_append_text(got, "#");
	else
		buf_append(got, slice_of(bytes, (size_t)spool_read(&spool, bytes, size, 0, e)));
	buf_append_text(got, "|");
	spool_release(&spool);
	return true;
}

static void expect_fetching(const struct fetching *c, size_t piece)
{
	SCOPED(buf) struct buf got = { 0 };
	struct imap_script script;
	struct imap_session s;
	struct imap_fetch f;
	struct err e = ERR_INIT;
	bool ok = true;

	start(&s, &script, c->name, c->steps);
	script.piece = piece;
	imap_fetch_init(&f, &s);
	for (size_t i = 0; c->wanted[i] > 0; i++)
		imap_fetch_expect(&f, c->wanted[i]);
	for (size_t i = 0; ok && c->wanted[i] > 0; i++)
		ok = take(&f, c->wanted[i], &got, &e);
	expect_err(ok, &e, c->kind, c->error, c->name);
	EXPECT_TEXT(slice_from(buf_text(&got)), c->got, c->name);
	imap_fetch_release(&f);
	end(&s, &script);
}

Test(imap_session, fetches_mails, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(fetchings); i++) {
		expect_fetching(&fetchings[i], 0);
		expect_fetching(&fetchings[i], 1);
	}
}

/* --- settling ------------------------------------------------------------------------------------ */

enum how { MARK, DELETE, MOVE };

/* UIDs 3, 4 and 9; done: what is there of each, with its new UID. */
struct settling {
	const char *name;
	enum how how;
	bool move, uidplus;
	const char *done;
	enum err_kind kind;
	const char *error;
	const char *steps[STEPS];
};

#define LOOK "> R1 UID SEARCH UID 3:4,9 UNDELETED"

static const struct settling settlings[] = {
	{ "mark",
	  MARK,
	  true,
	  true,
	  "3:0 9:0 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3 9", "< R1 OK x", "> R2 UID STORE 3,9 +FLAGS.SILENT (\\Seen)",
	    "< * 3 FETCH (FLAGS (\\Seen) UID 9)", "< R2 OK x" } },
	{ "nothing is there",
	  MOVE,
	  true,
	  true,
	  "",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH", "< R1 OK x" } },
	{ "delete",
	  DELETE,
	  true,
	  true,
	  "3:0 4:0 9:0 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 9 3 4", "< R1 OK x", "> R2 UID STORE 3:4,9 +FLAGS.SILENT (\\Deleted)",
	    "< R2 OK x", "> R3 UID EXPUNGE 3:4,9", "< * 1 EXPUNGE", "< R3 OK x" } },
	{ "delete without UIDPLUS: no EXPUNGE that could hit others",
	  DELETE,
	  true,
	  false,
	  "3:0 4:0 9:0 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 9 3 4", "< R1 OK x", "> R2 UID STORE 3:4,9 +FLAGS.SILENT (\\Deleted)",
	    "< R2 OK x" } },
	{ "move",
	  MOVE,
	  true,
	  true,
	  "3:30 9:31 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3 4 9", "< R1 OK x", "> R2 UID MOVE 3:4,9 \"A&-B\"",
	    "< * OK [COPYUID 7 3,9 30:31] moved", "< * 1 EXPUNGE", "< R2 OK x" } },
	{ "move where the server names no UIDs",
	  MOVE,
	  true,
	  false,
	  "3:0 4:0 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3 4", "< R1 OK x", "> R2 UID MOVE 3:4 \"A&-B\"", "< R2 OK x" } },
	{ "copy, where there is no MOVE",
	  MOVE,
	  false,
	  true,
	  "3:31 4:30 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3 4", "< R1 OK x", "> R2 UID COPY 3:4 \"A&-B\"",
	    "< R2 OK [COPYUID 7 4,3 30:31] x", "> R3 UID STORE 3:4 +FLAGS.SILENT (\\Deleted)",
	    "< R3 OK x", "> R4 UID EXPUNGE 3:4", "< R4 OK x" } },
	{ "neither MOVE nor UIDPLUS",
	  MOVE,
	  false,
	  false,
	  "3:0 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID COPY 3 \"A&-B\"", "< R2 OK x",
	    "> R3 UID STORE 3 +FLAGS.SILENT (\\Deleted)", "< R3 OK x" } },
	{ "a folder that is missing is made",
	  MOVE,
	  true,
	  true,
	  "3:5 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID MOVE 3 \"A&-B\"", "< R2 NO [TRYCREATE] no",
	    "> R3 LIST \"\" \"A&-B\"", "< R3 OK x", "> R4 CREATE \"A&-B\"", "< R4 OK x",
	    "> R5 UID MOVE 3 \"A&-B\"", "< * OK [COPYUID 7 3 5] x", "< R5 OK x" } },
	{ "a folder that may not be made",
	  MOVE,
	  true,
	  true,
	  "",
	  ERR_CONFIG,
	  "below INBOX/",
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID MOVE 3 \"A&-B\"", "< R2 NO no",
	    "> R3 LIST \"\" \"A&-B\"", "< * LIST (\\NonExistent) \"/\" \"A&-B\"",
	    "< * LIST (\\NoSelect) \"/\" \"A&-B\"", "< R3 OK x", "> R4 CREATE \"A&-B\"",
	    "< R4 NO [NOPERM] no" } },
	{ "a folder that is there and full",
	  MOVE,
	  true,
	  true,
	  "",
	  ERR_CONFIG,
	  "[OVERQUOTA]",
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID MOVE 3 \"A&-B\"",
	    "< R2 NO [OVERQUOTA] full", "> R3 LIST \"\" \"A&-B\"", "< * LIST () \"/\" \"A&-B\"",
	    "< R3 OK x" } },
	{ "a copy that fails deletes nothing",
	  MOVE,
	  false,
	  true,
	  "",
	  ERR_UNREACHABLE,
	  "[INUSE]",
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID COPY 3 \"A&-B\"", "< R2 NO [INUSE] x",
	    "> R3 LIST \"\" \"A&-B\"", "< * LIST () \"/\" \"A&-B\"", "< R3 OK x" } },
	{ "a COPYUID of more mails than there are",
	  MOVE,
	  true,
	  true,
	  "3:3 ",
	  ERR_NONE,
	  NULL,
	  { LOOK, "< * SEARCH 3", "< R1 OK x", "> R2 UID MOVE 3 \"A&-B\"",
	    "< * OK [COPYUID 7 1:4294967295 1:4294967295] x", "< R2 OK x" } },
};

static bool settle(struct imap_session *s, enum how how, struct imap_settled *mails,
		   uint32_t *validity, struct err *e)
{
	if (how == MARK)
		return imap_mark_seen(s, mails, 3, e);
	if (how == DELETE)
		return imap_delete(s, mails, 3, e);
	return imap_move(s, SLICE("A&-B"), mails, 3, validity, e);
}

Test(imap_session, settles, .timeout = 60)
{
	for (size_t i = 0; i < COUNT_OF(settlings); i++) {
		const struct settling *c = &settlings[i];
		struct imap_settled mails[] = { { .uid = 3 }, { .uid = 4 }, { .uid = 9 } };
		SCOPED(buf) struct buf done = { 0 };
		struct imap_script script;
		struct imap_session s;
		struct err e = ERR_INIT;
		uint32_t validity = 0;
		bool ok;

		start(&s, &script, c->name, c->steps);
		s.can[IMAP_CAN_MOVE] = c->move;
		s.can[IMAP_CAN_UIDPLUS] = c->uidplus;
		ok = settle(&s, c->how, mails, &validity, &e);
		expect_err(ok, &e, c->kind, c->error, c->name);
		for (size_t m = 0; ok && m < COUNT_OF(mails); m++) {
			if (mails[m].there)
				buf_printf(&done, "%lu:%lu ", (unsigned long)mails[m].uid,
					   (unsigned long)mails[m].to);
		}
		EXPECT_TEXT(slice_from(buf_text(&done)), c->done, c->name);
		end(&s, &script);
	}
}
