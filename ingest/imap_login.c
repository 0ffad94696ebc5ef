/* SPDX-License-Identifier: MIT */
#include "ingest/imap_login.h"

#include "base/base64.h"
#include "base/secret.h"
#include "ingest/imap_name.h"

#include "base/banned.h"

struct mechanism {
	enum imap_capability offered;
	bool token;
	const char *name;
	void (*answer)(struct buf *b, const char *user, struct slice secret);
	const char *to_refusal; /* what is sent when the server explains by a challenge */
};

void imap_answer_plain(struct buf *b, const char *user, struct slice secret)
{
	buf_append_byte(b, '\0');
	buf_append_text(b, user);
	buf_append_byte(b, '\0');
	buf_append(b, secret);
}

void imap_answer_xoauth2(struct buf *b, const char *user, struct slice secret)
{
	buf_printf(b, "user=%s\1auth=Bearer ", user);
	buf_append(b, secret);
	buf_append_text(b, "\1\1");
}

void imap_answer_oauthbearer(struct buf *b, const char *user, struct slice secret)
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
	{ IMAP_CAN_OAUTHBEARER, true, "OAUTHBEARER", imap_answer_oauthbearer, "AQ==" },
	{ IMAP_CAN_XOAUTH2, true, "XOAUTH2", imap_answer_xoauth2, "" },
	{ IMAP_CAN_PLAIN, false, "PLAIN", imap_answer_plain, "*" },
};

/* The rest of AUTHENTICATE, once it is sent: further challenges are refusals with reasons. */
static bool finish_refusals(struct imap_session *s, struct imap_command *c, const char *answer,
			    struct err *e)
{
	if (!imap_finish(s, c, e))
		return false;
	if (!c->done && (!imap_send_more(s, slice_from(answer), e) || !imap_finish(s, c, e)))
		return false;
	if (c->done)
		return true;
	err_set(e, ERR_UNREACHABLE, "the server asks on and on while logging in");
	err_where(e, "%s", s->host);
	err_remedy(e, "the next run tries again");
	return false;
}

static bool authenticate(struct imap_session *s, const struct mechanism *m, struct imap_command *c,
			 struct slice answer, struct err *e)
{
	struct buf line = { 0 };
	bool ok;

	secret_begin(&line);
	buf_printf(&line, "AUTHENTICATE %s", m->name);
	if (s->can[IMAP_CAN_SASL_IR]) {
		buf_append_byte(&line, ' ');
		base64_append(&line, answer);
		ok = imap_send(s, c, buf_slice(&line), 0, e);
	} else {
		ok = imap_send(s, c, buf_slice(&line), 0, e) && imap_finish(s, c, e);
		buf_clear(&line);
		base64_append(&line, answer);
		ok = ok && (c->done || imap_send_more(s, buf_slice(&line), e));
	}
	secret_end(&line);
	return ok && finish_refusals(s, c, m->to_refusal, e);
}

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
