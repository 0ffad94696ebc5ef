/* SPDX-License-Identifier: MIT */
#include "ingest/source.h"

#include <errno.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/file.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(settlement, SETTLEMENT_LIST)

/* Keys of messages; a change of what goes into them needs a new number. */
enum { MESSAGE_KEY_VERSION = 1 };

static bool is_folder(const char *path, const char *name)
{
	struct stat st;
	char *child = path_join(path, name);
	bool folder = stat(child, &st) == 0 && S_ISDIR(st.st_mode);

	free(child);
	return folder;
}

static bool is_maildir(const char *path)
{
	return is_folder(path, "cur") && is_folder(path, "new") && is_folder(path, "tmp");
}

static struct source *no_such_source(const char *spec, struct err *e)
{
	if (errno == ENOENT)
		err_set(e, ERR_NO_INPUT, "no such file or folder");
	else
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot look at the file or folder");
	err_where(e, "%s", spec);
	err_remedy(e, "give a file, a folder, a Maildir, or '-' for standard input");
	return NULL;
}

bool source_is_stdin(const char *spec)
{
	return slice_equal(slice_from(spec), SLICE("-"));
}

bool source_check(const char *spec, struct err *e)
{
	struct stat st;

	return source_is_stdin(spec) || stat(spec, &st) == 0 || no_such_source(spec, e) != NULL;
}

struct source *source_open(const char *spec, struct err *e)
{
	struct stat st;

	if (source_is_stdin(spec))
		return source_stdin_new();
	if (stat(spec, &st) != 0)
		return no_such_source(spec, e);
	if (S_ISREG(st.st_mode))
		return source_file_new(spec);
	if (!S_ISDIR(st.st_mode))
		return source_stream_new(spec, e);
	return is_maildir(spec) ? source_maildir_new(spec, e) : source_folder_new(spec);
}

void source_close(struct source *s)
{
	if (!s)
		return;
	free(s->name);
	s->ops->close(s);
}

void source_key_of_file(struct message *m, struct slice kind, const char *path,
			const struct stat *st)
{
	SCOPED(digest) struct digest *d = digest_new(MESSAGE_KEY_VERSION);

	digest_add(d, kind);
	digest_add(d, slice_from(path));
	digest_add_u64(d, (uint64_t)st->st_dev);
	digest_add_u64(d, (uint64_t)st->st_ino);
	digest_add_u64(d, (uint64_t)st->st_size);
	digest_add_u64(d, (uint64_t)st->st_mtim.tv_sec);
	digest_add_u64(d, (uint64_t)st->st_mtim.tv_nsec);
	digest_take(d, m->key);
}
