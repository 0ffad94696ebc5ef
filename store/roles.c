/* SPDX-License-Identifier: MIT */
#include "store/roles.h"

#include "store/locks.h"

#include "base/banned.h"

/* That of migrations: two that give rights on one table at once would be in each other's way. */
static const char lock[] = "select pg_advisory_lock(" LOCK_MIGRATE ")";
static const char unlock[] = "select pg_advisory_unlock(" LOCK_MIGRATE ")";

bool roles_set_up(struct connection *c, struct err *e)
{
	const char *values[] = { ROLES_INGEST, ROLES_READER };

	if (!connection_execute(c, lock, NULL, 0, e))
		return false;

	bool ok = connection_execute(c, "select dmarc.set_up_roles($1, $2)", values,
				     COUNT_OF(values), e);

	connection_attempt(c, unlock);
	if (!ok && e->kind == ERR_CONFIG)
		err_remedy(e,
			   "run it as the owner of the tables; who may not create roles has "
			   "somebody else do that first: create role " ROLES_INGEST
			   "; create role " ROLES_READER);
	return ok;
}

bool roles_grant(struct connection *c, struct err *e)
{
	return connection_execute(
		c,
		"do $$ begin if to_regprocedure('dmarc.grant_rights()') is not null then "
		"perform dmarc.grant_rights(); end if; end $$",
		NULL, 0, e);
}
