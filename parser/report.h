/* SPDX-License-Identifier: MIT */
/*
 * The model: one aggregate report and one of its records, normalised. Everything behind `parser/`
 * works on these and knows nothing of XML.
 *
 * Every slice is borrowed: a report's are valid from begin() to the return of end() or abort(), a
 * record's during record(). An absent slice was not sent; an empty one was sent empty.
 *
 * Domains are lower-case A-labels without a trailing dot. Where the sender spelled a value otherwise
 * than it stands here, `raw` holds his spelling under the field's name ("header_from", "dkim[0].result").
 */
#ifndef PARSER_REPORT_H
#define PARSER_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "parser/quirks.h"
#include "parser/vocabulary.h"

struct raw_field {
	struct slice field;
	struct slice text;
};

struct published_policy {
	struct slice domain;
	struct word adkim, aspf; /* enum mode */
	struct word p, sp, np;   /* enum policy; an absent sp inherits p, an absent np sp */
	int pct;                 /* 0 to 100; -1 not sent */
	struct slice fo;
	struct word testing;   /* enum flag */
	struct word discovery; /* enum discovery */
};

struct report {
	struct slice org_name; /* never absent or empty: else the e-mail's domain, else "unknown" */
	struct slice email;
	struct slice extra_contact_info;
	struct slice report_id;
	int64_t begin, end; /* seconds since 1970, UTC */
	struct slice version;
	struct slice generator;
	struct slice namespace_uri;
	const struct slice *errors;
	size_t error_count;
	struct published_policy policy;
	const struct raw_field *raw;
	size_t raw_count;
	struct quirks quirks;
	struct slice broken_off; /* where and why it ends early; absent: it is whole */
};

enum { ADDRESS_NONE = 0, ADDRESS_V4 = 4, ADDRESS_V6 = 6 };

struct address {
	unsigned char family; /* ADDRESS_NONE where the reporter gave none that can be read */
	unsigned char bytes[16];
};

/* Longest IPv6 text, terminated; the same as INET6_ADDRSTRLEN. */
enum { ADDRESS_TEXT_SIZE = 46 };

struct dkim_result {
	struct slice domain;
	struct slice selector;
	struct word
		result; /* enum result; OTHER keeps the word, so "unknown" is not "key missing" */
	struct slice human_result;
};

struct spf_result {
	struct slice domain;
	struct word scope;  /* enum scope */
	struct word result; /* enum result */
	struct slice human_result;
};

struct override_reason {
	struct word type; /* enum reason */
	struct slice comment;
};

struct alignment {
	bool dkim, spf;
	enum agreement dkim_agreement, spf_agreement;
};

struct record {
	uint64_t ordinal; /* 1 for the first of its report */
	struct address source_ip;
	uint64_t count; /* messages; 0 where the reporter gave none that can be read */

	/* as claimed by the reporter */
	struct word disposition; /* enum disposition */
	struct word dkim, spf;   /* enum result */
	const struct override_reason *reasons;
	size_t reason_count;

	struct slice header_from;
	struct slice envelope_from; /* the domain; empty for a null sender */
	struct slice envelope_to;

	/* the evidence */
	const struct dkim_result *dkim_results;
	size_t dkim_count;
	const struct spf_result *spf_results;
	size_t spf_count;

	/* computed from the evidence and the published modes, never copied from the claim */
	struct alignment aligned;

	const struct raw_field *raw;
	size_t raw_count;
};

/* "192.0.2.1" or the RFC 5952 form; "" for ADDRESS_NONE. */
void address_format(const struct address *a, char text[static ADDRESS_TEXT_SIZE]);

#endif
