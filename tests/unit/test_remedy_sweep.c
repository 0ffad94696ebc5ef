/* SPDX-License-Identifier: MIT */
/* What holds for all that people are told, whatever a report says: what must never be printed. */
#include "reports/remedy.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/text.h"
#include "reports/finding.h"
#include "tests/unit/captured.h"
#include "tests/unit/judge_rows.h"
#include "tests/unit/vendor_model.h"

#include "base/banned.h"

enum { REMEDY_MEMORY = 1 << 20, TERMINAL_COLUMNS = 80 };

/* The reader's judgement, and which line broke a rule. */
struct told {
	const struct judgement *j;
	const struct evidence *evidence;
	const struct remedy *remedy;
};

static bool is_record(const struct remedy_line *line)
{
	return line->kind == REMEDY_RECORD || line->kind == REMEDY_GATE;
}

/* --- verdicts and causes that leave nothing to publish ------------------------------------------- */

static bool verdict_publishes(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		return false;
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_ALIGNED_SPF_ONLY:
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		return true;
	}
	return false;
}

static bool spf_cause_publishes(enum spf_cause cause)
{
	return cause == SPF_UNALIGNED_DEFAULT_MAILFROM || cause == SPF_FAIL ||
		cause == SPF_NEUTRAL || cause == SPF_NONE;
}

/* A signature of ours that fails or cannot be looked up: one row never says that its key is at fault. */
static bool dkim_cause_publishes(enum dkim_cause cause)
{
	switch (cause) {
	case DKIM_MISSING:
	case DKIM_STRICT_MISMATCH:
	case DKIM_UNALIGNED_OWN_OTHER_DOMAIN:
	case DKIM_UNALIGNED_ESP_SIGNATURE:
	case DKIM_UNALIGNED_INTERMEDIARY:
	case DKIM_UNALIGNED_OTHER_DOMAIN:
	case DKIM_NONPASS_OTHER_DOMAIN:
		return true;
	case DKIM_UNREPORTED:
	case DKIM_ALIGNED:
	case DKIM_KEY_ERROR:
	case DKIM_BROKEN_AT_SOURCE:
	case DKIM_BROKEN_IN_TRANSIT:
	case DKIM_TEMPERROR:
	case DKIM_NOT_ACCEPTED:
	case DKIM_UNRECOGNISED:
		return false;
	}
	return false;
}

/* An account at a mailbox provider that a signature shows, and that is not known to be the owner's. */
static bool is_foreign(const struct judgement *j)
{
	return j->service && j->service->kind == SENDER_MAILBOX && j->tenant.n > 0 &&
		!j->tenant_known && j->spf_cause != SPF_ALIGNED;
}

/* --- rules --------------------------------------------------------------------------------------- */

/* "v=spf1" on From itself: only where From is the envelope, or as the gate of those who have one. */
static bool include_is_in_vain(const struct told *told, const struct remedy_line *line)
{
	const struct slice from = told->evidence->record->header_from;
	size_t name = slice_find(line->text, ' ');
	bool on_from = name == from.n + 1 && slice_starts_with(line->text, from);
	bool envelope = slice_equal(told->j->spf_domain, from) &&
		told->j->spf_cause != SPF_UNALIGNED_DEFAULT_MAILFROM;

	return slice_contains_icase(line->text, SLICE("v=spf1")) && on_from &&
		line->kind != REMEDY_GATE && !envelope;
}

static const char *fault_of_record(const struct told *told, const struct remedy_line *line)
{
	const struct judgement *j = told->j;
	struct dns dns = { .count = 0 };
	const char *fault = dns_publish(&dns, line->text);

	if (fault)
		return fault;
	if (line->kind == REMEDY_GATE && line->part != REMEDY_SPF)
		return "a gate that is not of SPF";
	if (!verdict_publishes(j->verdict) || (j->outcome_pass && !j->dmarc_pass))
		return "a record where there is nothing to publish";
	if (!j->service || j->service->status == SENDER_HEARSAY || sender_is_transit(j->service))
		return "a record for a service that is known by hearsay, or not at all";
	if (line->part == REMEDY_DKIM && told->evidence->record->dkim.value == RESULT_PASS)
		return "a key for what has passed";
	if (is_foreign(j))
		return "a record for somebody else's account";
	if (line->part == REMEDY_DKIM)
		return dkim_cause_publishes(j->dkim_cause) ? NULL : "a key that may be there";
	if (!spf_cause_publishes(j->spf_cause))
		return "an SPF record for what it does not mend";
	if (j->path == PATH_INDIRECT)
		return "an SPF record for a forwarder";
	return include_is_in_vain(told, line) ? "an include that cannot align" : NULL;
}

