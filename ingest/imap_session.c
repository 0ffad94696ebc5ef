/* SPDX-License-Identifier: MIT */
#include "ingest/imap_session.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/timestamp.h"
#include "ingest/imap_name.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(imap_capability, IMAP_CAPABILITY_LIST)

/* Responses that a server may send though no command asks for them: other clients' changes. */
enum { UNASKED_RESPONSES = 1000, PIECE_BYTES = 16 * 1024, TAG_ROOM = 32 };

/* --- what the server says ------------------------------------------------------------------------ */

static struct imap_session *of_listener(struct imap_listener *l)
{
	return (struct imap_session *)l;
}

static void read_capabilities(struct imap_session *s, struct slice words)
{
	struct slice word;

	memset(s->can, 0, sizeof(s->can));
	while (slice_cut(&words, ' ', &word)) {
		for (int i = 0; i < imap_capability_count; i++) {
			const char *name = imap_capability_text((enum imap_capability)i);

			if (slice_equal_icase(word, slice_from(name)))
				s->can[i] = true;
		}
	}
}

static struct slice code_word(struct slice code)
{
	return slice_prefix(code, slice_find(code, ' '));
}

/* Codes that may stand in any status. */
static void note_code(struct imap_session *s, struct slice code)
{
	struct slice word = code_word(code);
	struct slice rest = slice_from_offset(code, word.n + 1);
	uint32_t number;

	if (slice_equal_icase(word, SLICE("UIDVALIDITY")) && imap_number(rest, &number))
		s->validity = number;
	else if (slice_equal_icase(word, SLICE("READ-ONLY")))
		s->writable = false;
}

static void note_exists(struct imap_session *s, uint32_t number)
{
	s->arrived = s->arrived || number > s->exists;
	s->exists = number;
}

static void note_data(struct imap_session *s, const struct imap_response *r)
{
	if (slice_equal_icase(r->word, SLICE("CAPABILITY")))
		read_capabilities(s, r->rest);
	else if (!r->numbered)
		return;
	else if (slice_equal_icase(r->word, SLICE("EXISTS")))
		note_exists(s, r->number);
	else if (slice_equal_icase(r->word, SLICE("EXPUNGE")) && s->exists > 0)
		s->exists--;
}

static bool say_goodbye(struct imap_session *s, struct slice text, struct err *e)
{
	s->goodbye = true;
	err_set(e, ERR_UNREACHABLE, "the server ends the connection: %.*s",
		SLICE_ARG(slice_prefix(text, 160)));
	err_remedy(e, "the next run tries again");
	return false;
}

static bool untagged(struct imap_session *s, const struct imap_response *r, struct err *e)
{
	if (s->patience-- == 0) {
		err_set(e, ERR_INPUT, "the server sends more than anybody asked for");
		return false;
	}
	if (r->status == IMAP_BYE)
		return say_goodbye(s, r->rest, e);
	if (r->status == IMAP_DATA)
		note_data(s, r);
	else if (!slice_is_absent(r->code))
		note_code(s, r->code);
	return !s->watcher || s->watcher->ops->data(s->watcher, r, e);
}

/* What is too long is cut: these are for people, but the code, which then is no known one. */
static void keep_status(struct imap_command *c, const struct imap_response *r)
{
	struct slice code = code_word(r->code);

	c->status = r->status;
	c->done = true;
	if (!slice_to_cstr(code, c->code, sizeof(c->code)))
		c->code[0] = '\0';
	if (!slice_to_cstr(slice_prefix(r->rest, sizeof(c->text) - 1), c->text, sizeof(c->text)))
		c->text[0] = '\0';
}

