/* SPDX-License-Identifier: MIT */
#include "ingest/imap_login.h"

#include "base/base64.h"
#include "base/scram.h"
#include "base/secret.h"
#include "ingest/imap_name.h"

#include "base/banned.h"

/* Of why a token is refused. */
enum { REASON_SIZE = 40 };

struct mechanism {
	enum imap_capability offered;
	bool token;
	const char *name;
	void (*answer)(struct buf *b, const char *user, struct slice secret);
	const char *to_refusal; /* what is sent when the server explains by a challenge */
};

static void answer_plain(struct buf *b, const char *user, struct slice secret)
{
	buf_append_byte(b, '\0');
	buf_append_text(b, user);
	buf_append_byte(b, '\0');
	buf_append(b, secret);
}

static void answer_xoauth2(struct buf *b, const char *user, struct slice secret)
{
	buf_printf(b, "user=%s\1auth=Bearer ", user);
	buf_append(b, secret);
	buf_append_text(b, "\1\1");
}

static void answer_oauthbearer(struct buf *b, const char *user, struct slice secret)
{
	buf_append_text(b, "n,a=");
	/* , and = end the name */
	for (; *user != '\0'; user++) {
		if (*user == ',' || *user == '=')
			buf_append_text(b, *user == ',' ? "=2C" : "=3D");
		else
			buf_append_byte(b, *user);
	}
	buf_append_text(b, ",\1auth=Bearer ");
	buf_append(b, secret);
	buf_append_text(b, "\1\1");
}

static const struct mechanism mechanisms[] = {
	{ IMAP_CAN_OAUTHBEARER, true, "OAUTHBEARER", answer_oauthbearer, "AQ==" },
	{ IMAP_CAN_XOAUTH2, true, "XOAUTH2", answer_xoauth2, "" },
	{ IMAP_CAN_PLAIN, false, "PLAIN", answer_plain, "*" },
};

/* "status" of the JSON by which a server says what is wrong with a token; empty where it says none. */
static void read_reason(struct slice challenge, char reason[static REASON_SIZE])
{
	const struct slice name = SLICE("\"status\"");
	SCOPED(buf) struct buf json = { 0 };
	struct slice rest;

	reason[0] = '\0';
	if (!base64_decode(&json, challenge))
		return;
	rest = buf_slice(&json);
	while (rest.n > 0 && !slice_starts_with(rest, name))
		rest = slice_from_offset(rest, 1);
	rest = slice_skip_blanks(slice_from_offset(rest, name.n));
	if (rest.n == 0 || rest.p[0] != ':')
		return;
	rest = slice_skip_blanks(slice_from_offset(rest, 1));
	if (rest.n == 0 || rest.p[0] != '"')
		return;
	rest = slice_from_offset(rest, 1);
	if (!slice_to_cstr(slice_prefix(rest, slice_find(rest, '"')), reason, REASON_SIZE))
		reason[0] = '\0';
}

static void add_reason(struct imap_command *c, const char *reason)
{
	SCOPED(buf) struct buf text = { 0 };

	if (reason[0] == '\0' || c->status == IMAP_OK)
		return;
	buf_printf(&text, "%s (%s)", c->text, reason);
	(void)!slice_to_cstr(buf_slice(&text), c->text, sizeof(c->text));
}

/* The rest of AUTHENTICATE, once it is sent: further challenges are refusals with reasons. */
static bool finish_refusals(struct imap_session *s, struct imap_command *c, const char *answer,
			    struct err *e)
{
	char reason[REASON_SIZE] = "";

	if (!imap_finish(s, c, e))
		return false;
	if (!c->done) {
		read_reason(buf_slice(&s->challenge), reason);
		if (!imap_send_more(s, slice_from(answer), e) || !imap_finish(s, c, e))
			return false;
	}
	if (c->done) {
		add_reason(c, reason);
		return true;
	}
	err_set(e, ERR_UNREACHABLE, "the server asks on and on while logging in");
	err_where(e, "%s", s->host);
	err_remedy(e, "the next run tries again");
	return false;
}

static bool send_answer(struct imap_session *s, struct slice answer, struct err *e)
{
	struct buf line = { 0 };

	secret_begin(&line);
	base64_append(&line, answer);

	bool ok = imap_send_more(s, buf_slice(&line), e);

	secret_end(&line);
	return ok;
}

