/* SPDX-License-Identifier: MIT */
#include "reports/digest.h"

#include "base/text.h"
#include "reports/amounts.h"
#include "reports/labels.h"
#include "reports/task_line.h"
#include "reports/wrap.h"

#include "base/banned.h"

/* A mail is read whole where it is short; a name is somebody else's, and may be long. */
enum { TASKS_TOLD = 10, NAME_BYTES = 50 };

enum task_column { SENDER, HEADER_FROM, VERDICT, SENDER_NAME, SPF_CAUSE, DKIM_CAUSE, MESSAGES };

/* --- which tasks are new -------------------------------------------------------------------------- */

static int compare_tasks(const struct rows *a, size_t row_a, const struct rows *b, size_t row_b)
{
	for (size_t column = SENDER; column <= VERDICT; column++) {
		struct slice x = rows_text(a, row_a, column), y = rows_text(b, row_b, column);
		size_t both = x.n < y.n ? x.n : y.n;
		int order = both > 0 ? memcmp(x.p, y.p, both) : 0;

		if (order == 0 && x.n != y.n)
			order = x.n < y.n ? -1 : 1;
		if (order != 0)
			return order;
	}
	return 0;
}

struct news {
	size_t rows[TASKS_TOLD]; /* the ones with most mail */
	size_t told, count;
};

static void add_news(struct news *n, const struct rows *rows, size_t row)
{
	int64_t messages = rows_integer(rows, row, MESSAGES);
	size_t at = n->told;

	n->count++;
	while (at > 0 && rows_integer(rows, n->rows[at - 1], MESSAGES) < messages)
		at--;
	if (at == TASKS_TOLD)
		return;
	if (n->told < TASKS_TOLD)
		n->told++;
	for (size_t i = n->told - 1; i > at; i--)
		n->rows[i] = n->rows[i - 1];
	n->rows[at] = row;
}

/* Both are in the same order. */
static struct news find_news(const struct digest *d)
{
	struct news n = { .count = 0 };
	size_t old = 0;

	if (!d->before || !d->after || !d->before->rows || !d->after->rows)
		return n;
	for (size_t row = 0; row < rows_count(d->after->rows); row++) {
		while (old < rows_count(d->before->rows) &&
		       compare_tasks(d->before->rows, old, d->after->rows, row) < 0)
			old++;
		if (old == rows_count(d->before->rows) ||
		    compare_tasks(d->before->rows, old, d->after->rows, row) != 0)
			add_news(&n, d->after->rows, row);
	}
	return n;
}

/* --- what came in --------------------------------------------------------------------------------- */

static bool brought_anything(const struct digest_source *s)
{
	return s->reports + s->duplicates + s->broken + s->unreadable + s->others > 0;
}

bool digest_is_news(const struct digest *d)
{
	for (size_t i = 0; i < d->source_count; i++) {
		if (brought_anything(&d->sources[i]) || d->sources[i].failure.kind != ERR_NONE)
			return true;
	}
	return d->failure_count > 0 || d->interrupted || d->looked_up > 0 || d->dropped > 0 ||
		find_news(d).count > 0;
}

static void append_count(struct buf *line, const char *before, uint64_t count, const char *one,
			 const char *many)
{
	buf_append_text(line, before);
	number_append_grouped(line, count);
	buf_append_text(line, count == 1 ? one : many);
}

static void append_part(struct buf *line, bool *any, uint64_t count, const char *one,
			const char *many)
{
	if (count == 0)
		return;
	append_count(line, *any ? ", " : "", count, one, many);
	*any = true;
}

static void print_source(const struct digest_source *s, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };
	bool any = false;

	buf_printf(&line, "%s: ", s->name);
	if (s->reports > 0) {
		append_part(&line, &any, s->reports, " report", " reports");
		append_count(&line, " on ", s->messages, " message", " messages");
	}
	append_part(&line, &any, s->duplicates, " duplicate", " duplicates");
	append_part(&line, &any, s->broken, " broken", " broken");
	append_part(&line, &any, s->unreadable, " unreadable", " unreadable");
	append_part(&line, &any, s->others, " other mail", " other mails");
	if (s->failure.kind != ERR_NONE)
		buf_append_text(&line, any ? "; then it failed" : "failed");
	else if (!any)
		buf_append_text(&line, "nothing new");
	wrap_print(out, buf_slice(&line), 2, 4, DIGEST_WIDTH);
}

static void append_standing(struct buf *line, const struct digest_standing *s)
{
	if (s->until[0] == '\0') {
		buf_append_text(line, "there is no report yet");
		return;
	}
	number_append_grouped(line, s->messages);
	buf_append_text(line, s->messages == 1 ? " message, " : " messages, ");
	share_append(line, s->passed, s->counted, SHARE_TENTHS);
	buf_append_text(line,
			s->messages == s->counted ? " pass DMARC"
						  : " of those that count pass DMARC");
}

/* --- what is new ---------------------------------------------------------------------------------- */

