/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "ingest/imap_access.h"
#include "ingest/source_kinds.h"
#include "tests/unit/expect.h"
#include "tests/unit/imap_script.h"

#include "base/banned.h"

#define SPEC "imaps://u@mail.example/Box"

/* The tags go on from one connection to the next. */
#define LOGIN(a, b, c, d)                                                                          \
	"> R" a " CAPABILITY", "< * CAPABILITY IMAP4rev1", "< R" a " OK x",                        \
		"> R" b " LOGIN \"u\" \"p\"", "< R" b " OK x", "> R" c " CAPABILITY",              \
		"< * CAPABILITY IMAP4rev1 MOVE UIDPLUS", "< R" c " OK x",                          \
		"> R" d " LIST \"\" \"\"", "< * LIST () \"/\" \"\"", "< R" d " OK x"
#define EXAMINE(a, validity, exists)                                                               \
	"> R" a " EXAMINE \"Box\"", "< * " exists " EXISTS",                                       \
		"< * OK [UIDVALIDITY " validity "] x", "< R" a " OK x"
#define SEARCH(a, last, uids)                                                                      \
	"> R" a " UID SEARCH 1:" last " UNDELETED", "< * SEARCH " uids, "< R" a " OK x"

struct bed {
	struct imap_script script;
	struct imap_access access;
	struct source *source;
	struct message messages[4];
	size_t count;
	struct err e;
};

static void start(struct bed *b, const char *name, const char *const *steps)
{
	*b = (struct bed){ .access.password = "p", .e = ERR_INIT };
	imap_script_init(&b->script, name, steps);
	b->source = source_imap_over(SPEC, &b->access, &b->script.transport, &b->e);
	while (b->source && b->count < COUNT_OF(b->messages) &&
	       b->source->ops->next(b->source, &b->messages[b->count], &b->e) > 0) {
		b->source->ops->will_open(b->source, &b->messages[b->count]);
		b->count++;
	}
}

static void end(struct bed *b)
{
	source_close(b->source);
	for (size_t i = 0; i < b->count; i++)
		message_release(&b->messages[i]);
	imap_script_end(&b->script);
}

/* want: its bytes; NULL: it is not to be had. */
static void expect_mail(struct bed *b, size_t n, const char *want)
{
	char bytes[100];
	SCOPED(fd) int fd = b->source->ops->open(b->source, &b->messages[n], &b->e);

	cr_expect((fd >= 0) == (want != NULL), "%s: %s", b->script.name, b->e.what);
	if (fd < 0 || !want)
		return;

	ssize_t got = file_read_at(fd, bytes, sizeof(bytes), 0, &b->e);

	EXPECT_TEXT(slice_of(bytes, (size_t)got), want, b->script.name);
	EXPECT_INT(b->messages[n].size, strlen(want), b->script.name);
}

Test(source_imap, goes_on_where_a_connection_broke, .timeout = 60)
{
	static const char *const steps[] = { LOGIN("1", "2", "3", "4"),
					     EXAMINE("5", "77", "2"),
					     SEARCH("6", "2", "5 6"),
					     "> R7 UID FETCH 5:6 (UID RFC822.SIZE)",
					     "< * 1 FETCH (UID 5 RFC822.SIZE 2)",
					     "< * 2 FETCH (UID 6 RFC822.SIZE 4)",
					     "< R7 OK x",
					     "> R8 UID FETCH 5:6 (UID BODY.PEEK[])",
					     "< * 1 FETCH (UID 5 BODY[] {2}",
					     "< ab)",
					     "< * 2 FETCH (UID 6 BODY[] {4}",
					     "= cd",
					     "!",
					     LOGIN("9", "10", "11", "12"),
					     EXAMINE("13", "77", "2"),
					     "> R14 UID FETCH 6 (UID BODY.PEEK[])",
					     "< * 2 FETCH (UID 6 BODY[] {4}",
					     "< cdef)",
					     "< R14 OK x",
					     NULL };
	struct bed b;

	start(&b, "broken off", steps);
	EXPECT_INT(b.count, 2, "messages");
	EXPECT_TEXT(slice_from(b.messages[0].source), "imap://u@mail.example/Box", "source");
	EXPECT_TEXT(slice_from(b.messages[0].locator), "77/5", "locator");
	expect_mail(&b, 0, "ab");
	expect_mail(&b, 1, "cdef");
	EXPECT_INT(b.script.opened, 2, "connections");
	EXPECT_INT(b.script.backed_off, 1, "with a pause");
	end(&b);
}

