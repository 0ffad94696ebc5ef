/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pipe2 */
#include "ingest/imap_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/secret.h"

#include "base/banned.h"

#define CREDENTIALS "CREDENTIALS_DIRECTORY"

enum { COMMAND_MS = 60000, LOOK_MS = 10 };

static bool others_can_read(const char *what, const char *path, struct err *e)
{
	err_set(e, ERR_CONFIG, "others can read the %s", what);
	err_where(e, "%s", path);
	err_remedy(e, "take that from them: chmod 600");
	return false;
}

/* What is not there, or no key, is for the connection to find out. */
static bool key_is_secret(const struct imap_access *a, struct err *e)
{
	const char *key = a->client_key ? a->client_key : a->client_certificate;
	struct stat st;

	return !key || stat(key, &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
		others_can_read("key", key, e);
}

/* The first line. */
static bool keep(struct buf *secret, struct slice text, const char *of, struct err *e)
{
	struct slice line = slice_prefix(text, slice_find(text, '\n'));

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	buf_append(secret, line);
	if (line.n > 0 && slice_find(line, '\0') == line.n && text.n < SECRET_BYTES)
		return true;
	err_set(e, ERR_CONFIG, "the secret is empty or too long");
	err_where(e, "%s", of);
	err_remedy(e, "its first line must be the password or token");
	return false;
}

/* others: rights that it may not have. */
static bool from_file(const char *path, mode_t others, struct buf *secret, struct err *e)
{
	SCOPED(fd) int fd = file_open(path, e);
	struct buf bytes;
	struct stat st;
	ssize_t got;
	bool kept;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || (st.st_mode & others) != 0)
		return others_can_read("password file", path, e);
	secret_begin(&bytes);
	got = file_read_at(fd, bytes.p, SECRET_BYTES, 0, e);
	kept = got < 0 ? err_where(e, "%s", path)
		       : keep(secret, slice_of(bytes.p, (size_t)got), path, e);
	secret_end(&bytes);
	return kept;
}

/* Its folder is closed to others; its group bits may be those of an access list that names only us. */
static bool from_credential(const char *name, struct buf *secret, struct err *e)
{
	const char *folder = getenv(CREDENTIALS);
	char *path;
	bool ok;

	if (!folder || folder[0] == '\0') {
		err_set(e, ERR_CONFIG, "there are no credentials of systemd's");
		err_where(e, "%s", name);
		err_remedy(e,
			   "its service needs LoadCredential=%s:FILE; elsewhere use password_file",
			   name);
		return false;
	}
	path = path_join(folder, name);
	ok = from_file(path, S_IRWXO, secret, e);
	free(path);
	return ok;
}

static bool is_in_file(const struct imap_access *a)
{
	return a->password_file || a->password_credential;
}

static bool from_its_file(const struct imap_access *a, struct buf *secret, struct err *e)
{
	return a->password_file ? from_file(a->password_file, S_IRWXG | S_IRWXO, secret, e)
				: from_credential(a->password_credential, secret, e);
}

/* A file is looked at before anybody is called: what is wrong with it no later try mends. */
static bool file_holds_secret(const struct imap_access *a, struct err *e)
{
	struct buf secret;
	bool held;

	if (!is_in_file(a))
		return true;
	secret_begin(&secret);
	held = from_its_file(a, &secret, e);
	secret_end(&secret);
	return held;
}

bool imap_secret_check(const struct imap_access *a, struct err *e)
{
	unsigned ways = imap_access_ways(a);

	if (ways > 1) {
		err_set(e, ERR_USAGE, "more than one way to get at the password");
		err_remedy(e, "give one of --password-file, --password-command, --token-command");
		return false;
	}
	if (ways == 0 && !a->password) {
		err_set(e, ERR_USAGE, "there is no password for the mail server");
		err_remedy(e,
			   "give --password-file, --password-command or --token-command; "
			   "ruamill.conf has keys of these names");
		return false;
	}
	return key_is_secret(a, e) && file_holds_secret(a, e);
}

/* With its standard output to fd, and nothing to read. */
static bool spawn(const char *command, int fd, pid_t *pid_out)
{
	char shell[] = "sh", option[] = "-c";
	char *const argv[] = { shell, option, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	bool spawned;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	spawned = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY,
						   0) == 0 &&
		posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO) == 0 &&
		posix_spawn(pid_out, "/bin/sh", &actions, &attributes, argv, environ) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	return spawned;
}

/* False where nothing comes until then, or a signal does. */
static bool wait_for_output(int fd, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int ready;

	do {
		int64_t left = until - clock_ms();

		ready = left > 0 && !interrupt_requested() ? interrupt_poll(&p, 1, (int)left) : 0;
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

static bool read_output(int fd, int64_t until, struct buf *output)
{
	ssize_t got = 1;

	while (got > 0 && output->n < SECRET_BYTES) {
		if (!wait_for_output(fd, until))
			return false;
		got = read(fd, output->p + output->n, SECRET_BYTES - output->n);
		if (got > 0)
			output->n += (size_t)got;
	}
	return true;
}

/* One that has closed its output is to end, too. */
static bool wait_for_end(pid_t pid, int64_t until, bool *good_out)
{
	int status = 0;
	pid_t ended;

	while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
		if (interrupt_requested() || clock_ms() >= until)
			return false;
		(void)interrupt_poll(NULL, 0, LOOK_MS);
	}
	*good_out = ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return true;
}

static bool failed(const char *command, const char *why, struct err *e)
{
	err_set(e, ERR_CONFIG, "the command for the password or token %s", why);
	err_where(e, "%s", command);
	err_remedy(e, "run it by hand: it prints the secret and ends with 0");
	return false;
}

static bool stopped(struct err *e)
{
	return err_set(e, ERR_INTERRUPTED, "stopped by a signal");
}

/* False where it cannot be run, takes too long or fails, and says so. */
static bool run(const char *command, struct buf *output, struct err *e)
{
	int64_t until = clock_ms() + COMMAND_MS;
	int ends[2];
	pid_t pid = 0;
	bool good = false;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return failed(command, "cannot be run", e);

	bool spawned = spawn(command, ends[1], &pid);

	fd_close(ends[1]);

	bool in_time =
		spawned && read_output(ends[0], until, output) && wait_for_end(pid, until, &good);

	fd_close(ends[0]);
	if (!spawned)
		return failed(command, "cannot be run", e);
	if (in_time)
		return good || failed(command, "fails", e);
	(void)kill(-pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return interrupt_requested() ? stopped(e) : failed(command, "takes too long", e);
}

static bool from_command(const char *command, struct buf *secret, struct err *e)
{
	struct buf output;
	bool kept;

	secret_begin(&output);
	kept = run(command, &output, e) && keep(secret, buf_slice(&output), command, e);
	secret_end(&output);
	return kept;
}

static bool read_secret(struct imap_credentials *c, struct buf *secret, struct err *e)
{
	const struct imap_access *a = ((struct imap_secret *)c)->access;
	const char *command = a->token_command ? a->token_command : a->password_command;
	const char *name = a->password_variable ? a->password_variable : IMAP_PASSWORD_VARIABLE;

	if (is_in_file(a))
		return from_its_file(a, secret, e);
	if (command)
		return from_command(command, secret, e);
	return keep(secret, slice_from(a->password ? a->password : ""), name, e);
}

void imap_secret_init(struct imap_secret *s, const char *user, const struct imap_access *access)
{
	*s = (struct imap_secret){
		.credentials = { user, access->token_command != NULL, read_secret },
		.access = access,
	};
}
