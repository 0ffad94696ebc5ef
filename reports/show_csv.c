/* SPDX-License-Identifier: MIT */
#include "reports/show_csv.h"

#include "base/timestamp.h"
#include "reports/csv.h"
#include "reports/memo.h"

#include "base/banned.h"

/* What the columns are made of, and the line they go to. */
struct row {
	const struct report *report;
	const struct record *record;
	const struct judgement *judgement;
	struct buf *line;
	struct buf *cell; /* for lists; empty between columns */
};

/* X(name, kind, value): put_KIND() makes a field of the value; of a list, what appends it. */
/* clang-format off */
#define COLUMN_LIST(X)                                                                             \
	X("org_name",         text,    r->report->org_name)                                        \
	X("report_id",        text,    r->report->report_id)                                       \
	X("begin",            time,    r->report->begin)                                           \
	X("end",              time,    r->report->end)                                             \
	X("policy_domain",    text,    r->report->policy.domain)                                   \
	X("p",                text,    r->report->policy.p.text)                                   \
	X("sp",               text,    r->report->policy.sp.text)                                  \
	X("np",               text,    r->report->policy.np.text)                                  \
	X("adkim",            text,    r->report->policy.adkim.text)                               \
	X("aspf",             text,    r->report->policy.aspf.text)                                \
	X("pct",              percent, r->report->policy.pct)                                      \
	X("testing",          text,    r->report->policy.testing.text)                             \
	X("discovery_method", text,    r->report->policy.discovery.text)                           \
	X("source_ip",        address, &r->record->source_ip)                                      \
	X("count",            number,  r->record->count)                                           \
	X("disposition",      text,    r->record->disposition.text)                                \
	X("dkim",             text,    r->record->dkim.text)                                       \
	X("spf",              text,    r->record->spf.text)                                        \
	X("reasons",          list,    append_reasons)                                             \
	X("header_from",      text,    r->record->header_from)                                     \
	X("envelope_from",    text,    r->record->envelope_from)                                   \
	X("envelope_to",      text,    r->record->envelope_to)                                     \
	X("dkim_results",     list,    append_dkim)                                                \
	X("spf_results",      list,    append_spf)                                                 \
	X("dkim_aligned",     boolean, r->judgement->aligned.dkim)                                    \
	X("spf_aligned",      boolean, r->judgement->aligned.spf)                                     \
	X("dmarc",            boolean, r->judgement->aligned.dkim || r->judgement->aligned.spf)          \
	X("dkim_agreement",   word,    agreement_text(r->judgement->aligned.dkim_agreement))          \
	X("spf_agreement",    word,    agreement_text(r->judgement->aligned.spf_agreement))           \
	X("sender",           text,    sender_id(r->judgement->service))                           \
	X("infrastructure",   text,    sender_id(r->judgement->infrastructure))                    \
	X("last_hop",         text,    sender_id(r->judgement->last_hop))                          \
	X("path",             word,    path_text(r->judgement->path))                              \
	X("confidence",       word,    confidence_text(r->judgement->confidence))                  \
	X("spf_cause",        word,    spf_cause_text(r->judgement->spf_cause))                    \
	X("dkim_cause",       word,    dkim_cause_text(r->judgement->dkim_cause))                  \
	X("verdict",          word,    verdict_text(r->judgement->verdict))                        \
	X("flags",            list,    append_flags)
/* clang-format on */

static void put_text(struct row *r, struct slice text)
{
	csv_append_text(r->line, r->line->n == 0, text);
}

static void put_word(struct row *r, const char *word)
{
	put_text(r, slice_from(word));
}

static void put_number(struct row *r, uint64_t number)
{
	csv_append_number(r->line, r->line->n == 0, number);
}

static void put_percent(struct row *r, int percent)
{
	if (percent >= 0)
		put_number(r, (uint64_t)percent);
	else
		put_text(r, SLICE_ABSENT);
}

static void put_boolean(struct row *r, bool value)
{
	put_word(r, value ? "true" : "false");
}

static void put_time(struct row *r, int64_t seconds)
{
	char text[TIMESTAMP_TEXT_SIZE];

	timestamp_format(seconds, text);
	put_word(r, text);
}

static void put_address(struct row *r, const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text);
	put_word(r, text);
}

