/* SPDX-License-Identifier: MIT */
#include "store/server_programs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

#define DEBIAN_FOLDER "/usr/lib/postgresql"

enum { VERSION_LIMIT_MS = 10000, MAJOR_MAX = 999 };

/* What was looked for, and what was seen on the way. */
struct search {
	const struct process_user *user;
	unsigned wanted;     /* 0: any that is new enough */
	unsigned other_seen; /* a version that would not do */
};

static bool is_program(const char *folder, const char *name)
{
	char *path = path_join(folder, name);
	bool found = access(path, X_OK) == 0;

	free(path);
	return found;
}

static bool has_programs(const char *folder)
{
	return is_program(folder, "initdb") && is_program(folder, "postgres") &&
		is_program(folder, "pg_ctl");
}

/* "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", or "16beta1". */
static bool parse_version(struct slice said, unsigned *major_out)
{
	static const struct slice name = { "(PostgreSQL) ", 13 };
	uint64_t major;
	size_t digits = 0;

	while (said.n > 0 && !slice_starts_with(said, name))
		said = slice_from_offset(said, 1);
	said = slice_from_offset(said, name.n);
	while (digits < said.n && byte_is_digit(said.p[digits]))
		digits++;
	if (!number_parse_u64(slice_prefix(said, digits), 1, MAJOR_MAX, &major))
		return false;
	*major_out = (unsigned)major;
	return true;
}

/* Asked as the server's user, who must be able to run it. */
static bool ask_version(const struct process_user *user, const char *folder, unsigned *major_out,
			struct err *e)
{
	static const char *const environment[] = { "LC_ALL=C", NULL };
	char *program = path_join(folder, "postgres");
	const char *argv[] = { program, "-V", NULL };
	struct process_plan plan = { .user = user,
				     .argv = argv,
				     .environment = environment,
				     .limit_ms = VERSION_LIMIT_MS,
				     .kept_fd = PROCESS_NO_FD,
				     .with_stdout = true };
	struct process_result result;
	bool ran = process_run(&plan, &result, e);

	free(program);
	if (!ran)
		return false;
	if (result.status != 0 ||
	    !parse_version(slice_of(result.tail.text, result.tail.n), major_out)) {
		err_set(e, ERR_CONFIG, "cannot tell the version of PostgreSQL's server programs");
		return err_where(e, "%s", folder);
	}
	return true;
}

static bool version_will_do(struct search *s, unsigned major)
{
	if (s->wanted == 0 ? major >= SERVER_MIN_MAJOR : major == s->wanted)
		return true;
	if (major > s->other_seen)
		s->other_seen = major;
	return false;
}

/* --- the places ------------------------------------------------------------------------------ */

static bool take_folder(const char *folder, unsigned major, struct server_programs *programs_out)
{
	struct server_programs programs = { .major = major };

	if (!text_format(programs.folder, sizeof(programs.folder), "%s", folder))
		return false;
	*programs_out = programs;
	return true;
}

static bool error_wrong_version(const struct search *s, const char *where, struct err *e)
{
	if (s->wanted == 0) {
		err_set(e, ERR_CONFIG,
			"PostgreSQL %u is too old: the private database needs %d or newer",
			s->other_seen, SERVER_MIN_MAJOR);
		err_where(e, "%s", where);
		return err_remedy(e,
				  "install it with 'apt-get install postgresql', or name a "
				  "server with --db");
	}
	err_set(e, ERR_CONFIG,
		"the private database was made by PostgreSQL %u, but the server programs here are "
		"of PostgreSQL %u",
		s->wanted, s->other_seen);
	err_where(e, "%s", where);
	return err_remedy(
		e,
		"install PostgreSQL %u beside it ('apt-get install postgresql-%u'), bring "
		"the folder over with pg_upgrade, or move the folder away and ingest again",
		s->wanted, s->wanted);
}

static bool error_missing(const char *looked_in, unsigned wanted, struct err *e)
{
	err_set(e, ERR_CONFIG, "PostgreSQL's server programs are missing: looked in %s", looked_in);
	if (wanted == 0)
		return err_remedy(e,
				  "install them with 'apt-get install postgresql', or name a "
				  "server with --db");
	return err_remedy(e,
			  "the private database was made by PostgreSQL %u: install it with "
			  "'apt-get install postgresql-%u', or name a server with --db",
			  wanted, wanted);
}

