/* SPDX-License-Identifier: MIT */
/*
 * A source yields messages, one at a time, and is later told what became of each. Listing, opening
 * and settling are apart, so that what the ledger knows is never read again, and nothing in a mailbox
 * changes before the database has committed.
 */
#ifndef INGEST_SOURCE_H
#define INGEST_SOURCE_H

#include "base/scope.h"
#include "ingest/settlement.h"
#include "parser/message.h"

struct source;
struct imap_access;

struct source_ops {
	/* 1: the next message, owned by the caller; 0: there is none; -1: an error that ends it. */
	int (*next)(struct source *s, struct message *message_out, struct err *e);

	/*
	 * A seekable descriptor on its bytes, the caller's to close; -1 on an error, and where it is
	 * not there any more, with e as it was: somebody else was faster. By several threads at once.
	 */
	int (*open)(struct source *s, struct message *message, struct err *e);

	/*
	 * Called once the outcome is committed; again on a later run if that was cut short, and then
	 * it may be done already. Never with SETTLE_LEAVE. 1: done, and *now_out is where the message
	 * is. 0: it is not there any more, nor where it was to go. -1: an error, it is as it was.
	 */
	int (*settle)(struct source *s, const struct message *message,
		      const struct settlement *settlement, struct place *now_out, struct err *e);
	void (*close)(struct source *s);

	/*
	 * Hints, for sources that do many at once better than one by one, and NULL for others: open()
	 * or settle() is going to be called for it, unless the run ends first.
	 */
	void (*will_open)(struct source *s, const struct message *message);
	void (*will_settle)(struct source *s, const struct message *message,
			    const struct settlement *settlement);

	/* Could it be done, as far as can be told without doing it? NULL: it is a matter of files. */
	bool (*can_settle)(struct source *s, const struct settlement *settlement, struct err *e);

	/*
	 * For sources that can be watched, and NULL for others, which are opened anew for another look.
	 * again() lists what has come since, or all, for next() to yield. look() does not wait: 1: there
	 * may be something new; 0: not so far; -1: ask again() in any case. Meanwhile the descriptor is to
	 * be polled; -1: nobody tells, so again() is to be asked now and then.
	 */
	bool (*again)(struct source *s, bool all, struct err *e);
	int (*look)(struct source *s, int64_t now_ms, struct err *e);
	int (*descriptor)(const struct source *s);
};

/* First member of every source. */
struct source {
	const struct source_ops *ops;
	char *name;          /* for people: "maildir:/srv/mail/rua"; ours, free() */
	uint64_t count_hint; /* messages it is going to yield, 0 unknown: for progress */
	const struct settlement_plan *plan; /* borrowed; NULL: everything stays as it is */
	bool away; /* its server cannot be reached any more, as the last error said */
};

/*
 * A file, an mbox (known by its content), a pipe or device, a folder (with all below it), a Maildir
 * (known by its cur, new and tmp), "-" for standard input, or imaps://user@host/Folder, for which access
 * is borrowed; NULL: such are refused. NULL with ERR_NO_INPUT and what to do.
 */
struct source *source_open(const char *spec, const struct imap_access *access, struct err *e);

/* Where somebody finds the message: its path, or its place on the server. Ours, free(). */
char *source_place(const struct message *m);

/* What is going to be done to a message that ends so. */
struct settlement source_settlement(const struct source *s, const struct message *m,
				    enum ending ending);

/* The hint that source_settle() is going to be called. */
void source_will_settle(struct source *s, const struct message *m, enum ending ending);

/* As ops->settle(), where SETTLE_LEAVE is done at once. */
int source_settle(struct source *s, const struct message *m, enum ending ending,
		  struct place *now_out, struct err *e);

/* Does the spec name standard input? */
bool source_is_stdin(const char *spec);

/*
 * Is there such a thing at all, and can it do what the plan says? To be asked before anything is begun.
 * ERR_NO_INPUT or ERR_USAGE.
 */
MUST_USE bool source_check(const char *spec, const struct imap_access *access,
			   const struct settlement_plan *plan, struct err *e);

/*
 * Opens it and sees whether it could do what the plan says, without doing it: count_out, the messages that
 * it has, 0 where that is not known. As source_check() and source_open().
 */
MUST_USE bool source_try(const char *spec, const struct imap_access *access,
			 const struct settlement_plan *plan, uint64_t *count_out, struct err *e);
void source_close(struct source *s);
SCOPE_DEFINE(source, struct source *, source_close);

#endif