static bool tagged(struct imap_session *s, const struct imap_response *r, struct err *e)
{
	struct imap_command **at = &s->flying;
	uint64_t tag = 0;

	if (r->tag.p[0] != 'R' ||
	    !number_parse_u64(slice_from_offset(r->tag, 1), 1, UINT32_MAX, &tag))
		tag = 0;
	while (*at && (*at)->tag != tag)
		at = &(*at)->next;
	if (!*at || r->status == IMAP_PREAUTH || r->status == IMAP_BYE) {
		err_set(e, ERR_INPUT, "the server answers what nobody asked");
		return false;
	}
	keep_status(*at, r);
	*at = (*at)->next;
	if (!slice_is_absent(r->code))
		note_code(s, r->code);
	return !s->watcher || s->watcher->ops->data(s->watcher, r, e);
}

static bool on_response(struct imap_listener *l, const struct imap_response *r, struct err *e)
{
	struct imap_session *s = of_listener(l);

	if (slice_equal(r->tag, SLICE("*")))
		return untagged(s, r, e);
	if (!slice_equal(r->tag, SLICE("+")))
		return s->parser.deaf && (r->tag.p[0] != 'R') ? true : tagged(s, r, e);
	if (!s->flying || s->continued || s->parser.deaf) {
		err_set(e, ERR_INPUT, "the server waits for what nobody wants to send");
		return false;
	}
	s->continued = true;
	buf_clear(&s->challenge);
	buf_append(&s->challenge, r->rest);
	return true;
}

static bool on_body(struct imap_listener *l, uint64_t size, struct err *e)
{
	struct imap_session *s = of_listener(l);

	if (s->watcher && s->watcher->ops->body)
		return s->watcher->ops->body(s->watcher, size, e);
	err_set(e, ERR_INPUT, "the server sends a mail that nobody asked for");
	return false;
}

static bool on_bytes(struct imap_listener *l, struct slice bytes, struct err *e)
{
	struct imap_session *s = of_listener(l);

	return s->watcher->ops->bytes(s->watcher, bytes, e);
}

static const struct imap_listener_ops listener_ops = { on_body, on_bytes, on_response };

/* --- commands ------------------------------------------------------------------------------------ */

void imap_session_init(struct imap_session *s, struct imap_transport *transport, const char *host)
{
	*s = (struct imap_session){
		.listener.ops = &listener_ops,
		.transport = transport,
		.host = host,
	};
	imap_parser_init(&s->parser, &s->listener);
}

static void forget(struct imap_session *s)
{
	imap_parser_release(&s->parser);
	imap_parser_init(&s->parser, &s->listener);
	s->watcher = NULL;
	s->flying = NULL;
	s->doing = NULL;
	s->connected = s->continued = s->goodbye = s->writable = s->arrived = false;
	s->exists = s->validity = 0;
}

void imap_session_shut(struct imap_session *s)
{
	struct err ignored = ERR_INIT;

	if (s->connected && !s->goodbye && !s->flying)
		(void)!s->transport->ops->send(s->transport, SLICE("R0 LOGOUT\r\n"), &ignored);
	s->transport->ops->shut(s->transport);
	forget(s);
}

void imap_session_release(struct imap_session *s)
{
	imap_session_shut(s);
	imap_parser_release(&s->parser);
	buf_release(&s->challenge);
}

/* The connection is of no use any more; what was in flight never comes. */
static bool broken(struct imap_session *s, struct err *e)
{
	/* what one server sends says nothing of a message */
	if (e->kind == ERR_INPUT) {
		e->kind = ERR_UNREACHABLE;
		err_remedy(e, "it does not keep to IMAP; the next run tries again");
	}
	err_where(e, "%s%s%s", s->host, s->doing ? ", asked to " : "", s->doing ? s->doing : "");
	s->goodbye = true;
	s->flying = NULL;
	return false;
}

