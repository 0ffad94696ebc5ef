/* SPDX-License-Identifier: MIT */
/* Zip: kept until its end, since its table of contents stands there; then member after member. */
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/spool.h"
#include "ingest/layer.h"
#include "ingest/zip_directory.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

struct layer_zip {
	struct layer layer;
	struct spool bytes;
};

static void archive_discard(zip_t *archive)
{
	if (archive)
		zip_discard(archive);
}
SCOPE_DEFINE(archive, zip_t *, archive_discard);

static void member_close(zip_file_t *member)
{
	if (member)
		(void)zip_fclose(member);
}
SCOPE_DEFINE(member, zip_file_t *, member_close);

static bool zip_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_zip *z = (struct layer_zip *)layer;

	return spool_append(&z->bytes, bytes, e);
}

static zip_t *open_memory(const struct spool *bytes, zip_error_t *error)
{
	zip_source_t *source = zip_source_buffer_create(bytes->memory.p, bytes->memory.n, 0, error);
	zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, error) : NULL;

	if (!archive && source)
		zip_source_free(source);
	return archive;
}

static zip_t *open_file(const struct spool *bytes, zip_error_t *error)
{
	int code = 0;
	int fd = dup(bytes->fd); /* libzip closes what it is given */
	zip_t *archive = fd < 0 ? NULL : zip_fdopen(fd, ZIP_RDONLY, &code);

	if (!archive) {
		zip_error_init_with_code(error, code);
		fd_close(fd);
	}
	return archive;
}

static zip_t *open_archive(const struct spool *bytes, struct err *e)
{
	zip_error_t error;

	zip_error_init(&error);

	zip_t *archive = bytes->fd < 0 ? open_memory(bytes, &error) : open_file(bytes, &error);

	if (!archive)
		err_set(e, ERR_INPUT, "the zip is damaged: %s", zip_error_strerror(&error));
	zip_error_fini(&error);
	return archive;
}

static bool member_error(zip_t *archive, zip_uint64_t index, struct err *e)
{
	int code = zip_error_code_zip(zip_get_error(archive));

	if (code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD || code == ZIP_ER_ENCRNOTSUPP)
		return err_set(e, ERR_INPUT, "the zip is encrypted");
	return err_set(e, ERR_INPUT, "member %llu of the zip cannot be read: %s",
		       (unsigned long long)index + 1, zip_error_strerror(zip_get_error(archive)));
}

/* It may be one of several, and so no mail in it is the message itself. */
static struct unpacker *below_member(const struct layer_zip *z)
{
	struct layer below = z->layer;

	below.packed = true;
	below.watch = NULL;
	return unpacker_below(below);
}

static bool unpack_member(struct layer_zip *z, zip_t *archive, zip_uint64_t index, struct err *e)
{
	SCOPED(member) zip_file_t *member = zip_fopen_index(archive, index, 0);
	SCOPED(unpacker) struct unpacker *below = below_member(z);
	UNINITIALISED char piece[PIECE_BYTES];
	zip_int64_t got;

	if (!member)
		return member_error(archive, index, e);
	while ((got = zip_fread(member, piece, sizeof(piece))) > 0) {
		if (!budget_inflate(z->layer.budget, (uint64_t)got, e) ||
		    !unpacker_push(below, slice_of(piece, (size_t)got), e))
			return false;
	}
	if (got < 0)
		return err_set(e, ERR_INPUT, "member %llu of the zip is damaged: %s",
			       (unsigned long long)index + 1, zip_file_strerror(member));
	return unpacker_finish(below, e);
}

/* Only to tell a folder, which ends with a slash; members are chosen by what is in them. */
static bool is_folder(zip_t *archive, zip_uint64_t index)
{
	struct slice name = slice_from(zip_get_name(archive, index, ZIP_FL_ENC_RAW));

	return name.n > 0 && name.p[name.n - 1] == '/';
}

/*
 * A damaged member leaves the others their chance, and its error is the zip's in the end. Limits are
 * the whole mail's: they end it at once, as do errors that are nobody's here.
 */
static bool unpack_members(struct layer_zip *z, zip_t *archive, struct err *e)
{
	zip_int64_t count = zip_get_num_entries(archive, 0);
	bool all = true;

	for (zip_int64_t i = 0; i < count; i++) {
		zip_uint64_t index = (zip_uint64_t)i;
		struct err fault = ERR_INIT;

		if (is_folder(archive, index) || unpack_member(z, archive, index, &fault))
			continue;
		if (all)
			*e = fault;
		all = false;
		if (fault.kind != ERR_INPUT && fault.kind != ERR_DATE) {
			*e = fault;
			return false;
		}
	}
	return all;
}

static bool zip_finish(struct layer *layer, struct err *e)
{
	struct layer_zip *z = (struct layer_zip *)layer;
	uint64_t members = 0;

	if (!zip_count_members(&z->bytes, &members, e))
		return false;
	if (members > LIMIT_ZIP_MEMBERS)
		return err_set(e, ERR_LIMIT, "the zip has %llu members, more than %d",
			       (unsigned long long)members, LIMIT_ZIP_MEMBERS);

	SCOPED(archive) zip_t *archive = open_archive(&z->bytes, e);

	return archive && unpack_members(z, archive, e);
}

static void zip_free(struct layer *layer)
{
	struct layer_zip *z = (struct layer_zip *)layer;

	spool_release(&z->bytes);
	free(z);
}

static const struct layer_ops zip_ops = { zip_push, zip_finish, zip_free };

struct layer *layer_zip_new(struct layer base)
{
	struct layer_zip *z = memory_zeroed(1, sizeof(*z));

	z->layer = base;
	z->layer.ops = &zip_ops;
	z->bytes = SPOOL_INIT(LIMIT_ARCHIVE_IN_MEMORY);
	return &z->layer;
}
