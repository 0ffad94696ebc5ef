/* SPDX-License-Identifier: MIT */
#include "reports/streams.h"

#include "base/bug.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "parser/alignment.h"
#include "parser/remarks.h"
#include "reports/field.h"

#include "base/banned.h"

/* Lists come as text: no report can hold these two, since XML 1.0 has no control characters. */
#define LIST_SEPARATOR '\x1F'
#define LIST_NULL      '\x1E'

enum { MARGIN_TEXT_SIZE = 8 };

/* The columns of a row, in the order of STREAMS_COLUMNS and what follows them. */
enum stream_column {
	COLUMN_POLICY_DOMAIN,
	COLUMN_ADKIM,
	COLUMN_ASPF,
	COLUMN_P,
	COLUMN_SP,
	COLUMN_NP,
	COLUMN_PCT,
	COLUMN_TESTING,
	COLUMN_DISCOVERY,
	COLUMN_HEADER_FROM,
	COLUMN_ENVELOPE_FROM,
	COLUMN_DISPOSITION,
	COLUMN_CLAIMED_DKIM,
	COLUMN_CLAIMED_SPF,
	COLUMN_REASON_COUNT,
	COLUMN_REASON_TYPES,
	COLUMN_REASON_NOTES,
	COLUMN_DKIM_COUNT,
	COLUMN_DKIM_DOMAINS,
	COLUMN_DKIM_SELECTORS,
	COLUMN_DKIM_RESULTS,
	COLUMN_DKIM_HINTS,
	COLUMN_SPF_COUNT,
	COLUMN_SPF_DOMAINS,
	COLUMN_SPF_SCOPES,
	COLUMN_SPF_RESULTS,
	COLUMN_MESSAGES,
	COLUMN_RECORDS,
	COLUMNS,
};
_Static_assert((int)COLUMNS == (int)STREAMS_COLUMN_COUNT, "the header knows how many there are");

/* What streams_seen() takes, behind the columns of streams_decode(). */
enum seen_column {
	COLUMN_HOST_CLASS = COLUMNS,
	COLUMN_KEY,
	COLUMN_REPORTER,
	COLUMN_FIRST_DAY,
	COLUMN_LAST_DAY,
	COLUMN_SEEN_FIRST,
	COLUMN_SEEN_LAST,
	COLUMN_DAYS,
};

#define IN_WINDOW "filter (where d.day between $1::date and $2::date)"

static const char query[] =
	"with counted as ("
	" select d.stream_key, d.host_class, d.reporter,"
	" coalesce(sum(d.messages) " IN_WINDOW ", 0) as messages,"
	" coalesce(sum(d.records) " IN_WINDOW ", 0)::bigint as records,"
	" min(d.day) " IN_WINDOW " as first_day, max(d.day) " IN_WINDOW " as last_day,"
	" min(d.day) as seen_first, max(d.day) as seen_last, count(*) as days"
	" from dmarc.daily d where d.day between $1::date - $5::integer and $2::date + $5::integer"
	" group by 1, 2, 3), "
	"asked as ("
	" select c.*, " STREAMS_OF_DOMAIN("$3") " and " POLICY_DOMAIN_COUNTS(
		"s.policy_domain") " as counts"
				   " from counted c join dmarc.stream s on s.key = c.stream_key"
				   " where " STREAMS_OF_DOMAIN(
					   "$4") ") "
						 "select " STREAMS_COLUMNS
						 ", case when a.counts then a.messages else 0 end,"
						 " case when a.counts then a.records else 0 end, a.host_class, a.stream_key, a.reporter,"
						 " a.first_day, a.last_day, a.seen_first, a.seen_last, a.days "
						 "from asked a join dmarc.stream s on s.key = a.stream_key "
						 "order by sum(case when a.counts then a.messages else 0 end)"
						 " over (partition by a.stream_key, a.host_class) desc, a.stream_key, a.host_class,"
						 " a.messages desc, a.reporter";

