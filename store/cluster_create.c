/* SPDX-License-Identifier: MIT */
/* Making the private database's data folder, and the server's settings. */
#include "store/cluster_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "store/server_programs.h"

#include "base/banned.h"

enum { INITDB_LIMIT_MS = 600 * 1000, REMOVE_LIMIT_MS = 60 * 1000 };

/* Behind everything in postgresql.conf, so that what is ours wins. */
#define INCLUDE_LINES                                                                                 \
	"\n# Settings of ruamill, written anew at each start. Own ones, other than those, may stand " \
	"above.\ninclude = '../server.conf'\n"

static const char *const clean_environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };

/* --- settings -------------------------------------------------------------------------------- */

/*
 * Durable (fsync and synchronous_commit stay on) and good for batches: few checkpoints, no WAL for
 * copies that nobody takes. Digests do not compress: to try cost more than to write them, and a day's
 * load into millions of records half as much again. Memory is for a small machine that has other work.
 */
#define FIXED_SETTINGS                                                                             \
	"# Written by ruamill at each start of the server: changes here are lost.\n"               \
	"listen_addresses = ''\n"                                                                  \
	"port = 5432\n"                                                                            \
	"unix_socket_permissions = 0700\n"                                                         \
	"max_connections = 50\n"                                                                   \
	"fsync = on\n"                                                                             \
	"synchronous_commit = on\n"                                                                \
	"full_page_writes = on\n"                                                                  \
	"wal_level = minimal\n"                                                                    \
	"max_wal_senders = 0\n"                                                                    \
	"archive_mode = off\n"                                                                     \
	"wal_compression = off\n"                                                                  \
	"max_wal_size = 2GB\n"                                                                     \
	"min_wal_size = 80MB\n"                                                                    \
	"checkpoint_timeout = 15min\n"                                                             \
	"checkpoint_completion_target = 0.9\n"                                                     \
	"shared_buffers = 128MB\n"                                                                 \
	"effective_cache_size = 1GB\n"                                                             \
	"work_mem = 16MB\n"                                                                        \
	"maintenance_work_mem = 128MB\n"                                                           \
	"max_locks_per_transaction = 256\n"                                                        \
	"jit = off\n"                                                                              \
	"autovacuum = on\n"                                                                        \
	"timezone = 'UTC'\n"                                                                       \
	"log_timezone = 'UTC'\n"                                                                   \
	"lc_messages = 'C'\n"                                                                      \
	"log_destination = 'stderr'\n"                                                             \
	"logging_collector = off\n"                                                                \
	"log_min_messages = error\n"                                                               \
	"log_min_error_statement = panic\n"                                                        \
	"log_error_verbosity = terse\n"                                                            \
	"log_checkpoints = off\n"                                                                  \
	"log_connections = off\n"                                                                  \
	"log_disconnections = off\n"                                                               \
	"log_autovacuum_min_duration = -1\n"                                                       \
	"log_line_prefix = '%m [%p] '\n"                                                           \
	"cluster_name = 'ruamill'\n"

/*
 * A list of folders, each in double quotes, within a string of postgresql.conf, in which a backslash
 * escapes and a single quote is doubled.
 */
static void append_socket_setting(struct buf *b, const char *folder)
{
	buf_append_text(b, "unix_socket_directories = '\"");
	for (const char *p = folder; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\' || *p == '"')
			buf_append_byte(b, *p);
		buf_append_byte(b, *p);
	}
	buf_append_text(b, "\"'\n");
}

/* Readable to the server's group where that is another user, and to nobody else. */
bool cluster_folder_write_settings(const struct cluster_folder *f, struct err *e)
{
	SCOPED(buf) struct buf text = { 0 };

	buf_append_text(&text, FIXED_SETTINGS);
	append_socket_setting(&text, f->socket);
	if (!file_replace(f->settings, buf_slice(&text), 0600, e))
		return err_remedy(
			e, "make room on the disk, and look whether the folder can be written");
	if (!f->server.is_other)
		return true;
	if (chown(f->settings, (uid_t)-1, f->server.gid) == 0 && chmod(f->settings, 0640) == 0)
		return true;
	err_set_errno(e, ERR_CONFIG, errno, "cannot give the settings to the server's user");
	return err_where(e, "%s", f->settings);
}

/* In a child that is the server's user, whose file it is: the answer is errno. */
static int append_include(const void *argument)
{
	const char *folder = argument;
	char *path = path_join(folder, "postgresql.conf");
	int fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	struct err ignored = ERR_INIT;
	bool ok = fd >= 0 && file_write_all(fd, SLICE(INCLUDE_LINES), &ignored) && fsync(fd) == 0;
	int number = errno;

	fd_close(fd);
	free(path);
	return ok ? 0 : number > 0 && number < 255 ? number : EIO;
}