Test(source_imap, gives_up_in_the_end, .timeout = 60)
{
	static const char *const steps[] = {
		"> R1 CAPABILITY", "< * BYE full",    "> R2 CAPABILITY",
		"< * BYE full",    "> R3 CAPABILITY", "!",
		"> R4 CAPABILITY", "< * BYE full",    NULL
	};
	struct bed b;

	start(&b, "away", steps);
	cr_expect_null(b.source);
	EXPECT_INT(b.e.kind, ERR_UNREACHABLE, "kind");
	EXPECT_TEXT(slice_from(b.e.where), "mail.example, asked to say what it can", "where");
	EXPECT_INT(b.script.backed_off, 3, "pauses");
	end(&b);
}

Test(source_imap, does_not_mix_up_folders, .timeout = 60)
{
	static const char *const steps[] = { LOGIN("1", "2", "3", "4"),
					     EXAMINE("5", "77", "1"),
					     SEARCH("6", "1", "5"),
					     "> R7 UID FETCH 5 (UID RFC822.SIZE)",
					     "!",
					     LOGIN("8", "9", "10", "11"),
					     EXAMINE("12", "78", "1"),
					     LOGIN("13", "14", "15", "16"),
					     EXAMINE("17", "78", "1"),
					     LOGIN("18", "19", "20", "21"),
					     EXAMINE("22", "78", "1"),
					     NULL };
	struct bed b;

	start(&b, "made anew", steps);
	expect_mail(&b, 0, NULL);
	EXPECT_INT(b.e.kind, ERR_UNREACHABLE, "kind");
	cr_expect(strstr(b.e.what, "made anew"), "%s", b.e.what);
	end(&b);
}

Test(source_imap, does_not_insist_on_a_password, .timeout = 60)
{
	static const char *const steps[] = {
		"> R1 CAPABILITY",        "< * CAPABILITY IMAP4rev1",          "< R1 OK x",
		"> R2 LOGIN \"u\" \"p\"", "< R2 NO [AUTHENTICATIONFAILED] no", NULL
	};
	struct bed b;

	start(&b, "refused", steps);
	cr_expect_null(b.source);
	EXPECT_INT(b.e.kind, ERR_CONFIG, "kind");
	EXPECT_INT(b.script.opened, 1, "connections");
	end(&b);
}

static void expect_settled(struct bed *b, size_t n, int want, const char *locator)
{
	struct place now = { 0 };

	EXPECT_INT(source_settle(b->source, &b->messages[n], ENDING_GOOD, &now, &b->e), want,
		   b->script.name);
	EXPECT_TEXT(slice_from(now.locator), locator, b->script.name);
	place_release(&now);
}

Test(source_imap, settles_many_by_one_command, .timeout = 60)
{
	static const char *const steps[] = { LOGIN("1", "2", "3", "4"),
					     EXAMINE("5", "77", "3"),
					     SEARCH("6", "3", "5 6 9"),
					     "> R7 SELECT \"Box\"",
					     "< * 3 EXISTS",
					     "< * OK [UIDVALIDITY 77] x",
					     "< R7 OK [READ-WRITE] x",
					     "> R8 UID SEARCH UID 5:6,9 UNDELETED",
					     "< * SEARCH 5 9",
					     "< R8 OK x",
					     "> R9 UID MOVE 5,9 \"Done/R&APw-\"",
					     "< * OK [COPYUID 80 5,9 100:101] x",
					     "< R9 OK x",
					     NULL };
	const struct settlement_plan plan = { .by[ENDING_GOOD] = { SETTLE_MOVE,
								   "Done/R\xc3\xbc" } };
	struct bed b;

	start(&b, "settled", steps);
	EXPECT_INT(b.count, 3, "messages");
	b.source->plan = &plan;
	for (size_t i = 0; i < b.count; i++)
		source_will_settle(b.source, &b.messages[i], ENDING_GOOD);
	/* in whatever order */
	expect_settled(&b, 2, 1, "80/101");
	expect_settled(&b, 0, 1, "80/100");
	expect_settled(&b, 1, 0, NULL);
	end(&b);
}