bool streams_query(struct connection *c, const struct domains *domains, const struct window *window,
		   struct rows **rows_out, struct err *e)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE], margin[MARGIN_TEXT_SIZE];
	/* an organisation is a tail of its domain, and ends where that does */
	const char *organisation =
		window->domain ? domain_organisation(domains, slice_from(window->domain)).p : NULL;
	const char *values[] = { since, until, window->domain, organisation, margin };

	date_format(window->since, since);
	date_format(window->until, until);
	BUG_UNLESS(text_format(margin, sizeof(margin), "%d", (int)STREAMS_MARGIN));
	return connection_query(c, query, values, COUNT_OF(values), rows_out, e);
}

static int64_t day_at(const struct rows *rows, size_t row, enum seen_column column)
{
	int64_t day;

	return date_parse(rows_text(rows, row, column), &day) ? day : 0; /* null has none */
}

struct stream_seen streams_seen(const struct rows *rows, size_t row)
{
	return (struct stream_seen){
		.key = rows_text(rows, row, COLUMN_KEY),
		.host_class = rows_text(rows, row, COLUMN_HOST_CLASS),
		.reporter = rows_text(rows, row, COLUMN_REPORTER),
		.first_day = day_at(rows, row, COLUMN_FIRST_DAY),
		.last_day = day_at(rows, row, COLUMN_LAST_DAY),
		.seen_first = day_at(rows, row, COLUMN_SEEN_FIRST),
		.seen_last = day_at(rows, row, COLUMN_SEEN_LAST),
		.days = (uint64_t)rows_integer(rows, row, COLUMN_DAYS),
	};
}

struct decoder {
	const struct rows *rows;
	size_t row;
	struct arena *arena;
};

static struct slice text_at(const struct decoder *d, enum stream_column column)
{
	return rows_text(d->rows, d->row, column);
}

/* Words were folded before they were stored: here they only find their number again. */
static struct word word_at(const struct decoder *d, enum stream_column column,
			   const struct word_table *table)
{
	struct word word;

	(void)word_fold(table, text_at(d, column), &word);
	return word;
}

static struct word word_of(struct slice text, const struct word_table *table)
{
	struct word word;

	(void)word_fold(table, text, &word);
	return word;
}

/* The lists of one kind, taken apart in step. */
struct list {
	struct slice rest;
};

static struct list list_at(const struct decoder *d, enum stream_column column)
{
	return (struct list){ text_at(d, column) };
}

static struct slice list_next(struct list *l)
{
	struct slice field = SLICE_ABSENT;

	if (!slice_cut(&l->rest, LIST_SEPARATOR, &field) ||
	    (field.n == 1 && field.p[0] == LIST_NULL))
		return SLICE_ABSENT;
	return field;
}

static void *array_of(const struct decoder *d, enum stream_column column, size_t size,
		      size_t *count_out)
{
	size_t count = (size_t)rows_integer(d->rows, d->row, column);

	*count_out = count;
	return arena_alloc(d->arena, count * size + 1);
}

/* A note stands for the comment it was made of, in a word that is judged as that comment was. */
static struct slice comment_of_note(struct slice note)
{
	if (slice_equal(note, SLICE("arc-pass")))
		return SLICE(REMARK_ARC_PASSES);
	if (slice_equal(note, SLICE("arc-fail")))
		return SLICE(REMARK_ARC_FAILS);
	return note;
}

static bool decode_reasons(const struct decoder *d, struct record *r)
{
	struct list types = list_at(d, COLUMN_REASON_TYPES),
		    notes = list_at(d, COLUMN_REASON_NOTES);
	struct override_reason *reasons =
		array_of(d, COLUMN_REASON_COUNT, sizeof(*reasons), &r->reason_count);

	for (size_t i = 0; reasons && i < r->reason_count; i++) {
		reasons[i].type = word_of(list_next(&types), &reason_words);
		reasons[i].comment = comment_of_note(list_next(&notes));
	}
	r->reasons = reasons;
	return reasons != NULL;
}

