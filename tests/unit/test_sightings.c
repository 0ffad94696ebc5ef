/* SPDX-License-Identifier: MIT */
/* From the mail of a window to what is decided on one piece of it, and what people are told then. */
#include "reports/sightings.h"

#include <criterion/criterion.h>

#include "base/text.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

enum { MAIL_MAX = 6, WORDS_MAX = 4, REMEDY_MEMORY = 1 << 20 };

/* A row of the window: who saw it, when, how much. */
struct mail {
	const char *reporter;
	int64_t first, last;
	uint64_t days, count;
	struct judge_row row;
};

struct window_test {
	const char *name;
	struct mail mail[MAIL_MAX]; /* the first is what is decided on */
	bool task;
	const char *has[WORDS_MAX], *lacks[WORDS_MAX];
};

#define ON_SES        "a7-12.smtp-out.eu-west-1.amazonses.com"
#define ELSEWHERE_SES "a7-12.smtp-out.us-west-2.amazonses.com"
#define BY_SES        "eu-west-1.amazonses.com pass"
#define SES_SIGNS     "amazonses.com v pass"
#define SENDGRID      "o1.outbound-mail.sendgrid.net"
#define BROKEN        "example.com s1 fail, sendgrid.info smtpapi pass"

/* clang-format off */
static const struct mail broken_with_a =
	{ "a", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", BROKEN, .claim = "fail/fail" } };
#define MAIL_BROKEN(reporter, day) \
	{ reporter, day, day, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", BROKEN, .claim = "fail/fail" } }
#define MAIL_SIGNED(reporter, day) \
	{ reporter, day, day, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", \
	  "example.com s1 pass", .claim = "pass/fail" } }
#define MAIL_UNSIGNED(reporter) \
	{ reporter, 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", NULL, .claim = "fail/fail" } }
#define MAIL_OTHER_SIGNED(reporter) \
	{ reporter, 20, 20, 1, 9, { "example.com", NULL, "other.test pass", "other.test x pass", .claim = "fail/fail" } }
#define MAIL_LOOKUP(reporter, day, days, count) \
	{ reporter, day, day, days, count, { "example.com", SENDGRID, "sendgrid.net pass", \
	  "example.com s1 temperror", .claim = "fail/fail" } }
#define MAIL_SPF_LOOKUP(reporter, count) \
	{ reporter, 20, 20, 1, count, { "example.com", SENDGRID, "em.example.com temperror", \
	  "sendgrid.info smtpapi pass", .claim = "fail/fail" } }
#define SES(reporter, host, spf, dkim, said) \
	{ reporter, 20, 20, 1, 9, { "example.com", host, spf, dkim, .claim = said } }
static const struct window_test tests[] = {
	{ "a key that passes on the same day with somebody else is right",
	  { MAIL_BROKEN("a", 20), MAIL_BROKEN("b", 20), MAIL_SIGNED("c", 20) }, true,
	  { "s1._domainkey.example.com passes elsewhere, last on 1970-01-21", "the key is right" },
	  { "passes nowhere", "publish it", "DKIM text", "DKIM record" } },
	{ "and seven days before", { MAIL_BROKEN("a", 20), MAIL_BROKEN("b", 20), MAIL_SIGNED("c", 13) }, true,
	  { "the key is right" }, { "passes nowhere", "DKIM text" } },
	{ "eight days before, it has been lost since",
	  { MAIL_BROKEN("a", 20), MAIL_BROKEN("b", 20), MAIL_SIGNED("c", 12) }, true,
	  { "passes nowhere, and two or more reporters", "It passed last on 1970-01-13" }, { "key is right" } },
	{ "a key that passes nowhere, with two reporters",
	  { MAIL_BROKEN("a", 20), MAIL_BROKEN("b", 20) }, true,
	  { "DKIM text: s1._domainkey.example.com passes nowhere" }, { "key is right", "passed last", "If it passes" } },
	{ "with one reporter nothing is said of it",
	  { MAIL_BROKEN("a", 20), MAIL_BROKEN("a", 21) }, true,
	  { "it takes two reporters" }, { "DKIM text", "If it passes nowhere" } },
	{ "another key that passes says nothing",
	  { MAIL_BROKEN("a", 20), MAIL_BROKEN("b", 20),
	    { "c", 20, 20, 1, 9, { "example.com", SENDGRID, NULL, "example.com s2 pass", .claim = "pass/fail" } } },
	  true, { "s1._domainkey.example.com passes nowhere" }, { "key is right" } },
	{ "forwarded by two, it passes elsewhere: no key is touched",
	  { { "a", 20, 20, 1, 9, { "example.com", NULL, "example.com fail", "example.com s1 fail", .claim = "fail/fail" } },
	    { "b", 20, 20, 1, 9, { "example.com", NULL, "example.com fail", "example.com s1 fail", .claim = "fail/fail" } },
	    MAIL_SIGNED("c", 20) }, false,
	  { "DNS is not at fault", "passes elsewhere, last on 1970-01-21: the key is right" },
	  { "dead key", "passes nowhere", "text:" } },
	{ "and where it passes nowhere, a server of ours looks the same",
	  { { "a", 20, 20, 1, 9, { "example.com", NULL, "example.com fail", "example.com s1 fail", .claim = "fail/fail" } } },
	  false, { "passes nowhere in these days: a server of yours with a dead key" }, { "key is right" } },

	{ "a look-up that failed with one, rarely",
	  { MAIL_LOOKUP("a", 20, 1, 9), MAIL_SIGNED("b", 20),
	    { "a", 20, 20, 1, 991, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "One reporter, in less than 1 % of its mail" }, { "name servers", "DKIM text" } },
	{ "not so rarely",
	  { MAIL_LOOKUP("a", 20, 1, 10), MAIL_SIGNED("b", 20),
	    { "a", 20, 20, 1, 990, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "One reporter so far" }, { "less than 1 %", "DKIM text" } },
	{ "with two", { MAIL_LOOKUP("a", 20, 1, 1), MAIL_LOOKUP("b", 20, 1, 1), MAIL_SIGNED("b", 20),
	    { "a", 20, 20, 1, 991, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "DKIM text: It fails with several reporters" }, { "less than 1 %" } },
	{ "on three days, in three rows",
	  { MAIL_LOOKUP("a", 20, 1, 1), MAIL_LOOKUP("a", 21, 1, 1), MAIL_LOOKUP("a", 22, 1, 1), MAIL_SIGNED("b", 20),
	    { "a", 20, 20, 1, 991, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "DKIM text: It fails with several reporters, on three days" }, { "less than 1 %" } },
	{ "on two days, in three rows",
	  { MAIL_LOOKUP("a", 20, 1, 1), MAIL_LOOKUP("a", 21, 1, 1), MAIL_LOOKUP("a", 21, 1, 1), MAIL_SIGNED("b", 20),
	    { "a", 20, 20, 1, 991, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "less than 1 %" }, { "DKIM text" } },
	{ "a selector that never passes",
	  { MAIL_LOOKUP("a", 20, 1, 1),
	    { "a", 20, 20, 1, 991, { "example.com", NULL, "example.com pass", NULL, .claim = "fail/pass" } } }, true,
	  { "or the selector never passes: look at your name servers" }, { "less than 1 %" } },
	{ "an SPF record that two could not look up", { MAIL_SPF_LOOKUP("a", 1), MAIL_SPF_LOOKUP("b", 1) }, true,
	  { "SPF text: It fails with several reporters", "name servers of em.example.com" }, { "One reporter" } },
	{ "an SPF record that one could not look up", { MAIL_SPF_LOOKUP("a", 1) }, true,
	  { "SPF note: One reporter so far" }, { "It fails with several" } },

	{ "no envelope of ours anywhere: nothing to fall back from",
	  { SES("a", ON_SES, BY_SES, SES_SIGNS, "fail/fail") }, true,
	  { "custom MAIL FROM domain" }, { "tells nobody", "fell back" } },
	{ "the same account has one: it fell back",
	  { SES("a", ON_SES, BY_SES, "example.com k1 pass, " SES_SIGNS, "pass/fail"),
	    SES("b", ON_SES, "mf.example.com pass", "example.com k1 pass, " SES_SIGNS, "pass/pass") }, true,
	  { "SPF text: Other mail of this account has the envelope mf.example.com" }, { "Optional", "bounce." } },
	{ "another account has one",
	  { SES("a", ON_SES, BY_SES, "example.com k1 pass, " SES_SIGNS, "pass/fail"),
	    SES("b", ON_SES, "mf.example.com pass", "example.com k2 pass, " SES_SIGNS, "pass/pass") }, false,
	  { "Optional" }, { "fell back", "falls back" } },
	{ "the same account in another Region",
	  { SES("a", ON_SES, BY_SES, "example.com k1 pass, " SES_SIGNS, "pass/fail"),
	    SES("b", ELSEWHERE_SES, "mf.example.com pass", "example.com k1 pass, " SES_SIGNS, "pass/pass") }, false,
	  { "Optional" }, { "fell back" } },
	{ "the same account, whose Region there is not told",
	  { SES("a", ON_SES, BY_SES, "example.com k1 pass, " SES_SIGNS, "pass/fail"),
	    SES("b", "?", "mf.example.com pass", "example.com k1 pass, " SES_SIGNS, "pass/pass") }, true,
	  { "fell back" }, { "Optional" } },
	{ "it shows no account, and may be of the one that has an envelope",
	  { SES("a", ON_SES, BY_SES, SES_SIGNS, "fail/fail"),
	    SES("b", ON_SES, "mf.example.com pass", "example.com k1 pass, " SES_SIGNS, "pass/pass") }, true,
	  { "If other mail of this kind has an envelope under example.com", "You send with it" }, { "fell back" } },

	{ "unsigned with a reporter that lists no signatures",
	  { MAIL_UNSIGNED("a"), MAIL_SIGNED("b", 20) }, true,
	  { "this reporter lists no signatures. Nothing to turn on." }, { "Turn on signing", "DKIM record" } },
	{ "unsigned with one that lists them, of whatever mail",
	  { MAIL_UNSIGNED("a"), MAIL_SIGNED("b", 20), MAIL_OTHER_SIGNED("a") }, true,
	  { "find what is sent without" }, { "lists no signatures", "Turn on signing at" } },
	{ "unsigned with everybody", { MAIL_UNSIGNED("a"), MAIL_UNSIGNED("b"), MAIL_OTHER_SIGNED("b") }, true,
	  { "Turn on signing at the source, with d=example.com", "s1._domainkey.example.com" },
	  { "lists no signatures", "only lists" } },

	{ "a pass whose signature is left out",
	  { { "a", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", "sendgrid.info smtpapi pass", .claim = "pass/fail" } },
	    MAIL_OTHER_SIGNED("a") }, false,
	  { "leaves out the signature", "no other reporter shows a fault" }, { "record:", "text:" } },
	{ "a pass that may be a copy",
	  { { "a", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", "sendgrid.info smtpapi pass", .claim = "pass/fail" } },
	    MAIL_OTHER_SIGNED("b") }, false,
	  { "unless another reporter shows the fault" }, { "record:", "text:" } },
	{ "a pass that another reporter saw fail",
	  { { "a", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", "sendgrid.info smtpapi pass", .claim = "pass/fail" } },
	    { "b", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass", "sendgrid.info smtpapi pass", .claim = "fail/fail" } } },
	  false, { "Another reporter shows such mail fail" }, { "record:", "text:" } },

	{ "a service with nothing that passes is not known to be ours",
	  { SES("a", ON_SES, BY_SES, SES_SIGNS, "fail/fail") }, true, { "no proof that its customer is you" },
	  { "You send with it" } },
	{ "one with mail that passes is", { MAIL_UNSIGNED("a"), MAIL_SIGNED("b", 20) }, true, { "You send with it" },
	  { "no proof" } },
	{ "but not for another From domain",
	  { MAIL_UNSIGNED("a"),
	    { "b", 20, 20, 1, 9, { "example.org", SENDGRID, NULL, "example.org s1 pass", .claim = "pass/fail" } } }, true,
	  { "no proof" }, { "You send with it" } },
	{ "what anybody can write into an envelope is no proof",
	  { { "a", 20, 20, 1, 9, { "example.com", SENDGRID, "example.com fail", NULL, .claim = "fail/fail" } } }, true,
	  { "network, which is all that is known" }, { "You send with it" } },
	{ "spoofing: where to see the addresses",
	  { { "a", 20, 20, 1, 9, { "example.com", NULL, "example.com fail", NULL, .claim = "fail/fail" } } }, false,
	  { "ruamill explain spoofed" }, { "record:" } },
};
/* clang-format on */

static void judge_mail(const struct judge *judge, const struct mail *mail, struct judge_case *c,
		       struct judged *judged)
{
	*judged = (struct judged){ .judgement = judge_row_judge(judge, &mail->row, c) };
	judged->stream.record = c->record;
	judged->stream.record.count = mail->count;
	judged->evidence = c->evidence;
	judged->evidence.record = &judged->stream.record;
	judged->subject = (struct remedy_subject){ judge, &judged->evidence, &judged->judgement };
	judged->seen = (struct stream_seen){
		.reporter = slice_from(mail->reporter),
		.seen_first = mail->first,
		.seen_last = mail->last,
		.days = mail->days,
	};
}

static void print_remedy(struct buf *b, const struct remedy *remedy)
{
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];

		buf_printf(b, "%s %s: %.*s\n", remedy_part_text(line->part),
			   remedy_kind_text(line->kind), SLICE_ARG(line->text));
	}
}

static void check(const struct judge *judge, const struct window_test *test)
{
	SCOPED(sightings) struct sightings *s = sightings_new();
	SCOPED(buf) struct buf text = { 0 };
	struct judge_case c;
	struct judged judged;
	struct remedy remedy;
	struct arena arena;

	for (size_t i = MAIL_MAX; i-- > 0;) {
		if (!test->mail[i].reporter)
			continue;
		judge_mail(judge, &test->mail[i], &c, &judged);
		sightings_add(s, &judged);
	}

	const struct decisions window = sightings_decide(s, &judged);

	arena_init(&arena, REMEDY_MEMORY);
	cr_assert(remedy_in_window(&judged.subject, &window, &arena, &remedy));
	print_remedy(&text, &remedy);
	cr_expect_eq(remedy.task, test->task, "%s: task is %d:\n%s", test->name, remedy.task,
		     buf_text(&text));
	for (size_t i = 0; i < WORDS_MAX && test->has[i]; i++)
		cr_expect(strstr(buf_text(&text), test->has[i]), "%s: without '%s':\n%s",
			  test->name, test->has[i], buf_text(&text));
	for (size_t i = 0; i < WORDS_MAX && test->lacks[i]; i++)
		cr_expect(!strstr(buf_text(&text), test->lacks[i]), "%s: with '%s':\n%s",
			  test->name, test->lacks[i], buf_text(&text));
	arena_release(&arena);
}

Test(sightings, what_the_window_says_is_told)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(tests); i++)
		check(&judge, &tests[i]);
	judge_rows_close(&judge);
}

/* The piece of mail with one reporter after the other, until there is no room for any other name. */
static void fill_room(struct sightings *s, struct judged *judged)
{
	char name[64];

	for (unsigned i = 0; i < SIGHTINGS_MAX + 10; i++) {
		cr_assert(text_format(name, sizeof(name), "reporter %u", i));
		judged->seen.reporter = slice_from(name);
		sightings_add(s, judged);
	}
}

/* Whoever invents names fills the room that there is; what was there before is still counted. */
Test(sightings, names_are_bounded)
{
	struct judge judge = judge_rows_open();
	SCOPED(sightings) struct sightings *s = sightings_new();
	struct judge_case c;
	struct judged judged;
	char last[64];

	judge_mail(&judge, &broken_with_a, &c, &judged);
	sightings_add(s, &judged);
	fill_room(s, &judged);
	cr_expect_eq(sightings_decide(s, &judged).key, KEY_WRONG);

	/* a key that there is no room for is not called wrong */
	cr_assert(text_copy(last, sizeof(last), SLICE("never seen")));
	for (size_t i = 0; i < c.record.dkim_count; i++)
		c.dkim[i].selector = slice_from(last);
	sightings_add(s, &judged);
	cr_expect_eq(sightings_decide(s, &judged).key, KEY_UNTOLD);
	judge_rows_close(&judge);
}

/* Adds the mail, and decides on it. */
static struct decisions decide_on(const struct judge *judge, struct sightings *s,
				  const struct mail *mail)
{
	struct judge_case c;
	struct judged judged;

	judge_mail(judge, mail, &c, &judged);
	sightings_add(s, &judged);
	return sightings_decide(s, &judged);
}

/* What others do for whom there was no room either is nobody's habit. */
Test(sightings, a_reporter_without_room_is_not_taken_for_another)
{
	/* clang-format off */
	static const struct mail known = MAIL_SIGNED("known", 20), others = MAIL_OTHER_SIGNED("others"),
		unseen = { "late", 20, 20, 1, 9, { "example.com", SENDGRID, "sendgrid.net pass",
			   "sendgrid.info smtpapi pass", .claim = "pass/fail" } },
		unsigned_mail = MAIL_UNSIGNED("late"), lookup = MAIL_LOOKUP("late", 20, 1, 9);
	/* clang-format on */
	struct judge judge = judge_rows_open();
	SCOPED(sightings) struct sightings *s = sightings_new();
	struct judge_case c;
	struct judged judged;

	judge_mail(&judge, &known, &c, &judged);
	sightings_add(s, &judged);
	judge_mail(&judge, &others, &c, &judged);
	judged.stream.record.count = 1000;
	fill_room(s, &judged);

	cr_expect_eq(decide_on(&judge, s, &unseen).unseen, UNSEEN_UNTOLD,
		     "that signatures are left out");
	cr_expect_eq(decide_on(&judge, s, &unsigned_mail).signing, UNSIGNED_UNTOLD,
		     "that signatures are listed");
	cr_expect_eq(decide_on(&judge, s, &lookup).key_lookup, LOOKUP_UNTOLD,
		     "how much mail it has");
	judge_rows_close(&judge);
}