/* Who names a folder means that one. */
static bool find_in_named(struct search *s, const char *folder,
			  struct server_programs *programs_out, struct err *e)
{
	char looked_in[PATH_MAX];
	unsigned major = 0;

	if (!text_format(looked_in, sizeof(looked_in), "%s (RUAMILL_PG_BINDIR)", folder))
		return err_set(e, ERR_CONFIG, "RUAMILL_PG_BINDIR is too long");
	if (!has_programs(folder))
		return error_missing(looked_in, s->wanted, e);
	if (!ask_version(s->user, folder, &major, e))
		return false;
	if (!version_will_do(s, major))
		return error_wrong_version(s, looked_in, e);
	return take_folder(folder, major, programs_out);
}

/* The newest that will do; the folder's name is the version. */
static bool find_in_debian_folder(struct search *s, struct server_programs *programs_out)
{
	SCOPED(dir) DIR *dir = opendir(DEBIAN_FOLDER);
	unsigned best = 0;
	char folder[PATH_MAX];

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		uint64_t major;

		if (!number_parse_u64(slice_from(entry->d_name), 1, MAJOR_MAX, &major) ||
		    !text_format(folder, sizeof(folder), DEBIAN_FOLDER "/%s/bin", entry->d_name) ||
		    !has_programs(folder))
			continue;
		if (version_will_do(s, (unsigned)major) && major > best)
			best = (unsigned)major;
	}
	return best > 0 && text_format(folder, sizeof(folder), DEBIAN_FOLDER "/%u/bin", best) &&
		take_folder(folder, best, programs_out);
}

static bool find_in_path(struct search *s, struct server_programs *programs_out)
{
	struct slice rest = slice_from(getenv("PATH")), one;
	char folder[PATH_MAX];

	while (slice_cut(&rest, ':', &one)) {
		struct err ignored = ERR_INIT;
		unsigned major = 0;

		/* A relative entry is another place for every working directory. */
		if (!slice_starts_with(one, SLICE("/")) ||
		    !slice_to_cstr(one, folder, sizeof(folder)) || !has_programs(folder) ||
		    !ask_version(s->user, folder, &major, &ignored))
			continue;
		if (version_will_do(s, major))
			return take_folder(folder, major, programs_out);
	}
	return false;
}

bool server_programs_find(const struct process_user *user, unsigned major,
			  struct server_programs *programs_out, struct err *e)
{
	struct search s = { .user = user, .wanted = major };
	const char *named = getenv("RUAMILL_PG_BINDIR");

	if (named && named[0] != '\0')
		return find_in_named(&s, named, programs_out, e);
	if (find_in_debian_folder(&s, programs_out) || find_in_path(&s, programs_out))
		return true;
	if (s.other_seen > 0)
		return error_wrong_version(&s, DEBIAN_FOLDER " and PATH", e);
	return error_missing(DEBIAN_FOLDER "/*/bin and PATH", s.wanted, e);
}

/* --- psql ------------------------------------------------------------------------------------ */

static char *psql_in_path(void)
{
	struct slice rest = slice_from(getenv("PATH")), one;
	char folder[PATH_MAX];

	while (slice_cut(&rest, ':', &one)) {
		if (one.n > 0 && slice_to_cstr(one, folder, sizeof(folder)) &&
		    is_program(folder, "psql"))
			return path_join(folder, "psql");
	}
	return NULL;
}

/* PATH last: on Debian psql there is a wrapper that looks for clusters of its own. */
char *server_programs_psql(struct err *e)
{
	struct server_programs programs;
	struct err ignored = ERR_INIT;
	struct process_user self;
	char *found;

	process_user_self(&self);
	if (server_programs_find(&self, 0, &programs, &ignored) &&
	    is_program(programs.folder, "psql"))
		return path_join(programs.folder, "psql");
	found = psql_in_path();
	if (!found) {
		err_set(e, ERR_CONFIG, "PostgreSQL's program 'psql' is missing");
		err_remedy(e, "install it with 'apt-get install postgresql-client'");
	}
	return found;
}
