/* SPDX-License-Identifier: MIT */
#include "ingest/imap_idle.h"
#include "tests/unit/expect.h"
#include "tests/unit/imap_script.h"

#include "base/banned.h"

#define HALF_AN_HOUR (INT64_C(30) * 60 * 1000)

struct bed {
	struct imap_script script;
	struct imap_session session;
	struct imap_idle idle;
	struct err e;
};

/* A folder of three mails is selected. */
static void start(struct bed *b, const char *name, const char *const *steps)
{
	*b = (struct bed){ .e = ERR_INIT };
	imap_script_init(&b->script, name, steps);
	imap_session_init(&b->session, &b->script.transport, "mail.example");
	imap_idle_init(&b->idle, &b->session);
	b->session.validity = 1;
	b->session.exists = 3;
	b->session.can[IMAP_CAN_IDLE] = true;
}

static void end(struct bed *b)
{
	imap_script_end(&b->script);
	imap_session_release(&b->session);
}

/* The connection is closed by the other side: the script ends there. */
static void end_closed(struct bed *b)
{
	imap_session_release(&b->session);
	buf_release(&b->script.sent);
}

static void expect_look(struct bed *b, int64_t now, int want)
{
	EXPECT_INT(imap_idle_look(&b->idle, now, &b->e), want, b->script.name);
}

Test(imap_idle, hears_of_a_mail, .timeout = 60)
{
	static const char *const steps[] = { "> R1 IDLE",
					     "< + idling",
					     "~",
					     "< * OK Still here",
					     "< * 2 EXPUNGE",
					     "~",
					     "< * 3 EXISTS",
					     "~",
					     "> DONE",
					     "< R1 OK x",
					     NULL };
	struct bed b;

	start(&b, "one comes", steps);
	expect_look(&b, 0, 0);
	cr_expect(b.idle.idling);
	expect_look(&b, 60000, 0);
	expect_look(&b, 90000, 1);
	expect_look(&b, 120000, 1);
	cr_expect(imap_idle_end(&b.idle, &b.e));
	cr_expect_not(b.idle.idling);
	end(&b);
}

Test(imap_idle, begins_again_before_half_an_hour, .timeout = 60)
{
	static const char *const steps[] = { "> R1 IDLE", "< + x",     "~",         "~",
					     "> DONE",    "< R1 OK x", "> R2 IDLE", "< + x",
					     "> DONE",    "< R2 OK x", NULL };
	struct bed b;

	start(&b, "for long", steps);
	expect_look(&b, 1000, 0);
	expect_look(&b, 1000 + IMAP_IDLE_MS - 1, 0);
	EXPECT_INT(b.session.tag, 1, "not yet");
	expect_look(&b, 1000 + IMAP_IDLE_MS, 0);
	EXPECT_INT(b.session.tag, 2, "begun again");
	cr_expect(imap_idle_end(&b.idle, &b.e));
	cr_expect_lt(IMAP_IDLE_MS, HALF_AN_HOUR - 120000, "with a minute or two to spare");
	end(&b);
}

/* It came while the last one was being read, or in the answer to DONE. */
Test(imap_idle, misses_none, .timeout = 60)
{
	static const char *const none[] = { NULL };
	static const char *const steps[] = { "> R1 IDLE", "< + x",        "~",         "~",
					     "> DONE",    "< * 4 EXISTS", "< R1 OK x", NULL };
	struct bed b;

	start(&b, "before", none);
	b.session.arrived = true;
	expect_look(&b, 0, 1);
	end(&b);
	start(&b, "at the end", steps);
	expect_look(&b, 0, 0);
	expect_look(&b, IMAP_IDLE_MS, 1);
	end(&b);
}

Test(imap_idle, takes_no_for_an_answer, .timeout = 60)
{
	static const char *const steps[] = { "> R1 IDLE", "< R1 BAD what?", NULL };
	static const char *const none[] = { NULL };
	struct bed b;

	start(&b, "refused", steps);
	expect_look(&b, 0, 0);
	expect_look(&b, 1, 0);
	cr_expect_not(imap_idle_is_possible(&b.idle));
	end(&b);
	start(&b, "not offered", none);
	b.session.can[IMAP_CAN_IDLE] = false;
	expect_look(&b, 0, 0);
	cr_expect_not(imap_idle_is_possible(&b.idle));
	end(&b);
}

Test(imap_idle, sees_that_it_is_over, .timeout = 60)
{
	static const char *const ended[] = { "> R1 IDLE", "< + x",     "~",     "< R1 OK enough",
					     "~",         "> R2 IDLE", "< + x", NULL };
	static const char *const gone[] = { "> R1 IDLE",          "< + x", "~",
					    "< * BYE autologout", "!",     NULL };
	static const char *const closed[] = { "> R1 IDLE", "< + x", "~", "!", NULL };
	struct bed b;

	start(&b, "ended", ended);
	expect_look(&b, 0, 0);
	expect_look(&b, 1, 0);
	EXPECT_INT(b.session.tag, 2, "begun again");
	end(&b);
	start(&b, "BYE", gone);
	expect_look(&b, 0, 0);
	expect_look(&b, 1, -1);
	EXPECT_INT(b.e.kind, ERR_UNREACHABLE, "kind");
	cr_expect(b.session.goodbye);
	end_closed(&b);
	start(&b, "closed", closed);
	expect_look(&b, 0, 0);
	expect_look(&b, 1, -1);
	end_closed(&b);
}
