/* SPDX-License-Identifier: MIT */
#include "parser/assembly.h"

#include "base/text.h"
#include "base/timestamp.h"

#include "base/banned.h"

/* Reporters run 24 to 26 hours; what is longer is marked, since its day is a guess. */
enum { AN_HOUR = 3600, A_DAY = 24 * AN_HOUR, LONGEST_USUAL_PERIOD = 26 * AN_HOUR };

/* More than any report but those of the largest senders. */
enum { MANY_RECORDS = 100000 };

static void init_targets(struct assembly *a)
{
	const struct field_target of_report = { .arena = &a->report_arena,
						.raw = &a->report_raw,
						.quirks = &a->report.quirks };
	const struct field_target of_record = { .arena = &a->record_arena,
						.raw = &a->record_raw,
						.quirks = &a->report.quirks };

	for (int owner = 0; owner < OWNER_COUNT; owner++)
		a->targets[owner] = owner <= OWNER_POLICY ? of_report : of_record;
	a->targets[OWNER_REPORT].owner = &a->report;
	a->targets[OWNER_POLICY].owner = &a->report.policy;
	a->targets[OWNER_RECORD].owner = &a->record;
}

void assembly_init(struct assembly *a, const struct domains *domains,
		   struct domain_cache *organisations, struct sink *sink)
{
	memset(a, 0, sizeof(*a));
	a->domains = domains;
	a->organisations = organisations;
	a->sink = sink;
	a->report.policy.pct = -1;
	arena_init(&a->report_arena, LIMIT_REPORT_MEMORY);
	arena_init(&a->record_arena, LIMIT_RECORD_MEMORY);
	init_targets(a);
}

void assembly_release(struct assembly *a)
{
	arena_release(&a->report_arena);
	arena_release(&a->record_arena);
}

static void note(struct assembly *a, enum quirk quirk, bool met)
{
	if (met)
		quirks_add(&a->report.quirks, quirk);
}

static bool out_of_memory(const struct assembly *a, const struct arena *arena, struct err *e)
{
	if (arena == &a->report_arena)
		return err_set(e, ERR_LIMIT, "the metadata take more than %zu bytes", arena->cap);
	return err_set(e, ERR_LIMIT, "record %llu takes more than %zu bytes",
		       (unsigned long long)a->record_count, arena->cap);
}

/* The organisation a person would name: never empty, since reports are grouped by it. */
static void name_organisation(struct report *report)
{
	size_t at = slice_find(report->email, '@');

	if (report->org_name.n > 0)
		return;
	quirks_add(&report->quirks, QUIRK_NO_ORG_NAME);
	report->org_name = slice_trim(slice_from_offset(report->email, at + 1));
	if (report->org_name.n == 0)
		report->org_name = SLICE("unknown");
}

static bool refuse_period(const struct report *report, const char *why, struct err *e)
{
	char begin[TIMESTAMP_TEXT_SIZE], end[TIMESTAMP_TEXT_SIZE];

	timestamp_format(report->begin, begin);
	timestamp_format(report->end, end);
	return err_set(e, ERR_DATE, "%s: %s to %s", why, begin, end);
}

static bool check_period(struct assembly *a, struct err *e)
{
	const struct report *report = &a->report;
	int64_t length = report->end - report->begin;

	if (report->begin < TIMESTAMP_FIRST || report->end > TIMESTAMP_LAST)
		return refuse_period(report, "no report can be of this period", e);
	if (length < 0)
		return refuse_period(report, "the period ends before it begins", e);
	note(a, QUIRK_EMPTY_PERIOD, length == 0);
	note(a, QUIRK_SHORT_PERIOD, length > 0 && length < AN_HOUR);
	note(a, QUIRK_PERIOD_OVER_A_DAY, length > A_DAY && length <= LONGEST_USUAL_PERIOD);
	note(a, QUIRK_LONG_PERIOD, length > LONGEST_USUAL_PERIOD);
	return true;
}

static bool is_spelled_by_a_person(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (byte_is_blank(name.p[i]) || byte_lower(name.p[i]) != name.p[i])
			return true;
	}
	return false;
}

