/* SPDX-License-Identifier: MIT */
#include "ingest/source.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "ingest/imap_url.h"
#include "ingest/mbox.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

/* The kinds of source, and what they can do to their messages. */
struct kind {
	const char *name; /* with its article, for people */
	bool can[settlement_action_count];
	struct source *(*open)(const char *spec, struct err *e); /* NULL: source_imap_new() */
};

#define CAN_LEAVE [SETTLE_LEAVE] = true
#define CAN_MARK  [SETTLE_MARK] = true
#define CAN_GO    [SETTLE_MOVE] = true, [SETTLE_DELETE] = true

static const struct kind kind_standard_input = { "standard input",
						 { CAN_LEAVE },
						 source_stdin_new };
static const struct kind kind_stream = { "a pipe", { CAN_LEAVE }, source_stream_new };
static const struct kind kind_file = { "a file", { CAN_LEAVE, CAN_GO }, source_file_new };
static const struct kind kind_mbox = { "an mbox", { CAN_LEAVE }, source_mbox_new };
static const struct kind kind_folder = { "a folder", { CAN_LEAVE, CAN_GO }, source_folder_new };
static const struct kind kind_maildir = { "a Maildir",
					  { CAN_LEAVE, CAN_MARK, CAN_GO },
					  source_maildir_new };
static const struct kind kind_imap = { "an IMAP folder", { CAN_LEAVE, CAN_MARK, CAN_GO }, NULL };

static bool is_folder(const char *path, const char *name)
{
	struct stat st;
	char *child = path_join(path, name);
	bool folder = stat(child, &st) == 0 && S_ISDIR(st.st_mode);

	free(child);
	return folder;
}

bool source_is_maildir(const char *path)
{
	return is_folder(path, "cur") && is_folder(path, "new") && is_folder(path, "tmp");
}

static bool no_such_source(const char *spec, struct err *e)
{
	if (errno == ENOENT)
		err_set(e, ERR_NO_INPUT, "no such file or folder");
	else
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot look at the file or folder");
	err_where(e, "%s", spec);
	return err_remedy(e, "give a file, a folder, a Maildir, imaps://user@host/Folder, or '-'");
}

bool source_is_stdin(const char *spec)
{
	return slice_equal(slice_from(spec), SLICE("-"));
}

/* NULL: there is no such thing. */
static const struct kind *kind_of(const char *spec, struct err *e)
{
	struct stat st;

	if (source_is_stdin(spec))
		return &kind_standard_input;
	if (imap_url_is(slice_from(spec)))
		return &kind_imap;
	if (stat(spec, &st) != 0) {
		no_such_source(spec, e);
		return NULL;
	}
	if (S_ISREG(st.st_mode))
		return mbox_is(spec) ? &kind_mbox : &kind_file;
	if (!S_ISDIR(st.st_mode))
		return &kind_stream;
	return source_is_maildir(spec) ? &kind_maildir : &kind_folder;
}

static bool cannot(const struct kind *kind, enum settlement_action action, struct err *e)
{
	err_set(e, ERR_USAGE, "%s cannot do '%s'", kind->name, settlement_action_text(action));
	if (action == SETTLE_MARK)
		return err_remedy(e, "only mails in a Maildir or on a server can be marked");
	return err_remedy(e, "leave it as it is, in a command of its own");
}

static bool can_settle(const struct kind *kind, const struct settlement *s, struct err *e)
{
	if (!kind->can[s->action])
		return cannot(kind, s->action, e);
	if (s->action == SETTLE_MOVE && kind == &kind_imap)
		return source_imap_can_move(s->folder, e);
	return s->action != SETTLE_MOVE || kind != &kind_maildir ||
		source_maildir_can_move(s->folder, e);
}

bool source_check(const char *spec, const struct imap_access *access,
		  const struct settlement_plan *plan, struct err *e)
{
	const struct kind *kind = kind_of(spec, e);

	if (kind == &kind_imap && !source_imap_check(spec, access, e))
		return false;

	for (size_t i = 0; kind && i < ENDING_COUNT; i++) {
		if (!can_settle(kind, &plan->by[i], e))
			return err_where(e, "%s", spec);
	}
	return kind != NULL;
}

