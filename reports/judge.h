/* SPDX-License-Identifier: MIT */
/*
 * The judge: which service sent a record's mail, why SPF and DKIM do not align, what it amounts to.
 * Pure: plain structs in, a plain struct out; no database, no clock, no look-up. The same code serves
 * `show`, `senders test` and the questions over the database.
 */
#ifndef REPORTS_JUDGE_H
#define REPORTS_JUDGE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"
#include "parser/domain.h"
#include "parser/report.h"
#include "reports/catalogue.h"

/* What is known of the address's name. Not having asked is not the same as having no name. */
#define HOST_STATE_LIST(X)                                                                         \
	X(HOST_NOT_LOOKED_UP, "not looked up")                                                     \
	X(HOST_NO_NAME, "no name")                                                                 \
	X(HOST_CONFIRMED, "confirmed")     /* the name resolves back to the address */             \
	X(HOST_UNCONFIRMED, "unconfirmed") /* somebody's claim: never decides anything */
ENUM_TABLE_DECLARE(host_state, HOST_STATE_LIST);

struct host {
	enum host_state state;
	struct slice name; /* lower case, no trailing dot */
};

/*
 * What a rule of the owner's goes by. Names count where their mechanism passes, or where the machine
 * is one of the rule's service: anybody can write the name of a host of ours into an envelope. Of
 * several rules those whose mechanism passes count first, then the order of this list.
 */
#define RULE_KIND_LIST(X)                                                                          \
	X(RULE_BY_SELECTOR, "selector") /* of a signature for From's or an owned domain */         \
	X(RULE_BY_DKIM, "dkim")         /* the very d= of a signature */                           \
	X(RULE_BY_MAILFROM, "mailfrom") /* the very domain that SPF checked */                     \
	X(RULE_BY_ADDRESS, "ip")        /* always counts; the longest prefix first */
ENUM_TABLE_DECLARE(rule_kind, RULE_KIND_LIST);

struct owner_rule {
	enum rule_kind kind;
	struct slice name;           /* of all but addresses: lower case, as in reports */
	struct network network;      /* of addresses */
	const struct sender *sender; /* of the catalogue, or the owner's own */
};

/* What the owner of the domains knows better than any catalogue: see knowledge.h. All borrowed. */
struct owner {
	const struct slice *owned_domains;
	size_t owned_count;
	const struct owner_rule *rules;
	size_t rule_count;
};

#define PATH_LIST(X)                                                                               \
	X(PATH_UNKNOWN, "unknown")                                                                 \
	X(PATH_DIRECT, "direct")                                                                   \
	X(PATH_INDIRECT, "indirect")
ENUM_TABLE_DECLARE(path, PATH_LIST);

#define CONFIDENCE_LIST(X)                                                                         \
	X(CONFIDENCE_NONE, "none")                                                                 \
	X(CONFIDENCE_LOW, "low")                                                                   \
	X(CONFIDENCE_MEDIUM, "medium")                                                             \
	X(CONFIDENCE_HIGH, "high")
ENUM_TABLE_DECLARE(confidence, CONFIDENCE_LIST);

#define SPF_CAUSE_LIST(X)                                                                          \
	X(SPF_ABSENT, "spf-absent")                                                                \
	X(SPF_ALIGNED, "spf-aligned")                                                              \
	X(SPF_HELO_ONLY, "spf-helo-only")                                                          \
	X(SPF_STRICT_MISMATCH, "spf-strict-mismatch")                                              \
	X(SPF_UNALIGNED_FORWARDER, "spf-unaligned-forwarder")                                      \
	X(SPF_UNALIGNED_DEFAULT_MAILFROM, "spf-unaligned-default-mailfrom")                        \
	X(SPF_UNALIGNED_OWN_OTHER_DOMAIN, "spf-unaligned-own-other-domain")                        \
	X(SPF_UNALIGNED_OTHER_DOMAIN, "spf-unaligned-other-domain")                                \
	X(SPF_TEMPERROR, "spf-temperror")                                                          \
	X(SPF_NONPASS_OTHER_DOMAIN, "spf-nonpass-other-domain")                                    \
	X(SPF_FAIL, "spf-fail")                                                                    \
	X(SPF_NEUTRAL, "spf-neutral")                                                              \
	X(SPF_NONE, "spf-none")                                                                    \
	X(SPF_PERMERROR, "spf-permerror")                                                          \
	X(SPF_POLICY, "spf-policy")                                                                \
	X(SPF_UNRECOGNISED, "spf-unrecognised")
