/* SPDX-License-Identifier: MIT */
#include "reports/judgement_print.h"

#include "reports/finding.h"
#include "reports/judgement_json.h"
#include "reports/wrap.h"

#include "base/banned.h"

static const char *dmarc_word(const struct judgement *j)
{
	return j->dmarc_pass ? "pass" : "fail";
}

void judgement_print_json(const struct remedy_subject *subject, const struct remedy *remedy,
			  struct output *out)
{
	const struct record *record = subject->evidence->record;
	SCOPED(buf) struct buf text = { 0 };
	struct json j = json_into(&text);

	json_object_begin(&j);
	judgement_put(&j, subject->judgement, record);
	agreement_put(&j, &subject->judgement->aligned);
	json_string_at(&j, "dmarc", slice_from(dmarc_word(subject->judgement)));
	remedies_put(&j, remedy);
	json_object_end(&j);
	buf_append_byte(&text, '\n');
	output_write(out, buf_slice(&text));
}

/* --- in words ---------------------------------------------------------------------------------- */

/* A line of the head: "Sender: Amazon SES (amazon-ses)". */
static void append_sender(struct buf *line, const struct sender *sender)
{
	if (!sender) {
		buf_append_text(line, "unknown");
		return;
	}
	buf_append(line, sender->name);
	if (!slice_equal(sender->id, sender->name))
		buf_printf(line, " (%.*s)", SLICE_ARG(sender->id));
}

/* Does anybody send through it whose mail shows nothing of him? */
static bool may_be_another(const struct remedy_subject *s)
{
	size_t next = 0;

	return s->judgement->service && !s->judgement->rule &&
		catalogue_reseller(s->judge->catalogue, s->judgement->service, &next) != NULL;
}

static void append_service(struct buf *line, const struct remedy_subject *s)
{
	const struct judgement *j = s->judgement;

	append_sender(line, j->service);
	if (may_be_another(s))
		buf_append_text(line, "; may be one of the services that send through it");
	if (j->infrastructure && j->infrastructure != j->service) {
		buf_append_text(line, ", on ");
		append_sender(line, j->infrastructure);
	}
	if (j->rule)
		buf_printf(line, ", by your rule on its %s", rule_kind_text(j->rule->kind));
	buf_printf(line, "; confidence: %s", confidence_text(j->confidence));
}

static void append_last_hop(struct buf *line, const struct remedy_subject *s)
{
	const struct judgement *j = s->judgement;
	struct slice rented = evidence_rented(s->judge, s->evidence);

	append_sender(line, j->last_hop);
	if (!slice_is_absent(rented))
		buf_printf(line, ", a server at %.*s", SLICE_ARG(rented));
	if (!slice_is_absent(j->range_seen))
		buf_printf(line, ", by its address, as seen in %.*s", SLICE_ARG(j->range_seen));
	buf_printf(line, "; host name: %s", host_state_text(s->evidence->host.state));
}

static void append_path(struct buf *line, const struct remedy_subject *s)
{
	buf_append_text(line, path_text(s->judgement->path));
}

static void append_spf(struct buf *line, const struct remedy_subject *s)
{
	buf_append_text(line, spf_cause_text(s->judgement->spf_cause));
}

static void append_dkim(struct buf *line, const struct remedy_subject *s)
{
	buf_append_text(line, dkim_cause_text(s->judgement->dkim_cause));
}

static void append_dmarc(struct buf *line, const struct remedy_subject *s)
{
	buf_append_text(line, dmarc_word(s->judgement));
}

static void append_verdict(struct buf *line, const struct remedy_subject *s)
{
	buf_printf(line, "%s (%s)", verdict_text(s->judgement->verdict),
		   severity_text(s->judgement->severity));
}

static void append_agreement(struct buf *line, const struct remedy_subject *s)
{
	const struct alignment *aligned = &s->judgement->aligned;

	buf_printf(line, "DKIM %s, SPF %s", agreement_text(aligned->dkim_agreement),
		   agreement_text(aligned->spf_agreement));
}

static void append_flags(struct buf *line, const struct remedy_subject *s)
{
	size_t before = line->n, next = 0;

	while (judgement_next_flag(s->judgement, s->evidence->record, &next, line))
		buf_append_byte(line, ' ');
	if (line->n == before)
		buf_append_text(line, "none");
}

static const struct {
	const char *name;
	void (*append)(struct buf *line, const struct remedy_subject *subject);
} fields[] = {
	{ "Sender", append_service },  { "Last hop", append_last_hop },
	{ "Path", append_path },       { "SPF", append_spf },
	{ "DKIM", append_dkim },       { "DMARC", append_dmarc },
	{ "Verdict", append_verdict }, { "Reporter's claims", append_agreement },
	{ "Flags", append_flags },
};

enum { FIELD_INDENT = 4 };

void judgement_print_text(const struct remedy_subject *subject, const struct remedy *remedy,
			  unsigned width, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		buf_clear(&line);
		buf_printf(&line, "%s: ", fields[i].name);
		fields[i].append(&line, subject);
		wrap_print(out, buf_slice(&line), 0, FIELD_INDENT, width);
	}
	output_text(out, "\n");
	remedy_print(remedy, width, out);
}
