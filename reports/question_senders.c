/* SPDX-License-Identifier: MIT */
#include "reports/question_senders.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/timestamp.h"

#include "base/banned.h"

/* What one stream needs while it is judged; then it is forgotten. */
enum { SCRATCH_BYTES = 1 << 20 };

/* One line of the table: a service, or those that cannot be named, by what they amount to. */
struct sender_row {
	const struct sender *service;
	enum verdict unnamed; /* of mail without a service */
	uint64_t messages, passed, spf_aligned, dkim_aligned;
	uint64_t fixable; /* failed, and somebody can do something about it */
};

/* One paragraph: mail of one sender and From domain that fails for the same reasons. */
struct group {
	const struct sender *service;
	struct slice header_from;
	enum verdict verdict;
	enum spf_cause spf_cause;
	enum dkim_cause dkim_cause;
	struct slice region;
	uint64_t messages;
	size_t row; /* of its largest stream, which stands for the others */
	struct remedy remedy;
};

struct tally {
	const struct judge *judge;
	const struct rows *rows;
	struct arena *arena;
	struct arena scratch;
	struct sender_row *senders;
	size_t sender_count, sender_capacity;
	struct group *groups;
	size_t group_count, group_capacity;
	uint64_t messages, passed, spoofed, undetermined;
};

static bool arena_full(struct err *e)
{
	err_set(e, ERR_LIMIT, "the answer takes too much memory");
	return err_remedy(e, "ask about fewer days or one domain: --days, --domain");
}

static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 32;
	return memory_resize_array(array, *capacity, size);
}

/* Mail that passes is of one kind here, whoever sent it: there is nothing to find out. */
static enum verdict unnamed_kind(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_ALIGNED_SPF_ONLY:
		return VERDICT_ALIGNED_BOTH;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		return verdict;
	}
	return verdict;
}

static struct sender_row *find_sender(struct tally *t, const struct judgement *j)
{
	enum verdict unnamed = j->service ? VERDICT_ALIGNED_BOTH : unnamed_kind(j->verdict);

	for (size_t i = 0; i < t->sender_count; i++) {
		if (t->senders[i].service == j->service && t->senders[i].unnamed == unnamed)
			return &t->senders[i];
	}
	t->senders = grow(t->senders, t->sender_count, &t->sender_capacity, sizeof(*t->senders));
	t->senders[t->sender_count] =
		(struct sender_row){ .service = j->service, .unnamed = unnamed };
	return &t->senders[t->sender_count++];
}

static bool same_group(const struct group *g, const struct judgement *j, const struct record *r)
{
	/* there is one thing to say of all spoofing, whomever it pretends to be */
	if (j->verdict == VERDICT_LIKELY_SPOOF)
		return g->verdict == j->verdict;
	return g->service == j->service && g->verdict == j->verdict &&
		g->spf_cause == j->spf_cause && g->dkim_cause == j->dkim_cause &&
		slice_equal(g->header_from, r->header_from) && slice_equal(g->region, j->region);
}

static struct group *find_group(struct tally *t, const struct judgement *j, const struct record *r,
				size_t row)
{
	for (size_t i = 0; i < t->group_count; i++) {
		if (same_group(&t->groups[i], j, r))
			return &t->groups[i];
	}
	t->groups = grow(t->groups, t->group_count, &t->group_capacity, sizeof(*t->groups));

	struct group *g = &t->groups[t->group_count];

	*g = (struct group){
		.service = j->service,
		.header_from = r->header_from, /* in the rows */
		.verdict = j->verdict,
		.spf_cause = j->spf_cause,
		.dkim_cause = j->dkim_cause,
		.row = row,
	};
	if (!slice_is_absent(j->region) && !arena_copy(t->arena, j->region, &g->region))
		return NULL;
	t->group_count++;
	return g;
}

/* The judgement of a row's stream. All of it lies in `arena` and in the rows. */
struct judged {
	struct stream stream;
	struct evidence evidence;
	struct judgement judgement;
};

static const struct owner nobody;

static bool judge_row(const struct tally *t, size_t row, struct arena *arena, struct judged *judged)
{
	if (!streams_decode(t->rows, row, t->judge->domains, arena, &judged->stream))
		return false;
	judged->evidence = (struct evidence){
		.policy = &judged->stream.policy,
		.record = &judged->stream.record,
		.host = { HOST_NOT_LOOKED_UP, SLICE_ABSENT },
		.owner = &nobody,
	};
	judge_record(t->judge, &judged->evidence, &judged->judgement);
	return true;
}

