/* SPDX-License-Identifier: MIT */
#include "reports/remedy_writer.h"

#include "base/banned.h"

void writer_add(struct writer *w, enum remedy_part part, enum remedy_kind kind,
		struct slice template)
{
	struct slice text;

	if (slice_is_absent(template) || w->count == REMEDY_LINES_MAX)
		return;
	if (!wording_fill(&w->wording, template, &text)) {
		w->full = true;
		return;
	}
	w->lines[w->count++] = (struct remedy_line){ part, kind, text };
}

void writer_add_verbatim(struct writer *w, enum remedy_part part, enum remedy_kind kind,
			 struct slice text)
{
	struct slice copy;

	if (w->count == REMEDY_LINES_MAX)
		return;
	if (!arena_copy(w->wording.arena, text, &copy)) {
		w->full = true;
		return;
	}
	w->lines[w->count++] = (struct remedy_line){ part, kind, copy };
}

void writer_note(struct writer *w, enum remedy_part part, const char *template)
{
	writer_add(w, part, REMEDY_NOTE, slice_from(template));
}

void writer_task(struct writer *w, enum remedy_part part, const char *template)
{
	writer_add(w, part, REMEDY_TEXT, slice_from(template));
	w->task = true;
}

/* --- records ----------------------------------------------------------------------------------- */

enum { DNS_LABEL_MAX = 63, DNS_NAME_MAX = 253 };

static bool label_is_valid(struct slice label)
{
	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];

		if (!byte_is_letter(c) && !byte_is_digit(c) && c != '-' && c != '_')
			return false;
	}
	return label.n > 0 && label.n <= DNS_LABEL_MAX;
}

/* With a dot at its end. */
static bool name_is_valid(struct slice name)
{
	struct slice rest = slice_prefix(name, name.n > 0 ? name.n - 1 : 0), label;

	if (rest.n == 0 || rest.n > DNS_NAME_MAX || name.p[name.n - 1] != '.')
		return false;
	while (slice_cut(&rest, '.', &label)) {
		if (!label_is_valid(label))
			return false;
	}
	return true;
}

static struct slice cut_word(struct slice *rest)
{
	size_t n = slice_find(*rest, ' ');
	struct slice word = slice_prefix(*rest, n);

	*rest = slice_from_offset(*rest, n + 1);
	return word;
}

/* The From domain is whatever somebody wrote: not every one can be a name, or has room below it. */
static bool record_is_publishable(struct slice record)
{
	struct slice name = cut_word(&record), type = cut_word(&record);

	if (!name_is_valid(name) || slice_equal(type, SLICE("TXT")))
		return name_is_valid(name);
	if (slice_equal(type, SLICE("MX")))
		cut_word(&record);
	return name_is_valid(record);
}

static bool is_record(const struct advice *advice)
{
	return advice->kind == ADVICE_RECORD || advice->kind == ADVICE_GATE;
}

static struct slice record_name(const struct advice *advice)
{
	return slice_prefix(advice->text, slice_find(advice->text, ' '));
}

static struct slice record_type(const struct advice *advice)
{
	struct slice rest = advice->text;

	cut_word(&rest);
	return cut_word(&rest);
}

static bool is_spf_record(const struct advice *advice)
{
	return advice->leg == LEG_SPF && is_record(advice) &&
		slice_contains_icase(advice->text, SLICE("v=spf1"));
}

static enum remedy_part part_of(const struct advice *advice)
{
	return advice->leg == LEG_SPF ? REMEDY_SPF : REMEDY_DKIM;
}

/*
 * As a zone file takes it: the owner's name with a dot at its end, or it would grow another domain.
 * False where DNS could not hold it.
 */
static bool writer_add_record(struct writer *w, enum remedy_kind kind, const struct advice *advice,
			      struct slice name)
{
	SCOPED(buf) struct buf rooted = { 0 };

	buf_append(&rooted, name);
	buf_append_byte(&rooted, '.');
	buf_append(&rooted, slice_from_offset(advice->text, record_name(advice).n));

	size_t before = w->count;

	writer_add(w, part_of(advice), kind, buf_slice(&rooted));
	if (w->count == before || record_is_publishable(w->lines[before].text))
		return true;
	w->count = before;
	return false;
}

/* --- advice ------------------------------------------------------------------------------------ */

static void note_region(struct writer *w, const struct advice *advice)
{
	w->names_region |= slice_contains_icase(advice->text, SLICE("{region}"));
}