static void note_metadata(struct assembly *a)
{
	const struct report *r = &a->report;
	const struct published_policy *p = &r->policy;
	bool is_rfc9990 = quirks_have(&r->quirks, QUIRK_RFC9990_NAMESPACE);

	note(a, QUIRK_ORG_NAME_SPELLING, is_spelled_by_a_person(r->org_name));
	note(a, QUIRK_NO_REPORT_ID, r->report_id.n == 0);
	note(a, QUIRK_REPORTER_ERRORS, r->error_count > 0);
	note(a, QUIRK_MODES_NOT_SENT,
	     p->adkim.value == MODE_ABSENT || p->aspf.value == MODE_ABSENT);
	note(a, QUIRK_PCT_NOT_SENT, p->pct < 0);
	note(a, QUIRK_SP_NOT_SENT, p->sp.value == POLICY_ABSENT);
	note(a, QUIRK_NP_IN_OLD_SCHEMA, p->np.value != POLICY_ABSENT && !is_rfc9990);
}

/* What a report must have to be one. */
static bool check_report(struct assembly *a, struct err *e)
{
	if (!a->metadata_complete)
		return err_set(e, ERR_INPUT, "the report has no <report_metadata>");
	if (!a->policy_complete || a->report.policy.domain.n == 0)
		return err_set(e, ERR_INPUT, "the report names no domain in <policy_published>");
	return check_period(a, e);
}

static bool begin_report(struct assembly *a, struct err *e)
{
	struct report *report = &a->report;

	note_metadata(a);
	name_organisation(report);
	quirks_merge(&report->quirks, &a->given);
	report->raw = a->report_raw.fields;
	report->raw_count = a->report_raw.count;
	if (!a->sink->ops->begin(a->sink, report, e))
		return false;
	a->begun = true;
	return true;
}

/* Records of one From domain stand together, and a look-up in the suffix list is the dearest step. */
static void find_author(struct assembly *a, struct slice header_from)
{
	if (header_from.n > 0 && slice_equal(header_from, slice_from(a->author_name)))
		return;
	/* one that does not fit is looked up each time */
	if (text_copy(a->author_name, sizeof(a->author_name), header_from))
		header_from = slice_from(a->author_name);
	a->author = author_of(a->domains, a->organisations, &a->report.policy, header_from);
	note(a, QUIRK_POLICY_DOMAIN_UNRELATED,
	     header_from.n > 0 && !domain_is_under(header_from, a->report.policy.domain) &&
		     !author_related(&a->author, a->report.policy.domain));
}

/* The policy asked for something, nothing passed, and nothing was done, without a word why. */
static bool is_override_unexplained(const struct published_policy *policy, const struct record *r)
{
	bool is_subdomain = !slice_equal(r->header_from, policy->domain);
	int asked = is_subdomain && policy->sp.value != POLICY_ABSENT ? policy->sp.value
								      : policy->p.value;

	return r->disposition.value == DISPOSITION_NONE && r->reason_count == 0 &&
		r->dkim.value == RESULT_FAIL && r->spf.value == RESULT_FAIL &&
		(asked == POLICY_QUARANTINE || asked == POLICY_REJECT) &&
		(policy->pct < 0 || policy->pct == 100) && policy->testing.value != FLAG_YES;
}

static void note_contradictions(struct assembly *a, const struct record *r)
{
	const struct alignment *aligned = &r->aligned;
	bool claims_pass = r->dkim.value == RESULT_PASS || r->spf.value == RESULT_PASS;
	bool acted = r->disposition.value == DISPOSITION_QUARANTINE ||
		r->disposition.value == DISPOSITION_REJECT;

	note(a, QUIRK_CLAIM_UNSUPPORTED,
	     aligned->dkim_agreement == AGREEMENT_UNSUPPORTED ||
		     aligned->spf_agreement == AGREEMENT_UNSUPPORTED);
	note(a, QUIRK_CLAIM_CONTRADICTED,
	     aligned->dkim_agreement == AGREEMENT_CONTRADICTS ||
		     aligned->spf_agreement == AGREEMENT_CONTRADICTS);
	note(a, QUIRK_DISPOSITION_AGAINST_CLAIM, claims_pass && acted);
	note(a, QUIRK_OVERRIDE_UNEXPLAINED, is_override_unexplained(&a->report.policy, r));
}

static bool feed_record(struct assembly *a, struct err *e)
{
	struct record *record = &a->record;

	if (!a->begun && !begin_report(a, e))
		return false;
	find_author(a, record->header_from);
	alignment_compute(&a->author, record);
	note_contradictions(a, record);
	if (!a->sink->ops->record(a->sink, &a->report, record, e))
		return false;
	a->fed_count++;
	return true;
}