static void put_list(struct row *r, void (*append)(struct buf *cell, const struct row *r))
{
	append(r->cell, r);
	put_text(r, buf_slice(r->cell));
	buf_clear(r->cell);
}

static void separate(struct buf *cell, const char *separator)
{
	if (cell->n > 0)
		buf_append_text(cell, separator);
}

/* The mark and the text, where there is one. */
static void append_marked(struct buf *cell, char mark, struct slice text)
{
	if (slice_is_absent(text))
		return;
	buf_append_byte(cell, mark);
	buf_append(cell, text);
}

static void append_reasons(struct buf *cell, const struct row *r)
{
	for (size_t i = 0; i < r->record->reason_count; i++) {
		const struct override_reason *reason = &r->record->reasons[i];

		separate(cell, "; ");
		buf_append(cell, reason->type.text);
		append_marked(cell, ':', reason->comment);
	}
}

static void append_dkim(struct buf *cell, const struct row *r)
{
	for (size_t i = 0; i < r->record->dkim_count; i++) {
		const struct dkim_result *dkim = &r->record->dkim_results[i];

		separate(cell, " ");
		buf_append(cell, dkim->domain);
		append_marked(cell, ':', dkim->selector);
		append_marked(cell, '=', dkim->result.text);
	}
}

static void append_spf(struct buf *cell, const struct row *r)
{
	for (size_t i = 0; i < r->record->spf_count; i++) {
		const struct spf_result *spf = &r->record->spf_results[i];

		separate(cell, " ");
		buf_append(cell, spf->domain);
		append_marked(cell, '/', spf->scope.text);
		append_marked(cell, '=', spf->result.text);
	}
}

static void append_flags(struct buf *cell, const struct row *r)
{
	SCOPED(buf) struct buf name = { 0 };
	size_t next = 0;

	while (judgement_next_flag(r->judgement, r->record, &next, &name)) {
		separate(cell, " ");
		buf_append(cell, buf_slice(&name));
		buf_clear(&name);
	}
}

static void put_names(struct buf *line)
{
#define COLUMN_NAME(name, kind, value) name,
	static const char *const names[] = { COLUMN_LIST(COLUMN_NAME) };
#undef COLUMN_NAME

	for (size_t i = 0; i < COUNT_OF(names); i++)
		csv_append_text(line, i == 0, slice_from(names[i]));
	csv_end_line(line);
}

static void put_row(struct row *r)
{
#define COLUMN_FIELD(name, kind, value) put_##kind(r, value);
	COLUMN_LIST(COLUMN_FIELD)
#undef COLUMN_FIELD
	csv_end_line(r->line);
}

static void emit(struct show_csv *s)
{
	output_write(s->out, buf_slice(&s->line));
	buf_clear(&s->line);
}

static bool on_begin(struct sink *sink UNUSED, const struct report *report UNUSED,
		     struct err *e UNUSED)
{
	return true;
}

static bool on_record(struct sink *sink, const struct report *report, const struct record *record,
		      struct err *e)
{
	struct show_csv *s = (struct show_csv *)sink;
	const struct evidence evidence = evidence_of_record(s->judge, &report->policy, record);
	struct judgement judgement;
	struct row row = { report, record, &judgement, &s->line, &s->cell };

	memo_judge(s->memo, &evidence, &judgement);
	put_row(&row);
	emit(s);
	return output_check(s->out, e);
}

static bool on_end(struct sink *sink, const struct report *report UNUSED, struct err *e)
{
	struct show_csv *s = (struct show_csv *)sink;

	output_flush(s->out);
	return output_check(s->out, e);
}

/* The rows stop; why is told on stderr. */
static void on_abort(struct sink *sink, const struct report *report UNUSED,
		     const struct err *why UNUSED)
{
	output_flush(((struct show_csv *)sink)->out);
}

static const struct sink_ops show_csv_ops = { on_begin, on_record, on_end, on_abort };

void show_csv_init(struct show_csv *s, struct output *out, const struct judge *judge)
{
	*s = (struct show_csv){ .sink.ops = &show_csv_ops, .out = out, .judge = judge };
	s->memo = memo_new(judge);
	put_names(&s->line);
	emit(s);
}

void show_csv_release(struct show_csv *s)
{
	memo_free(s->memo);
	buf_release(&s->line);
	buf_release(&s->cell);
}