struct source *source_open(const char *spec, const struct imap_access *access, struct err *e)
{
	const struct kind *kind = kind_of(spec, e);

	if (kind == &kind_imap)
		return source_imap_check(spec, access, e) ? source_imap_new(spec, access, e) : NULL;
	return kind ? kind->open(spec, e) : NULL;
}

/* --- trying --------------------------------------------------------------------------------------- */

/* What is not there is made in the next that is. Takes the path over. */
static bool is_writable(char *path, struct err *e)
{
	struct stat st;

	while (stat(path, &st) != 0 && errno == ENOENT && strlen(path) > 1) {
		char *above = path_folder(path);

		free(path);
		path = above;
	}

	bool writable = access(path, W_OK | X_OK) == 0;

	if (!writable) {
		err_set_errno(e, ERR_CONFIG, errno, "the folder cannot be written");
		err_where(e, "%s", path);
		err_remedy(e, "give ruamill's user the right, or leave mails as they are");
	}
	free(path);
	return writable;
}

static bool can_take_away(const struct kind *kind, const char *spec, struct err *e)
{
	if (kind == &kind_maildir)
		return is_writable(path_join(spec, "cur"), e) &&
			is_writable(path_join(spec, "new"), e);
	return is_writable(kind == &kind_file ? path_folder(spec) : memory_copy(slice_from(spec)),
			   e);
}

static bool try_files(const struct kind *kind, const char *spec, const struct settlement *s,
		      struct err *e)
{
	const char *folder = s->folder;

	if (s->action == SETTLE_LEAVE)
		return true;
	if (!can_take_away(kind, spec, e))
		return false;
	if (s->action != SETTLE_MOVE)
		return true;
	return is_writable(kind == &kind_maildir && folder[0] == '.'
				   ? path_join(spec, folder)
				   : memory_copy(slice_from(folder)),
			   e);
}

bool source_try(const char *spec, const struct imap_access *access,
		const struct settlement_plan *plan, uint64_t *count_out, struct err *e)
{
	if (!source_check(spec, access, plan, e))
		return false;

	SCOPED(source) struct source *source = source_open(spec, access, e);
	const struct kind *kind = source ? kind_of(spec, e) : NULL;
	bool good = kind != NULL;

	for (size_t i = 0; good && i < ENDING_COUNT; i++) {
		if (source->ops->can_settle && plan->by[i].action != SETTLE_LEAVE)
			good = source->ops->can_settle(source, &plan->by[i], e);
		else
			good = try_files(kind, spec, &plan->by[i], e);
	}
	if (good)
		*count_out = source->count_hint;
	return good;
}

/* The locator of a file says it all; of a mail in a mailbox it is what follows the mailbox's name. */
char *source_place(const struct message *m)
{
	struct slice source = slice_from(m->source), maildir = SLICE("maildir:");
	struct buf place = { 0 };

	if (slice_starts_with(source, maildir))
		return path_join(m->source + maildir.n, m->locator);
	if (imap_url_is(source))
		buf_printf(&place, "%s: ", m->source);
	buf_append_text(&place, m->locator);
	return buf_detach(&place);
}

/* A mail in an mbox stays where it is, also where the mbox lies in a folder of which else is moved. */
struct settlement source_settlement(const struct source *s, const struct message *m,
				    enum ending ending)
{
	if (!s->plan || m->offset > 0)
		return (struct settlement){ .action = SETTLE_LEAVE };
	return s->plan->by[ending];
}

void source_will_settle(struct source *s, const struct message *m, enum ending ending)
{
	const struct settlement settlement = source_settlement(s, m, ending);

	if (s->ops->will_settle && settlement.action != SETTLE_LEAVE)
		s->ops->will_settle(s, m, &settlement);
}

int source_settle(struct source *s, const struct message *m, enum ending ending,
		  struct place *now_out, struct err *e)
{
	const struct settlement settlement = source_settlement(s, m, ending);

	if (settlement.action == SETTLE_LEAVE)
		return 1;
	return s->ops->settle(s, m, &settlement, now_out, e);
}

void source_close(struct source *s)
{
	if (!s)
		return;
	free(s->name);
	s->ops->close(s);
}