static bool open_record(struct assembly *a, struct err *e)
{
	if (a->record_count == LIMIT_RECORDS)
		return err_set(e, ERR_LIMIT, "the report has more than %llu records",
			       (unsigned long long)LIMIT_RECORDS);
	a->record_count++;
	if (!a->metadata_complete || !a->policy_complete) {
		a->looking_ahead = true;
		quirks_add(&a->report.quirks, QUIRK_RECORD_BEFORE_METADATA);
	}
	a->skipped = a->looking_ahead || a->record_count <= a->fed_before;
	if (a->skipped)
		return true;
	/* told where it is found; the sink hears of a report with its first whole record */
	if (!a->begun && !check_report(a, e))
		return false;
	a->record = (struct record){
		.ordinal = a->record_count,
		.dkim_results = a->dkim,
		.spf_results = a->spf,
		.reasons = a->reasons,
	};
	a->record_raw = (struct raw_list){ 0 };
	a->counted = false;
	a->evaluated = false;
	return true;
}

static bool is_odd_claim(struct word claim)
{
	return claim.value != RESULT_ABSENT && claim.value != RESULT_PASS &&
		claim.value != RESULT_FAIL;
}

static void note_record(struct assembly *a)
{
	const struct record *r = &a->record;

	note(a, QUIRK_NO_ADDRESS, r->source_ip.family == ADDRESS_NONE);
	note(a, QUIRK_BAD_COUNT, !a->counted);
	note(a, QUIRK_NO_HEADER_FROM, r->header_from.n == 0);
	note(a, QUIRK_NO_ENVELOPE_FROM, slice_is_absent(r->envelope_from));
	note(a, QUIRK_NO_ENVELOPE_TO, slice_is_absent(r->envelope_to));
	note(a, QUIRK_NO_AUTH_RESULTS, r->dkim_count + r->spf_count == 0);
	note(a, QUIRK_SEVERAL_SIGNATURES, r->dkim_count > 1);
	note(a, QUIRK_SEVERAL_SPF_RESULTS, r->spf_count > 1);
	note(a, QUIRK_NO_POLICY_EVALUATED, !a->evaluated);
	note(a, QUIRK_DISPOSITION_PASS, r->disposition.value == DISPOSITION_PASS);
	note(a, QUIRK_CLAIM_NOT_PASS_OR_FAIL, is_odd_claim(r->dkim) || is_odd_claim(r->spf));
	note(a, QUIRK_NO_CLAIM,
	     a->evaluated && (r->dkim.value == RESULT_ABSENT || r->spf.value == RESULT_ABSENT));
}

static bool close_record(struct assembly *a, struct err *e)
{
	if (a->skipped)
		return true;
	a->record.raw = a->record_raw.fields;
	a->record.raw_count = a->record_raw.count;
	note_record(a);

	bool fed = feed_record(a, e);

	arena_reset(&a->record_arena);
	a->settled = a->report.quirks;
	return fed;
}

/* One more element of a fixed list, zeroed; past the limit it is dropped, and costs nothing. */
#define OPEN_ITEM(a, list, counter, target)                                                        \
	do {                                                                                       \
		(target)->owner = NULL;                                                            \
		if ((a)->record.counter == COUNT_OF((a)->list)) {                                  \
			quirks_add(&(a)->report.quirks, QUIRK_RESULTS_CUT);                        \
			break;                                                                     \
		}                                                                                  \
		(target)->index = (a)->record.counter++;                                           \
		(target)->owner = &(a)->list[(target)->index];                                     \
		memset((target)->owner, 0, sizeof((a)->list[0]));                                  \
	} while (0)

bool assembly_open(struct assembly *a, enum element element, struct err *e)
{
	if (element == EL_RECORD)
		return open_record(a, e);
	if (element == EL_METADATA)
		note(a, QUIRK_UNUSUAL_ORDER, a->policy_complete);
	else if (element == EL_DKIM)
		OPEN_ITEM(a, dkim, dkim_count, &a->targets[OWNER_DKIM]);
	else if (element == EL_SPF)
		OPEN_ITEM(a, spf, spf_count, &a->targets[OWNER_SPF]);
	else if (element == EL_REASON)
		OPEN_ITEM(a, reasons, reason_count, &a->targets[OWNER_REASON]);
	else if (element == EL_EVALUATED)
		a->evaluated = true;
	return true;
}

