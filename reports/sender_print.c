/* SPDX-License-Identifier: MIT */
#include "reports/sender_print.h"

#include "base/json.h"
#include "reports/finding.h"
#include "reports/judgement_json.h"
#include "reports/wording.h"
#include "reports/wrap.h"

#include "base/banned.h"

/* --- the list ---------------------------------------------------------------------------------- */

static const struct column columns[] = {
	{ .name = "name", .title = "NAME" },
	{ .name = "id", .title = "ID" },
	{ .name = "kind", .title = "KIND" },
	{ .name = "status", .title = "KNOWN" },
	{ .name = "spf_possible", .title = "SPF ALIGNS" },
	{ .name = "runs_on" },
};

static void append_runs_on(struct buf *line, const struct sender *s)
{
	for (size_t i = 0; i < s->runs_on_count; i++)
		buf_printf(line, "%s%.*s", i > 0 ? " " : "", SLICE_ARG(s->runs_on[i]->id));
}

bool senders_answer(const struct catalogue *catalogue, struct arena *arena,
		    struct answer *answer_out)
{
	size_t count = catalogue_count(catalogue);
	struct cell *cells = arena_alloc(arena, (count * COUNT_OF(columns) + 1) * sizeof(*cells));
	struct slice *headline = arena_alloc(arena, sizeof(*headline));

	for (size_t i = 0; cells && i < count; i++) {
		const struct sender *s = catalogue_at(catalogue, i);
		struct cell *row = cells + i * COUNT_OF(columns);
		SCOPED(buf) struct buf runs_on = { 0 };

		append_runs_on(&runs_on, s);
		row[0] = (struct cell){ .text = s->name };
		row[1] = (struct cell){ .text = s->id };
		row[2] = (struct cell){ .text = slice_from(sender_kind_text(s->kind)) };
		row[3] = (struct cell){ .text = slice_from(sender_status_text(s->status)) };
		row[4] = (struct cell){ .text = slice_from(spf_possible_text(s->spf_possible)) };
		row[5] = (struct cell){ .text = SLICE_ABSENT };
		if (!arena_copy(arena, buf_slice(&runs_on), &row[5].text))
			return false;
	}
	if (!headline)
		return false;
	*headline = SLICE("What ruamill knows; 'ruamill senders show ID' tells all about one.");
	*answer_out = (struct answer){
		.question = "catalogue",
		.headline = headline,
		.headline_count = 1,
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.cells = cells,
		.row_count = count,
	};
	return cells != NULL;
}

/* --- one of them ------------------------------------------------------------------------------- */

/* Of the advice on one sender, filled in. */
enum { ADVICE_BYTES = 1 << 20 };

struct filled {
	struct slice mailfrom, signature;
	struct remedy_line lines[SENDER_ADVICE_MAX + 4];
	size_t count;
};

/* Words in capitals for what the domain at hand would fill in. */
static struct wording wording_of(const struct sender *s, struct arena *arena)
{
	struct wording w = { .arena = arena };

	w.values[PLACEHOLDER_FROM] = SLICE("DOMAIN");
	w.values[PLACEHOLDER_DASHED] = SLICE("DOMAIN-DASHED");
	w.values[PLACEHOLDER_ORG] = SLICE("DOMAIN");
	w.values[PLACEHOLDER_SPF_DOMAIN] = SLICE("DOMAIN");
	w.values[PLACEHOLDER_MAILFROM] = SLICE("bounce.DOMAIN");
	w.values[PLACEHOLDER_REGION] = SLICE("REGION");
	w.values[PLACEHOLDER_SERVICE] = s->name;
	return w;
}

static bool fill_line(struct filled *f, const struct wording *w, enum remedy_part part,
		      enum remedy_kind kind, struct slice template)
{
	struct remedy_line *line = &f->lines[f->count];

	if (slice_is_absent(template))
		return true;
	*line = (struct remedy_line){ .part = part, .kind = kind };
	f->count++;
	return wording_fill(w, template, &line->text);
}