ENUM_TABLE_DECLARE(spf_cause, SPF_CAUSE_LIST);

#define DKIM_CAUSE_LIST(X)                                                                         \
	X(DKIM_UNREPORTED, "dkim-unreported")                                                      \
	X(DKIM_MISSING, "dkim-missing")                                                            \
	X(DKIM_ALIGNED, "dkim-aligned")                                                            \
	X(DKIM_STRICT_MISMATCH, "dkim-strict-mismatch")                                            \
	X(DKIM_KEY_ERROR, "dkim-key-error")                                                        \
	X(DKIM_BROKEN_AT_SOURCE, "dkim-broken-at-source")                                          \
	X(DKIM_BROKEN_IN_TRANSIT, "dkim-broken-in-transit")                                        \
	X(DKIM_TEMPERROR, "dkim-temperror")                                                        \
	X(DKIM_NOT_ACCEPTED, "dkim-not-accepted")                                                  \
	X(DKIM_UNRECOGNISED, "dkim-unrecognised")                                                  \
	X(DKIM_UNALIGNED_OWN_OTHER_DOMAIN, "dkim-unaligned-own-other-domain")                      \
	X(DKIM_UNALIGNED_ESP_SIGNATURE, "dkim-unaligned-esp-signature")                            \
	X(DKIM_UNALIGNED_INTERMEDIARY, "dkim-unaligned-intermediary")                              \
	X(DKIM_UNALIGNED_OTHER_DOMAIN, "dkim-unaligned-other-domain")                              \
	X(DKIM_NONPASS_OTHER_DOMAIN, "dkim-nonpass-other-domain")
ENUM_TABLE_DECLARE(dkim_cause, DKIM_CAUSE_LIST);

#define VERDICT_LIST(X)                                                                            \
	X(VERDICT_ALIGNED_BOTH, "aligned-both")                                                    \
	X(VERDICT_FORWARDED_DKIM_SURVIVED, "forwarded-dkim-survived")                              \
	X(VERDICT_ALIGNED_DKIM_ONLY, "aligned-dkim-only")                                          \
	X(VERDICT_ALIGNED_SPF_ONLY, "aligned-spf-only")                                            \
	X(VERDICT_STRICT_MODE_MISALIGNMENT, "strict-mode-misalignment")                            \
	X(VERDICT_MAILING_LIST, "mailing-list")                                                    \
	X(VERDICT_FORWARDED_BROKEN, "forwarded-broken")                                            \
	X(VERDICT_SENDER_NOT_AUTHENTICATED, "sender-not-authenticated")                            \
	X(VERDICT_OWN_SERVER_NOT_AUTHORISED, "own-server-not-authorised")                          \
	X(VERDICT_UNKNOWN_SENDER, "unknown-sender")                                                \
	X(VERDICT_UNDETERMINED, "undetermined")                                                    \
	X(VERDICT_LIKELY_SPOOF, "likely-spoof")
ENUM_TABLE_DECLARE(verdict, VERDICT_LIST);

/* How much a verdict asks for attention. */
#define SEVERITY_LIST(X)                                                                           \
	X(SEVERITY_OK, "ok")                                                                       \
	X(SEVERITY_NOTE, "note") /* cannot be told */                                              \
	X(SEVERITY_INFO, "info") /* what the policy is for */                                      \
	X(SEVERITY_WARN, "warn") /* delivered, or fixable, but not safe */                         \
	X(SEVERITY_FAIL, "fail")
ENUM_TABLE_DECLARE(severity, SEVERITY_LIST);

