/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* S_ISVTX, realpath() */
#include "store/cluster_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

enum {
	/* PostgreSQL cuts paths at 1024 bytes; its own longest name below this one has about 60. */
	FOLDER_MAX_PATH = 900,
	MODE_OF_ROOTS = 0711, /* the server's user passes through, and reads nothing */
	MODE_OF_OURS = 0700,
	TREE_MAX_DEPTH = 16, /* PostgreSQL's is 5 */
};

static bool is_root(void)
{
	return geteuid() == 0;
}

static bool fail_at(struct err *e, const char *path, int number, const char *what)
{
	err_set_errno(e, process_kind_of_errno(number), number, "%s", what);
	return err_where(e, "%s", path);
}

/* --- making the folder ----------------------------------------------------------------------- */

/* Its own mode whatever the umask; what is there already stays as it is. */
static bool make_one(const char *path, mode_t mode, bool *made_out, struct err *e)
{
	*made_out = mkdir(path, 0700) == 0;
	if (*made_out)
		return chmod(path, mode) == 0 ||
			fail_at(e, path, errno, "cannot set the folder's mode");
	if (errno == EEXIST)
		return true;
	fail_at(e, path, errno, "cannot create the folder");
	return err_remedy(e, "set RUAMILL_DATA to a folder that can be written");
}

/* With the folders above it. */
static bool make_folder(const char *path, struct err *e)
{
	char *above = memory_copy(slice_from(path));
	bool ok = true, made;

	for (size_t at = 1; ok && above[at] != '\0'; at++) {
		if (above[at] != '/' || above[at + 1] == '/' || above[at + 1] == '\0')
			continue;
		above[at] = '\0';
		if (access(above, F_OK) != 0)
			ok = make_one(above, is_root() ? 0755 : 0700, &made, e);
		above[at] = '/';
	}
	free(above);
	return ok && make_one(path, is_root() ? MODE_OF_ROOTS : MODE_OF_OURS, &made, e);
}

static bool is_empty(const char *path)
{
	SCOPED(dir) DIR *dir = opendir(path);
	int entries = 0;

	while (dir && readdir(dir))
		entries++;
	return dir && entries <= 2;
}

/* Another who can write here could put his own server in the place of ours. */
static bool check_owner(const char *path, bool only_look, struct err *e)
{
	mode_t wanted = is_root() ? MODE_OF_ROOTS : MODE_OF_OURS;
	struct stat st;

	if (stat(path, &st) != 0)
		return fail_at(e, path, errno, "cannot look at the folder");
	if (!S_ISDIR(st.st_mode)) {
		err_set(e, ERR_CONFIG, "not a folder");
		return err_where(e, "%s", path);
	}
	if (st.st_uid != geteuid()) {
		err_set(e, ERR_CONFIG, "the folder belongs to another user (number %ld)",
			(long)st.st_uid);
		err_where(e, "%s", path);
		return err_remedy(e,
				  "run ruamill as that user, or set RUAMILL_DATA to a folder of "
				  "your own");
	}
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		err_set(e, ERR_CONFIG, "others can write to the folder");
		err_where(e, "%s", path);
		return err_remedy(e, "chmod go-w it, or set RUAMILL_DATA to another folder");
	}
	/* Made for us, by mktemp or systemd: empty, so nothing of anybody's changes. */
	if (!only_look && (st.st_mode & 0777) != wanted && is_empty(path) &&
	    chmod(path, wanted) != 0)
		return fail_at(e, path, errno, "cannot set the folder's mode");
	return true;
}

/* --- names ----------------------------------------------------------------------------------- */

static bool has_control(const char *path)
{
	for (const char *p = path; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return true;
	}
	return false;
}

/* FNV-1a: two folders only need two names. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (const char *p = text; *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return hash;
}

/* libpq takes a comma in a host for the end of the host. */
static bool fits_socket(const char *folder)
{
	return strlen(folder) + strlen("/" CLUSTER_SOCKET_NAME) <
		sizeof(((struct sockaddr_un){ 0 }).sun_path) &&
		!strchr(folder, ',');
}

