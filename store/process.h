/* SPDX-License-Identifier: MIT */
/*
 * Child programs: as another user where needed, in a clean environment, with an end to how long they
 * may take and with what they said last. Nothing goes through a shell.
 */
#ifndef STORE_PROCESS_H
#define STORE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum {
	PROCESS_MAX_GROUPS = 64,
	PROCESS_TAIL_SIZE = 4096, /* what a program said last: enough for its last lines */
	PROCESS_NO_FD = -1,
};

/* Whom a child runs as. */
struct process_user {
	bool is_other; /* another than we are: a child changes to it */
	uid_t uid;
	gid_t gid;
	gid_t groups[PROCESS_MAX_GROUPS];
	int groups_count;
	char name[64];
};

/* Ourselves. */
void process_user_self(struct process_user *user_out);

/* A user by name; ERR_CONFIG where there is none. We must be root. */
MUST_USE bool process_user_find(const char *name, struct process_user *user_out, struct err *e);

struct process_plan {
	const struct process_user *user;
	const char *const *argv;        /* argv[0] is the program's path; ends with NULL */
	const char *const *environment; /* "NAME=value", the whole of it; ends with NULL */
	int limit_ms;                   /* after it the program is ended */
	int kept_fd;      /* a descriptor that the program inherits, or PROCESS_NO_FD */
	bool with_stdout; /* listen to its stdout too, else that is dropped */
};

struct process_tail {
	char text[PROCESS_TAIL_SIZE + 1];
	size_t n;
};

struct process_result {
	int status; /* its exit status, or 128 and the signal that ended it */
	bool timed_out;
	struct process_tail tail;
};

/*
 * Runs it to its end: stdin and working directory are empty places. False only when it could not be
 * started; a status that is not 0 is the caller's to judge.
 */
MUST_USE bool process_run(const struct process_plan *plan, struct process_result *result_out,
			  struct err *e);

/* Adds bytes and forgets the oldest that do not fit. */
void process_tail_add(struct process_tail *tail, struct slice bytes);

/*
 * The line that tells most: the last that names an error, without what stands before that word; else
 * the last that is not empty. Points into the tail.
 */
struct slice process_tail_line(const struct process_tail *tail);

/*
 * Asks a question in a child that is that user, and gives its answer, 0 to 255; -1 when it could not
 * be asked. For what the system allows that user: permission bits alone do not say it.
 */
int process_ask_as(const struct process_user *user, int (*question)(const void *argument),
		   const void *argument);

/* A program that goes on when we end, and that we watch while it starts. */
struct process_watch {
	pid_t pid;
	int hold;
};

/* In a session of its own, so that Ctrl-C does not reach it; stdout and stderr go to log_fd. */
MUST_USE bool process_start(const struct process_plan *plan, int log_fd,
			    struct process_watch *watch_out, struct err *e);
bool process_watch_is_alive(struct process_watch *watch);
void process_watch_end(struct process_watch *watch);

/*
 * Runs a program in our place: our terminal, our environment. Ctrl-C is for it, not for us. The
 * status as in struct process_result.
 */
MUST_USE bool process_foreground(const char *const *argv, int *status_out, struct err *e);

void process_pause_ms(int ms);

/* ERR_OUTPUT where the disk or a limit on files is full, else ERR_CONFIG. */
enum err_kind process_kind_of_errno(int number);
bool process_says_disk_full(struct slice line);

#endif