static bool decode_dkim(const struct decoder *d, struct record *r)
{
	struct list domains = list_at(d, COLUMN_DKIM_DOMAINS);
	struct list selectors = list_at(d, COLUMN_DKIM_SELECTORS);
	struct list results = list_at(d, COLUMN_DKIM_RESULTS);
	struct list hints = list_at(d, COLUMN_DKIM_HINTS);
	struct dkim_result *dkim = array_of(d, COLUMN_DKIM_COUNT, sizeof(*dkim), &r->dkim_count);

	for (size_t i = 0; dkim && i < r->dkim_count; i++) {
		dkim[i].domain = list_next(&domains);
		dkim[i].selector = list_next(&selectors);
		dkim[i].result = word_of(list_next(&results), &dkim_result_words);
		/* the only hint there is blames the key */
		dkim[i].human_result =
			slice_is_absent(list_next(&hints)) ? SLICE_ABSENT : SLICE(REMARK_NO_KEY);
	}
	r->dkim_results = dkim;
	return dkim != NULL;
}

static bool decode_spf(const struct decoder *d, struct record *r)
{
	struct list domains = list_at(d, COLUMN_SPF_DOMAINS);
	struct list scopes = list_at(d, COLUMN_SPF_SCOPES);
	struct list results = list_at(d, COLUMN_SPF_RESULTS);
	struct spf_result *spf = array_of(d, COLUMN_SPF_COUNT, sizeof(*spf), &r->spf_count);

	for (size_t i = 0; spf && i < r->spf_count; i++) {
		spf[i].domain = list_next(&domains);
		spf[i].scope = word_of(list_next(&scopes), &scope_words);
		spf[i].result = word_of(list_next(&results), &spf_result_words);
		spf[i].human_result = SLICE_ABSENT;
	}
	r->spf_results = spf;
	return spf != NULL;
}

static struct published_policy decode_policy(const struct decoder *d)
{
	return (struct published_policy){
		.domain = text_at(d, COLUMN_POLICY_DOMAIN),
		.adkim = word_at(d, COLUMN_ADKIM, &mode_words),
		.aspf = word_at(d, COLUMN_ASPF, &mode_words),
		.p = word_at(d, COLUMN_P, &policy_words),
		.sp = word_at(d, COLUMN_SP, &policy_words),
		.np = word_at(d, COLUMN_NP, &policy_words),
		.pct = slice_is_absent(text_at(d, COLUMN_PCT))
			? -1
			: (int)rows_integer(d->rows, d->row, COLUMN_PCT),
		.testing = word_at(d, COLUMN_TESTING, &flag_words),
		.discovery = word_at(d, COLUMN_DISCOVERY, &discovery_words),
	};
}

bool streams_decode(const struct rows *rows, size_t row, const struct domains *domains,
		    struct arena *arena, struct stream *stream_out)
{
	const struct decoder d = { rows, row, arena };
	struct stream s = { .policy = decode_policy(&d) };
	struct record *r = &s.record;

	r->header_from = text_at(&d, COLUMN_HEADER_FROM);
	r->envelope_from = text_at(&d, COLUMN_ENVELOPE_FROM);
	r->disposition = word_at(&d, COLUMN_DISPOSITION, &disposition_words);
	r->dkim = word_at(&d, COLUMN_CLAIMED_DKIM, &claimed_result_words);
	r->spf = word_at(&d, COLUMN_CLAIMED_SPF, &claimed_result_words);
	r->count = field_number(text_at(&d, COLUMN_MESSAGES));
	s.records = (uint64_t)rows_integer(rows, row, COLUMN_RECORDS);
	if (!decode_reasons(&d, r) || !decode_dkim(&d, r) || !decode_spf(&d, r))
		return false;

	struct author author = author_of(domains, NULL, &s.policy, r->header_from);

	alignment_compute(&author, r);
	*stream_out = s;
	return true;
}