/* As a zone file takes it: with a dot behind the name. */
static bool fill_record(struct filled *f, const struct wording *w, enum remedy_part part,
			enum remedy_kind kind, struct slice template)
{
	size_t name = slice_find(template, ' ');
	SCOPED(buf) struct buf rooted = { 0 };

	buf_append(&rooted, slice_prefix(template, name));
	buf_append_byte(&rooted, '.');
	buf_append(&rooted, slice_from_offset(template, name));
	return fill_line(f, w, part, kind, buf_slice(&rooted));
}

static bool fill_leg(const struct sender *s, enum leg leg, const struct wording *w,
		     struct filled *f)
{
	static const enum remedy_kind kinds[advice_kind_count] = {
		[ADVICE_TEXT] = REMEDY_TEXT,
		[ADVICE_RECORD] = REMEDY_RECORD,
		[ADVICE_GATE] = REMEDY_GATE,
		[ADVICE_WHERE] = REMEDY_NOTE,
	};
	enum remedy_part part = leg == LEG_SPF ? REMEDY_SPF : REMEDY_DKIM;

	for (size_t i = 0; i < s->advice_count; i++) {
		const struct advice *a = &s->advice[i];

		bool record = a->kind == ADVICE_RECORD || a->kind == ADVICE_GATE;

		if (a->leg == leg &&
		    !(record ? fill_record : fill_line)(f, w, part, kinds[a->kind], a->text))
			return false;
	}
	return true;
}

static bool fill_default(const struct wording *w, struct slice template, struct slice *text_out)
{
	*text_out = SLICE_ABSENT;
	return slice_is_absent(template) || wording_fill(w, template, text_out);
}

static bool fill(const struct sender *s, struct arena *arena, struct filled *f)
{
	struct wording w = wording_of(s, arena);

	f->count = 0;
	return fill_default(&w, s->mailfrom, &f->mailfrom) &&
		fill_default(&w, s->signature, &f->signature) && fill_leg(s, LEG_DKIM, &w, f) &&
		fill_leg(s, LEG_SPF, &w, f) &&
		fill_line(f, &w, REMEDY_SPF, REMEDY_NOTE, s->spf_cost) &&
		fill_line(f, &w, REMEDY_GENERAL, REMEDY_NOTE, s->note) &&
		fill_line(f, &w, REMEDY_GENERAL, REMEDY_NOTE, s->note_for);
}

static bool advice_is_too_long(struct err *e)
{
	return err_set(e, ERR_LIMIT, "its advice is too long");
}

/* --- as JSON ----------------------------------------------------------------------------------- */

static void put_names(struct json *j, const struct sender *s, enum name_use use)
{
	json_key(j, name_use_text(use));
	json_array_begin(j);
	for (const struct sender_name *n = s->names; n; n = n->next) {
		if (n->use == use)
			json_string(j, n->suffix);
	}
	json_array_end(j);
}

/* Its ranges, one a call from *next on, appended to the text; false when there are no more. */
static bool next_range(const struct catalogue *c, const struct sender *s, size_t *next,
		       const struct sender_range **range_out, struct buf *text)
{
	size_t count;
	const struct sender_range *ranges = catalogue_ranges(c, &count);

	while (*next < count) {
		const struct sender_range *range = &ranges[(*next)++];

		if (range->sender != s)
			continue;
		*range_out = range;
		network_append(text, &range->network);
		return true;
	}
	return false;
}

static void put_ranges(struct json *j, const struct catalogue *c, const struct sender *s)
{
	const struct sender_range *range;
	SCOPED(buf) struct buf text = { 0 };
	size_t next = 0;

	json_key(j, "net");
	json_array_begin(j);
	for (; next_range(c, s, &next, &range, &text); buf_clear(&text)) {
		json_object_begin(j);
		json_string_at(j, "network", buf_slice(&text));
		json_string_at(j, "seen", range->seen);
		json_object_end(j);
	}
	json_array_end(j);
}

static struct slice selector_domain(const struct selector_rule *rule)
{
	return slice_is_absent(rule->domain) ? SLICE("customer") : rule->domain;
}

static const char *selector_weight(const struct selector_rule *rule)
{
	return rule->unique ? "unique" : "weak";
}

