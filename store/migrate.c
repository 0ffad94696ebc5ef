/* SPDX-License-Identifier: MIT */
#include "store/migrate.h"

#include "base/bug.h"
#include "base/digest.h"
#include "base/number.h"
#include "base/text.h"
#include "store/locks.h"
#include "store/migrations_embedded.h"
#include "store/roles.h"

#include "base/banned.h"

enum { DIGEST_TEXT_SIZE = 2 * DIGEST_SIZE + 1, DIGEST_VERSION = 1, NUMBER_DIGITS = 4 };

size_t migration_count(void)
{
	return embedded_migrations_count;
}

struct migration migration_at(size_t index)
{
	const struct embedded *file = &embedded_migrations[index];
	uint64_t number = 0;

	/* the file's name begins with its number, and numbers have no gaps: a build error, not input */
	BUG_UNLESS(number_parse_u64(slice_prefix(slice_from(file->name), NUMBER_DIGITS), 1, 9999,
				    &number) &&
		   number == index + 1);
	return (struct migration){ (int)number, file->name, embedded_slice(file) };
}

static void digest_text(struct slice sql, char text[static DIGEST_TEXT_SIZE])
{
	SCOPED(digest) struct digest *d = digest_new(DIGEST_VERSION);
	unsigned char bytes[DIGEST_SIZE];

	digest_add(d, sql);
	digest_take(d, bytes);
	for (size_t i = 0; i < sizeof(bytes); i++)
		BUG_UNLESS(text_format(text + 2 * i, 3, "%02x", bytes[i]));
}

/* The statement that tells what was applied; NULL where nothing was. Readers may not see the table. */
static bool choose_query(struct connection *c, const char **sql_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c,
			      "select to_regprocedure('dmarc.changes()') is not null, "
			      "to_regclass('dmarc.migration') is not null",
			      NULL, 0, &rows, e))
		return false;
	*sql_out = NULL;
	if (rows_boolean(rows, 0, 0))
		*sql_out = "select version, name, digest from dmarc.changes()";
	else if (rows_boolean(rows, 0, 1))
		*sql_out = "select version, name, digest from dmarc.migration order by version";
	return true;
}

static bool check_row(const struct rows *rows, size_t row, struct err *e)
{
	char digest[DIGEST_TEXT_SIZE];
	int64_t version = rows_integer(rows, row, 0);

	if (row >= migration_count() || version != migration_at(row).version) {
		err_set(e, ERR_CONFIG,
			"the database is newer than this program: it has change %lld (%.*s)",
			(long long)version, SLICE_ARG(rows_text(rows, row, 1)));
		return err_remedy(e, "install the ruamill that made it, or a newer one");
	}
	digest_text(migration_at(row).sql, digest);
	if (slice_equal(rows_text(rows, row, 2), slice_from(digest)))
		return true;
	err_set(e, ERR_CONFIG, "the database was made by another version of %s",
		migration_at(row).name);
	return err_remedy(e,
			  "use the release of ruamill that made it, or start with a new database");
}

bool migrate_applied(struct connection *c, size_t *applied_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;
	const char *sql;

	*applied_out = 0;
	if (!choose_query(c, &sql, e))
		return false;
	if (!sql)
		return true;
	if (!connection_query(c, sql, NULL, 0, &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++) {
		if (!check_row(rows, row, e))
			return false;
	}
	*applied_out = rows_count(rows);
	return true;
}

static bool record(struct connection *c, const struct migration *m, const char *program,
		   struct err *e)
{
	char digest[DIGEST_TEXT_SIZE], version[16];
	const char *values[] = { version, m->name, digest, program };

	BUG_UNLESS(text_format(version, sizeof(version), "%d", m->version));
	digest_text(m->sql, digest);
	return connection_execute(c,
				  "insert into dmarc.migration (version, name, digest, program) "
				  "values ($1, $2, $3, $4)",
				  values, COUNT_OF(values), e);
}

/* The embedded text ends with a NUL, so it can be given to the engine as it is. */
static bool apply_one(struct connection *c, const struct migration *m, const char *program,
		      struct err *e)
{
	if (connection_execute(c, "begin", NULL, 0, e) &&
	    connection_execute(c, m->sql.p, NULL, 0, e) && roles_grant(c, e) &&
	    record(c, m, program, e) && connection_execute(c, "commit", NULL, 0, e))
		return true;

	connection_attempt(c, "rollback");
	if (e->kind == ERR_REFUSED) /* not a report's fault: nothing a sender wrote is in here */
		e->kind = ERR_CONFIG;
	return err_where(e, "%s", m->name);
}

static bool apply_missing(struct connection *c, const char *program,
			  const struct migrate_listener *listener, struct err *e)
{
	size_t applied;

	if (!migrate_applied(c, &applied, e))
		return false;
	for (size_t i = applied; i < migration_count(); i++) {
		struct migration m = migration_at(i);

		if (listener)
			listener->applying(listener->context, &m);
		if (!apply_one(c, &m, program, e))
			return false;
	}
	return true;
}

bool migrate_apply(struct connection *c, const char *program_version,
		   const struct migrate_listener *listener, struct err *e)
{
	/* the lock is the session's: whoever waits for it then finds the work done */
	if (!connection_execute(c, "select pg_advisory_lock(" LOCK_MIGRATE ")", NULL, 0, e))
		return false;

	bool ok = apply_missing(c, program_version, listener, e);

	connection_attempt(c, "select pg_advisory_unlock(" LOCK_MIGRATE ")");
	return ok;
}

/* Of a database that is not ours to change. */
static bool refuse_older(size_t applied, struct err *e)
{
	if (applied == 0) {
		err_set(e, ERR_CONFIG, "the database has no ruamill tables");
		return err_remedy(e, "run 'ruamill db init' with the same --db");
	}
	err_set(e, ERR_CONFIG,
		"the database is older than this program: %zu of %zu changes applied", applied,
		migration_count());
	return err_remedy(e, "run 'ruamill db migrate' with the same --db");
}

bool migrate_ensure(struct connection *c, const char *program_version, struct err *e)
{
	size_t applied;

	if (!migrate_applied(c, &applied, e))
		return false;
	if (applied == migration_count())
		return true;
	return connection_is_private(c) ? migrate_apply(c, program_version, NULL, e)
					: refuse_older(applied, e);
}

bool migrate_look(struct connection *c, bool *any_out, struct err *e)
{
	size_t applied;

	if (!migrate_applied(c, &applied, e))
		return false;
	*any_out = applied > 0;
	return applied == migration_count() || connection_is_private(c) || refuse_older(applied, e);
}