/* In the folder, or a short one: root's runtime folder is closed to the server's user, so /tmp. */
static char *socket_folder(const char *path)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	unsigned long long hash = hash_of(path);
	struct buf other = { 0 };
	char *inside = path_join(path, "socket");

	if (fits_socket(inside))
		return inside;
	free(inside);
	if (!is_root() && runtime && runtime[0] == '/') {
		buf_printf(&other, "%s/ruamill-%016llx", runtime, hash);
		if (fits_socket(other.p))
			return buf_detach(&other);
		buf_clear(&other);
	}
	buf_printf(&other, "/tmp/ruamill-%ld-%016llx", (long)geteuid(), hash);
	return buf_detach(&other);
}

static void name_parts(struct cluster_folder *f)
{
	f->data = path_join(f->path, "cluster");
	f->unfinished = path_join(f->path, "cluster.new");
	f->gate = path_join(f->path, "gate");
	f->users = path_join(f->path, "users");
	f->kept = path_join(f->path, "kept");
	f->settings = path_join(f->path, "server.conf");
	f->log = path_join(f->path, "server.log");
	f->socket = socket_folder(f->path);
}

static bool find_server_user(struct process_user *user_out, struct err *e)
{
	if (!is_root()) {
		process_user_self(user_out);
		return true;
	}
	if (process_user_find("postgres", user_out, e))
		return true;
	return err_remedy(e,
			  "PostgreSQL does not run as root: install it with 'apt-get install "
			  "postgresql', which makes the user, or name a server with --db");
}

bool cluster_folder_open(struct cluster_folder *f, const char *path, bool only_look,
			 bool *missing_out, struct err *e)
{
	char real[PATH_MAX];

	*f = (struct cluster_folder){ 0 };
	*missing_out =
		only_look && access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
	if (*missing_out)
		return true;
	if (strlen(path) > FOLDER_MAX_PATH || has_control(path)) {
		err_set(e, ERR_CONFIG,
			"the folder's path is too long, or holds control characters");
		err_where(e, "%s", path);
		return err_remedy(e, "set RUAMILL_DATA to another folder");
	}
	if (!only_look && !make_folder(path, e))
		return false;
	if (!realpath(path, real))
		return fail_at(e, path, errno, "cannot enter the folder");
	if (strlen(real) > FOLDER_MAX_PATH || has_control(real))
		return fail_at(e, path, ENAMETOOLONG, "cannot use the folder");
	if (!check_owner(real, only_look, e) || !find_server_user(&f->server, e))
		return false;
	f->path = memory_copy(slice_from(real));
	name_parts(f);
	return true;
}

void cluster_folder_release(struct cluster_folder *f)
{
	char *const parts[] = { f->path, f->data,     f->unfinished, f->gate,  f->users,
				f->kept, f->settings, f->log,        f->socket };

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		free(parts[i]);
	*f = (struct cluster_folder){ 0 };
}

/* --- checks ---------------------------------------------------------------------------------- */

bool cluster_folder_has_data(const struct cluster_folder *f)
{
	return access(f->data, F_OK) == 0;
}

/* Read as a file of another user: no link is followed, and nothing but a number is believed. */
bool cluster_folder_version(const struct cluster_folder *f, unsigned *major_out, struct err *e)
{
	char *path = path_join(f->data, "PG_VERSION"), text[16];
	SCOPED(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int reason = errno;
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text));
	uint64_t major;

	free(path);
	if (fd < 0 && reason != ENOENT)
		return fail_at(e, f->data, reason, "cannot read the database's folder");
	if (got <= 0 ||
	    !number_parse_u64(slice_trim(slice_of(text, (size_t)got)), 1, 999, &major)) {
		err_set(e, ERR_CONFIG,
			"not a database of this program: PG_VERSION does not tell "
			"which PostgreSQL made it");
		err_where(e, "%s", f->data);
		return err_remedy(e, "move the folder away, and ruamill makes a new database");
	}
	*major_out = (unsigned)major;
	return true;
}