static const char *fault_of_text(struct slice text)
{
	static const char *const never[] = { "-all",   "_dmarc", "v=DMARC1",          "p=none",
					     "{",      "}",      " mail.example.com", "(null)",
					     "issue ", "  " };

	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (slice_contains_icase(text, slice_from(never[i])))
			return never[i];
	}
	if (text.n == 0)
		return "an empty line";
	if (slice_contains_icase(text, SLICE("publish it again")) &&
	    !slice_contains_icase(text, SLICE("if it passes nowhere")))
		return "a new key for certain";
	return NULL;
}

static const char *fault_of(const struct told *told)
{
	const struct remedy *remedy = told->remedy;
	const char *fault = NULL;
	bool publishes = false;

	for (size_t i = 0; i < remedy->count && !fault; i++) {
		const struct remedy_line *line = &remedy->lines[i];

		publishes |= is_record(line);
		fault = fault_of_text(line->text);
		if (!fault && is_record(line))
			fault = fault_of_record(told, line);
	}
	if (!fault && remedy->task && told->j->severity < SEVERITY_WARN &&
	    told->j->verdict != VERDICT_ALIGNED_DKIM_ONLY)
		return "a task where there is none";
	if (!fault && publishes && !remedy->task && told->j->verdict != VERDICT_ALIGNED_DKIM_ONLY)
		return "records that nobody is asked to publish";
	return fault || remedy->count > 0 ? fault : "not a word";
}

/* --- the sweep ----------------------------------------------------------------------------------- */

struct sweep {
	size_t rows, told, records, faults;
	bool printed; /* print each as `show` does, and look at the columns */
};

static void print_row(struct buf *b, const struct judge_row *row, const struct remedy *remedy)
{
	buf_printf(b, "From %s, host %s, SPF %s, DKIM %s, claim %s, %s\n", row->from,
		   row->host ? row->host : "-", row->spf ? row->spf : "-",
		   row->dkim ? row->dkim : "-", row->claim ? row->claim : "-",
		   row->policy ? row->policy : "-");
	for (size_t i = 0; i < remedy->count; i++)
		buf_printf(b, "%s %s: %.*s\n", remedy_part_text(remedy->lines[i].part),
			   remedy_kind_text(remedy->lines[i].kind),
			   SLICE_ARG(remedy->lines[i].text));
}

/* Words are wrapped; what is longer than a line is a record, or a name somebody made that long. */
static bool line_is_wide(struct slice line)
{
	struct slice rest = slice_trim(line), word;
	size_t widest = 0;

	while (slice_cut(&rest, ' ', &word))
		widest = word.n > widest ? word.n : widest;
	return line.n > TERMINAL_COLUMNS && widest < TERMINAL_COLUMNS - 8 &&
		!slice_starts_with(line, SLICE("       "));
}

static const char *fault_in_print(const struct remedy *remedy)
{
	const struct finding finding = { .heading = SLICE("heading"), .remedy = *remedy };
	const char *fault = NULL;
	struct captured c;

	captured_open(&c);
	findings_print(&finding, 1, TERMINAL_COLUMNS, &c.out);

	struct slice rest = captured_text(&c), line;

	while (!fault && slice_cut(&rest, '\n', &line))
		fault = line_is_wide(line) ? "a line that does not fit the terminal" : NULL;
	captured_close(&c);
	return fault;
}

static void check_judgement(const struct judge *judge, const struct judge_row *row,
			    const struct judge_case *c, const struct judgement *j,
			    struct sweep *sweep)
{
	const struct remedy_subject subject = { judge, &c->evidence, j };
	struct remedy remedy;
	struct arena arena;

	arena_init(&arena, REMEDY_MEMORY);
	cr_assert(remedy_of(&subject, &arena, &remedy));

	const struct told told = { j, &c->evidence, &remedy };
	const char *fault = fault_of(&told);

	if (!fault && sweep->printed)
		fault = fault_in_print(&remedy);
	if (fault && sweep->faults++ < 5) {
		SCOPED(buf) struct buf text = { 0 };

		print_row(&text, row, &remedy);
		cr_expect_fail("'%s': %s", fault, buf_text(&text));
	}
	for (size_t i = 0; i < remedy.count; i++)
		sweep->records += is_record(&remedy.lines[i]);
	sweep->told++;
	arena_release(&arena);
}

static void check_row(const struct judge *judge, const struct judge_row *row, void *context)
{
	struct sweep *sweep = context;
	struct judge_case c;

	if (sweep->rows++ % 7 != 0)
		return;

	const struct judgement j = judge_row_judge(judge, row, &c);

	sweep->printed = sweep->rows % 331 == 0;
	check_judgement(judge, row, &c, &j, sweep);
}

static void check_sweep(const struct sweep *sweep)
{
	cr_expect_eq(sweep->faults, 0, "%zu of %zu", sweep->faults, sweep->told);
	cr_expect_gt(sweep->records, sweep->told / 20, "%zu records in %zu remedies",
		     sweep->records, sweep->told);
}

