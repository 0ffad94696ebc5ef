/* SPDX-License-Identifier: MIT */
/*
 * Whose a message or a report is. Several mails may bring the same, and several ingesters be under way: the
 * first to claim a key has it, and what the others become is told by what they brought. All of it happens
 * inside the caller's transaction.
 */
#ifndef STORE_CLAIMS_H
#define STORE_CLAIMS_H

#include "store/batch.h"

/* Messages [first, end) of a batch, and the reports they brought. */
struct range {
	struct batch *batch;
	size_t first, end;
};

/* lost: of each message of the range, whether somebody else has it. */
MUST_USE bool claim_messages(const struct range *range, struct connection *c, bool *lost,
			     struct err *e);

/* Of messages that are ours; then every report of the range has its claim. */
MUST_USE bool claim_reports(const struct range *range, const bool *lost, struct connection *c,
			    struct err *e);

/* Keeps what is in conflict; then every message has its final verdict, here and in the ledger. */
MUST_USE bool claim_outcomes(const struct range *range, const bool *lost, struct connection *c,
			     struct err *e);

/*
 * A report of a day that is closed is a reason, also where the message's other reports were stored: it is not
 * counted, and somebody may look for it. The first reason stays.
 */
void claim_note_too_old(struct verdict_of_message *v, const struct uuid *report);

/*
 * The same for one message that is too large to wait, step by step: the message once, then each report as it
 * comes along, and in the end what became of it all.
 */
MUST_USE bool claim_one_message(struct batch_message *m, struct connection *c, bool *won_out,
				struct err *e);
MUST_USE bool claim_one_report(struct batch *b, struct batch_report *r, struct connection *c,
			       struct err *e);
MUST_USE bool claim_end_message(struct batch *b, struct batch_message *m, struct connection *c,
				struct err *e);

#endif
