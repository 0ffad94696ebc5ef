/* SPDX-License-Identifier: MIT */
/*
 * A source yields messages, one at a time, and is later told what became of each. Listing, opening
 * and settling are apart, so that what the ledger knows is never read again, and nothing in a mailbox
 * changes before the database has committed.
 */
#ifndef INGEST_SOURCE_H
#define INGEST_SOURCE_H

#include "base/scope.h"
#include "parser/message.h"

/* What happens to a message in its mailbox once its outcome is committed. */
#define SETTLEMENT_LIST(X)                                                                         \
	X(SETTLE_LEAVE, "leave") /* everything stays as it is */                                   \
	X(SETTLE_MARK, "mark")   /* seen: from new/ to cur/ in a Maildir */
ENUM_TABLE_DECLARE(settlement, SETTLEMENT_LIST);

struct source;

struct source_ops {
	/* 1: the next message, owned by the caller; 0: there is none; -1: an error that ends it. */
	int (*next)(struct source *s, struct message *message_out, struct err *e);

	/* A seekable descriptor on its bytes, the caller's to close; -1 on an error. */
	int (*open)(struct source *s, const struct message *message, struct err *e);

	/* Called once the outcome is committed; again on a later run if that was cut short. */
	bool (*settle)(struct source *s, const struct message *message, enum settlement settlement,
		       struct err *e);
	void (*close)(struct source *s);
};

/* First member of every source. */
struct source {
	const struct source_ops *ops;
	char *name;          /* for people: "maildir:/srv/mail/rua"; ours, free() */
	bool can_mark;       /* knows SETTLE_MARK */
	uint64_t count_hint; /* messages it is going to yield, 0 unknown: for progress */
};

/*
 * A file, a pipe or device, a folder (with all below it), a Maildir (known by its cur, new and tmp),
 * or "-" for standard input. NULL with ERR_NO_INPUT and what to do.
 */
struct source *source_open(const char *spec, struct err *e);

/* Does the spec name standard input? */
bool source_is_stdin(const char *spec);

/* Is there such a thing at all? To be asked before anything dear is begun. */
MUST_USE bool source_check(const char *spec, struct err *e);
void source_close(struct source *s);
SCOPE_DEFINE(source, struct source *, source_close);

#endif