static bool read_subject(const struct rows *rows, size_t row, struct task_subject *s)
{
	*s = (struct task_subject){
		.service = rows_text(rows, row, SENDER_NAME),
		.header_from = rows_text(rows, row, HEADER_FROM),
		.failing = true,
	};
	return verdict_find(rows_text(rows, row, VERDICT), &s->verdict) &&
		spf_cause_find(rows_text(rows, row, SPF_CAUSE), &s->spf_cause) &&
		dkim_cause_find(rows_text(rows, row, DKIM_CAUSE), &s->dkim_cause);
}

static void append_name(struct buf *line, const char *before, struct slice name)
{
	struct slice cut = utf8_prefix(name, NAME_BYTES);

	buf_printf(line, "%s%.*s%s", before, SLICE_ARG(cut), cut.n < name.n ? ".." : "");
}

static void print_task(const struct rows *rows, size_t row, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };
	SCOPED(buf) struct buf task = { 0 };
	struct task_subject s;

	/* words of another version stay what they are */
	if (!read_subject(rows, row, &s))
		return;

	struct slice name = s.service.n > 0 ? s.service : rows_text(rows, row, SENDER);

	if (name.n == 0)
		name = label_of_sender(NULL, s.verdict);
	append_name(&line, "", name);
	if (s.header_from.n > 0)
		append_name(&line, ", From ", s.header_from);
	append_count(&line, ": ", (uint64_t)rows_integer(rows, row, MESSAGES), " message",
		     " messages");
	buf_printf(&line, ", %s", label_of_failure(s.verdict));
	wrap_print(out, buf_slice(&line), 2, 4, DIGEST_WIDTH);
	/* what to do is short */
	if (s.header_from.n > NAME_BYTES)
		s.header_from = SLICE_ABSENT;
	task_line_append(&task, &s);
	if (task.n > 0)
		wrap_print(out, buf_slice(&task), 4, 6, DIGEST_WIDTH);
}

static void print_tasks(const struct digest *d, struct output *out)
{
	struct news n = find_news(d);

	if (n.count == 0 || !d->after)
		return;
	output_text(out, "\nFails, and did not before:\n");
	for (size_t i = 0; i < n.told; i++)
		print_task(d->after->rows, n.rows[i], out);
	if (n.count > n.told)
		output_printf(out, "  and %zu more: 'ruamill report failures' lists them\n",
			      n.count - n.told);
}

/* --- what went wrong ------------------------------------------------------------------------------ */

static void print_failure(const char *what, const struct err *e, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_printf(&line, "%s: ", what);
	err_append(&line, e);
	wrap_print(out, buf_slice(&line), 2, 4, DIGEST_WIDTH);
}

static void print_failures(const struct digest *d, struct output *out)
{
	bool any = d->failure_count > 0 || d->interrupted;

	for (size_t i = 0; i < d->source_count; i++)
		any = any || d->sources[i].failure.kind != ERR_NONE;
	if (!any)
		return;
	output_text(out, "\nWhat failed, and is tried again by the next run:\n");
	for (size_t i = 0; i < d->source_count; i++) {
		if (d->sources[i].failure.kind != ERR_NONE)
			print_failure(d->sources[i].name, &d->sources[i].failure, out);
	}
	for (size_t i = 0; i < d->failure_count; i++)
		print_failure(d->failures[i].what, &d->failures[i].error, out);
	if (d->interrupted)
		output_text(out, "  It was interrupted, and ended before it was done.\n");
}

static void print_rest(const struct digest *d, struct output *out)
{
	uint64_t broken = 0;
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < d->source_count; i++)
		broken += d->sources[i].broken;
	if (broken > 0)
		output_text(out, "\nWhat is broken is listed by 'ruamill report problems'.\n");
	if (d->looked_up == 0 && d->dropped == 0)
		return;
	if (d->looked_up > 0) {
		append_count(&line, "", d->looked_up, " address was looked up, ",
			     " addresses were looked up, ");
		append_count(&line, "", d->named, " has", " have");
		buf_append_text(&line, " a confirmed name. ");
	}
	if (d->dropped > 0)
		buf_append_text(&line, "What was older than wanted is gone.");
	output_text(out, "\n");
	wrap_print(out, buf_slice(&line), 0, 0, DIGEST_WIDTH);
}

static void print_one_line(const struct digest *d, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	append_count(&line, "Nothing new from ", d->source_count, " source; ", " sources; ");
	append_standing(&line, &d->standing);
	buf_append_byte(&line, '.');
	wrap_print(out, buf_slice(&line), 0, 0, DIGEST_WIDTH);
}

void digest_print(const struct digest *d, struct output *out)
{
	SCOPED(buf) struct buf line = { 0 };

	if (!digest_is_news(d)) {
		print_one_line(d, out);
		return;
	}
	output_printf(out, "What came in, %s:\n", d->day);
	for (size_t i = 0; i < d->source_count; i++)
		print_source(&d->sources[i], out);
	if (d->after) {
		buf_append_text(&line, d->standing.until[0] ? "From " : "So far ");
		if (d->standing.until[0])
			buf_printf(&line, "%s to %s: ", d->standing.since, d->standing.until);
		append_standing(&line, &d->standing);
		buf_append_byte(&line, '.');
		output_text(out, "\n");
		wrap_print(out, buf_slice(&line), 0, 0, DIGEST_WIDTH);
	}
	print_tasks(d, out);
	print_failures(d, out);
	print_rest(d, out);
}