static bool include_settings(const struct cluster_folder *f, struct err *e)
{
	int answer = process_ask_as(&f->server, append_include, f->unfinished);

	if (answer == 0)
		return true;
	if (answer < 0)
		answer = EIO;
	err_set_errno(e, process_kind_of_errno(answer), answer, "cannot write postgresql.conf");
	return err_where(e, "%s", f->unfinished);
}

/* --- initdb ---------------------------------------------------------------------------------- */

/*
 * As the owner of what is in it, so that no link in there can lead root elsewhere. What rm cannot
 * do, remove the folder from one that is root's, rmdir does.
 */
static bool remove_unfinished(const struct cluster_folder *f, int gate_fd, struct err *e)
{
	const char *argv[] = { "/bin/rm", "-rf", "--", f->unfinished, NULL };
	struct process_plan plan = { .user = &f->server,
				     .argv = argv,
				     .environment = clean_environment,
				     .limit_ms = REMOVE_LIMIT_MS,
				     .kept_fd = gate_fd };
	struct process_result result;

	if (access(f->unfinished, F_OK) != 0 || rmdir(f->unfinished) == 0)
		return true;
	if (!process_run(&plan, &result, e))
		return false;
	if (rmdir(f->unfinished) == 0 || errno == ENOENT)
		return true;
	err_set_errno(e, ERR_CONFIG, errno, "cannot remove what an earlier run left");
	return err_where(e, "%s", f->unfinished);
}

static const char *locale_option(void)
{
	locale_t found = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);

	if (found == (locale_t)0)
		return "--locale=C";
	freelocale(found);
	return "--locale=C.UTF-8";
}

/* Ctrl-C reaches it too, and it tidies up. */
static bool was_interrupted(struct slice said)
{
	return slice_contains_icase(said, SLICE("initdb: removing ")) ||
		slice_contains_icase(said, SLICE("canceling statement"));
}

static void fail_of_initdb(const struct cluster_folder *f, const struct process_result *result,
			   struct err *e)
{
	struct slice said = process_tail_line(&result->tail);
	bool full = process_says_disk_full(said);

	if (result->timed_out)
		err_set(e, ERR_UNREACHABLE, "initdb took more than %d seconds",
			INITDB_LIMIT_MS / 1000);
	else if (was_interrupted(said))
		err_set(e, ERR_UNREACHABLE, "interrupted while creating the private database");
	else
		err_set(e, full ? ERR_OUTPUT : ERR_CONFIG,
			"cannot create the private database: %.*s", SLICE_ARG(said));
	err_where(e, "%s", f->path);
	if (full)
		err_remedy(e,
			   "it takes 50 MB when empty: make room, or set RUAMILL_DATA to a "
			   "folder with more");
}

static bool run_initdb(const struct cluster_folder *f, const char *program, int gate_fd,
		       struct err *e)
{
	const char *argv[] = { program, "-D", f->unfinished, "--username=ruamill",
			       "--encoding=UTF8", locale_option(),
			       /* Whoever can enter the socket's folder may: only its owner can. */
			       "--auth-local=trust", "--auth-host=reject", "--no-instructions",
			       NULL };
	struct process_plan plan = { .user = &f->server,
				     .argv = argv,
				     .environment = clean_environment,
				     .limit_ms = INITDB_LIMIT_MS,
				     .kept_fd = gate_fd };
	struct process_result result;

	if (!process_run(&plan, &result, e))
		return false;
	if (result.status == 0)
		return true;

	fail_of_initdb(f, &result, e);
	return false;
}

static bool make_unfinished(const struct cluster_folder *f, struct err *e)
{
	if (mkdir(f->unfinished, 0700) == 0 &&
	    (!f->server.is_other || chown(f->unfinished, f->server.uid, f->server.gid) == 0))
		return true;
	err_set_errno(e, process_kind_of_errno(errno), errno, "cannot create the folder");
	return err_where(e, "%s", f->unfinished);
}

static bool fill_unfinished(const struct cluster_folder *f, const char *program, int gate_fd,
			    struct err *e)
{
	if (!make_unfinished(f, e) || !run_initdb(f, program, gate_fd, e) ||
	    !include_settings(f, e))
		return false;
	if (rename(f->unfinished, f->data) == 0)
		return true;
	err_set_errno(e, process_kind_of_errno(errno), errno, "cannot rename the new database");
	return err_where(e, "%s", f->unfinished);
}

bool cluster_folder_create_data(const struct cluster_folder *f, int gate_fd, struct err *e)
{
	struct server_programs programs;
	struct err ignored = ERR_INIT;

	if (!cluster_folder_check(f, e) || !server_programs_find(&f->server, 0, &programs, e) ||
	    !remove_unfinished(f, gate_fd, e))
		return false;
	log_line(LOG_LEVEL_INFO, "creating the private database in %s", f->path);

	char *program = path_join(programs.folder, "initdb");
	bool ok = fill_unfinished(f, program, gate_fd, e);

	free(program);
	if (!ok)
		(void)remove_unfinished(f, gate_fd, &ignored);
	return ok;
}
