/* SPDX-License-Identifier: MIT */
#include "store/connection.h"

#include <libpq-fe.h>
#include <limits.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "store/cluster.h"
#include "store/copy.h"

#include "base/banned.h"

enum { SQLSTATE_SIZE = 6 };

enum { MAX_ONCE = 16, MAX_OFTEN = 8, MAX_ROW_TYPES = 8 };

struct connection {
	PGconn *pg;              /* ours, PQfinish() */
	struct cluster *cluster; /* entered for this connection; NULL for any other server */
	char *conninfo;          /* empty: libpq's environment */
	bool is_private;
	char sqlstate[SQLSTATE_SIZE]; /* of the last error */
	const char *once[MAX_ONCE];   /* what connection_once() has done */
	const char *often[MAX_OFTEN]; /* what connection_query_often() has prepared, by its place */
	struct row_type row_types[MAX_ROW_TYPES];
};

struct rows {
	PGresult *result; /* ours, PQclear() */
};

static void result_free(PGresult *r)
{
	PQclear(r);
}
SCOPE_DEFINE(result, PGresult *, result_free);

/* What the rest of the program relies on, whatever the server's or the role's settings are. */
static const char session_settings[] = "set client_encoding = 'UTF8';"
				       "set timezone = 'UTC';"
				       "set datestyle = 'ISO, YMD';"
				       "set intervalstyle = 'postgres';"
				       "set bytea_output = 'hex';"
				       "set standard_conforming_strings = on;"
				       "set search_path = pg_catalog";

/* The variables that name a server; others (PGUSER, PGPASSFILE) only say how to enter it. */
static bool environment_names_server(void)
{
	static const char *const names[] = { "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE",
					     "PGSERVICE" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = getenv(names[i]);

		if (value && value[0] != '\0')
			return true;
	}
	return false;
}

static void on_notice(void *context UNUSED, const PGresult *notice)
{
	const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

	log_line(LOG_LEVEL_DEBUG, "database: %s", text ? text : "a notice without text");
}

/* libpq's messages end with a newline and may have several lines: the first one says it. */
static struct slice first_line(const char *text)
{
	struct slice line = slice_trim(slice_from(text ? text : ""));

	return slice_prefix(line, slice_find(line, '\n'));
}

static const struct {
	const char *prefix; /* of the SQLSTATE */
	enum err_kind kind;
	const char *remedy;
} sqlstates[] = {
	{ "22", ERR_REFUSED, "" },
	{ "23", ERR_REFUSED, "" },
	{ "54", ERR_REFUSED, "" },
	{ "55P03", ERR_UNREACHABLE, "somebody works on it for long: run it again later" },
	{ "08", ERR_UNREACHABLE, "check that the server runs, and run it again" },
	{ "40", ERR_UNREACHABLE, "run it again" },
	{ "53100", ERR_OUTPUT, "make room on the database server's disk, and run it again" },
	{ "53", ERR_UNREACHABLE, "the server is out of something: run it again later" },
	{ "57", ERR_UNREACHABLE, "the server is being stopped or restarted: run it again later" },
	{ "42501", ERR_CONFIG, "ask the database's owner for the right" },
	{ "42P01", ERR_CONFIG, "the database has no ruamill tables: run 'ruamill db init'" },
	{ "3F000", ERR_CONFIG, "the database has no ruamill tables: run 'ruamill db init'" },
};

static bool query_error(struct connection *c, const PGresult *result, struct err *e)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	struct slice what = first_line(text ? text : PQerrorMessage(c->pg));

	memset(c->sqlstate, 0, sizeof(c->sqlstate));
	if (state && slice_to_cstr(slice_from(state), c->sqlstate, sizeof(c->sqlstate)))
		for (size_t i = 0; i < COUNT_OF(sqlstates); i++) {
			if (!slice_starts_with(slice_from(state), slice_from(sqlstates[i].prefix)))
				continue;
			err_set(e, sqlstates[i].kind, "%.*s", SLICE_ARG(what));
			err_where(e, "database");
			return err_remedy(e, "%s", sqlstates[i].remedy);
		}
	/* no SQLSTATE: libpq itself noticed, which means that the connection is gone */
	err_set(e, state ? ERR_CONFIG : ERR_UNREACHABLE, "%.*s", SLICE_ARG(what));
	return err_where(e, "database");
}

