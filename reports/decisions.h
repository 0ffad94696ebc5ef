/* SPDX-License-Identifier: MIT */
/*
 * What one record cannot tell and many can: is a key wrong, was a look-up's failure ours, did a service
 * fall back to its own envelope, does a reporter list signatures at all, whose service is it. Pure: numbers
 * that were added up over a window in, a word out. sightings.h adds them up.
 */
#ifndef REPORTS_DECISIONS_H
#define REPORTS_DECISIONS_H

#include <stdint.h>

#include "base/slice.h"

/* A key counts as right for so many days around a day on which it passed. */
enum { KEY_DAYS = 7 };

/* How much it takes to believe that a fault is the owner's, and not one reporter's. */
enum { ENOUGH_REPORTERS = 2, ENOUGH_DAYS = 3, IGNORED_PERCENT = 1 };

/* A key of the owner's, (d, s), with which some signatures fail. */
struct key_seen {
	bool passes; /* with anybody, by any route */
	int64_t last_pass, last_failure;
	unsigned direct_reporters; /* that saw it fail on mail which came straight; counted to 2 */
};

enum key_decision {
	KEY_UNTOLD, /* passes nowhere, but too few have seen that */
	KEY_RIGHT,  /* this copy was changed, or one receiver's filter did it */
	KEY_WRONG,  /* missing, old, cut short, or the mail is changed after it is signed */
};
enum key_decision decide_key(const struct key_seen *seen);

/* A name that could not be looked up: of a key, or of an SPF record. */
struct lookup_seen {
	unsigned reporters, days;    /* that it failed with, on; counted to 2 and 3 */
	uint64_t messages, all_mail; /* of the first of the reporters: that it failed on, and all */
	bool never_passes;           /* of a key */
};

enum lookup_decision {
	LOOKUP_UNTOLD,
	LOOKUP_IGNORED, /* one reporter's own trouble */
	LOOKUP_OURS,    /* name servers, DNSSEC, a CNAME's target, or a key that is missing */
};
enum lookup_decision decide_lookup(const struct lookup_seen *seen);

/* Mail with a service's own envelope, where the owner may have set one up. */
struct fallback_seen {
	bool own_envelope; /* the service also sends with one of the owner's, for the same From domain */
	bool same_account;       /* by the customer's signature, and in the same Region */
	bool signed_by_customer; /* is the mail in question? Else it shows no account */
};

enum fallback_decision {
	FALLBACK_UNTOLD,
	FALLBACK_NONE, /* there is no envelope to fall back from, or it is another account's */
	FALLBACK_SEEN, /* its MX or CNAME is lost */
};
enum fallback_decision decide_fallback(const struct fallback_seen *seen);

/* Mail without a signature. */
struct unsigned_seen {
	bool signed_elsewhere; /* the service signs for the same From domain, as others or other mail show */
	bool listed;           /* one of its reporters lists signatures, of whatever mail */
};

enum unsigned_decision {
	UNSIGNED_UNTOLD,
	UNSIGNED_NOT_LISTED, /* the reporters list no signatures */
	UNSIGNED_PARTLY,     /* some mail of the service is signed, some is not */
};
enum unsigned_decision decide_unsigned(const struct unsigned_seen *seen);

/* DKIM is said to have passed, and nothing that is listed aligns. */
struct unseen_pass {
	bool copies_nothing;  /* the reporter also says fail where such a signature passes */
	bool fault_elsewhere; /* another reporter saw mail of the service fail for the From domain */
};

enum unseen_decision {
	UNSEEN_UNTOLD,
	UNSEEN_OMITTED, /* the reporter leaves signatures out: nothing is wrong */
	UNSEEN_FAULT,   /* what another reporter shows is to be mended */
};
enum unseen_decision decide_unseen(const struct unseen_pass *seen);

/* Is the sender the owner's own? */
struct ownership_seen {
	bool rule;         /* a rule of the owner's names it */
	bool own_domain;   /* another domain of the owner's is in the envelope or signs */
	bool passes;       /* for the same From domain, mail of it passes DMARC */
	bool own_envelope; /* or has an envelope under that domain */
};
bool decide_ownership(const struct ownership_seen *seen);

/* All of them, on one piece of mail. */
struct decisions {
	enum key_decision key;
	bool key_passed; /* somewhere, by the day that follows */
	int64_t key_last_pass;
	enum lookup_decision key_lookup, spf_lookup;
	enum fallback_decision fallback;
	struct slice own_envelope; /* that it fell back from */
	enum unsigned_decision signing;
	enum unseen_decision unseen;
	bool ours;
};

#endif