static struct remedy_subject subject_of(const struct tally *t, const struct judged *judged)
{
	return (struct remedy_subject){ t->judge, &judged->evidence, &judged->judgement };
}

static bool count_row(struct tally *t, size_t row, struct err *e)
{
	struct judged judged;
	const struct judgement *j = &judged.judgement;
	struct remedy remedy;

	arena_reset(&t->scratch);
	if (!judge_row(t, row, &t->scratch, &judged))
		return arena_full(e);

	const struct record *r = &judged.stream.record;
	struct remedy_subject subject = subject_of(t, &judged);
	struct sender_row *s = find_sender(t, j);

	t->messages += r->count;
	t->passed += j->outcome_pass ? r->count : 0;
	t->spoofed += j->verdict == VERDICT_LIKELY_SPOOF ? r->count : 0;
	t->undetermined += j->verdict == VERDICT_UNDETERMINED ? r->count : 0;
	s->messages += r->count;
	s->passed += j->outcome_pass ? r->count : 0;
	s->spf_aligned += r->aligned.spf ? r->count : 0;
	s->dkim_aligned += r->aligned.dkim ? r->count : 0;
	if (!remedy_of(&subject, &t->scratch, &remedy))
		return arena_full(e);
	s->fixable += !j->outcome_pass && remedy.task ? r->count : 0;
	if (j->outcome_pass && !(remedy.task && j->severity >= SEVERITY_WARN))
		return true;

	struct group *g = find_group(t, j, r, row);

	if (!g)
		return arena_full(e);
	g->messages += r->count;
	return true;
}

enum sender_rank { RANK_FAILING, RANK_SPOOF, RANK_PASSING };

static enum sender_rank rank_of(const struct sender_row *s)
{
	if (s->passed == s->messages)
		return RANK_PASSING;
	return !s->service && s->unnamed == VERDICT_LIKELY_SPOOF ? RANK_SPOOF : RANK_FAILING;
}

/* Most failing mail first, then what the policy is for, then what only passes, by volume. */
static int compare_senders(const void *a, const void *b)
{
	const struct sender_row *x = a, *y = b;
	uint64_t fx = x->messages - x->passed, fy = y->messages - y->passed;

	if (rank_of(x) != rank_of(y))
		return rank_of(x) < rank_of(y) ? -1 : 1;
	if (fx != fy)
		return fx < fy ? 1 : -1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return (int)x->unnamed - (int)y->unnamed;
}

static bool group_is_spoof(const struct group *g)
{
	return g->verdict == VERDICT_LIKELY_SPOOF;
}

/* What can be mended first, by volume; spoofing, which the policy is for, last. */
static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (group_is_spoof(x) != group_is_spoof(y))
		return group_is_spoof(x) ? 1 : -1;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static struct slice label_of(const struct sender *service, enum verdict verdict)
{
	if (service)
		return service->name;
	if (verdict == VERDICT_LIKELY_SPOOF)
		return SLICE("(likely spoofed)");
	if (verdict == VERDICT_FORWARDED_BROKEN)
		return SLICE("(forwarded)");
	if (unnamed_kind(verdict) == VERDICT_ALIGNED_BOTH)
		return SLICE("(your own, or not listed)");
	return SLICE("(not identified)");
}

/* The cause that stands for a sender: that of its largest group. */
static const struct group *main_group(const struct tally *t, const struct sender_row *s)
{
	for (size_t i = 0; i < t->group_count; i++) {
		const struct group *g = &t->groups[i];

		if (g->service == s->service &&
		    (g->service || unnamed_kind(g->verdict) == s->unnamed))
			return g;
	}
	return NULL;
}

/* For a table cell: what has to be done, in two words. */
static const char *short_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
		return "ok";
	case VERDICT_ALIGNED_SPF_ONLY:
		return "SPF alone";
	case VERDICT_STRICT_MODE_MISALIGNMENT:
		return "strict mode";
	case VERDICT_MAILING_LIST:
		return "mailing list";
	case VERDICT_FORWARDED_BROKEN:
		return "forwarded";
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		return "not set up";
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
		return "own server";
	case VERDICT_UNKNOWN_SENDER:
		return "identify it";
	case VERDICT_UNDETERMINED:
		return "not told";
	case VERDICT_LIKELY_SPOOF:
		return "spoofed";
	}
	return "";
}

