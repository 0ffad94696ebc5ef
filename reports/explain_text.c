/* SPDX-License-Identifier: MIT */
#include "reports/explain.h"

#include "base/text.h"
#include "base/timestamp.h"
#include "parser/alignment.h"
#include "reports/amounts.h"
#include "reports/grid.h"
#include "reports/labels.h"
#include "reports/sender_print.h"
#include "reports/wrap.h"

#include "base/banned.h"

/* What a person reads to its end; a program gets all. */
enum {
	KINDS_WHOLE = 10, /* the others have a line each */
	REPORTERS_SHOWN = 5,
	DOMAINS_SHOWN = 10,
	ADDRESSES_SHOWN = 10,
	INDENT = 3,
	FIELD_INDENT = 5,
	REST_INDENT = 7,
	NAME_BYTES = 100,
};

struct page {
	const struct explanation *x;
	unsigned width;
	struct output *out;
};

static void print_line(const struct page *p, struct buf *line, unsigned first, unsigned rest)
{
	wrap_print(p->out, buf_slice(line), first, rest, p->width);
	buf_clear(line);
}

static void append_day(struct buf *b, int64_t day)
{
	char text[DATE_TEXT_SIZE];

	date_format(day, text);
	buf_append_text(b, text);
}

static void append_messages(struct buf *b, uint64_t messages)
{
	number_append_grouped(b, messages);
	buf_append_text(b, messages == 1 ? " message" : " messages");
}

static void append_span(struct buf *b, int64_t first, int64_t last)
{
	buf_append_text(b, first == last ? "on " : "from ");
	append_day(b, first);
	if (first == last)
		return;
	buf_append_text(b, " to ");
	append_day(b, last);
}

/* --- the head ------------------------------------------------------------------------------------ */

static void print_title(const struct page *p)
{
	const struct explain_target *t = p->x->target;
	SCOPED(buf) struct buf line = { 0 };

	buf_append(&line, t->label);
	if (t->kind == TARGET_SENDER && !slice_equal(t->sender->id, t->sender->name))
		buf_printf(&line, " (%.*s)", SLICE_ARG(t->sender->id));
	if (p->x->window.domain)
		buf_printf(&line, ", mail of %s", p->x->window.domain);
	print_line(p, &line, 0, INDENT);
}

static void print_totals(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	append_messages(&line, x->messages);
	buf_append_byte(&line, ' ');
	append_span(&line, x->first_day, x->last_day);
	buf_append_text(&line, ", as told by ");
	buf_printf(&line, "%s%zu reporter%s: ", x->more_reporters ? "more than " : "",
		   x->reporter_count, x->reporter_count == 1 ? "" : "s");
	share_append(&line, x->passed, x->messages, SHARE_TENTHS);
	buf_append_text(&line, " pass DMARC, SPF aligns for ");
	share_append(&line, x->spf_aligned, x->messages, SHARE_WHOLE);
	buf_append_text(&line, ", DKIM for ");
	share_append(&line, x->dkim_aligned, x->messages, SHARE_WHOLE);
	buf_append_byte(&line, '.');
	print_line(p, &line, 0, 0);
}

static void print_nothing(const struct page *p)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_append_text(&line, "No report tells of mail of it ");
	append_span(&line, p->x->window.since, p->x->window.until);
	buf_append_byte(&line, '.');
	print_line(p, &line, 0, 0);
}

