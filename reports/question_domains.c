/* SPDX-License-Identifier: MIT */
/* "How far is each domain from p=reject, and what would that cost?" As the view domains reckons it. */
#include "reports/amounts.h"
#include "reports/question.h"

#include "base/banned.h"

/* Of the domains that follow the table says enough; --domain tells of one. */
enum { DOMAINS_EXPLAINED = 20, REPORTERS_NAMED = 3, WIDE = 120 };

/* Below that a window says little. */
enum { ENOUGH_DAYS = 31 };

/* What a policy would cost, in the order of the view. */
enum cost {
	COST_ALL,
	COST_YOURS,
	COST_FORWARDED,
	COST_LET_THROUGH,
	COST_FIXABLE,
	COST_UNDECIDED,
	COST_STOPPED,
	COST_SPF_ONLY,
	COSTS
};

enum domain_column {
	COLUMN_DOMAIN,
	COLUMN_POLICY,
	COLUMN_PUBLISHED_P,
	COLUMN_PUBLISHED_SP,
	COLUMN_PUBLISHED_NP,
	COLUMN_TESTING,
	COLUMN_PCT,
	COLUMN_ADKIM,
	COLUMN_ASPF,
	COLUMN_EFFECTIVE_P,
	COLUMN_POLICY_SINCE,
	COLUMN_REPORTS,
	COLUMN_REPORTERS,
	COLUMN_TOP_REPORTERS,
	COLUMN_FIRST_DAY,
	COLUMN_LAST_DAY,
	COLUMN_DAYS,
	COLUMN_MESSAGES,
	COLUMN_COUNTED,
	COLUMN_PASSED,
	COLUMN_FAILED,
	COLUMN_SPOOFED,
	COLUMN_UNDETERMINED,
	COLUMN_COST,
	COLUMN_COST_END = COLUMN_COST + COSTS - 1,
	COLUMN_COST_BELOW,
	COLUMN_SP_COST,
	COLUMN_SP_COST_END = COLUMN_SP_COST + COSTS - 1,
	COLUMN_PARKED,
	COLUMN_READINESS,
	COLUMN_NEXT,
	COLUMNS,
};

static const struct column columns[] = {
	[COLUMN_DOMAIN] = { .name = "policy_domain", .title = "DOMAIN", .least = 16 },
	[COLUMN_POLICY] = { .name = "policy", .title = "POLICY", .made = true, .least = 14 },
	[COLUMN_PUBLISHED_P] = { .name = "published_p" },
	[COLUMN_PUBLISHED_SP] = { .name = "published_sp" },
	[COLUMN_PUBLISHED_NP] = { .name = "published_np" },
	[COLUMN_TESTING] = { .name = "testing" },
	[COLUMN_PCT] = { .name = "pct", .kind = COLUMN_COUNT },
	[COLUMN_ADKIM] = { .name = "adkim" },
	[COLUMN_ASPF] = { .name = "aspf" },
	[COLUMN_EFFECTIVE_P] = { .name = "effective_p" },
	[COLUMN_POLICY_SINCE] = { .name = "policy_since" },
	[COLUMN_REPORTS] = { .name = "reports", .kind = COLUMN_COUNT },
	[COLUMN_REPORTERS] = { .name = "reporters", .kind = COLUMN_COUNT },
	[COLUMN_TOP_REPORTERS] = { .name = "top_reporters" },
	[COLUMN_FIRST_DAY] = { .name = "first_day" },
	[COLUMN_LAST_DAY] = { .name = "last_day" },
	[COLUMN_DAYS] = { .name = "days",
			  .title = "DAYS",
			  .kind = COLUMN_COUNT,
			  .from_width = WIDE },
	[COLUMN_MESSAGES] = { .name = "messages", .title = "MESSAGES", .kind = COLUMN_COUNT },
	[COLUMN_COUNTED] = { .name = "counted", .kind = COLUMN_COUNT },
	[COLUMN_PASSED] = { .name = "passed",
			    .title = "PASS",
			    .kind = COLUMN_SHARE,
			    .part_of = "counted" },
	[COLUMN_FAILED] = { .name = "failed", .kind = COLUMN_COUNT },
	[COLUMN_SPOOFED] = { .name = "spoofed", .kind = COLUMN_COUNT },
	[COLUMN_UNDETERMINED] = { .name = "undetermined", .kind = COLUMN_COUNT },
	[COLUMN_COST + COST_ALL] = { .name = "reject_cost",
				     .kind = COLUMN_RATE,
				     .title = "COST/DAY",
				     .tone = TONE_BAD },
	[COLUMN_COST + COST_YOURS] = { .name = "cost_yours",
				       .kind = COLUMN_RATE,
				       .title = "YOURS",
				       .from_width = WIDE },
	[COLUMN_COST + COST_FORWARDED] = { .name = "cost_forwarded",
					   .kind = COLUMN_RATE,
					   .title = "FORWARDED",
					   .from_width = WIDE },
	[COLUMN_COST + COST_LET_THROUGH] = { .name = "forwarded_let_through", .kind = COLUMN_RATE },
	[COLUMN_COST + COST_FIXABLE] = { .name = "forwarded_fixable", .kind = COLUMN_RATE },
	[COLUMN_COST + COST_UNDECIDED] = { .name = "cost_undecided",
					   .kind = COLUMN_RATE,
					   .title = "UNIDENTIFIED",
					   .from_width = WIDE },
	[COLUMN_COST + COST_STOPPED] = { .name = "reject_stops",
					 .kind = COLUMN_RATE,
					 .title = "STOPS/DAY" },
	[COLUMN_COST + COST_SPF_ONLY] = { .name = "passes_on_spf_only",
					  .kind = COLUMN_RATE,
					  .title = "SPF ALONE",
					  .from_width = WIDE },
	[COLUMN_COST_BELOW] = { .name = "cost_below", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_ALL] = { .name = "sp_reject_cost", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_YOURS] = { .name = "sp_cost_yours", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_FORWARDED] = { .name = "sp_cost_forwarded", .kind = COLUMN_RATE },
	[COLUMN_SP_COST +
		COST_LET_THROUGH] = { .name = "sp_forwarded_let_through", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_FIXABLE] = { .name = "sp_forwarded_fixable", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_UNDECIDED] = { .name = "sp_cost_undecided", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_STOPPED] = { .name = "sp_reject_stops", .kind = COLUMN_RATE },
	[COLUMN_SP_COST + COST_SPF_ONLY] = { .name = "sp_passes_on_spf_only", .kind = COLUMN_RATE },
	[COLUMN_PARKED] = { .name = "parked", .kind = COLUMN_BOOLEAN },
	[COLUMN_READINESS] = { .name = "readiness" },
	[COLUMN_NEXT] = { .title = "NEXT STEP", .made = true, .least = 12 },
};
_Static_assert(COUNT_OF(columns) == COLUMNS, "every column is described");

