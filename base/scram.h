/* SPDX-License-Identifier: MIT */
/*
 * The client's side of SCRAM-SHA-256 (RFC 7677), without channel binding: the server gets to know the
 * password no better than it did before, and proves that it knows it. For users and passwords in ASCII:
 * others would have to be prepared first.
 */
#ifndef BASE_SCRAM_H
#define BASE_SCRAM_H

#include "base/buf.h"
#include "base/err.h"

/* Fewer protect too little; more are somebody's who wants us to be busy. */
enum { SCRAM_ITERATIONS_LEAST = 4096, SCRAM_ITERATIONS_MOST = 1000000 };

enum { SCRAM_SIGNATURE = 32 };

struct scram {
	struct buf first; /* what we said, without its header */
	char nonce[64];
	unsigned char signature[SCRAM_SIGNATURE]; /* what the server must say */
};

/* nonce: NULL: one that nobody can guess. */
void scram_init(struct scram *s, const char *nonce);
void scram_release(struct scram *s);

/* Appends the client's first message. */
void scram_begin(struct scram *s, const char *user, struct buf *message);

/* Appends the answer to the server's first message. ERR_CONFIG for one that must not be answered. */
MUST_USE bool scram_answer(struct scram *s, struct slice password, struct slice server_first,
			   struct buf *message, struct err *e);

/* Does the server's last message prove that it knows the password? */
bool scram_is_proof(const struct scram *s, struct slice server_last);

#endif