/* override:TYPE is one flag; its types are those of the record's reasons that override_counts(). */
#define JUDGE_FLAG_LIST(X)                                                                         \
	X(JUDGE_FLAG_HOST_NOT_LOOKED_UP, "host-not-looked-up")                                     \
	X(JUDGE_FLAG_OVERRIDE, "override")                                                         \
	X(JUDGE_FLAG_REPORTER_DISAGREES_SPF, "reporter-disagrees-spf")                             \
	X(JUDGE_FLAG_REPORTER_DISAGREES_DKIM, "reporter-disagrees-dkim")                           \
	X(JUDGE_FLAG_ORG_DOMAIN_DIFFERS, "org-domain-differs")                                     \
	X(JUDGE_FLAG_APPLIED_WITHOUT_CAUSE, "applied-without-cause")                               \
	X(JUDGE_FLAG_POLICY_NOT_APPLIED, "policy-not-applied")                                     \
	X(JUDGE_FLAG_NULL_SENDER, "null-sender")                                                   \
	X(JUDGE_FLAG_AUTH_RESULTS_MISSING, "auth-results-missing")
ENUM_TABLE_DECLARE(judge_flag, JUDGE_FLAG_LIST);

/* Everything that judging looks at. All borrowed. */
struct evidence {
	const struct published_policy *policy;
	const struct record *record;
	struct host host;
	const struct owner *owner;
};

/* Borrows from the catalogue and the evidence. */
struct judgement {
	const struct sender *service;        /* who sent it; NULL unknown */
	const struct sender *infrastructure; /* whose machines; may be the service's own row */
	const struct sender *last_hop;       /* who connected to the reporter; NULL unknown */
	enum path path;
	enum confidence confidence;
	enum spf_cause spf_cause;
	enum dkim_cause dkim_cause;
	enum verdict verdict;
	uint32_t flags; /* bit (1 << enum judge_flag) */

	const struct owner_rule *rule; /* of the owner's, that named the service; NULL: none did */
	struct slice range_seen; /* the last hop is known by its address, as seen then; absent */
	const struct sender *claimed; /* named by a selector that proves nothing: for texts only */
	enum severity severity;

	/* the results the causes are about; NULL where there is none */
	const struct spf_result *spf;
	const struct dkim_result *dkim;

	struct slice other_signer; /* an unlisted domain, not ours, that signed and passes */
	struct slice spf_domain;   /* of the result that was used; absent where there is none */
	struct slice region;       /* of a service that has Regions; absent where not told */
	bool region_likely;        /* concluded from a name without a Region, not read */
	struct slice tenant;       /* whose account at a mailbox provider; absent where not told */
	bool tenant_dashed;        /* a domain with dashes for its dots */
	bool tenant_known;         /* the owner's own */
	struct alignment aligned; /* as the record's own, but for names that only we know as HELO */
	bool dmarc_pass;          /* computed: SPF or DKIM aligned */
	bool outcome_pass;        /* the outcome that counts, claim against evidence */
};

static inline bool judgement_has(const struct judgement *judgement, enum judge_flag flag)
{
	return judgement->flags >> flag & 1;
}

struct judge {
	const struct catalogue *catalogue;
	const struct domains *domains;
	const struct owner *owner; /* of those who have no other evidence; NULL: owns nothing */
};

/* Total: every record gets exactly one cause each, one verdict. */
void judge_record(const struct judge *judge, const struct evidence *evidence,
		  struct judgement *judgement_out);

/* The record, and what the judge's owner knows; nobody was asked for names. Borrows all three. */
struct evidence evidence_of_record(const struct judge *judge, const struct published_policy *policy,
				   const struct record *record);

/* Where its machine is rented, by its confirmed name: "Amazon EC2"; absent where not told. */
struct slice evidence_rented(const struct judge *judge, const struct evidence *evidence);

/*
 * The names of a record's flags, one a call, appended to the buffer: those of the judgement, then
 * "override:TYPE" for each stated reason that counts. Call with *next = 0 until it returns false.
 */
bool judgement_next_flag(const struct judgement *judgement, const struct record *record,
			 size_t *next, struct buf *name);

/* Does this stated reason count as an override of the policy (not the noise some filters write)? */
bool judge_reason_overrides(const struct override_reason *reason);

#endif
