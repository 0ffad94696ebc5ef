/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* gethostname */
#include "store/exclusive.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

#include "base/banned.h"

/* PostgreSQL keeps as much of the name. */
enum { HOST_BYTES = 32 };

#define KEY "hashtextextended('dmarc.' || $1::text, 0)"

static const char take[] = "select pg_try_advisory_lock(" KEY ")";

/* Who may not see others' sessions gets no more than that there is one. */
static const char holder[] =
	"select a.application_name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI'), a.pid::text "
	"from pg_locks l join pg_stat_activity a using (pid) "
	"where l.locktype = 'advisory' and l.granted and l.objsubid = 1 "
	"and l.database = (select oid from pg_database where datname = current_database()) "
	"and (l.classid::bigint << 32) | l.objid::bigint = " KEY;

static bool tell_holder(struct connection *c, const char *name, struct err *e)
{
	const char *values[] = { name };
	SCOPED(rows) struct rows *rows = NULL;
	struct slice who, since, session;

	if (!connection_query(c, holder, values, COUNT_OF(values), &rows, e))
		return false;
	err_set(e, ERR_UNREACHABLE, "another run of 'ruamill %s' is under way", name);
	if (rows_count(rows) > 0) {
		who = rows_text(rows, 0, 0);
		since = rows_text(rows, 0, 1);
		session = rows_text(rows, 0, 2);
		err_where(e, "%.*s%s%.*s%s, session %.*s of the database", SLICE_ARG(who),
			  since.n > 0 ? ", since " : "", SLICE_ARG(since),
			  since.n > 0 ? " UTC" : "", SLICE_ARG(session));
	}
	return err_remedy(e, "wait until it has ended; nothing was changed");
}

static bool sign(struct connection *c, const char *name, struct err *e)
{
	SCOPED(buf) struct buf session = { 0 };
	const char *values[1];
	char host[HOST_BYTES + 1] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	buf_printf(&session, "ruamill %s, process %lld", name, (long long)getpid());
	if (host[0] != '\0')
		buf_printf(&session, " on %s", host);
	values[0] = buf_text(&session);
	return connection_execute(c, "select set_config('application_name', $1, false)", values, 1,
				  e);
}

bool exclusive_take(struct connection *c, const char *name, struct err *e)
{
	const char *values[] = { name };
	SCOPED(rows) struct rows *rows = NULL;

	/* before the lock: whoever comes second shall know */
	if (!sign(c, name, e) || !connection_query(c, take, values, COUNT_OF(values), &rows, e))
		return false;
	return rows_boolean(rows, 0, 0) || tell_holder(c, name, e);
}

void exclusive_give_back(struct connection *c, const char *name)
{
	const char *values[] = { name };
	struct err e = ERR_INIT;

	/* the connection is gone then, and the lock with it */
	if (!connection_execute(c, "select pg_advisory_unlock(" KEY ")", values, COUNT_OF(values),
				&e))
		log_err(LOG_LEVEL_DEBUG, &e);
}
