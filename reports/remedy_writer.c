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

void writer_note(struct writer *w, enum remedy_part part, const char *template)
{
	writer_add(w, part, REMEDY_NOTE, slice_from(template));
}

void writer_task(struct writer *w, enum remedy_part part, const char *template)
{
	writer_add(w, part, REMEDY_TEXT, slice_from(template));
	w->task = true;
}

/* As a zone file takes it: the owner's name with a dot at its end, or it would grow another domain. */
static void writer_add_record(struct writer *w, enum remedy_part part, enum remedy_kind kind,
			      struct slice template)
{
	SCOPED(buf) struct buf rooted = { 0 };
	size_t name = slice_find(template, ' ');

	buf_append(&rooted, slice_prefix(template, name));
	buf_append_byte(&rooted, '.');
	buf_append(&rooted, slice_from_offset(template, name));
	writer_add(w, part, kind, buf_slice(&rooted));
}

static bool is_spf_record(const struct advice *advice)
{
	return advice->leg == LEG_SPF && advice->kind == ADVICE_RECORD &&
		slice_contains_icase(advice->text, SLICE("v=spf1"));
}

static void add_advice(struct writer *w, const struct advice *advice)
{
	static const enum remedy_kind kinds[advice_kind_count] = {
		[ADVICE_TEXT] = REMEDY_TEXT,
		[ADVICE_RECORD] = REMEDY_RECORD,
		[ADVICE_GATE] = REMEDY_GATE,
		[ADVICE_WHERE] = REMEDY_NOTE,
	};
	enum remedy_part part = advice->leg == LEG_SPF ? REMEDY_SPF : REMEDY_DKIM;

	w->names_region |= slice_contains_icase(advice->text, SLICE("{region}"));
	if (advice->kind == ADVICE_RECORD || advice->kind == ADVICE_GATE)
		writer_add_record(w, part, kinds[advice->kind], advice->text);
	else
		writer_add(w, part, kinds[advice->kind], advice->text);
	/* a second record breaks the first, and a first one shuts out every sender it forgets */
	if (is_spf_record(advice) && slice_starts_with(advice->text, SLICE("{spf-domain}")))
		writer_note(
			w, part,
			"A domain has one SPF record: merge this into the one of {spf-domain}. If "
			"there is none yet, name every other sender of {spf-domain} in it first.");
}

void writer_advice(struct writer *w, const struct sender *service, enum leg leg)
{
	for (size_t i = 0; i < service->advice_count; i++) {
		if (service->advice[i].leg == leg)
			add_advice(w, &service->advice[i]);
	}
}

void writer_spf_records(struct writer *w, const struct sender *service)
{
	size_t before = w->count;

	for (size_t i = 0; i < service->advice_count; i++) {
		if (is_spf_record(&service->advice[i]))
			add_advice(w, &service->advice[i]);
	}
	if (w->count == before)
		writer_advice(w, service, LEG_SPF);
}
