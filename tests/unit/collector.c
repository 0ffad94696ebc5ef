/* SPDX-License-Identifier: MIT */
#include "tests/unit/collector.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#include "base/text.h"
#include "parser/parser.h"

#include "base/banned.h"

/* Where a line goes and how its name begins. */
struct place {
	struct buf *lines;
	const char *prefix;
};

static void write_slice(struct buf *b, struct slice s)
{
	if (slice_is_absent(s)) {
		buf_append_byte(b, '-');
		return;
	}
	buf_append_byte(b, '\'');
	text_append_harmless(b, s, SIZE_MAX);
	buf_append_byte(b, '\'');
}

static void put_text(const struct place *at, const char *name, struct slice text)
{
	buf_printf(at->lines, "%s%s ", at->prefix, name);
	write_slice(at->lines, text);
	buf_append_byte(at->lines, '\n');
}

static void put_int(const struct place *at, const char *name, int64_t value)
{
	buf_printf(at->lines, "%s%s %" PRId64 "\n", at->prefix, name, value);
}

/* A word must hold the table's own text for a known value, and none for an absent one. */
static void put_word(const struct place *at, const char *name, struct word word,
		     const struct word_table *table)
{
	int other = (int)table->count - 1;

	cr_assert(word.value >= 0 && word.value <= other, "%s%s: no such word", at->prefix, name);
	buf_printf(at->lines, "%s%s ", at->prefix, name);
	if (word.value == 0) {
		cr_assert(slice_is_absent(word.text), "%s%s: absent with a text", at->prefix, name);
		buf_append_byte(at->lines, '-');
	} else if (word.value == other) {
		buf_append_byte(at->lines, '?');
		write_slice(at->lines, word.text);
	} else {
		cr_assert(slice_equal(word.text, table->texts[word.value]),
			  "%s%s: another text than the table's", at->prefix, name);
		buf_append(at->lines, word.text);
	}
	buf_append_byte(at->lines, '\n');
}

static void put_raw(const struct place *at, const struct raw_field *raw, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_printf(at->lines, "%sraw.%.*s ", at->prefix, SLICE_ARG(raw[i].field));
		write_slice(at->lines, raw[i].text);
		buf_append_byte(at->lines, '\n');
	}
}

static void put_policy(const struct place *at, const struct published_policy *p)
{
	put_text(at, "policy.domain", p->domain);
	put_word(at, "policy.adkim", p->adkim, &mode_words);
	put_word(at, "policy.aspf", p->aspf, &mode_words);
	put_word(at, "policy.p", p->p, &policy_words);
	put_word(at, "policy.sp", p->sp, &policy_words);
	put_word(at, "policy.np", p->np, &policy_words);
	put_int(at, "policy.pct", p->pct);
	put_text(at, "policy.fo", p->fo);
	put_word(at, "policy.testing", p->testing, &flag_words);
	put_word(at, "policy.discovery", p->discovery, &discovery_words);
}

static void put_report(struct buf *lines, const char *prefix, const struct report *r)
{
	struct place at = { lines, prefix };

	put_text(&at, "org_name", r->org_name);
	put_text(&at, "email", r->email);
	put_text(&at, "extra_contact_info", r->extra_contact_info);
	put_text(&at, "report_id", r->report_id);
	put_int(&at, "begin", r->begin);
	put_int(&at, "end", r->end);
	put_text(&at, "version", r->version);
	put_text(&at, "generator", r->generator);
	put_text(&at, "namespace", r->namespace_uri);
	for (size_t i = 0; i < r->error_count; i++)
		put_text(&at, "error", r->errors[i]);
	put_policy(&at, &r->policy);
	put_raw(&at, r->raw, r->raw_count);
	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(&r->quirks, (enum quirk)quirk))
			buf_printf(lines, "%squirks %s\n", prefix, quirk_text((enum quirk)quirk));
	}
}

static void put_results(struct buf *lines, const char *record, const struct record *r)
{
	char prefix[64];
	struct place at = { lines, prefix };

	for (size_t i = 0; i < r->reason_count; i++) {
		cr_assert(text_format(prefix, sizeof(prefix), "%sreasons[%zu].", record, i));
		put_word(&at, "type", r->reasons[i].type, &reason_words);
		put_text(&at, "comment", r->reasons[i].comment);
	}
	for (size_t i = 0; i < r->dkim_count; i++) {
		cr_assert(text_format(prefix, sizeof(prefix), "%sdkim[%zu].", record, i));
		put_text(&at, "domain", r->dkim_results[i].domain);
		put_text(&at, "selector", r->dkim_results[i].selector);
		put_word(&at, "result", r->dkim_results[i].result, &dkim_result_words);
		put_text(&at, "human_result", r->dkim_results[i].human_result);
	}
	for (size_t i = 0; i < r->spf_count; i++) {
		cr_assert(text_format(prefix, sizeof(prefix), "%sspf[%zu].", record, i));
		put_text(&at, "domain", r->spf_results[i].domain);
		put_word(&at, "scope", r->spf_results[i].scope, &scope_words);
		put_word(&at, "result", r->spf_results[i].result, &spf_result_words);
		put_text(&at, "human_result", r->spf_results[i].human_result);
	}
}