static const struct column columns[] = {
	{ "sender", "SENDER", COLUMN_TEXT },         { "messages", "MESSAGES", COLUMN_COUNT },
	{ "passed", "PASS", COLUMN_SHARE },          { "spf_aligned", "SPF", COLUMN_SHARE },
	{ "dkim_aligned", "DKIM", COLUMN_SHARE },    { "failed", "FAILING", COLUMN_COUNT },
	{ "main_cause", "MAIN CAUSE", COLUMN_TEXT },
};

static bool fill_rows(const struct tally *t, struct answer *a)
{
	struct cell *cells =
		arena_alloc(t->arena, (t->sender_count * COUNT_OF(columns) + 1) * sizeof(*cells));

	for (size_t i = 0; cells && i < t->sender_count; i++) {
		const struct sender_row *s = &t->senders[i];
		const struct group *g = main_group(t, s);
		struct cell *row = cells + i * COUNT_OF(columns);

		row[0] = (struct cell){ .text = label_of(s->service, s->unnamed) };
		row[1] = (struct cell){ .number = s->messages };
		row[2] = (struct cell){ .number = s->passed, .total = s->messages };
		row[3] = (struct cell){ .number = s->spf_aligned, .total = s->messages };
		row[4] = (struct cell){ .number = s->dkim_aligned, .total = s->messages };
		row[5] = (struct cell){ .number = s->messages - s->passed };
		row[6] = (struct cell){ .text = g ? slice_from(short_verdict(g->verdict))
						  : SLICE("ok") };
	}
	a->columns = columns;
	a->column_count = COUNT_OF(columns);
	a->cells = cells;
	a->row_count = t->sender_count;
	return cells != NULL;
}

static bool fill_heading(const struct tally *t, const struct group *g, struct finding *f)
{
	SCOPED(buf) struct buf text = { 0 };
	struct slice label = label_of(g->service, g->verdict);

	buf_append(&text, label);
	if (!group_is_spoof(g)) {
		buf_append_text(&text, ", From ");
		buf_append(&text, g->header_from.n > 0 ? g->header_from : SLICE("(none)"));
	}
	if (g->region.n > 0)
		buf_printf(&text, " (%.*s)", SLICE_ARG(g->region));
	buf_append_text(&text, ": ");
	number_append_grouped(&text, g->messages);
	buf_append_text(&text, g->messages == 1 ? " message" : " messages");
	buf_append_text(&text,
			g->verdict == VERDICT_ALIGNED_SPF_ONLY ||
					g->verdict == VERDICT_ALIGNED_DKIM_ONLY
				? " at risk"
				: " failing");
	return arena_copy(t->arena, buf_slice(&text), &f->heading);
}

static bool fill_finding(const struct tally *t, const struct group *g, struct finding *f)
{
	struct judged judged;

	if (!judge_row(t, g->row, t->arena, &judged))
		return false;

	struct remedy_subject subject = subject_of(t, &judged);

	*f = (struct finding){
		.sender = g->service ? g->service->id : SLICE_ABSENT,
		.header_from = g->header_from,
		.verdict = slice_from(verdict_text(g->verdict)),
		.spf_cause = slice_from(spf_cause_text(g->spf_cause)),
		.dkim_cause = slice_from(dkim_cause_text(g->dkim_cause)),
		.messages = g->messages,
	};
	return fill_heading(t, g, f) && remedy_of(&subject, t->arena, &f->remedy);
}

/* The rows go when the question is answered: what the answer still shows of them is copied. */
static bool keep_texts(const struct tally *t, struct finding *f)
{
	return slice_is_absent(f->header_from) ||
		arena_copy(t->arena, f->header_from, &f->header_from);
}

static bool fill_findings(const struct tally *t, struct answer *a)
{
	struct finding *findings = arena_alloc(t->arena, (t->group_count + 1) * sizeof(*findings));

	for (size_t i = 0; findings && i < t->group_count; i++) {
		if (!fill_finding(t, &t->groups[i], &findings[i]) || !keep_texts(t, &findings[i]))
			return false;
	}
	a->findings = findings;
	a->finding_count = t->group_count;
	return findings != NULL;
}

static void append_set_aside(struct buf *line, const struct tally *t)
{
	if (t->spoofed + t->undetermined == 0)
		return;
	buf_append_text(line, " Set aside: ");
	number_append_grouped(line, t->spoofed);
	buf_append_text(line, " likely spoofed, ");
	number_append_grouped(line, t->undetermined);
	buf_append_text(line, " undetermined.");
}

