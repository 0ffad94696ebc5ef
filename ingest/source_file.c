/* SPDX-License-Identifier: MIT */
/* A file, and a folder with everything below it. Neither knows a mark: they stay as they are. */
#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "ingest/listing.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

/* Deeper than any archive of mail; a bound on open listings, and on links that lead in circles. */
enum { MAX_FOLDER_DEPTH = 32 };

struct level {
	char *path;
	struct listing listing;
	size_t next;
};

struct source_files {
	struct source source;
	char *path; /* a single file, until it was yielded */
	struct level levels[MAX_FOLDER_DEPTH];
	size_t depth;
	bool found; /* a folder without a single file in it is a mistake worth telling */
};

static void describe_file(struct message *m, const struct source *s, const char *path,
			  const struct stat *st)
{
	*m = (struct message){ .size = (uint64_t)st->st_size };
	m->source = memory_copy(slice_from(s->name));
	m->locator = memory_copy(slice_from(path));

	char *real = path_real(path);

	source_key_of_file(m, SLICE("file"), real, st);
	free(real);
}

static bool enter(struct source_files *s, char *path, struct err *e)
{
	struct level *level = &s->levels[s->depth];

	if (s->depth == MAX_FOLDER_DEPTH) {
		err_set(e, ERR_NO_INPUT, "folders are nested more than %d deep", MAX_FOLDER_DEPTH);
		err_where(e, "%s", path);
		free(path);
		return false;
	}
	*level = (struct level){ .path = path };
	if (!listing_read(&level->listing, path, e)) {
		free(path);
		return false;
	}
	s->source.count_hint += level->listing.count;
	s->depth++;
	return true;
}

static void leave(struct source_files *s)
{
	struct level *level = &s->levels[--s->depth];

	listing_release(&level->listing);
	free(level->path);
}

/* Takes the path over. 1: a message; 0: nothing to see, go on; -1: an error. */
static int visit(struct source_files *s, char *path, struct message *m, struct err *e)
{
	struct stat st;
	int yielded = 0;

	if (stat(path, &st) != 0) {
		if (errno != ENOENT) { /* a file that went away is nobody's fault */
			err_set_errno(e, ERR_NO_INPUT, errno, "cannot look at the file");
			err_where(e, "%s", path);
			yielded = -1;
		}
	} else if (S_ISDIR(st.st_mode)) {
		return enter(s, path, e) ? 0 : -1;
	} else if (S_ISREG(st.st_mode)) {
		describe_file(m, &s->source, path, &st);
		s->found = true;
		yielded = 1;
	}
	free(path);
	return yielded;
}

static int nothing_found(const struct source_files *s, struct err *e)
{
	if (s->found)
		return 0;
	err_set(e, ERR_NO_INPUT, "the folder holds no files");
	err_where(e, "%s", s->source.name);
	err_remedy(e, "name the folder that the mails or reports are in");
	return -1;
}

static int files_next(struct source *source, struct message *m, struct err *e)
{
	struct source_files *s = (struct source_files *)source;

	if (s->path) {
		int yielded = visit(s, TAKE(s->path, NULL), m, e);

		if (yielded != 0)
			return yielded;
	}
	while (s->depth > 0) {
		struct level *level = &s->levels[s->depth - 1];

		if (level->next == level->listing.count) {
			leave(s);
			continue;
		}

		int yielded =
			visit(s, path_join(level->path, level->listing.names[level->next++]), m, e);

		if (yielded != 0)
			return yielded;
	}
	return nothing_found(s, e);
}

static int files_open(struct source *source UNUSED, const struct message *m, struct err *e)
{
	return file_open(m->locator, e);
}

static bool files_settle(struct source *source UNUSED, const struct message *m UNUSED,
			 enum settlement settlement UNUSED, struct err *e UNUSED)
{
	return true;
}

static void files_close(struct source *source)
{
	struct source_files *s = (struct source_files *)source;

	while (s->depth > 0)
		leave(s);
	free(s->path);
	free(s);
}

static const struct source_ops files_ops = { files_next, files_open, files_settle, files_close };

static struct source_files *files_new(const char *kind, const char *path)
{
	struct source_files *s = memory_zeroed(1, sizeof(*s));
	struct buf name = { 0 };

	buf_printf(&name, "%s:%s", kind, path);
	s->source = (struct source){ .ops = &files_ops, .name = buf_detach(&name) };
	s->path = memory_copy(slice_from(path));
	return s;
}

struct source *source_file_new(const char *path)
{
	struct source_files *s = files_new("file", path);

	s->source.count_hint = 1;
	s->found = true; /* whoever names a file that goes away is told when it is opened */
	return &s->source;
}

struct source *source_folder_new(const char *path)
{
	return &files_new("folder", path)->source;
}