Test(remedy, never_does_harm)
{
	struct judge judge = judge_rows_open();
	struct sweep sweep = { .rows = 0 };

	judge_rows_sweep(&judge, check_row, &sweep);
	check_sweep(&sweep);
	judge_rows_close(&judge);
}

/* --- all services, by all causes and modes ------------------------------------------------------- */

static const char *const own_envelopes[] = { NULL,          "%s",        "mf.%s",    "other.test",
					     "example.net", "gmail.com", "groups.io" };
static const char *const results[] = { "pass", "softfail",  "neutral",
				       "none", "temperror", "permerror" };
static const char *const own_signatures[] = { NULL,
					      "%s x pass",
					      "%s x fail",
					      "%s x permerror",
					      "%s x temperror",
					      "agency.test x pass",
					      "other.test x pass" };
static const char *const modes[] = { "p=none", "p=none adkim=s", "p=none aspf=s",
				     "p=none adkim=s aspf=s" };
static const char *const from_domains[] = {
	"example.com",
	"news.example.co.uk",
	"co.uk",
	"",
	"a b\"c.example.com",
	"xn--bcher-kva.example",
	"a23456789-123456789-123456789-123456789-123456789-123456789-123."
	"b23456789-123456789-123456789-123456789-123456789-123456789-123."
	"c23456789-123456789-123456789-123456789-123456789-123456789-123.example.com",
	"d23456789-123456789-123456789-123456789-123456789-123456789-123."
	"e23456789-123456789-123456789-123456789-123456789-123456789-123."
	"f23456789-123456789-123456789-123456789-123456789-123456789-123.example-with-more.example",
};

struct pieces {
	char envelope[DNS_TEXT_MAX], spf[2 * DNS_TEXT_MAX], own[DNS_TEXT_MAX],
		dkim[3 * DNS_TEXT_MAX];
};

/* "%s" in a pattern is the From domain. */
static void put_from(const char *pattern, const char *from, char text[static DNS_TEXT_MAX])
{
	const char *at = strstr(pattern, "%s");

	cr_assert(text_format(text, DNS_TEXT_MAX, "%.*s%s%s",
			      (int)(at ? at - pattern : (ptrdiff_t)strlen(pattern)), pattern,
			      at ? from : "", at ? at + 2 : ""));
}

static void fill_pieces(const struct vendor *v, const char *from, const char *envelope,
			const char *result, const char *signature, struct pieces *p)
{
	char vendors_own[DNS_TEXT_MAX] = "";

	if (envelope)
		put_from(envelope, from, p->envelope);
	else
		vendor_fill(v->envelope, from, p->envelope);
	cr_assert(text_format(p->spf, sizeof(p->spf), "%s %s", p->envelope, result));
	if (v->signature)
		vendor_fill(v->signature, from, vendors_own);
	p->own[0] = '\0';
	if (signature)
		put_from(signature, from, p->own);
	cr_assert(text_format(p->dkim, sizeof(p->dkim), "%s%s%s%s", p->own,
			      p->own[0] && vendors_own[0] ? ", " : "", vendors_own,
			      vendors_own[0] ? " pass" : ""));
}

static void check_vendor_row(const struct judge *judge, const struct vendor *v, size_t turn,
			     const char *from, struct sweep *sweep)
{
	struct pieces p;
	struct judge_case c;
	struct judge_row row = { .from = from, .owned = "other.test", .policy = modes[turn % 4] };

	turn /= 4;
	fill_pieces(v, from, own_envelopes[turn % 7], results[turn / 7 % 6],
		    own_signatures[turn / 42 % 7], &p);
	turn /= 294;
	row.named = v->on ? v->id : NULL;
	row.host = turn % 3 == 0 ? v->host : turn % 3 == 1 ? "?" : "a0-7.email.cloudflare.net";
	row.reasons = turn / 3 ? "mailing_list" : NULL;
	row.spf = p.spf;
	row.dkim = p.dkim[0] ? p.dkim : NULL;

	const struct judgement j = judge_row_judge(judge, &row, &c);

	sweep->printed = turn == 0;
	check_judgement(judge, &row, &c, &j, sweep);
}

/* From domains that nobody could have set up turn with the rows, the plain one has them all. */
Test(remedy, never_does_harm_with_any_sender)
{
	struct judge judge = judge_rows_open();
	struct sweep sweep = { .rows = 0 };
	const size_t turns = 4 * 7 * 6 * 7 * 3 * 2;

	/* no factor in common: what is left out of one vendor's turns is in another's */
	for (size_t i = 0; i < vendor_count * turns; i += 5) {
		size_t from = i % 3 ? 0 : i / 15 % COUNT_OF(from_domains);

		check_vendor_row(&judge, &vendors[i / turns], i % turns, from_domains[from],
				 &sweep);
	}
	check_sweep(&sweep);
	judge_rows_close(&judge);
}
