/* SPDX-License-Identifier: MIT */
#include "store/cluster.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/cluster_folder.h"
#include "store/cluster_server.h"
#include "store/lockfile.h"

#include "base/banned.h"

/* Longer than any start or stop may take. */
enum { GATE_LIMIT_MS = 40 * 60 * 1000 };

#define ROOTS_FOLDER "/var/lib/ruamill"

struct cluster {
	struct cluster_folder folder;
	char *conninfo;
	int users_fd; /* locked, shared, as long as we are in */
};

char *cluster_default_folder(struct err *e)
{
	const char *data = getenv("RUAMILL_DATA");
	const char *xdg = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (data && data[0] != '\0')
		return memory_copy(slice_from(data));
	if (geteuid() == 0)
		return memory_copy(SLICE(ROOTS_FOLDER));
	if (xdg && xdg[0] == '/')
		return path_join(xdg, "ruamill");
	if (home && home[0] == '/')
		return path_join(home, ".local/share/ruamill");
	err_set(e, ERR_CONFIG, "no place for the private database: HOME is not set");
	err_remedy(e, "set RUAMILL_DATA to a folder, or name a server with --db");
	return NULL;
}

/* --- the gate -------------------------------------------------------------------------------- */

/* A locked descriptor, whose closing opens the gate; -1 with an error. */
static int pass_gate(const struct cluster_folder *f, struct err *e)
{
	int fd = lockfile_open(f->gate, e);

	if (fd < 0 ||
	    lockfile_wait(fd, GATE_LIMIT_MS,
			  "another command that starts or stops the private database", e))
		return fd;
	err_where(e, "%s", f->path);
	fd_close(fd);
	return -1;
}

static bool is_kept(const struct cluster_folder *f)
{
	return access(f->kept, F_OK) == 0;
}

/* Behind the gate nobody comes in, so who is alone now is the last. In doubt it is used. */
static bool is_used(const struct cluster_folder *f)
{
	struct err ignored = ERR_INIT;
	SCOPED(fd) int fd = lockfile_open(f->users, &ignored);

	return fd < 0 || !lockfile_try_exclusive(fd);
}

static bool be_there(const struct cluster_folder *f, int gate_fd, char **conninfo_out,
		     struct err *e)
{
	if (!cluster_folder_has_data(f) && !cluster_folder_create_data(f, gate_fd, e))
		return false;
	return cluster_server_ensure(f, conninfo_out, e);
}

static bool stop_if_unused(const struct cluster_folder *f, struct err *e)
{
	return is_kept(f) || is_used(f) || cluster_server_stop(f, e);
}

/* --- in and out ------------------------------------------------------------------------------ */

/* Behind the gate the shared lock is free: only who is there asks for it alone, and lets go. */
static bool take_users_lock(struct cluster *c, struct err *e)
{
	c->users_fd = lockfile_open(c->folder.users, e);
	if (c->users_fd < 0)
		return false;
	return lockfile_try_shared(c->users_fd) ||
		err_set_errno(e, ERR_CONFIG, errno, "cannot lock %s", c->folder.users);
}

static bool enter(struct cluster *c, const char *path, struct err *e)
{
	bool missing;

	if (!cluster_folder_open(&c->folder, path, false, &missing, e))
		return false;

	SCOPED(fd) int gate = pass_gate(&c->folder, e);

	if (gate < 0)
		return false;
	if (take_users_lock(c, e) && be_there(&c->folder, gate, &c->conninfo, e))
		return true;

	/* It may run and yet not do: the database could not be made, say. */
	struct err ignored = ERR_INIT;

	fd_close(TAKE(c->users_fd, -1));
	(void)!stop_if_unused(&c->folder, &ignored);
	return false;
}

static void cluster_free(struct cluster *c)
{
	fd_close(c->users_fd);
	cluster_folder_release(&c->folder);
	free(c->conninfo);
	free(c);
}

struct cluster *cluster_enter(const char *folder, struct err *e)
{
	struct cluster *c = memory_zeroed(1, sizeof(*c));

	c->users_fd = -1;
	if (enter(c, folder, e))
		return c;
	cluster_free(c);
	return NULL;
}

const char *cluster_conninfo(const struct cluster *c)
{
	return c->conninfo;
}