/* tag: 0 for none. The line may hold a secret, which must not be in a core while it is on its way. */
static bool send_line(struct imap_session *s, unsigned tag, struct slice line, struct err *e)
{
	struct buf whole;

	secret_begin(&whole);
	buf_reserve(&whole, line.n + TAG_ROOM);
	if (tag != 0)
		buf_printf(&whole, "R%u ", tag);
	buf_append(&whole, line);
	buf_append_text(&whole, "\r\n");

	bool sent = s->transport->ops->send(s->transport, buf_slice(&whole), e);

	secret_end(&whole);
	return sent || broken(s, e);
}

bool imap_send(struct imap_session *s, struct imap_command *c, struct slice line,
	       uint64_t responses, struct err *e)
{
	struct imap_command **last = &s->flying;

	*c = (struct imap_command){ .tag = ++s->tag };
	while (*last)
		last = &(*last)->next;
	*last = c;
	s->patience = (s->flying == c ? 0 : s->patience) + responses + UNASKED_RESPONSES;
	return send_line(s, c->tag, line, e);
}

bool imap_send_more(struct imap_session *s, struct slice line, struct err *e)
{
	s->continued = false;
	return send_line(s, 0, line, e);
}

/* What one call of the transport has brought. */
static bool take_piece(struct imap_session *s, const char *piece, ssize_t got, struct err *e)
{
	if (got < 0)
		return broken(s, e);
	if (got == 0) {
		err_set(e, ERR_UNREACHABLE, "the server has closed the connection");
		err_remedy(e, "the next run tries again");
		return broken(s, e);
	}
	return imap_parser_push(&s->parser, slice_of(piece, (size_t)got), e) || broken(s, e);
}

bool imap_finish(struct imap_session *s, struct imap_command *c, struct err *e)
{
	char piece[PIECE_BYTES];

	while (!c->done && !s->continued) {
		ssize_t got = s->transport->ops->receive(s->transport, piece, sizeof(piece), e);

		if (!take_piece(s, piece, got, e))
			return false;
	}
	return true;
}

bool imap_glance(struct imap_session *s, struct err *e)
{
	char piece[PIECE_BYTES];
	ssize_t got;

	while ((got = s->transport->ops->arrived(s->transport, piece, sizeof(piece), e)) !=
	       IMAP_NOTHING_YET) {
		if (!take_piece(s, piece, got, e))
			return false;
	}
	return true;
}

bool imap_run(struct imap_session *s, struct imap_command *c, struct slice line,
	      struct imap_watcher *watcher, struct err *e)
{
	BUG_UNLESS(!s->flying);
	s->watcher = watcher;

	bool ok = imap_send(s, c, line, IMAP_SEARCH_WINDOW, e) && imap_finish(s, c, e);

	s->watcher = NULL;
	if (ok && !c->done) {
		err_set(e, ERR_INPUT, "the server waits for what nobody wants to send");
		return broken(s, e);
	}
	return ok;
}

static bool is_for_now(const struct imap_command *c)
{
	static const char *const codes[] = { "UNAVAILABLE", "THROTTLED", "INUSE", "SERVERBUG",
					     "LIMIT" };

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (slice_equal_icase(slice_from(c->code), slice_from(codes[i])))
			return true;
	}
	return false;
}

bool imap_refused(const struct imap_session *s, const struct imap_command *c, const char *doing,
		  struct err *e)
{
	bool now = is_for_now(c);

	err_set(e, now ? ERR_UNREACHABLE : ERR_CONFIG, "the server refuses to %s: %s%s%s%s", doing,
		c->code[0] ? "[" : "", c->code, c->code[0] ? "] " : "", c->text);
	err_where(e, "%s", s->host);
	if (now)
		err_remedy(e, "the next run tries again");
	return false;
}

bool imap_must(struct imap_session *s, struct slice line, struct imap_watcher *watcher,
	       const char *doing, struct err *e)
{
	struct imap_command c;

	s->doing = doing;
	return imap_run(s, &c, line, watcher, e) &&
		(c.status == IMAP_OK || imap_refused(s, &c, doing, e));
}

/* --- the first commands -------------------------------------------------------------------------- */

