/* SPDX-License-Identifier: MIT */
/*
 * A message: one mail or file as a source lists it, and what became of it. The ledger that remembers
 * messages is an interface, so that `ingest/` needs no database and `store/` no mail.
 */
#ifndef PARSER_MESSAGE_H
#define PARSER_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/table.h"
#include "parser/origin.h"
#include "parser/sink.h"

/* Distinct and all visible: nothing that came in is ever without one. */
#define OUTCOME_LIST(X)                                                                            \
	X(OUTCOME_STORED, "stored")                                                                \
	X(OUTCOME_DUPLICATE, "duplicate")     /* every report in it was stored before */           \
	X(OUTCOME_CONFLICTING, "conflicting") /* stored before, with other records */              \
	X(OUTCOME_NOT_A_REPORT, "not a report")                                                    \
	X(OUTCOME_BROKEN, "broken")                                                                \
	X(OUTCOME_TOO_LARGE, "too large")                                                          \
	X(OUTCOME_TOO_OLD, "too old") /* its day is closed */                                      \
	X(OUTCOME_INVALID_DATE, "invalid date")                                                    \
	X(OUTCOME_UNSUPPORTED_KIND, "unsupported kind") /* failure report, TLS report, ... */
ENUM_TABLE_DECLARE(outcome, OUTCOME_LIST);

/*
 * How a message ended as far as its place in the mailbox is concerned: each ending is settled in a way
 * of its own.
 */
enum ending {
	ENDING_LEFT, /* too much, or another kind of mail: it stays where it is, whatever is asked */
	ENDING_GOOD,   /* all that it brings is in the database */
	ENDING_FAULTY, /* some of it is not */
};
enum { ENDING_COUNT = 3 };

/* faulty: a reason stands beside the outcome. */
enum ending outcome_ending(enum outcome outcome, bool faulty);

enum { MESSAGE_KEY_SIZE = 32 };

/* Where a message is and how to know it again. Owned by whoever made it: message_release(). */
struct message {
	unsigned char key[MESSAGE_KEY_SIZE]; /* digest of source and identity: the ledger's key */
	unsigned char place_key[MESSAGE_KEY_SIZE]; /* the same of where it lies, if it was moved */
	char *source;                              /* "maildir:/srv/mail/rua", for people */
	char *locator;             /* the name within the source, for people and settling */
	char *message_id;          /* NULL until read; forgeable, never a key */
	struct mail_origin origin; /* empty until its header is read */
	uint64_t size;
	uint64_t offset;                 /* where it begins in its file; 0: all of the file */
	bool settle_later[ENDING_COUNT]; /* its source has something to do once it is committed */
	bool again; /* the ledger has it, as one that failed: it gets another outcome */
};

void message_release(struct message *m);

/* Has its source something to do, however it ends? */
bool message_is_settled_later(const struct message *m);

/* What is known only once it was read: copied from the message that was. */
void message_learn(struct message *m, const struct message *read);

/* Where a message lies once it was settled; all zero: where it was, or nowhere any more. Owned. */
struct place {
	char *source;
	char *locator;
	unsigned char key[MESSAGE_KEY_SIZE];
};

void place_release(struct place *p);

/* What the ledger is told when a message was settled. */
struct settled_message {
	unsigned char key[MESSAGE_KEY_SIZE];
	const char
		*settlement; /* "move"; "gone": it was not there any more; NULL: left as it was */
	struct place now;
};

/* What the ledger knows of a message before it is opened. */
enum ledger_state {
	LEDGER_NEW,
	LEDGER_UNSETTLED, /* stored in an earlier run that ended before the source was told */
	LEDGER_DONE,
	LEDGER_AGAIN, /* failed in an earlier run, and the ledger was told to try such again */
};

struct known_message {
	enum ledger_state state;
	enum ending ending;                  /* unless it is new */
	unsigned char key[MESSAGE_KEY_SIZE]; /* the ledger's, also of a message that was moved */
};

/* A message that an earlier run committed and did not settle, as that run listed it. Owned. */
struct unsettled_message {
	struct message message;
	enum ending ending;
};

struct verdict_of_message {
	enum outcome outcome;
	struct err reason; /* ERR_NONE where the outcome says it all */

	/*
	 * Filled by the ledger: another process claimed the message while this one read it. Its outcome
	 * is on record there, and settling is for the other one, too.
	 */
	bool claimed_elsewhere;

	/* what was stored of it, filled by the ledger */
	uint64_t reports, records, mails;
};

struct ledger;

struct ledger_ops {
	/* Fills known[i] for messages[i]; one question to the database for all of them. */
	bool (*lookup)(struct ledger *ledger, const struct message *const *messages, size_t count,
		       struct known_message *known, struct err *e);

	/* All of a source that are not settled, by key; the array is the caller's, free(). */
	bool (*unsettled)(struct ledger *ledger, const char *source,
			  struct unsettled_message **messages_out, size_t *count_out,
			  struct err *e);

	/*
	 * Every report that the sink takes from here to close() came in this message, which stays where
	 * it is until then; its origin is filled in before the sink takes anything.
	 */
	bool (*open)(struct ledger *ledger, const struct message *message, struct err *e);

	/*
	 * Gives the open message its outcome, and its Message-ID, which is known by now. The ledger
	 * refines OUTCOME_STORED: it alone knows whether the reports in it were there before. The
	 * listener may be told before this returns.
	 */
	bool (*close)(struct ledger *ledger, const struct message *message,
		      const struct verdict_of_message *verdict, struct err *e);

	/*
	 * Writes what is still held and commits. Messages handed to close() are reported to
	 * `committed` as soon as their transaction is through, here or in an earlier call.
	 */
	bool (*flush)(struct ledger *ledger, struct err *e);

	/* The source has been told: nothing is left to do for these on the next run. */
	bool (*settled)(struct ledger *ledger, const struct settled_message *settled, size_t count,
			struct err *e);
};

struct ledger_listener {
	/* Told once a message's transaction is committed, in the order of close(). */
	void (*committed)(struct ledger_listener *listener,
			  const unsigned char key[MESSAGE_KEY_SIZE],
			  const struct verdict_of_message *verdict);

	/*
	 * Asked before a transaction that stores messages is begun: may wait until it is this ledger's
	 * turn, or say that it never will be.
	 */
	bool (*writing)(struct ledger_listener *listener, struct err *e);
};

/* First member of every ledger. One thread's at a time; several ledgers may be of one database. */
struct ledger {
	const struct ledger_ops *ops;
	struct sink *sink; /* where the reports of the open message go */
	struct ledger_listener *listener;
	bool retry; /* lookup() answers LEDGER_AGAIN for what failed before */
};

#endif
