/* SPDX-License-Identifier: MIT */
/* Facts as the database takes them: rows of binary COPY. */
#ifndef STORE_ENCODE_H
#define STORE_ENCODE_H

#include "parser/message.h"
#include "store/keys.h"

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
	enum origin origin; /* and what is thought of the whole */
};

/* Columns of dmarc.report, in the order that encode_report() writes them. */
#define ENCODE_REPORT_COLUMNS                                                                      \
	"key, day, reporter, org_name, email, extra_contact_info, report_id, begin_at, end_at, "   \
	"version, generator, namespace, errors, policy_domain, adkim, aspf, p, sp, np, pct, "      \
	"testing, discovery_method, fo, quirks, records, messages, content, message_key, origin"
void encode_report(struct buf *out, const struct uuid *key, const struct report *report,
		   struct slice reporter, const struct report_totals *totals,
		   const unsigned char message_key[MESSAGE_KEY_SIZE]);

/* A message and its outcome, for the ledger; and where it lies since it was settled. */
#define ENCODE_MESSAGE_COLUMNS                                                                     \
	"key, source, locator, message_id, from_domain, authentication, signer, size, outcome, "   \
	"reason, settled, again"
void encode_message(struct buf *out, const struct message *message,
		    const struct verdict_of_message *verdict);

#define ENCODE_SETTLED_COLUMNS "key, settlement, source, locator, place_key"
void encode_settled(struct buf *out, const struct settled_message *settled);

#endif
