/* SPDX-License-Identifier: MIT */
#include "reports/trial.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "parser/address.h"
#include "parser/alignment.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { TRIAL_BYTES = 4 << 20 };

void trial_init(struct trial *t)
{
	*t = (struct trial){
		.policy = { .pct = -1 },
		.record = { .ordinal = 1, .count = 1 },
		.host = { HOST_NO_NAME, SLICE_ABSENT },
	};
	arena_init(&t->arena, TRIAL_BYTES);
}

void trial_release(struct trial *t)
{
	arena_release(&t->arena);
	free(t->dkim);
	free(t->spf);
	free(t->reasons);
	*t = (struct trial){ 0 };
}

static bool too_long(struct err *e)
{
	return err_set(e, ERR_USAGE, "too long");
}

/* --- names and addresses ----------------------------------------------------------------------- */

/* As the parser has it: a name that cannot be keeps its bytes, and is judged all the same. */
static bool read_domain(struct trial *t, struct slice text, struct slice *domain_out, struct err *e)
{
	bool valid = false;

	if (!domain_normalise(&t->arena, text, domain_out, &valid))
		return too_long(e);
	t->impossible |= !valid && text.n > 0;
	return true;
}

static bool read_name(struct trial *t, struct slice text, struct slice *domain_out, struct err *e)
{
	if (slice_trim(text).n > 0)
		return read_domain(t, text, domain_out, e);
	err_set(e, ERR_USAGE, "a domain is missing");
	return false;
}

/* A whole address will do. */
static struct slice domain_part(struct slice address)
{
	size_t at = slice_find(address, '@');

	return at < address.n ? slice_from_offset(address, at + 1) : address;
}

bool trial_set_from(struct trial *t, struct slice text, struct err *e)
{
	return read_name(t, domain_part(text), &t->record.header_from, e);
}

bool trial_set_policy_domain(struct trial *t, struct slice text, struct err *e)
{
	return read_name(t, text, &t->policy.domain, e);
}

bool trial_set_host(struct trial *t, struct slice text, struct err *e)
{
	t->host.state = HOST_CONFIRMED;
	return read_name(t, text, &t->host.name, e);
}

/* `<>` is the sender of bounces. */
bool trial_set_envelope(struct trial *t, struct slice text, struct err *e)
{
	if (slice_equal(text, SLICE("<>")))
		text = SLICE("");
	return read_domain(t, domain_part(text), &t->record.envelope_from, e);
}

bool trial_set_address(struct trial *t, struct slice text, struct err *e)
{
	if (address_parse(text, &t->record.source_ip) != ADDRESS_UNREADABLE)
		return true;
	err_set(e, ERR_USAGE, "not an address");
	err_remedy(e, "write it like 192.0.2.7 or 2001:db8::7");
	return false;
}

/* --- words ------------------------------------------------------------------------------------- */

enum { WORDS_MAX = 16 };

/* The words of a table that a person may give, ending with NULL. */
static void list_words(const struct word_table *table, const char *words[static WORDS_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 1; i + 1 < table->count && n < WORDS_MAX; i++)
		words[n++] = table->texts[i].p;
	words[n] = NULL;
}

static bool refuse_word(const struct word_table *table, struct slice text, struct err *e)
{
	const char *words[WORDS_MAX + 1];
	SCOPED(buf) struct buf list = { 0 };

	list_words(table, words);

	const char *nearest = text_nearest(text, words);

	for (size_t i = 0; words[i]; i++)
		buf_printf(&list, "%s%s", i > 0 ? ", " : "", words[i]);
	err_set(e, ERR_USAGE, "not one of the words that may stand here");
	err_where(e, "%.*s", SLICE_ARG(text));
	if (nearest)
		return err_remedy(e, "did you mean %s? It may be %s", nearest, buf_text(&list));
	return err_remedy(e, "choose one of: %s", buf_text(&list));
}

/* One of the table's words. */
static bool read_word(const struct word_table *table, struct slice text, struct word *word_out,
		      struct err *e)
{
	if (text.n > 0 && word_fold(table, text, word_out) != WORD_UNKNOWN)
		return true;
	return refuse_word(table, text, e);
}

/* One of them, or any other word: reporters send such. */
static bool read_any_word(struct trial *t, const struct word_table *table, struct slice text,
			  struct word *word_out, struct err *e)
{
	const char *words[WORDS_MAX + 1];
	char *lower = arena_alloc(&t->arena, text.n + 1);

	if (!lower)
		return too_long(e);
	for (size_t i = 0; i < text.n; i++)
		lower[i] = byte_lower(text.p[i]);
	lower[text.n] = '\0';
	text = slice_of(lower, text.n);
	list_words(table, words);
	if (text.n == 0)
		return refuse_word(table, text, e);
	if (word_fold(table, text, word_out) != WORD_UNKNOWN)
		return true;
	return !text_nearest(text, words) || refuse_word(table, text, e);
}

bool trial_set_adkim(struct trial *t, struct slice text, struct err *e)
{
	return read_word(&mode_words, text, &t->policy.adkim, e);
}

