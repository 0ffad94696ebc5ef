/* SPDX-License-Identifier: MIT */
/*
 * What tells the customers of one service apart, where many send through the same machines: the Region,
 * the selectors of the customer's own signatures, and the MAIL FROM host.
 */
#ifndef REPORTS_ACCOUNT_H
#define REPORTS_ACCOUNT_H

#include "parser/alignment.h"
#include "reports/remedy.h"

/* Is it mail of a service with Regions, or of one that runs on such? */
bool account_is_told(const struct judgement *j);

/* Is the signature the customer's: of the From domain's organisation, whether it passes or not? */
bool account_signs(const struct author *author, const struct dkim_result *dkim);

/* The MAIL FROM host, where it is under the From domain's organisation; absent where it is not. */
struct slice account_envelope(const struct author *author, const struct judgement *j);

/*
 * Selectors and envelope host in words, "selector a, b; envelope mf.example.com"; nothing of mail that
 * shows neither, or is of a service whose customers are told otherwise.
 */
void account_append(struct buf *b, const struct remedy_subject *subject);

#endif
