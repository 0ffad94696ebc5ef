/* SPDX-License-Identifier: MIT */
#include "reports/account.h"

#include "base/banned.h"

/* Of what a report lists; more signatures of one organisation are nobody's way of sending. */
enum { SELECTORS_SHOWN = 4 };

bool account_is_told(const struct judgement *j)
{
	return j->infrastructure && j->infrastructure->region_suffix.n > 0;
}

bool account_signs(const struct author *author, const struct dkim_result *dkim)
{
	return dkim->domain.n > 0 && dkim->result.value != RESULT_NONE &&
		author_related(author, dkim->domain);
}

struct slice account_envelope(const struct author *author, const struct judgement *j)
{
	return author_related(author, j->spf_domain) ? j->spf_domain : SLICE_ABSENT;
}

static void append_selectors(struct buf *b, const struct author *author, const struct record *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->dkim_count && count < SELECTORS_SHOWN; i++) {
		if (!account_signs(author, &r->dkim_results[i]))
			continue;
		buf_append_text(b, count > 0 ? ", " : "selector ");
		buf_append(b,
			   r->dkim_results[i].selector.n > 0 ? r->dkim_results[i].selector
							     : SLICE("(none)"));
		count++;
	}
}

void account_append(struct buf *b, const struct remedy_subject *subject)
{
	const struct record *r = subject->evidence->record;
	const struct author author =
		author_of(subject->judge->domains, NULL, subject->evidence->policy, r->header_from);
	struct slice envelope = account_envelope(&author, subject->judgement);
	size_t before = b->n;

	if (!account_is_told(subject->judgement))
		return;
	append_selectors(b, &author, r);
	if (envelope.n == 0)
		return;
	buf_append_text(b, b->n > before ? "; envelope " : "envelope ");
	buf_append(b, envelope);
}
