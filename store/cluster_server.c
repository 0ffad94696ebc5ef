/* SPDX-License-Identifier: MIT */
#include "store/cluster_server.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "store/server_programs.h"

#include "base/banned.h"

enum {
	POLL_MS = 5,
	START_LIMIT_MS = 60 * 1000,         /* from silence to a word, as pg_ctl gives it */
	RECOVERY_LIMIT_MS = 30 * 60 * 1000, /* it says "starting": after a crash that takes */
	STOP_LIMIT_MS = 5 * 60 * 1000,      /* its last checkpoint, on a slow disk */
	LOG_MAX_BYTES = 1024 * 1024,
	PID_FILE_MAX = 8192,
};

static inline void result_clear(PGresult *result)
{
	PQclear(result);
}
SCOPE_DEFINE(result, PGresult *, result_clear);

static inline void pg_close(PGconn *connection)
{
	PQfinish(connection);
}
SCOPE_DEFINE(pg, PGconn *, pg_close);

static inline void text_free(char *text)
{
	free(text);
}
SCOPE_DEFINE(text, char *, text_free);

/* --- does it run? ---------------------------------------------------------------------------- */

/*
 * The server and its children work in the data folder. A number in a file left by a crash may be
 * another program's by now, and a zombie works nowhere.
 */
static bool is_server_of(pid_t pid, const char *data)
{
	char link[64], folder[PATH_MAX];
	ssize_t n;

	if (pid <= 0 || (kill(pid, 0) != 0 && errno != EPERM) ||
	    !text_format(link, sizeof(link), "/proc/%ld/cwd", (long)pid))
		return false;
	if (access("/proc/self/cwd", F_OK) != 0)
		return true;
	n = readlink(link, folder, sizeof(folder) - 1);
	if (n <= 0)
		return false;
	folder[n] = '\0';
	return strcmp(folder, data) == 0;
}

