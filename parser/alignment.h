/* SPDX-License-Identifier: MIT */
/*
 * Alignment, computed from the evidence: which of the domains that passed belong to the author's.
 */
#ifndef PARSER_ALIGNMENT_H
#define PARSER_ALIGNMENT_H

#include "parser/domain.h"
#include "parser/report.h"

/*
 * The author's side of the comparison: what rel() and al() of a record are asked against. Borrows
 * from the policy and the name it was made of.
 */
struct author {
	const struct domains *domains;
	struct domain_cache *cache; /* NULL: none */
	struct slice from;          /* header_from; may be empty */
	struct slice organisation;  /* empty where from is */
	bool dkim_strict, spf_strict;
	bool by_treewalk; /* the organisation is the policy domain found by walking the tree */
};

/* cache: borrowed; NULL where nothing is gained by one. */
struct author author_of(const struct domains *domains, struct domain_cache *cache,
			const struct published_policy *policy, struct slice header_from);

/* Do x and the From domain belong to one organisation? False when either is empty. */
bool author_related(const struct author *a, struct slice x);

/* Related in the mode that counts: strict wants the very name. */
bool author_aligned(const struct author *a, struct slice x, bool strict);

/*
 * The SPF result that counts: of scope mfrom or none the first pass that aligns, else the first pass
 * that is related, else the first pass, else the first; of scope helo only if there is no other.
 * Entries without a domain do not count. NULL where there is none. `is_helo` may add to the scope
 * what the caller knows of HELO names; it may be NULL.
 */
const struct spf_result *alignment_spf_used(const struct author *a, const struct record *record,
					    bool (*is_helo)(const void *context,
							    struct slice domain),
					    const void *context);

/* What the record's claims are worth, given what aligns. */
struct alignment alignment_graded(const struct author *a, const struct record *record, bool dkim,
				  bool spf);

/* Fills record->aligned. */
void alignment_compute(const struct author *a, struct record *record);

#endif
