/* SPDX-License-Identifier: MIT */
#include "reports/naming.h"

#include "base/banned.h"

/* So many labels from the right. */
static struct slice tail_of(struct slice name, size_t labels)
{
	size_t from = name.n;

	while (from > 0 && (name.p[from - 1] != '.' || --labels > 0))
		from--;
	return slice_from_offset(name, from);
}

/* Is the name one of the sender's, or of whose machines it uses? Then the suffix that says so. */
static bool names_sender(const struct remedy_subject *s, enum name_use use, struct slice name,
			 struct slice *suffix_out)
{
	const struct suffix_match match = catalogue_match(s->judge->catalogue, use, name);
	const struct judgement *j = s->judgement;

	for (size_t i = 0; i < match.count; i++) {
		if (!sender_is_kin(j->service, match.senders[i]) &&
		    match.senders[i] != j->infrastructure)
			continue;
		*suffix_out = tail_of(name, match.labels);
		return true;
	}
	return false;
}

static bool by_rule(const struct remedy_subject *s, struct buf *text)
{
	if (!s->judgement->rule)
		return false;
	buf_printf(text, "your rule on its %s", rule_kind_text(s->judgement->rule->kind));
	return true;
}

static bool by_envelope(const struct remedy_subject *s, struct buf *text)
{
	const struct judgement *j = s->judgement;
	struct slice suffix;

	if (!j->spf || j->spf->result.value != RESULT_PASS ||
	    !names_sender(s, NAME_SPF, j->spf_domain, &suffix))
		return false;
	buf_append_text(text, "SPF passes for an envelope under ");
	buf_append(text, suffix);
	return true;
}

static bool by_host(const struct remedy_subject *s, struct buf *text)
{
	struct slice suffix;

	if (s->evidence->host.state != HOST_CONFIRMED ||
	    !names_sender(s, NAME_PTR, s->evidence->host.name, &suffix))
		return false;
	buf_append_text(text, "the confirmed name of the machine is under ");
	buf_append(text, suffix);
	return true;
}

static bool by_range(const struct remedy_subject *s, struct buf *text)
{
	if (slice_is_absent(s->judgement->range_seen))
		return false;
	buf_append_text(text, "the address, as last seen in ");
	buf_append(text, s->judgement->range_seen);
	return true;
}

/* Anybody may choose a selector: that it was believed is the judge's to say. */
static bool claims_sender(const struct remedy_subject *s, const struct dkim_result *dkim)
{
	const struct sender *claimant;
	size_t next = 0;

	while ((claimant = catalogue_claimant(s->judge->catalogue, dkim->domain, dkim->selector,
					      &next))) {
		if (claimant == s->judgement->service)
			return true;
	}
	return false;
}

static bool by_signature(const struct remedy_subject *s, const struct dkim_result *dkim,
			 struct buf *text)
{
	struct slice suffix;

	if (dkim->result.value != RESULT_PASS)
		return false;
	if (names_sender(s, NAME_DKIM, dkim->domain, &suffix)) {
		buf_append_text(text, "DKIM passes for a signature under ");
		buf_append(text, suffix);
		return true;
	}
	if (!claims_sender(s, dkim))
		return false;
	buf_append_text(text, "DKIM passes with the selector ");
	buf_append(text, dkim->selector);
	buf_append_text(text, ", which it alone uses");
	return true;
}

bool naming_next(const struct remedy_subject *subject, size_t *next, struct buf *text)
{
	static bool (*const single[])(const struct remedy_subject *s, struct buf *text) = {
		by_rule,
		by_envelope,
		by_host,
		by_range,
	};
	const struct record *r = subject->evidence->record;
	size_t count = COUNT_OF(single) + r->dkim_count;

	while (subject->judgement->service && *next < count) {
		size_t i = (*next)++;

		if (i < COUNT_OF(single)
			    ? single[i](subject, text)
			    : by_signature(subject, &r->dkim_results[i - COUNT_OF(single)], text))
			return true;
	}
	return false;
}
