/* SPDX-License-Identifier: MIT */
/* Keys made of content: what a report and a stream are known by, on every machine the same. */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "parser/report.h"

/* Of the digest that keys are made by; another one makes every report a new one. */
enum { KEYS_VERSION = 1 };

enum { UUID_SIZE = 16, UUID_TEXT_SIZE = 37 };

struct uuid {
	unsigned char bytes[UUID_SIZE];
};

void uuid_format(const struct uuid *u, char text[static UUID_TEXT_SIZE]);
/* False when the text is none. */
MUST_USE bool uuid_parse(struct slice text, struct uuid *u_out);
bool uuid_equal(const struct uuid *a, const struct uuid *b);

/* The day that a report's key begins with. */
int64_t uuid_day(const struct uuid *report);

/* Appends the bytes in hexadecimal. */
void hex_append(struct buf *b, const unsigned char *bytes, size_t n);

/* n bytes out of 2n hexadecimal digits; false when the text is something else. */
MUST_USE bool hex_parse(struct slice text, unsigned char *bytes, size_t n);

/*
 * org_name in lower case without blanks around, and no longer than an index takes: what reports are
 * grouped by. Ours, in the buffer.
 */
void reporter_append(struct buf *b, const struct report *report);

/* The UTC day of the middle of the period: reporters run 24 to 26 hours from their own midnight. */
int64_t report_day(const struct report *report);

/* ERR_DATE for a day after the latest that can be. */
MUST_USE bool report_day_check(int64_t day, int64_t latest, struct err *e);

struct uuid report_key(struct digest *d, const struct report *report, struct slice reporter);

/* What streams are made of besides the record and its policy: notes in place of free text. */
struct slice reason_note(const struct override_reason *reason);
struct slice dkim_hint(const struct dkim_result *dkim);

/* The policy is what stream_policy_append() made of it: all records of a report share it. */
void stream_policy_append(struct buf *fields, const struct published_policy *policy);
struct uuid stream_key(struct digest *d, struct slice policy, const struct record *record);

/*
 * The digest of a report's records, in any order: the sum of theirs. A sum, since with exclusive-or a
 * record that comes twice would vanish.
 */
struct content {
	uint64_t sums[4];
};

void content_add(struct content *c, struct digest *d, const struct uuid *stream,
		 const struct record *record);
void content_bytes(const struct content *c, unsigned char bytes[static DIGEST_SIZE]);

#endif