Test(source_imap, writes_nothing_where_it_may_only_read, .timeout = 60)
{
	static const char *const steps[] = { LOGIN("1", "2", "3", "4"),
					     EXAMINE("5", "77", "1"),
					     SEARCH("6", "1", "5"),
					     "> R7 SELECT \"Box\"",
					     "< * 1 EXISTS",
					     "< * OK [UIDVALIDITY 77] x",
					     "< R7 OK [READ-ONLY] x",
					     NULL };
	const struct settlement_plan plan = { .by[ENDING_GOOD] = { SETTLE_DELETE, NULL } };
	struct bed b;

	start(&b, "read-only", steps);
	b.source->plan = &plan;
	expect_settled(&b, 0, -1, NULL);
	cr_expect(strstr(b.e.what, "can only be read"), "%s", b.e.what);
	end(&b);
}

static void expect_listed(struct bed *b, const char *const *locators)
{
	struct message m;
	size_t n = 0;

	for (; b->source->ops->next(b->source, &m, &b->e) > 0; n++) {
		cr_assert(locators[n], "%s: more than wanted", b->script.name);
		EXPECT_TEXT(slice_from(m.locator), locators[n], b->script.name);
		message_release(&m);
	}
	cr_expect_null(locators[n], "%s: fewer than wanted", b->script.name);
}

#define NEWS(a) "> R" a " NOOP"

/* Also where the connection breaks meanwhile, and where the folder becomes another one. */
Test(source_imap, lists_what_has_come_since, .timeout = 60)
{
	static const char *const steps[] = { LOGIN("1", "2", "3", "4"),
					     EXAMINE("5", "77", "2"),
					     SEARCH("6", "2", "5 6"),
					     NEWS("7"),
					     "< * 3 EXISTS",
					     "< R7 OK x",
					     SEARCH("8", "3", "5 6 9"),
					     NEWS("9"),
					     "!",
					     LOGIN("10", "11", "12", "13"),
					     EXAMINE("14", "77", "2"),
					     NEWS("15"),
					     "< R15 OK x",
					     SEARCH("16", "2", "9 12"),
					     NEWS("17"),
					     "< R17 OK x",
					     SEARCH("18", "2", "9 12"),
					     NEWS("19"),
					     "!",
					     LOGIN("20", "21", "22", "23"),
					     EXAMINE("24", "78", "1"),
					     NEWS("25"),
					     "< R25 OK x",
					     SEARCH("26", "1", "9"),
					     NULL };
	struct bed b;

	start(&b, "again", steps);
	EXPECT_INT(b.count, 2, "messages");
	cr_assert(b.source->ops->again(b.source, false, &b.e));
	EXPECT_INT(b.source->count_hint, 1, "hint");
	expect_listed(&b, (const char *const[]){ "77/9", NULL });
	cr_assert(b.source->ops->again(b.source, false, &b.e));
	expect_listed(&b, (const char *const[]){ "77/12", NULL });
	cr_assert(b.source->ops->again(b.source, true, &b.e));
	expect_listed(&b, (const char *const[]){ "77/9", "77/12", NULL });
	cr_assert(b.source->ops->again(b.source, false, &b.e));
	expect_listed(&b, (const char *const[]){ "78/9", NULL });
	EXPECT_INT(b.script.opened, 3, "connections");
	end(&b);
}
