/* SPDX-License-Identifier: MIT */
/*
 * Remedies are proven: what ruamill prints is published in a small DNS, a model of the sender reads it
 * and sends again, and the judge finds the cause gone. Where no record can help, none is printed.
 */
#include "reports/remedy.h"

#include <criterion/criterion.h>

#include "base/text.h"
#include "tests/unit/judge_rows.h"
#include "tests/unit/vendor_model.h"

#include "base/banned.h"

enum { REMEDY_MEMORY = 1 << 20 };

/* What a report shows before anything is mended. */
#define STATE_LIST(X)                                                                              \
	X(STATE_NOTHING, "nothing set up")                                                         \
	X(STATE_UNSIGNED, "not signed at all")                                                     \
	X(STATE_DKIM_ONLY, "DKIM set up")                                                          \
	X(STATE_SPF_ONLY, "SPF set up")                                                            \
	X(STATE_SPF_NONE, "an envelope of ours without an SPF record")                             \
	X(STATE_SPF_FAIL, "an envelope of ours that does not list it")                             \
	X(STATE_SPF_NEUTRAL, "an envelope of ours that does not commit itself")                    \
	X(STATE_ONLY_FAILING, "signed by the vendor, and broken")                                  \
	X(STATE_AGENCY, "signed for somebody else")                                                \
	X(STATE_PARENT, "signed for the domain above")                                             \
	X(STATE_OWN_OTHER, "signed for another domain of ours")                                    \
	X(STATE_FORWARDED, "forwarded")                                                            \
	X(STATE_BROKEN, "a signature of ours that fails")
ENUM_TABLE_DECLARE(state, STATE_LIST);
ENUM_TABLE_DEFINE(state, STATE_LIST)

static const char *const froms[] = { "example.com", "news.example.co.uk" };
static const char parent_of_second[] = "example.co.uk";

/* One piece of mail: the texts of a row, and what judging made of it. */
struct trial {
	const struct judge *judge;
	const struct vendor *vendor;
	enum state state;
	const char *from;
	bool dkim_strict, spf_strict;

	char envelope[DNS_TEXT_MAX], spf[2 * DNS_TEXT_MAX], dkim[4 * DNS_TEXT_MAX];
	char owned[DNS_TEXT_MAX], policy[DNS_TEXT_MAX];
	struct judge_row row;
	struct judge_case c;
	struct judgement j;

	struct arena arena;
	struct remedy remedy;
};

/* --- before ------------------------------------------------------------------------------------ */

static bool own_envelope(const struct vendor *v)
{
	return strcmp(v->envelope, "{from}") == 0;
}

/* Set up in part: the envelope is the customer's, and what it takes is not there. */
static bool envelope_fails(enum state state)
{
	return state == STATE_SPF_NONE || state == STATE_SPF_FAIL || state == STATE_SPF_NEUTRAL;
}

/* The envelope host that a customer of the vendor's would have, were he set up. */
static void fill_envelope(struct trial *t)
{
	bool ours = t->state == STATE_SPF_ONLY || envelope_fails(t->state);
	const char *host = t->vendor->spf.host ? t->vendor->spf.host : "mf.{from}";

	if (t->state == STATE_FORWARDED)
		host = "{from}";
	vendor_fill(ours || t->state == STATE_FORWARDED ? host : t->vendor->envelope, t->from,
		    t->envelope);
	for (char *p = t->envelope; *p; p++)
		*p = *p == '*' ? '1' : *p;
}

static const char *spf_result(enum state state)
{
	switch (state) {
	case STATE_SPF_NONE:
		return "none";
	case STATE_SPF_NEUTRAL:
		return "neutral";
	case STATE_SPF_FAIL:
	case STATE_FORWARDED:
		return "softfail";
	case STATE_NOTHING:
	case STATE_UNSIGNED:
	case STATE_DKIM_ONLY:
	case STATE_SPF_ONLY:
	case STATE_ONLY_FAILING:
	case STATE_AGENCY:
	case STATE_PARENT:
	case STATE_OWN_OTHER:
	case STATE_BROKEN:
		return "pass";
	}
	return "pass";
}

