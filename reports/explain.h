/* SPDX-License-Identifier: MIT */
/*
 * All there is to say of one sender's mail, or of one address's: what was seen, why it is named so, each
 * reason for its failing with a record that shows it, what to publish, and what will be different then.
 */
#ifndef REPORTS_EXPLAIN_H
#define REPORTS_EXPLAIN_H

#include "reports/knowledge.h"
#include "reports/outlook.h"
#include "reports/tally.h"

/* Mail without a sender, by the words to ask for it. */
#define UNNAMED_LIST(X)                                                                            \
	X(UNNAMED_SPOOFED, "spoofed")                                                              \
	X(UNNAMED_FORWARDED, "forwarded")                                                          \
	X(UNNAMED_UNKNOWN, "unknown")   /* to be identified */                                     \
	X(UNNAMED_UNLISTED, "unlisted") /* passes: the owner's own, or not in the catalogue */
ENUM_TABLE_DECLARE(unnamed, UNNAMED_LIST);

#define TARGET_KIND_LIST(X)                                                                        \
	X(TARGET_SENDER, "sender") X(TARGET_UNNAMED, "unnamed") X(TARGET_ADDRESS, "address")
ENUM_TABLE_DECLARE(target_kind, TARGET_KIND_LIST);

struct explain_target {
	enum target_kind kind;
	const struct sender *sender;     /* of TARGET_SENDER */
	enum unnamed unnamed;            /* of TARGET_UNNAMED */
	char address[ADDRESS_TEXT_SIZE]; /* of TARGET_ADDRESS, as reports of today write it */
	struct slice label;              /* for people: "Amazon SES"; borrows from all these */
};

/*
 * An address, an id or name of a sender, or one of the words for mail without any. ERR_USAGE with the
 * nearest that there is.
 */
MUST_USE bool explain_find(const struct knowledge *k, const char *given,
			   struct explain_target *target_out, struct err *e);

/* How much of it is told apart; the rest is counted. */
enum { EXPLAIN_REPORTERS = 1000, EXPLAIN_EVIDENCE = 20, EXPLAIN_ADDRESSES = 20 };

struct explain_reporter {
	struct slice name;
	uint64_t messages, passed;
};

struct explain_evidence {
	struct slice text;
	uint64_t messages;
};

/* One of its addresses, in the days that were looked at. */
struct explain_address {
	struct slice address, name; /* the name: absent where none is known */
	struct slice first_day, last_day;
	uint64_t messages, days, reporters;
};

/* A domain in whose name an address sent, over all that was ever stored. */
struct explain_domain {
	struct slice domain, first_day, last_day;
	uint64_t messages;
};

/* Mail of one kind: see groups.h. */
struct explain_kind {
	const struct group *group;
	int64_t first_day, last_day;
	struct judged *first; /* of what there is most of */
	struct outlook outlook;
	struct slice spf_sentence, dkim_sentence;

	/*
	 * A record that shows it; absent where its detail is gone, or where the records of an address
	 * were added up: then `first` is all there is.
	 */
	struct slice example_address, example_host, example_reporter, example_day;
	uint64_t example_count;
};

struct explanation {
	const struct judge *judge;
	const struct explain_target *target;
	struct window window;
	struct rows *rows; /* that the texts below lie in, as in the next two and the arena */
	struct rows *window_rows;
	struct sightings *sightings;
	struct tally tally; /* its groups */

	uint64_t messages, passed, spf_aligned, dkim_aligned;
	int64_t first_day, last_day;
	struct explain_reporter *reporters; /* with the most mail first */
	size_t reporter_count;
	bool more_reporters; /* than are told apart */
	struct explain_evidence evidence[EXPLAIN_EVIDENCE];
	size_t evidence_count;
	struct explain_kind *kinds; /* what fails first, by volume */
	size_t kind_count;

	/*
	 * Single records were looked at of these days; not at all where `looked` is false, and not of
	 * all days where there are too many.
	 */
	bool looked, looked_at_part;
	int64_t looked_since, looked_until;
	struct explain_address *addresses;
	size_t address_count;
	uint64_t address_total;

	/* of an address */
	struct slice host_state, host_name, host_network, host_country; /* absent: nobody asked */
	struct explain_domain *domains; /* with the most mail first */
	size_t domain_count;
	int64_t seen_first, seen_last; /* over these */
};

/*
 * Fills all of it, in the arena and in itself; to be released whether it succeeded or not. ERR_LIMIT where
 * the arena is full.
 */
MUST_USE bool explain(struct explanation *x, struct connection *c, struct arena *arena,
		      struct err *e);
void explanation_release(struct explanation *x);

/* For people. */
void explain_print_text(const struct explanation *x, unsigned width, struct output *out);

/* For programs: one object. */
void explain_print_json(const struct explanation *x, struct output *out);

#endif