bool trial_set_aspf(struct trial *t, struct slice text, struct err *e)
{
	return read_word(&mode_words, text, &t->policy.aspf, e);
}

bool trial_set_policy(struct trial *t, struct slice text, struct err *e)
{
	return read_word(&policy_words, text, &t->policy.p, e);
}

bool trial_set_discovery(struct trial *t, struct slice text, struct err *e)
{
	return read_word(&discovery_words, text, &t->policy.discovery, e);
}

bool trial_set_disposition(struct trial *t, struct slice text, struct err *e)
{
	return read_word(&disposition_words, text, &t->record.disposition, e);
}

bool trial_set_claimed_dkim(struct trial *t, struct slice text, struct err *e)
{
	return read_any_word(t, &claimed_result_words, text, &t->record.dkim, e);
}

bool trial_set_claimed_spf(struct trial *t, struct slice text, struct err *e)
{
	return read_any_word(t, &claimed_result_words, text, &t->record.spf, e);
}

/* --- lists ------------------------------------------------------------------------------------- */

static bool full(struct err *e, int max)
{
	return err_set(e, ERR_USAGE, "more than %d of them", max);
}

/* The text in front of the last '=', and the text behind it. */
static bool cut_result(struct slice text, struct slice *front_out, struct slice *result_out,
		       const char *form, struct err *e)
{
	size_t equals = text.n;

	while (equals > 0 && text.p[equals - 1] != '=')
		equals--;
	if (equals == 0) {
		err_set(e, ERR_USAGE, "a result is missing");
		err_remedy(e, "write it like %s", form);
		return false;
	}
	*front_out = slice_prefix(text, equals - 1);
	*result_out = slice_from_offset(text, equals);
	return true;
}

bool trial_add_spf(struct trial *t, struct slice text, struct err *e)
{
	struct spf_result spf = { 0 };
	struct slice domain, result;

	if (!cut_result(text, &domain, &result,
			"bounce.example.com=pass or "
			"mx.example.com=pass/helo",
			e))
		return false;

	size_t slash = slice_find(result, '/');
	struct slice scope = slice_from_offset(result, slash + 1);

	if (!read_domain(t, domain, &spf.domain, e) ||
	    !read_any_word(t, &spf_result_words, slice_prefix(result, slash), &spf.result, e) ||
	    (slash < result.n && !read_any_word(t, &scope_words, scope, &spf.scope, e)))
		return false;
	if (t->record.spf_count == LIMIT_SPF_RESULTS)
		return full(e, LIMIT_SPF_RESULTS);
	t->spf = memory_grow_array(t->spf, t->record.spf_count, &t->spf_capacity, sizeof(*t->spf));
	t->spf[t->record.spf_count++] = spf;
	return true;
}

bool trial_add_dkim(struct trial *t, struct slice text, struct err *e)
{
	struct dkim_result dkim = { 0 };
	struct slice signer, result;

	if (!cut_result(text, &signer, &result, "example.com:selector1=pass", e))
		return false;

	size_t colon = slice_find(signer, ':');

	if (colon < signer.n &&
	    !arena_copy(&t->arena, slice_from_offset(signer, colon + 1), &dkim.selector))
		return too_long(e);
	if (!read_domain(t, slice_prefix(signer, colon), &dkim.domain, e) ||
	    !read_any_word(t, &dkim_result_words, result, &dkim.result, e))
		return false;
	if (t->record.dkim_count == LIMIT_DKIM_RESULTS)
		return full(e, LIMIT_DKIM_RESULTS);
	t->dkim = memory_grow_array(t->dkim, t->record.dkim_count, &t->dkim_capacity,
				    sizeof(*t->dkim));
	t->dkim[t->record.dkim_count++] = dkim;
	return true;
}

bool trial_add_reason(struct trial *t, struct slice text, struct err *e)
{
	struct override_reason reason = { 0 };
	size_t colon = slice_find(text, ':');
	struct slice comment = slice_from_offset(text, colon + 1);

	/* some reporters send a comment without a type */
	if (colon > 0 &&
	    !read_any_word(t, &reason_words, slice_prefix(text, colon), &reason.type, e))
		return false;
	if (colon < text.n && !arena_copy(&t->arena, comment, &reason.comment))
		return too_long(e);
	if (t->record.reason_count == LIMIT_REASONS)
		return full(e, LIMIT_REASONS);
	t->reasons = memory_grow_array(t->reasons, t->record.reason_count, &t->reason_capacity,
				       sizeof(*t->reasons));
	t->reasons[t->record.reason_count++] = reason;
	return true;
}

struct evidence trial_evidence(struct trial *t, const struct judge *judge)
{
	struct record *r = &t->record;

	r->dkim_results = t->dkim;
	r->spf_results = t->spf;
	r->reasons = t->reasons;
	if (slice_is_absent(t->policy.domain))
		t->policy.domain = r->header_from;

	const struct author author = author_of(judge->domains, NULL, &t->policy, r->header_from);
	struct evidence evidence = evidence_of_record(judge, &t->policy, r);

	alignment_compute(&author, r);
	evidence.host = t->host;
	return evidence;
}
