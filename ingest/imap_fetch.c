/* SPDX-License-Identifier: MIT */
#include "ingest/imap_fetch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "ingest/imap_name.h"
#include "ingest/imap_uid.h"
#include "parser/limits.h"

#include "base/banned.h"

/* More is refused, and not even passed over: what a server calls a mail of 100 bytes may be anything. */
#define BODY_MOST (2 * LIMIT_MAIL_BYTES)

/* Of one mail; beyond that it is in a file. */
#define BODY_IN_MEMORY (UINT64_C(128) << 10)

/* Mails whose size is asked for at once, and that are fetched by one command. */
enum { SIZES = 512, BATCH_MAILS = 100 };

/* As announced. A single mail may have more. */
#define BATCH_BYTES (UINT64_C(4) << 20)
#define HELD_BYTES  (UINT64_C(32) << 20)

enum state {
	STATE_WANTED,
	STATE_ASKED_SIZE,
	STATE_SIZED,
	STATE_ASKED,
	STATE_READY,
	STATE_TOO_LARGE,
	STATE_GONE,
};

struct imap_mail {
	uint32_t uid;
	enum state state;
	bool alone; /* was in a batch that was refused */
	uint64_t size;
	struct spool bytes;
};

/* --- mails by UID -------------------------------------------------------------------------------- */

static size_t position(const struct imap_fetch *f, uint32_t uid)
{
	return imap_uid_position(f->mails, f->count, sizeof(*f->mails), uid);
}

static struct imap_mail *find(const struct imap_fetch *f, uint32_t uid)
{
	size_t at = position(f, uid);

	return at < f->count && f->mails[at].uid == uid ? &f->mails[at] : NULL;
}

void imap_fetch_expect(struct imap_fetch *f, uint32_t uid)
{
	size_t at = position(f, uid);

	if (at < f->count && f->mails[at].uid == uid)
		return;
	f->mails = memory_grow_array(f->mails, f->count, &f->capacity, sizeof(*f->mails));
	memmove(f->mails + at + 1, f->mails + at, (f->count - at) * sizeof(*f->mails));
	f->mails[at] = (struct imap_mail){ .uid = uid, .bytes = SPOOL_INIT(BODY_IN_MEMORY) };
	f->count++;
}

static bool is_held(const struct imap_mail *mail)
{
	return mail->state == STATE_ASKED || mail->state == STATE_READY;
}

static void let_go(struct imap_fetch *f, struct imap_mail *mail, enum state state)
{
	if (is_held(mail))
		f->held -= mail->size;
	mail->state = state;
	if (is_held(mail))
		f->held += mail->size;
}

static void drop(struct imap_fetch *f, struct imap_mail *mail)
{
	size_t at = (size_t)(mail - f->mails);

	let_go(f, mail, STATE_GONE);
	spool_release(&mail->bytes);
	f->count--;
	memmove(mail, mail + 1, (f->count - at) * sizeof(*mail));
}

/* --- FETCH responses ----------------------------------------------------------------------------- */

static bool on_body(struct imap_watcher *watcher, uint64_t size, struct err *e)
{
	struct imap_fetch *f = (struct imap_fetch *)watcher;

	if (f->has_body || size > BODY_MOST) {
		err_set(e, ERR_INPUT, "the server sends a mail of %llu bytes",
			(unsigned long long)size);
		return false;
	}
	f->has_body = true;
	f->too_large = size > LIMIT_MAIL_BYTES;
	return true;
}

static bool on_bytes(struct imap_watcher *watcher, struct slice bytes, struct err *e)
{
	struct imap_fetch *f = (struct imap_fetch *)watcher;

	if (!f->too_large)
		return spool_append(&f->arriving, bytes, e);
	f->arriving.size += bytes.n;
	return true;
}

/* What one response says of its mail. */
struct item {
	uint32_t uid;
	bool sized, has_body;
	uint64_t size;
};