/* The view's own words and sums: nothing is reckoned here that it could say otherwise. */
static const char query[] =
	"select d.*, messages - spoofed - undetermined as counted "
	"from (select policy_domain, published_p, published_sp, published_np, testing, pct, adkim, "
	"aspf, effective_p, policy_since, reports, reporters, "
	"array_to_string(top_reporters[1:3], ', ') as top_reporters, first_day, last_day, days, "
	"coalesce(messages, 0) as messages, coalesce(passed, 0) as passed, "
	"coalesce(failed, 0) as failed, coalesce(spoofed, 0) as spoofed, "
	"coalesce(undetermined, 0) as undetermined, reject_cost, cost_yours, cost_forwarded, "
	"forwarded_let_through, forwarded_fixable, cost_undecided, reject_stops, "
	"passes_on_spf_only, cost_below, sp_reject_cost, sp_cost_yours, sp_cost_forwarded, "
	"sp_forwarded_let_through, sp_forwarded_fixable, sp_cost_undecided, sp_reject_stops, "
	"sp_passes_on_spf_only, parked::int as parked, readiness "
	"from dmarc.domains where not is_foreign and " QUESTION_OF_DOMAIN("policy_domain") ") as d";

static bool is_parked(const struct cell *row)
{
	return row[COLUMN_PARKED].number > 0;
}

/* -- what stands in the table */

/* An sp that says what p says is left out: some reporters write it where none is published. */
static bool is_worth_showing(const struct cell *row, enum domain_column column)
{
	struct slice value = row[column].text;

	if (column == COLUMN_PUBLISHED_SP)
		return value.n > 0 && !slice_equal(value, row[COLUMN_PUBLISHED_P].text);
	return value.n > 0 && !slice_equal(value, SLICE("n"));
}

static void append_policy(struct buf *text, const struct cell *row)
{
	static const struct {
		const char *tag;
		enum domain_column column;
	} tags[] = { { "sp", COLUMN_PUBLISHED_SP },
		     { "np", COLUMN_PUBLISHED_NP },
		     { "t", COLUMN_TESTING } };
	struct slice p = row[COLUMN_PUBLISHED_P].text;

	buf_append(text, p.n > 0 ? p : SLICE("-"));
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		if (is_worth_showing(row, tags[i].column))
			buf_printf(text, " %s=%.*s", tags[i].tag,
				   SLICE_ARG(row[tags[i].column].text));
	}
	if (!row[COLUMN_PCT].absent && row[COLUMN_PCT].number != 100)
		buf_printf(text, " pct=%u", (unsigned)row[COLUMN_PCT].number);
}