void cluster_leave(struct cluster *c)
{
	struct err e = ERR_INIT;

	if (!c)
		return;

	SCOPED(fd) int gate = pass_gate(&c->folder, &e);

	fd_close(TAKE(c->users_fd, -1));
	if (gate < 0 || !stop_if_unused(&c->folder, &e))
		log_err(LOG_LEVEL_WARNING, &e);
	cluster_free(c);
}

/* --- kept up, or not ------------------------------------------------------------------------- */

static bool start_kept(const struct cluster_folder *f, struct err *e)
{
	SCOPED(fd) int gate = pass_gate(f, e);
	struct err ignored = ERR_INIT;
	char *conninfo = NULL;

	if (gate < 0)
		return false;
	if (be_there(f, gate, &conninfo, e) && file_replace(f->kept, SLICE(""), 0600, e)) {
		free(conninfo);
		return true;
	}
	free(conninfo);
	(void)!stop_if_unused(f, &ignored);
	return false;
}

bool cluster_start(const char *folder, struct err *e)
{
	struct cluster_folder f;
	bool missing;
	bool ok = cluster_folder_open(&f, folder, false, &missing, e) && start_kept(&f, e);

	cluster_folder_release(&f);
	return ok;
}

static bool stop_kept(const struct cluster_folder *f, bool *was_running_out, struct err *e)
{
	SCOPED(fd) int gate = pass_gate(f, e);

	if (gate < 0)
		return false;
	if (unlink(f->kept) != 0 && errno != ENOENT) {
		err_set_errno(e, ERR_CONFIG, errno, "cannot remove the mark that keeps it up");
		return err_where(e, "%s", f->kept);
	}
	*was_running_out = cluster_server_is_running(f);
	if (*was_running_out && is_used(f)) {
		log_line(LOG_LEVEL_INFO,
			 "other commands still use the private database: it stops "
			 "with the last of them");
		return true;
	}
	return cluster_server_stop(f, e);
}

bool cluster_stop(const char *folder, bool *was_running_out, struct err *e)
{
	struct cluster_folder f;
	bool missing;
	bool ok = cluster_folder_open(&f, folder, true, &missing, e);

	if (ok && !missing && cluster_folder_has_data(&f))
		ok = stop_kept(&f, was_running_out, e);
	else if (ok)
		*was_running_out = false;
	cluster_folder_release(&f);
	return ok;
}

/* --- status ---------------------------------------------------------------------------------- */

static void look_at_server(const struct cluster_folder *f, struct cluster_status *status)
{
	struct cluster_server server;

	cluster_server_look(f, &server);
	if (server.pid != 0 && server.socket) {
		char *conninfo = cluster_server_conninfo(server.socket, "ruamill");

		status->running =
			cluster_server_version(conninfo, status->version, sizeof(status->version));
		if (status->running) {
			status->conninfo = TAKE(conninfo, NULL);
			status->socket = TAKE(server.socket, NULL);
		}
		free(conninfo);
	}
	cluster_server_release(&server);
}

static bool look(const struct cluster_folder *f, struct cluster_status *status, struct err *e)
{
	unsigned major;

	status->folder = memory_copy(slice_from(f->path));
	status->exists = cluster_folder_has_data(f);
	status->kept = is_kept(f);
	if (!status->exists)
		return true;
	status->bytes = cluster_folder_size(f);
	if (!cluster_folder_version(f, &major, e))
		return false;
	if (!text_format(status->version, sizeof(status->version), "%u", major))
		status->version[0] = '\0';
	look_at_server(f, status);
	return true;
}

bool cluster_status(const char *folder, struct cluster_status *status_out, struct err *e)
{
	struct cluster_status status = { .exists = false };
	struct cluster_folder f;
	bool missing;
	bool ok = cluster_folder_open(&f, folder, true, &missing, e);

	if (ok && missing)
		status.folder = memory_copy(slice_from(folder));
	else if (ok)
		ok = look(&f, &status, e);
	cluster_folder_release(&f);
	if (ok)
		*status_out = status;
	else
		cluster_status_release(&status);
	return ok;
}

void cluster_status_release(struct cluster_status *status)
{
	free(status->folder);
	free(status->socket);
	free(status->conninfo);
	*status = (struct cluster_status){ .exists = false };
}
