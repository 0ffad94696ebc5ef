/* SPDX-License-Identifier: MIT */
/*
 * A folder on an IMAP server. A mail is known by account, folder, UIDVALIDITY and UID. The folder is only
 * examined until there is something to settle. Listing needs one question in thousands of mails; mails are
 * fetched and settled in batches. One connection serves all threads, one at a time.
 */
#define _GNU_SOURCE /* memfd_create */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/monitor.h"
#include "ingest/imap_curl.h"
#include "ingest/imap_due.h"
#include "ingest/imap_fetch.h"
#include "ingest/imap_idle.h"
#include "ingest/imap_name.h"
#include "ingest/imap_secret.h"
#include "ingest/source_kinds.h"

#include "base/banned.h"

enum { IMAP_KEY_VERSION = 6 };

/* Of one step, and connections of one run: a server that is as bad is left for another night. */
enum { ATTEMPTS = 4, CONNECTIONS = 20 };

struct source_imap {
	struct source source;
	struct imap_url url;
	struct imap_criteria criteria;
	struct imap_secret secret;
	struct imap_transport *own; /* libcurl's; NULL: it is somebody else's */
	struct imap_transport *transport;
	struct imap_session session;
	struct imap_fetch fetch;
	struct imap_idle idle;
	struct monitor monitor; /* of the connection, and of all below */
	unsigned connections;
	uint32_t validity;

	uint32_t *uids; /* of the folder */
	size_t count, next;
	uint32_t *seen; /* were listed before, and are not to be listed again */
	size_t seen_count, seen_next;

	struct dues dues;
	struct err failure; /* of the batch that was last to fail */
};

/* --- the connection ------------------------------------------------------------------------------ */

/* A token may have ended just now: its command is run again, once. */
static bool log_in(struct source_imap *s, struct err *e)
{
	struct imap_credentials *credentials = &s->secret.credentials;
	struct err first = ERR_INIT;

	if (!imap_connect(&s->session, &first)) {
		*e = first;
		return false;
	}
	if (imap_login(&s->session, credentials, &first))
		return true;
	imap_session_shut(&s->session);
	if (first.kind != ERR_CONFIG || !credentials->token) {
		*e = first;
		return false;
	}
	return imap_connect(&s->session, e) && imap_login(&s->session, credentials, e);
}

static bool select_folder(struct source_imap *s, bool writable, struct err *e)
{
	SCOPED(buf) struct buf mailbox = { 0 };

	if (!imap_append_mailbox(&mailbox, slice_from(s->url.folder), s->session.delimiter, e))
		return false;
	if (!imap_select(&s->session, buf_slice(&mailbox), writable, e))
		return err_where(e, "%s", s->source.name);
	if (s->validity == 0 || s->validity == s->session.validity)
		return true;
	err_set(e, ERR_UNREACHABLE, "the folder was made anew meanwhile");
	err_where(e, "%s", s->source.name);
	err_remedy(e, "the next run reads it");
	return false;
}

static bool enter(struct source_imap *s, struct err *e)
{
	imap_session_shut(&s->session);
	imap_fetch_forget_flying(&s->fetch);
	imap_idle_forget(&s->idle);
	if (s->connections++ < CONNECTIONS)
		return log_in(s, e) && select_folder(s, false, e);
	err_set(e, ERR_UNREACHABLE, "the server has ended too many connections");
	err_where(e, "%s", s->url.host);
	err_remedy(e, "what was read by then is stored; the next run tries again");
	return false;
}

/* A part of the dialogue that may be begun again on another connection. */
typedef bool step(struct source_imap *s, void *what, struct err *e);

static bool persist(struct source_imap *s, step *run, void *what, struct err *e)
{
	for (unsigned attempts = 0;; attempts++) {
		struct err fault = ERR_INIT;
		bool usable = s->session.validity > 0 && !s->session.goodbye;

		if ((usable || enter(s, &fault)) && run(s, what, &fault))
			return true;
		/* behind a refusal there is nothing wrong with the connection */
		if (fault.kind == ERR_UNREACHABLE || s->session.flying)
			imap_session_shut(&s->session);
		if (fault.kind != ERR_UNREACHABLE || attempts + 1 >= ATTEMPTS ||
		    s->connections >= CONNECTIONS) {
			s->source.away = fault.kind == ERR_UNREACHABLE;
			*e = fault;
			return false;
		}
		log_err(LOG_LEVEL_DEBUG, &fault);
		s->transport->ops->back_off(s->transport, attempts);
	}
}

/* --- listing ------------------------------------------------------------------------------------- */

