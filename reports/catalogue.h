/* SPDX-License-Identifier: MIT */
/*
 * The catalogue of sending services: how their mail is recognised, and what their customers publish.
 * Read once, then only looked at; all that it hands out is borrowed from it.
 */
#ifndef REPORTS_CATALOGUE_H
#define REPORTS_CATALOGUE_H

#include "base/err.h"
#include "base/scope.h"
#include "base/table.h"
#include "reports/network.h"
#include "reports/pattern.h"
#include "reports/suffixes.h"

#define SENDER_KIND_LIST(X)                                                                        \
	X(SENDER_ESP, "esp")                                                                       \
	X(SENDER_SAAS, "saas")                                                                     \
	X(SENDER_CRM, "crm")                                                                       \
	X(SENDER_HELPDESK, "helpdesk")                                                             \
	X(SENDER_MAILBOX, "mailbox") /* signs and relays for every tenant */                       \
	X(SENDER_GATEWAY, "gateway") /* this and the next two pass mail on: never its sender */    \
	X(SENDER_FORWARDER, "forwarder")                                                           \
	X(SENDER_LIST, "list")
ENUM_TABLE_DECLARE(sender_kind, SENDER_KIND_LIST);

/* How well the row is known. */
#define SENDER_STATUS_LIST(X)                                                                      \
	X(SENDER_STATED, "S")                                                                      \
	X(SENDER_SEEN, "V")                                                                        \
	X(SENDER_HEARSAY, "K")
ENUM_TABLE_DECLARE(sender_status, SENDER_STATUS_LIST);

/* Can a customer bring SPF into alignment? */
#define SPF_POSSIBLE_LIST(X)                                                                       \
	X(SPF_POSSIBLE_YES, "yes")                                                                 \
	X(SPF_POSSIBLE_RELAXED, "relaxed") /* in relaxed mode only */                              \
	X(SPF_POSSIBLE_COSTLY, "costly")   /* at a price that spf-cost names */                    \
	X(SPF_POSSIBLE_PLAN, "plan")       /* on some plans, or by a support case */               \
	X(SPF_POSSIBLE_DEDICATED_IP, "dedicated-ip")                                               \
	X(SPF_POSSIBLE_NO, "no")                                                                   \
	X(SPF_POSSIBLE_UNKNOWN, "unknown")                                                         \
	X(SPF_POSSIBLE_NONE, "none") /* it passes on other people's mail */
ENUM_TABLE_DECLARE(spf_possible, SPF_POSSIBLE_LIST);

#define LEG_LIST(X) X(LEG_SPF, "spf") X(LEG_DKIM, "dkim")
ENUM_TABLE_DECLARE(leg, LEG_LIST);

#define ADVICE_KIND_LIST(X)                                                                        \
	X(ADVICE_TEXT, "text")                                                                     \
	X(ADVICE_RECORD, "record")                                                                 \
	X(ADVICE_GATE, "gate")   /* a record the vendor demands, which does not align */           \
	X(ADVICE_WHERE, "where") /* where the words in capitals are found */
ENUM_TABLE_DECLARE(advice_kind, ADVICE_KIND_LIST);