static bool read_body(struct imap_fetch *f, const struct imap_token *value, struct item *item,
		      struct err *e)
{
	item->has_body = true;
	if (value->kind == IMAP_TOKEN_BODY || value->kind == IMAP_TOKEN_NIL)
		return true;
	if (value->kind == IMAP_TOKEN_STRING && f->arriving.size == 0) {
		SCOPED(buf) struct buf text = { 0 };

		imap_append_string(&text, value);
		return spool_append(&f->arriving, buf_slice(&text), e);
	}
	err_set(e, ERR_INPUT, "the server sends a mail that is no string");
	return false;
}

/* False without an error: it is no list of names and values. */
static bool read_items(struct imap_fetch *f, struct slice data, struct item *item, struct err *e)
{
	struct imap_cursor c = imap_cursor_over(data);
	struct imap_token name = imap_next(&c);

	if (name.kind != IMAP_TOKEN_OPEN)
		return false;
	for (name = imap_next(&c); name.kind == IMAP_TOKEN_ATOM; name = imap_next(&c)) {
		struct imap_token value = imap_next(&c);

		if (imap_is_atom(&name, SLICE("UID")) && !imap_number(value.text, &item->uid))
			return false;
		if (imap_is_atom(&name, SLICE("RFC822.SIZE")))
			item->sized = number_parse_u64(value.text, 0, UINT64_MAX / 4, &item->size);
		if (imap_is_atom(&name, SLICE("BODY[]")) && !read_body(f, &value, item, e))
			return false;
		if (!imap_skip(&c, value))
			return false;
	}
	return name.kind == IMAP_TOKEN_CLOSE;
}

/* Nobody asked, or it came before: whatever it is, it does not become a mail. */
static void take_body(struct imap_fetch *f, struct imap_mail *mail)
{
	if (!mail || mail->state != STATE_ASKED)
		return;
	let_go(f, mail, STATE_GONE);
	mail->size = f->arriving.size;
	if (f->too_large) {
		mail->state = STATE_TOO_LARGE;
		return;
	}
	mail->bytes = f->arriving;
	f->arriving = SPOOL_INIT(BODY_IN_MEMORY);
	let_go(f, mail, STATE_READY);
}

static void take_size(struct imap_mail *mail, uint64_t size)
{
	if (!mail || mail->state != STATE_ASKED_SIZE)
		return;
	mail->size = size;
	mail->state = size > LIMIT_MAIL_BYTES ? STATE_TOO_LARGE : STATE_SIZED;
}

static bool on_data(struct imap_watcher *watcher, const struct imap_response *r, struct err *e)
{
	struct imap_fetch *f = (struct imap_fetch *)watcher;
	struct item item = { 0 };
	struct err fault = ERR_INIT;
	bool good = true;

	if (!r->numbered || !slice_equal_icase(r->word, SLICE("FETCH")))
		return true;
	good = read_items(f, r->rest, &item, &fault);
	if (good && item.uid > 0 && item.sized)
		take_size(find(f, item.uid), item.size);
	if (good && item.uid > 0 && item.has_body)
		take_body(f, find(f, item.uid));
	spool_release(&f->arriving);
	f->has_body = f->too_large = false;
	if (good)
		return true;
	if (fault.kind == ERR_NONE)
		err_set(&fault, ERR_INPUT, "the server sends a FETCH that cannot be read");
	*e = fault;
	return false;
}

static const struct imap_watcher_ops watcher_ops = { on_data, on_body, on_bytes };

void imap_fetch_init(struct imap_fetch *f, struct imap_session *session)
{
	*f = (struct imap_fetch){ .watcher.ops = &watcher_ops, .session = session };
	f->arriving = SPOOL_INIT(BODY_IN_MEMORY);
}

void imap_fetch_release(struct imap_fetch *f)
{
	for (size_t i = 0; i < f->count; i++)
		spool_release(&f->mails[i].bytes);
	spool_release(&f->arriving);
	free(f->mails);
	*f = (struct imap_fetch){ 0 };
}