/* False where it is a record that DNS could not hold. */
static bool add_advice(struct writer *w, const struct advice *advice)
{
	static const enum remedy_kind kinds[advice_kind_count] = {
		[ADVICE_TEXT] = REMEDY_TEXT,
		[ADVICE_RECORD] = REMEDY_RECORD,
		[ADVICE_GATE] = REMEDY_GATE,
		[ADVICE_WHERE] = REMEDY_NOTE,
	};

	note_region(w, advice);
	if (is_record(advice))
		return writer_add_record(w, kinds[advice->kind], advice, record_name(advice));
	writer_add(w, part_of(advice), kinds[advice->kind], advice->text);
	return true;
}

void writer_advice(struct writer *w, const struct sender *service, enum leg leg)
{
	bool written = true;

	w->advises |= service == w->judgement->service;
	for (size_t i = 0; i < service->advice_count; i++) {
		if (service->advice[i].leg == leg)
			written = add_advice(w, &service->advice[i]) && written;
	}
	if (!written)
		writer_note(w, leg == LEG_SPF ? REMEDY_SPF : REMEDY_DKIM,
			    "{from} is no name that the records could stand under in DNS.");
}

/* Does the name that the record makes use of equal the From domain? */
static bool aligns_strictly(const struct advice *advice)
{
	struct slice name = record_name(advice);

	if (advice->leg == LEG_SPF)
		return slice_equal(name, SLICE("{from}")) ||
			slice_equal(name, SLICE("{spf-domain}"));
	return slice_ends_with(name, SLICE("._domainkey.{from}")) ||
		!slice_contains_icase(name, SLICE("_domainkey."));
}

bool writer_can_align(const struct writer *w, const struct sender *service, enum leg leg)
{
	bool strict = leg == LEG_SPF ? w->author.spf_strict : w->author.dkim_strict;
	bool any = false, all = true;

	for (size_t i = 0; i < service->advice_count; i++) {
		const struct advice *advice = &service->advice[i];

		if (advice->leg != leg || !is_record(advice))
			continue;
		any = true;
		all &= aligns_strictly(advice);
	}
	if (!strict || any || leg == LEG_DKIM)
		return !strict || all;
	/* in words alone, an envelope host is one below From as well */
	return service->spf_possible != SPF_POSSIBLE_YES &&
		service->spf_possible != SPF_POSSIBLE_RELAXED &&
		service->spf_possible != SPF_POSSIBLE_PLAN;
}

/* At the top of a zone there are other records, beside which there is neither alias nor delegation. */
static bool fits_checked_domain(const struct writer *w, const struct advice *advice)
{
	if (is_spf_record(advice))
		return true;

	struct slice type = record_type(advice);
	bool handed_over = slice_equal(type, SLICE("CNAME")) || slice_equal(type, SLICE("NS"));

	return advice->leg == LEG_SPF && is_record(advice) && handed_over &&
		!slice_equal(w->judgement->spf_domain, w->author.organisation);
}

/* The name is in use: what is there already? */
static void note_what_is_there(struct writer *w, const struct advice *advice)
{
	if (w->judgement->spf_cause == SPF_NONE)
		return;
	if (is_spf_record(advice))
		writer_note(
			w, REMEDY_SPF,
			"A domain has one SPF record: merge this into the one of {spf-domain}. If "
			"there is none yet, name every other sender of {spf-domain} in it first.");
	else
		writer_note(w, REMEDY_SPF,
			    "It stands alone: take away what else there is at {spf-domain}.");
}

bool writer_spf_records(struct writer *w, const struct sender *service)
{
	const struct advice *last = NULL;
	size_t offered = 0, written = 0;

	for (size_t i = 0; i < service->advice_count; i++) {
		const struct advice *advice = &service->advice[i];

		offered += advice->leg == LEG_SPF && is_record(advice);
		/* even what is elsewhere a gate is checked here */
		if (!fits_checked_domain(w, advice) ||
		    !writer_add_record(w, REMEDY_RECORD, advice, SLICE("{spf-domain}")))
			continue;
		note_region(w, advice);
		last = advice;
		written++;
	}
	if (!last)
		return false;
	note_what_is_there(w, last);
	w->advises |= service == w->judgement->service;

	/* what is said of all of them may mislead beside some */
	bool all = written == offered;

	for (size_t i = 0; all && i < service->advice_count; i++) {
		const struct advice *advice = &service->advice[i];

		if (advice->leg == LEG_SPF && advice->kind == ADVICE_WHERE)
			add_advice(w, advice);
	}
	return true;
}