static void key_of(const struct source_imap *s, const char *folder, uint32_t validity, uint32_t uid,
		   unsigned char key[MESSAGE_KEY_SIZE])
{
	SCOPED(digest) struct digest *d = digest_new(IMAP_KEY_VERSION);

	digest_add(d, SLICE("imap"));
	digest_add(d, slice_from(s->url.user));
	digest_add(d, slice_from(s->url.host));
	digest_add_u64(d, imap_url_has_own_port(&s->url) ? s->url.port : 0);
	digest_add(d, slice_from(folder));
	digest_add_u64(d, validity);
	digest_add_u64(d, uid);
	digest_take(d, key);
}

static char *locator_of(uint32_t validity, uint32_t uid)
{
	struct buf locator = { 0 };

	buf_printf(&locator, "%lu/%lu", (unsigned long)validity, (unsigned long)uid);
	return buf_detach(&locator);
}

/* 0: it was in a folder of this name that is no more. */
static uint32_t uid_of(const struct source_imap *s, const struct message *m)
{
	struct slice locator = slice_from(m->locator);
	size_t slash = slice_find(locator, '/');
	uint32_t validity, uid;

	if (!imap_number(slice_prefix(locator, slash), &validity) || validity != s->validity ||
	    !imap_number(slice_from_offset(locator, slash + 1), &uid))
		return 0;
	return uid;
}

static bool list(struct source_imap *s, void *what UNUSED, struct err *e)
{
	s->validity = s->session.validity;
	if (imap_search_all(&s->session, &s->criteria, &s->uids, &s->count, e))
		return true;
	s->validity = 0;
	return false;
}

static bool list_again(struct source_imap *s, void *what, struct err *e)
{
	return imap_idle_end(&s->idle, e) && imap_fetch_finish(&s->fetch, e) &&
		imap_ask_news(&s->session, e) && list(s, what, e);
}

static bool was_seen(struct source_imap *s, uint32_t uid)
{
	while (s->seen_next < s->seen_count && s->seen[s->seen_next] < uid)
		s->seen_next++;
	return s->seen_next < s->seen_count && s->seen[s->seen_next] == uid;
}

static void count_unseen(struct source_imap *s)
{
	s->source.count_hint = 0;
	for (size_t i = 0; i < s->count; i++)
		s->source.count_hint += !was_seen(s, s->uids[i]);
	s->next = s->seen_next = 0;
}

/* Before another look: what the last one has not come to is nobody's business any more. */
static void clean_up(struct source_imap *s)
{
	free(s->seen);
	s->seen = TAKE(s->uids, NULL);
	s->seen_count = TAKE(s->count, 0);
	s->dues.count = 0;
	s->connections = 0;
	s->validity = 0;
	s->source.away = false;
}

static bool imap_again(struct source *source, bool all, struct err *e)
{
	struct source_imap *s = (struct source_imap *)source;
	uint32_t validity = s->validity;

	clean_up(s);
	if (!persist(s, list_again, NULL, e))
		return false;
	if (all || s->validity != validity)
		s->seen_count = 0;
	count_unseen(s);
	return true;
}

static int imap_look(struct source *source, int64_t now_ms, struct err *e)
{
	struct source_imap *s = (struct source_imap *)source;

	if (s->session.goodbye || s->session.validity == 0)
		return -1;
	return imap_fetch_finish(&s->fetch, e) ? imap_idle_look(&s->idle, now_ms, e) : -1;
}

static int imap_descriptor(const struct source *source)
{
	const struct source_imap *s = (const struct source_imap *)source;

	return imap_idle_is_possible(&s->idle) ? s->transport->ops->descriptor(s->transport) : -1;
}

static int imap_next_message(struct source *source, struct message *m, struct err *e UNUSED)
{
	struct source_imap *s = (struct source_imap *)source;
	uint32_t uid;

	while (s->next < s->count && was_seen(s, s->uids[s->next]))
		s->next++;
	if (s->next == s->count)
		return 0;
	uid = s->uids[s->next++];
	*m = (struct message){ 0 };
	m->source = memory_copy(slice_from(s->source.name));
	m->locator = locator_of(s->validity, uid);
	key_of(s, s->url.folder, s->validity, uid, m->key);
	memcpy(m->place_key, m->key, MESSAGE_KEY_SIZE);
	return 1;
}

/* --- opening ------------------------------------------------------------------------------------- */

static void imap_will_open(struct source *source, const struct message *m)
{
	struct source_imap *s = (struct source_imap *)source;

	monitor_enter(&s->monitor);
	imap_fetch_expect(&s->fetch, uid_of(s, m));
	monitor_leave(&s->monitor);
}