/* What {names} in the texts of the catalogue and of remedies stand for; wording.c fills them in. */
#define PLACEHOLDER_LIST(X)                                                                        \
	X(PLACEHOLDER_FROM, "from")                                                                \
	X(PLACEHOLDER_DASHED, "dashed")         /* From with dashes for dots */                    \
	X(PLACEHOLDER_ORG, "org")               /* From's organisational domain */                 \
	X(PLACEHOLDER_POLICY, "policy")         /* the domain of the DMARC record */               \
	X(PLACEHOLDER_SPF_DOMAIN, "spf-domain") /* whose SPF record counts */                      \
	X(PLACEHOLDER_SPF_RESULT, "spf-result")                                                    \
	X(PLACEHOLDER_SPF_VENDOR, "spf-vendor") /* whose domain that is */                         \
	X(PLACEHOLDER_MAILFROM, "mailfrom")     /* the envelope host under From */                 \
	X(PLACEHOLDER_SIGNER, "signer")         /* d= of the signature in question */              \
	X(PLACEHOLDER_SELECTOR, "selector")                                                        \
	X(PLACEHOLDER_DKIM_RESULT, "dkim-result")                                                  \
	X(PLACEHOLDER_OTHER_SIGNER, "other-signer")                                                \
	X(PLACEHOLDER_SERVICE, "service")                                                          \
	X(PLACEHOLDER_INFRASTRUCTURE, "infrastructure") /* whose machines it used */               \
	X(PLACEHOLDER_CLAIMED, "claimed")               /* whom a selector names */                \
	X(PLACEHOLDER_TENANT, "tenant")                                                            \
	X(PLACEHOLDER_HOST, "host")                                                                \
	X(PLACEHOLDER_OWN_ENVELOPE, "own-envelope") /* that other mail of the account has */       \
	X(PLACEHOLDER_KEY_PASSED, "key-passed")     /* the last day that the key did */            \
	X(PLACEHOLDER_ADDRESS, "address")                                                          \
	X(PLACEHOLDER_MECHANISM, "mechanism") /* the address as SPF takes it */                    \
	X(PLACEHOLDER_REGION, "region")                                                            \
	X(PLACEHOLDER_DKIM_REGION, "dkim-region") /* "REGION." where DKIM targets carry it */
ENUM_TABLE_DECLARE(placeholder, PLACEHOLDER_LIST);

struct advice {
	enum leg leg;
	enum advice_kind kind;
	struct slice text; /* a record or gate: NAME TYPE DATA */
};

struct selector_rule {
	struct slice domain; /* the suffix that d= must have; absent: any but the service's own */
	bool unique; /* names the service; else it is shared, and only says what is claimed */
	struct pattern pattern;
	struct slice text; /* of the pattern */
};

/* What a domain name may be evidence of. */
#define NAME_USE_LIST(X)                                                                           \
	X(NAME_SPF, "spf") X(NAME_DKIM, "dkim") X(NAME_HELO, "helo") X(NAME_PTR, "ptr")
ENUM_TABLE_DECLARE(name_use, NAME_USE_LIST);

/* One of the names that a service is recognised by. */
struct sender_name {
	const struct sender_name *next; /* in the order of the text */
	enum name_use use;
	struct slice suffix;
};

/* Machines that anybody can rent from the same house: no service, but worth saying. */
struct rented {
	struct slice suffix; /* of their names */
	struct slice name;   /* "Amazon EC2" */
};

/* Addresses that its machines had when somebody last looked; others may have them since. */
struct sender_range {
	struct network network;
	struct slice seen; /* when that was: "2026-06" */
	const struct sender *sender;
};

enum {
	SENDER_SELECTORS_MAX = 16,
	SENDER_RUNS_ON_MAX = 8,
	SENDER_CONSUMERS_MAX = 16,
	SENDER_ADVICE_MAX = 24,
};

struct sender {
	struct slice id, name; /* the id is terminated */
	size_t order;          /* in the catalogue: the last tie-break */
	enum sender_kind kind;
	enum sender_status status;
	struct slice weaker;              /* what of the row is known less well; absent: nothing */
	struct slice mailfrom, signature; /* the default envelope and d=, for people */
	struct slice note;
	struct slice note_for_suffix, note_for; /* what to say when SPF passes under the suffix */
	enum spf_possible spf_possible;
	struct slice spf_optional, spf_cost;
	struct slice region_suffix, region_default; /* absent: it has no Regions */
	struct slice tenant_suffix;                 /* absent: its names show no tenant */
	bool tenant_dashed; /* the tenant is the first label, his domain with dashes for dots */
	struct slice dkim_regions; /* separated by blanks */