static void note_signature(struct assembly *a, const struct dkim_result *dkim)
{
	if (!dkim)
		return;
	note(a, QUIRK_EMPTY_RESULT, dkim->domain.n == 0 || dkim->result.value == RESULT_ABSENT);
	note(a, QUIRK_NO_SELECTOR, dkim->domain.n > 0 && dkim->selector.n == 0);
}

static void note_spf(struct assembly *a, const struct spf_result *spf)
{
	if (!spf)
		return;
	note(a, QUIRK_EMPTY_RESULT, spf->domain.n == 0 || spf->result.value == RESULT_ABSENT);
	note(a, QUIRK_NO_SCOPE, spf->scope.value == SCOPE_ABSENT);
	note(a, QUIRK_HELO_SCOPE, spf->scope.value == SCOPE_HELO);
}

static void note_reason(struct assembly *a, const struct override_reason *reason)
{
	if (!reason)
		return;
	note(a, QUIRK_EMPTY_REASON, reason->type.value == REASON_ABSENT);
	note(a, QUIRK_REASON_COMMENT, reason->comment.n > 0);
}

bool assembly_close(struct assembly *a, enum element element, struct err *e)
{
	if (element == EL_RECORD)
		return close_record(a, e);
	if (element == EL_METADATA)
		a->metadata_complete = true;
	else if (element == EL_POLICY)
		a->policy_complete = true;
	else if (element == EL_DKIM)
		note_signature(a, a->targets[OWNER_DKIM].owner);
	else if (element == EL_SPF)
		note_spf(a, a->targets[OWNER_SPF].owner);
	else if (element == EL_REASON)
		note_reason(a, a->targets[OWNER_REASON].owner);
	return true;
}

bool assembly_wants(const struct assembly *a, enum element element)
{
	switch (element) {
	case EL_METADATA: /* the sink may know the first ones already: nothing in them may change */
		return !a->metadata_complete;
	case EL_POLICY:
		return !a->policy_complete;
	case EL_ROW:
	case EL_IDENTIFIERS:
	case EL_AUTH_RESULTS:
		return !a->skipped;
	default:
		return true;
	}
}

bool assembly_leaf(struct assembly *a, const struct element_row *row, struct slice text,
		   struct err *e)
{
	const struct field_target *target = &a->targets[row->owner];

	a->counted |= row->kind == FIELD_COUNT;
	return !target->owner || field_assign(target, row, text) ||
		out_of_memory(a, target->arena, e);
}

void assembly_drop_open(struct assembly *a)
{
	a->report.quirks = a->settled;
}

void assembly_rewind(struct assembly *a, bool keep_metadata)
{
	a->record_count = 0;
	a->fed_before = a->fed_count;
	a->looking_ahead = false;
	arena_reset(&a->record_arena);
	if (a->begun)
		assembly_drop_open(a);
	if (a->begun || keep_metadata)
		return;
	arena_reset(&a->report_arena);
	a->report = (struct report){ .policy.pct = -1 };
	a->report_raw = (struct raw_list){ 0 };
	a->metadata_complete = false;
	a->policy_complete = false;
}

bool assembly_end(struct assembly *a, struct err *e)
{
	const struct report *r = &a->report;

	if (!a->begun && (!check_report(a, e) || !begin_report(a, e)))
		return false;
	note(a, QUIRK_NO_RECORDS, a->record_count == 0);
	note(a, QUIRK_MANY_RECORDS, a->record_count > MANY_RECORDS);
	note(a, QUIRK_NO_VERSION, slice_is_absent(r->version));
	note(a, QUIRK_ODD_VERSION,
	     !slice_is_absent(r->version) && !slice_equal(r->version, SLICE("1.0")));
	quirks_merge(&a->report.quirks, &a->given);
	a->report.raw = a->report_raw.fields;
	a->report.raw_count = a->report_raw.count;
	if (!a->sink->ops->end(a->sink, &a->report, e))
		return false;
	a->ended = true;
	return true;
}

void assembly_abort(struct assembly *a, const struct err *why)
{
	if (a->begun && !a->ended)
		a->sink->ops->abort(a->sink, &a->report, why);
	a->ended = true;
}