/* Up to size - 1 bytes of a file that is the server's: no link is followed. */
static size_t read_pid_file(const struct cluster_folder *f, char *text, size_t size)
{
	char *path = path_join(f->data, "postmaster.pid");
	SCOPED(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	free(path);
	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

/* Lines: pid, data folder, start time, port, socket folder, address, shared memory, status. */
void cluster_server_look(const struct cluster_folder *f, struct cluster_server *server_out)
{
	enum { LINE_PID = 0, LINE_SOCKET = 4, LINE_STATUS = 7, LINES };
	char text[PID_FILE_MAX];
	struct slice rest = slice_of(text, read_pid_file(f, text, sizeof(text)));
	struct slice lines[LINES] = { { NULL, 0 } };
	uint64_t pid;

	for (size_t i = 0; i < LINES && slice_cut(&rest, '\n', &lines[i]); i++)
		continue;
	*server_out = (struct cluster_server){ 0 };
	/* A lone backend, started by hand for repairs, has a negative number. */
	if (!number_parse_u64(lines[LINE_PID], 1, INT_MAX, &pid) ||
	    !is_server_of((pid_t)pid, f->data))
		return;
	server_out->pid = (pid_t)pid;
	server_out->ready = slice_equal(slice_trim(lines[LINE_STATUS]), SLICE("ready"));
	if (lines[LINE_SOCKET].n > 0)
		server_out->socket = memory_copy(lines[LINE_SOCKET]);
}

void cluster_server_release(struct cluster_server *server)
{
	free(server->socket);
	*server = (struct cluster_server){ 0 };
}

bool cluster_server_is_running(const struct cluster_folder *f)
{
	struct cluster_server server;
	bool running;

	cluster_server_look(f, &server);
	running = server.pid != 0;
	cluster_server_release(&server);
	return running;
}

/* --- connections ----------------------------------------------------------------------------- */

char *cluster_server_conninfo(const char *socket, const char *database)
{
	struct buf b = { 0 };

	buf_append_text(&b, "host='");
	for (const char *p = socket; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			buf_append_byte(&b, '\\');
		buf_append_byte(&b, *p);
	}
	buf_printf(&b, "' port=%d dbname=%s user=ruamill", CLUSTER_PORT, database);
	return buf_detach(&b);
}

/* A notice is no error, and stderr is not libpq's. */
static void drop_notice(void *argument, const char *message)
{
	(void)argument;
	(void)message;
}

static PGconn *connect_quietly(const char *conninfo)
{
	PGconn *connection = PQconnectdb(conninfo);

	if (connection)
		(void)PQsetNoticeProcessor(connection, drop_notice, NULL);
	return connection;
}

bool cluster_server_version(const char *conninfo, char *text, size_t size)
{
	SCOPED(pg) PGconn *connection = connect_quietly(conninfo);
	const char *version = NULL;

	if (PQstatus(connection) == CONNECTION_OK)
		version = PQparameterStatus(connection, "server_version");
	return version && text_format(text, size, "%s", version);
}

static bool fail_of_connection(const PGconn *connection, const char *what, struct err *e)
{
	struct slice said = slice_from(PQerrorMessage(connection)), line = SLICE("");
	bool full = process_says_disk_full(said);

	/* Detail and hint follow on lines of their own. */
	(void)slice_cut(&said, '\n', &line);
	err_set(e, full ? ERR_OUTPUT : ERR_UNREACHABLE, "%s: %.*s", what,
		SLICE_ARG(slice_trim(line)));
	if (full)
		err_remedy(e, "make room on the disk");
	return false;
}

/* Made after the first start; again, should somebody have dropped it. */
static bool ensure_database(const char *socket, struct err *e)
{
	SCOPED(text) char *conninfo = cluster_server_conninfo(socket, "postgres");
	SCOPED(pg) PGconn *connection = connect_quietly(conninfo);

	if (PQstatus(connection) != CONNECTION_OK)
		return fail_of_connection(connection, "cannot enter the private database", e);

	SCOPED(result)
	PGresult *found = PQexec(connection,
				 "SELECT 1 FROM pg_catalog.pg_database WHERE datname = 'ruamill'");

	if (PQresultStatus(found) != PGRES_TUPLES_OK)
		return fail_of_connection(connection, "cannot ask the private database", e);
	if (PQntuples(found) > 0)
		return true;

	SCOPED(result) PGresult *made = PQexec(connection, "CREATE DATABASE ruamill");

	return PQresultStatus(made) == PGRES_COMMAND_OK ||
		fail_of_connection(connection, "cannot create the database", e);
}

/* --- the log --------------------------------------------------------------------------------- */

/*
 * The server appends, so a file cut to nothing goes on at its beginning: bounded even for a server
 * that never stops, as long as somebody uses it.
 */
static int open_log(const struct cluster_folder *f, struct err *e)
{
	int fd = open(f->log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat st;

	if (fd < 0) {
		err_set_errno(e, process_kind_of_errno(errno), errno,
			      "cannot open the server's log");
		err_where(e, "%s", f->log);
		return -1;
	}
	/* a log that cannot be cut grows a little further: no reason to keep the server down */
	if (fstat(fd, &st) == 0 && st.st_size > LOG_MAX_BYTES && ftruncate(fd, 0) != 0)
		log_line(LOG_LEVEL_DEBUG, "the server's log cannot be cut: %s", f->log);
	return fd;
}

static off_t log_length(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_size : 0;
}

/* What this start has written, the end of it. */
static void read_log(int fd, off_t from, struct process_tail *tail_out)
{
	char bytes[PROCESS_TAIL_SIZE];
	off_t end = log_length(fd);
	struct err ignored = ERR_INIT;

	*tail_out = (struct process_tail){ 0 };
	if (end - from > (off_t)sizeof(bytes))
		from = end - (off_t)sizeof(bytes);

	ssize_t got = file_read_at(fd, bytes, sizeof(bytes), from, &ignored);

	if (got > 0)
		process_tail_add(tail_out, slice_of(bytes, (size_t)got));
}

/* --- starting -------------------------------------------------------------------------------- */

enum start_outcome { START_READY, START_AGAIN, START_FAILED };

/* Other processes of a killed server may live on for a moment: PostgreSQL then refuses. */
static enum start_outcome judge_failure(const struct cluster_folder *f, int log_fd, off_t from,
					struct err *e)
{
	struct process_tail tail;

	read_log(log_fd, from, &tail);

	struct slice said = process_tail_line(&tail);
	enum err_kind kind = ERR_UNREACHABLE;

	if (process_says_disk_full(said))
		kind = ERR_OUTPUT;
	else if (slice_contains_icase(said, SLICE("configuration file")) ||
		 slice_contains_icase(said, SLICE("Permission denied")))
		kind = ERR_CONFIG;
	err_set(e, kind, "the private database does not start: %.*s",
		SLICE_ARG(said.n > 0 ? said : SLICE("it said nothing")));
	err_where(e, "%s", f->log);
	if (kind == ERR_OUTPUT)
		err_remedy(e, "make room on the disk");
	return slice_contains_icase(said, SLICE("pre-existing shared memory block")) ? START_AGAIN
										     : START_FAILED;
}

static PGPing ping(const char *socket)
{
	SCOPED(text) char *conninfo = cluster_server_conninfo(socket, "postgres");

	return PQping(conninfo);
}

/*
 * The server is only asked when it says that it is ready: each question before that would be an error
 * in its log, and hide the one that tells why it does not start.
 */
static bool answers(const struct cluster_server *server)
{
	return server->ready && server->socket && ping(server->socket) == PQPING_OK;
}

static bool is_late(int64_t start, const struct cluster_server *server)
{
	bool recovers = server->pid != 0 && !server->ready;

	return clock_ms() - start > (recovers ? RECOVERY_LIMIT_MS : START_LIMIT_MS);
}

static bool fail_late(const struct cluster_folder *f, struct err *e)
{
	err_set(e, ERR_UNREACHABLE, "the private database's server does not become ready");
	err_where(e, "%s", f->log);
	return err_remedy(e, "see there what it says, and try again");
}

static enum start_outcome wait_until_ready(const struct cluster_folder *f, int log_fd,
					   struct process_watch *watch, struct err *e)
{
	int64_t start = clock_ms();
	off_t from = log_length(log_fd);

	for (;;) {
		/* In this order: one that ended after the question was not alive at it. */
		bool alive = process_watch_is_alive(watch);
		struct cluster_server server;

		cluster_server_look(f, &server);

		bool there = answers(&server), late = is_late(start, &server);

		cluster_server_release(&server);
		if (there)
			return START_READY;
		if (!alive)
			return judge_failure(f, log_fd, from, e);
		if (late) {
			fail_late(f, e);
			return START_FAILED;
		}
		process_pause_ms(POLL_MS);
	}
}

/*
 * A number in postmaster.pid that is another program's by now would keep the server from starting.
 * We have seen that it is not a server of this folder; PostgreSQL passes over the number that stands
 * in this variable, and still asks the shared memory whether old processes live.
 */
static void name_stale_pid(const struct cluster_folder *f, char *variable, size_t size)
{
	char text[PID_FILE_MAX];
	struct slice rest = slice_of(text, read_pid_file(f, text, sizeof(text))), line;
	uint64_t pid;

	if (!slice_cut(&rest, '\n', &line) || !number_parse_u64(line, 1, INT_MAX, &pid) ||
	    !text_format(variable, size, "PG_GRANDPARENT_PID=%llu", (unsigned long long)pid))
		variable[0] = '\0';
}

static enum start_outcome launch(const struct cluster_folder *f, const char *program, struct err *e)
{
	char stale[64];
	SCOPED(fd) int log_fd = open_log(f, e);
	const char *argv[] = { program, "-D", f->data, NULL };
	const char *environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", NULL, NULL };
	struct process_plan plan = { .user = &f->server,
				     .argv = argv,
				     .environment = environment,
				     .kept_fd = PROCESS_NO_FD };
	struct process_watch watch;

	if (log_fd < 0)
		return START_FAILED;
	name_stale_pid(f, stale, sizeof(stale));
	if (stale[0] != '\0')
		environment[2] = stale;
	if (!process_start(&plan, log_fd, &watch, e))
		return START_FAILED;

	enum start_outcome outcome = wait_until_ready(f, log_fd, &watch, e);

	process_watch_end(&watch);
	return outcome;
}

static bool start_server(const struct cluster_folder *f, struct err *e)
{
	int64_t start = clock_ms();
	struct server_programs programs;
	struct err reason = ERR_INIT;
	enum start_outcome outcome;
	unsigned major;

	if (!cluster_folder_check(f, e) || !cluster_folder_version(f, &major, e))
		return false;
	if (!server_programs_find(&f->server, major, &programs, e))
		return err_where(e, "%s", f->path);
	if (!cluster_folder_make_socket_folder(f, f->socket, e) ||
	    !cluster_folder_write_settings(f, e))
		return false;

	SCOPED(text) char *program = path_join(programs.folder, "postgres");

	while ((outcome = launch(f, program, &reason)) == START_AGAIN &&
	       clock_ms() - start < START_LIMIT_MS)
		process_pause_ms(POLL_MS * 10);
	if (outcome != START_READY)
		*e = reason;
	return outcome == START_READY;
}

/* --- being there ----------------------------------------------------------------------------- */

/* It listens in a folder that is gone: who cleans /tmp, or a logout, took it. */
static bool lost_its_socket(const struct cluster_server *server)
{
	if (!server->ready || !server->socket)
		return false;

	SCOPED(text) char *path = path_join(server->socket, CLUSTER_SOCKET_NAME);

	return access(path, F_OK) != 0 && errno == ENOENT;
}

/*
 * One look. True when it is decided: it answers (*socket_out), does not run (NULL), or failed (*ok
 * is false). It may also be about to start or to end, by somebody else's hand.
 */
static bool look_once(const struct cluster_folder *f, int64_t start, char **socket_out, bool *ok,
		      struct err *e)
{
	struct cluster_server server;
	bool decided = true;

	cluster_server_look(f, &server);
	*ok = true;
	*socket_out = NULL;
	if (server.pid == 0)
		return true;
	if (answers(&server))
		*socket_out = TAKE(server.socket, NULL);
	else if (lost_its_socket(&server))
		*ok = cluster_server_stop(f, e);
	else if (is_late(start, &server))
		*ok = fail_late(f, e);
	else
		decided = false;
	cluster_server_release(&server);
	return decided;
}

static bool find_running(const struct cluster_folder *f, char **socket_out, struct err *e)
{
	int64_t start = clock_ms();
	bool ok;

	while (!look_once(f, start, socket_out, &ok, e))
		process_pause_ms(POLL_MS);
	return ok;
}

bool cluster_server_ensure(const struct cluster_folder *f, char **conninfo_out, struct err *e)
{
	char *running = NULL;

	if (!find_running(f, &running, e))
		return false;

	SCOPED(text) char *socket = running;

	if (!socket) {
		if (!start_server(f, e))
			return false;
		socket = memory_copy(slice_from(f->socket));
	} else if (!cluster_folder_make_socket_folder(f, socket, e)) {
		/* One in /tmp may have been taken away and made by another. */
		return false;
	} else {
		fd_close(open_log(f, &(struct err)ERR_INIT));
	}
	/* Asked each time: who was to make it may have been killed before. */
	if (!ensure_database(socket, e))
		return false;
	*conninfo_out = cluster_server_conninfo(socket, "ruamill");
	return true;
}

/* --- stopping -------------------------------------------------------------------------------- */

/* The process, not its file: that it removes a moment before its end. */
static bool wait_until_gone(const struct cluster_folder *f, pid_t pid, struct err *e)
{
	int64_t start = clock_ms();

	while (is_server_of(pid, f->data)) {
		if (clock_ms() - start > STOP_LIMIT_MS) {
			err_set(e, ERR_UNREACHABLE, "the private database's server does not stop");
			err_where(e, "%s", f->log);
			return err_remedy(e, "see there what it says, and try again");
		}
		process_pause_ms(POLL_MS);
	}
	return true;
}

/* pg_ctl only gives the signal: it would look ten times a second whether it is done. */
static bool signal_stop(const struct cluster_folder *f, const char *program, struct err *e)
{
	static const char *const environment[] = { "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };
	const char *argv[] = { program, "stop", "-D", f->data, "-m", "fast", "-W", NULL };
	struct process_plan plan = { .user = &f->server,
				     .argv = argv,
				     .environment = environment,
				     .limit_ms = STOP_LIMIT_MS,
				     .kept_fd = PROCESS_NO_FD };
	struct process_result result;

	if (!process_run(&plan, &result, e))
		return false;
	/* It may have ended by itself between our look and the signal. */
	if (result.status == 0 || !cluster_server_is_running(f))
		return true;
	err_set(e, ERR_UNREACHABLE, "cannot stop the private database: %.*s",
		SLICE_ARG(process_tail_line(&result.tail)));
	return err_where(e, "%s", f->path);
}

/* A short one outside of the folder is not left behind. */
static void remove_socket_folder(const struct cluster_folder *f, const char *socket)
{
	struct slice path = slice_from(socket);

	if (path.n > 0 && !slice_starts_with(path, slice_from(f->path)))
		(void)rmdir(socket);
}

bool cluster_server_stop(const struct cluster_folder *f, struct err *e)
{
	struct server_programs programs;
	struct cluster_server server;
	unsigned major;

	cluster_server_look(f, &server);

	SCOPED(text) char *socket = server.socket;

	if (server.pid == 0)
		return true;
	if (!cluster_folder_version(f, &major, e))
		return false;
	if (!server_programs_find(&f->server, major, &programs, e))
		return err_where(e, "%s", f->path);

	SCOPED(text) char *program = path_join(programs.folder, "pg_ctl");

	if (!signal_stop(f, program, e) || !wait_until_gone(f, server.pid, e))
		return false;
	remove_socket_folder(f, socket);
	return true;
}