/* A signature more, in front of the vendor's own. */
static void sign_too(struct trial *t, const char *domain, const char *selector, const char *result)
{
	char rest[4 * DNS_TEXT_MAX];

	cr_assert(text_format(rest, sizeof(rest), "%s", t->dkim));
	cr_assert(text_format(t->dkim, sizeof(t->dkim), "%s %s %s%s%s", domain, selector, result,
			      rest[0] ? ", " : "", rest));
}

static void fill_signatures(struct trial *t)
{
	char own[DNS_TEXT_MAX];

	if (t->vendor->signature && t->state != STATE_UNSIGNED) {
		vendor_fill(t->vendor->signature, t->from, own);
		cr_assert(text_format(t->dkim, sizeof(t->dkim), "%s %s", own,
				      t->state == STATE_ONLY_FAILING ? "fail" : "pass"));
	}
	if (t->state == STATE_DKIM_ONLY)
		sign_too(t, t->from, "x1", "pass");
	if (t->state == STATE_AGENCY)
		sign_too(t, "agency.test", "x1", "pass");
	if (t->state == STATE_PARENT)
		sign_too(t, parent_of_second, "x1", "pass");
	if (t->state == STATE_OWN_OTHER)
		sign_too(t, "other.test", "x1", "pass");
	if (t->state == STATE_BROKEN)
		sign_too(t, t->from, "x1", "fail");
}

static void judge_again(struct trial *t)
{
	t->row.spf = t->spf;
	t->row.dkim = t->dkim[0] ? t->dkim : NULL;
	t->j = judge_row_judge(t->judge, &t->row, &t->c);
}

static void fill_trial(struct trial *t)
{
	char account[DNS_TEXT_MAX];

	t->spf[0] = t->dkim[0] = '\0';
	fill_envelope(t);
	fill_signatures(t);
	cr_assert(text_format(t->spf, sizeof(t->spf), "%s %s", t->envelope, spf_result(t->state)));
	vendor_fill(t->vendor->owned ? t->vendor->owned : "other.test", t->from, account);
	cr_assert(text_format(t->owned, sizeof(t->owned), "other.test,%s", account));
	cr_assert(text_format(t->policy, sizeof(t->policy), "p=none adkim=%c aspf=%c",
			      t->dkim_strict ? 's' : 'r', t->spf_strict ? 's' : 'r'));
	t->row = (struct judge_row){
		.from = t->from,
		.host = t->state == STATE_FORWARDED ? NULL : t->vendor->host,
		.owned = t->owned,
		.named = t->vendor->on ? t->vendor->id : NULL,
		.policy = t->policy,
		.reasons = t->state == STATE_FORWARDED ? "forwarded" : NULL,
	};
	judge_again(t);
}

/* --- what a remedy must do ---------------------------------------------------------------------- */

/*
 * A mailbox provider signs for all it hosts: where its signature does not show whose account it was,
 * nothing is to be published for it, unless SPF shows it.
 */
static bool is_anonymous(const struct trial *t)
{
	const struct vendor *v = t->vendor;

	return own_envelope(v) && v->signature && !v->owned && t->j.spf_cause != SPF_ALIGNED;
}

/* Can a record make SPF align? By what the vendor does and by the mode, not by what is printed. */
static bool spf_is_mendable(const struct trial *t)
{
	const struct vendor *v = t->vendor;
	bool at_from = v->spf.host && strcmp(v->spf.host, "{from}") == 0;

	switch (t->state) {
	case STATE_SPF_NONE:
	case STATE_SPF_FAIL:
	case STATE_SPF_NEUTRAL:
		return v->host && (v->spf.zone || v->spf.alias || v->spf.server) &&
			(at_from || !t->spf_strict) && !is_anonymous(t);
	case STATE_NOTHING:
	case STATE_UNSIGNED:
	case STATE_DKIM_ONLY:
	case STATE_ONLY_FAILING:
	case STATE_AGENCY:
	case STATE_OWN_OTHER:
	case STATE_BROKEN:
		return v->spf.host && !t->spf_strict && !at_from;
	case STATE_PARENT: /* one leg is all it takes, and it is the mode that fails it */
		return v->spf.host && !t->spf_strict && !at_from && !t->dkim_strict;
	case STATE_SPF_ONLY:
	case STATE_FORWARDED:
		return false;
	}
	return false;
}

