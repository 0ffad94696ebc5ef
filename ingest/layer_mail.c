/* SPDX-License-Identifier: MIT */
/*
 * A mail that came out of an archive, or is a part that does not say so: kept until its end, since GMime
 * needs it whole; then part after part.
 */
#include <stddef.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "ingest/layer.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

struct layer_mail {
	struct layer layer;
	struct mime_listener listener;
	int fd; /* -1 until the first bytes come */
	uint64_t size;
	struct unpacker *part; /* the open one; NULL: it has failed, or none is */
	struct err fault;      /* the first part's that failed */
};

static struct layer_mail *of_listener(struct mime_listener *l)
{
	return (struct layer_mail *)(void *)((char *)l - offsetof(struct layer_mail, listener));
}

static bool mail_push(struct layer *layer, struct slice bytes, struct err *e)
{
	struct layer_mail *m = (struct layer_mail *)layer;

	m->size += bytes.n;
	if (m->size > LIMIT_MAIL_BYTES)
		return err_set(e, ERR_LIMIT, "a mail in it has more than %llu bytes",
			       (unsigned long long)LIMIT_MAIL_BYTES);
	if (m->fd < 0)
		m->fd = file_temporary(e);
	return m->fd >= 0 && file_write_temporary(m->fd, bytes, e);
}

static void head_is_read(struct mime_listener *l, const struct mime_head *head)
{
	struct mail_watch *watch = of_listener(l)->layer.watch;

	if (watch)
		watch->head(watch, head);
}

static void close_part(struct layer_mail *m)
{
	unpacker_free(m->part);
	m->part = NULL;
}

/* As with the members of a zip: a damaged part leaves the others their chance. */
static bool part_failed(struct layer_mail *m, const struct err *why, struct err *e)
{
	close_part(m);
	if (why->kind != ERR_INPUT && why->kind != ERR_DATE) {
		*e = *why;
		return false;
	}
	if (m->fault.kind == ERR_NONE)
		m->fault = *why;
	return true;
}

static bool part_begins(struct mime_listener *l, const struct mime_part *part, struct err *e UNUSED)
{
	struct layer_mail *m = of_listener(l);
	struct layer below = m->layer;

	below.packed = false;
	below.watch = NULL;
	m->part = unpacker_below(below);
	if (part->forwarded || !m->layer.watch)
		m->layer.receiver->ops->quirk(m->layer.receiver, QUIRK_FORWARDED_MESSAGE);
	return true;
}

static bool part_bytes(struct mime_listener *l, struct slice bytes, struct err *e)
{
	struct layer_mail *m = of_listener(l);
	struct err why = ERR_INIT;

	return budget_inflate(m->layer.budget, bytes.n, e) &&
		(!m->part || unpacker_push(m->part, bytes, &why) || part_failed(m, &why, e));
}

static bool part_ends(struct mime_listener *l, struct err *e)
{
	struct layer_mail *m = of_listener(l);
	struct err why = ERR_INIT;
	bool ok = !m->part || unpacker_finish(m->part, &why) || part_failed(m, &why, e);

	close_part(m);
	return ok;
}

/* It only began like a mail. */
static bool hand_on(struct layer_mail *m, struct layer *below, struct err *e)
{
	UNINITIALISED char piece[PIECE_BYTES];
	off_t offset = 0;
	ssize_t got;

	while ((got = file_read_at(m->fd, piece, sizeof(piece), offset, e)) > 0) {
		if (!below->ops->push(below, slice_of(piece, (size_t)got), e))
			return false;
		offset += got;
	}
	return got == 0 && below->ops->finish(below, e);
}

static bool read_as_it_is(struct layer_mail *m, struct err *e)
{
	struct layer *plain = layer_plain_new(m->layer);
	bool ok = hand_on(m, plain, e);

	plain->ops->free(plain);
	return ok;
}

static bool mail_finish(struct layer *layer, struct err *e)
{
	struct layer_mail *m = (struct layer_mail *)layer;
	struct mime_summary summary;
	bool ok = mime_walk(m->fd, SLICE_ABSENT, &m->listener, &summary, e);
	bool is_mail = summary.kind != MAIL_NONE;

	if (is_mail && layer->watch)
		layer->watch->end(layer->watch, &summary);
	free(summary.message_id);
	if (!ok || !is_mail)
		return ok && read_as_it_is(m, e);
	if (m->fault.kind != ERR_NONE)
		*e = m->fault;
	return m->fault.kind == ERR_NONE;
}

static void mail_free(struct layer *layer)
{
	struct layer_mail *m = (struct layer_mail *)layer;

	close_part(m);
	fd_close(m->fd);
	free(m);
}

static const struct layer_ops mail_ops = { mail_push, mail_finish, mail_free };

struct layer *layer_mail_new(struct layer base)
{
	struct layer_mail *m = memory_zeroed(1, sizeof(*m));

	m->layer = base;
	m->layer.ops = &mail_ops;
	m->listener = (struct mime_listener){ head_is_read, part_begins, part_bytes, part_ends };
	m->fd = -1;
	return &m->layer;
}

/* RFC 5322 2.2: printable, and no blank. */
static bool is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] <= ' ' || name.p[i] > '~')
			return false;
	}
	return name.n > 0;
}

/* Fields of which every mail has some, and nothing else that is met has two. */
static bool is_of_mails(struct slice name)
{
	static const struct slice names[] = {
		{ "received", 8 },      { "return-path", 11 }, { "delivered-to", 12 },
		{ "from", 4 },          { "to", 2 },           { "subject", 7 },
		{ "date", 4 },          { "message-id", 10 },  { "mime-version", 12 },
		{ "content-type", 12 },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_equal_icase(name, names[i]))
			return true;
	}
	return false;
}

bool layer_is_mail(struct slice head)
{
	struct slice rest = slice_skip_blanks(head);
	struct slice line = SLICE_ABSENT;
	unsigned fields = 0;

	/* the last line may be cut off, so it is not looked at */
	while (slice_find(rest, '\n') < rest.n && slice_cut(&rest, '\n', &line) &&
	       slice_trim(line).n > 0) {
		struct slice name = slice_prefix(line, slice_find(line, ':'));

		if (byte_is_blank(line.p[0]) && fields > 0)
			continue;
		if (name.n == line.n || !is_field_name(name))
			return false;
		fields += is_of_mails(name);
	}
	return fields >= 2;
}
