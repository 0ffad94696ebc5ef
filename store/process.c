/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* getgrouplist(), setgroups(), closefrom() */
#include "store/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#include "base/banned.h"

enum {
	POLL_MS = 5,
	MERCY_MS = 5000, /* from the polite signal to the one that cannot be refused */
	STATUS_CANNOT_RUN = 127,
};

void process_pause_ms(int ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L };

	(void)nanosleep(&pause, NULL);
}

enum err_kind process_kind_of_errno(int number)
{
	return number == ENOSPC || number == EDQUOT || number == EFBIG ? ERR_OUTPUT : ERR_CONFIG;
}

/* Children run with LC_ALL=C, so these are the words. */
bool process_says_disk_full(struct slice line)
{
	return slice_contains_icase(line, SLICE("No space left on device")) ||
		slice_contains_icase(line, SLICE("Check free disk space")) ||
		slice_contains_icase(line, SLICE("Disk quota exceeded")) ||
		slice_contains_icase(line, SLICE("File too large"));
}

/* --- users ---------------------------------------------------------------------------------- */

void process_user_self(struct process_user *user_out)
{
	*user_out = (struct process_user){ .uid = geteuid(), .gid = getegid() };
	if (!text_format(user_out->name, sizeof(user_out->name), "%ld", (long)user_out->uid))
		user_out->name[0] = '\0';
}

bool process_user_find(const char *name, struct process_user *user_out, struct err *e)
{
	struct process_user user = { .is_other = true, .groups_count = PROCESS_MAX_GROUPS };
	struct passwd entry, *found = NULL;
	char strings[4096];

	if (getpwnam_r(name, &entry, strings, sizeof(strings), &found) != 0 || !found)
		return err_set(e, ERR_CONFIG, "there is no user '%s'", name);
	user.uid = entry.pw_uid;
	user.gid = entry.pw_gid;
	if (getgrouplist(name, entry.pw_gid, user.groups, &user.groups_count) < 0)
		user.groups_count = PROCESS_MAX_GROUPS;
	if (!text_format(user.name, sizeof(user.name), "%s", name))
		return err_set(e, ERR_CONFIG, "the user's name is too long");
	*user_out = user;
	return true;
}

static bool become(const struct process_user *user)
{
	if (!user->is_other)
		return true;
	return setgroups((size_t)user->groups_count, user->groups) == 0 && setgid(user->gid) == 0 &&
		setuid(user->uid) == 0;
}

/* Whoever started us may have left SIGCHLD ignored: then no child's status could be had. */
static pid_t fork_child(void)
{
	struct sigaction now;

	if (sigaction(SIGCHLD, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
		(void)signal(SIGCHLD, SIG_DFL);
	return fork();
}

/* --- in the child: only what is safe between fork and exec ----------------------------------- */

/* A handler ends with exec, but what is ignored or blocked would stay so. */
static void forget_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD };
	sigset_t none;

	for (size_t i = 0; i < COUNT_OF(signals); i++)
		(void)signal(signals[i], SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing open but 0, 1, 2 and the kept one as 3: a caller's pipe would never see its end. */
static bool settle_descriptors(int out, int err, int kept)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(err, STDERR_FILENO) < 0 ||
	    dup2(out == PROCESS_NO_FD ? null : out, STDOUT_FILENO) < 0 ||
	    dup2(null, STDIN_FILENO) < 0)
		return false;
	if (kept == PROCESS_NO_FD) {
		closefrom(STDERR_FILENO + 1);
		return true;
	}
	/* Onto itself dup2() does nothing, so close-on-exec is taken off apart. */
	if (dup2(kept, STDERR_FILENO + 1) < 0 || fcntl(STDERR_FILENO + 1, F_SETFD, 0) != 0)
		return false;
	closefrom(STDERR_FILENO + 2);
	return true;
}

static _Noreturn void become_program(const struct process_plan *plan, int out, int err)
{
	forget_signals();
	if (settle_descriptors(out, err, plan->kept_fd) && become(plan->user) && chdir("/") == 0)
		(void)execve(plan->argv[0], (char *const *)(uintptr_t)plan->argv,
			     (char *const *)(uintptr_t)plan->environment);
	_exit(STATUS_CANNOT_RUN);
}

