/* SPDX-License-Identifier: MIT */
#include "parser/elements.h"

#include "base/buf.h"
#include "parser/report.h"

#include "base/banned.h"

/* An offset that does not compile when the member has another type than the row's kind fills. */
#define AT(type, member, field_type)                                                               \
	(offsetof(type, member) +                                                                  \
	 0 *                                                                                       \
		 sizeof(char[_Generic(((type *)0)->member, field_type : 1, default                 \
				      : -1)]))

#define REPORT(member, type) OWNER_REPORT, AT(struct report, member, type)
#define POLICY(member, type) OWNER_POLICY, AT(struct published_policy, member, type)
#define RECORD(member, type) OWNER_RECORD, AT(struct record, member, type)
#define REASON(member, type) OWNER_REASON, AT(struct override_reason, member, type)
#define DKIM(member, type)   OWNER_DKIM, AT(struct dkim_result, member, type)
#define SPF(member, type)    OWNER_SPF, AT(struct spf_result, member, type)

#define BOX(name, parent, element)                                                                 \
	{                                                                                          \
		name, parent, element, FIELD_NONE, OWNER_REPORT, 0, NULL, NO_QUIRK                 \
	}
#define TEXT(name, parent, target)                                                                 \
	{                                                                                          \
		name, parent, EL_LEAF, FIELD_TEXT, target, NULL, NO_QUIRK                          \
	}
#define LEAF(name, parent, kind, target)                                                           \
	{                                                                                          \
		name, parent, EL_LEAF, kind, target, NULL, NO_QUIRK                                \
	}
#define WORD(name, parent, target, words)                                                          \
	{                                                                                          \
		name, parent, EL_LEAF, FIELD_WORD, target, words, NO_QUIRK                         \
	}
#define NO_QUIRK (-1)

/* clang-format off */
const struct element_row element_rows[] = {
	BOX("feedback", EL_DOCUMENT, EL_FEEDBACK),

	BOX("record", EL_FEEDBACK, EL_RECORD),
	BOX("report_metadata", EL_FEEDBACK, EL_METADATA),
	BOX("policy_published", EL_FEEDBACK, EL_POLICY),
	LEAF("version", EL_FEEDBACK, FIELD_NAME, REPORT(version, struct slice)),

	TEXT("org_name", EL_METADATA, REPORT(org_name, struct slice)),
	TEXT("email", EL_METADATA, REPORT(email, struct slice)),
	TEXT("extra_contact_info", EL_METADATA, REPORT(extra_contact_info, struct slice)),
	LEAF("report_id", EL_METADATA, FIELD_REPORT_ID, REPORT(report_id, struct slice)),
	BOX("date_range", EL_METADATA, EL_DATE_RANGE),
	LEAF("error", EL_METADATA, FIELD_ERROR, REPORT(errors, const struct slice *)),
	TEXT("generator", EL_METADATA, REPORT(generator, struct slice)),

	LEAF("begin", EL_DATE_RANGE, FIELD_TIME, REPORT(begin, int64_t)),
	LEAF("end", EL_DATE_RANGE, FIELD_TIME, REPORT(end, int64_t)),

	LEAF("domain", EL_POLICY, FIELD_DOMAIN, POLICY(domain, struct slice)),
	WORD("adkim", EL_POLICY, POLICY(adkim, struct word), &mode_words),
	WORD("aspf", EL_POLICY, POLICY(aspf, struct word), &mode_words),
	WORD("p", EL_POLICY, POLICY(p, struct word), &policy_words),
	WORD("sp", EL_POLICY, POLICY(sp, struct word), &policy_words),
	WORD("np", EL_POLICY, POLICY(np, struct word), &policy_words),
	LEAF("pct", EL_POLICY, FIELD_PERCENT, POLICY(pct, int)),
	LEAF("fo", EL_POLICY, FIELD_NAME, POLICY(fo, struct slice)),
	WORD("testing", EL_POLICY, POLICY(testing, struct word), &flag_words),
	LEAF("rf", EL_POLICY, FIELD_RETIRED, POLICY(domain, struct slice)),
	LEAF("ri", EL_POLICY, FIELD_RETIRED, POLICY(domain, struct slice)),
	WORD("discovery_method", EL_POLICY, POLICY(discovery, struct word), &discovery_words),

	BOX("row", EL_RECORD, EL_ROW),
	BOX("identifiers", EL_RECORD, EL_IDENTIFIERS),
	BOX("auth_results", EL_RECORD, EL_AUTH_RESULTS),
	{ "identities", EL_RECORD, EL_IDENTIFIERS, FIELD_NONE, OWNER_REPORT, 0, NULL,
	  QUIRK_IDENTITIES_ALIAS },

	LEAF("source_ip", EL_ROW, FIELD_ADDRESS, RECORD(source_ip, struct address)),
	LEAF("count", EL_ROW, FIELD_COUNT, RECORD(count, uint64_t)),
	BOX("policy_evaluated", EL_ROW, EL_EVALUATED),

	WORD("disposition", EL_EVALUATED, RECORD(disposition, struct word), &disposition_words),
	WORD("dkim", EL_EVALUATED, RECORD(dkim, struct word), &claimed_result_words),
	WORD("spf", EL_EVALUATED, RECORD(spf, struct word), &claimed_result_words),
	BOX("reason", EL_EVALUATED, EL_REASON),

	WORD("type", EL_REASON, REASON(type, struct word), &reason_words),
	TEXT("comment", EL_REASON, REASON(comment, struct slice)),

	LEAF("header_from", EL_IDENTIFIERS, FIELD_DOMAIN, RECORD(header_from, struct slice)),
	LEAF("envelope_from", EL_IDENTIFIERS, FIELD_MAILBOX, RECORD(envelope_from, struct slice)),
	LEAF("envelope_to", EL_IDENTIFIERS, FIELD_MAILBOX, RECORD(envelope_to, struct slice)),

	BOX("dkim", EL_AUTH_RESULTS, EL_DKIM),
	BOX("spf", EL_AUTH_RESULTS, EL_SPF),

	LEAF("domain", EL_DKIM, FIELD_DOMAIN, DKIM(domain, struct slice)),
	LEAF("selector", EL_DKIM, FIELD_NAME, DKIM(selector, struct slice)),
	WORD("result", EL_DKIM, DKIM(result, struct word), &dkim_result_words),
	TEXT("human_result", EL_DKIM, DKIM(human_result, struct slice)),

	LEAF("domain", EL_SPF, FIELD_DOMAIN, SPF(domain, struct slice)),
	WORD("scope", EL_SPF, SPF(scope, struct word), &scope_words),
	WORD("result", EL_SPF, SPF(result, struct word), &spf_result_words),
	TEXT("human_result", EL_SPF, SPF(human_result, struct slice)),
};
/* clang-format on */
const size_t element_row_count = COUNT_OF(element_rows);

void element_field_name(struct buf *b, const struct element_row *row, size_t index)
{
	static const struct {
		const char *prefix;
		bool indexed;
	} owners[] = {
		[OWNER_REPORT] = { "", false },  [OWNER_POLICY] = { "policy", false },
		[OWNER_RECORD] = { "", false },  [OWNER_REASON] = { "reasons", true },
		[OWNER_DKIM] = { "dkim", true }, [OWNER_SPF] = { "spf", true },
	};

	buf_append_text(b, owners[row->owner].prefix);
	if (owners[row->owner].indexed)
		buf_printf(b, "[%zu]", index);
	if (b->n > 0)
		buf_append_byte(b, '.');
	buf_append_text(b, row->name);
}
