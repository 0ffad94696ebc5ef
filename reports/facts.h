/* SPDX-License-Identifier: MIT */
/*
 * What the rules of judging ask of a record, looked up once: whose each domain is and how it stands
 * to the From domain. Inside the judge only.
 */
#ifndef REPORTS_FACTS_H
#define REPORTS_FACTS_H

#include "parser/alignment.h"
#include "parser/limits.h"
#include "reports/address_class.h"

/* A signature that counts: one with a domain and a result other than none. */
struct signature {
	const struct dkim_result *result;
	const struct sender *vendor; /* whose domain it is; NULL nobody's we know */
	bool pass;
	bool related; /* one organisation with the From domain */
	bool aligned; /* in the mode that counts */
	bool own;     /* under another domain of the owner's */
};

struct facts {
	const struct judge *judge;
	const struct evidence *evidence;
	const struct record *record;
	struct author author;

	const struct spf_result *spf; /* NULL: none with a domain. The rest speaks of its domain */
	const struct sender *spf_vendor;
	bool spf_pass, spf_related, spf_aligned, spf_own;
	bool spf_helo;      /* a HELO name, by its scope or by the catalogue */
	bool spf_helo_name; /* by the catalogue */

	struct suffix_match machines; /* whose machine connected: tier T3 */
	struct address_class address;
	struct slice
		range_seen; /* the machines are told by the address, as seen then; else absent */
	bool host_is_under_author; /* its confirmed name lies under From's organisation */
	bool host_is_ours;         /* or under an owned domain */

	size_t signature_count;
	struct signature signatures[LIMIT_DKIM_RESULTS];
	bool signature_without_domain; /* a result was sent whose d= was not */
};

void facts_gather(const struct judge *judge, const struct evidence *evidence,
		  struct facts *facts_out);

/* Does the owner own it, going by the domains he named? Says nothing of the From domain's own. */
bool facts_owned(const struct evidence *evidence, struct slice domain);

/* Do all signatures miss it, or some have it? */
bool facts_signature_passes(const struct facts *f, bool related);
bool facts_has_related_signature(const struct facts *f);

/* Is it a pass for an envelope (not a HELO name) that is neither From's nor the owner's? */
bool facts_spf_passes_elsewhere(const struct facts *f);

/* A reason of the type is stated. */
bool facts_has_reason(const struct facts *f, enum reason type);

/* The account at a mailbox provider that signed. */
struct tenant {
	struct slice name; /* absent: no tenant signed */
	bool dashed;
	bool known; /* the owner's own */
};

struct tenant facts_tenant(const struct facts *f);

/* The Region in a name of the service's; absent where it is none, or carries no Region. */
struct slice sender_region_in(const struct sender *service, struct slice name);

/* The Region of the service's machines; absent where the evidence does not tell. */
struct slice facts_region(const struct facts *f, const struct sender *service, bool *likely_out);

#endif