/* --- running to the end ---------------------------------------------------------------------- */

void process_tail_add(struct process_tail *tail, struct slice bytes)
{
	if (bytes.n > PROCESS_TAIL_SIZE)
		bytes = slice_from_offset(bytes, bytes.n - PROCESS_TAIL_SIZE);
	if (tail->n + bytes.n > PROCESS_TAIL_SIZE) {
		size_t forgotten = tail->n + bytes.n - PROCESS_TAIL_SIZE;

		memmove(tail->text, tail->text + forgotten, tail->n - forgotten);
		tail->n -= forgotten;
	}
	if (bytes.n > 0)
		memcpy(tail->text + tail->n, bytes.p, bytes.n);
	tail->n += bytes.n;
	tail->text[tail->n] = '\0';
}

static size_t find_text(struct slice line, struct slice word)
{
	for (size_t at = 0; at + word.n <= line.n; at++) {
		if (memcmp(line.p + at, word.p, word.n) == 0)
			return at;
	}
	return line.n;
}

/* PostgreSQL's words, and those of its programs. */
static bool cut_to_error(struct slice line, struct slice *told_out)
{
	static const struct slice words[] = {
		{ "PANIC:", 6 }, { "FATAL:", 6 }, { "ERROR:", 6 }, { "error:", 6 }, { "fatal:", 6 },
	};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t at = find_text(line, words[i]);

		if (at == line.n)
			continue;
		*told_out = slice_trim(slice_from_offset(line, at + words[i].n));
		return true;
	}
	return false;
}

struct slice process_tail_line(const struct process_tail *tail)
{
	struct slice rest = slice_of(tail->text, tail->n), line;
	struct slice last = SLICE(""), error = SLICE_ABSENT;

	while (slice_cut(&rest, '\n', &line)) {
		struct slice told;

		if (cut_to_error(line, &told))
			error = told;
		if (slice_trim(line).n > 0)
			last = slice_trim(line);
	}
	return slice_is_absent(error) ? last : error;
}

static int status_of(int wait_status)
{
	return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

/* Reads what is there; false at the end of the pipe. */
static bool listen_once(int fd, int wait_ms, struct process_tail *tail)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char bytes[1024];

	if (poll(&ready, 1, wait_ms) <= 0)
		return true;

	ssize_t got = read(fd, bytes, sizeof(bytes));

	if (got > 0)
		process_tail_add(tail, slice_of(bytes, (size_t)got));
	return got > 0 || (got < 0 && errno == EINTR);
}

/* The child counts, not the pipe: a grandchild may hold that open for longer. */
static void wait_for_end(pid_t pid, int fd, int limit_ms, struct process_result *result)
{
	int64_t start = clock_ms();
	bool open = true, asked = false;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		int64_t waited = clock_ms() - start;

		if (waited > limit_ms && !asked) {
			asked = result->timed_out = true;
			(void)kill(pid, SIGTERM);
		} else if (waited > (int64_t)limit_ms + MERCY_MS) {
			(void)kill(pid, SIGKILL);
		}
		if (open)
			open = listen_once(fd, POLL_MS, &result->tail);
		else
			process_pause_ms(POLL_MS);
	}
	result->status = status_of(status);

	/* What it said last may still lie in the pipe. */
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (open && poll(&ready, 1, 0) > 0)
		open = listen_once(fd, 0, &result->tail);
}

