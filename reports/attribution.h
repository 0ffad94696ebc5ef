/* SPDX-License-Identifier: MIT */
/* Which service sent a record's mail, by the strongest evidence. Inside the judge only. */
#ifndef REPORTS_ATTRIBUTION_H
#define REPORTS_ATTRIBUTION_H

#include "reports/facts.h"

/* What evidence is worth, strongest first. */
enum tier {
	TIER_OWNER,     /* the owner's own rule: stands above all others */
	TIER_SIGNATURE, /* a DKIM pass: survives forwarding, so it names the origin */
	TIER_ENVELOPE,  /* an SPF pass: names the owner of the envelope, which forwarders rewrite */
	TIER_HOST,      /* the machine that connected: names the last hop only */
	TIER_CLAIM,     /* whatever anyone can write: decides nothing */
};

struct attribution {
	const struct sender *service;        /* NULL unknown; never one that passes mail on */
	const struct sender *infrastructure; /* may be the service's own row; NULL where that is */
	const struct sender *last_hop;       /* NULL unknown */
	const struct sender *claimed;        /* named by a selector that proves nothing */
	const struct owner_rule *rule;       /* that named the service; NULL: none did */
	struct suffix_match machines;        /* the last hop and those who share its name */
	struct slice range_seen;             /* they are told by their address, as seen then */
	enum tier tier;                      /* of the service */
	enum confidence confidence;
};

struct attribution attribution_of(const struct facts *f);

/* Is it the attributed service, or what that runs on? */
bool attribution_covers(const struct attribution *a, const struct sender *sender);

#endif