/* With the first answer, at once or when the server asks for it. It may be done behind that. */
static bool begin_authenticate(struct imap_session *s, const char *mechanism,
			       struct imap_command *c, struct slice answer, struct err *e)
{
	struct buf line = { 0 };
	bool ok;

	secret_begin(&line);
	buf_printf(&line, "AUTHENTICATE %s", mechanism);
	if (s->can[IMAP_CAN_SASL_IR]) {
		buf_append_byte(&line, ' ');
		base64_append(&line, answer);
		ok = imap_send(s, c, buf_slice(&line), 0, e);
	} else {
		ok = imap_send(s, c, buf_slice(&line), 0, e) && imap_finish(s, c, e) &&
			(c->done || send_answer(s, answer, e));
	}
	secret_end(&line);
	return ok;
}

static bool authenticate(struct imap_session *s, const struct mechanism *m, struct imap_command *c,
			 struct slice answer, struct err *e)
{
	return begin_authenticate(s, m->name, c, answer, e) &&
		finish_refusals(s, c, m->to_refusal, e);
}

/* --- SCRAM --------------------------------------------------------------------------------------- */

/* What the server asks for, once it does; empty: it has ended the command instead. */
static bool receive_challenge(struct imap_session *s, struct imap_command *c, struct buf *challenge,
			      struct err *e)
{
	if (!imap_finish(s, c, e))
		return false;
	buf_clear(challenge);
	if (c->done || base64_decode(challenge, buf_slice(&s->challenge)))
		return true;
	err_set(e, ERR_CONFIG, "the server's SCRAM cannot be used: it is not base64");
	return err_where(e, "%s", s->host);
}

static bool no_proof(const struct imap_session *s, struct err *e)
{
	err_set(e, ERR_CONFIG, "the server does not prove that it knows the password");
	err_where(e, "%s", s->host);
	err_remedy(e, "do not trust it before whoever runs it has looked at it");
	return false;
}

static bool converse(struct imap_session *s, struct scram *scram, struct slice secret,
		     struct imap_command *c, struct err *e)
{
	SCOPED(buf) struct buf challenge = { 0 };
	SCOPED(buf) struct buf answer = { 0 };

	if (!receive_challenge(s, c, &challenge, e))
		return false;
	if (c->done)
		return c->status != IMAP_OK || no_proof(s, e);
	if (!scram_answer(scram, secret, buf_slice(&challenge), &answer, e))
		return err_where(e, "%s", s->host);
	if (!send_answer(s, buf_slice(&answer), e) || !receive_challenge(s, c, &challenge, e))
		return false;
	if (c->done)
		return c->status != IMAP_OK || no_proof(s, e);
	/* e=: an error, and NO behind it */
	if (slice_starts_with(buf_slice(&challenge), SLICE("e=")))
		return finish_refusals(s, c, "", e) && (c->status != IMAP_OK || no_proof(s, e));
	return scram_is_proof(scram, buf_slice(&challenge)) ? finish_refusals(s, c, "", e)
							    : no_proof(s, e);
}

static bool authenticate_scram(struct imap_session *s, const char *user, struct slice secret,
			       struct imap_command *c, struct err *e)
{
	SCOPED(buf) struct buf first = { 0 };
	struct scram scram;

	scram_init(&scram, NULL);
	scram_begin(&scram, user, &first);

	bool ok = begin_authenticate(s, "SCRAM-SHA-256", c, buf_slice(&first), e) &&
		converse(s, &scram, secret, c, e);

	scram_release(&scram);
	return ok;
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	}
	return true;
}

static bool can_scram(const struct imap_session *s, const struct imap_credentials *credentials,
		      struct slice secret)
{
	return !credentials->token && s->can[IMAP_CAN_SCRAM] && is_ascii(secret) &&
		is_ascii(slice_from(credentials->user));
}

/* --- passwords ----------------------------------------------------------------------------------- */

/* AUTH=LOGIN: the server asks for one after the other. */
static bool authenticate_login(struct imap_session *s, const char *user, struct slice secret,
			       struct imap_command *c, struct err *e)
{
	struct buf answer = { 0 };
	bool ok = imap_send(s, c, SLICE("AUTHENTICATE LOGIN"), 0, e) && imap_finish(s, c, e);

