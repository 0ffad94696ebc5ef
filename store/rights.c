/* SPDX-License-Identifier: MIT */
#include "store/rights.h"

#include "store/roles.h"

#include "base/banned.h"

/* One of each kind; whoever has these was given the others with them. Months are dropped by their owner. */
static const char query[] =
	"select has_table_privilege('dmarc.message', 'insert') "
	"and has_table_privilege('dmarc.message', 'update') "
	"and has_table_privilege('dmarc.record', 'insert') "
	"and has_table_privilege('dmarc.daily', 'delete') "
	"and has_table_privilege('dmarc.judgement', 'insert') "
	"and has_function_privilege('dmarc.ensure_month(date)', 'execute'), "
	"pg_has_role((select relowner from pg_class where oid = 'dmarc.record'::regclass), 'usage'), "
	"pg_is_in_recovery() or current_setting('transaction_read_only') = 'on', "
	"current_user";

bool rights_check(struct connection *c, bool prunes, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, query, NULL, 0, &rows, e))
		return false;
	if (!rows_boolean(rows, 0, 0)) {
		err_set(e, ERR_CONFIG, "%.*s may not store reports",
			SLICE_ARG(rows_text(rows, 0, 3)));
		return err_remedy(e,
				  "make the role a member of " ROLES_INGEST
				  ", see 'ruamill db init --roles'");
	}
	if (rows_boolean(rows, 0, 2)) {
		err_set(e, ERR_CONFIG, "the database can only be read");
		return err_remedy(e, "name the server that is written to, and no copy of it");
	}
	if (!prunes || rows_boolean(rows, 0, 1))
		return true;
	err_set(e, ERR_CONFIG, "%.*s may not drop what is old", SLICE_ARG(rows_text(rows, 0, 3)));
	return err_remedy(e,
			  "take [retention] out of the configuration, and let the owner of the "
			  "tables run 'ruamill db prune'");
}
