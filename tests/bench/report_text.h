/* SPDX-License-Identifier: MIT */
/* Made-up aggregate reports as XML, in the manners of twelve reporters. */
#ifndef TESTS_BENCH_REPORT_TEXT_H
#define TESTS_BENCH_REPORT_TEXT_H

#include <stdint.h>

#include "base/buf.h"
#include "tests/bench/random.h"

enum packing { PACK_GZIP, PACK_ZIP, PACK_PLAIN };
enum mail_shape { SHAPE_BARE, SHAPE_TEXT, SHAPE_ALTERNATIVE };

/* What a reporter writes, beyond what all of them do. */
enum dialect_trait {
	HAS_DECLARATION = 1 << 0,
	HAS_SELECTOR = 1 << 1,
	HAS_SCOPE = 1 << 2,
	HAS_ENVELOPE_FROM = 1 << 3,
	HAS_ENVELOPE_TO = 1 << 4,
	HAS_HUMAN_RESULT = 1 << 5,
	HAS_SP = 1 << 6,
	HAS_NP = 1 << 7,
	HAS_FO = 1 << 8,
	HAS_NO_PCT = 1 << 9,
	HAS_NO_MODES = 1 << 10,
	HAS_CRLF = 1 << 11,
};

struct dialect {
	const char *org_name;
	const char *receiver; /* of the attachment's name and of envelope_to */
	const char *email;
	const char *contact;   /* NULL: not sent */
	const char *indent;    /* NULL: all in one line */
	const char *namespace; /* attributes of the root element */
	const char *version;
	const char *generator;
	const char *id_form; /* # is the number, @ the receiver, % the policy domain */
	const char *subject; /* the same, and # is the id; a newline is a fold */
	const char *media_type;
	unsigned traits;
	unsigned begin_hour;
	enum packing packing;
	enum mail_shape shape;
};

enum { DIALECT_COUNT = 12 };
extern const struct dialect dialects[DIALECT_COUNT];

enum { NAME_SIZE = 128, MAX_SIGNERS = 6 };

struct signer {
	char domain[NAME_SIZE], selector[NAME_SIZE];
	const char *result;
};

/* What many records have in common. */
struct flow {
	char header_from[NAME_SIZE], envelope_from[NAME_SIZE];
	const char *spf, *disposition, *claimed_dkim, *claimed_spf;
	const char *reason, *comment; /* NULL: none */
	struct signer signers[MAX_SIGNERS];
	unsigned signer_count;
	uint32_t network; /* of its addresses */
};

/* One owner of domains: his policy, and all mail that is sent in his name. */
struct owner {
	char domain[NAME_SIZE];
	const char *policy, *subdomain_policy;
	struct flow *flows; /* ours, owner_release() */
	size_t flow_count;
};

void owner_init(struct owner *o, uint64_t seed, unsigned number, size_t flow_count);
void owner_release(struct owner *o);

struct report_frame {
	const struct dialect *dialect;
	const struct owner *owner;
	const char *id;
	int64_t begin, end;
};

/* The pieces of a report, in their order. */
void report_text_begin(struct buf *out, const struct report_frame *frame);
void report_text_record(struct buf *out, const struct report_frame *frame, struct random *r,
			uint64_t *count_out);
void report_text_end(struct buf *out, const struct report_frame *frame);

/* `template` with '#', '@' and '%' replaced. */
void template_append(struct buf *out, const char *template, const char *number, const char *at,
		     const char *percent);

#endif