struct taking {
	uint32_t uid;
	uint64_t size;
	struct spool bytes;
	int taken;
};

static bool take(struct source_imap *s, void *what, struct err *e)
{
	struct taking *t = what;

	t->taken = imap_fetch_take(&s->fetch, t->uid, &t->size, &t->bytes, e);
	return t->taken >= 0;
}

/* What is in memory stays there, as a file without a place. */
static int descriptor_of(struct spool *bytes, struct err *e)
{
	int fd;

	if (bytes->fd >= 0)
		return TAKE(bytes->fd, -1);
	fd = memfd_create("mail", MFD_CLOEXEC);
	if (fd < 0)
		fd = file_temporary(e);
	if (fd >= 0 && !file_write_temporary(fd, buf_slice(&bytes->memory), e)) {
		fd_close(fd);
		return -1;
	}
	return fd;
}

static int imap_open_message(struct source *source, struct message *m, struct err *e)
{
	struct source_imap *s = (struct source_imap *)source;
	struct taking t = { .uid = uid_of(s, m), .bytes = SPOOL_INIT(0) };
	int fd = -1;

	monitor_enter(&s->monitor);

	bool ok = persist(s, take, &t, e);

	monitor_leave(&s->monitor);
	if (ok && t.taken > 0) {
		m->size = t.size;
		fd = descriptor_of(&t.bytes, e);
	}
	spool_release(&t.bytes);
	if (e->kind == ERR_NO_INPUT)
		err_where(e, "%s: %s", s->source.name, m->locator);
	return fd;
}

/* --- settling ------------------------------------------------------------------------------------ */

static void imap_will_settle(struct source *source, const struct message *m,
			     const struct settlement *settlement)
{
	struct source_imap *s = (struct source_imap *)source;

	monitor_enter(&s->monitor);
	dues_add(&s->dues, uid_of(s, m), settlement);
	monitor_leave(&s->monitor);
}

static bool make_writable(struct source_imap *s, struct err *e)
{
	if (s->session.writable)
		return true;
	if (!select_folder(s, true, e))
		return false;
	if (s->session.writable)
		return true;
	err_set(e, ERR_CONFIG, "the folder can only be read");
	err_where(e, "%s", s->source.name);
	err_remedy(e, "give the user more rights, or leave its mails as they are");
	return false;
}

static bool move_batch(struct source_imap *s, struct due_batch *b, struct err *e)
{
	struct slice folder = slice_from(b->settlement.folder);
	SCOPED(buf) struct buf mailbox = { 0 };

	/* to where they are: that marks them, as it does in a Maildir */
	if (slice_equal(folder, slice_from(s->url.folder)))
		return imap_mark_seen(&s->session, b->mails, b->count, e);
	return imap_append_mailbox(&mailbox, folder, s->session.delimiter, e) &&
		imap_move(&s->session, buf_slice(&mailbox), b->mails, b->count, &b->validity, e);
}

static bool settle_batch(struct source_imap *s, void *what, struct err *e)
{
	struct due_batch *b = what;

	if (!imap_fetch_finish(&s->fetch, e) || !make_writable(s, e))
		return false;
	if (b->settlement.action == SETTLE_MOVE)
		return move_batch(s, b, e);
	return (b->settlement.action == SETTLE_MARK ? imap_mark_seen : imap_delete)(
		&s->session, b->mails, b->count, e);
}

static void run_batch(struct source_imap *s, const struct due *like)
{
	struct due_batch b;

	dues_batch(&s->dues, like, &b);
	s->failure = (struct err)ERR_INIT;
	dues_note(&s->dues, &b, persist(s, settle_batch, &b, &s->failure));
}

static void tell_place(const struct source_imap *s, const struct due *d, struct place *now)
{
	struct buf source = { 0 };

	if (d->settlement.action != SETTLE_MOVE || d->to == 0 || d->to_validity == 0)
		return;
	imap_url_append(&source, &s->url, d->settlement.folder);
	now->source = buf_detach(&source);
	now->locator = locator_of(d->to_validity, d->to);
	key_of(s, d->settlement.folder, d->to_validity, d->to, now->key);
}

static int settle(struct source_imap *s, uint32_t uid, const struct settlement *settlement,
		  struct place *now, struct err *e)
{
	struct due *d;
	int settled = -1;

	dues_add(&s->dues, uid, settlement);
	d = dues_find(&s->dues, uid);
	while (d && d->state == DUE)
		run_batch(s, d);
	if (!d)
		return 0;
	if (d->state == DUE_FAILED) {
		*e = s->failure;
	} else {
		/* what is deleted is deleted, whoever did it */
		settled = d->there || settlement->action == SETTLE_DELETE;
		if (d->there)
			tell_place(s, d, now);
	}
	dues_remove(&s->dues, d);
	return settled;
}