static bool fill_headline(const struct tally *t, const struct window *window, uint64_t reports,
			  uint64_t reporters, struct answer *a)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	struct slice *lines = arena_alloc(t->arena, 2 * sizeof(*lines));
	SCOPED(buf) struct buf first = { 0 };
	SCOPED(buf) struct buf second = { 0 };

	date_format(window->since, since);
	date_format(window->until, until);
	buf_printf(&first, "Mail from %s to %s, as told by ", since, until);
	number_append_grouped(&first, reports);
	buf_append_text(&first, reports == 1 ? " report of " : " reports of ");
	number_append_grouped(&first, reporters);
	buf_append_text(&first, reporters == 1 ? " reporter." : " reporters.");
	number_append_grouped(&second, t->messages);
	buf_append_text(&second, " messages; ");
	share_append(&second, t->passed, t->messages - t->spoofed - t->undetermined, SHARE_TENTHS);
	buf_append_text(&second, " of those that count pass DMARC.");
	append_set_aside(&second, t);
	a->headline = lines;
	a->headline_count = 2;
	return lines && arena_copy(t->arena, buf_slice(&first), &lines[0]) &&
		arena_copy(t->arena, buf_slice(&second), &lines[1]) &&
		arena_copy(t->arena, slice_from(since), &a->since) &&
		arena_copy(t->arena, slice_from(until), &a->until);
}

/* About all domains the reports themselves know; about one, their records do. */
static const char count_of_all[] = "select count(*), count(distinct reporter) from dmarc.report "
				   "where day between $1::date and $2::date";
static const char count_of_domain[] =
	"select count(*), count(distinct p.reporter) from dmarc.report p "
	"where p.day between $1::date and $2::date and exists (select from dmarc.record r "
	"join dmarc.stream s on s.key = r.stream_key "
	"where r.report_key = p.key and r.day = p.day and " STREAMS_OF_DOMAIN("$3") ")";

static const char newest_of_all[] = "select max(day)::text from dmarc.report";
static const char newest_of_domain[] =
	"select max(r.day)::text from dmarc.record r join dmarc.stream s on s.key = r.stream_key "
	"where " STREAMS_OF_DOMAIN("$1");

static bool count_reports(struct connection *c, const struct window *window, uint64_t *reports_out,
			  uint64_t *reporters_out, struct err *e)
{
	char since[DATE_TEXT_SIZE], until[DATE_TEXT_SIZE];
	const char *values[] = { since, until, window->domain };
	SCOPED(rows) struct rows *rows = NULL;

	date_format(window->since, since);
	date_format(window->until, until);
	if (!connection_query(c, window->domain ? count_of_domain : count_of_all, values,
			      window->domain ? 3 : 2, &rows, e))
		return false;
	*reports_out = (uint64_t)rows_integer(rows, 0, 0);
	*reporters_out = (uint64_t)rows_integer(rows, 0, 1);
	return true;
}

static bool count_all(struct tally *t, struct err *e)
{
	for (size_t row = 0; row < rows_count(t->rows); row++) {
		if (!count_row(t, row, e))
			return false;
	}
	if (t->sender_count > 0)
		qsort(t->senders, t->sender_count, sizeof(*t->senders), compare_senders);
	if (t->group_count > 0)
		qsort(t->groups, t->group_count, sizeof(*t->groups), compare_groups);
	return true;
}

bool question_senders(struct connection *c, const struct judge *judge, const struct window *window,
		      struct arena *arena, struct answer *answer_out, struct err *e)
{
	SCOPED(rows) struct rows *rows = NULL;
	uint64_t reports, reporters;

	if (!streams_query(c, window, &rows, e) ||
	    !count_reports(c, window, &reports, &reporters, e))
		return false;

	struct tally t = { .judge = judge, .rows = rows, .arena = arena };
	struct answer a = { .question = "senders" };

	arena_init(&t.scratch, SCRATCH_BYTES);

	bool ok = count_all(&t, e) &&
		((fill_headline(&t, window, reports, reporters, &a) && fill_rows(&t, &a) &&
		  fill_findings(&t, &a)) ||
		 arena_full(e));

	arena_release(&t.scratch);
	free(t.senders);
	free(t.groups);
	if (ok)
		*answer_out = a;
	return ok;
}

bool question_newest_day(struct connection *c, const char *domain, bool *any_out, int64_t *day_out,
			 struct err *e)
{
	const char *values[] = { domain };
	SCOPED(rows) struct rows *rows = NULL;

	if (!connection_query(c, domain ? newest_of_domain : newest_of_all, values, domain ? 1 : 0,
			      &rows, e))
		return false;
	*any_out = date_parse(rows_text(rows, 0, 0), day_out);
	return true;
}
