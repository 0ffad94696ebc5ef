/* SPDX-License-Identifier: MIT */
/*
 * Where a report comes from: the mail it was in, and whether that fits the reporter it speaks for.
 * Anyone can mail a report in another's name.
 */
#ifndef PARSER_ORIGIN_H
#define PARSER_ORIGIN_H

#include "base/table.h"
#include "parser/report.h"

struct domains;

/* What a receiving server that is trusted says of the domain in From. */
#define PROOF_LIST(X)                                                                              \
	X(PROOF_NOT_TOLD, "not told") /* none is trusted, or it says nothing */                    \
	X(PROOF_NONE, "none")         /* nothing that passed is of this domain, nor failed */      \
	X(PROOF_PASS, "pass")                                                                      \
	X(PROOF_FAIL, "fail")
ENUM_TABLE_DECLARE(proof, PROOF_LIST);

/* Owned: mail_origin_release(). */
struct mail_origin {
	char *from_domain; /* NULL: no mail; empty: From has not exactly one address, or a bad one */
	char *signer;      /* d= of the signature that proves it; NULL: there is none */
	enum proof proof;
};

void mail_origin_release(struct mail_origin *o);

/* The domain as names are spelled here; empty where it is none, or too long for one. */
void mail_origin_set_from(struct mail_origin *o, struct slice domain);

/* What is thought of a report by that. */
#define ORIGIN_LIST(X)                                                                             \
	X(ORIGIN_NOT_KNOWN, "not known") /* a file, or handed on by the domain's own people */     \
	X(ORIGIN_FITS, "fits")                                                                     \
	X(ORIGIN_DOES_NOT_FIT, "does not fit")                                                     \
	X(ORIGIN_AUTHENTICATED, "authenticated") /* fits, and a trusted server vouches for it */   \
	X(ORIGIN_FAILED, "failed authentication")
ENUM_TABLE_DECLARE(origin, ORIGIN_LIST);

/* Do both belong to one organisation? Lower-case names; false when either is empty. */
bool origin_related(const struct domains *domains, struct slice a, struct slice b);

/*
 * Reporters whose names or domains are well known must write from their own; of all others either the
 * name, where that is a domain, or the address in the report must be of the organisation in From. A mail
 * with the report's inside says nothing of the reporter where it comes from the domain that was reported
 * on; from anybody else it does not fit.
 */
enum origin origin_of_report(const struct domains *domains, const struct mail_origin *mail,
			     const struct report *report);

#endif
