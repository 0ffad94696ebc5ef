/* SPDX-License-Identifier: MIT */
/* Why SPF and DKIM do not align, and what the two amount to. Inside the judge only. */
#ifndef REPORTS_CAUSES_H
#define REPORTS_CAUSES_H

#include "reports/path.h"

/* What the rules look at: the record's facts, who sent it and how it came. */
struct findings {
	const struct facts *facts;
	const struct attribution *attribution;
	struct route route;
	struct tenant tenant;
};

enum spf_cause spf_cause_of(const struct findings *in);
enum dkim_cause dkim_cause_of(const struct findings *in);

/* The signature that the DKIM cause is about; NULL where there is none. */
const struct dkim_result *dkim_cause_signature(const struct findings *in, enum dkim_cause cause);

/* A passing domain that is neither ours nor a service's: somebody else's; absent where none is. */
struct slice dkim_other_signer(const struct findings *in);

enum verdict verdict_of(const struct findings *in, enum spf_cause spf, enum dkim_cause dkim);
enum severity severity_of(enum verdict verdict, enum spf_cause spf, enum dkim_cause dkim);

#endif
