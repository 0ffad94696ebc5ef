/* SPDX-License-Identifier: MIT */
/*
 * A Maildir: new/ and cur/. A message is known by its unique base name, the part before ":2,", which
 * survives the change of flags and the move from new/ to cur/.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "ingest/listing.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

enum { MAILDIR_KEY_VERSION = 2 };

static const char *const subfolders[] = { "new", "cur" };

struct source_maildir {
	struct source source;
	char *path; /* the real one: the key does not depend on how it was named */
	struct listing listings[COUNT_OF(subfolders)];
	size_t folder, next;
};

static struct slice base_name(const char *name)
{
	struct slice s = slice_from(name);

	return slice_prefix(s, slice_find(s, ':'));
}

static void describe(struct message *m, const struct source_maildir *s, const char *name,
		     const struct stat *st)
{
	SCOPED(digest) struct digest *d = digest_new(MAILDIR_KEY_VERSION);
	struct buf locator = { 0 };

	buf_printf(&locator, "%s/%s", subfolders[s->folder], name);
	*m = (struct message){ .size = (uint64_t)st->st_size };
	m->source = memory_copy(slice_from(s->source.name));
	m->locator = buf_detach(&locator);
	digest_add(d, SLICE("maildir"));
	digest_add(d, slice_from(s->path));
	digest_add(d, base_name(name));
	digest_take(d, m->key);
}

static int maildir_next(struct source *source, struct message *m, struct err *e UNUSED)
{
	struct source_maildir *s = (struct source_maildir *)source;

	for (; s->folder < COUNT_OF(subfolders); s->folder++, s->next = 0) {
		const struct listing *listing = &s->listings[s->folder];

		while (s->next < listing->count) {
			const char *name = listing->names[s->next++];
			SCOPED(buf) struct buf path = { 0 };
			struct stat st;

			buf_printf(&path, "%s/%s/%s", s->path, subfolders[s->folder], name);
			/* a mail that another reader moved meanwhile comes up again on the next run */
			if (stat(path.p, &st) != 0 || !S_ISREG(st.st_mode))
				continue;
			describe(m, s, name, &st);
			return 1;
		}
	}
	return 0;
}

static int maildir_open(struct source *source, const struct message *m, struct err *e)
{
	const struct source_maildir *s = (const struct source_maildir *)source;
	char *path = path_join(s->path, m->locator);
	int fd = file_open(path, e);

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

static void seen_name(struct buf *path, const struct source_maildir *s, const char *name)
{
	struct slice base = base_name(name);
	struct slice info = slice_from_offset(slice_from(name), base.n);
	struct slice flags =
		slice_starts_with(info, SLICE(":2,")) ? slice_from_offset(info, 3) : SLICE("");

	buf_printf(path, "%s/cur/%.*s:2,", s->path, SLICE_ARG(base));
	append_seen_flags(path, flags);
}

static bool mark_seen(const struct source_maildir *s, const struct message *m, struct err *e)
{
	SCOPED(buf) struct buf from = { 0 };
	SCOPED(buf) struct buf to = { 0 };

	buf_printf(&from, "%s/%s", s->path, m->locator);
	seen_name(&to, s, strchr(m->locator, '/') + 1);
	/* gone: somebody else marked or moved it, which is what was wanted */
	if (slice_equal(buf_slice(&from), buf_slice(&to)) || rename(from.p, to.p) == 0 ||
	    errno == ENOENT)
		return true;
	err_set_errno(e, ERR_NO_INPUT, errno,
		      "the report is stored, but its mail cannot be marked as seen");
	err_where(e, "%s", from.p);
	return err_remedy(e, "allow writing in the Maildir; the next run marks it");
}

static bool maildir_settle(struct source *source, const struct message *m,
			   enum settlement settlement, struct err *e)
{
	const struct source_maildir *s = (const struct source_maildir *)source;

	switch (settlement) {
	case SETTLE_LEAVE:
		return true;
	case SETTLE_MARK:
		return mark_seen(s, m, e);
	}
	return true;
}

static void maildir_close(struct source *source)
{
	struct source_maildir *s = (struct source_maildir *)source;

	for (size_t i = 0; i < COUNT_OF(s->listings); i++)
		listing_release(&s->listings[i]);
	free(s->path);
	free(s);
}

static const struct source_ops maildir_ops = { maildir_next, maildir_open, maildir_settle,
					       maildir_close };

struct source *source_maildir_new(const char *path, struct err *e)
{
	struct source_maildir *s = memory_zeroed(1, sizeof(*s));
	struct buf name = { 0 };

	s->path = path_real(path);
	buf_printf(&name, "maildir:%s", s->path);
	s->source =
		(struct source){ .ops = &maildir_ops, .name = buf_detach(&name), .can_mark = true };
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
