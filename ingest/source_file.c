/* SPDX-License-Identifier: MIT */
/*
 * A file, an mbox, and a folder with everything below it, mboxes among it. What a file is, is told by
 * its content; the mails of an mbox stay in it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/move.h"
#include "ingest/listing.h"
#include "ingest/mbox.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

/* Deeper than any archive of mail; a bound on open listings. */
enum { MAX_FOLDER_DEPTH = 32 };

/* Keys of messages; a change of what goes into them needs a new number. */
enum { FILE_KEY_VERSION = 1 };

struct level {
	char *path;
	dev_t device;
	ino_t inode;
	struct listing listing;
	size_t next;
	bool maildir; /* in tmp/ are mails that are still being delivered */
};

struct source_files {
	struct source source;
	char *root; /* what was named: a folder, or the folder of a single file; absolute, as all below */
	char *path;        /* what was named, until it was visited */
	struct mbox *mbox; /* whose mails are being yielded */
	struct level levels[MAX_FOLDER_DEPTH];
	size_t depth;
	bool single;
	bool found; /* a folder without a single file in it is a mistake worth telling */
};

/* Where a file is and what it looks like. */
static void key_of(const char *real_path, const struct stat *st,
		   unsigned char key[MESSAGE_KEY_SIZE])
{
	SCOPED(digest) struct digest *d = digest_new(FILE_KEY_VERSION);

	digest_add(d, SLICE("file"));
	digest_add(d, slice_from(real_path));
	digest_add_u64(d, (uint64_t)st->st_dev);
	digest_add_u64(d, (uint64_t)st->st_ino);
	digest_add_u64(d, (uint64_t)st->st_size);
	digest_add_u64(d, (uint64_t)st->st_mtim.tv_sec);
	digest_add_u64(d, (uint64_t)st->st_mtim.tv_nsec);
	digest_take(d, key);
}

/* Absolute, without links but the file's own: it is the link that would be moved. Ours, free(). */
static char *real_name(const char *path)
{
	char *folder = path_folder(path);
	char *real_folder = path_real(folder);
	char *real = path_join(real_folder, path_name(path));

	free(folder);
	free(real_folder);
	return real;
}

static void describe_file(struct message *m, const struct source *s, const char *path,
			  const struct stat *st)
{
	char *real = real_name(path);

	*m = (struct message){ .size = (uint64_t)st->st_size };
	m->source = memory_copy(slice_from(s->name));
	m->locator = memory_copy(slice_from(path));
	key_of(real, st, m->key);
	key_of(real, st, m->place_key);
	free(real);
}

static void leave(struct source_files *s)
{
	struct level *level = &s->levels[--s->depth];

	listing_release(&level->listing);
	free(level->path);
}

/* What was moved there is not found again as something new. */
static bool is_target(const struct source *s, const struct stat *folder)
{
	struct stat st;

	for (size_t i = 0; s->plan && i < ENDING_COUNT; i++) {
		const struct settlement *settlement = &s->plan->by[i];

		if (settlement->action == SETTLE_MOVE && stat(settlement->folder, &st) == 0 &&
		    st.st_dev == folder->st_dev && st.st_ino == folder->st_ino)
			return true;
	}
	return false;
}

/* A link may lead back to where it lies. */
static bool is_being_read(const struct source_files *s, const struct stat *folder)
{
	for (size_t i = 0; i < s->depth; i++) {
		const struct level *level = &s->levels[i];

		if (level->device == folder->st_dev && level->inode == folder->st_ino)
			return true;
	}
	return false;
}

static bool enter(struct source_files *s, const char *path, const struct stat *st, struct err *e)
{
	struct level *level = &s->levels[s->depth];
	struct listing listing;

	if (s->depth == MAX_FOLDER_DEPTH || !listing_read(&listing, path, e))
		return false;
	*level = (struct level){
		.path = memory_copy(slice_from(path)),
		.device = st->st_dev,
		.inode = st->st_ino,
		.listing = listing,
		.maildir = source_is_maildir(path),
	};
	s->source.count_hint += listing.count;
	s->depth++;
	return true;
}

/* One that cannot be looked into must not hide the others: it is a message, which open() fails for. */
static int yield_file(struct source_files *s, const char *path, const struct stat *st,
		      struct message *m)
{
	s->found = true;
	describe_file(m, &s->source, path, st);
	return 1;
}

static int visit_folder(struct source_files *s, const char *path, const struct stat *st,
			struct message *m, struct err *e)
{
	struct err fault = ERR_INIT; /* open() finds out for itself */
	bool named = s->depth == 0;

