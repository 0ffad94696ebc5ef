/* SPDX-License-Identifier: MIT */
/*
 * A record made up by a person, to see what the judge makes of it: from words to what a report's
 * parser would have made of them. Words that reporters might send are taken as they are, but not
 * what is nearly a known one, which is a slip.
 */
#ifndef REPORTS_TRIAL_H
#define REPORTS_TRIAL_H

#include "base/arena.h"
#include "reports/judge.h"

struct trial {
	struct arena arena;
	struct published_policy policy;
	struct record record;
	struct dkim_result *dkim; /* ours, free(), like the other two */
	size_t dkim_capacity;
	struct spf_result *spf;
	size_t spf_capacity;
	struct override_reason *reasons;
	size_t reason_capacity;
	struct host host; /* no name, until something else is said */
	bool impossible;  /* one of the names is none that DNS could have */
};

void trial_init(struct trial *t);
void trial_release(struct trial *t);

/* What can be said of it; each is ERR_USAGE where the text cannot be read. */
typedef bool trial_setter(struct trial *t, struct slice text, struct err *e);

trial_setter trial_set_from, trial_set_address, trial_set_host, trial_set_envelope;
trial_setter trial_add_spf;    /* DOMAIN=RESULT[/SCOPE] */
trial_setter trial_add_dkim;   /* DOMAIN:SELECTOR=RESULT; the selector may be missing */
trial_setter trial_add_reason; /* TYPE[:COMMENT] */
trial_setter trial_set_adkim, trial_set_aspf, trial_set_policy, trial_set_policy_domain;
trial_setter trial_set_discovery, trial_set_disposition;
trial_setter trial_set_claimed_dkim, trial_set_claimed_spf;

/*
 * All is said: what follows from it is computed. Without a policy domain the From domain's own record
 * is meant. The evidence borrows from the trial, which must stay where it is.
 */
struct evidence trial_evidence(struct trial *t, const struct judge *judge);

#endif