/* The view's words, in those of a table, and what to do, in full. */
static const struct step {
	const char *readiness, *label, *advice;
} steps[] = {
	{ "no mail", "sends nothing", "" },
	{ "at p=reject", "at p=reject", "" },
	{ "too few days", "wait", "" },
	{ "fix your own first", "fix yours",
	  " Set up what is yours first: 'ruamill report failures' names it." },
	{ "sign what passes on SPF alone", "sign it",
	  " Turn on DKIM signing where only SPF passes: forwarding breaks SPF." },
	{ "look at what is undecided", "identify it",
	  " Look at what is unidentified: 'ruamill report failures' names it." },
	{ "stay at p=none for a month", "stay a month", "" },
	{ "stay at p=quarantine for a month", "stay a month", "" },
	{ "ready for p=quarantine", "p=quarantine",
	  " Ready for p=quarantine; stay there for a month." },
	{ "ready for p=reject", "p=reject", " Ready for p=reject." },
	{ "ready for p=reject in full", "p=reject", " Ready for p=reject without pct and t." },
};

/* NULL for words of another version, which stay what they are. */
static const struct step *step_of(const struct cell *row)
{
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		if (slice_equal(row[COLUMN_READINESS].text, slice_from(steps[i].readiness)))
			return &steps[i];
	}
	return NULL;
}

static bool fill_row(const struct asked *asked, struct cell *row)
{
	const struct step *step = step_of(row);
	SCOPED(buf) struct buf policy = { 0 };

	append_policy(&policy, row);
	row[COLUMN_NEXT].text = step ? slice_from(step->label) : row[COLUMN_READINESS].text;
	if (is_parked(row))
		row[COLUMN_NEXT].text = SLICE("sends nothing");
	return question_fill_text(asked, &row[COLUMN_POLICY], &policy);
}

/* -- what it means */

static void append_rate(struct buf *text, const struct cell *cell, const char *what)
{
	rate_append(text, cell->number);
	buf_append_text(text, what);
}

/* The sum, its parts, and what is saved by it; `cost` is the first of its columns. */
static void append_cost(struct buf *text, const struct cell *cost, const char *what)
{
	buf_printf(text, " %s up to ", what);
	append_rate(text, &cost[COST_ALL], " messages a day: ");
	append_rate(text, &cost[COST_YOURS], " yours, ");
	append_rate(text, &cost[COST_FORWARDED], " forwarded");
	if (cost[COST_LET_THROUGH].number > 0) {
		buf_append_text(text, " (of which ");
		append_rate(text, &cost[COST_LET_THROUGH], " are let through, and not in the sum)");
	}
	buf_append_text(text, ", ");
	append_rate(text, &cost[COST_UNDECIDED], " unidentified");
	buf_append_text(text, "; and stop about ");
	append_rate(text, &cost[COST_STOPPED], " spoofed.");
	if (cost[COST_SPF_ONLY].number == 0)
		return;
	buf_append_byte(text, ' ');
	append_rate(text, &cost[COST_SPF_ONLY], " more pass on SPF alone.");
}

static void append_forwarded(struct buf *text, const struct cell *cost)
{
	if (cost[COST_FORWARDED].number == 0)
		return;
	buf_append_text(text, " Signing at the source would save ");
	if (cost[COST_FIXABLE].number > 0)
		append_rate(text, &cost[COST_FIXABLE], "");
	else
		buf_append_text(text, "none");
	buf_append_text(text,
			" of the forwarded. A domain whose users write to lists should not "
			"publish p=reject.");
}

static void append_below(struct buf *text, const struct cell *row)
{
	if (row[COLUMN_COST_BELOW].number == 0)
		return;
	buf_append_text(text, " Below it ");
	append_rate(text, &row[COLUMN_COST_BELOW],
		    " a day fail apart from spoofing: under np or not, reports do not say, so they "
		    "are in no sum.");
}

/* Whom all that rests on. */
static void append_sources(struct buf *text, const struct cell *row)
{
	uint64_t reporters = row[COLUMN_REPORTERS].number;

	buf_printf(text, " Of mail that reporters told us about, from %.*s to %.*s: %.*s",
		   SLICE_ARG(row[COLUMN_FIRST_DAY].text), SLICE_ARG(row[COLUMN_LAST_DAY].text),
		   SLICE_ARG(row[COLUMN_TOP_REPORTERS].text));
	if (reporters > REPORTERS_NAMED) {
		buf_append_text(text, " and ");
		number_append_grouped(text, reporters - REPORTERS_NAMED);
		buf_append_text(text, " more");
	}
	buf_append_byte(text, '.');
}

