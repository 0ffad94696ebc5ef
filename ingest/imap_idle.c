/* SPDX-License-Identifier: MIT */
#include "ingest/imap_idle.h"

#include "base/banned.h"

/* Other clients' changes within that time, and what a server says to keep a line open. */
enum { RESPONSES = 10000 };

void imap_idle_init(struct imap_idle *i, struct imap_session *session)
{
	*i = (struct imap_idle){ .session = session };
}

bool imap_idle_is_possible(const struct imap_idle *i)
{
	return i->session->can[IMAP_CAN_IDLE] && !i->refused;
}

static bool begin(struct imap_idle *i, int64_t now_ms, struct err *e)
{
	struct imap_session *s = i->session;

	i->since = now_ms;
	s->watcher = NULL;
	if (!imap_send(s, &i->command, SLICE("IDLE"), RESPONSES, e) ||
	    !imap_finish(s, &i->command, e))
		return false;
	i->idling = !i->command.done;
	i->refused = i->command.done && i->command.status != IMAP_OK;
	return true;
}

bool imap_idle_end(struct imap_idle *i, struct err *e)
{
	if (!i->idling)
		return true;
	i->idling = false;
	return imap_send_more(i->session, SLICE("DONE"), e) &&
		imap_finish(i->session, &i->command, e);
}

void imap_idle_forget(struct imap_idle *i)
{
	i->idling = false;
}

/* A server may end it by itself, too. */
static bool take_in(struct imap_idle *i, struct err *e)
{
	if (!imap_glance(i->session, e))
		return false;
	if (i->command.done)
		i->idling = i->session->continued = false;
	return true;
}

int imap_idle_look(struct imap_idle *i, int64_t now_ms, struct err *e)
{
	if (i->idling && !take_in(i, e))
		return -1;
	if (i->idling && now_ms - i->since >= IMAP_IDLE_MS && !imap_idle_end(i, e))
		return -1;
	if (!i->session->arrived && !i->idling && imap_idle_is_possible(i) &&
	    (!begin(i, now_ms, e) || (i->idling && !take_in(i, e))))
		return -1;
	return i->session->arrived;
}