static void print_evidence(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	if (x->evidence_count > 0)
		output_text(p->out, "\nHow the sender is known:\n");
	for (size_t i = 0; i < x->evidence_count; i++) {
		buf_append(&line, x->evidence[i].text);
		buf_append_text(&line, ": ");
		append_messages(&line, x->evidence[i].messages);
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
}

static void print_reporters(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	output_text(p->out, "\nWho saw it:\n");
	for (size_t i = 0; i < x->reporter_count && i < REPORTERS_SHOWN; i++) {
		const struct explain_reporter *r = &x->reporters[i];

		text_append_harmless(&line, r->name, NAME_BYTES);
		buf_append_text(&line, ": ");
		append_messages(&line, r->messages);
		buf_append_text(&line, ", of which ");
		share_append(&line, r->passed, r->messages, SHARE_WHOLE);
		buf_append_text(&line, " pass");
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
	if (x->reporter_count > REPORTERS_SHOWN) {
		buf_printf(&line, "and %zu more", x->reporter_count - REPORTERS_SHOWN);
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
}

/* --- addresses ----------------------------------------------------------------------------------- */

static void add_number(struct grid *grid, uint64_t number)
{
	SCOPED(buf) struct buf text = { 0 };

	number_append_grouped(&text, number);
	grid_add_cell(grid, buf_slice(&text));
}

static void print_address_table(const struct page *p)
{
	static const char *const titles[] = { "MESSAGES", "DAYS", "REPORTERS", "LAST" };
	SCOPED(grid) struct grid *grid = grid_new();

	grid_add_column(grid, "ADDRESS", GRID_LEFT, GRID_WHOLE);
	grid_add_column(grid, "NAME", GRID_LEFT, 0);
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		grid_add_column(grid, titles[i], GRID_RIGHT, GRID_WHOLE);
	for (size_t i = 0; i < p->x->address_count && i < ADDRESSES_SHOWN; i++) {
		const struct explain_address *a = &p->x->addresses[i];

		grid_add_row(grid);
		grid_add_cell(grid, a->address);
		grid_add_cell(grid, a->name.n > 0 ? a->name : SLICE("-"));
		add_number(grid, a->messages);
		add_number(grid, a->days);
		add_number(grid, a->reporters);
		grid_add_cell(grid, a->last_day);
	}
	grid_print(grid, p->width, p->out);
}

static void print_addresses(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	if (x->address_count == 0)
		return;
	output_text(p->out, "\n");
	number_append_grouped(&line, x->address_total);
	buf_append_text(&line, x->address_total == 1 ? " address " : " addresses ");
	append_span(&line, x->looked_since, x->looked_until);
	if (x->target->kind == TARGET_UNNAMED && x->target->unnamed == UNNAMED_SPOOFED)
		buf_append_text(&line,
				"; those first that are steady, as a server of yours would be");
	else if (x->address_total > ADDRESSES_SHOWN)
		buf_append_text(&line, "; those with the most mail");
	buf_append_byte(&line, ':');
	print_line(p, &line, 0, 0);
	print_address_table(p);
}

static void print_host(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	if (slice_is_absent(x->host_state) || slice_equal(x->host_state, SLICE("not looked up"))) {
		buf_append_text(&line,
				"Its name was never asked for: take names from a file with "
				"'ruamill hosts import'.");
	} else if (x->host_name.n > 0) {
		buf_append_text(&line, "Name: ");
		buf_append(&line, x->host_name);
		buf_printf(&line, " (%.*s)", SLICE_ARG(x->host_state));
	} else {
		buf_append_text(&line, "It has no name.");
	}
	print_line(p, &line, 0, INDENT);
	if (x->host_network.n + x->host_country.n == 0)
		return;
	buf_printf(&line, "Network: %.*s %.*s", SLICE_ARG(x->host_network),
		   SLICE_ARG(x->host_country));
	print_line(p, &line, 0, INDENT);
}

static void print_domains(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	output_text(p->out,
		    x->domain_count > 0 ? "Sent in the name of, over all that is stored:\n"
					: "No report tells of mail from it.\n");
	for (size_t i = 0; i < x->domain_count && i < DOMAINS_SHOWN; i++) {
		const struct explain_domain *d = &x->domains[i];

		buf_append(&line, d->domain);
		buf_append_text(&line, ": ");
		append_messages(&line, d->messages);
		buf_printf(&line, ", first %.*s, last %.*s", SLICE_ARG(d->first_day),
			   SLICE_ARG(d->last_day));
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
	if (x->domain_count > DOMAINS_SHOWN) {
		buf_printf(&line, "and %zu more", x->domain_count - DOMAINS_SHOWN);
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
}

/* Where not all of the span could be looked at, it says so. */
static void print_looked(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	if (!x->looked && x->domain_count > 0)
		buf_append_text(&line,
				"None of it is in the days asked for, or its records are "
				"pruned: see --since and --until.");
	else if (x->looked_at_part) {
		buf_append_text(&line,
				"There are too many records to look at all of them: what "
				"follows is of those ");
		append_span(&line, x->looked_since, x->looked_until);
		buf_append_text(&line, "; ask for others with --since and --until.");
	}
	if (line.n > 0)
		print_line(p, &line, 0, 0);
}

/* --- one kind ------------------------------------------------------------------------------------ */

static void append_kind(struct buf *b, const struct explanation *x, const struct explain_kind *k)
{
	const struct group *g = k->group;

	if (x->target->kind != TARGET_SENDER) {
		buf_append(b, label_of_sender(g->service, g->verdict));
		buf_append_text(b, ", ");
	}
	if (g->verdict != VERDICT_LIKELY_SPOOF) {
		buf_append_text(b, "From ");
		buf_append(b, g->header_from.n > 0 ? g->header_from : SLICE("(none)"));
	} else {
		buf_append_text(b, "any From");
	}
	if (g->region.n + g->account.n > 0) {
		buf_printf(b, " (%.*s%s", SLICE_ARG(g->region),
			   g->region.n > 0 && g->account.n > 0 ? "; " : "");
		buf_append(b, g->account);
		buf_append_byte(b, ')');
	}
	buf_append_text(b, ": ");
	append_messages(b, g->messages);
	buf_append_text(b, ", ");
	share_append(b, g->messages, x->messages, SHARE_WHOLE);
	buf_append_text(b, " of it, ");
	append_span(b, k->first_day, k->last_day);
	buf_append_text(b, ": ");
	buf_append_text(b,
			g->verdict == VERDICT_ALIGNED_DKIM_ONLY && g->remedy.task
				? "passes, at risk"
				: label_of_verdict(g->verdict));
}

static const char *signature_word(const struct author *author, const struct dkim_result *dkim)
{
	bool related = author_related(author, dkim->domain);

	if (dkim->result.value != RESULT_PASS)
		return related ? "" : ", and not From's domain";
	if (author_aligned(author, dkim->domain, author->dkim_strict))
		return ", aligned";
	return related ? ", but not the very From that adkim=s wants"
		       : ", but not From's domain: aligns nothing";
}

static const char *envelope_word(const struct author *author, const struct spf_result *spf)
{
	bool related = author_related(author, spf->domain);

	if (spf->result.value != RESULT_PASS)
		return related ? "" : ", and not From's domain";
	if (author_aligned(author, spf->domain, author->spf_strict))
		return ", aligned";
	return related ? ", but not the very From that aspf=s wants"
		       : ", but not From's domain: aligns nothing";
}

enum { EXAMPLE_RESULTS = 6 };

static void print_results(const struct page *p, const struct record *r, const struct author *author)
{
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < r->spf_count && i < EXAMPLE_RESULTS; i++) {
		buf_append_text(&line, "SPF: ");
		buf_append(&line, r->spf_results[i].domain);
		buf_append_text(&line, ": ");
		buf_append(&line, r->spf_results[i].result.text);
		buf_append_text(&line, envelope_word(author, &r->spf_results[i]));
		print_line(p, &line, FIELD_INDENT, REST_INDENT);
	}
	for (size_t i = 0; i < r->dkim_count && i < EXAMPLE_RESULTS; i++) {
		buf_append_text(&line, "DKIM: ");
		buf_append(&line, r->dkim_results[i].domain);
		if (r->dkim_results[i].selector.n > 0)
			buf_append_text(&line, ", selector ");
		buf_append(&line, r->dkim_results[i].selector);
		buf_append_text(&line, ": ");
		buf_append(&line, r->dkim_results[i].result.text);
		buf_append_text(&line, signature_word(author, &r->dkim_results[i]));
		print_line(p, &line, FIELD_INDENT, REST_INDENT);
	}
	if (r->spf_count == 0)
		output_printf(p->out, "%*sSPF: nothing told\n", FIELD_INDENT, "");
	if (r->dkim_count == 0)
		output_printf(p->out, "%*sDKIM: no signature listed\n", FIELD_INDENT, "");
}

static struct slice or_none(struct slice text)
{
	return text.n > 0 ? text : SLICE("nothing");
}

static void print_claims(const struct page *p, const struct judged *judged)
{
	const struct record *r = &judged->stream.record;
	SCOPED(buf) struct buf line = { 0 };

	buf_printf(&line, "DMARC: %s, by these. The reporter says DKIM ",
		   judged->judgement.dmarc_pass ? "pass" : "fail");
	buf_append(&line, or_none(r->dkim.text));
	buf_append_text(&line, ", SPF ");
	buf_append(&line, or_none(r->spf.text));
	buf_append_text(&line, "; disposition ");
	buf_append(&line, or_none(r->disposition.text));
	print_line(p, &line, FIELD_INDENT, REST_INDENT);
}

/* "For example, 12 messages of 2026-11-18 from 192.0.2.1 (a.example.com), told by google.com" */
static void append_example(struct buf *line, const struct explain_kind *k)
{
	const struct stream_seen *seen = &k->first->seen;
	bool single = !slice_is_absent(k->example_day);

	buf_append_text(line, "For example, ");
	append_messages(line, single ? k->example_count : k->first->stream.record.count);
	buf_append_byte(line, ' ');
	if (single) {
		buf_append_text(line, "of ");
		buf_append(line, k->example_day);
		buf_append_text(line, " from ");
		buf_append(line,
			   k->example_address.n > 0 ? k->example_address : SLICE("no address"));
	} else {
		append_span(line, seen->first_day, seen->last_day);
	}
	if (k->example_host.n > 0)
		buf_printf(line, " (%.*s)", SLICE_ARG(k->example_host));
	buf_append_text(line, ", told by ");
	text_append_harmless(line, single ? k->example_reporter : seen->reporter, NAME_BYTES);
}

static void print_example(const struct page *p, const struct explain_kind *k)
{
	const struct judged *judged = k->first;
	const struct record *r = &judged->stream.record;
	const struct author author =
		author_of(p->x->judge->domains, NULL, judged->evidence.policy, r->header_from);
	SCOPED(buf) struct buf line = { 0 };

	append_example(&line, k);
	buf_append_byte(&line, ':');
	print_line(p, &line, INDENT, FIELD_INDENT);
	buf_append_text(&line, "From: ");
	buf_append(&line, or_none(r->header_from));
	print_line(p, &line, FIELD_INDENT, REST_INDENT);
	print_results(p, r, &author);
	print_claims(p, judged);
}

static void print_outlook(const struct page *p, const struct outlook *outlook)
{
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < outlook->count; i++) {
		if (i == 0)
			output_printf(p->out, "%*sWhat the next reports will show:\n", INDENT, "");
		buf_append(&line, outlook->lines[i]);
		print_line(p, &line, FIELD_INDENT, REST_INDENT);
	}
}

static void print_kind(const struct page *p, const struct explain_kind *k, size_t number)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_printf(&line, "\n%zu. ", number);
	output_write(p->out, buf_slice(&line));

	unsigned column = (unsigned)line.n - 1;

	buf_clear(&line);
	append_kind(&line, p->x, k);
	wrap_continue(p->out, buf_slice(&line), column, INDENT, p->width);
	print_example(p, k);
	remedy_print(&k->group->remedy, p->width, p->out);
	print_outlook(p, &k->outlook);
}

static void print_kinds(const struct page *p)
{
	const struct explanation *x = p->x;
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < x->kind_count && i < KINDS_WHOLE; i++)
		print_kind(p, &x->kinds[i], i + 1);
	if (x->kind_count > KINDS_WHOLE)
		output_text(p->out, "\nAnd, all of it with --format json:\n");
	for (size_t i = KINDS_WHOLE; i < x->kind_count; i++) {
		append_kind(&line, x, &x->kinds[i]);
		print_line(p, &line, INDENT, FIELD_INDENT);
	}
	if (x->tally.groups.ungrouped == 0)
		return;
	buf_append_text(&line, "Not told apart, since there are too many kinds of it: ");
	append_messages(&line, x->tally.groups.ungrouped);
	print_line(p, &line, 0, 0);
}

/* --- all of it ----------------------------------------------------------------------------------- */

static bool has_resellers(const struct explanation *x)
{
	size_t next = 0;

	return x->target->sender &&
		catalogue_reseller(x->judge->catalogue, x->target->sender, &next) != NULL;
}

/* Where several services look alike, how to tell one's own. */
static void print_naming_hint(const struct page *p)
{
	SCOPED(buf) struct buf line = { 0 };

	if (!has_resellers(p->x) || p->x->messages == 0)
		return;
	output_text(p->out, "\n");
	buf_append_text(&line,
			"Others send through it, and look the same. Once you know whose a kind "
			"of this mail is, say so by what only that shows: ruamill senders add "
			"NAME --mailfrom HOST, --selector SELECTOR or --ip ADDRESS.");
	print_line(p, &line, 0, 0);
}

void explain_print_text(const struct explanation *x, unsigned width, struct output *out)
{
	const struct page p = { x, width, out };

	print_title(&p);
	if (x->target->kind == TARGET_ADDRESS) {
		print_host(&p);
		print_domains(&p);
		print_looked(&p);
	}
	if (x->messages == 0) {
		if (x->target->kind != TARGET_ADDRESS)
			print_nothing(&p);
		return;
	}
	print_totals(&p);
	print_evidence(&p);
	print_reporters(&p);
	print_addresses(&p);
	print_kinds(&p);
	print_naming_hint(&p);
}
