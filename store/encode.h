/* SPDX-License-Identifier: MIT */
/*
 * Facts in the forms the database takes them: records and streams as rows of binary COPY, the rest as
 * JSON objects that one statement unpacks for many at a time.
 */
#ifndef STORE_ENCODE_H
#define STORE_ENCODE_H

#include "parser/message.h"
#include "store/keys.h"

/* What COPY wants before the first row and after the last. */
struct slice encode_copy_header(void);
struct slice encode_copy_trailer(void);

/* Columns of dmarc.record, in the order of encode_copy_statement. */
extern const char encode_copy_statement[];
void encode_record(struct buf *out, const struct uuid *report, int64_t day,
		   const struct uuid *stream, const struct record *record);

/* Columns of dmarc.stream, in the order that encode_stream() writes them. */
#define ENCODE_STREAM_COLUMNS                                                                      \
	"key, policy_domain, adkim, aspf, p, sp, np, pct, testing, discovery_method, "             \
	"header_from, envelope_from, disposition, claimed_dkim, claimed_spf, "                     \
	"reason_types, reason_notes, dkim_domains, dkim_selectors, dkim_results, dkim_hints, "     \
	"spf_domains, spf_scopes, spf_results"
void encode_stream(struct buf *out, const struct uuid *key, const struct published_policy *policy,
		   const struct record *record);

struct report_totals {
	uint64_t records;
	uint64_t messages;
	struct content content;
};

void encode_report(struct buf *out, const struct uuid *key, const struct report *report,
		   struct slice reporter, const struct report_totals *totals,
		   const unsigned char message_key[MESSAGE_KEY_SIZE]);

void encode_message(struct buf *out, const struct message *message,
		    const struct verdict_of_message *verdict);
void encode_settled(struct buf *out, const struct settled_message *settled);

#endif
