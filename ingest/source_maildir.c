/* SPDX-License-Identifier: MIT */
/*
 * A Maildir: new/ and cur/. A message is known by its unique base name, the part before ":2,", which
 * survives the change of flags and the move from new/ to cur/.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/move.h"
#include "ingest/listing.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

enum { MAILDIR_KEY_VERSION = 2 };

static const char *const subfolders[] = { "new", "cur" };

struct source_maildir {
	struct source source;
	char *path; /* the real one: the key does not depend on how it was named */
	struct digest *keys;
	struct listing listings[COUNT_OF(subfolders)];
	size_t folder, next;
};

static struct slice base_name(const char *name)
{
	struct slice s = slice_from(name);

	return slice_prefix(s, slice_find(s, ':'));
}

/* The ledger's key: of the real folder and the base name, whatever the flags. */
static void key_of(struct digest *d, const char *folder, const char *name,
		   unsigned char key[MESSAGE_KEY_SIZE])
{
	digest_add(d, SLICE("maildir"));
	digest_add(d, slice_from(folder));
	digest_add(d, base_name(name));
	digest_take(d, key);
}

/* Takes the locator over, unless there is no mail any more. */
static bool describe(struct message *m, const struct source_maildir *s, char *locator)
{
	char *path = path_join(s->path, locator);
	struct stat st;
	bool there = stat(path, &st) == 0 && S_ISREG(st.st_mode);

	free(path);
	if (!there)
		return false;
	*m = (struct message){ .size = (uint64_t)st.st_size, .locator = locator };
	m->source = memory_copy(slice_from(s->source.name));
	key_of(s->keys, s->path, path_name(locator), m->key);
	memcpy(m->place_key, m->key, sizeof(m->place_key));
	return true;
}

static int maildir_next(struct source *source, struct message *m, struct err *e UNUSED)
{
	struct source_maildir *s = (struct source_maildir *)source;

	for (; s->folder < COUNT_OF(subfolders); s->folder++, s->next = 0) {
		const struct listing *listing = &s->listings[s->folder];

		while (s->next < listing->count) {
			const char *name = listing->names[s->next++];
			char *locator = path_join(subfolders[s->folder], name);

			/* a mail that another reader moved meanwhile comes up again on the next run */
			if (describe(m, s, locator))
				return 1;
			free(locator);
		}
	}
	return 0;
}

static int maildir_open(struct source *source, struct message *m, struct err *e)
{
	const struct source_maildir *s = (const struct source_maildir *)source;
	struct err fault = ERR_INIT;
	struct stat st;
	char *path = path_join(s->path, m->locator);
	int fd = file_open(path, &fault);

	if (fd < 0 && (stat(path, &st) == 0 || errno != ENOENT))
		*e = fault;
	free(path);
	return fd;
}

/* The flags with S among them, in the order of the letters, which the format asks for. */
static void append_seen_flags(struct buf *b, struct slice flags)
{
	size_t before = 0;

	while (before < flags.n && flags.p[before] < 'S')
		before++;
	buf_append(b, slice_prefix(flags, before));
	if (before == flags.n || flags.p[before] != 'S')
		buf_append_byte(b, 'S');
	buf_append(b, slice_from_offset(flags, before));
}

/* ":2," and the flags, S among them. */
static void append_seen_info(struct buf *b, const char *name)
{
	struct slice info = slice_from_offset(slice_from(name), base_name(name).n);

	buf_append_text(b, ":2,");
	append_seen_flags(
		b, slice_starts_with(info, SLICE(":2,")) ? slice_from_offset(info, 3) : SLICE(""));
}