	const struct sender_name *names;
	const struct sender *runs_on[SENDER_RUNS_ON_MAX];
	size_t runs_on_count;
	struct selector_rule selectors[SENDER_SELECTORS_MAX];
	size_t selector_count;
	struct slice
		consumers[SENDER_CONSUMERS_MAX]; /* domains where anybody may have an account */
	size_t consumer_count;
	struct advice advice[SENDER_ADVICE_MAX];
	size_t advice_count;
};

struct catalogue;

/* The catalogue in the program; NULL with ERR_CONFIG would be a fault of the build. */
struct catalogue *catalogue_load(struct err *e);

/* Any bytes; `name` is for the error, which says `name: line 12: field`. NULL with ERR_CONFIG or ERR_LIMIT. */
struct catalogue *catalogue_parse(struct slice text, const char *name, struct err *e);
void catalogue_free(struct catalogue *c);
SCOPE_DEFINE(catalogue, struct catalogue *, catalogue_free);

/* "71 senders, 0123456789abcdef": changes with the text. */
const char *catalogue_version(const struct catalogue *c);

size_t catalogue_count(const struct catalogue *c);
const struct sender *catalogue_at(const struct catalogue *c, size_t order);

/* NULL where there is none. */
const struct sender *catalogue_find(const struct catalogue *c, struct slice id);

/* Whose name is it, in this use? */
struct suffix_match catalogue_match(const struct catalogue *c, enum name_use use,
				    struct slice name);

/* The first of them, or NULL. */
const struct sender *catalogue_vendor(const struct catalogue *c, enum name_use use,
				      struct slice name);

/*
 * The services whose unique selectors fit a signature, in catalogue order from *next on: call with
 * *next = 0 until it returns NULL. Anybody may choose a selector, so this is a claim, not a proof.
 */
const struct sender *catalogue_claimant(const struct catalogue *c, struct slice domain,
					struct slice selector, size_t *next);

/* Where a machine of that name is rented: "Amazon EC2"; absent where nobody is known to rent it out. */
struct slice catalogue_rented(const struct catalogue *c, struct slice host);

/* Whose machines had the address when its ranges were last seen; NULL for nobody's. */
const struct sender_range *catalogue_range(const struct catalogue *c,
					   const struct address *address);

/* All ranges, by address. */
const struct sender_range *catalogue_ranges(const struct catalogue *c, size_t *count_out);

/*
 * The services that send through this one and that nothing in a record need tell from it, in
 * catalogue order from *next on: call with *next = 0 until it returns NULL.
 */
const struct sender *catalogue_reseller(const struct catalogue *c, const struct sender *through,
					size_t *next);

/* The id nearest to a mistyped one, for "did you mean"; absent where none is near. */
struct slice catalogue_nearest(const struct catalogue *c, struct slice id);

/* Is it a domain where anybody may have an account? The very name, not what lies under it. */
bool catalogue_is_consumer(const struct catalogue *c, struct slice domain);

/* Absent for nobody. */
static inline struct slice sender_id(const struct sender *s)
{
	return s ? s->id : SLICE_ABSENT;
}

/* Does a's mail leave through b's machines? */
bool sender_runs_on(const struct sender *a, const struct sender *b);

/* Either is the other, or runs on it. */
bool sender_is_kin(const struct sender *a, const struct sender *b);

/* Can a selector alone tell it? */
bool sender_has_unique_selector(const struct sender *s);

/* Gateways, forwarders and lists pass mail on and are never its sender. */
static inline bool sender_is_transit(const struct sender *s)
{
	return s->kind >= SENDER_GATEWAY;
}

static inline bool sender_is_relay(const struct sender *s)
{
	return s->kind == SENDER_FORWARDER || s->kind == SENDER_LIST;
}

/* Services that send on their own account: they do not relay other people's mail. */
static inline bool sender_is_service(const struct sender *s)
{
	return s->kind < SENDER_MAILBOX;
}

#endif