/* Both ends close on exec. */
static bool open_pipe(int ends_out[static 2], struct err *e)
{
	if (pipe(ends_out) != 0)
		return err_set_errno(e, ERR_UNREACHABLE, errno, "cannot make a pipe");
	(void)fcntl(ends_out[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends_out[1], F_SETFD, FD_CLOEXEC);
	return true;
}

bool process_run(const struct process_plan *plan, struct process_result *result_out, struct err *e)
{
	int ends[2];

	if (!open_pipe(ends, e))
		return false;

	SCOPED(fd) int listen_end = ends[0];
	pid_t pid = fork_child();

	if (pid == 0)
		become_program(plan, plan->with_stdout ? ends[1] : PROCESS_NO_FD, ends[1]);

	int reason = errno;

	fd_close(ends[1]);
	if (pid < 0)
		return err_set_errno(e, ERR_UNREACHABLE, reason, "cannot start %s", plan->argv[0]);
	*result_out = (struct process_result){ 0 };
	wait_for_end(pid, listen_end, plan->limit_ms, result_out);
	if (result_out->status == STATUS_CANNOT_RUN && result_out->tail.n == 0)
		return err_set(e, ERR_CONFIG, "cannot run %s as user %s", plan->argv[0],
			       plan->user->name);
	return true;
}

int process_ask_as(const struct process_user *user, int (*question)(const void *argument),
		   const void *argument)
{
	int status = 0;
	pid_t pid = fork_child();

	if (pid == 0)
		_exit(become(user) ? question(argument) : 255);
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- a program that stays -------------------------------------------------------------------- */

/*
 * Stands between us and the program, so that a dead server is nobody's zombie: to PostgreSQL the
 * number of a zombie is a server that lives. It ends when the program does, and when nobody holds
 * the other end of the pipe: we are satisfied, or killed.
 */
static _Noreturn void stand_between(const struct process_plan *plan, int log_fd, int hold)
{
	struct pollfd ready = { .fd = STDERR_FILENO + 1, .events = POLLIN };

	(void)setsid();

	pid_t pid = fork_child();

	if (pid == 0) {
		(void)setsid();
		become_program(plan, log_fd, log_fd);
	}
	/* Our locks must not live on in here, nor our stdout. */
	if (pid < 0 || !settle_descriptors(PROCESS_NO_FD, log_fd, hold))
		_exit(1);
	for (;;) {
		int status;

		if (waitpid(pid, &status, WNOHANG) != 0)
			_exit(1);
		if (poll(&ready, 1, POLL_MS) > 0)
			_exit(0);
	}
}

bool process_start(const struct process_plan *plan, int log_fd, struct process_watch *watch_out,
		   struct err *e)
{
	int ends[2];

	if (!open_pipe(ends, e))
		return false;

	pid_t pid = fork_child();

	if (pid == 0) {
		fd_close(ends[1]);
		stand_between(plan, log_fd, ends[0]);
	}

	int reason = errno;

	fd_close(ends[0]);
	if (pid < 0) {
		fd_close(ends[1]);
		return err_set_errno(e, ERR_UNREACHABLE, reason, "cannot start %s", plan->argv[0]);
	}
	*watch_out = (struct process_watch){ .pid = pid, .hold = ends[1] };
	return true;
}

bool process_watch_is_alive(struct process_watch *watch)
{
	int status;

	if (watch->pid > 0 && waitpid(watch->pid, &status, WNOHANG) != 0)
		watch->pid = 0;
	return watch->pid > 0;
}

void process_watch_end(struct process_watch *watch)
{
	int status;

	fd_close(TAKE(watch->hold, -1));
	while (watch->pid > 0 && waitpid(watch->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	watch->pid = 0;
}

/* --- a program in our place ------------------------------------------------------------------ */

bool process_foreground(const char *const *argv, int *status_out, struct err *e)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_int, old_quit;
	int status = 0;

	(void)sigaction(SIGINT, &ignore, &old_int);
	(void)sigaction(SIGQUIT, &ignore, &old_quit);

	pid_t pid = fork_child();
	int reason = errno;

	if (pid == 0) {
		forget_signals();
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(STATUS_CANNOT_RUN);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	(void)sigaction(SIGINT, &old_int, NULL);
	(void)sigaction(SIGQUIT, &old_quit, NULL);
	if (pid < 0)
		return err_set_errno(e, ERR_UNREACHABLE, reason, "cannot start %s", argv[0]);
	*status_out = status_of(status);
	return true;
}
