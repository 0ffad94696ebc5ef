/* SPDX-License-Identifier: MIT */
#include "ingest/imap_due.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

static const struct settlement marked = { .action = SETTLE_MARK };
static const struct settlement done = { .action = SETTLE_MOVE, .folder = "Done" };
static const struct settlement done_too = { .action = SETTLE_MOVE, .folder = "Done" };
static const struct settlement broken = { .action = SETTLE_MOVE, .folder = "Broken" };

static void expect_batch(const struct dues *d, uint32_t like, const char *uids)
{
	struct due_batch batch;
	struct buf text = { 0 };

	dues_batch(d, dues_find(d, like), &batch);
	for (size_t i = 0; i < batch.count; i++)
		buf_printf(&text, "%u ", (unsigned)batch.mails[i].uid);
	EXPECT_TEXT(buf_slice(&text), uids, uids);
	buf_release(&text);
}

Test(imap_due, settles_together_what_is_settled_alike)
{
	struct dues d = { 0 };

	dues_add(&d, 30, &done);
	dues_add(&d, 10, &marked);
	dues_add(&d, 20, &broken);
	dues_add(&d, 5, &done_too);
	dues_add(&d, 40, &marked);
	expect_batch(&d, 30, "5 30 ");
	expect_batch(&d, 20, "20 ");
	expect_batch(&d, 10, "10 40 ");
	dues_release(&d);
}

Test(imap_due, has_a_mail_once_and_no_mail_never)
{
	struct dues d = { 0 };

	dues_add(&d, 7, &marked);
	dues_add(&d, 7, &done);
	dues_add(&d, 0, &done);
	EXPECT_INT(d.count, 1, "mails");
	EXPECT_INT(dues_find(&d, 7)->settlement.action, SETTLE_MARK, "as it was added first");
	cr_expect_null(dues_find(&d, 0));
	cr_expect_null(dues_find(&d, 8));
	dues_remove(&d, dues_find(&d, 7));
	cr_expect_null(dues_find(&d, 7));
	dues_release(&d);
}

Test(imap_due, notes_what_became_of_a_batch)
{
	struct dues d = { 0 };
	struct due_batch batch;

	for (uint32_t uid = 1; uid <= 3; uid++)
		dues_add(&d, uid, &done);
	dues_batch(&d, dues_find(&d, 1), &batch);
	batch.mails[1] = (struct imap_settled){ .uid = 2, .there = true, .to = 77 };
	batch.validity = 9;
	dues_remove(&d, dues_find(&d, 3));
	dues_note(&d, &batch, true);
	EXPECT_INT(dues_find(&d, 2)->state, DUE_DONE, "state");
	EXPECT_INT(dues_find(&d, 2)->there, true, "it was there");
	EXPECT_INT(dues_find(&d, 2)->to, 77, "where to");
	EXPECT_INT(dues_find(&d, 2)->to_validity, 9, "of the folder");
	EXPECT_INT(dues_find(&d, 1)->there, false, "it was gone");
	expect_batch(&d, 1, "");
	dues_note(&d, &batch, false);
	EXPECT_INT(dues_find(&d, 1)->state, DUE_FAILED, "state");
	dues_release(&d);
}

Test(imap_due, fills_no_more_than_one_command)
{
	struct dues d = { 0 };
	struct due_batch batch;

	for (uint32_t uid = IMAP_SETTLED_AT_ONCE + 1; uid > 0; uid--)
		dues_add(&d, uid, &marked);
	dues_batch(&d, dues_find(&d, 1), &batch);
	EXPECT_INT(batch.count, IMAP_SETTLED_AT_ONCE, "at once");
	EXPECT_INT(batch.mails[0].uid, 1, "the first");
	dues_note(&d, &batch, true);
	dues_batch(&d, dues_find(&d, 1), &batch);
	EXPECT_INT(batch.count, 1, "the rest");
	EXPECT_INT(batch.mails[0].uid, IMAP_SETTLED_AT_ONCE + 1, "the last");
	dues_release(&d);
}