static void put_record(struct buf *lines, const struct record *r)
{
	char prefix[40], address[ADDRESS_TEXT_SIZE];
	struct place at = { lines, prefix };

	cr_assert(text_format(prefix, sizeof(prefix), "record[%" PRIu64 "].", r->ordinal));
	address_format(&r->source_ip, address);
	put_text(&at, "source_ip", slice_from(address));
	put_int(&at, "count", (int64_t)r->count);
	put_word(&at, "disposition", r->disposition, &disposition_words);
	put_word(&at, "dkim", r->dkim, &claimed_result_words);
	put_word(&at, "spf", r->spf, &claimed_result_words);
	put_text(&at, "header_from", r->header_from);
	put_text(&at, "envelope_from", r->envelope_from);
	put_text(&at, "envelope_to", r->envelope_to);
	put_results(lines, prefix, r);
	put_int(&at, "aligned.dkim", r->aligned.dkim);
	put_int(&at, "aligned.spf", r->aligned.spf);
	put_text(&at, "agreement.dkim", slice_from(agreement_text(r->aligned.dkim_agreement)));
	put_text(&at, "agreement.spf", slice_from(agreement_text(r->aligned.spf_agreement)));
	put_raw(&at, r->raw, r->raw_count);
}

static bool fail_in(struct collector *c, enum collector_call call, struct err *e)
{
	if (c->fail_in != call || (call == COLLECTOR_RECORD && c->records != c->fail_record))
		return true;
	return err_set(e, ERR_OUTPUT, "the collector was told to fail");
}

static bool on_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct collector *c = (struct collector *)sink;

	cr_assert(c->begun == 0, "begin() twice");
	c->begun++;
	put_report(&c->lines, "begin.", report);
	return fail_in(c, COLLECTOR_BEGIN, e);
}

static bool on_record(struct sink *sink, const struct report *report UNUSED,
		      const struct record *record, struct err *e)
{
	struct collector *c = (struct collector *)sink;

	cr_assert(c->begun == 1 && c->ended + c->aborted == 0, "record() out of turn");
	c->records++;
	cr_assert(record->ordinal == c->records, "record %u has another ordinal", c->records);
	put_record(&c->lines, record);
	return fail_in(c, COLLECTOR_RECORD, e);
}

static bool on_end(struct sink *sink, const struct report *report, struct err *e)
{
	struct collector *c = (struct collector *)sink;

	cr_assert(c->begun == 1 && c->ended + c->aborted == 0, "end() out of turn");
	c->ended++;
	put_report(&c->lines, "end.", report);
	return fail_in(c, COLLECTOR_END, e);
}

static void on_abort(struct sink *sink, const struct report *report UNUSED, const struct err *why)
{
	struct collector *c = (struct collector *)sink;

	cr_assert(c->begun == 1 && c->aborted == 0, "abort() out of turn");
	c->aborted++;
	buf_printf(&c->lines, "abort %s\n", err_kind_text(why->kind));
}

static const struct sink_ops collector_ops = { on_begin, on_record, on_end, on_abort };

void collector_init(struct collector *c)
{
	*c = (struct collector){ .sink.ops = &collector_ops };
}

void collector_release(struct collector *c)
{
	buf_release(&c->lines);
}

bool collector_has(const struct collector *c, const char *line)
{
	struct slice rest = buf_slice(&c->lines), one;

	while (slice_cut(&rest, '\n', &one)) {
		if (slice_equal(one, slice_from(line)))
			return true;
	}
	return false;
}

static bool push_pieces(struct parser *p, struct slice document, size_t piece, struct err *e)
{
	while (document.n > 0) {
		struct slice part = slice_prefix(document, piece > 0 ? piece : document.n);

		if (!parser_push(p, part, e))
			return false;
		document = slice_from_offset(document, part.n);
	}
	return true;
}

bool collector_parse(struct collector *c, const struct domains *domains, struct slice document,
		     size_t piece, struct err *e)
{
	SCOPED(parser) struct parser *p = parser_new(domains, &c->sink);
	enum parser_end end = PARSER_AGAIN;

	for (c->passes = 0; end == PARSER_AGAIN; c->passes++) {
		cr_assert(c->passes < PARSER_MAX_PASSES, "the parser never has enough");
		if (!push_pieces(p, document, piece, e))
			return false;
		end = parser_finish(p, e);
	}
	return end == PARSER_DONE;
}