void imap_fetch_forget_flying(struct imap_fetch *f)
{
	for (size_t i = 0; i < f->count; i++) {
		struct imap_mail *mail = &f->mails[i];

		if (mail->state == STATE_ASKED)
			let_go(f, mail, STATE_SIZED);
		else if (mail->state == STATE_ASKED_SIZE)
			mail->state = STATE_WANTED;
	}
	spool_release(&f->arriving);
	f->has_body = f->too_large = false;
	f->oldest = f->flying = 0;
}

/* --- commands ------------------------------------------------------------------------------------ */

static bool send_set(struct imap_fetch *f, struct imap_command *c, const uint32_t *uids,
		     size_t count, const char *what, struct err *e)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_append_text(&line, "UID FETCH ");
	imap_append_set(&line, uids, count);
	buf_printf(&line, " %s", what);
	f->session->watcher = &f->watcher;
	f->session->doing = "give mails";
	return imap_send(f->session, c, buf_slice(&line), count * 10, e);
}

static bool finish(struct imap_fetch *f, struct imap_command *c, struct err *e)
{
	if (!imap_finish(f->session, c, e))
		return false;
	if (c->done)
		return true;
	err_set(e, ERR_UNREACHABLE, "the server waits for what nobody wants to send");
	return err_where(e, "%s", f->session->host);
}

/* From this mail on. Whose size does not come is not there any more. */
static bool ask_sizes(struct imap_fetch *f, size_t from, struct err *e)
{
	uint32_t uids[SIZES];
	size_t count = 0;
	struct imap_command c;

	for (size_t i = from; i < f->count && count < SIZES; i++) {
		if (f->mails[i].state != STATE_WANTED)
			continue;
		f->mails[i].state = STATE_ASKED_SIZE;
		uids[count++] = f->mails[i].uid;
	}
	if (!send_set(f, &c, uids, count, "(UID RFC822.SIZE)", e) || !finish(f, &c, e))
		return false;
	if (c.status != IMAP_OK)
		return imap_refused(f->session, &c, "say how large mails are", e);
	for (size_t i = 0; i < count; i++) {
		struct imap_mail *mail = find(f, uids[i]);

		if (mail && mail->state == STATE_ASKED_SIZE)
			mail->state = STATE_GONE;
	}
	return true;
}

/* The next batch from this mail on, which may be empty: whose size is not known ends it. */
static size_t choose_batch(const struct imap_fetch *f, size_t from, uint32_t *uids)
{
	uint64_t bytes = 0;
	size_t count = 0;

	for (size_t i = from; i < f->count && count < BATCH_MAILS; i++) {
		const struct imap_mail *mail = &f->mails[i];

		if (mail->state == STATE_WANTED || mail->state == STATE_ASKED_SIZE)
			break;
		if (mail->state != STATE_SIZED)
			continue;
		if (count > 0 && (mail->alone || bytes + mail->size > BATCH_BYTES))
			break;
		bytes += mail->size;
		uids[count++] = mail->uid;
		if (mail->alone)
			break;
	}
	return count;
}

static bool send_batch(struct imap_fetch *f, const uint32_t *uids, size_t count, struct err *e)
{
	struct imap_batch *batch = &f->batches[(f->oldest + f->flying) % IMAP_BATCHES];

	for (size_t i = 0; i < count; i++) {
		struct imap_mail *mail = find(f, uids[i]);

		if (mail)
			let_go(f, mail, STATE_ASKED);
	}
	batch->first = uids[0];
	batch->last = uids[count - 1];
	f->flying++;
	return send_set(f, &batch->command, uids, count, "(UID BODY.PEEK[])", e);
}

/* As many as there is room for. The one that is waited for gets room in any case. */
static bool send_batches(struct imap_fetch *f, size_t from, struct err *e)
{
	uint32_t uids[BATCH_MAILS];
	size_t count;

	while (f->flying < IMAP_BATCHES &&
	       (f->held < HELD_BYTES || f->mails[from].state == STATE_SIZED) &&
	       (count = choose_batch(f, from, uids)) > 0) {
		if (!send_batch(f, uids, count, e))
			return false;
	}
	return true;
}