static bool result_is(const PGresult *result, ExecStatusType wanted)
{
	return result && PQresultStatus(result) == wanted;
}

static bool prepare_session(struct connection *c, struct err *e)
{
	SCOPED(result) PGresult *result = PQexec(c->pg, session_settings);

	return result_is(result, PGRES_COMMAND_OK) || query_error(c, result, e);
}

static bool connect_to(struct connection *c, struct err *e)
{
	const char *const keywords[] = { "dbname", "fallback_application_name", NULL };
	const char *const values[] = { c->conninfo, "ruamill", NULL };

	c->pg = PQconnectdbParams(keywords, values, 1);
	if (!c->pg || PQstatus(c->pg) != CONNECTION_OK) {
		struct slice why = first_line(c->pg ? PQerrorMessage(c->pg) : "out of memory");

		err_set(e, ERR_UNREACHABLE, "the database cannot be reached");
		err_where(e, "%.*s", SLICE_ARG(why));
		return err_remedy(e,
				  "check --db or the PG variables, and that the server runs; "
				  "nothing was changed");
	}
	(void)PQsetNoticeReceiver(c->pg, on_notice, NULL);
	return prepare_session(c, e);
}

static bool choose_server(struct connection *c, const char *conninfo, struct err *e)
{
	if (conninfo || environment_names_server()) {
		c->conninfo = memory_copy(slice_from(conninfo ? conninfo : ""));
		return true;
	}

	char *folder = cluster_default_folder(e);

	c->is_private = true;
	c->cluster = folder ? cluster_enter(folder, e) : NULL;
	free(folder);
	if (!c->cluster)
		return false;
	c->conninfo = memory_copy(slice_from(cluster_conninfo(c->cluster)));
	return true;
}

struct connection *connection_open(const char *conninfo, struct err *e)
{
	struct connection *c = memory_zeroed(1, sizeof(*c));

	if (choose_server(c, conninfo, e) && connect_to(c, e))
		return c;
	connection_close(c);
	return NULL;
}

static bool private_cluster_exists(bool *exists_out, struct err *e)
{
	struct cluster_status status;
	char *folder = cluster_default_folder(e);
	bool known = folder && cluster_status(folder, &status, e);

	free(folder);
	if (!known)
		return false;
	*exists_out = status.exists;
	cluster_status_release(&status);
	return true;
}

bool connection_look(const char *conninfo, struct connection **c_out, struct err *e)
{
	bool exists = true;

	*c_out = NULL;
	if (!conninfo && !environment_names_server() && !private_cluster_exists(&exists, e))
		return false;
	if (!exists)
		return true;
	*c_out = connection_open(conninfo, e);
	if (*c_out &&
	    connection_execute(*c_out, "set default_transaction_read_only = on", NULL, 0, e))
		return true;
	connection_close(TAKE(*c_out, NULL));
	return false;
}

static bool has_password(const PQconninfoOption *options)
{
	for (; options->keyword; options++) {
		if (options->val &&
		    slice_ends_with(slice_from(options->keyword), SLICE("password")))
			return true;
	}
	return false;
}

bool connection_check_info(const char *conninfo, struct err *e)
{
	char *why = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &why);
	bool secret = options && has_password(options);

	if (!options) {
		err_set(e, ERR_CONFIG, "libpq does not understand it: %.*s",
			SLICE_ARG(first_line(why)));
		err_remedy(e, "write it like host=db.example.com dbname=dmarc");
	} else if (secret) {
		err_set(e, ERR_CONFIG, "there is a password in it");
		err_remedy(e, "put it into ~/.pgpass, or a file that passfile= names");
	}
	PQfreemem(why);
	PQconninfoFree(options);
	return options && !secret;
}

struct connection *connection_again(const struct connection *other, struct err *e)
{
	struct connection *c = memory_zeroed(1, sizeof(*c));

	c->is_private = other->is_private;
	c->conninfo = memory_copy(slice_from(other->conninfo));
	if (connect_to(c, e))
		return c;
	connection_close(c);
	return NULL;
}

void connection_close(struct connection *c)
{
	if (!c)
		return;
	PQfinish(c->pg);
	cluster_leave(c->cluster); /* after the session's end: the server may stop now */
	free(c->conninfo);
	free(c);
}