static void tell_place(const struct source_maildir *s, struct place *now, const char *folder,
		       const char *path)
{
	const char *name = path_name(path);
	struct buf source = { 0 };

	buf_printf(&source, "maildir:%s", folder);
	now->source = buf_detach(&source);
	now->locator = path_join("cur", name);
	key_of(s->keys, folder, name, now->key);
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* A move that was cut short is done, if the mail lies where it would have brought it. */
static int gone(const struct source_maildir *s, const struct move *move, const char *folder,
		struct place *now)
{
	char *to = move_name(move, 0);
	bool there = exists(to);

	if (there)
		tell_place(s, now, folder, to);
	free(to);
	return there;
}

/* To cur/ of a Maildir, which may be its own: marking is a move within the mailbox. */
static int move_to(const struct source_maildir *s, const struct message *m, const char *folder,
		   struct place *now, struct err *e)
{
	const char *name = path_name(m->locator);
	SCOPED(buf) struct buf from = { 0 };
	SCOPED(buf) struct buf stem = { 0 };
	SCOPED(buf) struct buf tail = { 0 };
	SCOPED(buf) struct buf scratch = { 0 };
	char *to = NULL;

	buf_printf(&from, "%s/%s", s->path, m->locator);
	buf_printf(&stem, "%s/cur/%.*s", folder, SLICE_ARG(base_name(name)));
	buf_printf(&scratch, "%s/tmp", folder);
	append_seen_info(&tail, name);

	const struct move move = { from.p, stem.p, tail.p, scratch.p };
	int moved = move_file(&move, &to, e);

	if (moved > 0)
		tell_place(s, now, folder, to);
	free(to);
	return moved == 0 ? gone(s, &move, folder, now) : moved;
}

/* Folders made by root belong to whom the mailbox belongs to. */
static bool make_folder(const char *path, const struct stat *owner, struct err *e)
{
	if (exists(path))
		return true;
	if (!folder_make(path, 0700, e))
		return false;
	if (geteuid() != 0 || chown(path, owner->st_uid, owner->st_gid) == 0)
		return true;
	err_set_errno(e, ERR_OUTPUT, errno, "cannot give the folder its owner");
	return err_where(e, "%s", path);
}

static bool make_maildir(const char *path, const struct stat *owner, struct err *e)
{
	static const char *const inner[] = { "", "tmp", "new", "cur" };
	bool made = true;

	for (size_t i = 0; i < COUNT_OF(inner) && made; i++) {
		char *folder = path_join(path, inner[i]);

		made = make_folder(folder, owner, e);
		free(folder);
	}
	return made;
}

/* The real path of the Maildir that mails are moved to, made where it is missing; NULL on an error. */
static char *target(const struct source_maildir *s, const char *folder, struct err *e)
{
	char *path =
		folder[0] == '.' ? path_join(s->path, folder) : memory_copy(slice_from(folder));
	char *real = NULL;
	struct stat st;

	if (stat(s->path, &st) != 0)
		err_set_errno(e, ERR_OUTPUT, errno, "cannot look at the Maildir");
	else if (make_maildir(path, &st, e))
		real = path_real(path);
	free(path);
	return real;
}

static int delete (const struct source_maildir *s, const struct message *m, struct err *e)
{
	char *path = path_join(s->path, m->locator);
	bool deleted = unlink(path) == 0 || errno == ENOENT;

	if (!deleted) {
		err_set_errno(e, ERR_OUTPUT, errno, "cannot delete the mail");
		err_where(e, "%s", path);
	}
	free(path);
	return deleted ? 1 : -1;
}

static int move_away(const struct source_maildir *s, const struct message *m, const char *folder,
		     struct place *now, struct err *e)
{
	char *path = target(s, folder, e);
	int moved = path ? move_to(s, m, path, now, e) : -1;

	free(path);
	return moved;
}

static int maildir_settle(struct source *source, const struct message *m,
			  const struct settlement *settlement, struct place *now, struct err *e)
{
	const struct source_maildir *s = (const struct source_maildir *)source;

	switch (settlement->action) {
	case SETTLE_LEAVE:
		break;
	case SETTLE_MARK:
		return move_to(s, m, s->path, now, e);
	case SETTLE_MOVE:
		return move_away(s, m, settlement->folder, now, e);
	case SETTLE_DELETE:
		return delete (s, m, e);
	}
	return 1;
}

bool source_maildir_can_move(const char *folder, struct err *e)
{
	struct slice name = slice_from(folder);

	if (folder[0] == '/' ||
	    (folder[0] == '.' && name.n > 1 && folder[1] != '.' && slice_find(name, '/') == name.n))
		return true;
	err_set(e, ERR_USAGE, "not a folder that mails of a Maildir can be moved to: %s", folder);
	return err_remedy(e, "give an absolute path, or a folder of the Maildir like .Archive");
}

static void maildir_close(struct source *source)
{
	struct source_maildir *s = (struct source_maildir *)source;

	for (size_t i = 0; i < COUNT_OF(s->listings); i++)
		listing_release(&s->listings[i]);
	digest_free(s->keys);
	free(s->path);
	free(s);
}

static const struct source_ops maildir_ops = {
	.next = maildir_next,
	.open = maildir_open,
	.settle = maildir_settle,
	.close = maildir_close,
};

struct source *source_maildir_new(const char *path, struct err *e)
{
	struct source_maildir *s = memory_zeroed(1, sizeof(*s));
	struct buf name = { 0 };

	s->path = path_real(path);
	s->keys = digest_new(MAILDIR_KEY_VERSION);
	buf_printf(&name, "maildir:%s", s->path);
	s->source = (struct source){ .ops = &maildir_ops, .name = buf_detach(&name) };
	for (size_t i = 0; i < COUNT_OF(subfolders); i++) {
		char *folder = path_join(s->path, subfolders[i]);
		bool read = listing_read(&s->listings[i], folder, e);

		free(folder);
		if (!read) {
			source_close(&s->source);
			return NULL;
		}
		s->source.count_hint += s->listings[i].count;
	}
	return &s->source;
}