/* The same of DKIM. What is broken, and passes elsewhere perhaps, no record mends for certain. */
static bool dkim_is_mendable(const struct trial *t)
{
	const struct vendor *v = t->vendor;
	bool can = v->dkim.keys[0] && (!v->dkim.domain || !t->dkim_strict) && !is_anonymous(t);

	if (t->state == STATE_DKIM_ONLY || t->state == STATE_BROKEN)
		return false;
	if (t->state == STATE_PARENT && !t->dkim_strict)
		return false;
	/* the machine of a forwarder shows nothing of the origin */
	return t->state == STATE_FORWARDED ? can && v->signature : can;
}

/* --- after ------------------------------------------------------------------------------------- */

enum { NO_LINE = -1 };

static bool is_record(const struct remedy_line *line)
{
	return line->kind == REMEDY_RECORD;
}

static size_t records_of(const struct trial *t, enum remedy_part part)
{
	size_t n = 0;

	for (size_t i = 0; i < t->remedy.count; i++)
		n += is_record(&t->remedy.lines[i]) && t->remedy.lines[i].part == part;
	return n;
}

/* All records of the part but the one at `without`, which is published as `instead`, if at all. */
static bool publish(const struct trial *t, enum remedy_part part, int without, struct slice instead,
		    struct dns *dns)
{
	dns->count = 0;
	for (size_t i = 0; i < t->remedy.count; i++) {
		const struct remedy_line *line = &t->remedy.lines[i];
		struct slice text = (int)i == without ? instead : line->text;
		const char *fault;

		if (!is_record(line) || line->part != part || slice_is_absent(text))
			continue;
		fault = dns_publish(dns, text);
		if (fault && without != NO_LINE)
			return false;
		cr_assert(!fault, "%s: %.*s: %s", t->vendor->id, SLICE_ARG(text), fault);
	}
	return true;
}

/* Sends again with what is published, and asks the judge. */
static bool spf_is_mended(struct trial *t, const struct dns *dns)
{
	bool set_up = envelope_fails(t->state);
	char envelope[DNS_TEXT_MAX];

	vendor_fill(set_up ? t->envelope : vendor_envelope(t->vendor, dns, t->from), t->from,
		    envelope);
	if (set_up && !vendor_spf_passes(t->vendor, dns, envelope))
		return false;
	cr_assert(text_format(t->spf, sizeof(t->spf), "%s pass", envelope));
	judge_again(t);
	return t->j.spf_cause == SPF_ALIGNED && t->j.dmarc_pass;
}

static bool dkim_is_mended(struct trial *t, const struct dns *dns)
{
	char signature[DNS_TEXT_MAX];

	if (!vendor_signs(t->vendor, dns, t->from, signature))
		return false;
	sign_too(t, signature, "", "pass");
	judge_again(t);
	return t->j.dkim_cause == DKIM_ALIGNED && t->j.dmarc_pass;
}

static bool is_mended(const struct trial *t, enum remedy_part part, int without,
		      struct slice instead)
{
	struct trial again = *t;
	struct dns dns;

	/* rows point into the trial */
	fill_trial(&again);
	if (!publish(t, part, without, instead, &dns))
		return false;
	return part == REMEDY_SPF ? spf_is_mended(&again, &dns) : dkim_is_mended(&again, &dns);
}

/* The line with what stands at `at` replaced; in the arena of the trial. */
static struct slice altered(struct trial *t, struct slice line, size_t at, size_t length,
			    const char *by)
{
	char text[2 * DNS_TEXT_MAX];
	struct slice copy;

	cr_assert(text_format(text, sizeof(text), "%.*s%s%.*s", (int)at, line.p, by,
			      (int)(line.n - at - length), line.p + at + length));
	cr_assert(arena_copy(&t->arena, slice_from(text), &copy));
	return copy;
}

/* Each record is needed, and needed as it is: without it, or with a fault in it, nothing is mended. */
static void check_necessity(struct trial *t, enum remedy_part part)
{
	for (size_t i = 0; i < t->remedy.count; i++) {
		const struct slice line = t->remedy.lines[i].text;

		if (!is_record(&t->remedy.lines[i]) || t->remedy.lines[i].part != part)
			continue;

		size_t name = slice_find(line, ' ');
		size_t type = slice_find(slice_from_offset(line, name + 1), ' ');
		const struct slice wrong[] = {
			SLICE_ABSENT,
			altered(t, line, 0, 0, "a.b."),              /* below the name */
			altered(t, line, name - 1, 1, ".test."),     /* under another domain */
			altered(t, line, name - 1, 1, ""),           /* would grow another domain */
			altered(t, line, name + 1, type, "A"),       /* another type */
			altered(t, line, name + 1, type, "CNAME x"), /* and one of ours */
			altered(t, line, line.n - 2, 0, "z"),        /* other data */
		};

		for (size_t n = 0; n < COUNT_OF(wrong); n++)
			cr_expect(!is_mended(t, part, (int)i, wrong[n]),
				  "%s, %s: mended with '%.*s' instead of '%.*s'", t->vendor->id,
				  state_text(t->state), SLICE_ARG(wrong[n]), SLICE_ARG(line));
	}
}

