/* SPDX-License-Identifier: MIT */
#include "ingest/imap_settle.h"

#include "base/bug.h"
#include "ingest/imap_name.h"

#include "base/banned.h"

/* The mails that are there, of those that are to be settled. */
struct present {
	uint32_t uids[IMAP_SETTLED_AT_ONCE];
	size_t count;
};

static bool look(struct imap_session *s, struct imap_settled *mails, size_t count,
		 struct present *p, struct err *e)
{
	uint32_t uids[IMAP_SETTLED_AT_ONCE];
	bool there[IMAP_SETTLED_AT_ONCE];

	BUG_UNLESS(count > 0 && count <= IMAP_SETTLED_AT_ONCE);
	for (size_t i = 0; i < count; i++)
		uids[i] = mails[i].uid;
	if (!imap_search_present(s, uids, count, there, e))
		return false;
	p->count = 0;
	for (size_t i = 0; i < count; i++) {
		mails[i].there = there[i];
		mails[i].to = 0;
		if (there[i])
			p->uids[p->count++] = uids[i];
	}
	return true;
}

static void append_command(struct buf *line, const char *command, const struct present *p,
			   const char *rest)
{
	buf_printf(line, "UID %s ", command);
	imap_append_set(line, p->uids, p->count);
	buf_append_text(line, rest);
}

static bool run_on(struct imap_session *s, const char *command, const struct present *p,
		   const char *rest, const char *doing, struct err *e)
{
	SCOPED(buf) struct buf line = { 0 };

	append_command(&line, command, p, rest);
	return imap_must(s, buf_slice(&line), NULL, doing, e);
}

bool imap_mark_seen(struct imap_session *s, struct imap_settled *mails, size_t count, struct err *e)
{
	struct present p;

	if (!look(s, mails, count, &p, e))
		return false;
	return p.count == 0 ||
		run_on(s, "STORE", &p, " +FLAGS.SILENT (\\Seen)", "mark mails as seen", e);
}

/*
 * Without UIDPLUS they stay, marked as deleted: EXPUNGE alone would take those of others along. They are
 * not listed again.
 */
static bool take_away(struct imap_session *s, const struct present *p, struct err *e)
{
	if (!run_on(s, "STORE", p, " +FLAGS.SILENT (\\Deleted)", "mark mails as deleted", e))
		return false;
	return !s->can[IMAP_CAN_UIDPLUS] || run_on(s, "EXPUNGE", p, "", "delete mails", e);
}

bool imap_delete(struct imap_session *s, struct imap_settled *mails, size_t count, struct err *e)
{
	struct present p;

	return look(s, mails, count, &p, e) && (p.count == 0 || take_away(s, &p, e));
}

/* COPYUID 38505 304,319:320 3956:3958 */
struct copy_watcher {
	struct imap_watcher watcher;
	struct imap_settled *mails;
	size_t count;
	uint32_t validity; /* 0: no COPYUID so far */
};

static void note_copy(struct copy_watcher *w, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->mails[i].uid == from)
			w->mails[i].to = to;
	}
}

/* A server may say that it has copied what it likes: only our mails count. */
static bool on_status(struct imap_watcher *watcher, const struct imap_response *r,
		      struct err *e UNUSED)
{
	struct copy_watcher *w = (struct copy_watcher *)watcher;
	struct slice rest = r->code, word, validity, from_text, to_text;
	struct imap_set from_set = { 0 }, to_set = { 0 };
	uint32_t from, to;

	if (r->status != IMAP_OK || !slice_cut(&rest, ' ', &word) ||
	    !slice_equal_icase(word, SLICE("COPYUID")) || !slice_cut(&rest, ' ', &validity) ||
	    !slice_cut(&rest, ' ', &from_text) || !slice_cut(&rest, ' ', &to_text) ||
	    !imap_number(validity, &w->validity))
		return true;
	from_set.rest = from_text;
	to_set.rest = to_text;
	for (size_t i = 0;
	     i < w->count && imap_set_next(&from_set, &from) > 0 && imap_set_next(&to_set, &to) > 0;
	     i++)
		note_copy(w, from, to);
	return true;
}