/* In a child that is the server's user: the number of the first '/' whose folder it cannot enter. */
static int find_closed(const void *argument)
{
	char path[PATH_MAX];
	int number = 0;

	if (!text_format(path, sizeof(path), "%s", (const char *)argument))
		return 255;
	for (size_t at = 1; path[at - 1] != '\0'; at++) {
		char here = path[at];

		if (here != '/' && here != '\0')
			continue;
		number++;
		path[at] = '\0';
		if (access(path, X_OK) != 0)
			return number < 254 ? number : 254;
		path[at] = here;
	}
	return 0;
}

static void cut_after(char *path, int slashes)
{
	for (char *p = path + 1; *p != '\0'; p++) {
		if (*p == '/' && --slashes == 0)
			*p = '\0';
		if (*p == '\0')
			return;
	}
}

static bool check_way(const struct cluster_folder *f, struct err *e)
{
	int closed = process_ask_as(&f->server, find_closed, f->path);

	if (closed == 0)
		return true;
	if (closed < 0 || closed == 255)
		return err_set(e, ERR_CONFIG, "cannot become user '%s'", f->server.name);

	char *blocking = memory_copy(slice_from(f->path));

	cut_after(blocking, closed);
	err_set(e, ERR_CONFIG,
		"the database server, which runs as user '%s', cannot enter the folder",
		f->server.name);
	err_where(e, "%s", blocking);
	if (is_root())
		err_remedy(e,
			   "set RUAMILL_DATA to a folder that it can reach, such as "
			   "/var/lib/ruamill");
	else
		err_remedy(e, "set RUAMILL_DATA to a folder that you can enter");
	free(blocking);
	return false;
}

bool cluster_folder_check(const struct cluster_folder *f, struct err *e)
{
	struct stat st;

	if (!check_way(f, e))
		return false;
	if (!cluster_folder_has_data(f))
		return true;
	if (lstat(f->data, &st) != 0)
		return fail_at(e, f->data, errno, "cannot look at the database's folder");
	if (S_ISDIR(st.st_mode) && st.st_uid == f->server.uid)
		return true;
	err_set(e, ERR_CONFIG, "the database's folder belongs to another user (number %ld)",
		(long)st.st_uid);
	err_where(e, "%s", f->data);
	return err_remedy(e, "chown -R it to the user whom the server runs as");
}

/* mkdir() follows no link and makes nothing twice: what is there was made by its owner. */
bool cluster_folder_make_socket_folder(const struct cluster_folder *f, const char *socket,
				       struct err *e)
{
	struct stat st;

	if (mkdir(socket, 0700) == 0 && f->server.is_other &&
	    lchown(socket, f->server.uid, f->server.gid) != 0)
		return fail_at(e, socket, errno, "cannot give the folder to the server's user");
	if (lstat(socket, &st) != 0)
		return fail_at(e, socket, errno, "cannot create the folder for the socket");
	if (S_ISDIR(st.st_mode) && st.st_uid == f->server.uid && (st.st_mode & 077) == 0)
		return true;
	err_set(e, ERR_CONFIG,
		"the folder for the socket is not only ours: others might listen in it");
	err_where(e, "%s", socket);
	return err_remedy(e, "remove it, or set RUAMILL_DATA to a folder with a shorter path");
}

/* --- how much -------------------------------------------------------------------------------- */

static uint64_t tree_size(int folder_fd, const char *name, unsigned depth)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	SCOPED(dir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint64_t bytes = 0;
	struct stat st;

	if (fd >= 0 && !dir)
		fd_close(fd);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		bytes += (uint64_t)st.st_blocks * 512;
		if (S_ISDIR(st.st_mode) && depth < TREE_MAX_DEPTH)
			bytes += tree_size(fd, entry->d_name, depth + 1);
	}
	return bytes;
}

uint64_t cluster_folder_size(const struct cluster_folder *f)
{
	return tree_size(AT_FDCWD, f->path, 0);
}