bool connection_is_private(const struct connection *c)
{
	return c->is_private;
}

const char *connection_conninfo(const struct connection *c)
{
	return c->conninfo;
}

/* The result is ours. */
static bool rows_of(struct connection *c, PGresult *result, struct rows **rows_out, struct err *e)
{
	if (!result_is(result, PGRES_TUPLES_OK) && !result_is(result, PGRES_COMMAND_OK)) {
		query_error(c, result, e);
		PQclear(result);
		return false;
	}
	*rows_out = memory_zeroed(1, sizeof(**rows_out));
	(*rows_out)->result = result;
	return true;
}

bool connection_query(struct connection *c, const char *sql, const char *const *values,
		      size_t count, struct rows **rows_out, struct err *e)
{
	return rows_of(c, PQexecParams(c->pg, sql, (int)count, NULL, values, NULL, NULL, 0),
		       rows_out, e);
}

/* Where in the list the text is, which is told by its address, or is to be. */
static size_t place_in(const char *const *list, size_t size, const char *sql)
{
	size_t i = 0;

	while (i < size && list[i] && list[i] != sql)
		i++;
	BUG_UNLESS(i < size);
	return i;
}

/* The one value of a statement in libpq's terms. */
struct binary {
	const char *values[1];
	int lengths[1], formats[1];
};

static struct binary binary_of(struct slice value)
{
	BUG_UNLESS(value.n <= INT_MAX);
	return (struct binary){ { value.p }, { (int)value.n }, { 1 } };
}

bool connection_query_binary(struct connection *c, const char *sql, struct slice value,
			     struct rows **rows_out, struct err *e)
{
	const struct binary b = binary_of(value);

	return rows_of(c, PQexecParams(c->pg, sql, 1, NULL, b.values, b.lengths, b.formats, 0),
		       rows_out, e);
}

bool connection_query_often(struct connection *c, const char *sql, struct slice value,
			    struct rows **rows_out, struct err *e)
{
	size_t place = place_in(c->often, MAX_OFTEN, sql);
	const char name[] = { 'q', (char)('0' + place), '\0' };
	const struct binary b = binary_of(value);

	_Static_assert(MAX_OFTEN <= 10, "a place is one digit");
	if (!c->often[place]) {
		SCOPED(result) PGresult *result = PQprepare(c->pg, name, sql, 1, NULL);

		if (!result_is(result, PGRES_COMMAND_OK))
			return query_error(c, result, e);
		c->often[place] = sql;
	}
	return rows_of(c, PQexecPrepared(c->pg, name, 1, b.values, b.lengths, b.formats, 0),
		       rows_out, e);
}

static struct type_number row_number(const struct rows *rows, size_t row, size_t column)
{
	uint64_t number = (uint64_t)rows_integer(rows, row, column);

	return (struct type_number){ {
		(char)(unsigned char)(number >> 24),
		(char)(unsigned char)(number >> 16),
		(char)(unsigned char)(number >> 8),
		(char)(unsigned char)number,
	} };
}

static const char row_type_query[] =
	"select c.reltype::bigint, a.atttypid::bigint from pg_class c "
	"join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
	"where c.oid = $1::regclass order by a.attnum";

static bool ask_row_type(struct connection *c, struct row_type *type, const char *name,
			 struct err *e)
{
	const char *values[] = { name };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, row_type_query, values, COUNT_OF(values), &rows, e))
		return false;
	type->column_count = rows_count(rows);
	BUG_UNLESS(type->column_count > 0 && type->column_count <= ROW_COLUMNS);
	type->number = row_number(rows, 0, 0);
	for (size_t i = 0; i < type->column_count; i++)
		type->columns[i] = row_number(rows, i, 1);
	type->name = name;
	return true;
}

bool connection_row_type(struct connection *c, const char *name, const struct row_type **type_out,
			 struct err *e)
{
	struct row_type *type = c->row_types;
	const struct row_type *const end = type + MAX_ROW_TYPES;

	while (type < end && type->name && strcmp(type->name, name) != 0)
		type++;
	BUG_UNLESS(type < end);
	*type_out = type;
	return type->name || ask_row_type(c, type, name, e);
}