static void append_next(struct buf *text, const struct cell *row)
{
	const struct step *step = step_of(row);
	struct slice readiness = row[COLUMN_READINESS].text;

	if (slice_equal(readiness, SLICE("too few days")))
		buf_printf(text, " Only %u of the %d days that it takes to tell.",
			   (unsigned)row[COLUMN_DAYS].number, ENOUGH_DAYS);
	else if (slice_starts_with(readiness, SLICE("stay at")))
		buf_printf(text, " Its policy is new, of %.*s: %.*s.",
			   SLICE_ARG(row[COLUMN_POLICY_SINCE].text), SLICE_ARG(readiness));
	else if (step)
		buf_append_text(text, step->advice);
}

/* A domain that sends nothing has nothing to lose. */
static void append_parked(struct buf *text, const struct cell *row)
{
	buf_append_text(text, " It sends nothing, as it seems: p=reject costs nothing");
	if (row[COLUMN_SPOOFED].number > 0) {
		buf_append_text(text, ", and stops about ");
		append_rate(text, &row[COLUMN_COST + COST_STOPPED], " spoofed messages a day");
	}
	buf_append_byte(text, '.');
}

static void append_note(struct buf *text, const struct cell *row)
{
	buf_append(text, row[COLUMN_DOMAIN].text);
	buf_append_byte(text, ':');
	if (is_parked(row)) {
		append_parked(text, row);
		if (!row[COLUMN_DAYS].absent)
			append_sources(text, row);
		return;
	}
	append_next(text, row);
	append_cost(text, &row[COLUMN_COST],
		    slice_equal(row[COLUMN_READINESS].text, SLICE("at p=reject"))
			    ? "p=reject costs"
			    : "p=reject would cost");
	append_forwarded(text, &row[COLUMN_COST]);
	if (!row[COLUMN_SP_COST].absent) {
		buf_append_text(text, " For names below it:");
		append_cost(text, &row[COLUMN_SP_COST], "sp=reject would cost");
		append_forwarded(text, &row[COLUMN_SP_COST]);
	}
	append_below(text, row);
	append_sources(text, row);
}

static bool fill_notes(const struct asked *asked, struct answer *a)
{
	struct slice *notes = arena_alloc(asked->arena, DOMAINS_EXPLAINED * sizeof(*notes));

	for (size_t i = 0; notes && i < a->row_count; i++) {
		SCOPED(buf) struct buf note = { 0 };

		if (!fill_row(asked, asked->cells + i * COLUMNS))
			return false;
		if (i >= DOMAINS_EXPLAINED)
			continue;
		append_note(&note, asked->cells + i * COLUMNS);
		if (!arena_copy(asked->arena, buf_slice(&note), &notes[a->note_count++]))
			return false;
	}
	a->notes = notes;
	return notes != NULL;
}

/* -- above and below the table */

static bool fill_texts(const struct asked *asked, struct answer *a)
{
	struct buf head = { 0 };
	struct buf foot[2] = { { 0 } };
	const struct cell *row = asked->cells;
	bool ok;

	if (a->row_count > 0 && row[COLUMN_LAST_DAY].text.n > 0)
		buf_printf(&head,
			   "Domains and what p=reject would cost, over the 90 days that end on "
			   "%.*s. Units are messages.",
			   SLICE_ARG(row[COLUMN_LAST_DAY].text));
	else
		buf_append_text(&head, "No reports on any such domain.");
	if (a->row_count > DOMAINS_EXPLAINED)
		buf_printf(&foot[0], "The first %d are explained; --domain explains one.",
			   DOMAINS_EXPLAINED);
	if (a->row_count > 0)
		buf_append_text(
			&foot[1],
			"\"Up to\", since receivers must not reject on p=reject alone. A domain "
			"is ready when nothing of yours fails, nothing passes on SPF alone, "
			"what is unidentified was looked at, and p=none and then p=quarantine "
			"stood for a month each.");
	ok = answer_lines(&head, 1, asked->arena, &a->headline, &a->headline_count) &&
		answer_lines(foot, COUNT_OF(foot), asked->arena, &a->footnotes, &a->footnote_count);
	buf_release(&head);
	buf_release(&foot[0]);
	buf_release(&foot[1]);
	return ok;
}

static bool complete(const struct asked *asked, struct answer *a, struct err *e)
{
	return (fill_notes(asked, a) && fill_texts(asked, a)) || question_arena_full(e);
}

const struct question question_domains = {
	.name = "domains",
	.columns = columns,
	.column_count = COLUMNS,
	.query = query,
	.order = "reject_cost desc nulls last, messages desc, policy_domain",
	.sum = "messages",
	.complete = complete,
};