static void check_part(struct trial *t, enum remedy_part part, bool mendable)
{
	size_t records = records_of(t, part);
	const char *mode = t->dkim_strict ? t->spf_strict ? "ss" : "sr"
		: t->spf_strict           ? "rs"
					  : "rr";

	if (!mendable) {
		cr_expect_eq(records, 0, "%s, %s, From %s, %s: %zu records for %s", t->vendor->id,
			     state_text(t->state), t->from, mode, records, remedy_part_text(part));
		return;
	}
	cr_expect(records > 0 && is_mended(t, part, NO_LINE, SLICE_ABSENT),
		  "%s, %s, From %s, %s: %zu records for %s do not mend it", t->vendor->id,
		  state_text(t->state), t->from, mode, records, remedy_part_text(part));
	if (records > 0 && !t->dkim_strict && !t->spf_strict)
		check_necessity(t, part);
}

/* A gate is for those whose pages demand it, and stands on From. */
static void check_gates(const struct trial *t)
{
	for (size_t i = 0; i < t->remedy.count; i++) {
		const struct remedy_line *line = &t->remedy.lines[i];

		if (line->kind != REMEDY_GATE)
			continue;
		cr_expect(strcmp(t->vendor->id, "spotme") == 0 ||
				  strcmp(t->vendor->id, "zendesk") == 0,
			  "%s: %.*s", t->vendor->id, SLICE_ARG(line->text));
		cr_expect(slice_starts_with(line->text, slice_from(t->from)));
	}
}

static void check_trial(struct trial *t)
{
	fill_trial(t);

	const struct remedy_subject subject = { t->judge, &t->c.evidence, &t->j };

	arena_init(&t->arena, REMEDY_MEMORY);
	cr_assert(remedy_of(&subject, &t->arena, &t->remedy));
	check_part(t, REMEDY_DKIM, dkim_is_mendable(t));
	check_part(t, REMEDY_SPF, spf_is_mendable(t));
	check_gates(t);
	arena_release(&t->arena);
}

/* Without an envelope or a host the Region is not told: then the usual targets are printed, with a word. */
static bool is_told_all(const struct trial *t)
{
	return t->state != STATE_FORWARDED || !t->vendor->dkim.keys[0] ||
		!strstr(t->vendor->dkim.keys[0], "af-south-1");
}

static void check_vendor(const struct judge *judge, const struct vendor *vendor)
{
	static struct trial t; /* large, and points into itself */

	for (unsigned i = 0; i < COUNT_OF(froms) * state_count * 4; i++) {
		t = (struct trial){
			.judge = judge,
			.vendor = vendor,
			.dkim_strict = i & 1,
			.spf_strict = i & 2,
			.from = froms[i / 4 % COUNT_OF(froms)],
			.state = (enum state)(i / 4 / COUNT_OF(froms)),
		};
		if ((t.state != STATE_PARENT || t.from == froms[1]) && is_told_all(&t))
			check_trial(&t);
	}
}

Test(remedy, is_proven)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < vendor_count; i++)
		check_vendor(&judge, &vendors[i]);
	judge_rows_close(&judge);
}

/* Every service that sends on its own account, or for its tenants, has a model. */
Test(remedy, all_senders_are_proven)
{
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < catalogue_count(judge.catalogue); i++) {
		const struct sender *s = catalogue_at(judge.catalogue, i);
		size_t v = 0;

		while (v < vendor_count && !slice_equal(s->id, slice_from(vendors[v].id)))
			v++;
		cr_expect(v < vendor_count || sender_is_transit(s), "%.*s", SLICE_ARG(s->id));
	}
	judge_rows_close(&judge);
}