bool connection_execute(struct connection *c, const char *sql, const char *const *values,
			size_t count, struct err *e)
{
	SCOPED(result)
	PGresult *result = count > 0
		? PQexecParams(c->pg, sql, (int)count, NULL, values, NULL, NULL, 0)
		: PQexec(c->pg, sql);

	return result_is(result, PGRES_COMMAND_OK) || result_is(result, PGRES_TUPLES_OK) ||
		query_error(c, result, e);
}

bool connection_begin(struct connection *c, const char *sql, struct err *e)
{
	return PQsendQuery(c->pg, sql) == 1 || query_error(c, NULL, e);
}

bool connection_await(struct connection *c, struct err *e)
{
	PGresult *result;
	bool ok = true;

	while ((result = PQgetResult(c->pg)) != NULL) {
		ok = ok &&
			(result_is(result, PGRES_COMMAND_OK) ||
			 result_is(result, PGRES_TUPLES_OK) || query_error(c, result, e));
		PQclear(result);
	}
	return ok;
}

bool connection_is_idle(const struct connection *c)
{
	return PQtransactionStatus(c->pg) == PQTRANS_IDLE;
}

bool connection_once(struct connection *c, const char *sql, struct err *e)
{
	size_t place = place_in(c->once, MAX_ONCE, sql);

	if (!c->once[place] && !connection_execute(c, sql, NULL, 0, e))
		return false;
	c->once[place] = sql;
	return true;
}

void connection_attempt(struct connection *c, const char *sql)
{
	PQclear(PQexec(c->pg, sql));
}

bool connection_end(struct connection *c, bool ok, struct err *e)
{
	ok = ok && connection_execute(c, "commit", NULL, 0, e);
	if (!ok)
		connection_attempt(c, "rollback");
	return ok;
}

bool connection_should_retry(const struct connection *c)
{
	return slice_starts_with(slice_from(c->sqlstate), SLICE("40")) ||
		slice_equal(slice_from(c->sqlstate), SLICE("55P03"));
}

bool connection_copy_begin(struct connection *c, const char *sql, struct err *e)
{
	SCOPED(result) PGresult *result = PQexec(c->pg, sql);

	return result_is(result, PGRES_COPY_IN) ? connection_copy_put(c, copy_header(), e)
						: query_error(c, result, e);
}

bool connection_copy_put(struct connection *c, struct slice bytes, struct err *e)
{
	enum { PIECE = 1 << 20 };

	while (bytes.n > 0) {
		struct slice piece = slice_prefix(bytes, PIECE);

		if (PQputCopyData(c->pg, piece.p, (int)piece.n) != 1)
			return query_error(c, NULL, e);
		bytes = slice_from_offset(bytes, piece.n);
	}
	return true;
}

bool connection_copy_end(struct connection *c, struct err *e)
{
	if (!connection_copy_put(c, copy_trailer(), e))
		return false;
	if (PQputCopyEnd(c->pg, NULL) != 1)
		return query_error(c, NULL, e);

	SCOPED(result) PGresult *result = PQgetResult(c->pg);
	bool ok = result_is(result, PGRES_COMMAND_OK) || query_error(c, result, e);
	PGresult *rest;

	while ((rest = PQgetResult(c->pg)) != NULL)
		PQclear(rest);
	return ok;
}

void rows_free(struct rows *r)
{
	if (!r)
		return;
	PQclear(r->result);
	free(r);
}

size_t rows_count(const struct rows *r)
{
	return (size_t)PQntuples(r->result);
}

struct slice rows_text(const struct rows *r, size_t row, size_t column)
{
	BUG_UNLESS(row < rows_count(r) && column < (size_t)PQnfields(r->result));
	if (PQgetisnull(r->result, (int)row, (int)column))
		return SLICE_ABSENT;
	return slice_of(PQgetvalue(r->result, (int)row, (int)column),
			(size_t)PQgetlength(r->result, (int)row, (int)column));
}

int64_t rows_integer(const struct rows *r, size_t row, size_t column)
{
	struct slice text = rows_text(r, row, column);
	int64_t value = 0;

	BUG_UNLESS(slice_is_absent(text) || number_parse_i64(text, INT64_MIN, INT64_MAX, &value));
	return value;
}

bool rows_boolean(const struct rows *r, size_t row, size_t column)
{
	return slice_equal(rows_text(r, row, column), SLICE("t"));
}