	secret_begin(&answer);
	base64_append(&answer, slice_from(user));
	ok = ok && (c->done || (imap_send_more(s, buf_slice(&answer), e) && imap_finish(s, c, e)));
	buf_clear(&answer);
	base64_append(&answer, secret);
	ok = ok && (c->done || imap_send_more(s, buf_slice(&answer), e));
	secret_end(&answer);
	return ok && finish_refusals(s, c, "*", e);
}

static bool no_way(const struct imap_session *s, bool token, struct err *e)
{
	err_set(e, ERR_CONFIG, "the server offers no way to log in with this %s",
		token ? "token" : "password");
	err_where(e, "%s", s->host);
	err_remedy(e,
		   token ? "use --password-file or --password-command"
			 : "it may want a token: --token-command");
	return false;
}

static bool login_command(struct imap_session *s, const char *user, struct slice secret,
			  struct imap_command *c, struct err *e)
{
	struct buf line = { 0 };

	secret_begin(&line);
	buf_append_text(&line, "LOGIN ");

	bool can = imap_append_quoted(&line, slice_from(user));

	buf_append_byte(&line, ' ');
	can = imap_append_quoted(&line, secret) && can;

	bool ok = can ? imap_send(s, c, buf_slice(&line), 0, e) && imap_finish(s, c, e)
		      : no_way(s, false, e);

	secret_end(&line);
	return ok;
}

static const struct mechanism *choose(const struct imap_session *s, bool token)
{
	for (size_t i = 0; i < COUNT_OF(mechanisms); i++) {
		if (mechanisms[i].token == token && s->can[mechanisms[i].offered])
			return &mechanisms[i];
	}
	return NULL;
}

static bool log_in_with(struct imap_session *s, const struct imap_credentials *credentials,
			struct slice secret, struct imap_command *c, struct err *e)
{
	const struct mechanism *m = choose(s, credentials->token);
	struct buf answer = { 0 };

	if (can_scram(s, credentials, secret)) {
		bool other = m || !s->can[IMAP_CANNOT_LOGIN] || s->can[IMAP_CAN_LOGIN];

		if (!authenticate_scram(s, credentials->user, secret, c, e))
			return false;
		/* some servers offer it to all, also where they keep a password in another way */
		if (c->status == IMAP_OK || !s->transport->secure || !other)
			return true;
	}
	if (m) {
		secret_begin(&answer);
		m->answer(&answer, credentials->user, secret);

		bool ok = authenticate(s, m, c, buf_slice(&answer), e);

		secret_end(&answer);
		return ok;
	}
	if (credentials->token)
		return no_way(s, true, e);
	if (!s->can[IMAP_CANNOT_LOGIN])
		return login_command(s, credentials->user, secret, c, e);
	if (s->can[IMAP_CAN_LOGIN])
		return authenticate_login(s, credentials->user, secret, c, e);
	return no_way(s, false, e);
}

static bool refused(const struct imap_session *s, const struct imap_credentials *credentials,
		    const struct imap_command *c, struct err *e)
{
	imap_refused(s, c, "log in", e);
	if (e->kind == ERR_CONFIG && credentials->token)
		err_remedy(e, "see whether the token is for IMAP, and for %s", credentials->user);
	else if (e->kind == ERR_CONFIG)
		err_remedy(e,
			   "check user and password; some services want an own password "
			   "for programs, or a token: --token-command");
	return false;
}

bool imap_login(struct imap_session *s, struct imap_credentials *credentials, struct err *e)
{
	struct imap_command c = { .done = false };
	struct buf secret = { 0 };

	s->doing = "log in";
	if (!s->transport->preauthenticated) {
		secret_begin(&secret);

		bool ok = credentials->secret(credentials, &secret, e) &&
			log_in_with(s, credentials, buf_slice(&secret), &c, e);

		secret_end(&secret);
		if (!ok)
			return false;
		if (!c.done) {
			err_set(e, ERR_UNREACHABLE,
				"the server waits for what nobody wants to send");
			return err_where(e, "%s", s->host);
		}
		if (c.status != IMAP_OK)
			return refused(s, credentials, &c, e);
	}
	return imap_ask_capabilities(s, e) && imap_ask_delimiter(s, e);
}