static void put_selectors(struct json *j, const struct sender *s)
{
	json_key(j, "selectors");
	json_array_begin(j);
	for (size_t i = 0; i < s->selector_count; i++) {
		json_object_begin(j);
		json_string_at(j, "domain", selector_domain(&s->selectors[i]));
		json_string_at(j, "weight", slice_from(selector_weight(&s->selectors[i])));
		json_string_at(j, "pattern", s->selectors[i].text);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_sender(struct json *j, const struct catalogue *c, const struct sender *s,
		       const struct filled *filled)
{
	struct slice runs_on[SENDER_RUNS_ON_MAX];

	for (size_t i = 0; i < s->runs_on_count; i++)
		runs_on[i] = s->runs_on[i]->id;
	json_string_at(j, "id", s->id);
	json_string_at(j, "name", s->name);
	json_string_at(j, "kind", slice_from(sender_kind_text(s->kind)));
	json_string_at(j, "status", slice_from(sender_status_text(s->status)));
	json_string_at(j, "status_note", s->weaker);
	for (int use = 0; use < name_use_count; use++)
		put_names(j, s, (enum name_use)use);
	put_selectors(j, s);
	put_ranges(j, c, s);
	strings_put(j, "runs_on", runs_on, s->runs_on_count);
	json_string_at(j, "default_mailfrom", filled->mailfrom);
	json_string_at(j, "default_signature", filled->signature);
	json_string_at(j, "spf_possible", slice_from(spf_possible_text(s->spf_possible)));
}

bool sender_print_json(const struct catalogue *catalogue, const struct sender *sender,
		       struct output *out, struct err *e)
{
	SCOPED(buf) struct buf text = { 0 };
	struct json j = json_into(&text);
	struct filled filled;
	struct arena arena;

	arena_init(&arena, ADVICE_BYTES);

	bool ok = fill(sender, &arena, &filled);
	const struct remedy advice = { filled.lines, filled.count, false };

	if (ok) {
		json_object_begin(&j);
		put_sender(&j, catalogue, sender, &filled);
		remedies_put(&j, &advice);
		json_object_end(&j);
		buf_append_byte(&text, '\n');
		output_write(out, buf_slice(&text));
	}
	arena_release(&arena);
	return ok || advice_is_too_long(e);
}

/* --- for people -------------------------------------------------------------------------------- */

enum { FIELD_INDENT = 4 };

static const char *status_in_words(enum sender_status status)
{
	switch (status) {
	case SENDER_STATED:
		return "stated by its own pages";
	case SENDER_SEEN:
		return "seen in public documentation or in real mail";
	case SENDER_HEARSAY:
		return "by hearsay: its console has the last word, and no record is printed";
	}
	return "";
}

static const char *spf_possible_in_words(enum spf_possible possible)
{
	switch (possible) {
	case SPF_POSSIBLE_YES:
		return "yes";
	case SPF_POSSIBLE_RELAXED:
		return "yes, in relaxed mode";
	case SPF_POSSIBLE_COSTLY:
		return "yes, at a price";
	case SPF_POSSIBLE_PLAN:
		return "on some plans, or by a support case";
	case SPF_POSSIBLE_DEDICATED_IP:
		return "with an address of your own only";
	case SPF_POSSIBLE_NO:
		return "no";
	case SPF_POSSIBLE_UNKNOWN:
		return "not known";
	case SPF_POSSIBLE_NONE:
		return "no: it passes on other people's mail";
	}
	return "";
}

struct page {
	struct output *out;
	unsigned width;
};

/* Nothing where the text is empty. */
static void print_field(const struct page *page, const char *name, struct slice text)
{
	SCOPED(buf) struct buf line = { 0 };

	if (text.n == 0)
		return;
	buf_printf(&line, "%s: ", name);
	buf_append(&line, text);
	wrap_print(page->out, buf_slice(&line), 0, FIELD_INDENT, page->width);
}

static void print_names(const struct page *page, const struct sender *s)
{
	static const char *const titles[name_use_count] = {
		[NAME_SPF] = "An SPF pass under",
		[NAME_DKIM] = "A signature that passes, under",
		[NAME_HELO] = "A HELO name under",
		[NAME_PTR] = "A confirmed host name under",
	};

	for (int use = 0; use < name_use_count; use++) {
		SCOPED(buf) struct buf list = { 0 };

		for (const struct sender_name *n = s->names; n; n = n->next) {
			if (n->use == (enum name_use)use)
				buf_printf(&list, "%s%.*s", list.n > 0 ? ", " : "",
					   SLICE_ARG(n->suffix));
		}
		print_field(page, titles[use], buf_slice(&list));
	}
}

static void print_selectors(const struct page *page, const struct sender *s)
{
	for (size_t i = 0; i < s->selector_count; i++) {
		const struct selector_rule *rule = &s->selectors[i];
		SCOPED(buf) struct buf line = { 0 };

		buf_printf(&line, "%.*s on %s", SLICE_ARG(rule->text),
			   slice_is_absent(rule->domain) ? "a customer's domain" : "");
		buf_append(&line, rule->domain);
		buf_append_text(&line,
				rule->unique ? ", which names it"
					     : ", which others have too: proves nothing");
		print_field(page, "Selector", buf_slice(&line));
	}
}

static void print_ranges(const struct page *page, const struct catalogue *c, const struct sender *s)
{
	const struct sender_range *range = NULL;
	SCOPED(buf) struct buf list = { 0 };
	size_t next = 0;

	while (next_range(c, s, &next, &range, &list))
		buf_append_text(&list, ", ");
	if (range)
		buf_printf(&list, "as seen in %.*s", SLICE_ARG(range->seen));
	print_field(page, "Addresses", buf_slice(&list));
}

static void print_runs_on(const struct page *page, const struct sender *s)
{
	SCOPED(buf) struct buf list = { 0 };

	for (size_t i = 0; i < s->runs_on_count; i++) {
		buf_append_text(&list, i > 0 ? ", " : "");
		buf_append(&list, s->runs_on[i]->name);
	}
	print_field(page, "Sends through", buf_slice(&list));
}

static void print_resellers(const struct page *page, const struct catalogue *c,
			    const struct sender *s)
{
	const struct sender *reseller;
	SCOPED(buf) struct buf list = { 0 };
	size_t next = 0;

	while ((reseller = catalogue_reseller(c, s, &next))) {
		buf_append_text(&list, list.n > 0 ? ", " : "");
		buf_append(&list, reseller->name);
	}
	print_field(page, "May be taken for it", buf_slice(&list));
}

static void print_head(const struct page *page, const struct catalogue *c, const struct sender *s,
		       const struct filled *filled)
{
	SCOPED(buf) struct buf line = { 0 };

	buf_append(&line, s->name);
	buf_printf(&line, " (%.*s), %s", SLICE_ARG(s->id), sender_kind_text(s->kind));
	wrap_print(page->out, buf_slice(&line), 0, FIELD_INDENT, page->width);
	buf_clear(&line);
	buf_append_text(&line, status_in_words(s->status));
	if (s->weaker.n > 0) {
		buf_append_text(&line, ": ");
		buf_append(&line, s->weaker);
	}
	print_field(page, "How well it is known", buf_slice(&line));
	print_names(page, s);
	print_selectors(page, s);
	print_ranges(page, c, s);
	print_runs_on(page, s);
	print_resellers(page, c, s);
	print_field(page, "Envelope when nothing is set up", filled->mailfrom);
	print_field(page, "Signature then", filled->signature);
	print_field(page, "Can SPF align", slice_from(spf_possible_in_words(s->spf_possible)));
}

bool sender_print_text(const struct catalogue *catalogue, const struct sender *sender,
		       unsigned width, struct output *out, struct err *e)
{
	const struct page page = { out, width };
	struct filled filled;
	struct arena arena;

	arena_init(&arena, ADVICE_BYTES);

	bool ok = fill(sender, &arena, &filled);
	const struct remedy advice = { filled.lines, filled.count, false };

	if (ok) {
		print_head(&page, catalogue, sender, &filled);
		output_text(out, "\n");
		remedy_print(&advice, width, out);
	}
	arena_release(&arena);
	return ok || advice_is_too_long(e);
}