/* Of a batch that was refused each is asked for alone; alone it is this mail that cannot be had. */
static void leave_behind(struct imap_mail *mail, bool refused)
{
	mail->state = refused ? STATE_SIZED : STATE_GONE;
	mail->alone = refused;
}

static bool refuse_mail(struct imap_fetch *f, struct imap_mail *mail, const struct imap_command *c,
			struct err *e)
{
	imap_refused(f->session, c, "give a mail", e);
	e->kind = ERR_NO_INPUT;
	drop(f, mail);
	return false;
}

/* Is it this mail that nobody else was asked for with, again in vain? */
static struct imap_mail *culprit(const struct imap_fetch *f, const struct imap_batch *batch)
{
	struct imap_mail *mail = batch->first == batch->last ? find(f, batch->first) : NULL;

	return mail && mail->alone && mail->state == STATE_ASKED ? mail : NULL;
}

static bool finish_batch(struct imap_fetch *f, struct err *e)
{
	struct imap_batch *batch = &f->batches[f->oldest];
	const struct imap_command *c = &batch->command;

	if (!finish(f, &batch->command, e))
		return false;
	f->oldest = (f->oldest + 1) % IMAP_BATCHES;
	f->flying--;
	if (c->status != IMAP_OK) {
		struct imap_mail *mail = culprit(f, batch);

		imap_refused(f->session, c, "give mails", e);
		if (e->kind == ERR_UNREACHABLE)
			return false;
		if (mail)
			return refuse_mail(f, mail, c, e);
		*e = (struct err)ERR_INIT;
	}
	for (size_t i = position(f, batch->first); i < f->count && f->mails[i].uid <= batch->last;
	     i++) {
		if (f->mails[i].state != STATE_ASKED)
			continue;
		let_go(f, &f->mails[i], STATE_GONE);
		leave_behind(&f->mails[i], c->status != IMAP_OK);
	}
	return true;
}

bool imap_fetch_finish(struct imap_fetch *f, struct err *e)
{
	while (f->flying > 0) {
		struct err fault = ERR_INIT;

		/* a mail that cannot be had is told when it is asked for */
		if (!finish_batch(f, &fault) && fault.kind != ERR_NO_INPUT) {
			*e = fault;
			return false;
		}
	}
	return true;
}

/* One step on the way to it. */
static bool go_on(struct imap_fetch *f, uint32_t uid, struct err *e)
{
	size_t at = position(f, uid);

	if (f->mails[at].state == STATE_WANTED)
		return ask_sizes(f, at, e);
	return send_batches(f, at, e) && (f->flying == 0 || finish_batch(f, e));
}

static bool is_done(const struct imap_mail *mail)
{
	return mail->state == STATE_READY || mail->state == STATE_TOO_LARGE ||
		mail->state == STATE_GONE;
}

int imap_fetch_take(struct imap_fetch *f, uint32_t uid, uint64_t *size_out, struct spool *bytes_out,
		    struct err *e)
{
	struct imap_mail *mail;
	int taken;

	imap_fetch_expect(f, uid);
	while ((mail = find(f, uid)) != NULL && !is_done(mail)) {
		struct err fault = ERR_INIT;

		/* of another mail: told when that one is asked for */
		if (!go_on(f, uid, &fault) && (fault.kind != ERR_NO_INPUT || !find(f, uid))) {
			*e = fault;
			return -1;
		}
	}
	*size_out = mail ? mail->size : 0;
	*bytes_out = SPOOL_INIT(BODY_IN_MEMORY);
	taken = mail && mail->state != STATE_GONE;
	if (mail && mail->state == STATE_READY) {
		f->held -= mail->size;
		mail->state = STATE_GONE;
		*bytes_out = mail->bytes;
		mail->bytes = SPOOL_INIT(BODY_IN_MEMORY);
	}
	if (mail)
		drop(f, mail);
	return taken;
}
