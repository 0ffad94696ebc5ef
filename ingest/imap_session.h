/* SPDX-License-Identifier: MIT */
/*
 * An IMAP dialogue, behind the log-in: commands, several of them on their way at once, and what a server
 * may say at any time. Which data a command brings is for whoever sends it, as a watcher.
 */
#ifndef INGEST_IMAP_SESSION_H
#define INGEST_IMAP_SESSION_H

#include "ingest/imap_response.h"
#include "ingest/imap_transport.h"

#define IMAP_CAPABILITY_LIST(X)                                                                    \
	X(IMAP_CAN_MOVE, "MOVE")                                                                   \
	X(IMAP_CAN_UIDPLUS, "UIDPLUS")                                                             \
	X(IMAP_CAN_IDLE, "IDLE")                                                                   \
	X(IMAP_CAN_SASL_IR, "SASL-IR")                                                             \
	X(IMAP_CAN_SCRAM, "AUTH=SCRAM-SHA-256")                                                    \
	X(IMAP_CAN_PLAIN, "AUTH=PLAIN")                                                            \
	X(IMAP_CAN_LOGIN, "AUTH=LOGIN")                                                            \
	X(IMAP_CAN_XOAUTH2, "AUTH=XOAUTH2")                                                        \
	X(IMAP_CAN_OAUTHBEARER, "AUTH=OAUTHBEARER")                                                \
	X(IMAP_CANNOT_LOGIN, "LOGINDISABLED")
ENUM_TABLE_DECLARE(imap_capability, IMAP_CAPABILITY_LIST);

/*
 * Messages that one UID SEARCH goes through: their UIDs, of ten digits, are half of what a response may
 * have.
 */
enum { IMAP_SEARCH_WINDOW = 3000 };

/* Messages of a mailbox; a UID takes four bytes of ours. */
enum { IMAP_MESSAGES = 10000000 };

/* One that has been sent. The caller's, until it is done or the session is shut. */
struct imap_command {
	struct imap_command *next;
	unsigned tag;
	bool done;
	enum imap_status status;
	char code[32];  /* "TRYCREATE"; empty */
	char text[160]; /* for people */
};

struct imap_watcher;
struct imap_watcher_ops {
	/* Any untagged response, and any status with its code. */
	bool (*data)(struct imap_watcher *w, const struct imap_response *r, struct err *e);

	/* Both NULL: it takes no bodies. */
	bool (*body)(struct imap_watcher *w, uint64_t size, struct err *e);
	bool (*bytes)(struct imap_watcher *w, struct slice bytes, struct err *e);
};

/* First member of every watcher. */
struct imap_watcher {
	const struct imap_watcher_ops *ops;
};

struct imap_session {
	struct imap_listener listener;
	struct imap_transport *transport; /* borrowed */
	const char *host;                 /* borrowed, for people */
	struct imap_parser parser;
	struct imap_watcher *watcher; /* borrowed; NULL: nobody looks */
	struct imap_command *flying;  /* oldest first */
	unsigned tag;
	const char *doing; /* what it was asked for last, in an infinitive; borrowed */
	uint64_t patience; /* untagged responses that may still come */
	bool connected;
	bool continued;       /* the server waits for more of a command */
	struct buf challenge; /* what it says to that; also behind the command */
	bool goodbye;         /* it is going to close the connection */

	bool can[imap_capability_count];
	char delimiter;    /* between folders; 0: there are none in folders */
	uint32_t exists;   /* messages in the mailbox */
	bool arrived;      /* it has become more since imap_search_all() */
	uint32_t validity; /* UIDVALIDITY of the mailbox; 0: none is selected */
	bool writable;     /* it was selected, and not only examined */
};

/* Which mails are listed at all. */
struct imap_criteria {
	int64_t since; /* arrived on this day or later, in days since 1970; 0: whenever */
	bool unseen;
};

void imap_session_init(struct imap_session *s, struct imap_transport *transport, const char *host);

/* Says LOGOUT where it can, and does not wait. */
void imap_session_shut(struct imap_session *s);
void imap_session_release(struct imap_session *s);

/*
 * Opens the transport and asks what the server can. Everything that it said before is dropped: a
 * library that has read ahead may have swallowed some of it.
 */
MUST_USE bool imap_connect(struct imap_session *s, struct err *e);

/* CAPABILITY: it changes with the log-in. */
MUST_USE bool imap_ask_capabilities(struct imap_session *s, struct err *e);

/*
 * Sends a command, whose responses may be so many. The line is without tag and end. Nothing of it is
 * ever told to people: there may be a password in it.
 */
MUST_USE bool imap_send(struct imap_session *s, struct imap_command *c, struct slice line,
			uint64_t responses, struct err *e);

/* Sends what the server waits for. */
MUST_USE bool imap_send_more(struct imap_session *s, struct slice line, struct err *e);

/* Reads until it is done, or the server waits for more of it. */
MUST_USE bool imap_finish(struct imap_session *s, struct imap_command *c, struct err *e);

/* Reads what has arrived, and does not wait. */
MUST_USE bool imap_glance(struct imap_session *s, struct err *e);

/* Sends and finishes; nothing else is on its way, and the watcher looks as long as it takes. Any status is fine. */
MUST_USE bool imap_run(struct imap_session *s, struct imap_command *c, struct slice line,
		       struct imap_watcher *watcher, struct err *e);

/* The error that a NO or BAD is: ERR_UNREACHABLE where the server says that it is for the time being. */
bool imap_refused(const struct imap_session *s, const struct imap_command *c, const char *doing,
		  struct err *e);

/* As imap_run(), where anything but OK is an error. */
MUST_USE bool imap_must(struct imap_session *s, struct slice line, struct imap_watcher *watcher,
			const char *doing, struct err *e);

/* LIST "" "": how folders are written. Behind the log-in. */
MUST_USE bool imap_ask_delimiter(struct imap_session *s, struct err *e);

/* SELECT, or EXAMINE: the mailbox in the server's own words. */
MUST_USE bool imap_select(struct imap_session *s, struct slice mailbox, bool writable,
			  struct err *e);

/* Lets the server say what has changed meanwhile: not every one does so unasked. */
MUST_USE bool imap_ask_news(struct imap_session *s, struct err *e);

/* UIDs of the mailbox that are not marked as deleted, ascending; ours, free(). */
MUST_USE bool imap_search_all(struct imap_session *s, const struct imap_criteria *criteria,
			      uint32_t **uids_out, size_t *count_out, struct err *e);

/* Which of them are there: present[i]. They are ascending, and as many as one window has. */
MUST_USE bool imap_search_present(struct imap_session *s, const uint32_t *uids, size_t count,
				  bool *present, struct err *e);

#endif