bool imap_ask_capabilities(struct imap_session *s, struct err *e)
{
	return imap_must(s, SLICE("CAPABILITY"), NULL, "say what it can", e);
}

bool imap_connect(struct imap_session *s, struct err *e)
{
	forget(s);
	if (!s->transport->ops->open(s->transport, e))
		return false;
	s->connected = true;
	s->parser.deaf = true;

	bool asked = imap_ask_capabilities(s, e);

	s->parser.deaf = false;
	return asked;
}

/* * LIST (\Noselect) "/" "" */
struct delimiter_watcher {
	struct imap_watcher watcher;
	char delimiter;
};

static bool on_list(struct imap_watcher *watcher, const struct imap_response *r,
		    struct err *e UNUSED)
{
	struct delimiter_watcher *w = (struct delimiter_watcher *)watcher;
	struct imap_cursor c = imap_cursor_over(r->rest);
	SCOPED(buf) struct buf text = { 0 };

	if (!slice_equal_icase(r->word, SLICE("LIST")) || !imap_skip(&c, imap_next(&c)))
		return true;

	struct imap_token token = imap_next(&c);

	if (token.kind == IMAP_TOKEN_STRING)
		imap_append_string(&text, &token);
	w->delimiter = text.n == 1 ? text.p[0] : '\0';
	return true;
}

bool imap_ask_delimiter(struct imap_session *s, struct err *e)
{
	static const struct imap_watcher_ops ops = { .data = on_list };
	struct delimiter_watcher w = { .watcher.ops = &ops };

	if (!imap_must(s, SLICE("LIST \"\" \"\""), &w.watcher, "name its folders", e))
		return false;
	s->delimiter = w.delimiter;
	return true;
}

/* "User is authenticated but not connected." is Exchange's, and not of the name. */
static const char *remedy_of_folder(const struct err *e)
{
	return strstr(e->what, "not connected")
		? "the user or application may not open this mailbox: grant it the right to"
		: "check its name; folders are apart by /";
}

bool imap_select(struct imap_session *s, struct slice mailbox, bool writable, struct err *e)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_append_text(&line, writable ? "SELECT " : "EXAMINE ");
	if (!imap_append_quoted(&line, mailbox))
		BUG("a mailbox in modified UTF-7 is printable");
	s->validity = 0;
	s->exists = 0;
	s->writable = writable;
	if (!imap_must(s, buf_slice(&line), NULL, "open the folder", e)) {
		if (e->kind == ERR_CONFIG)
			err_remedy(e, "%s", remedy_of_folder(e));
		return false;
	}
	if (s->validity == 0) {
		err_set(e, ERR_CONFIG,
			"the server gives no UIDVALIDITY, so mails cannot be told apart");
		err_where(e, "%s", s->host);
		err_remedy(e, "fetch the mails with another program, into a Maildir");
		return false;
	}
	return true;
}

/* --- UID SEARCH ---------------------------------------------------------------------------------- */

struct search_watcher {
	struct imap_watcher watcher;
	uint32_t *uids;
	size_t count, capacity;
};

static bool add_uids(struct search_watcher *w, struct slice words, struct err *e)
{
	struct slice word;

	while (slice_cut(&words, ' ', &word)) {
		uint32_t uid;

		/* a blank at the end, or (MODSEQ n) */
		if (word.n == 0 || word.p[0] == '(')
			continue;
		if (!imap_number(word, &uid)) {
			if (word.p[word.n - 1] == ')')
				continue;
			err_set(e, ERR_INPUT, "the server sends a UID that is none");
			return false;
		}
		if (w->count == IMAP_MESSAGES) {
			err_set(e, ERR_LIMIT, "the folder has more than %d mails", IMAP_MESSAGES);
			return false;
		}
		w->uids = memory_grow_array(w->uids, w->count, &w->capacity, sizeof(*w->uids));
		w->uids[w->count++] = uid;
	}
	return true;
}