static int imap_settle_message(struct source *source, const struct message *m,
			       const struct settlement *settlement, struct place *now,
			       struct err *e)
{
	struct source_imap *s = (struct source_imap *)source;
	int settled;

	monitor_enter(&s->monitor);
	settled = settle(s, uid_of(s, m), settlement, now, e);
	monitor_leave(&s->monitor);
	return settled;
}

/* --- trying --------------------------------------------------------------------------------------- */

/* The folder to move to is looked into; one that is not there is made by whoever moves. */
static bool try_settle(struct source_imap *s, void *what, struct err *e)
{
	const struct settlement *settlement = what;
	SCOPED(buf) struct buf mailbox = { 0 };
	bool good = make_writable(s, e);

	if (!good || settlement->action != SETTLE_MOVE)
		return good;
	good = imap_append_mailbox(&mailbox, slice_from(settlement->folder), s->session.delimiter,
				   e) &&
		imap_select(&s->session, buf_slice(&mailbox), false, e);
	if (!good && e->kind == ERR_CONFIG)
		*e = (struct err)ERR_INIT;
	/* it is in another folder now */
	imap_session_shut(&s->session);
	return e->kind == ERR_NONE;
}

static bool imap_can_settle(struct source *source, const struct settlement *settlement,
			    struct err *e)
{
	struct source_imap *s = (struct source_imap *)source;
	struct settlement wanted = *settlement;
	bool good;

	monitor_enter(&s->monitor);
	good = persist(s, try_settle, &wanted, e);
	monitor_leave(&s->monitor);
	return good;
}

/* --- beginning and end --------------------------------------------------------------------------- */

static void imap_close(struct source *source)
{
	struct source_imap *s = (struct source_imap *)source;

	imap_session_release(&s->session);
	imap_fetch_release(&s->fetch);
	imap_curl_free(s->own);
	imap_url_release(&s->url);
	monitor_release(&s->monitor);
	free(s->uids);
	free(s->seen);
	dues_release(&s->dues);
	free(s);
}

static const struct source_ops imap_ops = {
	.next = imap_next_message,
	.open = imap_open_message,
	.settle = imap_settle_message,
	.close = imap_close,
	.will_open = imap_will_open,
	.will_settle = imap_will_settle,
	.again = imap_again,
	.look = imap_look,
	.descriptor = imap_descriptor,
	.can_settle = imap_can_settle,
};

bool source_imap_can_move(const char *folder, struct err *e)
{
	SCOPED(buf) struct buf mailbox = { 0 };

	return imap_append_mailbox(&mailbox, slice_from(folder), '/', e);
}

bool source_imap_check(const char *spec, const struct imap_access *access, struct err *e)
{
	struct imap_url url;
	bool good;

	if (!access) {
		err_set(e, ERR_USAGE, "a mailbox on a server can only be ingested");
		err_where(e, "%s", spec);
		err_remedy(e, "use 'ruamill ingest', with --dry-run where nothing is to be stored");
		return false;
	}
	good = imap_url_parse(slice_from(spec), &url, e) && source_imap_can_move(url.folder, e);
	if (!good && strchr(spec, '@'))
		err_where(e, "...%s", strrchr(spec, '@'));
	imap_url_release(&url);
	return good && imap_secret_check(access, e);
}

struct source *source_imap_over(const char *spec, const struct imap_access *access,
				struct imap_transport *transport, struct err *e)
{
	struct source_imap *s = memory_zeroed(1, sizeof(*s));
	struct buf name = { 0 };

	s->source.ops = &imap_ops;
	monitor_init(&s->monitor);

	bool good = imap_url_parse(slice_from(spec), &s->url, e);

	if (good)
		imap_url_append(&name, &s->url, s->url.folder);
	s->source.name = buf_detach(&name);
	s->own = transport ? NULL : imap_curl_new(&s->url, access);
	s->transport = transport ? transport : s->own;
	s->criteria = (struct imap_criteria){ access->since, access->unseen };
	imap_secret_init(&s->secret, s->url.user, access);
	imap_session_init(&s->session, s->transport, s->url.host);
	imap_fetch_init(&s->fetch, &s->session);
	imap_idle_init(&s->idle, &s->session);
	if (!good || !persist(s, list, NULL, e)) {
		source_close(&s->source);
		return NULL;
	}
	s->source.count_hint = s->count;
	return &s->source;
}

struct source *source_imap_new(const char *spec, const struct imap_access *access, struct err *e)
{
	return source_imap_over(spec, access, NULL, e);
}