	if (is_being_read(s, st)) {
		log_line(LOG_LEVEL_INFO, "passed over, since it is being read already: %s", path);
		return 0;
	}
	if ((!named && is_target(&s->source, st)) || enter(s, path, st, named ? e : &fault))
		return 0;
	return named ? -1 : yield_file(s, path, st, m);
}

static int visit_file(struct source_files *s, const char *path, const struct stat *st,
		      struct message *m)
{
	struct err fault = ERR_INIT;

	s->mbox = mbox_is(path) ? mbox_open(path, &fault) : NULL;
	s->found = true;
	return s->mbox ? 0 : yield_file(s, path, st, m);
}

/* 1: a message; 0: nothing to see, go on; -1: an error. */
static int visit(struct source_files *s, const char *path, struct message *m, struct err *e)
{
	struct stat st = { 0 };

	if (stat(path, &st) != 0) /* a file that went away is nobody's fault */
		return errno == ENOENT ? 0 : yield_file(s, path, &st, m);
	if (S_ISDIR(st.st_mode))
		return visit_folder(s, path, &st, m, e);
	return S_ISREG(st.st_mode) ? visit_file(s, path, &st, m) : 0;
}

/* A folder that is emptied by every run is empty on most days. */
static int nothing_found(const struct source_files *s, struct err *e)
{
	if (s->found || (s->source.plan && settlement_takes_away(s->source.plan)))
		return 0;
	err_set(e, ERR_NO_INPUT, "the folder holds no files");
	err_where(e, "%s", s->source.name);
	err_remedy(e, "name the folder that the mails or reports are in");
	return -1;
}

/* NULL: there is none. */
static const char *next_name(struct level *level)
{
	while (level->next < level->listing.count) {
		const char *name = level->listing.names[level->next++];

		if (!level->maildir || strcmp(name, "tmp") != 0)
			return name;
	}
	return NULL;
}

/* The path to be visited next, to be taken over; NULL: there is none. */
static char *next_path(struct source_files *s)
{
	if (s->path)
		return TAKE(s->path, NULL);
	while (s->depth > 0) {
		struct level *level = &s->levels[s->depth - 1];
		const char *name = next_name(level);

		if (name)
			return path_join(level->path, name);
		leave(s);
	}
	return NULL;
}

static int files_next(struct source *source, struct message *m, struct err *e)
{
	struct source_files *s = (struct source_files *)source;
	int yielded = 0;

	while (yielded == 0) {
		char *path = s->mbox ? NULL : next_path(s);

		if (path) {
			yielded = visit(s, path, m, e);
			free(path);
		} else if (s->mbox) {
			yielded = mbox_next(s->mbox, m);
			if (yielded == 0)
				mbox_close(TAKE(s->mbox, NULL));
		} else {
			return nothing_found(s, e);
		}
	}
	return yielded;
}

/* A folder that comes up as a message could not be walked. */
static int open_folder(const char *path, struct err *e)
{
	SCOPED(dir) DIR *dir = opendir(path);

	if (dir) {
		err_set(e, ERR_NO_INPUT, "folders are nested more than %d deep", MAX_FOLDER_DEPTH);
		err_remedy(e, "name it as a source of its own");
	} else {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the folder");
	}
	err_where(e, "%s", path);
	return -1;
}

static int open_path(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return open_folder(path, e);
	return file_open(path, e);
}

/* Whoever names a single file is told that it went away; a folder has others. */
static int files_open(struct source *source, struct message *m, struct err *e)
{
	const struct source_files *s = (const struct source_files *)source;
	struct err fault = ERR_INIT;
	struct stat st;
	int fd = m->offset > 0 ? mbox_open_mail(m, &fault) : open_path(m->locator, &fault);

	if (fd < 0 && (s->single || m->offset > 0 || stat(m->locator, &st) == 0 || errno != ENOENT))
		*e = fault;
	return fd;
}

static void tell_place(struct place *now, const char *folder, const char *path)
{
	struct stat st;
	char *real_folder = path_real(folder);
	struct buf source = { 0 };

	now->locator = real_name(path);
	buf_printf(&source, "folder:%s", real_folder);
	now->source = buf_detach(&source);
	if (stat(now->locator, &st) == 0)
		key_of(now->locator, &st, now->key);
	free(real_folder);
}

/* Is this the message, under the path it was listed by, or once more where that was moved to? */
static bool is_message(const struct message *m, const struct stat *st)
{
	unsigned char key[MESSAGE_KEY_SIZE];
	char *real = real_name(m->locator);

	key_of(real, st, key);
	free(real);
	return memcmp(key, m->place_key, sizeof(key)) == 0;
}