static const struct imap_watcher_ops copy_ops = { .data = on_status };

/* Is there no such folder? Not every server says TRYCREATE. */
struct list_watcher {
	struct imap_watcher watcher;
	bool listed;
};

static bool on_list(struct imap_watcher *watcher, const struct imap_response *r,
		    struct err *e UNUSED)
{
	struct list_watcher *w = (struct list_watcher *)watcher;

	/* a name that only has folders below it takes no mails until it is made one */
	w->listed = w->listed ||
		(r->status == IMAP_DATA && slice_equal_icase(r->word, SLICE("LIST")) &&
		 !slice_contains_icase(r->rest, SLICE("\\NonExistent")) &&
		 !slice_contains_icase(r->rest, SLICE("\\Noselect")));
	return true;
}

static void append_mailbox_command(struct buf *line, const char *command, struct slice mailbox)
{
	buf_append_text(line, command);
	if (!imap_append_quoted(line, mailbox))
		BUG("a mailbox in modified UTF-7 is printable");
}

static bool make_folder(struct imap_session *s, struct slice mailbox, bool *made_out, struct err *e)
{
	static const struct imap_watcher_ops ops = { .data = on_list };
	struct list_watcher w = { .watcher.ops = &ops };
	SCOPED(buf) struct buf list = { 0 };
	SCOPED(buf) struct buf create = { 0 };
	struct imap_command c;

	append_mailbox_command(&list, "LIST \"\" ", mailbox);
	append_mailbox_command(&create, "CREATE ", mailbox);
	*made_out = false;
	if (!imap_must(s, buf_slice(&list), &w.watcher, "list folders", e))
		return false;
	if (w.listed)
		return true;
	s->doing = "make the folder";
	if (!imap_run(s, &c, buf_slice(&create), NULL, e))
		return false;
	*made_out = c.status == IMAP_OK ||
		slice_equal_icase(slice_from(c.code), SLICE("ALREADYEXISTS"));
	if (*made_out)
		return true;
	imap_refused(s, &c, "make the folder", e);
	if (e->kind == ERR_CONFIG)
		err_remedy(e, "make it yourself; many servers want it below INBOX/");
	return false;
}

/* MOVE or COPY; a folder that is missing is made, once. */
static bool transfer(struct imap_session *s, struct slice line, struct slice mailbox,
		     struct copy_watcher *w, struct err *e)
{
	struct imap_command c;
	bool made;

	s->doing = "move mails";
	if (!imap_run(s, &c, line, &w->watcher, e))
		return false;
	if (c.status == IMAP_NO) {
		if (!make_folder(s, mailbox, &made, e))
			return false;
		s->doing = "move mails";
		if (made && !imap_run(s, &c, line, &w->watcher, e))
			return false;
	}
	return c.status == IMAP_OK || imap_refused(s, &c, "move mails", e);
}

bool imap_move(struct imap_session *s, struct slice mailbox, struct imap_settled *mails,
	       size_t count, uint32_t *validity_out, struct err *e)
{
	struct copy_watcher w = { .watcher.ops = &copy_ops, .mails = mails, .count = count };
	SCOPED(buf) struct buf line = { 0 };
	bool can_move = s->can[IMAP_CAN_MOVE];
	struct present p;

	*validity_out = 0;
	if (!look(s, mails, count, &p, e))
		return false;
	if (p.count == 0)
		return true;
	append_command(&line, can_move ? "MOVE" : "COPY", &p, " ");
	append_mailbox_command(&line, "", mailbox);
	if (!transfer(s, buf_slice(&line), mailbox, &w, e))
		return false;

	/* OK is no proof: where the server names what it has copied, the rest was gone by then */
	p.count = 0;
	for (size_t i = 0; i < count; i++) {
		mails[i].there = mails[i].there && (w.validity == 0 || mails[i].to > 0);
		if (mails[i].there)
			p.uids[p.count++] = mails[i].uid;
	}
	*validity_out = w.validity;
	return can_move || p.count == 0 || take_away(s, &p, e);
}