static bool on_search(struct imap_watcher *watcher, const struct imap_response *r, struct err *e)
{
	if (r->status != IMAP_DATA || r->numbered || !slice_equal_icase(r->word, SLICE("SEARCH")))
		return true;
	return add_uids((struct search_watcher *)watcher, r->rest, e);
}

static const struct imap_watcher_ops search_ops = { .data = on_search };

static int compare_uids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* Ascending, each once. */
static void put_in_order(struct search_watcher *w)
{
	size_t kept = 0;

	if (w->count > 0)
		qsort(w->uids, w->count, sizeof(*w->uids), compare_uids);
	for (size_t i = 0; i < w->count; i++) {
		if (kept == 0 || w->uids[kept - 1] != w->uids[i])
			w->uids[kept++] = w->uids[i];
	}
	w->count = kept;
}

/*
 * From the end to the front: a mail that somebody takes away meanwhile moves those behind it down, and so
 * into a window that is still to come.
 */
static bool search_windows(struct imap_session *s, struct slice criteria, struct search_watcher *w,
			   struct err *e)
{
	uint32_t last = s->exists < IMAP_MESSAGES ? s->exists : IMAP_MESSAGES;

	while (last > 0) {
		SCOPED(buf) struct buf line = { 0 };
		uint32_t first = last > IMAP_SEARCH_WINDOW ? last - IMAP_SEARCH_WINDOW + 1 : 1;

		/* a window past the end is an error to some servers */
		if (last > s->exists)
			last = s->exists;
		if (last < first) {
			last = first - 1;
			continue;
		}
		buf_printf(&line, "UID SEARCH %lu:%lu UNDELETED%.*s", (unsigned long)first,
			   (unsigned long)last, SLICE_ARG(criteria));
		if (!imap_must(s, buf_slice(&line), &w->watcher, "list the folder", e))
			return false;
		last = first - 1;
	}
	return true;
}

bool imap_ask_news(struct imap_session *s, struct err *e)
{
	return imap_must(s, SLICE("NOOP"), NULL, "say what is new", e);
}

/* " UNSEEN SINCE 1-Nov-2026", whatever the language of anybody. */
static void append_criteria(struct buf *b, const struct imap_criteria *criteria)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	if (criteria->unseen)
		buf_append_text(b, " UNSEEN");
	if (criteria->since > 0) {
		struct date d = date_from_days(criteria->since);

		buf_printf(b, " SINCE %u-%s-%04lld", d.day, months[d.month - 1], (long long)d.year);
	}
}

bool imap_search_all(struct imap_session *s, const struct imap_criteria *criteria,
		     uint32_t **uids_out, size_t *count_out, struct err *e)
{
	struct search_watcher w = { .watcher.ops = &search_ops };
	SCOPED(buf) struct buf text = { 0 };

	s->arrived = false;
	append_criteria(&text, criteria);
	if (!search_windows(s, buf_slice(&text), &w, e)) {
		free(w.uids);
		return false;
	}
	put_in_order(&w);
	*uids_out = w.uids;
	*count_out = w.count;
	return true;
}

bool imap_search_present(struct imap_session *s, const uint32_t *uids, size_t count, bool *present,
			 struct err *e)
{
	struct search_watcher w = { .watcher.ops = &search_ops };
	SCOPED(buf) struct buf line = { 0 };

	buf_append_text(&line, "UID SEARCH UID ");
	imap_append_set(&line, uids, count);
	buf_append_text(&line, " UNDELETED");

	bool ok = imap_must(s, buf_slice(&line), &w.watcher, "list the folder", e);

	put_in_order(&w);
	for (size_t i = 0; ok && i < count; i++)
		present[i] = w.count > 0 &&
			bsearch(&uids[i], w.uids, w.count, sizeof(*uids), compare_uids) != NULL;
	free(w.uids);
	return ok;
}