/* Below the folder that was named; the name alone of a single file. */
static const char *relative(const struct source_files *s, const char *locator)
{
	size_t root = strlen(s->root);
	const char *below = strncmp(locator, s->root, root) == 0 ? locator + root : locator;

	while (*below == '/')
		below++;
	return below;
}

/*
 * A move that was cut short is done, if the file lies where it would have brought it. A copy on another
 * file system has the name and the size, and no more to know it by.
 */
static int gone(const struct source_files *s, const struct message *m, const struct move *move,
		const char *folder, struct place *now)
{
	struct stat root, st;
	bool found = false, root_known = stat(s->root, &root) == 0;

	for (unsigned n = 0; !found; n++) {
		char *to = move_name(move, n);
		bool there = stat(to, &st) == 0;

		found = there &&
			(is_message(m, &st) ||
			 (root_known && st.st_dev != root.st_dev &&
			  (uint64_t)st.st_size == m->size));
		if (found)
			tell_place(now, folder, to);
		free(to);
		if (!there)
			break;
	}
	return found;
}

/* Under the name may be another file by now, whose turn has not come. */
static bool is_there(const struct message *m)
{
	struct stat st;

	return stat(m->locator, &st) == 0 && is_message(m, &st);
}

static int move_to(const struct source_files *s, const struct message *m, const char *folder,
		   struct place *now, struct err *e)
{
	char *stem = path_join(folder, relative(s, m->locator));
	char *scratch = path_folder(stem);
	const struct move move = { m->locator, stem, "", scratch };
	char *to = NULL;
	int moved = 0;

	if (is_there(m))
		moved = folder_make(scratch, 0777, e) ? move_file(&move, &to, e) : -1;
	if (moved > 0)
		tell_place(now, folder, to);
	else if (moved == 0)
		moved = gone(s, m, &move, folder, now);
	free(to);
	free(scratch);
	free(stem);
	return moved;
}

static int delete (const struct message *m, struct err *e)
{
	struct stat st;

	if (stat(m->locator, &st) != 0 && errno == ENOENT)
		return 1;
	if (!is_there(m))
		return 0;
	if (unlink(m->locator) == 0 || errno == ENOENT)
		return 1;
	err_set_errno(e, ERR_OUTPUT, errno, "cannot delete the file");
	err_where(e, "%s", m->locator);
	return -1;
}

static int files_settle(struct source *source, const struct message *m,
			const struct settlement *settlement, struct place *now, struct err *e)
{
	const struct source_files *s = (const struct source_files *)source;

	switch (settlement->action) {
	case SETTLE_LEAVE:
	case SETTLE_MARK: /* source_check() refuses it */
		break;
	case SETTLE_MOVE:
		return move_to(s, m, settlement->folder, now, e);
	case SETTLE_DELETE:
		return delete (m, e);
	}
	return 1;
}

static void files_close(struct source *source)
{
	struct source_files *s = (struct source_files *)source;

	while (s->depth > 0)
		leave(s);
	mbox_close(s->mbox);
	free(s->path);
	free(s->root);
	free(s);
}

static const struct source_ops files_ops = {
	.next = files_next,
	.open = files_open,
	.settle = files_settle,
	.close = files_close,
};

/* The path is absolute: the ledger must not take one folder for another. Takes both over. */
static struct source_files *files_new(const char *kind, char *path, char *root)
{
	struct source_files *s = memory_zeroed(1, sizeof(*s));
	struct buf name = { 0 };

	buf_printf(&name, "%s:%s", kind, path);
	s->source = (struct source){ .ops = &files_ops, .name = buf_detach(&name) };
	s->path = path;
	s->root = root;
	return s;
}

static struct source_files *single_new(const char *kind, const char *path)
{
	char *real = real_name(path);
	struct source_files *s = files_new(kind, real, path_folder(real));

	s->single = s->found = true;
	return s;
}

struct source *source_file_new(const char *path, struct err *e UNUSED)
{
	struct source_files *s = single_new("file", path);

	s->source.count_hint = 1;
	return &s->source;
}

struct source *source_mbox_new(const char *path, struct err *e UNUSED)
{
	return &single_new("mbox", path)->source;
}

struct source *source_folder_new(const char *path, struct err *e UNUSED)
{
	char *root = path_real(path);

	return &files_new("folder", root, memory_copy(slice_from(root)))->source;
}
