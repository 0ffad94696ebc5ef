/* SPDX-License-Identifier: MIT */
#include "parser/assembly.h"

#include "base/text.h"
#include "base/timestamp.h"

#include "base/banned.h"

/* Reporters run 24 to 26 hours; what is longer is marked, since its day is a guess. */
enum { LONGEST_USUAL_PERIOD = 26 * 3600 };

struct held_record {
	struct held_record *next;
	struct record record;
};

void assembly_init(struct assembly *a, const struct domains *domains, struct sink *sink)
{
	memset(a, 0, sizeof(*a));
	a->domains = domains;
	a->sink = sink;
	a->report.policy.pct = -1;
	a->held_last = &a->held_first;
	arena_init(&a->report_arena, LIMIT_REPORT_MEMORY);
	arena_init(&a->record_arena, LIMIT_RECORD_MEMORY);
	arena_init(&a->held_arena, LIMIT_HELD_MEMORY);
}

void assembly_release(struct assembly *a)
{
	arena_release(&a->report_arena);
	arena_release(&a->record_arena);
	arena_release(&a->held_arena);
}

static struct arena *record_memory(struct assembly *a)
{
	return a->begun ? &a->record_arena : &a->held_arena;
}

static bool out_of_memory(const struct assembly *a, const struct arena *arena, struct err *e)
{
	if (arena == &a->report_arena)
		return err_set(e, ERR_LIMIT, "the metadata take more than %zu bytes", arena->cap);
	if (arena == &a->record_arena)
		return err_set(e, ERR_LIMIT, "record %llu takes more than %zu bytes",
			       (unsigned long long)a->record_count, arena->cap);
	return err_set(e, ERR_LIMIT, "more than %zu bytes of records come before the metadata",
		       arena->cap);
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

static bool check_period(struct report *report, struct err *e)
{
	char begin[TIMESTAMP_TEXT_SIZE], end[TIMESTAMP_TEXT_SIZE];

	timestamp_format(report->begin, begin);
	timestamp_format(report->end, end);
	if (report->begin < TIMESTAMP_FIRST || report->end > TIMESTAMP_LAST)
		return err_set(e, ERR_DATE, "no report can be of this period: %s to %s", begin,
			       end);
	if (report->begin > report->end)
		return err_set(e, ERR_DATE, "the period ends before it begins: %s to %s", begin,
			       end);
	if (report->begin == report->end)
		quirks_add(&report->quirks, QUIRK_EMPTY_PERIOD);
	if (report->end - report->begin > LONGEST_USUAL_PERIOD)
		quirks_add(&report->quirks, QUIRK_LONG_PERIOD);
	return true;
}

static bool begin_report(struct assembly *a, struct err *e)
{
	struct report *report = &a->report;

	if (!a->metadata_complete)
		return err_set(e, ERR_INPUT, "the report has no <report_metadata>");
	if (!a->policy_complete || report->policy.domain.n == 0)
		return err_set(e, ERR_INPUT, "the report names no domain in <policy_published>");
	name_organisation(report);
	if (report->report_id.n == 0)
		quirks_add(&report->quirks, QUIRK_NO_REPORT_ID);
	if (!check_period(report, e))
		return false;
	report->raw = a->report_raw.fields;
	report->raw_count = a->report_raw.count;
	if (!a->sink->ops->begin(a->sink, report, e))
		return false;
	a->begun = true;
	return true;
}

/* Records of one From domain stand together, and a look-up in the suffix list is the dearest step. */
static struct author author_for(struct assembly *a, struct slice header_from)
{
	if (header_from.n > 0 && slice_equal(header_from, slice_from(a->author_name)))
		return a->author;
	/* one that does not fit is looked up each time */
	if (!text_copy(a->author_name, sizeof(a->author_name), header_from))
		return author_of(a->domains, &a->report.policy, header_from);
	a->author = author_of(a->domains, &a->report.policy, slice_from(a->author_name));
	return a->author;
}

static bool feed_record(struct assembly *a, struct record *record, struct err *e)
{
	struct author author = author_for(a, record->header_from);
	const struct alignment *aligned = &record->aligned;

	alignment_compute(&author, record);
	if (aligned->dkim_agreement == AGREEMENT_UNSUPPORTED ||
	    aligned->spf_agreement == AGREEMENT_UNSUPPORTED)
		quirks_add(&a->report.quirks, QUIRK_CLAIM_UNSUPPORTED);
	if (aligned->dkim_agreement == AGREEMENT_CONTRADICTS ||
	    aligned->spf_agreement == AGREEMENT_CONTRADICTS)
		quirks_add(&a->report.quirks, QUIRK_CLAIM_CONTRADICTED);
	if (!a->sink->ops->record(a->sink, &a->report, record, e))
		return false;
	a->fed_count++;
	return true;
}

static bool feed_held(struct assembly *a, struct err *e)
{
	for (struct held_record *held = a->held_first; held; held = held->next) {
		if (!feed_record(a, &held->record, e))
			return false;
	}
	a->held_first = NULL;
	arena_release(&a->held_arena);
	return true;
}

/* The lists of a record, moved from the fixed arrays to where the record itself is held. */
static void *hold_array(struct assembly *a, const void *array, size_t count, size_t size)
{
	void *copy = arena_alloc(&a->held_arena, count * size + 1);

	if (copy && count > 0)
		memcpy(copy, array, count * size);
	return copy;
}

static bool hold_record(struct assembly *a, struct err *e)
{
	struct held_record *held = arena_alloc(&a->held_arena, sizeof(*held));

	if (!held)
		return out_of_memory(a, &a->held_arena, e);
	*held = (struct held_record){ .record = a->record };

	struct record *r = &held->record;

	r->dkim_results = hold_array(a, a->dkim, r->dkim_count, sizeof(a->dkim[0]));
	r->spf_results = hold_array(a, a->spf, r->spf_count, sizeof(a->spf[0]));
	r->reasons = hold_array(a, a->reasons, r->reason_count, sizeof(a->reasons[0]));
	if (!r->dkim_results || !r->spf_results || !r->reasons)
		return out_of_memory(a, &a->held_arena, e);
	*a->held_last = held;
	a->held_last = &held->next;
	quirks_add(&a->report.quirks, QUIRK_RECORD_BEFORE_METADATA);
	return true;
}

static bool open_record(struct assembly *a, struct err *e)
{
	if (a->record_count == LIMIT_RECORDS)
		return err_set(e, ERR_LIMIT, "the report has more than %llu records",
			       (unsigned long long)LIMIT_RECORDS);
	if (!a->begun && a->metadata_complete && a->policy_complete &&
	    (!begin_report(a, e) || !feed_held(a, e)))
		return false;
	a->record_count++;
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

static void note_gaps(struct assembly *a)
{
	const struct record *r = &a->record;
	struct quirks *quirks = &a->report.quirks;

	if (r->source_ip.family == ADDRESS_NONE)
		quirks_add(quirks, QUIRK_NO_ADDRESS);
	if (r->header_from.n == 0)
		quirks_add(quirks, QUIRK_NO_HEADER_FROM);
	if (r->dkim_count + r->spf_count == 0)
		quirks_add(quirks, QUIRK_NO_AUTH_RESULTS);
	if (!a->counted)
		quirks_add(quirks, QUIRK_BAD_COUNT);
	if (!a->evaluated)
		quirks_add(quirks, QUIRK_NO_POLICY_EVALUATED);
}

static bool close_record(struct assembly *a, struct err *e)
{
	a->record.raw = a->record_raw.fields;
	a->record.raw_count = a->record_raw.count;
	note_gaps(a);
	if (!a->begun)
		return hold_record(a, e);

	bool fed = feed_record(a, &a->record, e);

	arena_reset(&a->record_arena);
	return fed;
}

/* One more element of a fixed list, zeroed; past the limit it is dropped, and costs nothing. */
#define OPEN_ITEM(a, list, counter)                                                                \
	do {                                                                                       \
		(a)->item_dropped = (a)->record.counter == COUNT_OF((a)->list);                    \
		if ((a)->item_dropped) {                                                           \
			quirks_add(&(a)->report.quirks, QUIRK_RESULTS_CUT);                        \
			break;                                                                     \
		}                                                                                  \
		(a)->item = (a)->record.counter++;                                                 \
		memset(&(a)->list[(a)->item], 0, sizeof((a)->list[0]));                            \
	} while (0)

bool assembly_open(struct assembly *a, enum element element, struct err *e)
{
	if (element == EL_RECORD)
		return open_record(a, e);
	if (element == EL_DKIM)
		OPEN_ITEM(a, dkim, dkim_count);
	else if (element == EL_SPF)
		OPEN_ITEM(a, spf, spf_count);
	else if (element == EL_REASON)
		OPEN_ITEM(a, reasons, reason_count);
	else if (element == EL_EVALUATED)
		a->evaluated = true;
	return true;
}

static void note_empty_result(struct assembly *a, struct slice domain, struct word result)
{
	if (!a->item_dropped && (domain.n == 0 || result.value == RESULT_ABSENT))
		quirks_add(&a->report.quirks, QUIRK_EMPTY_RESULT);
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
		note_empty_result(a, a->dkim[a->item].domain, a->dkim[a->item].result);
	else if (element == EL_SPF)
		note_empty_result(a, a->spf[a->item].domain, a->spf[a->item].result);
	return true;
}

static struct field_target target_of(struct assembly *a, enum field_owner owner)
{
	struct field_target t = {
		.arena = record_memory(a),
		.owner = &a->record,
		.raw = &a->record_raw,
		.quirks = &a->report.quirks,
	};

	switch (owner) {
	case OWNER_REPORT:
	case OWNER_POLICY:
		t.arena = &a->report_arena;
		t.raw = &a->report_raw;
		t.owner = owner == OWNER_REPORT ? (void *)&a->report : (void *)&a->report.policy;
		break;
	case OWNER_RECORD:
		break;
	case OWNER_REASON:
		t.index = a->item;
		t.owner = &a->reasons[t.index];
		break;
	case OWNER_DKIM:
		t.index = a->item;
		t.owner = &a->dkim[t.index];
		break;
	case OWNER_SPF:
		t.index = a->item;
		t.owner = &a->spf[t.index];
		break;
	}
	return t;
}

bool assembly_leaf(struct assembly *a, const struct element_row *row, struct slice text,
		   struct err *e)
{
	struct field_target target = target_of(a, row->owner);

	bool of_item =
		row->owner == OWNER_REASON || row->owner == OWNER_DKIM || row->owner == OWNER_SPF;

	a->counted |= row->kind == FIELD_COUNT;
	if (of_item && a->item_dropped)
		return true;
	return field_assign(&target, row, text) || out_of_memory(a, target.arena, e);
}

bool assembly_end(struct assembly *a, struct err *e)
{
	if (!a->begun && (!begin_report(a, e) || !feed_held(a, e)))
		return false;
	if (a->record_count == 0)
		quirks_add(&a->report.quirks, QUIRK_NO_RECORDS);
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
